"""Arrays of dual numbers: a value together with its derivatives in given directions.

Floor 4.  With k targets the numbers are sums over subsets S of {1..k} of c_S eps_S, where
eps_i squares to zero: f(X + eps_1 E_1 + … + eps_k E_k) has the k-th derivative in the
directions E_1 … E_k as its last coefficient.  A `Dual` is one flat array for each subset (a
bit mask), so a multilinear operator acts on whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import prod
from operator import add, mul, neg
from typing import final

from matgrad.proof.arrays import Flat
from matgrad.proof.ring import Ring

# The subset that differentials in an expression are taken along.
MOVE = 1


@final
class Dual:
    """An array over the dual numbers; a subset without a part has coefficient zero."""

    __slots__ = ("parts", "ring", "shape")

    def __init__(self, ring: Ring, shape: tuple[int, ...], parts: dict[int, Flat]) -> None:
        self.ring = ring
        self.shape = shape
        self.parts = parts

    @property
    def real(self) -> Flat:
        """The value itself, at no displacement."""
        return self.parts[0]

    def plain(self) -> Dual:
        """The value without its derivatives."""
        return self if len(self.parts) == 1 else Dual(self.ring, self.shape, {0: self.parts[0]})

    def part(self, subset: int) -> Flat:
        """The coefficient of one subset, zeros written out."""
        found = self.parts.get(subset)
        return [0] * prod(self.shape) if found is None else found

    def along(self, subset: int) -> Dual:
        """The coefficient of one subset as a value of its own."""
        return Dual(self.ring, self.shape, {0: self.part(subset)})

    def constant(self, value: float | Fraction) -> Dual:
        """An array of this shape with every entry `value`."""
        return Dual(self.ring, self.shape, {0: [self.ring.number(value)] * prod(self.shape)})

    def __add__(self, other: Dual) -> Dual:
        return combine(((1, self), (1, other)))

    def __sub__(self, other: Dual) -> Dual:
        return combine(((1, self), (-1, other)))

    def __neg__(self) -> Dual:
        return combine(((-1, self),))

    def __mul__(self, other: Dual) -> Dual:
        """The entrywise product."""
        self.ring.spend(len(self.real))
        return self.bilinear(other, lambda a, b: list(map(mul, a, b)), self.shape)

    def __truediv__(self, other: Dual) -> Dual:
        return self * other.reciprocal()

    def reciprocal(self) -> Dual:
        """One over every entry.  Raises BadPoint at a zero."""
        inverse = list(map(self.ring.reciprocal, self.real))
        return divide_out(
            self,
            self.constant(1),
            lambda entries: list(map(mul, inverse, entries)),
            lambda a, b: list(map(mul, a, b)),
        )

    def power(self, exponent: int) -> Dual:
        """Every entry to an integer power, by repeated multiplication."""
        if exponent < 0:
            return self.reciprocal().power(-exponent)
        return repeated(self, exponent, self.constant(1), lambda a, b: a * b)

    def split(self) -> tuple[int, Dual, Dual] | None:
        """(eps, a, b) with self = a + b*eps for the last eps; None for a plain value."""
        last = max(self.parts)
        return None if last == 0 else self.split_at(1 << (last.bit_length() - 1))

    def split_at(self, eps: int) -> tuple[int, Dual, Dual]:
        """(eps, a, b) with self = a + b*eps, where `eps` is the bit of one direction."""
        low = {subset: part for subset, part in self.parts.items() if not subset & eps}
        high = {subset ^ eps: part for subset, part in self.parts.items() if subset & eps}
        high.setdefault(0, [0] * len(self.real))
        return eps, Dual(self.ring, self.shape, low), Dual(self.ring, self.shape, high)

    def displaced(self, eps: int, by: Dual) -> Dual:
        """self + by*eps, where neither part has `eps` yet."""
        shifted = {subset | eps: part for subset, part in by.parts.items()}
        return Dual(self.ring, self.shape, {**self.parts, **shifted})

    def bilinear(
        self, other: Dual, product: Callable[[Flat, Flat], Flat], shape: tuple[int, ...]
    ) -> Dual:
        """A bilinear `product` of coefficient arrays, extended to dual numbers."""
        ring, settle = self.ring, self.ring.settle
        if len(other.parts) == 1:
            plain = other.parts[0]
            return Dual(ring, shape, {s: settle(product(a, plain)) for s, a in self.parts.items()})
        if len(self.parts) == 1:
            plain = self.parts[0]
            return Dual(ring, shape, {s: settle(product(plain, b)) for s, b in other.parts.items()})
        parts: dict[int, Flat] = {}
        for left, first in self.parts.items():
            for right, second in other.parts.items():
                if not left & right:
                    piece = product(first, second)
                    known = parts.get(left | right)
                    parts[left | right] = piece if known is None else list(map(add, known, piece))
        return Dual(ring, shape, {subset: settle(part) for subset, part in parts.items()})


def combine(terms: Iterable[tuple[float | Fraction, Dual]]) -> Dual:
    """A weighted sum of arrays of one shape."""
    parts: dict[int, Flat] = {}
    first: Dual | None = None
    for weight, term in terms:
        first = first or term
        for subset, part in term.parts.items():
            if weight == -1:
                part = list(map(neg, part))
            elif weight != 1:
                factor = term.ring.number(weight)
                part = [factor * entry for entry in part]
            known = parts.get(subset)
            parts[subset] = part if known is None else list(map(add, known, part))
    assert first is not None, "a sum has at least one term"
    settle = first.ring.settle
    return Dual(first.ring, first.shape, {subset: settle(part) for subset, part in parts.items()})


def divide_out(
    divisor: Dual,
    dividend: Dual,
    undo: Callable[[Flat], Flat],
    times: Callable[[Flat, Flat], Flat],
) -> Dual:
    """The dual solution y of divisor·y = dividend, subset by subset.

    `times` multiplies coefficient arrays, `undo` divides by the divisor's real part.
    """
    ring = divisor.ring
    every = 0
    for subset in (*divisor.parts, *dividend.parts):
        every |= subset
    result: dict[int, Flat] = {}
    for subset in range(every + 1):
        total = dividend.parts.get(subset)
        for inner, part in divisor.parts.items():
            if inner and inner & subset == inner and (rest := result.get(subset ^ inner)):
                piece = list(map(neg, times(part, rest)))
                total = piece if total is None else list(map(add, total, piece))
        if total is not None:
            result[subset] = ring.settle(undo(ring.settle(total)))
    return Dual(ring, dividend.shape, result)


def repeated(base: Dual, exponent: int, one: Dual, product: Callable[[Dual, Dual], Dual]) -> Dual:
    """base·base·…·base, by squaring; `exponent` is not negative."""
    result: Dual | None = None
    while exponent:
        if exponent & 1:
            result = base if result is None else product(result, base)
        exponent >>= 1
        if exponent:
            base = product(base, base)
    return one if result is None else result
