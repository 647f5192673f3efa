"""Places: the structural tensor behind slices, blocks, convolutions and sums along diagonals.

Floor 3.  Along its axes i, j, … PLACE is one where start + step_i*i + step_j*j + … = 0, each
counted from 0, and zero elsewhere.  A slice x[p+1:p+q] is Σ_j [p + i - j = 0] x_j.  Sizes are at
least one, so that p - 1 >= 0.
"""

from __future__ import annotations

from itertools import permutations
from typing import NamedTuple

from matgrad.core.dims import Dim, Shape, Size, is_nonnegative, names_of, substitute
from matgrad.core.expr import Expr, make
from matgrad.normal.canon import Factor, Group, Labels
from matgrad.normal.indices import PLACE, Affine, greatest, least


class Relation(NamedTuple):
    """The data of a place: start and steps.  `total` are the axes that the others determine
    wherever they are, because sizes show it or because a slice was asked for."""

    start: Size
    steps: tuple[int, ...]
    total: tuple[bool, ...]


def place(relation: Relation, shape: Shape, labels: Labels) -> Factor:
    """A place with its axes in an order that depends on what it is only."""
    start, steps, given = relation
    total = tuple(
        known or _determined((start, steps), shape, axis) for axis, known in enumerate(given)
    )
    found: list[tuple[Expr, Labels]] = []
    for order in permutations(range(len(steps))):
        sign = -1 if steps and steps[order[0]] < 0 else 1
        data = Relation(
            start * sign,
            tuple(steps[axis] * sign for axis in order),
            tuple(total[axis] for axis in order),
        )
        node = make(PLACE, (), data, tuple(shape[axis] for axis in order))
        found.append((node, tuple(labels[axis] for axis in order)))
    node, row = min(found, key=lambda factor: (factor[0].key, factor[1]))
    node.memo["ordered"] = True
    return node, row, 1


def selection(offset: Size, length: Size, size: Size, labels: Labels) -> Factor:
    """What takes `length` of `size` entries, from `offset` on, between labels (to, from)."""
    return place(Relation(offset, (1, -1), (False, True)), (length, size), labels)


def antidiagonal(size: Size, labels: Labels) -> Factor:
    """What takes entries in reverse order."""
    return place(Relation(size * -1 + 1, (1, 1), (True, True)), (size, size), labels)


def certain(size: Size) -> bool:
    """Whether a polynomial in sizes, which are at least one, is surely nonnegative."""
    return is_nonnegative(substitute(size, {name: Dim(name) + 1 for name in names_of(size)}))


def symmetries(node: Expr) -> Group:
    """The slot permutations that leave a place as it is."""
    axes = range(node.order)
    found = list(zip(node.data.steps, node.data.total, node.shape, strict=True))
    return tuple(
        (order, 1)
        for order in permutations(axes)
        if order != tuple(axes) and [found[axis] for axis in order] == found
    )


def never(integer: Affine, shape: Shape) -> bool:
    """Whether a relation holds nowhere."""
    low, high = least(integer, shape), greatest(integer, shape)
    return (low is not None and certain(low - 1)) or (high is not None and certain(high * -1 - 1))


def _determined(integer: Affine, shape: Shape, axis: int) -> bool:
    """Whether, wherever the other axes are, there is one place on this axis."""
    start, steps = integer
    if steps[axis] not in (1, -1):
        return False
    sign = steps[axis] * -1
    rest = steps[:axis] + steps[axis + 1 :]
    lengths = shape[:axis] + shape[axis + 1 :]
    value = start * sign, tuple(step * sign for step in rest)
    low, high = least(value, lengths), greatest(value, lengths)
    if low is None or high is None:
        return False
    return certain(low) and certain(shape[axis] - 1 - high)


def offset_of(node: Expr) -> tuple[Size, int] | None:
    """Of a place with two axes that is a selection: where it begins on the axis it takes from, and
    which axis that is."""
    start, steps, total = node.data
    if steps not in ((1, -1), (-1, 1)):
        return None
    for axis in (0, 1):
        if total[axis]:
            offset = start * -steps[axis]
            return offset, axis
    return None


def reversed_from(node: Expr) -> tuple[Size, int] | None:
    """Of a place with two axes that takes entries in reverse order: where it begins, counted from
    the end, on the axis it takes from, and which axis that is."""
    start, steps, total = node.data
    if steps != (1, 1):
        return None
    for axis in (0, 1):
        if total[axis]:
            return node.shape[axis] - 1 + start, axis
    return None


def is_selection(node: Expr) -> bool:
    """Whether a place takes entries in a row, forwards or backwards, from one axis to another."""
    return node.order == 2 and (offset_of(node) or reversed_from(node)) is not None
