"""Reading LaTeX: text -> pieces -> atoms -> tokens of the grammar that the matrix language has.

Floor 2.  `pieces` cuts the text, `atoms` builds TeX's own structure (a nucleus with its scripts,
fractions, fences), `survey` learns how each letter is used, `writer` and its helpers say what it
all means, in tokens at their places in the LaTeX text.  Everything after that is shared.
"""
