"""Triangles: the structural matrix that keeps the entries up to a diagonal.

Floor 3.  MASK[i, j] with data k is one where j - i <= k and zero elsewhere; tril and triu
multiply by it.  A power of it is itself, two on the same labels are the smaller one, two that
face each other leave a band, and on the diagonal it is one or zero.
"""

from __future__ import annotations

from functools import cache

from matgrad.catalogue.properties import closure
from matgrad.catalogue.structure import ones
from matgrad.catalogue.triangles import tril, triu
from matgrad.core.dims import Size
from matgrad.core.expr import SYMBOL, Expr, Op, make
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import Change, Factors

MASK = Op("mask", "structural", "")
_TRIANGULAR = frozenset({"lower", "upper"})


def mask_node(offset: int, rows: Size, columns: Size) -> Expr:
    """The mask of the entries on and below a diagonal."""
    return make(MASK, (), offset, (rows, columns))


def complement(mask: Factor) -> Factor:
    """The mask of the entries that a mask leaves out."""
    node, row, power = mask
    return mask_node(-node.data - 1, *node.shape[::-1]), row[::-1], power


def may_be_triangular(node: Expr) -> bool:
    """Whether a matrix is declared triangular, or its operator has triangular values."""
    if node.op is SYMBOL:
        return not _TRIANGULAR.isdisjoint(closure(node.data[1]))
    return node.order == 2 and _gives_triangles(node.op)


@cache
def _gives_triangles(op: Op) -> bool:
    return any(cell.partition(" ")[0] in _TRIANGULAR for cell in op.gives)


def restrict(factors: Factors) -> Change | None:
    """One law of MASK that applies, or None."""
    masks = [key for key in factors if key[0].op is MASK]
    at: dict[Labels, tuple[Expr, Labels]] = {}
    for key in masks:
        node, (row, column) = key
        if factors[key] > 0 and factors[key] != 1:
            return Change([key], [], [(node, key[1], 1)], [])
        if factors[key] != 1:
            continue
        if row == column:
            return Change([key], [], [], [], 1 if node.data >= 0 else 0)
        same, facing = at.get((row, column)), at.get((column, row))
        if same is not None:
            return Change([max(key, same, key=lambda mask: mask[0].data)], [], [], [])
        if facing is not None and node.data + facing[0].data <= 0:
            if node.data + facing[0].data < 0:
                return Change([], [], [], [], 0)
            if node.data == 0 and node.shape[0] == node.shape[1]:
                return Change([key, facing], [(row, column)], [], [])
        at[row, column] = key
    return None


def triangle(node: Expr) -> Expr:
    """A mask as users write it."""
    return make(tril, (make(ones, (), None, node.shape),), node.data or None, node.shape)


def turned_triangle(node: Expr) -> Expr:
    """The transpose of a mask as users write it."""
    shape = node.shape[::-1]
    return make(triu, (make(ones, (), None, shape),), -node.data or None, shape)


def masked(left: Expr, right: Expr) -> Expr | None:
    """The Hadamard product of two matrices of which one is a mask."""
    for mask, other in ((left, right), (right, left)):
        if mask.op in (tril, triu) and mask.args[0].op is ones and other.order == 2:
            return make(mask.op, (other,), mask.data, other.shape)
    return None
