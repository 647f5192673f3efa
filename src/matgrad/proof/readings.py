"""What it means that a derivative is read on a structure, to check one against the free one.

Floor 4.  Written without a look at how readings are made (`catalogue.structures`).  For every K,
`direction` is tangent to the structure at X, and `normal` orthogonal to all that are.  An answer A
is right when its pairing with `image`, made of the direction E, is the free derivative along E,
and when it is orthogonal to the normal.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.catalogue.properties import closure
from matgrad.catalogue.structure import einsum
from matgrad.core.dims import Dim
from matgrad.core.errors import NoRule
from matgrad.core.expr import Expr, make, symbol
from matgrad.core.signature import at_operands
from matgrad.notation.read import read_expression


@final
class Space(NamedTuple):
    """The directions of a structure in X and a matrix K of X's shape, and those normal to it."""

    direction: str
    normal: str


_COUNTS = "diagsums(ones(n, n))"
_SPACES: dict[tuple[str, int], Space] = {
    ("diagonal toeplitz", 2): Space("tr(K)*eye(n)", "K - tr(K)/n*eye(n)"),
    ("symmetric toeplitz", 2): Space("diagsums(K + K')", f"K - K' + K.*{_COUNTS} - diagsums(K)"),
    ("skew toeplitz", 2): Space("diagsums(K - K')", f"K + K' + K.*{_COUNTS} - diagsums(K)"),
    ("lower toeplitz", 2): Space("tril(diagsums(K))", f"triu(K, 1) + K.*{_COUNTS} - diagsums(K)"),
    ("upper toeplitz", 2): Space("triu(diagsums(K))", f"tril(K, -1) + K.*{_COUNTS} - diagsums(K)"),
    ("toeplitz", 2): Space("diagsums(K)", f"K.*{_COUNTS} - diagsums(K)"),
    ("diagonal", 2): Space("diag(diagvec(K))", "K - diag(diagvec(K))"),
    ("symmetric hollow", 2): Space("K + K' - 2*diag(diagvec(K))", "K - K' + diag(diagvec(K))"),
    ("correlation", 2): Space("K + K' - 2*diag(diagvec(K))", "K - K' + diag(diagvec(K))"),
    ("symmetric", 2): Space("K + K'", "K - K'"),
    ("pd", 2): Space("K + K'", "K - K'"),
    ("skew", 2): Space("K - K'", "K + K'"),
    ("hollow", 2): Space("K - diag(diagvec(K))", "diag(diagvec(K))"),
    ("lower unit_diagonal", 2): Space("tril(K, -1)", "triu(K)"),
    ("upper unit_diagonal", 2): Space("triu(K, 1)", "tril(K)"),
    ("unit_diagonal", 2): Space("K - diag(diagvec(K))", "diag(diagvec(K))"),
    ("lower", 2): Space("tril(K)", "triu(K, 1)"),
    ("upper", 2): Space("triu(K)", "tril(K, -1)"),
    # Rotations move the columns; symmetric combinations of them change lengths and angles.
    ("orthonormal", 2): Space("(K*X' - X*K')*X", "X*(X'*K + K'*X)"),
    ("orthogonal", 2): Space("(K*X' - X*K')*X", "X*(X'*K + K'*X)"),
    ("unit", 1): Space("(K*X' - X*K')*X", "(K'*K)*X"),
    ("unit", 2): Space("sum(X.*X)*K - sum(X.*K)*X", "sum(K)*X"),
    ("simplex", 1): Space("K - sum(K)/n*ones(n)", "sum(K)*ones(n)"),
    ("centered", 1): Space("K - sum(K)/n*ones(n)", "sum(K)*ones(n)"),
    ("centered", 2): Space("K - ones(m)*(ones(m)'*K)/m", "ones(m)*(ones(m)'*K)"),
    ("row_stochastic", 2): Space("K - (K*ones(n))*ones(n)'/n", "(K*ones(n))*ones(n)'"),
    ("column_stochastic", 2): Space("K - ones(m)*(ones(m)'*K)/m", "ones(m)*(ones(m)'*K)"),
}
# What the answer is paired with: for a metric, its matrix applied to E; by entries, E at one place
# of every independent entry.
_IMAGES = {
    "embedded": "E",
    "canonical": "E - X*(X'*E)/2",
    "affine-invariant": "inv(X)*E*inv(X)",
}
_COLUMN, _ROW = "(E*unit(1, n))*unit(1, n)'", "unit(1, n)*(unit(1, n)'*E)"
_ONCE = {
    "diagonal toeplitz": _COLUMN,
    "symmetric toeplitz": _COLUMN,
    "skew toeplitz": _COLUMN,
    "lower toeplitz": _COLUMN,
    "upper toeplitz": _ROW,
    "toeplitz": f"{_COLUMN} + {_ROW} - E[1,1]*unit(1, n)*unit(1, n)'",
    "symmetric": "tril(E)",
    "skew": "tril(E)",
}


def directions(variable: Expr, properties: str, name: str) -> tuple[Expr, Expr]:
    """A direction of a structure and a normal one at `variable`, for a K called `name`.

    Raises NoRule for a structure that has no row here.
    """
    space = _SPACES.get((properties, variable.order))
    if space is None:
        raise NoRule(f"there is nothing to check a structure that is {properties} against")
    free = symbol(name, variable.shape)
    return _at(space.direction, variable, free), _at(space.normal, variable, free)


def image(variable: Expr, direction: Expr, metric: str, properties: str, reading: str) -> Expr:
    """What an answer's pairing with is the derivative along a direction."""
    text = _IMAGES[metric]
    if reading == "entries":
        held = closure(frozenset(properties.split()))
        text = next((once for names, once in _ONCE.items() if held.issuperset(names.split())), "E")
    return _at(text, variable, direction, "E")


def paired(tensor: Expr, direction: Expr, first: bool = False) -> Expr:
    """A tensor's last axes (or first) summed against a direction."""
    letters = "abcdefghijklmnop"[: tensor.order]
    cut = direction.order
    moved, rest = (letters[:cut], letters[cut:]) if first else (letters[-cut:], letters[:-cut])
    shape = tensor.shape[cut:] if first else tensor.shape[: tensor.order - cut]
    return make(einsum, (tensor, direction), f"{letters},{moved}->{rest}", shape)


def _at(text: str, variable: Expr, other: Expr, name: str = "K") -> Expr:
    """A text at a variable X and another array of its shape."""
    shape = tuple(Dim(size) for size in ("m", "n")[2 - variable.order :])
    if len(shape) == 2 and variable.shape[0] == variable.shape[1]:
        shape = (Dim("n"), Dim("n"))
    slots = (symbol("X", shape), symbol(name, shape))
    template = read_expression(text, {"X": slots[0], name: slots[1]})
    return at_operands(template, slots, (variable, other))
