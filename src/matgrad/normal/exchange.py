"""The directions in which a linear operator is symmetric, in another order.

Floor 3.  The second Fréchet derivative f_frechet2(A, D, E) is f_frechet2(A, E, D), but for the
order of the axes that pass through.  In normal form directions stand in the order of their axes
and keys, in print in the order of the outputs that their axes are, or of first appearance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matgrad.core.expr import Expr, Op, make
from matgrad.core.signature import directions, further_of, own_axes
from matgrad.normal.canon import Labels
from matgrad.normal.cost import PrintOrder
from matgrad.normal.sums import split


def at_directions(op: Op, args: tuple[Expr, ...], order: Sequence[int]) -> tuple[Expr, ...]:
    """The operands with the directions of a linear operator in another order."""
    found, places = list(args), directions(op)
    for place, k in zip(places, order, strict=True):
        found[place] = args[places[k]]
    return tuple(found)


def ordered(op: Op, args: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], Labels]:
    """The operands with their directions in the order of their axes and keys, and which of them
    stands in which place."""
    return _ranked(op, args, lambda arg: (arg.order, split(arg)[1].key))


def as_printed(
    op: Op, args: tuple[Expr, ...], rank: Callable[[Expr], PrintOrder]
) -> tuple[Expr, ...]:
    """The operands with their directions in the order of print, if no axes pass through."""
    if len(directions(op)) < 2 or any(further_of(op, args)):
        return args
    return _ranked(op, args, rank)[0]


def _ranked(
    op: Op, args: tuple[Expr, ...], rank: Callable[[Expr], Any]
) -> tuple[tuple[Expr, ...], Labels]:
    places = directions(op)
    order = tuple(range(len(places)))
    if len(places) > 1:
        order = tuple(sorted(order, key=lambda k: rank(args[places[k]])))
    return at_directions(op, args, order), order


def blocks(image: Expr) -> list[Labels]:
    """The axes of an image that pass through from each of its directions."""
    found: list[Labels] = []
    start = own_axes(image.op)
    for count in further_of(image.op, image.args):
        found.append(tuple(range(start, start + count)))
        start += count
    return found


def exchanged(image: Expr, order: Sequence[int]) -> tuple[Expr, Labels]:
    """An image with its directions in another order, and which of the image's axes are its."""
    passed = blocks(image)
    axes = sum([passed[k] for k in order], tuple(range(own_axes(image.op))))
    args = at_directions(image.op, image.args, order)
    shape = tuple([image.shape[axis] for axis in axes])
    return make(image.op, args, image.data, shape), axes
