"""The scalar table of proof, against function values at fifty digits.

The derivatives are checked by extrapolated differences of the functions themselves, which
know no derivative; the functions by series and by what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import comb
from random import Random

import pytest

from matgrad.catalogue import OPERATORS
from matgrad.core.errors import NoRule
from matgrad.proof.dual import Dual
from matgrad.proof.ring import BadPoint, Reals, Ring
from matgrad.proof.scalars import SCALARS, at_floats, real_power

POINTS = ("-0.9", "-0.31", "0.17", "0.45", "0.83")


class Decimals(Ring):
    """Decimal numbers, for the table's own formulas at high precision."""

    prime = None

    def settle(self, entries: list[float]) -> list[float]:
        return entries

    def number(self, value: float | Fraction) -> float:
        exact = Fraction(value)
        return Decimal(exact.numerator) / Decimal(exact.denominator)  # type: ignore[return-value]

    def reciprocal(self, entry: float) -> float:
        return 1 / entry

    def pivot(self, column: Sequence[float], scale: float) -> int | None:
        raise NotImplementedError

    def draw(self, random: Random) -> float:
        raise NotImplementedError


def series(x: Decimal, first: Decimal, ratio: Callable[[int], Decimal]) -> Decimal:
    """first + first*ratio(1) + first*ratio(1)*ratio(2) + …, until the terms vanish."""
    total, term, k = Decimal(0), first, 0
    while abs(term) > Decimal(10) ** -58:
        total += term
        k += 1
        term *= ratio(k)
    return total


def sin(x: Decimal) -> Decimal:
    return series(x, x, lambda k: -x * x / (2 * k * (2 * k + 1)))


def cos(x: Decimal) -> Decimal:
    return series(x, Decimal(1), lambda k: -x * x / (2 * k * (2 * k - 1)))


def asin(x: Decimal) -> Decimal:
    return series(x, x, lambda k: x * x * (2 * k - 1) ** 2 / (2 * k * (2 * k + 1)))


def atan(x: Decimal) -> Decimal:
    return asin(x / (1 + x * x).sqrt())


def erf(x: Decimal) -> Decimal:
    total = sum(
        series(x, (-1) ** k * x ** (2 * k + 1) / factorial(k) / (2 * k + 1), lambda _: Decimal(0))
        for k in range(60)
    )
    return 2 * total / PI.sqrt()


def bernoulli(count: int) -> list[Fraction]:
    """B_0, B_1, … from sum_j binomial(m + 1, j) B_j = 0."""
    found: list[Fraction] = []
    for m in range(count):
        total = sum((Fraction(comb(m + 1, j)) * b for j, b in enumerate(found)), Fraction(m == 0))
        found.append(total if m == 0 else -total / (m + 1))
    return found


EVEN = [Decimal(b.numerator) / Decimal(b.denominator) for b in bernoulli(50)[2::2]]
FAR = 60


def lgamma(x: Decimal) -> Decimal:
    """Stirling's series at x + 60, and the recurrence back to x."""
    y = x + FAR
    total = (y - Decimal("0.5")) * y.ln() - y + (2 * PI).ln() / 2
    for k, b in enumerate(EVEN, 1):
        total += b / (2 * k * (2 * k - 1) * y ** (2 * k - 1))
    return total - sum(abs(x + k).ln() for k in range(FAR))


def digamma(x: Decimal) -> Decimal:
    y = x + FAR
    total = y.ln() - 1 / (2 * y) - sum(b / (2 * k * y ** (2 * k)) for k, b in enumerate(EVEN, 1))
    return total - sum(1 / (x + k) for k in range(FAR))


def trigamma(x: Decimal) -> Decimal:
    y = x + FAR
    total = 1 / y + 1 / (2 * y * y) + sum(b / y ** (2 * k + 1) for k, b in enumerate(EVEN, 1))
    return total + sum(1 / (x + k) ** 2 for k in range(FAR))


def factorial(k: int) -> int:
    return 1 if k == 0 else k * factorial(k - 1)


def sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp())


PI = Decimal(
    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862"
)
VALUES: dict[str, Callable[[Decimal], Decimal]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.ln(),
    "sin": sin,
    "cos": cos,
    "tan": lambda x: sin(x) / cos(x),
    "sinh": lambda x: (x.exp() - (-x).exp()) / 2,
    "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": lambda x: 1 - 2 / ((2 * x).exp() + 1),
    "atan": atan,
    "sigmoid": sigmoid,
    "softplus": lambda x: (1 + x.exp()).ln(),
    "asin": asin,
    "acos": lambda x: PI / 2 - asin(x),
    "erf": erf,
    "sec": lambda x: 1 / cos(x),
    "csc": lambda x: 1 / sin(x),
    "cot": lambda x: cos(x) / sin(x),
    "asinh": lambda x: (x + (x * x + 1).sqrt()).ln(),
    "acosh": lambda x: (x + (x * x - 1).sqrt()).ln(),
    "atanh": lambda x: ((1 + x) / (1 - x)).ln() / 2,
    "erfc": lambda x: 1 - erf(x),
    "normpdf": lambda x: (-x * x / 2).exp() / (2 * PI).sqrt(),
    "normcdf": lambda x: (1 + erf(x / Decimal(2).sqrt())) / 2,
    "lgamma": lgamma,
    "gamma": lambda x: lgamma(x).exp() if x > 0 else PI / (sin(PI * x) * lgamma(1 - x).exp()),
    "digamma": digamma,
    "trigamma": trigamma,
    "log1p": lambda x: (1 + x).ln(),
    "expm1": lambda x: x.exp() - 1,
    "logit": lambda x: (x / (1 - x)).ln(),
    "cbrt": lambda x: ((abs(x).ln() / 3).exp()).copy_sign(x),
    "log2": lambda x: x.ln() / Decimal(2).ln(),
    "log10": lambda x: x.ln() / Decimal(10).ln(),
    "floor": lambda x: x.to_integral_value(ROUND_FLOOR),
    "ceil": lambda x: x.to_integral_value(ROUND_CEILING),
    "round": lambda x: x.to_integral_value(),
    "relu": lambda x: max(x, Decimal(0)),
    "step": lambda x: Decimal(x > 0),
    "abs": abs,
    "sign": lambda x: Decimal(1).copy_sign(x),
}


@pytest.fixture(autouse=True)
def fifty_digits() -> Iterator[None]:
    with localcontext() as context:
        context.prec = 60
        yield


def difference(function: Callable[[Decimal], Decimal], x: Decimal) -> Decimal:
    """The derivative by central differences, extrapolated three times."""
    row = []
    for k in range(4):
        step = Decimal("1e-7") / 2**k
        row.append((function(x + step) - function(x - step)) / (2 * step))
    for k in range(1, 4):
        row = [(4**k * b - a) / (4**k - 1) for a, b in pairwise(row)]
    return row[0]


# Where the chain of polygamma functions ends the table says so.
DIFFERENTIABLE = [name for name in SCALARS if name != "trigamma"]


def test_a_missing_derivative_is_refused() -> None:
    with pytest.raises(NoRule, match="trigamma"):
        at_floats("trigamma", Dual(Reals(), (), {0: [0.5], 1: [1.0]}))


def points(name: str) -> list[Decimal]:
    """Points in the domain of a function."""
    if name == "acosh":
        return [1 + abs(Decimal(x)) for x in POINTS]
    return [
        Decimal(x)
        for x in POINTS
        if name not in ("log", "log2", "log10", "logit") or Decimal(x) > 0
    ]


def test_the_table_has_every_scalar_function_of_the_catalogue() -> None:
    known = {op.name for op in OPERATORS.values() if op.kind == "elementwise"}
    assert set(SCALARS) == set(VALUES) == known


@pytest.mark.parametrize("name", SCALARS)
def test_values(name: str) -> None:
    for x in points(name):
        assert SCALARS[name].value(float(x)) == pytest.approx(float(VALUES[name](x)), rel=1e-14)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_derivatives_from_function_values(name: str) -> None:
    ring = Decimals()

    def apply(other: str, x: Dual) -> Dual:
        return Dual(ring, x.shape, {0: [VALUES[other](entry) for entry in x.real]})

    # The derivatives of these have floats such as 2/sqrt(pi) in them.
    digits = 15 if name in ("erf", "erfc", "log2", "log10") else 30 if name == "gamma" else 35
    for at in points(name):
        x = Dual(ring, (), {0: [at]})
        (slope,) = SCALARS[name].derivative(apply, x, apply(name, x)).real
        expected = difference(VALUES[name], at)
        assert abs(slope - expected) <= Decimal(10) ** -digits * max(1, abs(expected))


@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if name != "digamma"])
def test_second_derivatives_over_dual_numbers(name: str) -> None:
    for at in points(name):
        x = Dual(Reals(), (), {0: [float(at)], 1: [1.0], 2: [1.0]})
        found = at_floats(name, x).part(3)[0]
        step = Decimal("1e-12")
        value = VALUES[name]
        second = (value(at + step) - 2 * value(at) + value(at - step)) / step**2
        assert found == pytest.approx(float(second), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("exponent", [Fraction(1, 2), Fraction(-1, 2), Fraction(5, 3), Fraction(3)])
def test_powers(exponent: Fraction) -> None:
    power = Decimal(exponent.numerator) / Decimal(exponent.denominator)
    for at in map(Decimal, ("0.17", "0.45", "2.5")):
        x = Dual(Reals(), (), {0: [float(at)], 1: [1.0]})
        found = real_power(x, exponent)
        assert found.real[0] == pytest.approx(float(at**power), rel=1e-14)
        slope = difference(lambda v: v**power, at)
        assert found.part(1)[0] == pytest.approx(float(slope), rel=1e-13)


@pytest.mark.parametrize(("name", "x"), [("log", 0.0), ("log", -1.0), ("asin", 1.5)])
def test_outside_the_domain_there_is_no_value(name: str, x: float) -> None:
    with pytest.raises(BadPoint):
        at_floats(name, Dual(Reals(), (), {0: [x]}))


@pytest.mark.parametrize("name", ["abs", "relu", "sign", "step"])
def test_a_kink_has_a_value_but_no_derivative(name: str) -> None:
    assert at_floats(name, Dual(Reals(), (), {0: [0.0]})).real == [0.0]
    with pytest.raises(BadPoint):
        at_floats(name, Dual(Reals(), (), {0: [0.0], 1: [1.0]}))
    assert at_floats(name, Dual(Reals(), (), {0: [0.0], 1: [0.0]})).part(1) == [0.0]


def test_large_arguments_do_not_overflow() -> None:
    for x in (-800.0, 800.0):
        assert SCALARS["sigmoid"].value(x) == float(x > 0)
        assert SCALARS["softplus"].value(x) == max(x, 0.0)
