"""What triangles, their stacks and the matrices of stacked columns mean.

Floor 4.  Rows and columns are counted one by one, as the definitions do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

from matgrad.core.errors import NoRule
from matgrad.core.expr import Expr
from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual
from matgrad.proof.point import Point

# The places of the ones: row, column.
Places = Iterator[tuple[int, int]]


def triangle(matrix: Dual, offset: int, above: bool) -> Dual:
    """The entries on and below a diagonal, or on and above it."""
    rows, columns = matrix.shape
    kept = [
        column - row >= offset if above else column - row <= offset
        for row in range(rows)
        for column in range(columns)
    ]
    return _picked(matrix, matrix.shape, lambda part: _where(part, kept, matrix))


def half(matrix: Dual) -> Dual:
    """The lower triangle, stacked column by column."""
    size = matrix.shape[0]
    places = [row * size + column for row, column in _lower(size)]
    return _picked(matrix, (len(places),), lambda part: [part[at] for at in places])


def sized(node: Expr, point: Point) -> Dual:
    """A constant named by sizes.  Raises NoRule for one without a definition."""
    if node.op.name not in _CONSTANTS:
        raise NoRule(f"{node.op.name} has no definition to check against")
    shape = point.shape(node.shape)
    point.ring.spend(prod(shape))
    entries = [point.ring.number(0)] * prod(shape)
    for row, column in _CONSTANTS[node.op.name](*point.shape(node.data)):
        entries[row * shape[1] + column] = point.ring.number(1)
    return Dual(point.ring, shape, {0: entries})


def _commutation(m: int, n: int) -> Places:
    """vec(X)[i + j*m] is X[i, j], which is vec(X')[j + i*n]."""
    return ((j + i * n, i + j * m) for i in range(m) for j in range(n))


def _duplication(n: int) -> Places:
    for at, (row, column) in enumerate(_lower(n)):
        yield row + column * n, at
        if row != column:
            yield column + row * n, at


def _elimination(n: int) -> Places:
    return ((at, row + column * n) for at, (row, column) in enumerate(_lower(n)))


_CONSTANTS: dict[str, Callable[..., Places]] = {
    "commutation": _commutation,
    "duplication": _duplication,
    "elimination": _elimination,
    "exchange": lambda n: ((row, n - 1 - row) for row in range(n)),
}


def _lower(size: int) -> Places:
    return ((row, column) for column in range(size) for row in range(column, size))


def _where(part: Flat, kept: Sequence[bool], like: Dual) -> Flat:
    zero = like.ring.number(0)
    return [entry if keep else zero for entry, keep in zip(part, kept, strict=True)]


def _picked(array: Dual, shape: tuple[int, ...], pick: Callable[[Flat], Flat]) -> Dual:
    return Dual(array.ring, shape, {subset: pick(part) for subset, part in array.parts.items()})
