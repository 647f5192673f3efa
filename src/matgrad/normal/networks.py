"""The connected parts of a product: factors joined by the labels they share.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels

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

    def taken(row: Labels) -> list[Key]:
        part = []
        labels = list(row)
        while labels:
            for k in at.pop(labels.pop(), ()):
                if k in left:
                    left.discard(k)
                    part.append(k)
                    labels += keys[k][1]
        return [keys[k] for k in sorted(part)]

    taken(out)
    return [taken(row) for k, (_, row) in enumerate(keys) if k in left]


def identity_of(part: Sequence[Factor]) -> Hashable:
    """What tells a connected part from others, however its labels are called."""
    names: dict[int, int] = {}
    return tuple(
        [
            (node, tuple([names.setdefault(label, len(names)) for label in row]), power)
            for node, row, power in part
        ]
    )


def scalar_of(part: Sequence[Factor], contract: Callable[[Labels, Sequence[Factor]], Expr]) -> Expr:
    """A connected part without outputs as a node; known after the first time, because the terms
    that a product rule makes have most of their scalars in common."""
    known: dict[Hashable, Expr] = part[0][0].memo.setdefault("scalars", {})
    identity = identity_of(part)
    if identity not in known:
        known[identity] = contract((), part)
    return known[identity]
