"""The operands in which a linear operator that is no contraction is linear, taken apart.

Floor 3.  What such an operator does not act on stands outside its image: the coefficient, scalars,
and what hangs on further axes only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import permutations
from typing import NamedTuple, final

from matgrad.core.dims import Size
from matgrad.core.expr import CONTRACTION, Expr, make
from matgrad.core.signature import directions, own_axes
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.exchange import blocks, exchanged
from matgrad.normal.indices import lead
from matgrad.normal.product import contract
from matgrad.normal.sums import split
from matgrad.normal.symmetry import permute

# More further axes than this stay in the order in which they come.
_MANY = 4


@final
class Direction(NamedTuple):
    """An operand of a linear operator as a product: what the operator acts on, the labels of its
    further axes, what stands outside, the labels of all further axes, the next free label."""

    coefficient: Size
    core: Expr
    further: Labels
    loose: list[Factor]
    out: Labels
    end: int


def direction_of(operand: Expr, acted: int, start: int) -> Direction:
    """An operand of which a linear operator acts on the first axes; labels count from `start`."""
    coefficient, core = split(operand)
    if core.op is not CONTRACTION:
        further = tuple(range(start + acted, start + core.order))
        return Direction(coefficient, core, further, [], further, start + core.order)
    out, rows, powers = core.data
    end = start + 1 + max(label for row in (out, *rows) for label in row)
    out = tuple([start + label for label in out])
    factors: list[Factor] = [
        (factor, tuple([start + label for label in row]), power)
        for factor, row, power in zip(core.args, rows, powers, strict=True)
    ]
    held = reached(out[:acted], factors)
    loose = [factor for factor in factors if not held.intersection(factor[1])]
    further = tuple(dict.fromkeys(label for label in out[acted:] if label in held))
    if loose or len(further) < len(out) - acted:
        rest = [factor for factor in factors if held.intersection(factor[1])]
        kept = {x: size for x, size in zip(out, operand.shape, strict=True) if x in held}
        core = contract(out[:acted] + further, rest, 1, kept)
    core, order = _in_order(core, acted)
    further = tuple([further[k] for k in order])
    return Direction(coefficient, core, further, loose, out[acted:], end)


def _in_order(core: Expr, acted: int) -> tuple[Expr, Labels]:
    """An operand with its further axes in the order that has the least key, and that order."""
    head, count = tuple(range(acted)), core.order - acted
    plain = tuple(range(count))
    if not 1 < count <= _MANY:
        return core, plain
    ways = [
        (permute(core, head + tuple([acted + k for k in order])), order)
        for order in permutations(plain)
    ]
    return min(ways, key=lambda way: (way[0].key, way[1]))


def reached(start: Labels, factors: Sequence[Factor], ends: Collection[int] = ()) -> set[int]:
    """The labels connected with those at the start by labels that are no ends."""
    found, before = set(start), -1
    while len(found) > before:
        before = len(found)
        for _, row, _ in factors:
            if not found.isdisjoint(row):
                found.update(label for label in row if label not in ends)
    return found


def in_print_order(factor: Factor, out: Labels) -> Factor:
    """A factor of a product with outputs `out`: of a linear operator the axes that pass through,
    and the directions that have them, in the order of these."""
    node, row, power = factor
    if not directions(node.op) or lead(node) or node.order == own_axes(node.op):
        return factor
    places = {label: place for place, label in enumerate(out)}

    def place(axis: int) -> int:
        return places.get(row[axis], len(out))

    args, passed = list(node.args), blocks(node)
    for k, block in zip(directions(node.op), passed, strict=True):
        inside = range(args[k].order - len(block), args[k].order)
        order = sorted(range(len(block)), key=lambda at: place(block[at]))
        args[k] = permute(args[k], (*range(inside.start), *(inside[at] for at in order)))
    passed = [tuple(sorted(block, key=place)) for block in passed]
    turn = sum(passed, tuple(range(own_axes(node.op))))
    image = make(node.op, tuple(args), node.data, tuple([node.shape[axis] for axis in turn]))
    row = tuple([row[axis] for axis in turn])
    order = sorted(range(len(passed)), key=lambda k: min(map(place, passed[k]), default=-1))
    image, turn = exchanged(image, order)
    return image, tuple([row[axis] for axis in turn]), power
