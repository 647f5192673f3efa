"""Triangular matrices in a product: facing each other they share their diagonals only.

Floor 3.  With L lower triangular L[i, k] is zero unless i >= k, so that in L[i, k]*M[k, i] with
both lower triangular k is i; a mask beside one is superfluous, or leaves its diagonal, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.core.expr import Expr
from matgrad.normal.canon import Labels
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.inference import known_of
from matgrad.normal.laws import provide_zeros
from matgrad.normal.masks import MASK, may_be_triangular

Key = tuple[Expr, Labels]


def facing(factors: Factors, out: Labels) -> Change | None:
    """One law that applies in a product, or None."""
    spans = [(key, *span) for key in factors if factors[key] >= 1 for span in _spans(key)]
    if len(spans) < 2:
        return None
    kept = {ends for (node, _), ends, _ in spans if node.op is not MASK}
    for key, ends, offset in spans:
        if key[0].op is MASK and offset >= 0 and ends in kept:
            return Change([key], [], [], [])
    counts = occurrences(factors, out)
    for key, ends, offset in spans:
        for other, others, room in spans:
            if others != ends[::-1] or other == key:
                continue
            if room + offset < 0:
                return Change([], [], [], [], 0)
            masks = [one for one in (key, other) if one[0].op is MASK]
            apart = masks or any(counts[label] > 2 for label in ends)
            if room == offset == 0 and apart and len(set(key[0].shape)) == 1:
                return Change(masks, [(ends[0], ends[1])], [], [])
    return None


def _spans(key: Key) -> Iterator[tuple[Labels, int]]:
    """Labels (i, j) and k where a factor is zero unless j - i <= k, both labels different."""
    node, row = key
    if len(row) != 2 or row[0] == row[1]:
        return
    if node.op is MASK:
        yield row, node.data
    elif may_be_triangular(node):
        held = known_of(node).properties
        if "lower" in held:
            yield row, 0
        if "upper" in held:
            yield row[::-1], 0


provide_zeros(facing)
