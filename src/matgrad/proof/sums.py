"""Random values whose entries, rows or columns add up to a number.

Floor 4.
"""

from __future__ import annotations

from math import prod

from matgrad.proof.arrays import Flat
from matgrad.proof.patterns import Source, patterned
from matgrad.proof.ring import BadPoint

Shape = tuple[int, ...]
Properties = frozenset[str]


def simplex(source: Source, shape: Shape, properties: Properties) -> Flat:
    return _summing(source, [prod(shape)])


def row_stochastic(source: Source, shape: Shape, properties: Properties) -> Flat:
    """Rows that each add up to one; and columns, as all ones do over their number."""
    rows, columns = shape
    if "column_stochastic" not in properties:
        return _summing(source, [columns] * rows)
    if rows != columns:
        raise BadPoint("the entries of a doubly stochastic matrix add up to both of its sizes")
    ring = source.ring
    noise = _turned(_centred(source, source.entries(rows * rows), rows), rows)
    mean, small = (ring.reciprocal(ring.number(count)) for count in (rows, 8 * rows))
    return ring.settle([mean + small * entry for entry in _centred(source, noise, rows)])


def column_stochastic(source: Source, shape: Shape, properties: Properties) -> Flat:
    """Columns that each add up to one."""
    rows, columns = shape
    turned = _summing(source, [rows] * columns)
    return [turned[column * rows + row] for row in range(rows) for column in range(columns)]


def _summing(source: Source, counts: list[int]) -> Flat:
    """Groups of positive entries that add up to one in each group."""
    ring, found = source.ring, Flat()
    for count in counts:
        entries = source.within(count, frozenset({"positive"}))
        total = ring.reciprocal(ring.settle([sum(entries)])[0])
        found += ring.settle([entry * total for entry in entries])
    return found


def centered(source: Source, shape: Shape, properties: Properties) -> Flat:
    """Columns that add up to zero; and rows, of a symmetric matrix."""
    symmetric = properties & {"symmetric"}
    columns = prod(shape[1:])
    entries = _centred(source, patterned(source, shape, symmetric), columns)
    return _centred(source, _turned(entries, columns), columns) if symmetric else entries


def _centred(source: Source, entries: Flat, columns: int) -> Flat:
    """Entries less the means of their columns."""
    ring = source.ring
    share = ring.reciprocal(ring.number(len(entries) // columns))
    means = ring.settle([sum(entries[at::columns]) for at in range(columns)])
    means = ring.settle([mean * share for mean in means])
    return ring.settle([entry - means[at % columns] for at, entry in enumerate(entries)])


def _turned(entries: Flat, columns: int) -> Flat:
    return [entry for at in range(columns) for entry in entries[at::columns]]
