"""What a function of a matrix means when only the scalar function's name is given.

Floor 4.  An unknown function of floats is a sum of sines, whose series at a matrix is known: with
f(x) = c + sum of c_r*sin(w_r*x + a_r), f(A) is c*I plus the c_r*(sin(w_r*A)*cos(a_r) +
cos(w_r*A)*sin(a_r)).  A divided difference is the entry 1, 2 of f at [x 1; 0 y].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.germs import ARGUMENT, PRIME
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, Expr
from matgrad.proof.cumulative import slices
from matgrad.proof.dual import Dual, combine
from matgrad.proof.functions import derived, sine_and_cosine
from matgrad.proof.matrices import identity
from matgrad.proof.pieces import entry_at, from_rows
from matgrad.proof.point import Point
from matgrad.proof.roots import MatrixFunction
from matgrad.proof.unknown import Sines, SmoothUnknowns


def matrix_function(germ: Expr, point: Point) -> MatrixFunction:
    """The function that a germ, f or f' or f'' …, makes of matrices.

    Raises NoRule where f has values at single numbers only, as in a field.
    """
    times = 0
    while germ.op is PRIME:
        germ, times = germ.args[0], times + 1
    if germ.op is not APPLY:
        raise NoRule("a function of a matrix needs the name of a function")
    if isinstance(point.unknowns, SmoothUnknowns):
        return _of_sines(point.unknowns.scalar(germ.data[0]), times)
    return partial(_by_blocks, point.unknowns.of_matrices(germ.data[0], times))


def _of_sines(sines: Sines, times: int) -> MatrixFunction:
    def value(matrix: Dual) -> Dual:
        unit = identity(matrix)
        terms = [(0.0 if times else sines.offset[0], unit)]
        for (weight,), phase, (speed,) in sines.terms:
            sine, cosine = sine_and_cosine(combine(((speed, matrix),)))
            factor, angle = weight * speed**times, phase + times * math.pi / 2
            terms += ((factor * math.cos(angle), sine), (factor * math.sin(angle), cosine))
        return combine(terms)

    return value


def _by_blocks(function: MatrixFunction, matrix: Dual) -> Dual:
    """A function of matrices of floats at A + eps*E: it is f(A) + eps*L, the first row of blocks
    of f([A E; 0 A])."""
    halves = matrix.split()
    if halves is None:
        return function(matrix)
    eps, low, high = halves
    a, e, size = slices(low), slices(high), matrix.shape[0]
    above = [[*slices(x), *slices(y)] for x, y in zip(a, e, strict=True)]
    below = [[*(entry - entry for entry in slices(x)), *slices(x)] for x in a]
    whole = slices(_by_blocks(function, from_rows(above + below)))
    rows = [slices(row) for row in whole[:size]]
    value, slope = (from_rows([row[k : k + size] for row in rows]) for k in (0, size))
    return value.displaced(eps, slope)


def _value(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    return matrix_function(node.args[0], point)(args[1])


def _derivative(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    return derived(matrix_function(node.args[0], point), *args[1:])


def _loewner(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    function, entries = matrix_function(node.args[0], point), slices(args[1])
    zero, one = entries[0].constant(0), entries[0].constant(1)
    pairs = [[from_rows([[x, one], [zero, y]]) for y in entries] for x in entries]
    return from_rows([[entry_at(function(pair), 0, 1) for pair in row] for row in pairs])


GERMS = {
    OPERATORS["funm"]: _value,
    **{OPERATORS[f"funm_frechet{times}"]: _derivative for times in ("", "2", "3")},
    OPERATORS["loewner"]: _loewner,
    ARGUMENT: lambda node, args, point: Dual(point.ring, (), {0: [point.ring.number(0)]}),
    PRIME: lambda node, args, point: args[0],
}
"""What each operator is, without its derivative: of a node, which holds the function."""
