"""The connected parts of a product: factors joined by the labels they share.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterable

from matgrad.core.expr import Expr
from matgrad.normal.canon import Labels

Key = tuple[Expr, Labels]


def networks(factors: Iterable[Key], out: Labels) -> list[list[Key]]:
    """The connected parts without output labels, each with at least one label."""
    keys = [key for key in factors if key[1]]
    if not keys:
        return []
    reached = set(out or keys[0][1])
    for _, row in keys:
        if reached.isdisjoint(row):
            break
        reached.update(row)
    else:
        return [] if out else [keys]
    at: dict[int, list[int]] = {}
    for k, (_, row) in enumerate(keys):
        for label in row:
            at.setdefault(label, []).append(k)
    left = set(range(len(keys)))
    parts = []
    for start in (out, *[row for _, row in keys]):
        part = []
        labels = list(start)
        while labels:
            for k in at.pop(labels.pop(), ()):
                if k in left:
                    left.discard(k)
                    part.append(k)
                    labels += keys[k][1]
        parts.append([keys[k] for k in sorted(part)])
        if not left:
            break
    return [part for part in parts[1:] if part]
