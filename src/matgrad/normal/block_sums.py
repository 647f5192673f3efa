"""Sums whose terms fill different places of one block array.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.blocks import block
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr, make, number
from matgrad.core.signature import build
from matgrad.normal.parts import embedded, selection_of
from matgrad.normal.places import certain
from matgrad.normal.surface import added, strip_sign, weigh

# How many entries an array has that is always written entry by entry, not by unit vectors.
SMALL = 9

Term = tuple[Size, Expr]


def assembled(terms: list[Term]) -> list[Term]:
    """A sum whose terms fill different places of one block array."""
    written = terms
    terms = [(coefficient, _between_zeros(expr) or expr) for coefficient, expr in terms]
    found = [expr for _, expr in terms if expr.op is block]
    if len(found) < 2:
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
                if piece.op is structure.zeros:
                    continue
                cell = _cell(corner, piece.shape, cuts)
                if cell is None:
                    return written
                sign, bare = strip_sign(piece)
                cells.setdefault(cell, []).append((coefficient * sign, bare))
    is_full = len(cells) == prod(map(len, cuts))
    if not (is_full or _has_entries(found) or any(map(_is_placed, written))):
        return written
    rest = [term for term in terms if term[1].op is not block]
    return [(1, _grid(cells, cuts, found[0].shape)), *rest]


def _is_placed(term: Term) -> bool:
    expr = term[1]
    while expr.op is algebra.scale:
        expr = expr.args[1]
    return expr.op is block or selection_of(expr) is not None


def _has_entries(blocks: Sequence[Expr]) -> bool:
    """Whether unit vectors fill an array that is small enough to be written entry by entry."""
    room = max(2 * len(blocks), SMALL)
    for size in blocks[0].shape:
        room = room // size if isinstance(size, int) and size else 0
    return room > 0


def _between_zeros(expr: Expr) -> Expr | None:
    """A unit vector, rows or columns of an identity, or an outer product with something between
    zeros, as a block array."""
    if expr.op is block:
        return expr
    rows = selection_of(expr)
    if rows is not None:
        identity = make(structure.eye, (), None, (rows.length, rows.length))
        return embedded(identity, 1 - rows.axis, rows.begin, rows.size)
    if expr.op is structure.unit and not isinstance(expr.data, str):
        return embedded(make(structure.ones, (), None, (1,)), 0, expr.data, expr.shape[0])
    if expr.op is algebra.scale:
        inner = _between_zeros(expr.args[1])
        return None if inner is None else _scaled(expr.args[0], inner)
    expr = _as_outer(expr)
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


def _as_outer(expr: Expr) -> Expr:
    """(a*b')*M as a*(b'*M), and M*(a*b') as (M*a)*b'."""
    if expr.op is algebra.matmul and expr.order == 2:
        first, last = expr.args
        if first.op is algebra.outer:
            left, right = first.args
            return build(algebra.outer, (left, build(algebra.matmul, (right, last))))
        if last.op is algebra.outer:
            left, right = last.args
            return build(algebra.outer, (build(algebra.matmul, (first, left)), right))
    return expr


def _outer(left: Expr, right: Expr) -> Expr:
    """An outer product, scalars in front; of ones by ones it is ones."""
    if left.op is algebra.scale:
        return build(algebra.scale, (left.args[0], _outer(left.args[1], right)))
    if right.op is algebra.scale:
        return build(algebra.scale, (right.args[0], _outer(left, right.args[1])))
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


def _summed(terms: list[Term]) -> Expr:
    """What stands at one place; a single entry is a sum of scalars."""
    scalars = [(c, _entry(expr)) for c, expr in terms]
    entries = [(c, entry) for c, entry in scalars if entry is not None]
    if len(entries) < len(terms):
        return added(terms)
    one = make(structure.ones, (), None, terms[0][1].shape)
    return build(algebra.scale, (added(entries), one))


def _entry(expr: Expr) -> Expr | None:
    """The scalar that a single entry is written with."""
    if set(expr.shape) != {1}:
        return None
    if expr.op is structure.ones:
        return number(1)
    whole = expr.op is algebra.scale and expr.args[1].op is structure.ones
    return expr.args[0] if whole else None


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
                args.append(_summed(cells[cell]))
    return make(block, tuple(args), counts, shape)
