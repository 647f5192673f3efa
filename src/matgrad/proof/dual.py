"""Arrays of dual numbers: a value together with its derivatives in given directions.

Floor 4.  With k targets the numbers are sums over subsets S of {1..k} of c_S eps_S, where
eps_i squares to zero: f(X + eps_1 E_1 + … + eps_k E_k) has the k-th derivative in the
directions E_1 … E_k as its last coefficient.  A `Dual` is one flat array for each subset (a
bit mask), so a multilinear operator acts on whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from operator import add, mul, neg
from typing import NamedTuple, final

from matgrad.proof.arrays import (
    CACHED,
    Flat,
    Label,
    Labels,
    Pairing,
    pairing,
    product_cost,
    product_labels,
    rearrange,
)
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
        return self._assemble(other, lambda a, b: list(map(mul, a, b)), self.shape)

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

    def _assemble(
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


def contract(
    ring: Ring,
    operands: Sequence[tuple[Dual, Labels]],
    out: Labels,
    sizes: Mapping[Label, int],
    shape: tuple[int, ...],
) -> Dual:
    """The product of all operands, summed over every label that is not in `out`.

    Operands are multiplied one after the other, the one that leaves least first.
    """
    rows = tuple([labels for _, labels in operands])
    return carried_out(
        ring, [dual for dual, _ in operands], planned(rows, out, tuple(sizes.items())), shape
    )


def carried_out(ring: Ring, operands: Sequence[Dual], plan: Plan, shape: tuple[int, ...]) -> Dual:
    """A contraction to an array of this shape, as planned."""
    sizes = plan.sizes
    waiting = list(operands)
    for at, labels, wanted in plan.tidy:
        waiting[at] = _tidied(waiting[at], labels, wanted, sizes)
    total = waiting.pop(0) if waiting else Dual(ring, (), {0: [ring.number(1)]})
    for at, cost, pair, meeting in plan.steps:
        factor = waiting.pop(at)
        ring.spend(cost * len(total.parts) * len(factor.parts))
        pair = pair or pairing(*meeting, sizes)
        total = total._assemble(factor, pair.product, ())
    ring.spend(prod(shape))
    if plan.last is not None:
        total = _tidied(total, *plan.last, sizes)
    return Dual(ring, shape, total.parts)


class Plan(NamedTuple):
    """How a contraction is carried out: which operands are tidied, from what labels to what, which
    of those left is multiplied next, at what cost and how, and how the last product is tidied into
    the result, if it is.  How large arrays meet is worked out once its cost has been afforded."""

    sizes: Mapping[Label, int]
    tidy: tuple[tuple[int, Labels, Labels], ...]
    steps: tuple[tuple[int, int, Pairing | None, tuple[Labels, Labels, frozenset[Label]]], ...]
    last: tuple[Labels, Labels] | None


@lru_cache(maxsize=2048)
def planned(rows: tuple[Labels, ...], out: Labels, extents: tuple[tuple[Label, int], ...]) -> Plan:
    """The plan for operands with these labels, which have these sizes."""
    sizes = dict(extents)
    small = prod(sizes.values()) < CACHED
    tidy = []
    for at, row in enumerate(rows):
        needed = frozenset(out).union(*rows[:at], *rows[at + 1 :])
        tidy.append(tuple(label for label in dict.fromkeys(row) if label in needed))
    labels, *waiting = tidy or [()]
    steps = []
    while waiting:
        at = 0 if len(waiting) == 1 else _least(labels, waiting, out, sizes)
        others = waiting.pop(at)
        kept = frozenset(out).union(*waiting)
        pair = pairing(labels, others, kept, sizes) if small else None
        steps.append((at, product_cost(labels, others, sizes), pair, (labels, others, kept)))
        labels = product_labels(labels, others, kept)
    tidying = [
        (at, row, wanted)
        for at, (row, wanted) in enumerate(zip(rows, tidy, strict=True))
        if row != wanted
    ]
    as_wanted = labels == out and len(set(out)) == len(out)
    return Plan(sizes, tuple(tidying), tuple(steps), None if as_wanted else (labels, out))


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


def _tidied(dual: Dual, labels: Labels, wanted: Labels, sizes: Mapping[Label, int]) -> Dual:
    """An operand with its diagonals taken and its private labels summed."""
    parts = {subset: rearrange(part, labels, wanted, sizes) for subset, part in dual.parts.items()}
    if not set(labels) <= set(wanted):  # what is summed up
        settle = dual.ring.settle
        parts = {subset: settle(part) for subset, part in parts.items()}
    return Dual(dual.ring, (), parts)


def _least(
    labels: Labels, waiting: Sequence[Labels], out: Labels, sizes: Mapping[Label, int]
) -> int:
    """The operand whose product with `labels` has the fewest entries."""

    def left_over(at: int) -> int:
        kept = frozenset(out).union(*waiting[:at], *waiting[at + 1 :])
        return prod(sizes[label] for label in {*labels, *waiting[at]} if label in kept)

    return min(range(len(waiting)), key=left_over)
