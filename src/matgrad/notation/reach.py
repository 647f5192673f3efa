"""How far the index of a sum reaches: no position beyond the axis it is on.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Collection

from matgrad.core.dims import Dim, Shape, Size, coefficients, is_nonnegative, names_of, substitute
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import Expr, walk
from matgrad.notation.bound import sums_under

# What must not be negative, and what it would mean.
_Demands = dict[Size, str]


def check_positions(*roots: Expr) -> None:
    """Raise ShapeProblem where it does not follow that a position at the index of a sum is one."""
    for root in roots:
        bound = {node.data[0] for node in sums_under(root)}
        if bound:
            _check(root, bound)


def _check(root: Expr, bound: Collection[str]) -> None:
    found: dict[Expr, _Demands] = {}
    for node in walk(root):
        demands: _Demands = {}
        for arg in node.args:
            demands |= found[arg]
        found[node] = _within(node, demands) if node.op.weights == "index sum" else demands
        found[node] |= _own(node, bound)
    for demand, meaning in found[root].items():
        if not is_nonnegative(demand):
            raise ShapeProblem(
                f"a position is not known to be on its axis: {meaning}",
                hint="give the sum other bounds, or declare how many there are",
            )


def _own(node: Expr, bound: Collection[str]) -> _Demands:
    """What a node's own positions at the indices of sums ask for."""
    positions = node.data if isinstance(node.data, tuple) else (node.data,)
    lengths: Shape = (1,) * len(positions)
    match node.op.weights:
        case "entry":
            sizes = node.args[0].shape
        case "component":
            sizes = node.args[0].shape[node.order :]
        case "index":
            sizes = node.shape
        case "part":
            sizes = node.args[0].shape
            lengths = node.shape
        case _:
            return {}
    found: _Demands = {}
    for position, length, size in zip(positions, lengths, sizes, strict=False):
        if isinstance(position, Dim) and not position.names.isdisjoint(bound):
            found[position] = f"{position + 1} >= 1"
            found[size - length - position] = f"{position + length} <= {size}"
    return found


def _within(node: Expr, demands: _Demands) -> _Demands:
    """Demands inside a sum at the value of its index where they are hardest to meet."""
    index, first, last = node.data
    found: _Demands = {}
    for demand, place in demands.items():
        if index in names_of(demand):
            step = coefficients(demand, index).get(1, 0)
            demand = substitute(demand, {index: first if is_nonnegative(step) else last})
        found[demand] = place
    return found
