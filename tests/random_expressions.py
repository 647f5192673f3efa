"""Random expressions over every operator of the catalogue, with pairwise different sizes.

A generator of trees for the property tests: scalars, vectors and matrices of sizes m, n, p, q,
built top-down so that every operator is reached whatever the shape wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Function, apply, make, number, symbol
from matgrad.core.signature import build

M, N, P, Q = (Dim(name) for name in "mnpq")
SIZES = (M, N, P)

_ELEMENTWISE = sorted(name for name, op in OPERATORS.items() if op.kind == "elementwise")
# Functions that are defined and smooth everywhere need no care about their arguments.
_SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "sinh", "cosh", "atan", "erf")


def op(name: str, *args: Expr) -> Expr:
    return build(OPERATORS[name], args)


class Maker:
    """Random expressions in the variables `X` (m x n), `Y` (n x n), `x` (n), `t` and constants."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.f = Function("f", ((M, N),), (P, P))
        self.g = Function("g", ((N,),), (M,))
        self.h = Function("h", ((),), ())
        self.phi = Function("phi", (), (), elementwise=True)

    def symbol(self, shape: Shape) -> Expr:
        """A symbol of this shape: one of the variables where there is one, or a constant."""
        names = {
            (): ("t", "c"),
            (N,): ("x", "b"),
            (M, N): ("X", "A"),
            (N, N): ("Y", "B"),
        }.get(shape)
        if names:
            return symbol(self.random.choice(names), shape)
        return symbol(("v" if len(shape) == 1 else "C") + "".join(map(_letters, shape)), shape)

    def make(self, shape: Shape, depth: int) -> Expr:
        """A random expression of this shape."""
        if depth <= 0:
            return self.symbol(shape)
        choices = [_ANY, _BY_ORDER[len(shape)]]
        if len(shape) == 2 and shape[0] == shape[1]:
            choices.append(_SQUARE)
        table = self.random.choice(choices)
        return self.random.choice(table)(self, shape, depth - 1)

    def size(self) -> Size:
        return self.random.choice(SIZES)

    def coefficient(self) -> Expr:
        return number(self.random.choice([2, 3, -1, Fraction(1, 2), -2]))

    def smooth(self, arg: Expr) -> Expr:
        return op(self.random.choice(_SMOOTH), arg)

    def positive(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are positive."""
        return op(self.random.choice(["exp", "softplus", "sigmoid", "cosh"]), self.make(shape, depth))


Way = Callable[[Maker, Shape, int], Expr]


def _letters(size: Size) -> str:
    return str(size).replace("*", "").replace("^", "")


def _ones(shape: Shape) -> Expr:
    return make(OPERATORS["ones"], (), None, shape) if shape else number(1)


def _domain(maker: Maker, shape: Shape, depth: int) -> Expr:
    """Functions that need their arguments in a domain."""
    inner = maker.positive(shape, depth)
    name = maker.random.choice(["log", "sqrt", "abs", "sign", "step", "relu", "tan", "asin", "acos"])
    if name in ("asin", "acos"):
        inner = op("tanh", maker.make(shape, depth))
    return op(name, inner)


_ANY: list[Way] = [
    lambda k, s, d: op("add", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("sub", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("neg", k.make(s, d)),
    lambda k, s, d: op("scale", k.make((), d), k.make(s, d)),
    lambda k, s, d: op("scale", k.coefficient(), k.make(s, d)),
    lambda k, s, d: op("hadamard", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive((), d)),
    lambda k, s, d: k.smooth(k.make(s, d)),
    lambda k, s, d: build(OPERATORS["power"], (k.make(s, d),), k.random.choice([2, 3])),
    lambda k, s, d: build(
        OPERATORS["power"], (k.positive(s, d),), k.random.choice([-1, Fraction(3, 2), -2])
    ),
    lambda k, s, d: apply(k.phi, (k.make(s, d),)),
    _domain,
]

_SCALAR: list[Way] = [
    lambda k, s, d: op("trace", k.make((N, N), d)),
    lambda k, s, d: op("trace", op("matmul", k.make((M, N), d), k.make((N, M), d))),
    lambda k, s, d: op("det", k.make((N, N), d)),
    lambda k, s, d: op("logdet", k.make((N, N), d)),
    lambda k, s, d: op("matmul", k.make((N,), d), k.make((N,), d)),
    lambda k, s, d: op("matmul", op("matmul", k.make((M,), d), k.make((M, N), d)), k.make((N,), d)),
    lambda k, s, d: op("sum", k.make((N,), d)),
    lambda k, s, d: op("sum", k.make((M, N), d)),
    lambda k, s, d: op("inner", k.make((M, N), d), k.make((M, N), d)),
    lambda k, s, d: op("norm2", k.make((N,), d)),
    lambda k, s, d: op("normF", k.make((M, N), d)),
    lambda k, s, d: op("norm1", k.make((N,), d)),
    lambda k, s, d: apply(k.h, (k.make((), d),)),
    lambda k, s, d: make(OPERATORS["entry"], (k.make((M, N), d),), (0, 1), ()),
    lambda k, s, d: op("matmul", k.make((N, N), d), k.make((N,), d)) and op("sum", k.make((N,), d)),
]

_VECTOR: list[Way] = [
    lambda k, s, d: _through(k, s, d),
    lambda k, s, d: _through(k, s, d),
    lambda k, s, d: op("sum1", k.make((s[0], k.size()), d)),
    lambda k, s, d: op("sum0", k.make((k.size(), s[0]), d)),
    lambda k, s, d: op("diagvec", k.make((s[0], s[0]), d)),
    lambda k, s, d: op("solve", _regular(k, s[0], d), k.make(s, d)),
    lambda k, s, d: apply(k.g, (k.make((N,), d),)) if s == (M,) else _through(k, s, d),
    lambda k, s, d: _ones(s),
]


def _through(k: Maker, s: Shape, d: int) -> Expr:
    size = k.size()
    if k.random.random() < 0.5:
        return op("matmul", k.make((s[0], size), d), k.make((size,), d))
    return op("matmul", k.make((size,), d), k.make((size, s[0]), d))


def _product(k: Maker, s: Shape, d: int) -> Expr:
    size = k.size()
    return op("matmul", k.make((s[0], size), d), k.make((size, s[1]), d))


def _regular(k: Maker, size: Size, d: int) -> Expr:
    """A square matrix that is nonsingular nearly everywhere."""
    return k.make((size, size), d)


_MATRIX: list[Way] = [
    _product,
    _product,
    lambda k, s, d: op("transpose", k.make(s[::-1], d)),
    lambda k, s, d: op("outer", k.make((s[0],), d), k.make((s[1],), d)),
    lambda k, s, d: op("matmul", op("diag", k.make((s[0],), d)), k.make(s, d)),
    lambda k, s, d: op("solve", _regular(k, s[0], d), k.make(s, d)),
    lambda k, s, d: _ones(s),
]

_SQUARE: list[Way] = [
    lambda k, s, d: op("inv", _regular(k, s[0], d)),
    lambda k, s, d: op("adj", k.make(s, d)),
    lambda k, s, d: op("diag", k.make((s[0],), d)),
    lambda k, s, d: make(OPERATORS["eye"], (), None, s),
    lambda k, s, d: build(OPERATORS["matpow"], (k.make(s, d),), k.random.choice([2, 3, -1])),
    lambda k, s, d: apply(k.f, (k.make((M, N), d),)) if s == (P, P) else op("inv", k.make(s, d)),
]

_BY_ORDER = {0: _SCALAR, 1: _VECTOR, 2: _MATRIX}

# Results of these shapes are differentiated; sizes made of sizes come from kron and vec.
SHAPES: tuple[Shape, ...] = ((), (), (), (), (N,), (M,), (M, N), (N, N), (P, P))


def expression(seed: int) -> tuple[Expr, Expr]:
    """A random expression and the symbol to differentiate it by."""
    random = Random(seed)
    maker = Maker(random)
    shape = random.choice(SHAPES)
    root = maker.make(shape, random.choice([1, 2, 2, 3, 3]))
    joined = random.random()
    if joined < 0.03 and root.order == 2:
        root = op("vec", root)
    elif joined < 0.06 and root.order == 2:
        root = op("kron", root, maker.make((M, N), 1))
    elif joined < 0.08:
        root = op("trace", op("kron", maker.make((N, N), 2), maker.make((P, P), 1)))
    variable = random.choice(
        [symbol("X", (M, N)), symbol("Y", (N, N)), symbol("x", (N,)), symbol("t", ())]
    )
    return root, variable
