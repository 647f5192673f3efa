"""Elements a + b i of a field that has no root of -1.

Floor 4.  Such is the field of a prime that leaves 3 on division by 4; conjugation then is what it
is over the complex numbers.  Real elements stay plain integers.
"""

from __future__ import annotations

from typing import final


@final
class Gaussian:
    """a + b i, not reduced."""

    __slots__ = ("imag", "real")

    def __init__(self, real: int, imag: int) -> None:
        self.real = real
        self.imag = imag

    def __add__(self, other: Gaussian | int) -> Gaussian:
        return Gaussian(self.real + other.real, self.imag + other.imag)

    def __sub__(self, other: Gaussian | int) -> Gaussian:
        return Gaussian(self.real - other.real, self.imag - other.imag)

    def __rsub__(self, other: int) -> Gaussian:
        return Gaussian(other - self.real, -self.imag)

    def __mul__(self, other: Gaussian | int) -> Gaussian:
        a, b, c, d = self.real, self.imag, other.real, other.imag
        return Gaussian(a * c - b * d, a * d + b * c)

    def __neg__(self) -> Gaussian:
        return Gaussian(-self.real, -self.imag)

    def __mod__(self, prime: int) -> Gaussian | int:
        real, imag = self.real % prime, self.imag % prime
        return Gaussian(real, imag) if imag else real

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Gaussian, int)):
            return NotImplemented
        return self.real == other.real and self.imag == other.imag

    def __hash__(self) -> int:
        return hash((self.real, self.imag))

    def __bool__(self) -> bool:
        return bool(self.real or self.imag)

    def __repr__(self) -> str:
        return f"({self.real} + {self.imag}i)"

    def __abs__(self) -> int:
        """Nothing is large or small in a field."""
        return 1

    def conjugate(self) -> Gaussian:
        """a - b i."""
        return Gaussian(self.real, -self.imag)

    __radd__ = __add__
    __rmul__ = __mul__
