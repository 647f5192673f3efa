"""Surface expressions written with Python's operators, for tests that need no reader."""

from __future__ import annotations

from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Function, apply, number, symbol
from matgrad.core.signature import build


class Surface:
    """An expression with `@` for products, `*` for scaling or entrywise products."""

    def __init__(self, expr: Expr) -> None:
        self.expr = expr

    def __add__(self, other: Surface) -> Surface:
        return call("add", self, other)

    def __sub__(self, other: Surface) -> Surface:
        return call("sub", self, other)

    def __neg__(self) -> Surface:
        return call("neg", self)

    def __matmul__(self, other: Surface) -> Surface:
        return call("matmul", self, other)

    def __mul__(self, other: Surface) -> Surface:
        return call("scale" if not self.expr.shape else "hadamard", self, other)

    def __rmul__(self, other: int | Fraction) -> Surface:
        return call("scale", num(other), self)

    def __truediv__(self, other: Surface) -> Surface:
        return call("divide", self, other)

    def __pow__(self, exponent: int | Fraction) -> Surface:
        return call("power", self, data=Fraction(exponent))

    @property
    def T(self) -> Surface:
        return call("transpose", self)


def call(name: str, *args: Surface, data: object = None, shape: Shape | None = None) -> Surface:
    return Surface(build(OPERATORS[name], tuple(arg.expr for arg in args), data, shape))


def num(value: Size) -> Surface:
    return Surface(number(value))


def sym(name: str, *sizes: str | int, given: str = "") -> Surface:
    """A symbol; sizes are names or numbers, `given` lists its properties."""
    return Surface(symbol(name, dims(*sizes), given.split()))


def dims(*sizes: str | int) -> Shape:
    return tuple(Dim(size) if isinstance(size, str) else size for size in sizes)


def unknown(name: str, params: list[Shape], value: Shape, given: str = "") -> Function:
    return Function(name, tuple(params), value, properties=frozenset(given.split()))


def at(function: Function, *args: Surface, by: tuple[int, ...] = ()) -> Surface:
    """An unknown function, or its derivative tensor by the arguments `by`, at `args`."""
    return Surface(apply(function, tuple(arg.expr for arg in args), by))


def einsum(spec: str, *args: Surface, shape: Shape) -> Surface:
    return call("einsum", *args, data=spec, shape=shape)


def ones(*sizes: str | int) -> Surface:
    return call("ones", shape=dims(*sizes))


def eye(size: str | int) -> Surface:
    return call("eye", shape=dims(size, size))
