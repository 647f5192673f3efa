"""Claims: what is wrong with one that does not hold, and what would hold instead.

Floor 4.  It works on two surface expressions, the correct and the claimed one, and on the numbers
that `proof` evaluates them to; it knows no rule of the calculus.
"""
