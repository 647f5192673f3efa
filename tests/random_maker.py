"""Makes random expressions of any shape, with pairwise different sizes.

Scalars, vectors, matrices and tensors of sizes m, n, p are built top-down, so that every operator
is reached whatever the shape wanted.  They exist nearly everywhere: what is inverted, or stands
under a logarithm, a root or a norm, cannot vanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from random import Random

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import family_of
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Function, make, number, symbol
from matgrad.core.signature import build

M, N, P = (Dim(name) for name in "mnp")
# An integer that is no size: an exponent, and how far sums over an index go.
K = Dim("k")
SIZES = (M, N, P)
# How many members families have.
Q = Dim("q")
# The names of symbols by shape; others are named by their sizes.
NAMES = {(): ("t", "c"), (N,): ("x", "b"), (M, N): ("X", "A"), (N, N): ("Y", "B")} | {
    (M, N, P): ("T", "U")
}
# Constants that keep others away from zero: nothing is declared of these.
AWAY = "R"


def op(name: str, *args: Expr) -> Expr:
    return build(OPERATORS[name], args)


class Maker:
    """Random expressions in the variables `X` (m x n), `Y` (n x n), `x` (n), `t`, `T` (m x n x p),
    in members of the family `z` (of q vectors of size n), and in constants; `ways` are those to
    make an expression of a shape."""

    def __init__(self, random: Random, ways: Callable[[Shape], list[list[Way]]]) -> None:
        self.random = random
        self.ways = ways
        self.f = Function("f", ((M, N),), (P, P))
        self.g = Function("g", ((N,),), (M,))
        self.h = Function("h", ((),), ())
        self.phi = Function("phi", ((),), (), elementwise=True)
        self.indices = ["r", "s", "u", "w1", "w2", "w3"]
        self.places: list[Size] = []
        self.holds = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """While something is made that none of the variables occurs in."""
        outer, self.holds = self.holds, True
        yield
        self.holds = outer

    def symbol(self, shape: Shape) -> Expr:
        """A symbol of this shape: one of the variables where there is one, or a constant; within a
        sum over members, perhaps one of those."""
        if self.places and not self.holds and self.random.random() < 0.6:
            position = (self.random.choice(self.places),)
            return make(OPERATORS["entry"], (self.family(shape),), position, shape)
        if shape in NAMES and not self.holds:
            return symbol(self.random.choice(NAMES[shape]), shape)
        return self.constant(shape)

    def constant(self, shape: Shape) -> Expr:
        """A symbol of this shape that is none of the variables."""
        if shape in NAMES:
            return symbol(NAMES[shape][1], shape)
        return symbol(("v" if len(shape) == 1 else "C") + _sizes(shape), shape)

    def family(self, shape: Shape) -> Expr:
        """An array of members of a shape."""
        if not shape:
            return symbol("g1", (Q,))
        name = self.random.choice(["z", "Z"]) if shape == (N,) else "F" + _sizes(shape)
        return symbol(name, (Q, *shape), family_of(["i"]))

    def make(self, shape: Shape, depth: int) -> Expr:
        """A random expression of this shape."""
        if depth <= 0:
            return self.symbol(shape)
        table = self.random.choice(self.ways(shape))
        return self.random.choice(table)(self, shape, depth - 1)

    def size(self) -> Size:
        return self.random.choice(SIZES)

    def coefficient(self) -> Expr:
        return number(self.random.choice([2, 3, -1, Fraction(1, 2), -2]))

    def part(self, shape: Shape, depth: int) -> Expr:
        """An array of a shape, or a scalar that goes with every entry; no entry is another's."""
        return self.moved(shape if self.random.random() < 0.5 else (), depth)

    def small(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are between -1 and 1."""
        return op("tanh", self.make(shape, depth))

    def share(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are between 0 and 1."""
        return op("sigmoid", self.make(shape, depth))

    def large(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are greater than 1."""
        return op("add", ones(shape), self.positive(shape, depth))

    def positive(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are positive."""
        return op(
            self.random.choice(["exp", "softplus", "sigmoid", "cosh"]), self.make(shape, depth)
        )

    def moved(self, shape: Shape, depth: int) -> Expr:
        """An array, moved away from zero by a constant: a square matrix is nonsingular."""
        away = symbol(AWAY + "".join(map(_letters, shape)), shape)
        return op("add", self.make(shape, depth), away)

    def definite(self, shape: Shape, depth: int) -> Expr:
        """A positive definite matrix whose eigenvalues differ."""
        root = self.moved(shape, depth)
        return op("add", op("matmul", root, op("transpose", root)), identity(shape[0]))

    def real_spectrum(self, shape: Shape, depth: int) -> Expr:
        """A matrix with real eigenvalues that differ, and no symmetric one."""
        return op("matmul", self.definite(shape, 0), self.definite(shape, depth))

    def over(self, body: Callable[[Size], Expr]) -> Expr:
        """A sum over an index of what `body` makes of it."""
        index = self.indices.pop(0)
        term = body(Dim(index))
        self.indices.insert(0, index)
        first = self.random.choice([0, 0, 1])
        data = (index, first, self.random.choice([K - 1, K, 2]))
        return make(OPERATORS["index_sum"], (term,), data, term.shape)

    def members(self, shape: Shape, depth: int) -> Expr:
        """A sum over all members of families, or over neighbours."""
        shift = self.random.random() < 0.2
        index = self.indices.pop(0)
        outer = self.places
        self.places = [*outer, Dim(index) - 1, *([Dim(index)] if shift else [])]
        term = self.make(shape, depth + 1)
        self.places = outer
        self.indices.insert(0, index)
        return make(OPERATORS["index_sum"], (term,), (index, 1, Q - shift), shape)

    def fitted(self, value: Expr, shape: Shape, depth: int) -> Expr:
        """Something of a shape made of a value of any other shape."""
        if value.shape == shape:
            return value
        if not shape:
            weights = symbol("W" + _sizes(value.shape), value.shape)
            return op("sum", op("hadamard", weights, value))
        if not value.shape:
            return op("scale", value, self.make(shape, depth))
        if len(shape) == len(value.shape) == 1:
            return op("matmul", self.constant((*shape, *value.shape)), value)
        if len(shape) == len(value.shape) == 2:
            left = self.constant((shape[0], value.shape[0]))
            return op(
                "matmul", op("matmul", left, value), self.constant((value.shape[1], shape[1]))
            )
        return self.contracted(value, shape)

    def contracted(self, value: Expr, shape: Shape) -> Expr:
        """A value with each axis multiplied by a constant: those that its shape has too many go,
        those that it has too few are that constant's."""
        given, wanted = "abcdefg"[: value.order], "rstuvw"[: len(shape)]
        specs, args = [given], [value]
        for place in range(max(value.order, len(shape))):
            letters, sizes = "", ()
            if place < len(shape):
                letters, sizes = wanted[place], (shape[place],)
            if place < value.order:
                letters, sizes = letters + given[place], (*sizes, value.shape[place])
            specs.append(letters)
            args.append(self.constant(sizes))
        return make(OPERATORS["einsum"], tuple(args), f"{','.join(specs)}->{wanted}", shape)


Way = Callable[[Maker, Shape, int], Expr]


def identity(size: Size) -> Expr:
    return make(OPERATORS["eye"], (), None, (size, size))


def ones(shape: Shape) -> Expr:
    return make(OPERATORS["ones"], (), None, shape) if shape else number(1)


def raised(base: Expr, exponent: Size) -> Expr:
    return make(OPERATORS["matpow"], (base,), exponent, base.shape)


def part(array: Expr, axis: int, begin: Size, length: Size) -> Expr:
    """Entries in a row along one axis."""
    begins = tuple(begin if k == axis else None for k in range(array.order))
    shape = tuple(length if k == axis else size for k, size in enumerate(array.shape))
    return make(OPERATORS["part"], (array,), begins, shape)


def block(columns: int, *blocks: Expr) -> Expr:
    """Matrices in rows of so many."""
    height = sum((b.shape[0] for b in blocks[::columns]), 0)
    width = sum((b.shape[1] for b in blocks[:columns]), 0)
    grid = (len(blocks) // columns, columns)
    return make(OPERATORS["block"], blocks, grid, (height, width))


def _sizes(shape: Shape) -> str:
    """A shape as part of a name, another for every shape."""
    sizes = [_letters(size) for size in shape]
    between = "" if all(len(size) == 1 for size in sizes) else "_"
    return between + between.join(sizes)


def _letters(size: Size) -> str:
    return re.sub(r"\W", "", str(size).replace("+", "a").replace("-", "s"))
