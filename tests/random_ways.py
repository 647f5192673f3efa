"""Ways to make an expression of a shape, for random expressions over the whole catalogue.

Most operators are drawn as their records say (`random_records`) and most functions of arrays by
their texts (`random_texts`).  Here stand the structural ones, which are drawn more often, and those
whose nodes carry data.
"""

from __future__ import annotations

from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr, apply, make, number
from matgrad.core.signature import build
from random_maker import K, M, Maker, N, P, Way, block, identity, ones, op, part, raised
from random_records import recorded
from random_texts import written
from samples import germ


def sliced(k: Maker, shape: Shape, depth: int) -> Expr:
    """Part of a larger array, its beginning or its end."""
    axis, more = k.random.randrange(len(shape)), k.size()
    larger = tuple(n + more if place == axis else n for place, n in enumerate(shape))
    begin = k.random.choice([0, more])
    return part(k.make(larger, depth), axis, begin, shape[axis])


def line(k: Maker, shape: Shape, depth: int) -> Expr:
    """A row or a column of an array with one axis more."""
    first, at, size = k.random.random() < 0.5, k.random.choice([0, 1, "i"]), k.size()
    array = k.make((size, *shape) if first else (*shape, size), depth)
    return make(OPERATORS["entry" if first else "component"], (array,), (at,), shape)


def product(k: Maker, shape: Shape, depth: int) -> Expr:
    size = k.size()
    if len(shape) == 2:
        return op("matmul", k.make((shape[0], size), depth), k.make((size, shape[1]), depth))
    if k.random.random() < 0.5:
        return op("matmul", k.make((shape[0], size), depth), k.make((size,), depth))
    return op("matmul", k.make((size,), depth), k.make((size, shape[0]), depth))


def joined(k: Maker, shape: Shape, depth: int) -> Expr:
    """A matrix of blocks."""
    height = shape[0] if shape else P
    parts = (height, N), (height, M), (M, N), (M, M)
    return k.fitted(block(2, *(k.make(part, depth) for part in parts)), shape, depth)


def stacked(k: Maker, shape: Shape, depth: int) -> Expr:
    """Vectors one after the other, or the columns of a matrix, or a Kronecker product."""
    way = k.random.randrange(3)
    if way == 0:
        first, second = k.make((M,), depth), k.make((N,), depth)
        return k.fitted(make(OPERATORS["block"], (first, second), (2,), (M + N,)), shape, depth)
    if way == 1:
        return k.fitted(op("vec", k.make((M, N), depth)), shape, depth)
    return k.fitted(op("kron", k.make((M,), depth), k.make((N,), depth)), shape, depth)


def function_of_matrix(k: Maker, shape: Shape, depth: int) -> Expr:
    """An unknown function of a matrix or of its eigenvalues, or how that changes."""
    function = germ(k.phi, k.random.randrange(2))
    way = k.random.randrange(6)
    if way == 0:
        return op("loewner", function, k.moved(shape[:1], depth))
    first = k.small(shape, depth)
    if way == 1:
        return op("funm_frechet", function, first, k.make(shape, depth))
    if way == 2 and depth < 2:
        with k.held():
            first = k.small(shape, 0)
        return op("funm_frechet2", function, first, k.make(shape, depth), k.make(shape, 0))
    return op("funm", function, first)


def weighted(k: Maker, shape: Shape, depth: int) -> Expr:
    """A sum over an index r of something times r + 1, or of a function of r times something."""
    name = k.random.choice(["neg", "sin", "tanh", "exp"])

    def body(index: Size) -> Expr:
        term = op("scale", number(index + 1), k.make(shape, depth))
        return op(name, term) if name != "neg" else term

    return k.over(body)


def powers(k: Maker, shape: Shape, depth: int) -> Expr:
    """A sum over an index r of B^r*C, of B^r*C*D^(k-r), or of r*B^r."""

    def body(index: Size) -> Expr:
        base, other = k.make(shape, depth), k.make(shape, depth)
        first = raised(base, index)
        choice = k.random.randrange(3)
        if choice == 0:
            return op("scale", number(index + 1), first)
        second = op("matmul", first, other)
        return op("matmul", second, raised(base, K + 1 - index)) if choice == 1 else second

    return k.over(body)


def triangle(k: Maker, shape: Shape, depth: int) -> Expr:
    name, offset = k.random.choice(["tril", "triu"]), k.random.choice([-1, 1])
    return build(OPERATORS[name], (k.make(shape, depth),), offset)


def unknown(k: Maker, shape: Shape, depth: int) -> Expr:
    """An unknown function, or its derivative."""
    found = {
        (): lambda: apply(k.h, (k.make((), depth),)),
        (M,): lambda: apply(k.g, (k.make((N,), depth),)),
        (M, N): lambda: apply(k.g, (k.make((N,), depth),), (0,)),
        (P, P): lambda: apply(k.f, (k.make((M, N), depth),)),
    }.get(shape)
    return found() if found else apply(k.phi, (k.make(shape, depth),))


_ANY: list[Way] = [
    lambda k, s, d: op("add", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("sub", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("neg", k.make(s, d)),
    lambda k, s, d: op("scale", k.make((), d), k.make(s, d)),
    lambda k, s, d: op("scale", k.coefficient(), k.make(s, d)),
    lambda k, s, d: op("hadamard", k.make(s, d), k.make(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive(s, d)),
    lambda k, s, d: op("divide", k.make(s, d), k.positive((), d)),
    lambda k, s, d: op(k.random.choice(["exp", "sin", "tanh", "sigmoid"]), k.make(s, d)),
    lambda k, s, d: op("sqrt", k.positive(s, d)),
    lambda k, s, d: op("log", k.positive(s, d)),
    lambda k, s, d: build(OPERATORS["power"], (k.make(s, d),), k.random.choice([2, 3, K])),
    lambda k, s, d: build(
        OPERATORS["power"], (k.positive(s, d),), k.random.choice([-1, Fraction(3, 2), -2])
    ),
    lambda k, s, d: apply(k.phi, (k.make(s, d),)),
    unknown,
    lambda k, s, d: k.members(s, d),
    lambda k, s, d: k.members(s, d),
    weighted,
]

_SCALAR: list[Way] = [
    lambda k, s, d: op("trace", k.make((N, N), d)),
    lambda k, s, d: op("trace", op("matmul", k.make((M, N), d), k.make((N, M), d))),
    lambda k, s, d: op("det", k.make((N, N), d)),
    lambda k, s, d: op("logdet", k.moved((N, N), d)),
    lambda k, s, d: op("matmul", k.make((M,), d), k.make((M,), d)),
    lambda k, s, d: op("matmul", op("matmul", k.make((M,), d), k.make((M, N), d)), k.make((N,), d)),
    lambda k, s, d: op("sum", k.make(k.random.choice([(N,), (M, N), (M, N, P)]), d)),
    lambda k, s, d: op("inner", k.make((M, N), d), k.make((M, N), d)),
    lambda k, s, d: op("norm2", k.moved((N,), d)),
    lambda k, s, d: op("normF", k.moved((M, N), d)),
    lambda k, s, d: op("sum", op("kron", k.make((M, N), d - 1), k.make((N, N), d - 1))),
    lambda k, s, d: make(OPERATORS["entry"], (k.make((M, N), d),), (0, 1), ()),
    joined,
    stacked,
]

_VECTOR: list[Way] = [
    product,
    product,
    sliced,
    line,
    stacked,
    lambda k, s, d: op("sum1", k.make((s[0], k.size()), d)),
    lambda k, s, d: op("sum0", k.make((k.size(), s[0]), d)),
    lambda k, s, d: op("diagvec", k.make((s[0], s[0]), d)),
    lambda k, s, d: op("solve", k.moved((s[0], s[0]), d), k.make(s, d)),
    lambda k, s, d: ones(s),
]

_MATRIX: list[Way] = [
    product,
    product,
    sliced,
    line,
    triangle,
    lambda k, s, d: op("transpose", k.make(s[::-1], d)),
    lambda k, s, d: op("outer", k.make((s[0],), d), k.make((s[1],), d)),
    lambda k, s, d: op("matmul", op("diag", k.make((s[0],), d)), k.make(s, d)),
    lambda k, s, d: op("solve", k.moved((s[0], s[0]), d), k.make(s, d)),
    lambda k, s, d: ones(s),
    joined,
]

_SQUARE: list[Way] = [
    lambda k, s, d: op("inv", k.moved(s, d)),
    lambda k, s, d: op("adj", k.moved(s, d)),
    lambda k, s, d: op("diag", k.make(s[:1], d)),
    lambda k, s, d: identity(s[0]),
    lambda k, s, d: raised(k.make(s, d), k.random.choice([2, 3, K, K + 1])),
    lambda k, s, d: raised(k.moved(s, d), k.random.choice([-1, -2, K * -1])),
    powers,
    function_of_matrix,
    lambda k, s, d: op("cyclesums", k.make(s, d)),
]

_TENSOR: list[Way] = [
    sliced,
    line,
    lambda k, s, d: op("matmul", k.make((s[0], N), d), k.make((N, *s[1:]), d)),
    lambda k, s, d: op("transpose", k.make((s[1], s[0], *s[2:]), d)),
    lambda k, s, d: k.contracted(k.make((s[0], s[1]), d), s),
]

_BY_ORDER = {0: _SCALAR, 1: _VECTOR, 2: _MATRIX}
# Tables are drawn from alike, so that few rows of one are drawn often.
_RECORDS: list[Way] = [recorded]
_TEXTS: list[Way] = [written]


def ways(shape: Shape) -> list[list[Way]]:
    """The tables of ways to make an expression of a shape."""
    tables = [_ANY, _BY_ORDER.get(len(shape), _TENSOR), _RECORDS, _RECORDS, _TEXTS]
    if len(shape) == 2 and shape[0] == shape[1]:
        tables.append(_SQUARE)
    return tables
