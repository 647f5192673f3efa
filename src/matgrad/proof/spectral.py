"""What decompositions of matrices mean: their equations, solved over the dual numbers.

Floor 4.  Real parts come from a textbook algorithm.  Newton's method on the defining equations,
A*v = v*lambda and v'*v = 1, then runs in the dual numbers, where each step doubles the order of
what is right: displacements are nilpotent, so a few steps are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from matgrad.core.errors import NoRule
from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual, combine
from matgrad.proof.functions import definite, symmetric_part
from matgrad.proof.matrices import identity, inverse, largest, multiply, solve, trace, transpose
from matgrad.proof.pieces import (
    apply,
    bordered,
    dot,
    entry_at,
    extended,
    from_columns,
    from_rows,
    from_scalars,
    times,
)
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint
from matgrad.proof.roots import square_root
from matgrad.proof.scalars import real_power

# Newton steps: three make up to seven directions exact, the first polishes the real part.
_STEPS = 4
_SWEEPS, _POLISHED = 60, 2
# A positive matrix is squared so often, and how nearly the result is an eigenvector then.
_SQUARINGS, _SETTLED = 8, 1e-10
_ROUNDING = 1e-15
# Eigenvalues this close, relative to the largest, are not told apart.
_GAP = 1e-3
# Relative to its scale, a coefficient below the first is zero, above the second it is not.
_ZERO = (1e-13, 1e-9)

Pair = tuple[Dual, Dual]


def pseudo_inverse(matrix: Dual) -> Dual:
    """Decell's formula: with G = A'*A, M_1 = I, c_k = -tr(G*M_k)/k, M_{k+1} = G*M_k + c_k*I and
    c_r the last that is not zero, -M_r*A'/c_r.  Raises BadPoint where the rank changes, or
    rounding hides it."""
    rows, columns = matrix.shape
    if rows < columns:
        return transpose(pseudo_inverse(transpose(matrix)))
    turned = transpose(matrix)
    gram = multiply(turned, matrix)
    unit = term = identity(gram)
    size = abs(trace(gram).real[0])
    found: Pair | None = None
    for k in range(1, columns + 1):
        product = multiply(gram, term)
        coefficient = combine(((Fraction(-1, k), trace(product)),))
        if _is_zero(coefficient, size**k if matrix.ring.prime is None else 0):
            continue
        found = term, coefficient
        term = product + times(coefficient, unit)
    if found is None:
        return combine(((0, turned),))
    term, coefficient = found
    result = times(-coefficient.reciprocal(), multiply(term, turned))
    if matrix.ring.prime is None:
        for _ in range(_POLISHED):  # Newton's method wins back the digits that the powers lost
            result = combine(((2, result), (-1, multiply(multiply(result, matrix), result))))
    excess = multiply(multiply(matrix, result), matrix) - matrix
    limit = 0.0 if matrix.ring.prime is not None else _ZERO[1] * (1 + largest(matrix))
    if largest(excess) > limit * (1 + largest(result)):
        raise BadPoint("a matrix whose rank changes, or is too uncertain")
    return result


def _is_zero(coefficient: Dual, scale: float) -> bool:
    """Whether a coefficient of the characteristic polynomial vanishes."""
    (real,) = coefficient.real
    if coefficient.ring.prime is not None:
        zero = bool(real == 0)
    else:
        small, large = (limit * scale for limit in _ZERO)
        zero = bool(abs(real) <= small)
        if small < abs(real) < large:
            raise BadPoint("a matrix whose rank is in doubt")
    return zero


def cholesky(matrix: Dual) -> Dual:
    """The lower triangular L with L*L' = A and a positive diagonal, column by column."""
    source, size = definite(matrix), matrix.shape[0]
    zero = Dual(matrix.ring, (), {0: [0.0]})
    rows = [[zero] * size for _ in range(size)]
    for j in range(size):
        pivot = entry_at(source, j, j)
        for k in range(j):
            pivot = pivot - rows[j][k] * rows[j][k]
        rows[j][j] = real_power(pivot, Fraction(1, 2))
        scale = rows[j][j].reciprocal()
        for i in range(j + 1, size):
            total = entry_at(source, i, j)
            for k in range(j):
                total = total - rows[i][k] * rows[j][k]
            rows[i][j] = total * scale
    return from_rows(rows)


def eigenpairs(matrix: Dual) -> list[Pair]:
    """Eigenvalues, ascending, and eigenvectors of the symmetric part, all of them simple."""
    source = symmetric_part(matrix)
    values, vectors = _jacobi(source.real, matrix.shape[0])
    return [_pair(source, values, vectors, at) for at in range(len(values))]


def extreme_pair(matrix: Dual, at: int) -> Pair:
    """The first (0) or last (-1) of the eigenpairs."""
    source = symmetric_part(matrix)
    values, vectors = _jacobi(source.real, matrix.shape[0])
    return _pair(source, values, vectors, at % len(values))


def _pair(matrix: Dual, values: Flat, vectors: list[Flat], at: int) -> Pair:
    scale = max(1e-3, *map(abs, values))
    if any(abs(v - values[at]) < _GAP * scale for k, v in enumerate(values) if k != at):
        raise BadPoint("an eigenvalue that is not simple")
    start = Dual(matrix.ring, (len(values),), {0: upright(vectors[at])})
    return refined(matrix, values[at], start, normal=None)


def upright(vector: Flat) -> Flat:
    """A vector or its negative: its entries add up to a positive number, or, where that is zero,
    its first entry is positive that is not zero."""
    for number in (sum(vector), *vector):
        if abs(number) > _ZERO[1]:
            return vector if number > 0 else [-entry for entry in vector]
    return vector


def perron_pair(matrix: Dual) -> Pair:
    """The largest eigenvalue of a positive matrix, and its vector with entries that sum to 1: the
    rows of a high power are its multiples.  Products of positive numbers keep the digits of small
    entries, which a linear system would lose.

    Raises BadPoint where another eigenvalue is nearly as large.
    """
    size, ring = matrix.shape[0], matrix.ring
    if any(entry <= 0 for entry in matrix.real):
        raise BadPoint("entries that are not positive")
    power = matrix
    for _ in range(_SQUARINGS):
        power = multiply(power, power)
        power = times(Dual(ring, (), {0: [1 / max(power.real)]}), power)
    ones = Dual(ring, (size,), {0: [1.0] * size})
    vector = apply(power, ones)
    vector = times(dot(ones, vector).reciprocal(), vector)
    image = apply(matrix, vector)
    value = dot(ones, image)
    excess = image - times(value, vector)
    scale = largest(value) * max(1.0, largest(vector))
    if largest(excess) > _SETTLED * scale:
        raise BadPoint("two eigenvalues of nearly the same size")
    return value, vector


def refined(matrix: Dual, value: float, vector: Dual, normal: Dual | None) -> Pair:
    """Newton's method on A*v = v*value and normal'*v = 1, or v'*v = 1."""
    size = vector.shape[0]
    eigenvalue = Dual(matrix.ring, (), {0: [value]})
    one = eigenvalue.constant(1)
    unit = identity(matrix)
    for _ in range(_STEPS):
        shifted = matrix - times(eigenvalue, unit)
        if normal is None:
            below = vector
            excess = combine(((Fraction(1, 2), dot(vector, vector)), (Fraction(-1, 2), one)))
        else:
            below, excess = normal, dot(normal, vector) - one
        system = bordered(shifted, -vector, below)
        step = solve(system, extended(apply(shifted, vector), excess))
        last = {s: part[size:] for s, part in step.parts.items()}
        first = {s: part[:size] for s, part in step.parts.items()}
        vector = vector - Dual(matrix.ring, (size,), first)
        eigenvalue = eigenvalue - Dual(matrix.ring, (), last)
    return eigenvalue, vector


def singular_triples(matrix: Dual) -> list[tuple[Dual, Dual, Dual]]:
    """(u, sigma, v) of a matrix with at least as many rows as columns, descending."""
    rows, columns = matrix.shape
    if rows < columns:
        raise BadPoint("fewer rows than columns")
    pairs = eigenpairs(multiply(transpose(matrix), matrix))
    return [_triple(matrix, pair) for pair in reversed(pairs)]


def top_triple(matrix: Dual) -> tuple[Dual, Dual, Dual]:
    """(u, sigma, v) for the largest singular value."""
    return _triple(matrix, extreme_pair(multiply(transpose(matrix), matrix), -1))


def _triple(matrix: Dual, pair: Pair) -> tuple[Dual, Dual, Dual]:
    square, right = pair
    if square.real[0] <= 1e-9:
        raise BadPoint("a singular value of zero")
    value = real_power(square, Fraction(1, 2))
    return times(value.reciprocal(), apply(matrix, right)), value, right


def polar_factor(matrix: Dual) -> Dual:
    """A*(A'*A)^(-1/2), or (A*A')^(-1/2)*A of a wide matrix."""
    rows, columns = matrix.shape
    turned = transpose(matrix)
    if rows < columns:
        return multiply(inverse(square_root(definite(multiply(matrix, turned)))), matrix)
    return multiply(matrix, inverse(square_root(definite(multiply(turned, matrix)))))


def nuclear_norm(matrix: Dual) -> Dual:
    """The trace of (A'*A)^(1/2), or of (A*A')^(1/2) of a wide matrix."""
    turned = transpose(matrix)
    wide = matrix.shape[0] < matrix.shape[1]
    gram = multiply(matrix, turned) if wide else multiply(turned, matrix)
    return trace(square_root(definite(gram)))


def _jacobi(entries: Flat, size: int) -> tuple[Flat, list[Flat]]:
    """Eigenvalues, ascending, and eigenvectors of a symmetric matrix of floats, by rotations."""
    a = [list(entries[at : at + size]) for at in range(0, size * size, size)]
    v = [[float(i == j) for j in range(size)] for i in range(size)]
    for _ in range(_SWEEPS):
        off = max((abs(a[i][j]) for i in range(size) for j in range(i)), default=0.0)
        if off <= _ROUNDING * max(1e-300, *(abs(entry) for row in a for entry in row)):
            order = sorted(range(size), key=lambda k: a[k][k])
            return [a[k][k] for k in order], [[row[k] for row in v] for k in order]
        for p in range(size):
            for q in range(p + 1, size):
                if a[p][q]:
                    _rotate(a, v, p, q)
    raise BadPoint("a matrix whose eigenvalues were not found")


def _rotate(a: list[Flat], v: list[Flat], p: int, q: int) -> None:
    """The rotation in the plane of p and q that makes a[p][q] zero."""
    theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    t = math.copysign(1.0, theta) / (abs(theta) + math.hypot(theta, 1.0))
    c = 1 / math.hypot(t, 1.0)
    s = t * c
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
    for row in v:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]


def _of_floats(function: Callable[[Dual], Dual]) -> Callable[[Point, Sequence[Dual]], Dual]:
    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        if point.ring.prime is not None:
            raise NoRule("a decomposition has no exact value")
        return function(args[0])

    return definition


SPECTRAL: dict[str, Callable[[Point, Sequence[Dual]], Dual]] = {
    "pinv": lambda point, args: pseudo_inverse(args[0]),
    "chol": _of_floats(cholesky),
    "eigvals": _of_floats(lambda a: from_scalars([value for value, _ in eigenpairs(a)])),
    "eigvecs": _of_floats(lambda a: from_columns([vector for _, vector in eigenpairs(a)])),
    "eigmax": _of_floats(lambda a: extreme_pair(a, -1)[0]),
    "eigmin": _of_floats(lambda a: extreme_pair(a, 0)[0]),
    "eigvecmax": _of_floats(lambda a: extreme_pair(a, -1)[1]),
    "eigvecmin": _of_floats(lambda a: extreme_pair(a, 0)[1]),
    "perron": _of_floats(lambda a: perron_pair(a)[0]),
    "perronvec": _of_floats(lambda a: perron_pair(a)[1]),
    "svdvals": _of_floats(lambda a: from_scalars([s for _, s, _ in singular_triples(a)])),
    "svdu": _of_floats(lambda a: from_columns([u for u, _, _ in singular_triples(a)])),
    "svdv": _of_floats(lambda a: from_columns([v for _, _, v in singular_triples(a)])),
    "lsv": _of_floats(lambda a: top_triple(a)[0]),
    "rsv": _of_floats(lambda a: top_triple(a)[2]),
    "normspec": _of_floats(lambda a: top_triple(a)[1]),
    "normnuc": _of_floats(nuclear_norm),
    "polar": _of_floats(polar_factor),
}
"""What each operator is, without its derivative."""
