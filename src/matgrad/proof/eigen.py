"""What an eigenvalue near a number means, and the sum of the largest ones.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matgrad.core.errors import NoRule
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual, combine
from matgrad.proof.functions import definite, symmetric_part
from matgrad.proof.matrices import identity, inverse, largest, multiply
from matgrad.proof.pieces import apply, dot, times
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint
from matgrad.proof.scalars import real_power
from matgrad.proof.spectral import Pair, eigenpairs, refined, upright

# An inverse is squared so often, and how nearly the next direction is the last.
_SQUARINGS, _STEADY = 8, 1e-14


def nearest_pair(matrix: Dual, target: Dual) -> Pair:
    """The eigenvalue nearest to a number and its eigenvector, by inverse iteration, many steps of
    which are one power.

    Raises BadPoint where no real one is much nearer than all others.
    """
    plain, ring = matrix.plain(), matrix.ring
    step = power = inverse(plain - times(target.plain(), identity(plain)))
    for _ in range(_SQUARINGS):
        power = multiply(power, power)
        power = times(Dual(ring, (), {0: [1 / (largest(power) or 1.0)]}), power)
    start = Dual(ring, plain.shape[:1], {0: [1.0 + k / 7 for k in range(plain.shape[0])]})
    before = _normed(apply(power, start))
    vector = _normed(apply(step, before))
    if not abs(dot(before, vector).real[0]) > 1 - _STEADY:
        raise BadPoint("no real eigenvalue is much nearer than the others")
    value = dot(vector, apply(plain, vector)).real[0]
    return refined(matrix, value, Dual(ring, vector.shape, {0: upright(vector.real)}), None)


def _normed(vector: Dual) -> Dual:
    length = dot(vector, vector).real[0] ** 0.5
    if not length > 0:
        raise BadPoint("a vector of zeros")
    return times(Dual(vector.ring, (), {0: [1 / length]}), vector)


def nearest_of_two(matrix: Dual, other: Dual, target: Dual) -> Pair:
    """The eigenvalue of a pair of matrices, their symmetric parts, that is nearest to a number, and
    its eigenvector x with x'*B*x = 1."""
    weight = definite(other)
    product = multiply(inverse(weight), symmetric_part(matrix))
    value, vector = nearest_pair(product, target)
    length = real_power(dot(vector, apply(weight, vector)), Fraction(-1, 2))
    return value, times(length, vector)


def largest_pairs(matrix: Dual, count: Dual) -> list[Pair]:
    """As many eigenpairs of the symmetric part, from the largest down, as `count` says, or all."""
    (number,) = count.real
    if number != int(number) or number < 0:
        raise BadPoint("a number of eigenvalues that is no whole number")
    pairs = eigenpairs(matrix)
    return pairs[max(0, len(pairs) - int(number)) :]


def largest_sum(matrix: Dual, count: Dual) -> Dual:
    """The sum of the largest eigenvalues."""
    zero = Dual(matrix.ring, (), {0: [0.0]})
    return combine([(1, zero), *((1, value) for value, _ in largest_pairs(matrix, count))])


def projection(matrix: Dual, count: Dual) -> Dual:
    """The projection on the eigenvectors of the largest eigenvalues."""
    terms = [(0, identity(matrix))]
    for _, vector in largest_pairs(matrix, count):
        sizes: dict[int | str, int] = {"i": vector.shape[0], "j": vector.shape[0]}
        pair = ((vector, ("i",)), (vector, ("j",)))
        terms.append((1, contract(matrix.ring, pair, ("i", "j"), sizes, matrix.shape)))
    return combine(terms)


def _of_floats(function: Callable[..., Dual]) -> Callable[[Point, Sequence[Dual]], Dual]:
    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        if point.ring.prime is not None:
            raise NoRule("an eigenvalue has no exact value")
        return function(*args)

    return definition


EIGEN: dict[str, Callable[[Point, Sequence[Dual]], Dual]] = {
    "eigval": _of_floats(lambda a, s: nearest_pair(a, s)[0]),
    "eigvec": _of_floats(lambda a, s: nearest_pair(a, s)[1]),
    "geigval": _of_floats(lambda a, b, s: nearest_of_two(a, b, s)[0]),
    "geigvec": _of_floats(lambda a, b, s: nearest_of_two(a, b, s)[1]),
    "eigsum": _of_floats(largest_sum),
    "eigproj": _of_floats(projection),
}
"""What each operator is, without its derivative."""
