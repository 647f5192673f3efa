"""The operators that are called by name, for expressions built in Python.

Floor 5.  Names and meaning are those of the NumPy dialect; shapes are checked at the call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matgrad.api.expressions import Expression, operator_call
from matgrad.catalogue import structure
from matgrad.core.dims import Shape
from matgrad.core.expr import make
from matgrad.notation.read import read_shape

Call = Callable[..., Expression]


def _named(name: str) -> Call:
    return partial(operator_call, name)


inv, det, logdet, adj = map(_named, ("inv", "det", "logdet", "adj"))
solve, norm2, normF, norm1 = map(_named, ("solve", "norm2", "normF", "norm1"))
tr, diag, diagvec, vec = map(_named, ("trace", "diag", "diagvec", "vec"))
outer, inner, kron, sum = map(_named, ("outer", "inner", "kron", "sum"))
exp, log, sqrt, sin, cos, tan = map(_named, ("exp", "log", "sqrt", "sin", "cos", "tan"))
sinh, cosh, tanh = map(_named, ("sinh", "cosh", "tanh"))
arcsin, arccos, arctan = map(_named, ("asin", "acos", "atan"))
sigmoid, softplus, relu, erf = map(_named, ("sigmoid", "softplus", "relu", "erf"))
abs, sign, step = map(_named, ("abs", "sign", "step"))


def eye(size: str | int) -> Expression:
    """The identity matrix: `eye("n")`."""
    (axis,) = _shape((size,))
    return Expression(make(structure.eye, (), None, (axis, axis)))


def ones(*sizes: str | int) -> Expression:
    """An array of ones: `ones("m", "n")`."""
    return Expression(make(structure.ones, (), None, _shape(sizes)))


def zeros(*sizes: str | int) -> Expression:
    """An array of zeros: `zeros("n")`."""
    return Expression(make(structure.zeros, (), None, _shape(sizes)))


def _shape(sizes: tuple[str | int, ...]) -> Shape:
    return tuple(axis for size in sizes for axis in read_shape(str(size)))


__all__ = [
    "abs",
    "adj",
    "arccos",
    "arcsin",
    "arctan",
    "cos",
    "cosh",
    "det",
    "diag",
    "diagvec",
    "erf",
    "exp",
    "eye",
    "inner",
    "inv",
    "kron",
    "log",
    "logdet",
    "norm1",
    "norm2",
    "normF",
    "ones",
    "outer",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "solve",
    "sqrt",
    "step",
    "sum",
    "tan",
    "tanh",
    "tr",
    "vec",
    "zeros",
]
