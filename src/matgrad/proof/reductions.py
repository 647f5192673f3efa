"""What softmax, log-sum-exp, extreme entries and products mean, over dual numbers.

Floor 4.  Axes are named by labels: those in `kept` stay, over the others one reduces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from math import prod
from operator import mul
from typing import NamedTuple

from matgrad.core.errors import NoRule
from matgrad.proof.arrays import Flat, Label, Labels, rearrange
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint

Choice = Callable[[Flat], float]
Definitions = dict[str, Callable[[Point, Sequence[Dual]], Dual]]


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


def extreme(x: Dual, choose: Choice, labels: Labels, kept: Labels) -> Dual:
    """The largest or the smallest entry of each slice.  Raises BadPoint where two share it."""
    places, shape = _places(x, choose, labels, kept)
    return Dual(x.ring, shape, {s: [part[at] for at in places] for s, part in x.parts.items()})


def indicator(x: Dual, choose: Choice, labels: Labels, kept: Labels) -> Dual:
    """One where the largest or the smallest entry of its slice stands, zero elsewhere."""
    places = set(_places(x, choose, labels, kept)[0])
    return Dual(x.ring, x.shape, {0: [float(at in places) for at in range(len(x.real))]})


def _places(
    x: Dual, choose: Choice, labels: Labels, kept: Labels
) -> tuple[list[int], tuple[int, ...]]:
    if x.ring.prime is not None:
        raise NoRule("the elements of a field have no order")
    slices, shape = _slices(x, labels, kept)
    places = []
    for at in slices:
        values = [x.real[k] for k in at]
        value = choose(values)
        if values.count(value) > 1:
            raise BadPoint("an extreme entry that is attained twice")
        places.append(at[values.index(value)])
    return places, shape


def product(x: Dual, labels: Labels, kept: Labels) -> Dual:
    """The product of the entries of each slice, one factor after the other."""
    slices, shape = _slices(x, labels, kept)
    factors = [
        Dual(x.ring, shape, {s: [part[at] for at in places] for s, part in x.parts.items()})
        for places in zip(*slices, strict=True)
    ]
    return reduce(mul, factors)


def _slices(x: Dual, labels: Labels, kept: Labels) -> tuple[list[list[int]], tuple[int, ...]]:
    """Where the entries of each slice lie, and the shape that the slices make."""
    sizes: dict[Label, int] = dict(zip(labels, x.shape, strict=True))
    inner = (*kept, *(label for label in labels if label not in kept))
    order = [int(at) for at in rearrange(list(range(len(x.real))), labels, inner, sizes)]
    shape = tuple(sizes[label] for label in kept)
    width = len(order) // prod(shape)
    return [order[at : at + width] for at in range(0, len(order), width)], shape


def _by_slice(name: str, reduction: Callable[[Point, Dual, Labels, Labels], Dual]) -> Definitions:
    """A reduction of all entries, of each column and of each row."""

    def whole(point: Point, args: Sequence[Dual]) -> Dual:
        return reduction(point, args[0], tuple(range(len(args[0].shape))), ())

    return {
        name: whole,
        f"{name}0": lambda point, args: reduction(point, args[0], ("i", "j"), ("j",)),
        f"{name}1": lambda point, args: reduction(point, args[0], ("i", "j"), ("i",)),
    }


REDUCTIONS: Definitions = {
    **_by_slice("softmax", softmax),
    **_by_slice("logsumexp", logsumexp),
    **_by_slice("max", lambda point, x, labels, kept: extreme(x, max, labels, kept)),
    **_by_slice("min", lambda point, x, labels, kept: extreme(x, min, labels, kept)),
    **_by_slice("argmax1", lambda point, x, labels, kept: indicator(x, max, labels, kept)),
    **_by_slice("argmin1", lambda point, x, labels, kept: indicator(x, min, labels, kept)),
    **_by_slice("prod", lambda point, x, labels, kept: product(x, labels, kept)),
}
