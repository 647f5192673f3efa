"""Sizes when programs are made: what named sizes are taken to be, and sizes as code.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import final

from matgrad.core.dims import Dim, Size, evaluate, names_of, positive_first

# What a named size is taken to be where work is counted.
_TYPICAL, _NARROW, _SMALL = 1000, 100, 30
# What a choice of sizes weighs in which one name is small.
_WEIGHT = 30.0


def nominal(size: Size) -> float:
    """A size, named sizes being large."""
    return max(1.0, float(evaluate(size, dict.fromkeys(names_of(size), _TYPICAL))))


@final
class Scale:
    """What sizes are taken to be where work is counted: those `given`; or else good is what is good
    where the names in `tall`, first sizes of some argument, are large and all others less so, and
    where one name after the other is small."""

    def __init__(self, given: Mapping[str, int] | None = None) -> None:
        self.given = given
        self.tall: set[str] = set()

    def lengths(self, size: Size, names: Sequence[str]) -> list[float]:
        """A size by each way in which it is counted."""
        if self.given is not None:
            return [_at(size, {**dict.fromkeys(names_of(size), _TYPICAL), **self.given})]
        usual = {name: _TYPICAL if name in self.tall else _NARROW for name in names}
        choices = [usual, *({**usual, name: _SMALL} for name in names)]
        return [_at(size, choice) for choice in choices]

    def weights(self, names: Sequence[str]) -> tuple[float, ...]:
        """What each of the ways counts."""
        return (1.0,) if self.given is not None else (1.0, *[_WEIGHT] * len(names))


def _at(size: Size, choice: Mapping[str, int]) -> float:
    return max(1.0, float(evaluate(size, choice)))


def size_text(size: Size, names: Mapping[str, str]) -> str:
    """A size as Python: an integer, whole divisions included."""
    if not isinstance(size, Dim):
        return str(size)
    common = lcm(*[Fraction(c).denominator for _, c in size.terms])
    parts: list[str] = []
    for monomial, coefficient in positive_first(size):
        number = int(coefficient * common)
        factors = [names[n] if p == 1 else f"{names[n]}**{p}" for n, p in monomial]
        if abs(number) != 1 or not factors:
            factors.insert(0, str(abs(number)))
        text = "*".join(factors)
        sign = "-" if number < 0 else "+"
        parts.append(f" {sign} {text}" if parts else ("-" if number < 0 else "") + text)
    text = "".join(parts)
    if common == 1:
        return text
    return f"({text}) // {common}" if len(parts) > 1 else f"{text} // {common}"
