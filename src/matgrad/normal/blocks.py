"""Arrays made of blocks: a sum of blocks, each at its place.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.dims import Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor
from matgrad.normal.indices import PLACE
from matgrad.normal.places import selection
from matgrad.normal.product import contract
from matgrad.normal.sums import combine


def assembled(node: Expr, blocks: tuple[Expr, ...]) -> Expr:
    """The normal form of a block array whose blocks are normal."""
    grid = node.data
    rank = len(grid)
    starts = [
        _starts([blocks[at].shape[axis] for at in _along(grid, axis)]) for axis in range(rank)
    ]
    terms: list[tuple[Size, Expr]] = []
    for at, part in enumerate(blocks):
        place = divmod(at, grid[1]) if rank == 2 else (at,)
        factors: list[Factor] = []
        row = []
        for axis, (k, size) in enumerate(zip(place, node.shape, strict=True)):
            inner = axis if grid[axis] == 1 else rank + axis
            if inner != axis:
                length = part.shape[axis]
                factors.append(selection(starts[axis][k], length, size, (inner, axis)))
            row.append(inner)
        sizes = dict(enumerate(node.shape))
        terms += (
            (c, contract(tuple(range(rank)), [(piece, tuple(row), 1), *factors], 1, sizes))
            for c, piece in _pieces(part)
        )
    return combine(terms, node.shape)


def _pieces(part: Expr) -> list[tuple[Size, Expr]]:
    """A block; of one that is made of blocks itself those."""
    if part.op is not SUM or not all(_is_placed(term) for term in part.args):
        return [(1, part)]
    return list(zip(part.data, part.args, strict=True))


def _is_placed(term: Expr) -> bool:
    return term.op is CONTRACTION and any(factor.op is PLACE for factor in term.args)


def _along(grid: tuple[int, ...], axis: int) -> range:
    """The first blocks along an axis."""
    step = grid[1] if len(grid) == 2 and axis == 0 else 1
    return range(0, grid[axis] * step, step)


def _starts(lengths: Sequence[Size]) -> list[Size]:
    starts: list[Size] = [0]
    for length in lengths[:-1]:
        starts.append(starts[-1] + length)
    return starts
