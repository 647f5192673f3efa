"""The range of indices: what holds everywhere, what never does, and coordinates for what is left.

Floor 3.  Bounds on bound indices are factors that are one or zero.  One that follows from another
goes, two that contradict each other make the product zero, ends of a range where nothing is left
are cut off, and a lower bound r <= s becomes an upper one by counting s from r.  What remains is a
simplex, r + s <= R with r, s >= 0, in which R - r - s may take the place of r or of s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from matgrad.core.dims import Shape, Size, is_nonnegative
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import Change, Factors
from matgrad.normal.indices import (
    AFFINE,
    COUNT,
    WITHIN,
    Affine,
    count_node,
    greatest,
    is_affine,
    least,
    lengths_of,
    rebuilt,
)
from matgrad.normal.symmetry import intern

Key = tuple[Expr, Labels]
# Products with more indices than this are left in the coordinates they have.
_MOST = 4


def bound(factors: Factors, out: Labels) -> Change | None:
    """One law of bounds that applies, or None."""
    bounds = [key for key in factors if key[0].op is WITHIN and key[1]]
    counts = [key for key in factors if key[0].op is COUNT and len(key[1]) == 1]
    if not bounds and not counts:
        return None
    for k, first in enumerate(bounds):
        alone = _counted(first, factors, out)
        if alone is not None:
            return alone
        for second in bounds[k + 1 :]:
            if _never(_combined(first, second, 1)):
                return Change([], [], [], [], 0)
            if _always(_combined(first, second, -1)):
                return Change([first], [], [], [])
            if _always(_combined(second, first, -1)):
                return Change([second], [], [], [])
    free = movable(factors, out)
    for key in bounds:
        change = _cut(key, free, factors) or _counted_from(key, free, factors)
        if change is not None:
            return change
    return next(filter(None, (_zero_at_end(key, free, factors) for key in counts)), None)


def _counted(key: Key, factors: Factors, out: Labels) -> Change | None:
    """The sum over an index that only one bound mentions: as many as the bound lets through."""
    node, labels = key
    start, steps = node.data
    for axis, label in enumerate(labels):
        others = sum(label in row for _, row in factors)
        if label in out or others > 1 or steps[axis] not in (1, -1) or factors[key] != 1:
            continue
        rest = labels[:axis] + labels[axis + 1 :]
        lengths = node.shape[:axis] + node.shape[axis + 1 :]
        first = start + (node.shape[axis] - 1 if steps[axis] == 1 else 0)
        number = first + 1, steps[:axis] + steps[axis + 1 :]
        spare = number[0] * -1 + node.shape[axis], tuple(step * -1 for step in number[1])
        if _always((number, lengths)) and _always((spare, lengths)):
            return Change([key], [], [(count_node(number, lengths), rest, 1)], [label])
    return None


def movable(factors: Factors, out: Labels) -> dict[int, list[Key]]:
    """The bound indices on which only functions of an integer depend, with those."""
    users: dict[int, list[Key]] = {}
    fixed = set(out)
    for key in factors:
        node, labels = key
        own = len(node.data[1]) if is_affine(node) else 0
        fixed.update(labels[own:])
        for label in labels[:own]:
            users.setdefault(label, []).append(key)
    return {label: keys for label, keys in users.items() if label not in fixed}


def _combined(first: Key, second: Key, sign: int) -> tuple[Affine, tuple[Size, ...]]:
    """The sum or the difference of two integers, with the lengths of its indices."""
    start = first[0].data[0] + second[0].data[0] * sign
    steps: dict[int, Size] = {}
    lengths: dict[int, Size] = {}
    for (node, labels), factor in ((first, 1), (second, sign)):
        for label, step, length in zip(labels, node.data[1], node.shape, strict=True):
            steps[label] = steps.get(label, 0) + step * factor
            lengths[label] = length
    return (start, tuple(steps.values())), tuple(lengths[label] for label in steps)


def _always(integer: tuple[Affine, tuple[Size, ...]]) -> bool:
    low = least(*integer)
    return low is not None and is_nonnegative(low)


def _never(integer: tuple[Affine, tuple[Size, ...]]) -> bool:
    high = greatest(*integer)
    return high is not None and is_nonnegative(high * -1 - 1)


def _cut(key: Key, free: Mapping[int, list[Key]], factors: Factors) -> Change | None:
    """The first or the last value of an index left out, where a bound never holds there."""
    node, labels = key
    start, steps = node.data
    for axis, label in enumerate(labels):
        if label not in free:
            continue
        rest = steps[:axis] + steps[axis + 1 :]
        lengths = node.shape[:axis] + node.shape[axis + 1 :]
        last = start + steps[axis] * (node.shape[axis] - 1)
        for end, shift in ((start, 1), (last, 0)):
            if _never(((end, rest), lengths)):
                shorter = node.shape[axis] - 1
                return _moved(free[label], factors, label, {}, shift, shorter)
    return None


def _zero_at_end(key: Key, free: Mapping[int, list[Key]], factors: Factors) -> Change | None:
    """The first or the last value of an index left out, where a factor r is zero there."""
    node, (label,) = key
    start, (step,) = node.data
    last = start + step * (node.shape[0] - 1)
    if label in free and factors[key] > 0 and 0 in (start, last):
        return _moved(free[label], factors, label, {}, int(start == 0), node.shape[0] - 1)
    return None


def _counted_from(key: Key, free: Mapping[int, list[Key]], factors: Factors) -> Change | None:
    """r <= s as 0 <= s - r: s is counted from r, and ends earlier."""
    node, labels = key
    start, steps = node.data
    if start != 0 or sorted(steps, key=str) != [-1, 1]:
        return None
    upper, lower = (1, 0) if steps[1] == 1 else (0, 1)
    label, other = labels[upper], labels[lower]
    if label not in free:
        return None
    length = node.shape[upper]
    others = [k for k in free[label] if k != key]
    change = _moved(others, factors, label, {other: (1, node.shape[lower])}, 0)
    limit = rebuilt(node, (length - 1, (-1, -1)), (node.shape[lower], length))
    return change._replace(
        removed=[*change.removed, key], added=[*change.added, (limit, (other, label), 1)]
    )


def _moved(
    keys: list[Key],
    factors: Factors,
    label: int,
    others: Mapping[int, tuple[int, Size]],
    shift: Size,
    length: Size | None = None,
) -> Change:
    """An index replaced by itself plus `shift` plus multiples of others."""
    added: list[Factor] = [
        (*_substituted(key, label, 1, others, shift, length), factors[key]) for key in keys
    ]
    return Change(keys, [], added, [label] if length is not None else [])


def _substituted(
    key: Key,
    label: int,
    sign: int,
    others: Mapping[int, tuple[int, Size]],
    shift: Size,
    length: Size | None = None,
) -> tuple[Expr, Labels]:
    """A function of an integer with label replaced by sign*label + shift + multiples of others."""
    node, labels = key
    start, steps = node.data
    own = len(steps)
    lengths = dict(zip(labels, lengths_of(node), strict=False))
    by: dict[int, Size] = dict(zip(labels, steps, strict=False))
    step = by[label]
    by[label] = step * sign
    for other, (times, size) in others.items():
        by[other] = by.get(other, 0) + step * times
        lengths[other] = size
    if length is not None:
        lengths[label] = length
    row = [x for x in by if by[x] != 0]
    data = start + step * shift, tuple(by[x] for x in row)
    found = rebuilt(node, data, tuple(lengths[x] for x in row))
    return found, (*row, *labels[own:])


def in_best_chart(factors: Factors, out: Labels, shape: Shape) -> tuple[int, Expr]:
    """The node of a product that needs no further law, and its sign, in the coordinates that give
    the least key."""
    sign, node = intern(out, [(part, row, power) for (part, row), power in factors.items()], shape)
    if AFFINE.isdisjoint([part.op for part, _ in factors]):
        return sign, node
    for chart in charts(factors, out):
        other, found = intern(out, chart, shape)
        if not other or found.key < node.key:
            sign, node = other, found
    return sign, node


def charts(factors: Factors, out: Labels) -> Iterator[list[Factor]]:
    """The product in every choice of coordinates for its bound indices."""
    free = movable(factors, out)
    if not free or len(free) > _MOST:
        return
    simplices = list(_simplices(factors, free))
    for choice in product(*((None, *simplex) for simplex, _ in simplices)):
        now = {key: (key, power) for key, power in factors.items()}
        for label, (simplex, limit) in zip(choice, simplices, strict=True):
            if label is None:
                continue
            others = {x: (-1, size) for x, size in simplex.items() if x != label}
            for original, (key, power) in now.items():
                own = key[1][: len(key[0].data[1])] if is_affine(key[0]) else ()
                if label in own and key[0].op is not WITHIN:
                    now[original] = _substituted(key, label, -1, others, limit), power
        yield [(node, labels, power) for (node, labels), power in now.values()]


def turned(factors: Factors, out: Labels, label: int) -> list[Factor]:
    """The product with a bound index counted from the other end, where that is possible."""
    free = movable(factors, out)
    found: list[Factor] = []
    for key, power in factors.items():
        node, labels = key
        if label in free and key in free[label]:
            length = node.shape[labels.index(label)]
            node, labels = _substituted(key, label, -1, {}, length - 1)
        found.append((node, labels, power))
    return found


def _simplices(
    factors: Factors, free: Mapping[int, list[Key]]
) -> Iterator[tuple[dict[int, Size], Size]]:
    """Indices that share one bound r + s <= R, with their lengths, and R."""
    single = dict(free)
    limits: dict[int, list[Key]] = {label: [] for label in free}
    for key in factors:
        if key[0].op is WITHIN:
            for label in key[1]:
                limits.setdefault(label, []).append(key)
    for label in free:
        if label not in single:
            continue
        if not limits[label]:
            node, row = free[label][0]
            length = node.shape[row.index(label)]
            yield {label: length}, length - 1
        elif len(limits[label]) == 1:
            ((node, row),) = limits[label]
            start, steps = node.data
            alone = all(x in free and len(limits[x]) == 1 for x in row)
            # Where an index ends before R does, the range is no simplex.
            alone = alone and all(is_nonnegative(size - 1 - start) for size in node.shape)
            if alone and all(step == -1 for step in steps):
                for x in row:
                    single.pop(x, None)
                yield dict(zip(row, node.shape, strict=True)), start
