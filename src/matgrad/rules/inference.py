"""What sums and products have by what their parts have: rows of the table of inference.

Floor 3, data only.  `normal.inference` finds the form of a row's left side in a normal expression.
What an operator gives stands in its record; what sums, multiples and transposes keep stands in the
record of the property.
"""

from __future__ import annotations

from typing import NamedTuple, final


@final
class Inference(NamedTuple):
    """Where the operands are as `given` says, `left` has the property `gives`."""

    name: str
    left: str
    given: str
    gives: str
    cite: str


_HJ = "Horn & Johnson 2013, Matrix Analysis"
_HJ2 = "Horn & Johnson 1991, Topics in Matrix Analysis"
_DEF = "definition"

# What a product of two has when both have it.
_CLOSED = (
    ("lower", "n n", "n n", f"{_HJ}, sec. 0.9"),
    ("upper", "n n", "n n", f"{_HJ}, sec. 0.9"),
    ("diagonal", "n n", "n n", f"{_HJ}, sec. 0.9"),
    ("orthogonal", "n n", "n n", f"{_HJ}, sec. 2.1"),
    ("invertible", "n n", "n n", f"{_HJ}, sec. 0.5"),
    ("permutation", "n n", "n n", f"{_HJ}, sec. 0.9"),
    ("orthonormal", "m n", "n p", f"{_HJ}, sec. 2.1"),
    ("full_column_rank", "m n", "n p", f"{_HJ}, sec. 0.4"),
    ("full_row_rank", "m n", "n p", f"{_HJ}, sec. 0.4"),
    ("row_stochastic", "m n", "n p", f"{_HJ}, sec. 8.7"),
    ("column_stochastic", "m n", "n p", f"{_HJ}, sec. 8.7"),
    ("onehot_rows", "m n", "n p", _DEF),
)
_PRODUCTS = tuple(
    Inference(
        f"product-of-{name}".replace("_", "-"), "A*B", f"A: {a} {name}; B: {b} {name}", name, c
    )
    for name, a, b, c in _CLOSED
)
# What a Kronecker product has when both factors have it.
_KRONECKER = tuple(
    Inference(
        f"kronecker-of-{name}".replace("_", "-"),
        "kron(A, B)",
        f"A: {'m n' if rectangular else 'm m'} {name}; B: {'p q' if rectangular else 'p p'} {name}",
        name,
        f"{_HJ2}, sec. 4.2",
    )
    for name, rectangular in (
        ("psd", False),
        ("pd", False),
        ("orthogonal", False),
        ("diagonal", False),
        ("lower", False),
        ("upper", False),
        ("invertible", False),
        ("idempotent", False),
        ("involutory", False),
        ("permutation", False),
        ("orthonormal", True),
        ("full_column_rank", True),
        ("full_row_rank", True),
        ("row_stochastic", True),
        ("column_stochastic", True),
    )
)
# What a multiple by such a number has when the matrix has it.
_MULTIPLES = tuple(
    Inference(
        f"{number}-multiple-of-{name}".replace("_", "-"),
        "c*A",
        f"c: scalar {number}; A: n n {name}",
        name,
        _DEF,
    )
    for number, names in (
        ("positive", "pd"),
        ("nonnegative", "psd"),
        ("nonzero", "invertible full_column_rank full_row_rank full_rank nonzero"),
        ("sign", "orthogonal orthonormal involutory sign unit"),
    )
    for name in names.split()
)
INFERENCES: tuple[Inference, ...] = (
    *_PRODUCTS,
    *_KRONECKER,
    *_MULTIPLES,
    Inference("sum-of-semidefinite", "A + B", "A: n n psd; B: n n psd", "psd", f"{_HJ}, sec. 7.1"),
    Inference("sum-of-definite", "A + B", "A: n n pd; B: n n psd", "pd", f"{_HJ}, sec. 7.1"),
    Inference("product-of-semidefinite", "A.*B", "A: n n psd; B: n n psd", "psd", f"{_HJ}, 7.5.3"),
    Inference("product-of-definite", "A.*B", "A: n n pd; B: n n pd", "pd", f"{_HJ}, 7.5.3"),
    Inference("entries-kept-on-diagonal", "A.*B", "A: n n diagonal; B: n n", "diagonal", _DEF),
    Inference("entries-kept-below", "A.*B", "A: n n lower; B: n n", "lower", _DEF),
    Inference("entries-kept-above", "A.*B", "A: n n upper; B: n n", "upper", _DEF),
    Inference("entries-kept-off-diagonal", "A.*B", "A: n n hollow; B: n n", "hollow", _DEF),
    Inference("congruence", "B'*A*B", "A: m m psd; B: m n", "psd", f"{_HJ}, 7.1.8"),
    Inference(
        "definite-congruence",
        "B'*A*B",
        "A: m m pd; B: m n full_column_rank",
        "pd",
        f"{_HJ}, 7.1.8",
    ),
    Inference(
        "congruence-of-nonzero", "B'*A*B", "A: m m pd; B: m n nonzero", "nonzero", f"{_HJ}, 7.1.8"
    ),
    Inference("diagonal-matrix", "diag(x)", "x: n", "diagonal", _DEF),
    Inference("nonnegative-diagonal", "diag(x)", "x: n nonnegative", "psd", f"{_HJ}, sec. 7.1"),
    Inference("positive-diagonal", "diag(x)", "x: n positive", "pd", f"{_HJ}, sec. 7.1"),
    Inference("negative-diagonal", "diag(x)", "x: n negative", "invertible", _DEF),
    Inference("diagonal-of-signs", "diag(x)", "x: n sign", "orthogonal", _DEF),
    Inference("diagonal-of-zeros-and-ones", "diag(x)", "x: n binary", "idempotent", _DEF),
    Inference("complement", "eye(n) - A", "A: n n idempotent", "idempotent", f"{_HJ}, sec. 0.9"),
    Inference("reflection", "eye(n) - 2*A", "A: n n idempotent", "involutory", f"{_HJ}, sec. 2.1"),
    Inference(
        "trace-of-semidefinite", "tr(A*B)", "A: n n psd; B: n n psd", "nonnegative", f"{_HJ}, 7.2"
    ),
    Inference(
        "trace-of-definite", "tr(A*B)", "A: n n pd; B: n n psd nonzero", "positive", f"{_HJ}, 7.2"
    ),
    Inference("isometry", "A*x", "A: m n orthonormal; x: n unit", "unit", f"{_HJ}, sec. 2.1"),
    Inference(
        "image-of-nonzero",
        "A*x",
        "A: m n full_column_rank; x: n nonzero",
        "nonzero",
        f"{_HJ}, sec. 0.4",
    ),
    Inference(
        "image-of-distribution",
        "A*x",
        "A: m n column_stochastic; x: n simplex",
        "simplex",
        f"{_HJ}, sec. 8.7",
    ),
)
