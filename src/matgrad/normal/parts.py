"""Selections in products: slices of what stands beside them, and blocks between zeros.

Floor 3.  A selection is a place with two axes: rows of an identity, or columns of one.  Rows of an
identity take rows of what follows, S*A = A[a:b,:]; its columns take columns of what precedes.
Where there is nothing to take from they put what is there between zeros, S'*x = [0; x; 0].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from matgrad.catalogue import structure
from matgrad.catalogue.blocks import block, part
from matgrad.catalogue.orders import exchange
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, make
from matgrad.normal.places import offset_of, reversed_from
from matgrad.normal.surface import Stuck, turn

Product = Callable[[Sequence[Expr]], Expr]
_OP = attrgetter("op")
# What chooses entries of what stands beside it in a product.
_CHOOSING = frozenset({part, structure.unit})


class Selection(NamedTuple):
    """Rows (axis 0) or columns of an identity, from `begin` on."""

    axis: int
    begin: Size
    length: Size
    size: Size


def lifted(node: Expr, *, turned: bool = False) -> Expr:
    """A place with two axes, or its transpose, as rows or columns of an identity or of an exchange
    matrix."""
    found = offset_of(node)
    constant = structure.eye
    if found is None:
        found, constant = reversed_from(node), exchange
    if found is None:
        raise Stuck("a relation of indices")
    begin, axis = found
    size = node.shape[axis]
    identity = make(constant, (), (size,) if constant is exchange else None, (size, size))
    if identity.shape == node.shape and begin == 0:
        return identity
    begins = (begin, None) if (axis == 1) is not turned else (None, begin)
    return make(part, (identity,), begins, node.shape[::-1] if turned else node.shape)


def selection_of(expr: Expr) -> Selection | None:
    if expr.op is not part or expr.args[0].op is not structure.eye:
        return None
    if (expr.data[0] is None) == (expr.data[1] is None):
        return None
    axis = 0 if expr.data[1] is None else 1
    return Selection(axis, expr.data[axis], expr.shape[axis], expr.shape[1 - axis])


def settle(items: Sequence[Expr], product: Product) -> list[Expr]:
    """A product of matrices, with vectors at its ends, without the selections in it; `product`
    writes what is put between zeros."""
    items = list(items)
    if _CHOOSING.isdisjoint(map(_OP, items)):
        return items
    if part not in map(_OP, items):
        return _at_units(items)
    at = 0
    while at < len(items):
        chosen = selection_of(items[at])
        beside = at + 1 if chosen is not None and chosen.axis == 0 else at - 1
        if chosen is None or not 0 <= beside < len(items):
            at += 1
            continue
        axis = 0 if beside > at else min(items[beside].order, 2) - 1
        items[beside] = taken(items[beside], axis, chosen.begin, chosen.length)
        del items[at]
        at = 0
    first, last = selection_of(items[0]), selection_of(items[-1])
    if len(items) == 1 or (first is None and last is None):
        return _at_units(items)
    inner = _at_units(items[first is not None : len(items) - (last is not None)])
    size = first.length if first else last.length if last else 1
    if any([item.order > 2 for item in inner]):
        raise Stuck("blocks of a tensor")
    whole = product(inner or [make(structure.eye, (), None, (size, size))])
    if first is not None:
        whole = embedded(whole, 0, first.begin, first.size)
    if last is not None:
        whole = embedded(whole, whole.order - 1, last.begin, last.size)
    return [whole]


def _at_units(items: list[Expr]) -> list[Expr]:
    """A product that ends in a unit vector, or begins with one, as a column or a row of the matrix
    beside it."""
    if len(items) > 1 and items[-1].op is structure.unit and items[-2].order == 2:
        matrix, vector = items[-2:]
        column = make(structure.component, (matrix,), (vector.data,), matrix.shape[:1])
        items = [*items[:-2], column]
    if len(items) > 1 and items[0].op is structure.unit and items[1].order == 2:
        vector, matrix = items[:2]
        row = make(structure.entry, (matrix,), (vector.data,), matrix.shape[1:])
        items = [row, *items[2:]]
    return items


def taken(expr: Expr, axis: int, begin: Size, length: Size) -> Expr:
    """Some entries along an axis of an array."""
    if expr.op is structure.transpose and expr.order == 2:
        return turn(taken(expr.args[0], 1 - axis, begin, length))
    base = expr.args[0] if expr.op is part else expr
    begins: tuple[Size | None, ...] = expr.data if expr.op is part else (None,) * expr.order
    first = (begins[axis] or 0) + begin
    shape = (*expr.shape[:axis], length, *expr.shape[axis + 1 :])
    if base.op is structure.ones or base.op is structure.zeros:
        return make(base.op, (), None, shape)
    is_whole = length == base.shape[axis]
    data = (*begins[:axis], None if is_whole else first, *begins[axis + 1 :])
    return make(part, (base,), data, shape)


def embedded(expr: Expr, axis: int, begin: Size, size: Size) -> Expr:
    """An array between zeros along an axis."""
    lengths = [begin, expr.shape[axis], size - begin - expr.shape[axis]]
    pieces: list[list[Expr]] = []
    lines, count = [expr], 1
    if expr.op is block and expr.order == 2 and expr.data[axis] == 1:
        lines, count = list(expr.args), len(expr.args)
    for at, length in enumerate(lengths):
        if length == 0:
            continue
        if at == 1:
            pieces.append(lines)
            continue
        pieces.append([_zeros(line, axis, length) for line in lines])
    if len(pieces) == 1:
        return expr
    shape = (*expr.shape[:axis], size, *expr.shape[axis + 1 :])
    if expr.order == 1:
        return make(block, tuple(p[0] for p in pieces), (len(pieces),), shape)
    if axis == 0:
        flat = [piece for row in pieces for piece in row]
        return make(block, tuple(flat), (len(pieces), count), shape)
    flat = [row[k] for k in range(count) for row in pieces]
    return make(block, tuple(flat), (count, len(pieces)), shape)


def _zeros(like: Expr, axis: int, length: Size) -> Expr:
    shape = (*like.shape[:axis], length, *like.shape[axis + 1 :])
    return make(structure.zeros, (), None, shape)
