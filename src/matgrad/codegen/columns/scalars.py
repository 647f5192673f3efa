"""Functions of plain numbers, and what values are called.

Floor 4, data only.
"""

# The column of plain Python: numbers that no argument has a part in.
MATH = {
    name: f"math.{name}({{0}})"
    for name in (
        "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh"
        " atanh erf erfc lgamma gamma cbrt floor ceil"
    ).split()
}

# The letters for values of some instructions; all others are t.
LETTERS = {
    "lu": "lu",
    "chol_factor": "chol",
    "exp": "e",
    "sigmoid": "s",
    "softmax": "p",
    "softmax1": "P",
    "tanh": "h",
}
