"""What each sign means and how tightly it binds, a table for each dialect.

Floor 2, data only.  The NumPy dialect's signs are other spellings of the matrix language's
elementwise ones, so both dialects share one set of constructs.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.notation.tokens import Syntax

ASSIGNED, RANGE, INDEXED, COMPARISON, SUM, SUMMED, PRODUCT, NEGATION, POWER, SIGNED, PARTIAL = (
    1,
    2,
    5,
    7,
    10,
    15,
    20,
    30,
    40,
    50,
    60,
)


@final
class Infix(NamedTuple):
    """An operator between two operands: the construct it makes and its binding strength."""

    head: str
    strength: int
    rightward: bool = False


@final
class Grammar(NamedTuple):
    """The signs of one dialect.  `signed_powers`: a sign after `^` belongs to the exponent;
    `tuples`: `(A, B)` is a list; `sums`: `sum_i` stands before what is summed; `apart`: products of
    different kinds are not mixed without brackets."""

    infix: dict[str, Infix]
    prefix: dict[str, str]
    postfix: dict[str, str]
    signed_powers: bool
    tuples: bool
    sums: bool
    apart: bool = False


_COMPARISONS = {
    sign: Infix(head, COMPARISON)
    for sign, head in ((">", "greater"), (">=", "greater"), ("<", "less"), ("<=", "less"))
}

GRAMMARS: dict[Syntax, Grammar] = {
    "matrix": Grammar(
        infix={
            **_COMPARISONS,
            "+": Infix("plus", SUM),
            "-": Infix("minus", SUM),
            ".+": Infix("dotplus", SUM),
            ".-": Infix("dotminus", SUM),
            "*": Infix("times", PRODUCT),
            "/": Infix("over", PRODUCT),
            "\\": Infix("under", PRODUCT),
            ".*": Infix("dottimes", PRODUCT),
            "./": Infix("dotover", PRODUCT),
            "⊗": Infix("kron", PRODUCT),
            "=": Infix("assigned", ASSIGNED),
            "..": Infix("range", RANGE),
            "^": Infix("power", POWER),
            ".^": Infix("dotpower", POWER),
        },
        prefix={"-": "neg", "+": "plain"},
        postfix={"'": "transpose", "^H": "hermitian"},
        signed_powers=True,
        tuples=False,
        sums=True,
    ),
    "numpy": Grammar(
        infix={
            **_COMPARISONS,
            "+": Infix("dotplus", SUM),
            "-": Infix("dotminus", SUM),
            "@": Infix("matmul", PRODUCT),
            "*": Infix("dottimes", PRODUCT),
            "/": Infix("dotover", PRODUCT),
            "=": Infix("assigned", ASSIGNED),
            "**": Infix("dotpower", POWER, rightward=True),
        },
        prefix={"-": "neg", "+": "plain"},
        postfix={".T": "reverse", ".mT": "mirror", ".H": "adjoint"},
        signed_powers=False,
        tuples=True,
        sums=False,
    ),
}

# LaTeX puts factors side by side, which leaves open where a product of another kind begins.
GRAMMARS["latex"] = GRAMMARS["matrix"]._replace(
    infix={
        **GRAMMARS["matrix"].infix,
        **{sign: Infix(sign, PRODUCT) for sign in "·×∗•⊕"},
    },
    apart=True,
)
KINDS_OF_PRODUCT = {
    "times": "",
    "over": "",
    "under": "",
    "dottimes": "⊙",
    "dotover": "⊙",
    "kron": "⊗",
    "·": "",
    **{sign: sign for sign in "×∗•⊕"},
}
"""Products of one kind are read from left to right."""

CLOSERS = {"(": ")", ".(": ")", "[": "]"}
FENCES = {"|": "abs", "‖": "norm", "‖_2": "norm", "‖_F": "normF", "‖_1": "norm1"}
"""Fences and the functions they stand for."""

METHODS = frozenset(
    "clip conj dot flatten max mean min prod ravel reshape std sum swapaxes trace transpose "
    "var".split()
)
"""Functions that may stand behind their first operand: `X.sum(axis=0)`."""

_INDEX_SUM = "stands in a sum over an index only", "for instance sum(r=0..k-1, X^r)"
_COMPARISON = (
    "a comparison is no value",
    "`where(x > 0, a, b)` chooses by one; `step(x)` is 1 where x > 0, else 0",
)
MISPLACED = {
    "quoted": ("this cannot stand here", None),
    "ellipsis": ("this cannot stand here", None),
    "assigned": (f"`=` {_INDEX_SUM[0]}", _INDEX_SUM[1]),
    "range": (f"`..` {_INDEX_SUM[0]}", _INDEX_SUM[1]),
    "greater": _COMPARISON,
    "less": _COMPARISON,
}
"""Constructs that are no values by themselves: what is wrong, and a mend."""

OTHER_SIGNS = {
    "**": "the power is `^` (NumPy's spelling is another syntax: numpy)",
    ":": "the inner product of matrices is `inner(A, X)`; sizes and properties are declared apart",
}
"""Signs that stand elsewhere, and a mend."""


def hint_for(sign: str) -> str | None:
    """What to write in place of a sign that stands where it may not."""
    if sign[:1] == "." and sign[1:2].isalpha():
        return f"write {sign[1:]}(X); {', '.join(sorted(METHODS))} may stand behind X"
    return OTHER_SIGNS.get(sign)
