"""The laws of places: what a sum over one axis is when the others determine it.

Floor 3.  A lone axis is one, two places in a row are one place, a unit vector picks a place, and a
selection goes through sums and scalar functions where that makes them smaller.
"""

from __future__ import annotations

from collections.abc import Callable

from matgrad.catalogue.structure import unit
from matgrad.core.dims import Size
from matgrad.core.expr import SUM, Expr, Op, make
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.indices import PLACE
from matgrad.normal.places import Relation, certain, never, place
from matgrad.normal.sums import combine, is_zero

Key = tuple[Expr, Labels]
Contract = Callable[[Labels, list[Factor]], Expr]

# How a scalar function of an array is built; `normal.build` provides it.
_mapper: list[Callable[[Op, Expr], Expr]] = []


def provide_mapper(mapped: Callable[[Op, Expr], Expr]) -> None:
    """Set how a scalar function of every entry is built (by a module above this one)."""
    _mapper[:] = [mapped]


def settle(factors: Factors, out: Labels, contract: Contract) -> Change | None:
    """One law of PLACE that applies, or None; `contract` makes products."""
    places = [key for key in factors if key[0].op is PLACE]
    units = [key for key in factors if key[0].op is unit and not isinstance(key[0].data, str)]
    if not places and not units:
        return None
    counts = occurrences(factors, out)
    for key in units:
        change = _through_sum(key, factors, counts, contract) if factors[key] == 1 else None
        if change is not None:
            return change
    at: dict[frozenset[int], Key] = {}
    for key in places:
        node, labels = key
        if factors[key] != 1 or "ordered" not in node.memo:
            return Change([key], [], [place(node.data, node.shape, labels)], [])
        change = _alone(key, counts)
        if change is not None:
            return change
        twin = at.setdefault(frozenset(key[1]), key)
        if twin != key and _apart(twin, key):
            return Change([], [], [], [], 0)
    for key in places:
        change = _chained(key, places, counts) or _picked(key, factors, counts)
        change = change or _through_sum(key, factors, counts, contract)
        change = change or _into_map(key, factors, counts, contract)
        if change is not None:
            return change
    return None


def _alone(key: Key, counts: dict[int, int]) -> Change | None:
    """What one place says by itself."""
    node, labels = key
    start, steps, total = node.data
    if never((start, steps), node.shape):
        return Change([], [], [], [], 0)
    if len(set(labels)) < len(labels):
        return Change([key], [], [_joined(key)], [])
    fixed = next((axis for axis, size in enumerate(node.shape) if size == 1), None)
    if fixed is not None:
        rest = tuple(axis for axis in range(len(steps)) if axis != fixed)
        return Change([key], [], [_restricted(key, rest, 0)], [])
    if not steps:
        return Change([key], [], [], []) if start == 0 else None
    if len(steps) == 1 and abs(steps[0]) == 1:
        one = make(unit, (), start * -steps[0], node.shape)
        return Change([key], [], [(one, labels, 1)], [])
    if start == 0 and steps == (1, -1) and node.shape[0] == node.shape[1]:
        return Change([key], [(labels[0], labels[1])], [], [])
    for axis, label in enumerate(labels):
        if counts[label] == 1 and total[axis]:
            return Change([key], [], [], [label])
    return None


def _joined(key: Key) -> Factor:
    """A place with a label on several axes: their steps add up."""
    node, labels = key
    start, steps, _ = node.data
    seen = dict.fromkeys(labels)
    sums = {x: sum(s for s, y in zip(steps, labels, strict=True) if y == x) for x in seen}
    kept = tuple(x for x in seen if sums[x])
    shape = tuple(node.shape[labels.index(x)] for x in kept)
    return place(Relation(start, tuple(sums[x] for x in kept), (False,) * len(kept)), shape, kept)


def _restricted(key: Key, rest: Labels, value: Size) -> Factor:
    """A place with one axis at a value; the others are `rest`."""
    node, labels = key
    start, steps, total = node.data
    (axis,) = set(range(len(steps))) - set(rest)
    relation = Relation(
        start + value * steps[axis],
        tuple(steps[k] for k in rest),
        tuple(total[k] for k in rest),
    )
    return place(relation, tuple(node.shape[k] for k in rest), tuple(labels[k] for k in rest))


def _apart(first: Key, second: Key) -> bool:
    """Whether two places on the same labels have no entry in common."""
    node, labels = second
    order = [labels.index(label) for label in first[1]]
    steps = tuple(node.data.steps[k] for k in order)
    for sign in (1, -1):
        if steps == tuple(step * sign for step in first[0].data.steps):
            gap = first[0].data.start - node.data.start * sign
            return certain(gap - 1) or certain(gap * -1 - 1)
    return False


def _chained(key: Key, places: list[Key], counts: dict[int, int]) -> Change | None:
    """Two places that share a bound label and nothing else: that label is eliminated."""
    node, labels = key
    if len(labels) != 2:
        return None
    for axis, label in enumerate(labels):
        if counts[label] != 2:
            continue
        for other in places:
            if (
                other == key
                or label not in other[1]
                or len({*labels, *other[1]}) != len(other[1]) + 1
            ):
                continue
            there = other[1].index(label)
            if abs(node.data.steps[axis]) != 1 or abs(other[0].data.steps[there]) != 1:
                continue
            if not (node.data.total[axis] or other[0].data.total[there]):
                continue
            return Change([key, other], [], [_eliminated(key, axis, other, there)], [label])
    return None


def _eliminated(first: Key, axis: int, second: Key, there: int) -> Factor:
    """Both relations without the axis they share."""
    node, labels = first
    other, row = second
    sign = -node.data.steps[axis] * other.data.steps[there]
    ours = [k for k in range(len(labels)) if k != axis]
    theirs = [k for k in range(len(row)) if k != there]
    # What the shared axis is to the first is put into the second.
    steps = [node.data.steps[k] * sign for k in ours] + [other.data.steps[k] for k in theirs]
    # An axis is determined if it was by the shared one, and that by its own others.
    total = [node.data.total[k] and other.data.total[there] for k in ours]
    total += [other.data.total[k] and node.data.total[axis] for k in theirs]
    relation = Relation(other.data.start + node.data.start * sign, tuple(steps), tuple(total))
    shape = [node.shape[k] for k in ours] + [other.shape[k] for k in theirs]
    return place(relation, tuple(shape), (*(labels[k] for k in ours), *(row[k] for k in theirs)))


def _picked(key: Key, factors: Factors, counts: dict[int, int]) -> Change | None:
    """A unit vector on an axis of a place that is bound."""
    _, labels = key
    for axis, label in enumerate(labels):
        if counts[label] != 2:
            continue
        for other in factors:
            position = other[0].data
            if other[0].op is not unit or other[1] != (label,) or isinstance(position, str):
                continue
            rest = tuple(k for k in range(len(labels)) if k != axis)
            found = _restricted(key, rest, position)
            if len(rest) > 1 or _within(found[0]):
                return Change([key, other], [], [found], [label])
    return None


def _through_sum(
    key: Key, factors: Factors, counts: dict[int, int], contract: Contract
) -> Change | None:
    """A selection from a sum, or a unit vector, term by term where that makes some of them vanish:
    [A, B; C, D] has the first rows [A, B]."""
    node, labels = key
    for axis, label in enumerate(labels):
        if counts[label] != 2 or len(labels) > 2:
            continue
        far = labels[:axis] + labels[axis + 1 :]
        for other, row in factors:
            if other.op is not SUM or label not in row or factors[other, row] != 1:
                continue
            slot, end = row.index(label), other.order
            before = tuple(end + 1 if k == slot else k for k in range(end))
            after = (*range(slot), *(end for _ in far), *range(slot + 1, end))
            ends = tuple(end + 1 if k == axis else end for k in range(len(labels)))
            terms = [
                (c, contract(after, [(term, before, 1), (node, ends, 1)]))
                for c, term in zip(other.data, other.args, strict=True)
            ]
            if any(is_zero(term) for _, term in terms):
                rest = node.shape[:axis] + node.shape[axis + 1 :]
                shape = (*other.shape[:slot], *rest, *other.shape[slot + 1 :])
                there = (*row[:slot], *far, *row[slot + 1 :])
                added: list[Factor] = [(combine(terms, shape), there, 1)]
                return Change([key, (other, row)], [], added, [label])
    return None


def _into_map(
    key: Key, factors: Factors, counts: dict[int, int], contract: Contract
) -> Change | None:
    """A scalar function of every entry, where only some are taken: exp(x)[1:p] = exp(x[1:p]).  In
    another order, where each has its place on the other axis too, only if nothing stays behind."""
    node, labels = key
    if len(labels) != 2:
        return None
    for axis, label in enumerate(labels):
        far = labels[1 - axis]
        if node.data.total[1 - axis] and counts[label] != 2:
            continue
        for other, row in factors:
            if other.op.kind != "elementwise" or row.count(label) != 1 or not node.data.total[axis]:
                continue
            slot, end = row.index(label), other.order
            before = tuple(end + 1 if k == slot else k for k in range(end))
            after = tuple(end if k == slot else k for k in range(end))
            ends = (end + 1, end) if axis == 0 else (end, end + 1)
            inside = contract(after, [(other.args[0], before, 1), (node, ends, 1)])
            image: Factor = (
                _mapper[0](other.op, inside),
                tuple(far if x == label else x for x in row),
                factors[other, row],
            )
            return Change([(other, row)], [], [image], [])
    return None


def _within(node: Expr) -> bool:
    """Whether a place with one axis surely has its one there, or surely nowhere."""
    start, (step,), _ = node.data
    at = start * -step
    inside = certain(at) and certain(node.shape[0] - 1 - at)
    return inside or never((start, (step,)), node.shape)
