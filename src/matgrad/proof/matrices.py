"""Inverse, solve, determinant, adjugate and powers of a matrix over the dual numbers.

Floor 4.  A linear system is eliminated on real parts and the rest follows, because a
displacement is nilpotent.  Determinant and adjugate come from the characteristic polynomial
(Faddeev and LeVerrier: n products, divisions by 1 … n only), so they hold at singular points.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import prod

from matgrad.proof.arrays import Flat, Label, pairing
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual, combine, divide_out, repeated
from matgrad.proof.ring import BadPoint, Ring


def solve(matrix: Dual, right: Dual) -> Dual:
    """The solution Y of matrix·Y = right (a vector, a matrix or more axes)."""
    ring, size = matrix.ring, matrix.shape[0]
    width = len(right.real) // size if size else 0
    ring.spend(size * size * (size + width))
    inverse = eliminate(ring, matrix.real, size)
    return divide_out(
        matrix, right, _times(inverse, size, width), lambda a, b: _times(a, size, width)(b)
    )


def inverse(matrix: Dual) -> Dual:
    """The solution Y of matrix·Y = I."""
    return solve(matrix, identity(matrix))


def determinant(matrix: Dual) -> Dual:
    """The determinant; of plain values by elimination, with derivatives without division."""
    if len(matrix.parts) > 1:
        return characteristic(matrix)[1]
    ring, size = matrix.ring, matrix.shape[0]
    ring.spend(size**3)
    return Dual(ring, (), {0: ring.settle([prod(pivots(ring, matrix.real, size))])})


def adjugate(matrix: Dual) -> Dual:
    """The adjugate: the transposed matrix of cofactors, at singular points too."""
    return characteristic(matrix)[0]


def characteristic(matrix: Dual) -> tuple[Dual, Dual]:
    """Adjugate and determinant, as the last terms of the characteristic polynomial.

    M_1 = I, c_k = -tr(A M_k)/k, M_{k+1} = A M_k + c_k I; then adj A = (-1)^(n-1) M_n and
    det A = (-1)^n c_n.
    """
    ring, size = matrix.ring, matrix.shape[0]
    unit = identity(matrix)
    term, sign = unit, (-1) ** size
    for step in range(1, size + 1):
        product = multiply(matrix, term)
        coefficient = combine(((Fraction(-1, step), trace(product)),))
        if step == size:
            return combine(((-sign, term),)), combine(((sign, coefficient),))
        term = product + _scaled(coefficient, unit)
    return unit, Dual(ring, (), {0: [ring.number(1)]})


def matrix_power(matrix: Dual, exponent: int) -> Dual:
    """An integer power of a square matrix."""
    if exponent < 0:
        return matrix_power(inverse(matrix), -exponent)
    return repeated(matrix, exponent, identity(matrix), multiply)


def identity(like: Dual) -> Dual:
    """The identity matrix of the shape of `like`."""
    size = like.shape[0]
    return Dual(like.ring, (size, size), {0: _identity(like.ring, size)})


def multiply(left: Dual, right: Dual) -> Dual:
    """The matrix product."""
    (rows, depth), columns = left.shape, right.shape[1]
    sizes: dict[Label, int] = {"i": rows, "k": depth, "j": columns}
    operands = ((left, ("i", "k")), (right, ("k", "j")))
    return contract(left.ring, operands, ("i", "j"), sizes, (rows, columns))


def transpose(matrix: Dual) -> Dual:
    """Rows and columns exchanged."""
    rows, columns = matrix.shape
    sizes: dict[Label, int] = {"i": rows, "j": columns}
    return contract(matrix.ring, ((matrix, ("i", "j")),), ("j", "i"), sizes, (columns, rows))


def trace(matrix: Dual) -> Dual:
    """The sum of the diagonal."""
    return contract(matrix.ring, ((matrix, ("i", "i")),), (), {"i": matrix.shape[0]}, ())


def largest(matrix: Dual) -> float:
    """The largest coefficient of an entry."""
    return max(float(abs(entry)) for part in matrix.parts.values() for entry in part)


def eliminate(ring: Ring, entries: Flat, size: int) -> Flat:
    """The inverse of a matrix of plain numbers.  Raises BadPoint when it is singular."""
    unit = _identity(ring, size)
    rows = [entries[at : at + size] + unit[at : at + size] for at in range(0, size * size, size)]
    scales = _scales(rows)
    for column in range(size):
        _bring_pivot(ring, rows, column, scales[column])
        factor = ring.reciprocal(rows[column][column])
        rows[column] = pivot_row = ring.settle([factor * entry for entry in rows[column]])
        for at, row in enumerate(rows):
            if at != column and row[column]:
                rows[at] = _without(ring, row, row[column], pivot_row)
    return [entry for row in rows for entry in row[size:]]


def pivots(ring: Ring, entries: Flat, size: int) -> list[float]:
    """Numbers whose product is the determinant; a zero among them when it is singular."""
    rows = [entries[at : at + size] for at in range(0, size * size, size)]
    found: list[float] = []
    scales = _scales(rows)
    for column in range(size):
        try:
            swapped = _bring_pivot(ring, rows, column, scales[column])
        except BadPoint:
            return [ring.number(0)]
        pivot_row = rows[column]
        found.append(-pivot_row[column] if swapped else pivot_row[column])
        factor = ring.reciprocal(pivot_row[column])
        for at in range(column + 1, size):
            if rows[at][column]:
                (multiple,) = ring.settle([rows[at][column] * factor])
                rows[at] = _without(ring, rows[at], multiple, pivot_row)
    return found


def _scales(rows: list[Flat]) -> Flat:
    return [max(map(abs, column)) for column in zip(*rows, strict=True)]


def _bring_pivot(ring: Ring, rows: list[Flat], column: int, scale: float) -> bool:
    """Swap the best row below into place; True when rows changed places."""
    found = ring.pivot([row[column] for row in rows[column:]], scale)
    if found is None:
        raise BadPoint("a singular matrix")
    at = column + found
    rows[column], rows[at] = rows[at], rows[column]
    return found > 0


def _without(ring: Ring, row: Flat, multiple: float, other: Flat) -> Flat:
    return ring.settle([a - multiple * b for a, b in zip(row, other, strict=True)])


def _identity(ring: Ring, size: int) -> Flat:
    entries = [ring.number(0)] * (size * size)
    entries[:: size + 1] = [ring.number(1)] * size
    return entries


def _scaled(factor: Dual, matrix: Dual) -> Dual:
    sizes: dict[Label, int] = {"i": matrix.shape[0], "j": matrix.shape[1]}
    operands = ((factor, ()), (matrix, ("i", "j")))
    return contract(matrix.ring, operands, ("i", "j"), sizes, matrix.shape)


def _times(matrix: Flat, size: int, width: int) -> Callable[[Flat], Flat]:
    """Multiplication from the left by one matrix of plain numbers."""
    sizes: dict[Label, int] = {"i": size, "k": size, "j": width}
    plan = pairing(("i", "k"), ("k", "j"), frozenset("ij"), sizes)
    return partial(plan.product, matrix)
