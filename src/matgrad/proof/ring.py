"""The numbers a check computes with: elements of a prime field, or floats.

Floor 4.  A ring also counts the multiplications done with it, so that endless work becomes
an error, and raises `BadPoint` where a value does not exist: the caller draws another point.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any, final

from matgrad.core.errors import BudgetExceeded
from matgrad.proof.arrays import Flat
from matgrad.proof.gaussian import Gaussian

# Primes just below 2^61 that leave 3 on division by 4.
PRIMES = tuple(2**61 - gap for gap in (1, 45, 229, 465, 829, 985, 1153, 1281, 1425, 1489))


# Fractions with longer denominators become floats, in which what is this much smaller is zero.
_LONG, _ROUNDING = 10**9, 1e-9


class BadPoint(ArithmeticError):
    """The expression has no value at this point: a zero divisor, a singular matrix, a domain."""


class Ring(ABC):
    """What exact and floating checks have in common."""

    prime: int | None
    imaginary: Any
    # The numbers that entries are drawn from, where these are few.
    few: Sequence[Fraction] = ()

    def __init__(self, limit: float = math.inf) -> None:
        self.limit = limit
        self.work = 0

    def spend(self, multiplications: int) -> None:
        """Count work; raises BudgetExceeded past the limit."""
        self.work += multiplications
        if self.work > self.limit:
            raise BudgetExceeded(
                f"evaluation took more than {self.limit:.0f} multiplications of entries"
            )

    @abstractmethod
    def settle(self, entries: Flat) -> Flat:
        """Entries after sums and products, brought back to standard form."""

    @abstractmethod
    def number(self, value: float | Fraction) -> Any:
        """A rational number in this ring."""

    @abstractmethod
    def reciprocal(self, entry: Any) -> Any:
        """The inverse of one entry.  Raises BadPoint at zero."""

    @abstractmethod
    def pivot(self, column: Sequence[Any], scale: float) -> int | None:
        """The best entry of a column to divide by; None when all of them are zero.

        `scale` is the largest entry that the column had before elimination.
        """

    @abstractmethod
    def draw(self, random: Random) -> float:
        """A random entry with no property."""

    def draws(self, random: Random, count: int) -> Flat:
        """So many random entries with no property."""
        return [self.draw(random) for _ in range(count)]


@final
class Field(Ring):
    """Integers modulo a prime, and with its imaginary unit a + b i."""

    imaginary = Gaussian(0, 1)

    def __init__(self, prime: int, limit: float = math.inf) -> None:
        super().__init__(limit)
        self.prime: int = prime

    def settle(self, entries: Flat) -> Flat:
        prime = self.prime
        return [entry % prime for entry in entries]

    def number(self, value: float | Fraction) -> Any:
        if isinstance(value, Fraction):
            return value.numerator * self.reciprocal(value.denominator) % self.prime
        return value % self.prime

    def reciprocal(self, entry: Any) -> Any:
        if entry % self.prime == 0:
            raise BadPoint("division by zero")
        if isinstance(entry, Gaussian):
            norm = self.reciprocal(entry.real**2 + entry.imag**2)
            return entry.conjugate() * norm % self.prime
        return pow(int(entry), -1, self.prime)

    def pivot(self, column: Sequence[Any], scale: float) -> int | None:
        return next((row for row, entry in enumerate(column) if entry), None)

    def draw(self, random: Random) -> float:
        return random.getrandbits(80) % self.prime

    def draws(self, random: Random, count: int) -> Flat:
        prime, bits = self.prime, random.getrandbits
        return [bits(80) % prime for _ in range(count)]


@final
class Reals(Ring):
    """Floats.  What is `rounding` times smaller than it was before elimination is zero."""

    prime: int | None = None
    imaginary = 1j

    def __init__(self, limit: float = math.inf, rounding: float = 1e-15) -> None:
        super().__init__(limit)
        self.rounding = rounding

    def settle(self, entries: Flat) -> Flat:
        return entries

    def number(self, value: float | Fraction) -> Any:
        return float(value)

    def reciprocal(self, entry: Any) -> Any:
        if entry == 0:
            raise BadPoint("division by zero")
        return 1.0 / entry

    def pivot(self, column: Sequence[Any], scale: float) -> int | None:
        row = max(range(len(column)), key=lambda at: abs(column[at]))
        return row if self.rounding * scale < abs(column[row]) < math.inf else None

    def draw(self, random: Random) -> float:
        return random.uniform(-1.5, 1.5)


@final
class Small(Ring):
    """Numbers to be checked by hand: fractions drawn from a `few`, and floats where a function
    leads out of them or a series makes them long."""

    prime: int | None = None
    imaginary = 1j

    def __init__(self, few: Sequence[Fraction], limit: float = math.inf) -> None:
        super().__init__(limit)
        self.few = few

    def settle(self, entries: Flat) -> Flat:
        return [
            float(entry) if isinstance(entry, Fraction) and entry.denominator > _LONG else entry
            for entry in entries
        ]

    def number(self, value: float | Fraction) -> Any:
        return Fraction(value)

    def reciprocal(self, entry: Any) -> Any:
        if entry == 0:
            raise BadPoint("division by zero")
        return 1 / entry

    def pivot(self, column: Sequence[Any], scale: float) -> int | None:
        row = max(range(len(column)), key=lambda at: abs(column[at]))
        return row if abs(column[row]) > _ROUNDING * scale else None

    def draw(self, random: Random) -> Any:
        return random.choice(self.few)
