"""Norms, absolute values and the logarithm of |det A|: what complex values have real ones of.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matgrad.proof import matrices
from matgrad.proof.arrays import Label
from matgrad.proof.complexes import conjugate, has_complex
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual, combine
from matgrad.proof.point import Point
from matgrad.proof.scalars import real_power


def logdet(point: Point, args: Sequence[Dual]) -> Dual:
    """log|det A|."""
    matrix = args[0]
    if has_complex(matrix):
        determinant = matrices.determinant(matrix)
        logarithm = point.scalar("log", determinant * conjugate(determinant))
        return combine(((Fraction(1, 2), logarithm),))
    if matrix.ring.prime is None and len(matrix.parts) == 1:
        matrix.ring.spend(matrix.shape[0] ** 3)
        pivots = matrices.pivots(matrix.ring, matrix.real, matrix.shape[0])
        sizes = Dual(matrix.ring, (len(pivots),), {0: [abs(pivot) for pivot in pivots]})
        logs = point.scalar("log", sizes)
        return Dual(matrix.ring, (), {0: [sum(logs.real)]})
    determinant = matrices.determinant(matrix)
    if matrix.ring.prime is None and determinant.real[0] < 0:
        determinant = -determinant
    return point.scalar("log", determinant)


def norm(point: Point, args: Sequence[Dual]) -> Dual:
    """The root of the sum of squares."""
    return real_power(_total(args[0] * conjugate(args[0])), Fraction(1, 2))


def absolute(point: Point, args: Sequence[Dual]) -> Dual:
    if has_complex(args[0]):
        return real_power(args[0] * conjugate(args[0]), Fraction(1, 2))
    return point.scalar("abs", args[0])


def norm1(point: Point, args: Sequence[Dual]) -> Dual:
    return _total(absolute(point, args))


def _total(array: Dual) -> Dual:
    labels = tuple(range(len(array.shape)))
    sizes: dict[Label, int] = dict(enumerate(array.shape))
    return contract(array.ring, ((array, labels),), (), sizes, ())
