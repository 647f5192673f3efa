"""Laws of functions of an integer inside a product: X^r*X*X^s = X^(r+s+1), wherever they stand.

Floor 3.  Powers of one matrix that meet become one, an index that stands twice on a node is one
index, x^e times x is x^(e+1), and what is one along its whole range goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from matgrad.catalogue.linalg import inv
from matgrad.catalogue.structure import unit
from matgrad.core.dims import Dim, Number, Shape, Size, is_nonnegative
from matgrad.core.expr import CONTRACTION, Expr, make
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.indices import (
    COUNT,
    PICK,
    POWER,
    RAISED,
    WITHIN,
    Affine,
    counts_down,
    index_axes,
    is_affine,
    least,
    lengths_of,
    negated,
    rebuilt,
)
from matgrad.normal.sums import numeral
from matgrad.normal.symmetry import is_symmetric

Key = tuple[Expr, Labels]

# How a function of an integer is built when no index is left, and what a member of a family is;
# `normal.families` provides both.
_builder: list[Callable[[Expr, Size], Expr]] = []
_member: list[Callable[[Expr, int, Size | str], Expr]] = []


def provide_members(
    build: Callable[[Expr, Size], Expr], member: Callable[[Expr, int, Size | str], Expr]
) -> None:
    """Set how functions of a fixed integer are built and indices fixed (by modules above)."""
    _builder[:] = [build]
    _member[:] = [member]


def join(factors: Factors, out: Labels) -> Change | None:
    """One law of functions of an integer that applies, or None."""
    keys = [key for key in factors if is_affine(key[0])]
    for key in keys:
        change = _alone(key, factors)
        if change is not None:
            return change
    counts: dict[int, int] | None = None
    for key in keys:
        node = key[0]
        if node.op is RAISED:
            change = _entries(key, factors)
        elif node.op is POWER and factors[key] == 1:
            counts = counts or occurrences(factors, out)
            change = _matrices(key, factors, counts)
        else:
            continue
        if change is not None:
            return change
    units = [key for key in factors if key[0].op is unit]
    return next(filter(None, (_fixed(key, factors, out) for key in units)), None)


def _fixed(key: Key, factors: Factors, out: Labels) -> Change | None:
    """A unit vector on an index picks members of all families there."""
    node, (label,) = key
    at_label = [other for other in factors if label in other[1] and other != key]
    others = [(part, row) for part, row in at_label if _places(row, label) <= index_axes(part)]
    if not others:
        return None
    # What else is at the label keeps the unit vector.
    stays = label in out or len(others) < len(at_label)
    added: list[Factor] = []
    for other, row in others:
        part, rest = other, row
        while label in rest:
            axis = rest.index(label)
            part, rest = _member[0](part, axis, node.data), rest[:axis] + rest[axis + 1 :]
        added.append((part, rest, factors[other, row]))
    if stays:
        return Change(others, [], added, [])
    return Change([key, *others], [], added, [label])


def _places(row: Labels, label: int) -> set[int]:
    return {axis for axis, x in enumerate(row) if x == label}


def _alone(key: Key, factors: Factors) -> Change | None:
    """What a node is by itself: with an index that it has twice, with none, or always one."""
    node, labels = key
    start, steps = node.data
    power = factors[key]
    own = len(steps)
    if node.op is WITHIN:
        if power > 0 and power != 1:
            return Change([key], [], [(node, labels, 1)], [])
        low = least(node.data, lengths_of(node))
        if low is not None and is_nonnegative(low):
            return Change([key], [], [], [])
        if not own and not isinstance(start, Dim):
            return Change([], [], [], [], 0)
    if node.op is COUNT and power == int(power) and counts_down(node.data, node.shape):
        other = rebuilt(node, negated(node.data), node.shape)
        return Change([key], [], [(other, labels, power)], [], (-1) ** int(power))
    if node.op is PICK:
        change = _picked(key, power)
        if change is not None:
            return change
    merged = _indices(list(zip(steps, labels, strict=False)))
    if len(merged) == own and (own or isinstance(start, Dim)):
        return None
    row = (*merged, *labels[own:])
    if merged or node.op is WITHIN:
        joined = rebuilt(node, (start, tuple(merged.values())), _lengths([key], merged))
        return Change([key], [], [(joined, row, power)], [])
    if node.op is PICK:
        value = make(unit, (), start, node.shape[own:])
    else:
        value = numeral(start) if node.op is COUNT else _builder[0](node, start)
    return Change([key], [], [(value, row, power)], [])


def _picked(key: Key, power: Number) -> Change | None:
    """A selection of everything in order is an identity; its powers are itself."""
    node, labels = key
    if power != 1:
        return Change([key], [], [(node, labels, 1)], []) if power > 0 else None
    if node.data == (0, (1,)) and node.shape[0] == node.shape[1]:
        return Change([key], [(labels[0], labels[1])], [], [])
    return None


def _indices(places: list[tuple[Size, int]]) -> dict[int, Size]:
    """Steps by label; those of one label add up."""
    total: dict[int, Size] = {}
    for step, label in places:
        total[label] = total.get(label, 0) + step
    return {label: step for label, step in total.items() if step != 0}


def _lengths(keys: list[Key], labels: dict[int, Any]) -> Shape:
    sizes = {
        label: size
        for node, row in keys
        for label, size in zip(row, lengths_of(node), strict=False)
    }
    return tuple(sizes[label] for label in labels)


def _entries(key: Key, factors: Factors) -> Change | None:
    """x^e*x = x^(e+1), and x^e*x^f = x^(e+f)."""
    node, labels = key
    (base,) = node.args
    start, steps = node.data
    row = labels[len(steps) :]
    power = factors[key]
    if power != 1:
        if power != int(power):
            return None
        data: Affine = (start * power, tuple(step * power for step in steps))
        return Change([key], [], [(rebuilt(node, data, lengths_of(node)), labels, 1)], [])
    for other, exponent in factors.items():
        if other == key:
            continue
        if other == (base, row) and exponent == int(exponent):
            more = rebuilt(node, (start + exponent, steps), lengths_of(node))
            return Change([key, other], [], [(more, labels, 1)], [])
        if other[0].op is RAISED and other[0].args[0] is base and exponent == 1:
            own = len(other[0].data[1])
            if other[1][own:] == row:
                return _sum([key, other], row)
    return None


def _sum(keys: list[Key], row: Labels, shift: Size = 0) -> Change:
    """The functions at `keys` as one, of the sum of their integers."""
    start: Size = shift
    places: list[tuple[Size, int]] = []
    for node, labels in keys:
        first, steps = node.data
        start = start + first
        places += zip(steps, labels, strict=False)
    merged = _indices(places)
    data = start, tuple(merged.values())
    joined = rebuilt(keys[0][0], data, _lengths(keys, merged))
    return Change(keys, [], [(joined, (*merged, *row), 1)], [])


def _matrices(key: Key, factors: Factors, counts: dict[int, int]) -> Change | None:
    """X^e*X^f = X^(e+f), X^e*X = X^(e+1), X^e*inv(X) = X^(e-1)."""
    node, labels = key
    own = len(node.data[1])
    *batch, row, column = labels[own:]
    if row == column:
        return None
    for label, far in ((column, row), (row, column)):
        if counts[label] != 2:
            continue
        for used, end, shift in _neighbours(key, label, label == column, factors, counts):
            ends = (far, end) if label == column else (end, far)
            powers = [key, *(k for k in used if k[0].op is POWER and shift is None)]
            change = _sum(powers, (*batch, *ends), shift or 0)
            return change._replace(
                removed=[key, *used],
                consumed=[label, *_inside(used, {label, end, *batch}, counts)]
                if shift is not None
                else [label],
            )
    return None


def _inside(used: list[Key], ends: set[int], counts: dict[int, int]) -> list[int]:
    """The bound labels inside what a power takes in."""
    return [x for x in dict.fromkeys(x for _, row in used for x in row) if x not in ends]


def _neighbours(
    key: Key, label: int, after: bool, factors: Factors, counts: dict[int, int]
) -> Iterator[tuple[list[Key], int, Size | None]]:
    """What stands next to a power at a label: the factors, the label at their far end, and by how
    much they raise the exponent; None for another power."""
    node, labels = key
    (base,) = node.args
    own = len(node.data[1])
    batch = labels[own:-2]
    near = 0 if after else 1
    for other, power in factors.items():
        if other == key or power != 1 or len(other[1]) < 2:
            continue
        neighbour, row = other
        inner = len(neighbour.data[1]) if neighbour.op is POWER else 0
        ends = row[-2:]
        if row[inner:-2] != batch or label not in ends:
            continue
        if neighbour.op is POWER and neighbour.args[0] is base:
            shift: Size | None = None
        elif neighbour is base:
            shift = 1
        elif neighbour.op is inv and neighbour.args[0] is base:
            shift = -1
        else:
            continue
        if ends[near] == label:
            yield [other], ends[1 - near], shift
        elif is_symmetric(base) and ends[1 - near] == label:
            yield [other], ends[near], shift
    if base.op is CONTRACTION and not batch:
        out, rows, powers = base.data
        if not set(out) <= {label for row in rows for label in row}:
            return
        parts = list(zip(base.args, rows, powers, strict=True))
        for found, mapping in embeddings(parts, out, factors, counts, start={out[near]: label}):
            used = [(part, row) for part, row, _ in found]
            if key not in used:
                yield used, mapping[out[1 - near]], 1
