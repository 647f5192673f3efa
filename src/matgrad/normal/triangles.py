"""Triangular matrices in a product: facing each other they share their diagonals only.

Floor 3.  With L lower triangular L[i, k] is zero unless i >= k, so that in L[i, k]*M[k, i] with
both lower triangular k is i; a mask beside one is superfluous, or leaves its diagonal, or nothing.
"""

from __future__ import annotations

from matgrad.core.expr import Expr
from matgrad.normal.canon import Labels
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.inference import known_of
from matgrad.normal.laws import provide_zeros
from matgrad.normal.masks import MASK, may_be_triangular

Key = tuple[Expr, Labels]


def facing(factors: Factors, out: Labels) -> Change | None:
    """One law that applies in a product, or None."""
    spans = {key: span for key in factors if factors[key] >= 1 and (span := _span(key))}
    if len(spans) < 2:
        return None
    kept = {ends for key, (ends, _) in spans.items() if key[0].op is not MASK}
    for key, (ends, offset) in spans.items():
        if key[0].op is MASK and offset >= 0 and ends in kept:
            return Change([key], [], [], [])
    counts = occurrences(factors, out)
    at: dict[Labels, tuple[Key, int]] = {}
    for key, (ends, offset) in spans.items():
        if ends[::-1] in at:
            other, room = at[ends[::-1]]
            if room + offset < 0:
                return Change([], [], [], [], 0)
            masks = [one for one in (key, other) if one[0].op is MASK]
            apart = masks or any(counts[label] > 2 for label in ends)
            if room == offset == 0 and apart and len(set(key[0].shape)) == 1:
                return Change(masks, [(ends[0], ends[1])], [], [])
        at[ends] = key, offset
    return None


def _span(key: Key) -> tuple[Labels, int] | None:
    """Labels (i, j) and k where a factor is zero unless j - i <= k, both labels different."""
    node, row = key
    if len(row) != 2 or row[0] == row[1]:
        return None
    if node.op is MASK:
        return row, node.data
    if not may_be_triangular(node):
        return None
    held = known_of(node).properties & {"lower", "upper"}
    if len(held) != 1:
        return None
    return (row if "lower" in held else row[::-1]), 0


provide_zeros(facing)
