"""Intervals: what is computed for all numbers in them holds of every number in them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matgrad.core.dims import Dim, Number
from matgrad.core.interval import NONNEGATIVE, POSITIVE, REALS, Interval, interval, point

ENDS = [-math.inf, -2, -1, Fraction(-1, 2), 0, Fraction(1, 3), 1, 2, math.inf]


def contains(where: Interval, number: Number) -> bool:
    above = where.low < number or (where.low == number and not where.over)
    return above and (number < where.high or (number == where.high and not where.under))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval and a number in it, which may be an end."""
    low, high = sorted(draw(st.lists(st.sampled_from(ENDS), min_size=2, max_size=2)))
    where = Interval(low, high, draw(st.booleans()), draw(st.booleans()))
    inside = [Fraction(k, 6) for k in range(-30, 31) if contains(where, Fraction(k, 6))]
    if not inside:
        where = Interval(-1, 1)
        inside = [Fraction(-1), Fraction(0), Fraction(1)]
    return where, draw(st.sampled_from(inside))


@settings(max_examples=600, deadline=None)
@given(pairs(), pairs())
def test_arithmetic(one: tuple[Interval, Fraction], two: tuple[Interval, Fraction]) -> None:
    (left, x), (right, y) = one, two
    assert contains(left.plus(right), x + y)
    assert contains(left.times(right), x * y)
    assert contains(left.negated(), -x)
    assert contains(left.repeated(), 3 * x)
    assert contains(left.repeated(), x)
    assert left.within(left.meet(right)) <= left.within(right)
    assert not contains(right, x) or contains(left.meet(right), x)
    assert not left.within(right) or contains(right, x)
    assert not left.positive or x > 0
    assert not left.nonzero or x != 0


@settings(max_examples=600, deadline=None)
@given(pairs(), st.sampled_from([1, 2, 3, 4, -1, -2, -3]))
def test_powers(one: tuple[Interval, Fraction], exponent: int) -> None:
    where, x = one
    if x or exponent > 0:
        assert contains(where.power(exponent), x**exponent)


@settings(max_examples=300, deadline=None)
@given(pairs(), st.sampled_from([1, -1]))
def test_roots(one: tuple[Interval, Fraction], sign: int) -> None:
    where, x = one
    if x >= 0:  # x is the root: its square is in the interval's square
        square = where.meet(NONNEGATIVE).power(2)
        if x or sign > 0:
            assert contains(square.power(Fraction(sign, 2)), x**sign)


BOUNDS = {
    "1 + x^2": (point(1).plus(REALS.power(2)), Interval(1, math.inf)),
    "1 - p": (interval("(0, 1)").negated().plus(point(1)), Interval(0, 1, True, True)),
    "b^2": (interval("[-1, 1]").power(2), Interval(0, 1)),
    "1 - tanh^2": (
        interval("(-1, 1)").power(2).negated().plus(point(1)),
        Interval(0, 1, True),
    ),
    "1/t": (POSITIVE.power(-1), POSITIVE),
    "1/(1 + t)": (interval("(1, inf)").power(-1), Interval(0, 1, True, True)),
    "n": (point(Dim("n")), POSITIVE),
}


@pytest.mark.parametrize(("found", "expected"), BOUNDS.values(), ids=BOUNDS)
def test_bounds_are_tight(found: Interval, expected: Interval) -> None:
    assert found.within(expected)
    assert expected.within(found)
