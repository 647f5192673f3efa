"""Functions of plain numbers, what values are called, what softmaxes are divided by.

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

# What a softmax is normalised by, and where that lacks an axis that is not the first.
NORMALISERS: dict[str, tuple[str, tuple[bool, ...]]] = {
    "softmax": ("logsumexp", ()),
    "softmax0": ("logsumexp0", ()),
    "softmax1": ("logsumexp1", (True, False)),
}
