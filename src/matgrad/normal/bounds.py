"""Lifting the range of an index: its first value and its last.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from matgrad.core.dims import Size, coefficients, is_nonnegative, names_of, substitute
from matgrad.core.errors import NoForm
from matgrad.normal.canon import Factor
from matgrad.normal.indices import WITHIN

Spans = Mapping[str, tuple[Size, Size]]


def range_of(spans: Spans, factors: list[Factor], label: int, count: Size) -> tuple[Size, Size]:
    """The first and the last value, counted from 0.

    A bound on this index alone is its range.  One that it shares with indices inside is theirs,
    but where it is the only one the range ends where theirs are empty.
    """
    low: list[Size] = []
    high: list[Size] = []
    shared: list[Size] = []
    for factor, labels, _ in factors:
        if factor.op is WITHIN and label in labels:
            start, steps = factor.data
            step = steps[labels.index(label)]
            if len(labels) > 1:
                shared += [start] if set(steps) == {-1} else []
            elif step not in (1, -1):
                raise NoForm("an index of this sum has a range that goes in steps")
            else:
                (low if step == 1 else high).append(start * -step)
    if len(low) > 1 or len(high) > 1:
        raise NoForm("an index of this sum has several bounds at once")
    if not high and len(shared) == 1 and holds(spans, count - 1 - shared[0]):
        high = shared
    first, last = low[0] if low else 0, high[0] if high else count - 1
    if not holds(spans, first) or not holds(spans, count - 1 - last):
        raise NoForm("an index of this sum has a bound beyond its range")
    return first, last


def holds(spans: Spans, size: Size) -> bool:
    """Whether an integer is not negative for all values of the indices in it."""
    while inner := [name for name in names_of(size) if name in spans]:
        for name in inner:
            step = coefficients(size, name).get(1, 0)
            low, high = spans[name]
            size = substitute(size, {name: low if is_nonnegative(step) else high})
    return is_nonnegative(size)
