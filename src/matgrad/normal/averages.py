"""Averages: a sum over an axis, divided by its size somewhere in front, is a mean.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Collection

from matgrad.catalogue import averages, structure
from matgrad.core.dims import Dim, Size, divide, is_monomial
from matgrad.core.expr import Expr, Op, make
from matgrad.normal.gather import weights

# Each sum, its mean, and the axes of its operand that it adds up.
_MEANS = {
    structure.total: (averages.mean, slice(None)),
    structure.column_sums: (averages.column_means, slice(0, 1)),
    structure.row_sums: (averages.row_means, slice(1, 2)),
}
MEANS = frozenset(mean for mean, _ in _MEANS.values())


def averaged(expr: Expr, bottom: Size, available: Collection[Op] | None) -> tuple[Expr, Size]:
    """A product over `bottom`, with means for the sums in it whose sizes divide that, and what is
    left of it.  Means that are not `available` are not made; None allows them all."""
    while isinstance(bottom, Dim):
        found = _first(expr, bottom, available)
        if found is None:
            break
        expr, bottom = found
    return expr, bottom


def _first(root: Expr, bottom: Size, available: Collection[Op] | None) -> tuple[Expr, Size] | None:
    """The product with one mean."""
    stack: list[tuple[Expr, tuple[tuple[Expr, int], ...]]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        if node.op in _MEANS:
            mean, axes = _MEANS[node.op]
            count: Size = 1
            for size in node.args[0].shape[axes]:
                count = count * size
            left = divide(bottom, count)
            if left is not None and is_monomial(left) and (available is None or mean in available):
                changed = make(mean, node.args, None, node.shape)
                for parent, k in reversed(path):
                    args = (*parent.args[:k], changed, *parent.args[k + 1 :])
                    changed = make(parent.op, args, parent.data, parent.shape)
                return changed, left
        if node.op.kind == "contraction":
            powers = weights(node)
            places = [k for k in range(len(powers)) if powers[k] == 1]
            stack += [(node.args[k], (*path, (node, k))) for k in reversed(places)]
    return None
