"""Contractions of arrays of dual numbers: products summed over labels, planned once.

Floor 4.  A plan depends on labels and sizes only, so that all points of these sizes share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

from matgrad.proof.arrays import (
    CACHED,
    Arrangement,
    Label,
    Labels,
    Pairing,
    arrangement,
    pairing,
    product_cost,
    product_labels,
)
from matgrad.proof.dual import Dual
from matgrad.proof.ring import Ring


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
    for at, tidying in plan.tidy:
        waiting[at] = _tidied(waiting[at], tidying, sizes)
    total = waiting.pop(0) if waiting else Dual(ring, (), {0: [ring.number(1)]})
    for at, cost, pair, meeting in plan.steps:
        factor = waiting.pop(at)
        ring.spend(cost * len(total.parts) * len(factor.parts))
        pair = pair or pairing(*meeting, sizes)
        total = total.bilinear(factor, pair.product, ())
    ring.spend(prod(shape))
    if plan.last is not None:
        total = _tidied(total, plan.last, sizes)
    return Dual(ring, shape, total.parts)


class _Tidying(NamedTuple):
    """The labels of an array, those it gets, and how, where that is worked out."""

    labels: Labels
    wanted: Labels
    arranged: Arrangement | None


class Plan(NamedTuple):
    """How a contraction is carried out: which operands are tidied and how, which of those left is
    multiplied next, at what cost and how, and how the last product is tidied into the result, if it
    is.  How large arrays meet is worked out once its cost has been afforded."""

    sizes: Mapping[Label, int]
    tidy: tuple[tuple[int, _Tidying], ...]
    steps: tuple[tuple[int, int, Pairing | None, tuple[Labels, Labels, frozenset[Label]]], ...]
    last: _Tidying | None


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

    def tidying(row: Labels, wanted: Labels) -> _Tidying:
        return _Tidying(row, wanted, arrangement(row, wanted, sizes) if small else None)

    untidy = [at for at, row in enumerate(rows) if row != tidy[at]]
    as_wanted = labels == out and len(set(out)) == len(out)
    return Plan(
        sizes,
        tuple([(at, tidying(rows[at], tidy[at])) for at in untidy]),
        tuple(steps),
        None if as_wanted else tidying(labels, out),
    )


def _tidied(dual: Dual, tidying: _Tidying, sizes: Mapping[Label, int]) -> Dual:
    """An operand with its diagonals taken and its private labels summed."""
    labels, wanted, arranged = tidying
    arranged = arranged or arrangement(labels, wanted, sizes)
    parts = {subset: arranged.of(part) for subset, part in dual.parts.items()}
    if arranged.summed != 1:
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
