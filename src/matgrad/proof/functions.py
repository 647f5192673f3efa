"""What functions of matrices mean: series over the dual numbers, and Fréchet derivatives.

Floor 4.  An algorithm that takes sums, products and inverses only runs over the dual numbers as
it does over the reals, so that no derivative is needed.  A Fréchet derivative is one by
definition: f(A + eps E) = f(A) + eps L(A, E).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod

from matgrad.core.errors import NoRule
from matgrad.proof.dual import Dual, combine
from matgrad.proof.matrices import adjugate, identity, inverse, multiply, transpose
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint
from matgrad.proof.roots import MatrixFunction, logarithm_near, sign, square_root, sylvester

# Terms of a Taylor series at a matrix of norm at most 1/2: beyond the last is rounding.
_TERMS = 20
_ROUNDING = 1e-14
# Beyond this norm an exponential has lost its digits.
_LARGEST = 50.0


def exponential(matrix: Dual) -> Dual:
    """exp(A) = exp(A/2^s)^(2^s), the inner one by its series."""
    scaled, halvings = _halved(matrix)
    total = term = identity(matrix)
    for k in range(1, _TERMS):
        term = combine(((Fraction(1, k), multiply(term, scaled)),))
        total = total + term
    for _ in range(halvings):
        total = multiply(total, total)
    return total


def sine_and_cosine(matrix: Dual) -> tuple[Dual, Dual]:
    """Both by their series at A/2^s, then by the formulas for the double angle."""
    return _odd_and_even(matrix, -1)


def hyperbolic(matrix: Dual) -> tuple[Dual, Dual]:
    """The hyperbolic sine and cosine, likewise."""
    return _odd_and_even(matrix, 1)


def _odd_and_even(matrix: Dual, sign: int) -> tuple[Dual, Dual]:
    """The sums of the odd and of the even terms A^k/k!, where A^2 counts with a sign."""
    scaled, halvings = _halved(matrix)
    unit = identity(matrix)
    square = multiply(scaled, scaled)
    # Of the square: the even terms, and the odd ones over A.
    even = ratio = term = unit
    for k in range(2, _TERMS, 2):
        term = combine(((Fraction(sign, k * (k - 1)), multiply(term, square)),))
        even = even + term
        ratio = ratio + combine(((Fraction(1, k + 1), term),))
    odd = multiply(scaled, ratio)
    for _ in range(halvings):
        odd, even = (
            combine(((2, multiply(odd, even)),)),
            combine(((2, multiply(even, even)), (-1, unit))),
        )
    return odd, even


def along(function: MatrixFunction, matrix: Dual, direction: Dual, *inside: Dual) -> Dual:
    """The derivative of a matrix function along a direction, or along each of a tensor's, which
    its first two axes are; `inside` is what else the function is made of."""
    eps = 1 << max(s for dual in (matrix, direction, *inside) for s in dual.parts).bit_length()
    found = [function(matrix.displaced(eps, e)).split_at(eps)[2] for e in layers(direction)]
    return layered(found, found[0].shape + direction.shape[2:])


def derived(function: MatrixFunction, matrix: Dual, *directions: Dual) -> Dual:
    """The derivative along several directions, one after the other."""
    *before, last = directions
    once = (lambda x: derived(function, x, *before)) if before else function
    return along(once, matrix, last, *before)


def layers(tensor: Dual) -> list[Dual]:
    """The matrices that a tensor's first two axes are, one for each place on its other axes."""
    count = prod(tensor.shape[2:])
    return [
        Dual(tensor.ring, tensor.shape[:2], {s: p[at::count] for s, p in tensor.parts.items()})
        for at in range(count)
    ]


def layered(matrices: Sequence[Dual], shape: tuple[int, ...]) -> Dual:
    """The tensor of this shape that has these matrices, or tensors, along its last axes."""
    subsets = {subset for matrix in matrices for subset in matrix.parts}
    parts = {
        subset: [x for row in zip(*(m.part(subset) for m in matrices), strict=True) for x in row]
        for subset in subsets
    }
    return Dual(matrices[0].ring, shape, parts)


def hyperbolic_tangent(matrix: Dual) -> Dual:
    """tanh A, from tanh(A/2^s) by the formula for the double argument."""
    scaled, halvings = _halved(matrix)
    sine, cosine = hyperbolic(scaled)
    found, unit = multiply(inverse(cosine), sine), identity(matrix)
    for _ in range(halvings):
        square = multiply(found, found)
        found = multiply(inverse(unit + square), combine(((2, found),)))
    return found


def symmetric_part(matrix: Dual) -> Dual:
    """(A + A')/2."""
    half = Fraction(1, 2)
    return combine(((half, matrix), (half, transpose(matrix))))


def definite(matrix: Dual) -> Dual:
    """The symmetric part, which must be positive definite."""
    found = symmetric_part(matrix)
    size = found.shape[0]
    rows = [list(found.real[at : at + size]) for at in range(0, size * size, size)]
    top = max(map(abs, found.real), default=1.0)
    for k in range(size):
        pivot = rows[k][k]
        if not pivot > _ROUNDING * top:
            raise BadPoint("a matrix that is not positive definite")
        for i in range(k + 1, size):
            factor = rows[i][k] / pivot
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    return found


def _halved(matrix: Dual) -> tuple[Dual, int]:
    """A/2^s of norm at most 1/2, and s."""
    size = matrix.shape[0]
    rows = (matrix.real[at : at + size] for at in range(0, size * size, size))
    norm = max((sum(map(abs, row)) for row in rows), default=0.0)
    if not norm < _LARGEST:
        raise BadPoint("a matrix too large for its exponential")
    halvings = max(0, math.ceil(math.log2(norm)) + 1) if norm else 0
    return combine(((Fraction(1, 2**halvings), matrix),)), halvings


def _of_floats(function: Callable[..., Dual]) -> Callable[[Point, Sequence[Dual]], Dual]:
    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        if point.ring.prime is not None:
            raise NoRule("a function of a matrix has no exact value")
        return function(*args)

    return definition


Definition = Callable[[Point, Sequence[Dual]], Dual]


def _with_derivatives(name: str, function: MatrixFunction) -> dict[str, Definition]:
    """A function and its Fréchet derivatives."""
    return _of_prepared(name, lambda _: function, lambda matrix: matrix)


def _of_prepared(
    name: str, near: Callable[[Dual], MatrixFunction], at: MatrixFunction
) -> dict[str, Definition]:
    """Likewise, of a function that is worked out `near` a real part, read at what `at` makes of
    its operand."""

    def definition(matrix: Dual, *directions: Dual) -> Dual:
        place = at(matrix)
        function = near(place.plain())
        return derived(function, place, *directions) if directions else function(place)

    names = (name, *(f"{name}_frechet{times}" for times in ("", "2", "3")))
    return dict.fromkeys(names, _of_floats(definition))


FUNCTIONS: dict[str, Definition] = {
    **_with_derivatives("expm", exponential),
    **_with_derivatives("sinm", lambda a: sine_and_cosine(a)[0]),
    **_with_derivatives("cosm", lambda a: sine_and_cosine(a)[1]),
    **_with_derivatives("sinhm", lambda a: hyperbolic(a)[0]),
    **_with_derivatives("coshm", lambda a: hyperbolic(a)[1]),
    "tanhm": _of_floats(hyperbolic_tangent),
    "signm": _of_floats(sign),
    **_of_prepared("logm", logarithm_near, definite),
    "sqrtm": _of_floats(lambda a: square_root(definite(a))),
    **{
        f"adj_frechet{times}": lambda point, args: derived(adjugate, *args)
        for times in ("", "2", "3")
    },
    "sylv": lambda point, args: sylvester(*args),
    "lyap": lambda point, args: sylvester(args[0], transpose(args[0]), args[1]),
}
"""What each operator is, without its derivative."""
