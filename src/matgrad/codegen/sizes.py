"""Sizes when programs are made: what named sizes are taken to be, and sizes as code.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from fractions import Fraction
from math import lcm

from matgrad.core.dims import Dim, Size, evaluate, names_of, positive_first

# What a named size is taken to be where work is counted.
_TYPICAL, _NARROW, _SMALL = 1000, 100, 30


def nominal(size: Size) -> float:
    """A size, named sizes being large."""
    return max(1.0, float(evaluate(size, dict.fromkeys(names_of(size), _TYPICAL))))


def regimes(size: Size, names: Sequence[str], tall: Container[str]) -> list[float]:
    """A size where the names in `tall` are large and all others less so, and where one name after
    the other is small."""
    if not isinstance(size, Dim):
        return [max(1.0, float(size))] * (1 + len(names))
    usual = {name: _TYPICAL if name in tall else _NARROW for name in (*names, *size.names)}
    choices = [usual, *({**usual, name: _SMALL} for name in names)]
    return [max(1.0, float(evaluate(size, choice))) for choice in choices]


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
