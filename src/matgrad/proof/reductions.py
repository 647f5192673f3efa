"""What softmax, log-sum-exp and the extreme entries mean, over dual numbers.

Floor 4.  Axes are named by labels: those in `kept` stay, over the others one reduces.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NamedTuple

from matgrad.core.errors import NoRule
from matgrad.proof.arrays import Flat, Label, Labels, rearrange
from matgrad.proof.dual import Dual, contract
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint


class _Exponentials(NamedTuple):
    """exp(x - shift), where `shift` is the largest entry of each slice; it is a constant."""

    values: Dual
    total: Dual
    shift: Flat


def _exponentials(point: Point, x: Dual, labels: Labels, kept: Labels) -> _Exponentials:
    if x.ring.prime is not None:
        raise NoRule("there are no exponentials to compare in a field")
    sizes: dict[Label, int] = dict(zip(labels, x.shape, strict=True))
    width = prod(sizes[label] for label in labels if label not in kept)
    inner = (*kept, *(label for label in labels if label not in kept))
    slices = rearrange(x.real, labels, inner, sizes)
    shift = [max(slices[at : at + width]) for at in range(0, len(slices), width)]
    spread = rearrange(shift, kept, labels, sizes)
    lowered = [entry - by for entry, by in zip(x.real, spread, strict=True)]
    values = point.scalar("exp", Dual(x.ring, x.shape, {**x.parts, 0: lowered}))
    shape = tuple(sizes[label] for label in kept)
    return _Exponentials(values, contract(x.ring, [(values, labels)], kept, sizes, shape), shift)


def softmax(point: Point, x: Dual, labels: Labels, kept: Labels) -> Dual:
    """exp(x) divided by its sums."""
    values, total, _ = _exponentials(point, x, labels, kept)
    sizes: dict[Label, int] = dict(zip(labels, x.shape, strict=True))
    operands = [(values, labels), (total.reciprocal(), kept)]
    return contract(x.ring, operands, labels, sizes, x.shape)


def logsumexp(point: Point, x: Dual, labels: Labels, kept: Labels) -> Dual:
    """The logarithm of the sums of exp(x)."""
    _, total, shift = _exponentials(point, x, labels, kept)
    return point.scalar("log", total) + Dual(x.ring, total.shape, {0: shift})


def extreme(x: Dual, choose: Callable[[Flat], float]) -> Dual:
    """The largest or the smallest entry.  Raises BadPoint where two entries share it."""
    at = _place(x, choose)
    return Dual(x.ring, (), {subset: [part[at]] for subset, part in x.parts.items()})


def indicator(x: Dual, choose: Callable[[Flat], float]) -> Dual:
    """One where the largest or the smallest entry stands, zero elsewhere."""
    at = _place(x, choose)
    return Dual(x.ring, x.shape, {0: [float(other == at) for other in range(len(x.real))]})


def _place(x: Dual, choose: Callable[[Flat], float]) -> int:
    if x.ring.prime is not None:
        raise NoRule("the elements of a field have no order")
    value = choose(x.real)
    if x.real.count(value) > 1:
        raise BadPoint("an extreme entry that is attained twice")
    return x.real.index(value)
