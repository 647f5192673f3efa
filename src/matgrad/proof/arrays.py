"""Flat arrays and their contraction: sums of products of entries, by labels.

Floor 4.  An array is a flat list in row-major order; a *label* names an axis.  Entries are
whatever adds and multiplies: floats, or integers standing for elements of a prime field
(reduced by the caller, so that a whole sum of products is reduced once).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from math import prod
from operator import mul
from typing import Any, NamedTuple, final

# Floats or complex numbers, or elements of a field: integers and `proof.gaussian`.
Flat = list[Any]
Label = str | int
Labels = tuple[Label, ...]
Extents = tuple[int, ...]


def rearrange(entries: Flat, labels: Labels, out: Labels, sizes: Mapping[Label, int]) -> Flat:
    """One array read by its labels: axes permuted, diagonals taken or built, sums, copies.

    A label repeated in `labels` takes a diagonal, one missing from `out` is summed, one
    repeated in `out` builds a diagonal, one only in `out` copies along a new axis.
    """
    if labels == out and len(set(labels)) == len(labels):
        return entries
    return arrangement(labels, out, sizes).of(entries)


def arrangement(labels: Labels, out: Labels, sizes: Mapping[Label, int]) -> Arrangement:
    """How an array is read by its labels (`rearrange`)."""
    extents = tuple([sizes[label] for label in dict.fromkeys((*labels, *out))])
    return (_arrangement if prod(extents) < CACHED else _arrange)(labels, out, extents)


def pairing(
    left: Labels, right: Labels, kept: frozenset[Label], sizes: Mapping[Label, int]
) -> Pairing:
    """How two arrays with these labels are multiplied and summed over the shared labels that are
    not `kept`.

    Each has every label once and no label that is neither shared nor kept.  The result's axes are
    those of `product_labels`.
    """
    extents = tuple([sizes[label] for label in dict.fromkeys((*left, *right))])
    return (_pairing if prod(extents) < CACHED else _pair)(left, right, kept, extents)


def _times(row: Flat, lines: list[Flat]) -> Flat:
    """The inner products of a row with lines."""
    return [sum(map(mul, row, line)) for line in lines]


# The same for few entries, written out, which takes half the time: most of a check is spent here.


def _times_2(row: Flat, lines: list[Flat]) -> Flat:
    a, b = row
    return [a * x + b * y for x, y in lines]


def _times_3(row: Flat, lines: list[Flat]) -> Flat:
    a, b, c = row
    return [a * x + b * y + c * z for x, y, z in lines]


def _times_4(row: Flat, lines: list[Flat]) -> Flat:
    a, b, c, d = row
    return [a * x + b * y + c * z + d * w for x, y, z, w in lines]


_TIMES = {2: _times_2, 3: _times_3, 4: _times_4}


def product_labels(left: Labels, right: Labels, kept: frozenset[Label]) -> Labels:
    """The axes of a product: shared and kept labels, then the left's, then the right's."""
    shared = [label for label in left if label in right]
    return (
        *(label for label in shared if label in kept),
        *(label for label in left if label not in shared),
        *(label for label in right if label not in shared),
    )


def product_cost(left: Iterable[Label], right: Iterable[Label], sizes: Mapping[Label, int]) -> int:
    """How many entries a product multiplies."""
    return prod(sizes[label] for label in {*left, *right})


def strides(shape: Sequence[int]) -> list[int]:
    """How far apart neighbours along each axis lie in a flat array."""
    result, step = [0] * len(shape), 1
    for axis in range(len(shape) - 1, -1, -1):
        result[axis] = step
        step *= shape[axis]
    return result


@final
class Arrangement(NamedTuple):
    """Where the entries of an array go."""

    source: tuple[int, ...] | None  # where each wanted entry lies; None for all in order
    summed: int  # how many consecutive entries are added up
    target: tuple[int, ...] | None  # where results go in an array of zeros; None for in order
    length: int

    def of(self, entries: Flat) -> Flat:
        """The entries of an array, arranged."""
        picked = entries if self.source is None else [entries[at] for at in self.source]
        if self.summed != 1:
            step = self.summed
            picked = [sum(picked[at : at + step]) for at in range(0, len(picked), step)]
        if self.target is None:
            return picked
        result: Flat = [0] * self.length
        for at, entry in zip(self.target, picked, strict=True):
            result[at] = entry
        return result


@final
class Pairing(NamedTuple):
    """Where the entries of two arrays lie that are multiplied, in batches of rows and columns of
    some depth."""

    left: tuple[int, ...] | None
    right: tuple[int, ...] | None
    batch: int
    rows: int
    columns: int
    depth: int

    def product(self, left: Flat, right: Flat) -> Flat:
        """The product of two arrays, as planned."""
        first = left if self.left is None else [left[at] for at in self.left]
        second = right if self.right is None else [right[at] for at in self.right]
        rows, columns, depth = self.rows, self.columns, self.depth
        if rows == columns == depth == 1:
            return list(map(mul, first, second))
        result: Flat = []
        if depth == 1:
            for at in range(self.batch):
                line = second[at * columns : (at + 1) * columns]
                for entry in first[at * rows : (at + 1) * rows]:
                    result.extend(map(mul, repeat(entry), line))
            return result
        height, width = rows * depth, columns * depth
        times = _TIMES.get(depth, _times)
        for at in range(self.batch):
            begin = at * width
            lines = [second[i : i + depth] for i in range(begin, begin + width, depth)]
            for i in range(at * height, (at + 1) * height, depth):
                result += times(first[i : i + depth], lines)
        return result


def _arrange(labels: Labels, out: Labels, extents: Extents) -> Arrangement:
    sizes = dict(zip(dict.fromkeys((*labels, *out)), extents, strict=True))
    wanted = tuple(dict.fromkeys(out))
    summed = tuple(label for label in dict.fromkeys(labels) if label not in wanted)
    source = _offsets((*wanted, *summed), labels, sizes)
    target = None if wanted == out else tuple(_offsets(wanted, out, sizes))
    return Arrangement(
        _unless_identity(source, prod(sizes[label] for label in labels)),
        prod(sizes[label] for label in summed),
        target,
        prod(sizes[label] for label in out),
    )


def _pair(left: Labels, right: Labels, kept: frozenset[Label], extents: Extents) -> Pairing:
    sizes = dict(zip(dict.fromkeys((*left, *right)), extents, strict=True))
    shared = [label for label in left if label in right]
    batch = [label for label in shared if label in kept]
    depth = [label for label in shared if label not in kept]
    rows = [label for label in left if label not in shared]
    columns = [label for label in right if label not in shared]
    return Pairing(
        _unless_identity(_offsets((*batch, *rows, *depth), left, sizes), None),
        _unless_identity(_offsets((*batch, *columns, *depth), right, sizes), None),
        prod(sizes[label] for label in batch),
        prod(sizes[label] for label in rows),
        prod(sizes[label] for label in columns),
        prod(sizes[label] for label in depth),
    )


# Plans are as long as the arrays, so only those of small arrays are kept.
CACHED = 20_000
_arrangement = lru_cache(maxsize=2048)(_arrange)
_pairing = lru_cache(maxsize=2048)(_pair)


def _offsets(order: Sequence[Label], axes: Labels, sizes: Mapping[Label, int]) -> list[int]:
    """Where the entries lie in an array with these axes, when `order` is counted through."""
    steps: dict[Label, int] = {}
    for label, step in zip(axes, strides([sizes[label] for label in axes]), strict=True):
        steps[label] = steps.get(label, 0) + step
    offsets = [0]
    for label in order:
        step = steps.get(label, 0)
        offsets = [offset + step * at for offset in offsets for at in range(sizes[label])]
    return offsets


def _unless_identity(offsets: list[int], length: int | None) -> tuple[int, ...] | None:
    if (length is None or length == len(offsets)) and offsets == list(range(len(offsets))):
        return None
    return tuple(offsets)
