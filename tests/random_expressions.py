"""Random expressions over every operator of the catalogue, with pairwise different sizes.

A generator of trees for the property tests: scalars, vectors and matrices of sizes m, n, p,
built top-down so that every operator is reached whatever the shape wanted.  They exist nearly
everywhere: what is inverted, or stands under a logarithm, a root or a norm, cannot vanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from random import Random

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import family_of, indices_of
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Function, apply, make, number, symbol, walk
from matgrad.core.signature import build
from samples import germ

M, N, P = (Dim(name) for name in "mnp")
# An integer that is no size: an exponent, and how far sums over an index go.
K = Dim("k")
SIZES = (M, N, P)
# How many members families have.
Q = Dim("q")

# Scalar functions by where they are defined and smooth: what their records ask of x.
_DOMAINS = {
    (): "make",
    ("x > 0",): "positive",
    ("x > -1",): "positive",
    ("x != 0",): "positive",
    ("cos(x) != 0",): "small",
    ("sin(x) != 0",): "share",
    ("abs(x) < 1",): "small",
    ("0 < x < 1",): "share",
    ("x > 1",): "large",
    ("x no whole number",): "make",
    ("x + 1/2 no whole number",): "make",
}
# Scalar functions of several operands: their operands are whatever, unless a number is positive.
ENTRYWISE = "gelu silu mish logsigmoid leaky_relu elu".split()
PAIRS = "maximum minimum logaddexp".split()
SCALARS = {
    name: _DOMAINS[op.conditions]
    for name, op in OPERATORS.items()
    if op.kind == "elementwise" and op.conditions in _DOMAINS and op.differential
    # The derivatives of these have no rule in their turn.
    if name not in ("digamma", "trigamma")
}


def op(name: str, *args: Expr) -> Expr:
    return build(OPERATORS[name], args)


class Maker:
    """Random expressions in the variables `X` (m x n), `Y` (n x n), `x` (n), `t`, in members of
    the family `z` (of q vectors of size n), and in constants."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.f = Function("f", ((M, N),), (P, P))
        self.g = Function("g", ((N,),), (M,))
        self.h = Function("h", ((),), ())
        self.phi = Function("phi", ((),), (), elementwise=True)
        self.indices = ["r", "s", "u", "w1", "w2", "w3"]
        self.places: list[Size] = []

    def symbol(self, shape: Shape) -> Expr:
        """A symbol of this shape: one of the variables where there is one, or a constant; within a
        sum over members, perhaps one of those."""
        if self.places and self.random.random() < 0.6:
            position = (self.random.choice(self.places),)
            return make(OPERATORS["entry"], (self.family(shape),), position, shape)
        names = {
            (): ("t", "c"),
            (N,): ("x", "b"),
            (M, N): ("X", "A"),
            (N, N): ("Y", "B"),
        }.get(shape)
        if names:
            return symbol(self.random.choice(names), shape)
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
        choices = [_ANY, _BY_ORDER[len(shape)]]
        if len(shape) == 2 and shape[0] == shape[1]:
            choices.append(_SQUARE)
        table = self.random.choice(choices)
        return self.random.choice(table)(self, shape, depth - 1)

    def size(self) -> Size:
        return self.random.choice(SIZES)

    def coefficient(self) -> Expr:
        return number(self.random.choice([2, 3, -1, Fraction(1, 2), -2]))

    def scalar_function(self, shape: Shape, depth: int) -> Expr:
        """A scalar function of something in its domain."""
        name = self.random.choice(sorted(SCALARS))
        return op(name, getattr(self, SCALARS[name])(shape, depth))

    def part(self, shape: Shape, depth: int) -> Expr:
        """An array of a shape, or a scalar that goes with every entry; no entry is another's."""
        return self.moved(shape if self.random.random() < 0.5 else (), depth)

    def activation(self, shape: Shape, depth: int) -> Expr:
        name = self.random.choice(ENTRYWISE)
        further = [self.symbol(())] if name in ("leaky_relu", "elu") else []
        return op(name, self.make(shape, depth), *further)

    def piecewise(self, shape: Shape, depth: int) -> Expr:
        """A function with cases: they are chosen by something that is no constant."""
        name = self.random.choice(["where", "clip", "huber", "soft_threshold"])
        first = self.make(shape, depth)
        if name == "where":
            return op(name, first, self.part(shape, 0), self.make(shape, depth), self.part((), 0))
        if name == "clip":
            return op(name, first, number(-1), self.positive((), 0))
        return op(name, first, self.positive((), 0))

    def reduced(self, shape: Shape, depth: int) -> Expr:
        """A reduction of the columns or of the rows of a matrix."""
        axis, other = self.random.choice([0, 1]), self.size()
        name = self.random.choice(["max", "min", "prod", "vecnorm", "logsumexp"])
        matrix = self.moved((other, *shape) if axis == 0 else (*shape, other), depth)
        return op(f"{name}{axis}", matrix)

    def sliced(self, shape: Shape, depth: int) -> Expr:
        """Part of a larger array, its beginning or its end."""
        axis, more = self.random.randrange(len(shape)), self.size()
        larger = tuple(n + more if k == axis else n for k, n in enumerate(shape))
        begin = self.random.choice([0, more])
        return part(self.make(larger, depth), axis, begin, shape[axis])

    def line(self, shape: Shape, depth: int) -> Expr:
        """A row or a column of a matrix."""
        axis, at, size = self.random.randrange(2), self.random.choice([0, 1, "i"]), self.size()
        matrix = self.make((size, *shape) if axis == 0 else (*shape, size), depth)
        return make(OPERATORS["entry" if axis == 0 else "component"], (matrix,), (at,), shape)

    def small(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are between -1 and 1."""
        return op("tanh", self.make(shape, depth))

    def share(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are between 0 and 1."""
        return op("sigmoid", self.make(shape, depth))

    def large(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are greater than 1."""
        return op("add", _ones(shape), self.positive(shape, depth))

    def positive(self, shape: Shape, depth: int) -> Expr:
        """Something whose entries are positive."""
        return op(
            self.random.choice(["exp", "softplus", "sigmoid", "cosh"]), self.make(shape, depth)
        )

    def regular(self, size: Size, depth: int) -> Expr:
        """A square matrix that is nonsingular nearly everywhere."""
        return self.moved((size, size), depth)

    def function(self, shape: Shape, depth: int) -> Expr:
        """A function of a matrix that is not large, or a solution of Sylvester's equation."""
        if self.random.random() < 0.3:
            left, right = (self.definite(shape[0], depth - 1) for _ in range(2))
            return op("sylv", left, right, self.make(shape, depth))
        name = self.random.choice(["expm", "sinm", "cosm", "sinhm", "coshm", "funm"])
        first = (germ(self.phi, self.random.randrange(2)),) if name == "funm" else ()
        return op(name, *first, self.small(shape, depth))

    def definite(self, size: Size, depth: int) -> Expr:
        """A positive definite matrix whose eigenvalues differ."""
        root = self.moved((size, size), depth)
        return op("add", op("matmul", root, op("transpose", root)), _identity(size))

    def definite_function(self, shape: Shape, depth: int) -> Expr:
        """A function or a factor of a positive definite matrix."""
        name = self.random.choice(["sqrtm", "logm", "chol", "pinv"])
        return op(name, self.definite(shape[0], depth - 1))

    def spectrum(self, shape: Shape, depth: int) -> Expr:
        """Eigenvalues, or an eigenvector."""
        name = self.random.choice(["eigvals", "eigvecmax"])
        return op(name, self.definite(shape[0], depth - 1))

    def summed_spectrum(self, depth: int) -> Expr:
        """A number made of eigenvalues or singular values."""
        name = self.random.choice(["eigmax", "eigmin", "normspec", "normnuc"])
        return op(name, self.definite(N, depth - 1))

    def moved(self, shape: Shape, depth: int) -> Expr:
        """An array, moved away from zero by a constant that occurs nowhere else."""
        away = symbol("R" + "".join(map(_letters, shape)), shape)
        return op("add", self.make(shape, depth), away)

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

    def weighted(self, shape: Shape, depth: int) -> Expr:
        """A sum over an index r of something times r + 1, or of a function of r times something."""
        name = self.random.choice(["neg", "sin", "tanh", "exp"])

        def body(index: Size) -> Expr:
            weight = number(index + 1)
            term = op("scale", weight, self.make(shape, depth))
            return op(name, term) if name != "neg" else term

        return self.over(body)

    def powers(self, shape: Shape, depth: int) -> Expr:
        """A sum over an index r of B^r*C, of B^r*C*D^(k-r), or of r*B^r."""

        def body(index: Size) -> Expr:
            base, other = self.make(shape, depth), self.make(shape, depth)
            first = raised(base, index)
            choice = self.random.randrange(3)
            if choice == 0:
                return op("scale", number(index + 1), first)
            second = op("matmul", first, other)
            return op("matmul", second, raised(base, K + 1 - index)) if choice == 1 else second

        return self.over(body)


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


Way = Callable[[Maker, Shape, int], Expr]


def raised(base: Expr, exponent: Size) -> Expr:
    return make(OPERATORS["matpow"], (base,), exponent, base.shape)


def _sizes(shape: Shape) -> str:
    """A shape as part of a name, another for every shape."""
    sizes = [_letters(size) for size in shape]
    between = "" if all(len(size) == 1 for size in sizes) else "_"
    return between + between.join(sizes)


def _letters(size: Size) -> str:
    return re.sub(r"\W", "", str(size))


def _identity(size: Size) -> Expr:
    return make(OPERATORS["eye"], (), None, (size, size))


def _ones(shape: Shape) -> Expr:
    return make(OPERATORS["ones"], (), None, shape) if shape else number(1)


_ANY: list[Way] = [
    lambda k, s, d: op("add", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("sub", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("neg", k.make(s, d)),
    lambda k, s, d: op("scale", k.make((), d), k.make(s, d)),
    lambda k, s, d: op("scale", k.coefficient(), k.make(s, d)),
    lambda k, s, d: op("hadamard", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive((), d)),
    lambda k, s, d: k.scalar_function(s, d),
    lambda k, s, d: k.scalar_function(s, d),
    lambda k, s, d: op("sqrt", k.positive(s, d)),
    lambda k, s, d: build(OPERATORS["power"], (k.make(s, d),), k.random.choice([2, 3])),
    lambda k, s, d: build(
        OPERATORS["power"], (k.positive(s, d),), k.random.choice([-1, Fraction(3, 2), -2])
    ),
    lambda k, s, d: apply(k.phi, (k.make(s, d),)),
    lambda k, s, d: k.activation(s, d),
    lambda k, s, d: op(k.random.choice(PAIRS), k.make(s, d), k.part(s, d)),
    lambda k, s, d: k.piecewise(s, d),
    lambda k, s, d: op(
        k.random.choice(["hypot", "atan2", "lbeta", "pow"]), k.positive(s, d), k.positive(s, d)
    ),
    lambda k, s, d: k.weighted(s, d),
    lambda k, s, d: k.members(s, d),
    lambda k, s, d: k.members(s, d),
    lambda k, s, d: build(OPERATORS["power"], (k.make(s, d),), K),
]

_SCALAR: list[Way] = [
    lambda k, s, d: op("trace", k.make((N, N), d)),
    lambda k, s, d: op("trace", op("matmul", k.make((M, N), d), k.make((N, M), d))),
    lambda k, s, d: op("det", k.make((N, N), d)),
    lambda k, s, d: op("logdet", k.regular(N, d)),
    lambda k, s, d: op("matmul", k.make((N,), d), k.make((N,), d)),
    lambda k, s, d: op("matmul", op("matmul", k.make((M,), d), k.make((M, N), d)), k.make((N,), d)),
    lambda k, s, d: op("sum", k.make((N,), d)),
    lambda k, s, d: op("sum", k.make((M, N), d)),
    lambda k, s, d: op(k.random.choice(["mean", "numel"]), k.make((M, N), d)),
    lambda k, s, d: op("inner", k.make((M, N), d), k.make((M, N), d)),
    lambda k, s, d: op("prod", k.moved((N,), d)),
    lambda k, s, d: op(k.random.choice(["max", "min", "norminf"]), k.moved((N,), d)),
    lambda k, s, d: op("logsumexp", k.make((N,), d)),
    lambda k, s, d: op("normF", op("add", _blocks(k, d), symbol("Rr", (M + N, M + N)))),
    lambda k, s, d: op("norm2", k.moved((N,), d)),
    lambda k, s, d: op("normF", k.moved((M, N), d)),
    lambda k, s, d: op("norm1", k.moved((N,), d)),
    lambda k, s, d: apply(k.h, (k.make((), d),)),
    lambda k, s, d: make(OPERATORS["entry"], (k.make((M, N), d),), (0, 1), ()),
    lambda k, s, d: op("sum", op("matmul", k.make((N, N), d), k.make((N,), d))),
    lambda k, s, d: k.summed_spectrum(d),
    lambda k, s, d: op("sum", op("exp", op("diff", k.make((N,), d)))),
    lambda k, s, d: op(
        "sum", op("sin", op(k.random.choice(["diff0", "diff1"]), k.make((M, N), d)))
    ),
    lambda k, s, d: op("norm2", op("cross", k.moved((3,), d - 1), k.moved((3,), d - 1))),
    lambda k, s, d: op("norm2", op("conv", k.moved((M,), d), k.moved((N,), d))),
]

_VECTOR: list[Way] = [
    lambda k, s, d: _through(k, s, d),
    lambda k, s, d: _through(k, s, d),
    lambda k, s, d: op("sum1", k.make((s[0], k.size()), d)),
    lambda k, s, d: op("sum0", k.make((k.size(), s[0]), d)),
    lambda k, s, d: k.reduced(s, d),
    lambda k, s, d: k.reduced(s, d),
    lambda k, s, d: k.sliced(s, d),
    lambda k, s, d: k.line(s, d),
    lambda k, s, d: op(k.random.choice(["softmax", "log_softmax"]), k.make(s, d)),
    lambda k, s, d: op(k.random.choice(["argmax1", "argmin1"]), k.moved(s, d)),
    lambda k, s, d: op("mean1", k.make((s[0], k.size()), d)),
    lambda k, s, d: op("mean0", k.make((k.size(), s[0]), d)),
    lambda k, s, d: op("diagvec", k.make((s[0], s[0]), d)),
    lambda k, s, d: op("solve", k.regular(s[0], d), k.make(s, d)),
    lambda k, s, d: apply(k.g, (k.make((N,), d),)) if s == (M,) else _through(k, s, d),
    lambda k, s, d: _ones(s),
    lambda k, s, d: op(k.random.choice(["cumsum", "flip"]), k.make(s, d)),
    lambda k, s, d: op("cumprod", k.moved(s, d)),
    lambda k, s, d: k.spectrum(s, d),
]


def _blocks(k: Maker, d: int) -> Expr:
    sizes = (M, M), (M, N), (N, M), (N, N)
    return block(2, *(k.make(shape, d) for shape in sizes))


def _through(k: Maker, s: Shape, d: int) -> Expr:
    size = k.size()
    if k.random.random() < 0.5:
        return op("matmul", k.make((s[0], size), d), k.make((size,), d))
    return op("matmul", k.make((size,), d), k.make((size, s[0]), d))


def _product(k: Maker, s: Shape, d: int) -> Expr:
    size = k.size()
    return op("matmul", k.make((s[0], size), d), k.make((size, s[1]), d))


_MATRIX: list[Way] = [
    _product,
    _product,
    lambda k, s, d: op("transpose", k.make(s[::-1], d)),
    lambda k, s, d: op("outer", k.make((s[0],), d), k.make((s[1],), d)),
    lambda k, s, d: k.sliced(s, d),
    lambda k, s, d: op(
        "matmul",
        block(2, k.make((s[0], N), d), k.make((s[0], M), d)),
        block(1, k.make((N, s[1]), d), k.make((M, s[1]), d)),
    ),
    lambda k, s, d: op("matmul", op("diag", k.make((s[0],), d)), k.make(s, d)),
    lambda k, s, d: op(
        k.random.choice(["softmax", "log_softmax"]) + k.random.choice("01"), k.make(s, d)
    ),
    lambda k, s, d: op(
        k.random.choice(["argmax1", "argmin1"]) + k.random.choice("01"), k.moved(s, d)
    ),
    lambda k, s, d: op("solve", k.regular(s[0], d), k.make(s, d)),
    lambda k, s, d: _ones(s),
    lambda k, s, d: op(k.random.choice(["cumsum", "flip"]) + k.random.choice("01"), k.make(s, d)),
    lambda k, s, d: op(k.random.choice(["diagsums", "antisums"]), k.make(s, d)),
    lambda k, s, d: op(
        k.random.choice(["toeplitz", "hankel"]), k.make(s[:1], d - 1), k.make(s[1:], d - 1)
    ),
]

_SQUARE: list[Way] = [
    lambda k, s, d: op("inv", k.regular(s[0], d)),
    lambda k, s, d: op("adj", k.regular(s[0], d)),
    lambda k, s, d: op("diag", k.make((s[0],), d)),
    lambda k, s, d: make(OPERATORS["eye"], (), None, s),
    lambda k, s, d: build(OPERATORS["matpow"], (k.make(s, d),), k.random.choice([2, 3])),
    lambda k, s, d: build(OPERATORS["matpow"], (k.regular(s[0], d),), k.random.choice([-1, -2])),
    lambda k, s, d: raised(k.make(s, d), k.random.choice([K, K + 1])),
    lambda k, s, d: raised(k.regular(s[0], d), K * -1),
    lambda k, s, d: k.powers(s, d),
    lambda k, s, d: (
        apply(k.f, (k.make((M, N), d),)) if s == (P, P) else op("inv", k.regular(s[0], d))
    ),
    lambda k, s, d: op("cyclesums", k.make(s, d)),
    lambda k, s, d: op("loewner", germ(k.phi), k.moved(s[:1], d - 1)),
    lambda k, s, d: op("circulant", k.make(s[:1], d)),
    lambda k, s, d: k.function(s, d),
    lambda k, s, d: k.definite_function(s, d),
]

_BY_ORDER = {0: _SCALAR, 1: _VECTOR, 2: _MATRIX}

# Results of these shapes are differentiated; sizes made of sizes come from kron and vec.
SHAPES: tuple[Shape, ...] = ((), (), (), (), (N,), (M,), (M, N), (N, N), (P, P))


VARIABLES = (
    symbol("X", (M, N)),
    symbol("Y", (N, N)),
    symbol("x", (N,)),
    symbol("t"),
    symbol("z", (Q, N), family_of(["i"])),
)
# Second derivatives of more axes than this are skipped.
MOST_AXES = 4


def named(variable: Expr) -> str:
    """What is differentiated by: a symbol, of a family one member."""
    name, properties = variable.data
    return f"{name}_j" if indices_of(properties) else name


def problem(seed: int) -> tuple[Expr, tuple[Expr, ...]]:
    """A random expression and what to differentiate it by, in turn: one variable or two."""
    random = Random(seed)
    maker = Maker(random)
    shape = random.choice(SHAPES)
    root = maker.make(shape, random.choice([1, 2, 2, 2, 3, 3, 4]))
    joined = random.random()
    if joined < 0.03 and root.order == 2:
        root = op("inner", symbol("w", (shape[0] * shape[1],)), op("vec", root))
    elif joined < 0.06 and root.order == 2:
        root = op("sum", op("kron", root, maker.make((M, N), 1)))
    elif joined < 0.08:
        root = op("trace", op("kron", maker.make((N, N), 2), maker.make((P, P), 1)))
    while not any(node in VARIABLES for node in walk(root)):
        root = op("add", root, maker.make(root.shape, 1))
    occurring = [v for v in VARIABLES if v in set(walk(root))]
    first, second = random.choice(occurring), random.choice(occurring)
    twice = random.random() < 0.15 and root.order + first.order + second.order <= MOST_AXES
    # Sums inside sums, twice differentiated, take longer to check than a test may.
    twice &= sum(node.op.name == "index_sum" for node in walk(root)) < 2
    return root, (first, second) if twice else (first,)
