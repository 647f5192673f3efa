"""The scalar functions: their values, and a table of derivatives of proof's own.

Floor 4.  The table is written from handbooks and tested against function values at high
precision; it does not know the catalogue's.  A derivative is written with x, y = f(x) and
other functions of the table, over dual numbers, so that higher derivatives need no row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, final

from matgrad.core.dims import Number
from matgrad.core.errors import NoRule
from matgrad.proof.complexes import PRINCIPAL
from matgrad.proof.dual import Dual
from matgrad.proof.gamma import digamma, trigamma
from matgrad.proof.ring import BadPoint

Apply = Callable[[str, Dual], Dual]


@final
class Scalar(NamedTuple):
    """A scalar function: its value at a float, and its derivative from (apply, x, y).

    `exact` ones may be carried over a prime field as random functions, since their
    derivatives are polynomials in functions of the table or `rational` in x.  A `kink` is at zero.
    """

    value: Callable[[float], float]
    derivative: Callable[[Apply, Dual, Dual], Dual]
    exact: bool = True
    rational: bool = False
    kink: bool = False


def sigmoid(x: float) -> float:
    """1/(1 + exp(-x)), without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def normpdf(x: float) -> float:
    """The density of the standard normal distribution."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def normcdf(x: float) -> float:
    """The distribution function of the standard normal distribution."""
    return math.erfc(-x / math.sqrt(2)) / 2


def _square(x: Dual) -> Dual:
    return x * x


def _below_one(x: Dual) -> Dual:
    """1/sqrt(1 - x^2)."""
    return real_power(x.constant(1) - _square(x), Fraction(-1, 2))


def _polygamma(f: Apply, x: Dual, y: Dual) -> Dual:
    raise NoRule("trigamma has no derivative in the table")


SCALARS: dict[str, Scalar] = {
    "exp": Scalar(math.exp, lambda f, x, y: y),
    "log": Scalar(math.log, lambda f, x, y: x.reciprocal(), rational=True),
    "sin": Scalar(math.sin, lambda f, x, y: f("cos", x)),
    "cos": Scalar(math.cos, lambda f, x, y: -f("sin", x)),
    "tan": Scalar(math.tan, lambda f, x, y: x.constant(1) + _square(y)),
    "sinh": Scalar(math.sinh, lambda f, x, y: f("cosh", x)),
    "cosh": Scalar(math.cosh, lambda f, x, y: f("sinh", x)),
    "tanh": Scalar(math.tanh, lambda f, x, y: x.constant(1) - _square(y)),
    "atan": Scalar(
        math.atan, lambda f, x, y: (x.constant(1) + _square(x)).reciprocal(), rational=True
    ),
    "sigmoid": Scalar(sigmoid, lambda f, x, y: y - _square(y)),
    "softplus": Scalar(softplus, lambda f, x, y: f("sigmoid", x)),
    "asin": Scalar(math.asin, lambda f, x, y: _below_one(x), exact=False),
    "acos": Scalar(math.acos, lambda f, x, y: -_below_one(x), exact=False),
    "erf": Scalar(
        math.erf,
        lambda f, x, y: f("exp", -_square(x)) * x.constant(2.0 / math.sqrt(math.pi)),
        exact=False,
    ),
    "sec": Scalar(lambda x: 1 / math.cos(x), lambda f, x, y: y * f("tan", x)),
    "csc": Scalar(lambda x: 1 / math.sin(x), lambda f, x, y: -(y * f("cot", x))),
    "cot": Scalar(lambda x: 1 / math.tan(x), lambda f, x, y: -(x.constant(1) + _square(y))),
    "asinh": Scalar(
        math.asinh,
        lambda f, x, y: real_power(x.constant(1) + _square(x), Fraction(-1, 2)),
        exact=False,
    ),
    "acosh": Scalar(
        math.acosh,
        lambda f, x, y: real_power(_square(x) - x.constant(1), Fraction(-1, 2)),
        exact=False,
    ),
    "atanh": Scalar(
        math.atanh, lambda f, x, y: (x.constant(1) - _square(x)).reciprocal(), rational=True
    ),
    "erfc": Scalar(
        math.erfc,
        lambda f, x, y: f("exp", -_square(x)) * x.constant(-2.0 / math.sqrt(math.pi)),
        exact=False,
    ),
    "normpdf": Scalar(normpdf, lambda f, x, y: -(x * y), exact=False),
    "normcdf": Scalar(normcdf, lambda f, x, y: f("normpdf", x), exact=False),
    "lgamma": Scalar(math.lgamma, lambda f, x, y: f("digamma", x)),
    "gamma": Scalar(math.gamma, lambda f, x, y: y * f("digamma", x)),
    "digamma": Scalar(digamma, lambda f, x, y: f("trigamma", x)),
    "trigamma": Scalar(trigamma, _polygamma),
    "log1p": Scalar(math.log1p, lambda f, x, y: (x.constant(1) + x).reciprocal(), rational=True),
    "expm1": Scalar(math.expm1, lambda f, x, y: y + y.constant(1)),
    "logit": Scalar(
        lambda x: math.log(x) - math.log1p(-x),
        lambda f, x, y: (x - _square(x)).reciprocal(),
        rational=True,
    ),
    "cbrt": Scalar(
        math.cbrt,
        lambda f, x, y: (_square(y) * y.constant(3)).reciprocal(),
        exact=False,
        kink=True,
    ),
    "log2": Scalar(
        math.log2, lambda f, x, y: (x * x.constant(math.log(2))).reciprocal(), exact=False
    ),
    "log10": Scalar(
        math.log10, lambda f, x, y: (x * x.constant(math.log(10))).reciprocal(), exact=False
    ),
    "floor": Scalar(lambda x: float(math.floor(x)), lambda f, x, y: x.constant(0), exact=False),
    "ceil": Scalar(lambda x: float(math.ceil(x)), lambda f, x, y: x.constant(0), exact=False),
    "round": Scalar(lambda x: float(round(x)), lambda f, x, y: x.constant(0), exact=False),
    "relu": Scalar(lambda x: max(x, 0.0), lambda f, x, y: f("step", x), exact=False, kink=True),
    "step": Scalar(lambda x: float(x > 0), lambda f, x, y: x.constant(0), exact=False, kink=True),
    "abs": Scalar(math.fabs, lambda f, x, y: f("sign", x), exact=False, kink=True),
    "sign": Scalar(
        lambda x: float((x > 0) - (x < 0)), lambda f, x, y: x.constant(0), exact=False, kink=True
    ),
}


def at_floats(name: str, x: Dual) -> Dual:
    """A function of the table at dual floats.  Raises BadPoint outside its domain."""
    scalar = SCALARS[name]
    split = x.split()
    if split is None:
        try:
            return Dual(x.ring, x.shape, {0: [_value(name, scalar, entry) for entry in x.real]})
        except (ValueError, ZeroDivisionError):
            raise BadPoint(f"{name} outside its domain") from None
    if scalar.kink and any(
        entry == 0 and any(part[at] for subset, part in x.parts.items() if subset)
        for at, entry in enumerate(x.real)
    ):
        raise BadPoint(f"{name} at zero, where it has no derivative")
    eps, low, high = split
    value = at_floats(name, low)
    return value.displaced(eps, scalar.derivative(at_floats, low, value) * high)


def _value(name: str, scalar: Scalar, entry: Any) -> Any:
    if not isinstance(entry, complex):
        return scalar.value(entry)
    if name not in PRINCIPAL:
        raise NoRule(f"{name} is not defined at complex numbers")
    return PRINCIPAL[name](entry)


def _no_root(entry: float | complex, power: float) -> bool:
    if isinstance(entry, complex):
        return entry == 0
    return entry < 0 or (entry == 0 and power < 0)


def real_power(x: Dual, exponent: Number) -> Dual:
    """Every entry to a rational power; a positive base unless the exponent is an integer."""
    if exponent == 1:
        return x
    if exponent.denominator == 1:
        return x.power(exponent.numerator)
    if x.ring.prime is not None:
        raise NoRule("roots have no exact value")
    split = x.split()
    if split is None:
        power = x.ring.number(exponent)
        if any(_no_root(entry, power) for entry in x.real):
            raise BadPoint("a root of a negative number")
        return Dual(x.ring, x.shape, {0: [entry**power for entry in x.real]})
    eps, low, high = split
    slope = real_power(low, exponent - 1) * low.constant(exponent)
    return real_power(low, exponent).displaced(eps, slope * high)
