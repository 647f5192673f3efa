"""What cumulative sums and products mean.

Floor 4.  Entries are taken one after the other, as the definitions do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import prod
from operator import add, mul

from matgrad.proof.dual import Dual
from matgrad.proof.point import Point

Definition = Callable[[Point, Sequence[Dual]], Dual]


def slices(array: Dual) -> list[Dual]:
    """An array taken apart along its first axis."""
    rows, *rest = array.shape
    width = prod(rest)
    return [
        Dual(
            array.ring,
            tuple(rest),
            {s: part[at * width : (at + 1) * width] for s, part in array.parts.items()},
        )
        for at in range(rows)
    ]


def stacked(pieces: Sequence[Dual]) -> Dual:
    """Arrays of one shape, put together along a new first axis."""
    subsets = {s for piece in pieces for s in piece.parts}
    parts = {s: [entry for piece in pieces for entry in piece.part(s)] for s in subsets}
    return Dual(pieces[0].ring, (len(pieces), *pieces[0].shape), parts)


def _accumulated(combined: Callable[[Dual, Dual], Dual]) -> Definition:
    """What the entries before and at each place make together."""
    return lambda point, args: stacked(list(accumulate(slices(args[0]), combined)))


def _along_rows(point: Point, args: Sequence[Dual]) -> Dual:
    return stacked([stacked(list(accumulate(slices(row), add))) for row in slices(args[0])])


CUMULATIVE: dict[str, Definition] = {
    "cumprod": _accumulated(mul),
    "cumsum": _accumulated(add),
    "cumsum0": _accumulated(add),
    "cumsum1": _along_rows,
}
