"""Selections in products: slices of what stands beside them, and blocks between zeros.

Floor 3.  A selection is a place with two axes: rows of an identity, or columns of one.  Rows of an
identity take rows of what follows, S*A = A[a:b,:]; its columns take columns of what precedes.
Where there is nothing to take from they put what is there between zeros, S'*x = [0; x; 0].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.blocks import block, part
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build
from matgrad.normal.places import certain, offset_of
from matgrad.normal.surface import Stuck, added, strip_sign, turn, weigh

Product = Callable[[Sequence[Expr]], Expr]


class _Selection(NamedTuple):
    """Rows (axis 0) or columns of an identity, from `begin` on."""

    axis: int
    begin: Size
    length: Size
    size: Size


def lifted(node: Expr, *, turned: bool = False) -> Expr:
    """A place with two axes, or its transpose, as rows or columns of an identity."""
    found = offset_of(node)
    if found is None:
        raise Stuck("a relation of indices")
    begin, axis = found
    size = node.shape[axis]
    identity = make(structure.eye, (), None, (size, size))
    begins = (begin, None) if (axis == 1) is not turned else (None, begin)
    return make(part, (identity,), begins, node.shape[::-1] if turned else node.shape)


def _selection(expr: Expr) -> _Selection | None:
    if expr.op is not part or expr.args[0].op is not structure.eye:
        return None
    if (expr.data[0] is None) == (expr.data[1] is None):
        return None
    axis = 0 if expr.data[1] is None else 1
    return _Selection(axis, expr.data[axis], expr.shape[axis], expr.shape[1 - axis])


def settle(items: Sequence[Expr], product: Product) -> list[Expr]:
    """A product of matrices, with vectors at its ends, without the selections in it; `product`
    writes what is put between zeros."""
    items = list(items)
    if part not in [item.op for item in items]:
        return _at_units(items)
    at = 0
    while at < len(items):
        chosen = _selection(items[at])
        beside = at + 1 if chosen is not None and chosen.axis == 0 else at - 1
        if chosen is None or not 0 <= beside < len(items):
            at += 1
            continue
        axis = 0 if beside > at else min(items[beside].order, 2) - 1
        items[beside] = taken(items[beside], axis, chosen.begin, chosen.length)
        del items[at]
        at = 0
    first, last = _selection(items[0]), _selection(items[-1])
    if len(items) == 1 or (first is None and last is None):
        return _at_units(items)
    inner = _at_units(items[first is not None : len(items) - (last is not None)])
    size = first.length if first else last.length if last else 1
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


# Sums of blocks between zeros are one block array.

Term = tuple[Size, Expr]


def assembled(terms: list[Term]) -> list[Term]:
    """A sum whose terms fill different places of one block array."""
    written = terms
    terms = [(coefficient, _between_zeros(expr) or expr) for coefficient, expr in terms]
    found = [expr for _, expr in terms if expr.op is block]
    if len(found) < 2 or not any(expr.op is block for _, expr in written):
        return written
    cuts: list[list[Size]] = []
    for axis in range(found[0].order):
        size = found[0].shape[axis]
        ordered = _in_order({end for expr in found for end in _ends(expr, axis)} - {size})
        if ordered is None:
            return written
        cuts.append([*ordered, size])
    cells: dict[tuple[int, ...], list[Term]] = {}
    for coefficient, expr in terms:
        if expr.op is block:
            for corner, piece in _pieces(expr):
                cell = _cell(corner, piece.shape, cuts)
                if cell is None:
                    return written
                if piece.op is not structure.zeros:
                    sign, bare = strip_sign(piece)
                    cells.setdefault(cell, []).append((coefficient * sign, bare))
    rest = [term for term in terms if term[1].op is not block]
    return [(1, _grid(cells, cuts, found[0].shape)), *rest]


def _between_zeros(expr: Expr) -> Expr | None:
    """A unit vector, or an outer product with something between zeros, as a block array."""
    if expr.op is block:
        return expr
    if expr.op is structure.unit and not isinstance(expr.data, str):
        return embedded(make(structure.ones, (), None, (1,)), 0, expr.data, expr.shape[0])
    if expr.op is algebra.scale:
        inner = _between_zeros(expr.args[1])
        return None if inner is None else _scaled(expr.args[0], inner)
    if expr.op is not algebra.outer:
        return None
    sides = [_between_zeros(arg) for arg in expr.args]
    cores, places = [], []
    for arg, side in zip(expr.args, sides, strict=True):
        filled = (
            [] if side is None else [p for p in _pieces(side) if p[1].op is not structure.zeros]
        )
        if side is not None and len(filled) != 1:
            return None
        cores.append(filled[0][1] if filled else arg)
        places.append(filled[0][0][0] if filled else None)
    if places == [None, None]:
        return None
    found = _outer(*cores)
    for axis, begin in enumerate(places):
        if begin is not None:
            found = embedded(found, axis, begin, expr.shape[axis])
    return found


def _scaled(scalar: Expr, expr: Expr) -> Expr:
    """A block array whose blocks are multiplied, but for those of zeros."""
    blocks = (
        piece if piece.op is structure.zeros else build(algebra.scale, (scalar, piece))
        for piece in expr.args
    )
    return make(block, tuple(blocks), expr.data, expr.shape)


def _outer(left: Expr, right: Expr) -> Expr:
    """An outer product; of a scalar multiple of one by one it is the scalar multiple."""
    if left.op is structure.ones and right.op is structure.ones:
        return make(structure.ones, (), None, left.shape + right.shape)
    return build(algebra.outer, (left, right))


def _ends(expr: Expr, axis: int) -> list[Size]:
    """Where the pieces of a block array end along an axis."""
    across = expr.data[1] if expr.order == 2 and axis == 0 else 1
    total: Size = 0
    ends: list[Size] = []
    for k in range(expr.data[axis]):
        total = total + expr.args[k * across].shape[axis]
        ends.append(total)
    return ends


def _in_order(ends: set[Size]) -> list[Size] | None:
    """Sizes in ascending order, or None where that is not certain."""
    ordered: list[Size] = []
    for end in ends:
        at = 0
        while at < len(ordered) and certain(end - ordered[at]):
            at += 1
        ordered.insert(at, end)
    return ordered if all(certain(b - a) for a, b in pairwise(ordered)) else None


def _pieces(expr: Expr) -> list[tuple[tuple[Size, ...], Expr]]:
    """The pieces of a block array and where each begins."""
    across = expr.data[1] if expr.order == 2 else 1
    starts = [[0, *_ends(expr, axis)] for axis in range(expr.order)]
    return [
        (
            tuple(starts[axis][k] for axis, k in enumerate(divmod(at, across)[: expr.order])),
            piece,
        )
        for at, piece in enumerate(expr.args)
    ]


def _cell(corner: tuple[Size, ...], shape: Shape, cuts: list[list[Size]]) -> tuple[int, ...] | None:
    """Which cell of the common grid a piece fills; None if it is larger than one."""
    cell = []
    for begin, length, ends in zip(corner, shape, cuts, strict=True):
        at = ends.index(begin + length)
        if begin != (ends[at - 1] if at else 0):
            return None
        cell.append(at)
    return tuple(cell)


def _grid(cells: dict[tuple[int, ...], list[Term]], cuts: list[list[Size]], shape: Shape) -> Expr:
    lengths = [[b - a for a, b in pairwise([0, *ends])] for ends in cuts]
    counts = tuple(map(len, lengths))
    args = []
    for row in range(counts[0]):
        for column in range(counts[1] if len(counts) == 2 else 1):
            cell = (row, column)[: len(counts)]
            if cell not in cells:
                size = tuple(lengths[axis][k] for axis, k in enumerate(cell))
                args.append(make(structure.zeros, (), None, size))
            elif len(cells[cell]) == 1:
                args.append(weigh(*cells[cell][0]))
            else:
                args.append(added(cells[cell]))
    return make(block, tuple(args), counts, shape)
