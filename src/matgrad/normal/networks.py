"""The connected parts of a product: factors joined by the labels they share.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from matgrad.core.dims import Number
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels

Key = tuple[Expr, Labels]
# A part of a product, and the axes of the product that it has.
Part = tuple[Expr, tuple[int, ...]]


def networks(factors: Iterable[Key], out: Labels) -> list[list[Key]]:
    """The connected parts without output labels, each with at least one label."""
    keys = [key for key in factors if key[1]]
    if not keys:
        return []
    reached = set(out or keys[0][1])
    later = []
    for _, row in keys:
        if reached.isdisjoint(row):
            later.append(row)
        else:
            reached.update(row)
    for row in reversed(later):
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


def separated(
    node: Expr, exponent: Number, contract: Callable[[Labels, Sequence[Factor]], Expr]
) -> list[Part]:
    """The parts of a product that share no bound label, if there are several or the one there is
    has not all axes: a whole power of the product is theirs, (a*b)^-1 = a^-1*b^-1, and a root is
    that of a single one."""
    out, rows, powers = node.data
    if len(set(out)) < len(out):
        return []
    found: list[Part] = node.memo.setdefault("separated", [])
    groups = [] if found else _bound_together(rows, out)
    if len(groups) > 1 or not {*out} <= {label for row in rows for label in row}:
        for group in groups:
            used = {label for k in group for label in rows[k]}
            axes = tuple([k for k, label in enumerate(out) if label in used])
            inside = [(node.args[k], rows[k], powers[k]) for k in group]
            found.append((contract(tuple([out[k] for k in axes]), inside), axes))
    return found if len(found) == 1 or exponent == int(exponent) else []


def _bound_together(rows: Sequence[Labels], out: Labels) -> list[list[int]]:
    """Which factors hang together by labels that are not outputs."""
    at: dict[int, list[int]] = {}
    for k, row in enumerate(rows):
        for label in set(row).difference(out):
            at.setdefault(label, []).append(k)
    left = dict.fromkeys(range(len(rows)))
    groups: list[list[int]] = []
    while left:
        group, reached = [], [next(iter(left))]
        while reached:
            k = reached.pop()
            if k in left:
                del left[k]
                group.append(k)
                for label in rows[k]:
                    reached += at.pop(label, ())
        groups.append(sorted(group))
    return groups
