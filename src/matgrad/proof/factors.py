"""What QR and LU mean, entry by entry over the dual numbers.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matgrad.core.errors import NoRule
from matgrad.proof.dual import Dual
from matgrad.proof.pieces import dot, entry_at, from_columns, from_rows, times
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint
from matgrad.proof.scalars import real_power

# Relative to the column it is left of, a remainder below this is zero.
_ZERO = 1e-6


def orthogonalized(matrix: Dual) -> tuple[Dual, Dual]:
    """Q with orthonormal columns and R upper triangular with a positive diagonal, A = Q*R, by the
    method of Gram and Schmidt."""
    rows, columns = matrix.shape
    zero = Dual(matrix.ring, (), {0: [0.0]})
    found: list[Dual] = []
    upper = [[zero] * columns for _ in range(columns)]
    for j in range(columns):
        column = from_scalars_of(matrix, [(i, j) for i in range(rows)])
        size = dot(column, column).real[0]
        for k, other in enumerate(found):
            upper[k][j] = dot(other, column)
            column = column - times(upper[k][j], other)
        square = dot(column, column)
        if not square.real[0] > _ZERO * size:
            raise BadPoint("columns that are not independent")
        upper[j][j] = real_power(square, Fraction(1, 2))
        found.append(times(upper[j][j].reciprocal(), column))
    return from_columns(found), from_rows(upper)


def from_scalars_of(matrix: Dual, places: Sequence[tuple[int, int]]) -> Dual:
    """The entries of a matrix at these places, as a vector."""
    row = from_rows([[entry_at(matrix, i, j) for i, j in places]])
    return Dual(row.ring, row.shape[1:], row.parts)


def eliminated(matrix: Dual) -> tuple[Dual, Dual]:
    """L lower triangular with a diagonal of ones and U upper triangular, A = L*U, by Gauss's
    elimination without exchanges."""
    size = matrix.shape[0]
    ring = matrix.ring
    one, zero = (Dual(ring, (), {0: [ring.number(value)]}) for value in (1, 0))
    lower = [[one if i == j else zero for j in range(size)] for i in range(size)]
    upper = [[entry_at(matrix, i, j) for j in range(size)] for i in range(size)]
    scale = max(map(abs, matrix.real), default=0.0)
    for k in range(size):
        pivot = upper[k][k]
        if ring.prime is None and abs(pivot.real[0]) <= _ZERO * scale:
            raise BadPoint("a leading principal minor of zero")
        inverse = pivot.reciprocal()
        for i in range(k + 1, size):
            lower[i][k] = upper[i][k] * inverse
            upper[i] = [
                entry - lower[i][k] * above if j > k else zero
                for j, (entry, above) in enumerate(zip(upper[i], upper[k], strict=True))
            ]
    return from_rows(lower), from_rows(upper)


def _of_floats(function: Callable[[Dual], Dual]) -> Callable[[Point, Sequence[Dual]], Dual]:
    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        if point.ring.prime is not None:
            raise NoRule("a factor with roots in it has no exact value")
        return function(args[0])

    return definition


FACTORS: dict[str, Callable[[Point, Sequence[Dual]], Dual]] = {
    "qrq": _of_floats(lambda a: orthogonalized(a)[0]),
    "qrr": _of_floats(lambda a: orthogonalized(a)[1]),
    "lul": lambda point, args: eliminated(args[0])[0],
    "luu": lambda point, args: eliminated(args[0])[1],
}
"""What each operator is, without its derivative."""
