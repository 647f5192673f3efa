"""Intervals of real numbers: where the entries of an array lie, and what arithmetic makes of it.

Floor 0.  Kept as far as a sign or a bound of one needs it: products and sums are exact, powers
remember 0, 1 and -1 as ends.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from matgrad.core.dims import Dim, Number, Size

End = Number | float


class Interval(NamedTuple):
    """The numbers from `low` to `high`; `over` and `under` leave out the ends."""

    low: End
    high: End
    over: bool = False
    under: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.over or self.under))

    @property
    def positive(self) -> bool:
        return self.low > 0 or (self.low == 0 and self.over)

    @property
    def nonzero(self) -> bool:
        return self.positive or self.negated().positive

    def within(self, other: Interval) -> bool:
        """Whether every number here is in `other`, too."""
        low = self.low > other.low or self.low == -math.inf == other.low
        high = self.high < other.high or self.high == math.inf == other.high
        low = low or (self.low == other.low and self.over >= other.over)
        return low and (high or (self.high == other.high and self.under >= other.under))

    def meet(self, other: Interval) -> Interval:
        """The numbers that are in both."""
        low, over = max((self.low, self.over), (other.low, other.over))
        high, closed = min((self.high, not self.under), (other.high, not other.under))
        return Interval(low, high, over, not closed)

    def hull(self, other: Interval) -> Interval:
        """The numbers that are in one of the two, or between them."""
        low, over = min((self.low, self.over), (other.low, other.over))
        high, closed = max((self.high, not self.under), (other.high, not other.under))
        return Interval(low, high, over, not closed)

    def negated(self) -> Interval:
        return Interval(-self.high, -self.low, self.under, self.over)

    def plus(self, other: Interval) -> Interval:
        """Sums of a number here and one there."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.over or other.over,
            self.under or other.under,
        )

    def times(self, other: Interval) -> Interval:
        """Products of a number here and one there."""
        ends = [
            _product(mine, theirs)
            for mine in ((self.low, self.over), (self.high, self.under))
            for theirs in ((other.low, other.over), (other.high, other.under))
        ]
        low, over = min(ends)
        high, closed = max((end, not left_out) for end, left_out in ends)
        return Interval(low, high, over, not closed)

    def repeated(self) -> Interval:
        """Sums of one or more numbers here."""
        low = self.low if self.low >= 0 else -math.inf
        high = self.high if self.high <= 0 else math.inf
        return Interval(low, high, self.over, self.under)

    def power(self, exponent: Number) -> Interval:
        """Powers of a number here, where they exist."""
        if self.low >= 0:
            return self._power(exponent)
        if exponent != int(exponent):
            return self.meet(NONNEGATIVE)._power(exponent) if self.high > 0 else REALS
        if int(exponent) % 2 == 0:
            size = max(self.negated(), self, key=lambda part: (part.high, not part.under))
            over = self.nonzero or exponent < 0
            return Interval(0, size.high, over, size.under)._power(exponent)
        if self.high <= 0:
            return self.negated()._power(exponent).negated()
        if exponent < 0:
            return REALS
        below = self.meet(Interval(-math.inf, 0)).negated()._power(exponent)
        above = self.meet(NONNEGATIVE)._power(exponent)
        return Interval(-below.high, above.high, below.under, above.under)

    def _power(self, exponent: Number) -> Interval:
        """Powers of numbers that are not negative."""
        low = _end(self.low, self.over, self.low > 1)
        high = _end(self.high, self.under, self.high < 1) if self.high <= 1 else (math.inf, True)
        if exponent > 0:
            return Interval(low[0], high[0], low[1], high[1])
        above = (1, low[1]) if low[0] == 1 else (math.inf, True)
        below = (1, high[1]) if high[0] == 1 else (0, True)
        return Interval(below[0], above[0], below[1], above[1])


REALS = Interval(-math.inf, math.inf, True, True)
NONNEGATIVE = Interval(0, math.inf, under=True)
POSITIVE = Interval(0, math.inf, True, True)


def point(value: Size) -> Interval:
    """One number; of a size all that is known is that the sizes in it are positive."""
    if not isinstance(value, Dim):
        return Interval(value, value)
    return POSITIVE if all(weight > 0 for _, weight in value.terms) else REALS


@cache
def interval(text: str) -> Interval:
    """An interval as it is written: `(0, inf)`, `[-1, 1]`."""
    low, high = (float(end) for end in text[1:-1].split(","))
    return Interval(low, high, text[0] == "(", text[-1] == ")")


def _product(mine: tuple[End, bool], theirs: tuple[End, bool]) -> tuple[End, bool]:
    """The product of two ends, and whether it is left out; zero times infinity is zero."""
    (a, a_out), (b, b_out) = mine, theirs
    if a == 0 or b == 0:
        return 0, not ((a == 0 and not a_out) or (b == 0 and not b_out))
    return a * b, a_out or b_out


def _end(end: End, left_out: bool, beyond: bool) -> tuple[End, bool]:
    """The end of a power: 1 for an end at 1 or beyond it, and else 0 for a low one."""
    if end == 1 or beyond:
        return 1, left_out or beyond
    return 0, left_out or end > 0
