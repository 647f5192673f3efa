"""What is known of a value: its properties and where its entries lie; and the rows by which what is
known of parts says something of the whole.

Floor 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache, reduce
from typing import NamedTuple

from matgrad.catalogue.properties import PROPERTIES, closure, record_of
from matgrad.core.dims import Shape
from matgrad.core.expr import Op
from matgrad.core.interval import REALS, Interval, interval, point
from matgrad.rules.inference import INFERENCES

Properties = frozenset[str]


class Known(NamedTuple):
    """Properties, with all that follows from them, and the interval of the entries."""

    properties: Properties = frozenset()
    entries: Interval = REALS


# Properties that say where every entry lies and no more.
_RANGES = tuple(
    (name, interval(record.entries))
    for name, record in PROPERTIES.items()
    if record.entries and record.of == "any" and not record.says
)
_ONE = point(1)


def known(properties: Iterable[str], entries: Interval, shape: Shape) -> Known:
    """What follows from some properties and the interval of the entries together."""
    square = len(shape) == 2 and shape[0] == shape[1]
    return _known(frozenset(properties), entries, square)


@lru_cache(4096)
def _known(properties: Properties, entries: Interval, square: bool) -> Known:
    found = set(properties)
    found.update(name for name, where in _RANGES if entries.within(where))
    if entries.nonzero:
        found.add("nonzero")
    if entries == _ONE:
        found.update(("binary", "sign"))
    held = closure(frozenset(found))
    if square and "full_rank" in held:
        held = closure(held | {"invertible"})
    for record in map(record_of, held):
        if record and record.entries:
            entries = entries.meet(interval(record.entries))
    return Known(held, entries)


def turned(matrix: Known, shape: Shape) -> Known:
    """What is known of the transpose."""
    return known(names_turned(matrix.properties), matrix.entries, shape)


@lru_cache(4096)
def names_turned(properties: Properties) -> Properties:
    """What a transpose has of some properties, without what follows."""
    names = (
        name if record.turned == "same" else record.turned
        for name in properties
        if (record := record_of(name)) is not None
    )
    return frozenset(name for name in names if name)


def multiple(number: Known, value: Known, shape: Shape) -> Known:
    """What is known of a multiple by a number."""
    found = joined("c*A", (number, value)) | _linear(value.properties)
    return known(found, number.entries.times(value.entries), shape)


def total(terms: list[Known], shape: Shape) -> Known:
    """What is known of a sum."""

    def add(left: Known, right: Known) -> Known:
        found = joined("A + B", (left, right)) | joined("A + B", (right, left))
        both = left.properties & right.properties
        return known(found | _linear(both), left.entries.plus(right.entries), shape)

    return reduce(add, terms)


def product(links: list[Known], shape: Shape) -> Properties:
    """What is known of a product of matrices, or of matrices and a vector."""
    held = links[-1].properties
    form = "A*x" if len(shape) == 1 else "A*B"
    for link in reversed(links[:-1]):
        held = joined(form, (link, Known(held)))
    return held


def joined(form: str, parts: tuple[Known, ...]) -> Properties:
    """What the rows of a form say when its operands are these."""
    return frozenset(
        gives
        for wanted, gives in rows(form)
        if all(want <= part.properties for want, part in zip(wanted, parts, strict=True))
    )


def _linear(properties: Properties) -> Properties:
    return frozenset(name for name in properties if name in _LINEAR)


# What is said of complex values, too: patterns and equations without a conjugate or a bound.
OF_COMPLEX = frozenset(
    "complex hermitian hpd unitary symmetric skew diagonal lower upper unit_diagonal hollow"
    " toeplitz idempotent involutory centered invertible full_column_rank full_row_rank full_rank"
    " nonzero".split()
)
_LINEAR = frozenset(name for name, record in PROPERTIES.items() if record.linear)


@cache
def rows(form: str) -> tuple[tuple[tuple[Properties, ...], str], ...]:
    """The rows of a form: the properties wanted of its operands in order, the one it then has."""
    found = []
    for row in INFERENCES:
        if row.left == form:
            declared = [part.partition(":")[2].split() for part in row.given.split(";")]
            wanted = tuple(frozenset(w for w in words if w in PROPERTIES) for words in declared)
            found.append((wanted, row.gives))
    return tuple(found)


_CELL = re.compile(r"(\w+|[(\[].+[)\]])(?: if (.+))?")


@cache
def gives(op: Op) -> tuple[tuple[str, tuple[tuple[int, str], ...]], ...]:
    """What a record says of an operator's value: the property, and which operands must have
    which one for that; `pd if A symmetric`, `nonnegative if A psd and B psd`."""
    found = []
    for cell in op.gives:
        match = _CELL.fullmatch(cell)
        assert match is not None, cell
        wanted = [part.split() for part in (match[2] or "").split(" and ") if part]
        found.append((match[1], tuple((op.operands.index(name), held) for name, held in wanted)))
    return tuple(found)


def given(op: Op, operands: tuple[Known, ...]) -> Properties:
    """What an operator's value has when the operands are these."""
    if not any([operand.properties for operand in operands]):
        return _always(op)
    return frozenset(
        name
        for name, wanted in gives(op)
        if all(held in operands[k].properties for k, held in wanted)
    )


@cache
def _always(op: Op) -> Properties:
    """What an operator's value has whatever its operands are."""
    return frozenset(name for name, wanted in gives(op) if not wanted)
