"""Roots, logarithms and signs of matrices, and the linear equations that lead to them.

Floor 4.  What needs an iteration is worked out for the real part, once; displacements follow,
because a product of too many of them is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod

from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual, combine
from matgrad.proof.matrices import identity, inverse, largest, multiply, solve
from matgrad.proof.ring import BadPoint

MatrixFunction = Callable[[Dual], Dual]

# Odd terms of the series of the logarithm, for a matrix nearer to the identity than _NEAR.
_LOG_TERMS, _NEAR = 12, 0.3
_ITERATIONS, _ROOTS = 60, 40
_ROUNDING = 1e-14


def square_root(matrix: Dual) -> Dual:
    """The principal square root."""
    return _rooting(_real_root(matrix.plain()))(matrix)


def _rooting(plain: Dual) -> MatrixFunction:
    """The square root of all matrices of which the real part's is `plain`: every step of Newton's
    method settles one more of the displacements in a product."""
    undo = inverse(_sum_of_products(plain, plain))

    def rooted(matrix: Dual) -> Dual:
        root = plain
        for _ in range(max(matrix.parts).bit_length()):
            left_over = matrix - multiply(root, root)
            step = multiply(undo, Dual(matrix.ring, (len(plain.real), 1), left_over.parts))
            root = root + Dual(matrix.ring, matrix.shape, step.parts)
        return root

    return rooted


def _real_root(matrix: Dual) -> Dual:
    """Of a matrix without displacements, by Denman and Beavers' iteration."""
    root, other = matrix, identity(matrix)
    for _ in range(_ITERATIONS):
        before = root
        root, other = (
            combine(((Fraction(1, 2), root), (Fraction(1, 2), inverse(other)))),
            combine(((Fraction(1, 2), other), (Fraction(1, 2), inverse(root)))),
        )
        if largest(root - before) <= _ROUNDING * largest(root):
            return root
    raise BadPoint("a matrix without a square root")


def logarithm_near(plain: Dual) -> MatrixFunction:
    """log A = 2^k log(A^(1/2^k)), the inner one by the series of the inverse tangent, for all A
    with this real part."""
    unit, root = identity(plain), plain
    roots: list[MatrixFunction] = []
    while largest(root - unit) > _NEAR / len(plain.real) ** 0.5:
        if len(roots) == _ROOTS:
            raise BadPoint("a matrix without a logarithm")
        root = _real_root(root)
        roots.append(_rooting(root))

    def logarithm(matrix: Dual) -> Dual:
        for rooted in roots:
            matrix = rooted(matrix)
        step = multiply(matrix - unit, inverse(matrix + unit))
        square = multiply(step, step)
        total = power = step
        for k in range(1, _LOG_TERMS):
            power = multiply(power, square)
            total = total + combine(((Fraction(1, 2 * k + 1), power),))
        return combine(((2 ** (len(roots) + 1), total),))

    return logarithm


def sign(matrix: Dual) -> Dual:
    """The matrix with the same eigenvectors whose eigenvalues are the signs of the real parts, by
    Newton's iteration."""
    for _ in range(_ITERATIONS):
        before = matrix
        matrix = combine(((Fraction(1, 2), matrix), (Fraction(1, 2), inverse(matrix))))
        if largest(matrix - before) <= _ROUNDING * largest(matrix):
            return matrix
    raise BadPoint("a matrix with an eigenvalue whose real part is zero")


def sylvester(left: Dual, right: Dual, constant: Dual) -> Dual:
    """The X with left·X + X·right = constant, as a linear system in the entries of X; a tensor's
    first two axes are matrices with a solution each."""
    (rows, columns, *more), ring = constant.shape, constant.ring
    unknowns = Dual(ring, (rows * columns, prod(more)), constant.parts)
    return Dual(ring, constant.shape, solve(_sum_of_products(left, right), unknowns).parts)


def _sum_of_products(left: Dual, right: Dual) -> Dual:
    """The matrix that takes the entries of X to those of left·X + X·right."""
    rows, columns, ring = left.shape[0], right.shape[0], left.ring
    width = rows * columns
    parts: dict[int, Flat] = {}
    for subset in {*left.parts, *right.parts}:
        first, second = left.part(subset), right.part(subset)
        entries: Flat = [0.0] * (width * width)
        for i in range(rows):
            for j in range(columns):
                at = (i * columns + j) * width
                for k in range(rows):
                    entries[at + k * columns + j] += first[i * rows + k]
                for k in range(columns):
                    entries[at + i * columns + k] += second[k * columns + j]
        parts[subset] = ring.settle(entries)
    return Dual(ring, (width, width), parts)
