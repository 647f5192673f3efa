"""Axes made of axes: the structural tensor behind vec, Kronecker products and reshaping.

Floor 3.  FUSE[p, i, k] is one where p counts the pair (i, k), row by row, and zero elsewhere.
Its laws are four: two that share p share everything, two that share (i, k) share p, summed over
a lone p it is one, and beside an axis of size one p counts the other alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from matgrad.core.dims import Number, Size
from matgrad.core.expr import Expr, Op, make
from matgrad.normal.canon import Factor, Labels

FUSE = Op("fuse", "structural", "")

Factors = Mapping[tuple[Expr, Labels], Number]


class Change(NamedTuple):
    """What one law does to a product: factors that leave and enter, labels that merge, bound
    labels whose sum the law carried out."""

    removed: list[tuple[Expr, Labels]]
    merged: list[tuple[int, int]]
    added: list[Factor]
    consumed: list[int]
    coefficient: Size = 1


def fuse_node(sizes: tuple[Size, ...]) -> Expr:
    """The tensor that joins axes of these sizes, in order, into one."""
    product: Size = 1
    for size in sizes:
        product = product * size
    return make(FUSE, (), None, (product, *sizes))


def occurrences(factors: Factors, out: Labels) -> dict[int, int]:
    """How often each label occurs."""
    counts: dict[int, int] = {}
    for label in out:
        counts[label] = counts.get(label, 0) + 1
    for _, labels in factors:
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
    return counts


def fuse(factors: Factors, out: Labels) -> Change | None:
    """One law of FUSE that applies, or None."""
    joined = [key for key in factors if key[0].op is FUSE]
    if not joined:
        return None
    by_whole: dict[tuple[Expr, int], Labels] = {}
    by_parts: dict[tuple[Expr, Labels], int] = {}
    for key in joined:
        node, (whole, *rest) = key
        parts = tuple(rest)
        if factors[key] != 1:
            return Change([key], [], [(node, key[1], 1)], [])
        if (node, whole) in by_whole:
            merged = list(zip(by_whole[node, whole], parts, strict=True))
            return Change([key], merged, [], [])
        if (node, parts) in by_parts:
            return Change([key], [(by_parts[node, parts], whole)], [], [])
        by_whole[node, whole] = parts
        by_parts[node, parts] = whole
    counts = occurrences(factors, out)
    for key in joined:
        whole, *rest = key[1]
        if counts[whole] == 1:
            return Change([key], [], [], [whole])
        if all(counts[label] == 1 for label in rest):
            return Change([key], [], [], list(rest))
        sizes = key[0].shape[1:]
        single = [x for x, size in zip(rest, sizes, strict=True) if size == 1 and counts[x] == 1]
        if single:
            others = [x for x in zip(rest, sizes, strict=True) if x[0] not in single]
            labels = tuple(label for label, _ in others)
            if len(others) == 1:
                return Change([key], [(whole, labels[0])], [], single)
            joint = fuse_node(tuple(size for _, size in others))
            return Change([key], [], [(joint, (whole, *labels), 1)], single)
    return None
