"""Random entries: where they lie, and matrices with a pattern of zeros and mirrored entries.

Floor 4.  In a field an inequality says nothing, so that a positive definite matrix is any
symmetric one: an identity that holds on an open set of them holds on all of them.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, prod
from random import Random
from typing import Literal, NamedTuple, final

from matgrad.catalogue.properties import bounds
from matgrad.core.errors import NoRule
from matgrad.core.interval import REALS, Interval, interval
from matgrad.proof import matrices
from matgrad.proof.arrays import Flat
from matgrad.proof.components import DISCRETE, digits
from matgrad.proof.dual import Dual
from matgrad.proof.ring import BadPoint, Ring

# How entries without a property are drawn over the floats, to meet conditions of all kinds.
Style = Literal["plain", "positive", "small", "near identity", "large"]
STYLES: tuple[Style, ...] = (
    "plain",
    "plain",
    "positive",
    "plain",
    "near identity",
    "small",
    "large",
)
_RANGE = {"positive": (0.4, 1.6), "plain": (-1.5, 1.5), "large": (1.1, 2.9)}


@final
class Source(NamedTuple):
    """Where random entries come from; `component` counts through a property's components."""

    ring: Ring
    random: Random
    component: int = 0
    style: Style = "plain"

    def entries(self, count: int) -> Flat:
        if self.ring.prime is not None or self.ring.few:
            return self.ring.draws(self.random, count)
        low, high = _RANGE.get(self.style, (-0.4, 0.4))
        return [self.random.uniform(low, high) for _ in range(count)]

    def within(self, count: int, properties: frozenset[str]) -> Flat:
        """Entries that lie where the properties say, inequalities over the floats only."""
        if not properties:
            return self.entries(count)
        for name, values in DISCRETE.items():
            if name in properties:
                places = digits(self.component, len(values), count, self.random)
                return [self.ring.number(values[place]) for place in places]
        where = bounds(properties)
        if where == REALS or self.ring.prime is not None:
            return self.entries(count)
        if self.ring.few:
            pools = (self.ring.few, _PARTS)
            inside = ([x for x in pool if Interval(x, x).within(where)] for pool in pools)
            choices = next(filter(None, inside), [Fraction(where.low)])
            return [self.random.choice(choices) for _ in range(count)]
        if where.low > -inf and where.high < inf:
            width = float(where.high - where.low)
            return [where.low + width * self.random.uniform(0.1, 0.9) for _ in range(count)]
        if where.low > -inf:
            return [where.low + 0.2 + abs(entry) for entry in self.entries(count)]
        return [where.high - 0.2 - abs(entry) for entry in self.entries(count)]

    def matrix(self, size: int, entries: Flat) -> Dual:
        return Dual(self.ring, (size, size), {0: self.ring.settle(entries)})


# What else is easily computed with.
_PARTS = (Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(1, 4))

# The pattern of a matrix, and what may be said of its entries besides.
PATTERNS = frozenset("symmetric skew diagonal lower upper hollow unit_diagonal toeplitz".split())
_DEFINITE = frozenset({"pd", "psd", "correlation"})
_OPEN = frozenset("invertible full_column_rank full_row_rank full_rank nonzero".split())
_RANGES = frozenset(
    "constant positive nonnegative negative nonpositive unit_interval bounded binary sign".split()
)
PATTERNED = PATTERNS | _DEFINITE | _OPEN | _RANGES


def patterned(source: Source, shape: tuple[int, ...], properties: frozenset[str]) -> Flat:
    """An array with zeros, ones and mirrored entries in the right places."""
    entries = source.within(prod(shape), properties)
    if not properties and source.style != "near identity":
        return entries
    if len(shape) < 2:
        shifted = source.style == "near identity" and not properties & _RANGES
        return [entry + 1.0 for entry in entries] if shifted else entries
    rows, columns = shape[0], prod(shape[1:])
    if ("full_column_rank" in properties and rows < columns) or (
        "full_row_rank" in properties and rows > columns
    ):
        raise BadPoint("no matrix of this shape has so large a rank")
    floating = source.ring.prime is None
    if properties & _DEFINITE and floating:
        entries = _definite(source, rows, properties)
    shift = source.style == "near identity" and rows == columns
    if shift and not properties & (_RANGES - {"positive", "nonnegative"} | {"skew"}):
        entries[:: rows + 1] = [entry + 1.5 for entry in entries[:: rows + 1]]
    if not properties & PATTERNS:
        return entries
    if {"skew", "invertible"} <= properties and rows % 2:
        raise BadPoint("a skew matrix of odd size is singular")
    if "correlation" in properties and floating:
        roots = [entry**0.5 for entry in entries[:: rows + 1]]
        scales = [left * right for left in roots for right in roots]
        entries = [entry / scale for entry, scale in zip(entries, scales, strict=True)]
    places = (_place(row, column, properties) for row in range(rows) for column in range(rows))
    made = [
        source.ring.number(sign) if place is None else sign * entries[place[0] * rows + place[1]]
        for sign, place in places
    ]
    return source.ring.settle(made)


def _place(row: int, column: int, properties: frozenset[str]) -> tuple[int, tuple[int, int] | None]:
    """Where an entry is taken from and its sign, or the number that it is."""
    zero = (row < column and "lower" in properties) or (row > column and "upper" in properties)
    if zero or (row == column and "hollow" in properties):
        return 0, None
    if row == column and "unit_diagonal" in properties:
        return 1, None
    sign = 1
    if row > column and properties & {"symmetric", "skew"}:
        row, column = column, row
        sign = -1 if "skew" in properties else 1
    if "toeplitz" in properties:
        row, column = max(row - column, 0), max(column - row, 0)
    return sign, (row, column)


def _definite(source: Source, size: int, properties: frozenset[str]) -> Flat:
    """G G' and, if it is to be positive definite, a multiple of the identity."""
    root = source.matrix(size, source.entries(size * size))
    if properties & {"nonnegative", "lower", "upper"}:
        root = source.matrix(size, [abs(entry) for entry in root.real])
    entries = list(matrices.multiply(root, matrices.transpose(root)).real)
    if "pd" in properties:
        shift = source.ring.number(1 if source.ring.few else 0.5)
        entries[:: size + 1] = [entry + shift for entry in entries[:: size + 1]]
    return entries


def diagonal(source: Source, entries: list[int]) -> Dual:
    """A diagonal matrix."""
    size = len(entries)
    result = [source.ring.number(0)] * size**2
    result[:: size + 1] = [source.ring.number(entry) for entry in entries]
    return source.matrix(size, result)


def conflict(declared: frozenset[str]) -> NoRule:
    return NoRule(f"no sampler for a value that is {', '.join(sorted(declared))}")


def check_pattern(declared: frozenset[str], properties: frozenset[str]) -> None:
    """Raise NoRule for what no array has, or what is not drawn here, all at once."""
    where = bounds(properties)
    mixed = properties & _DEFINITE and properties & (_RANGES - {"nonnegative", "positive"})
    if (
        not {name for name in properties if name[0] not in "(["} <= PATTERNED
        or {"symmetric", "skew"} <= properties
        or ("skew" in properties and not interval("[0, 0]").within(where))
        or (mixed and "correlation" not in properties)
        or ("toeplitz" in properties and properties & _DEFINITE)
        or where.empty
    ):
        raise conflict(declared)
