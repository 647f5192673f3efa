"""One factor outside the terms that share it: a candidate form of a sum.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from matgrad.core.dims import Number, Size
from matgrad.core.expr import CONTRACTION, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.product import contract
from matgrad.normal.sums import combine
from matgrad.normal.symmetry import group_of

# Where a slot of a factor is: (0, output position), or (1, number of a bound label).
Slot = tuple[int, int]


class Term(NamedTuple):
    """A term of a sum, taken apart."""

    coefficient: Size
    node: Expr
    out: Labels
    factors: list[Factor]


class Place(NamedTuple):
    """A factor that terms may share: which, what power of it, and where its slots are."""

    factor: Expr
    share: Number
    slots: tuple[Slot, ...]


class Taken(NamedTuple):
    """A sum with a factor taken out of some terms; `inner` is the sum it then multiplies."""

    node: Expr
    place: Place
    labels: Labels
    inner: Expr
    others: list[tuple[Size, Expr]]

    def whole(self, inner: Expr) -> Expr:
        """The sum, with `inner` in whatever form."""
        count = self.node.order
        row = tuple(at if kind == 0 else count + at for kind, at in self.place.slots)
        factors = [(self.place.factor, row, self.place.share), (inner, self.labels, 1)]
        product = contract(tuple(range(count)), factors, 1, dict(enumerate(self.node.shape)))
        return combine([(1, product), *self.others], self.node.shape)


def candidates(node: Expr) -> Iterator[Taken]:
    """The ways to take one factor out of two or more terms of a sum, most terms first."""
    terms = [_term(c, arg) for c, arg in zip(node.data, node.args, strict=True)]
    places: dict[Place, list[tuple[int, int]]] = {}
    for t, term in enumerate(terms):
        for f, factor in enumerate(term.factors):
            for slots in _slots(factor, term.out):
                for share in _shares(factor[2]):
                    found = places.setdefault(Place(factor[0], share, slots), [])
                    if not found or found[-1][0] != t:
                        found.append((t, f))
    shared = [(place, chosen) for place, chosen in places.items() if len(chosen) > 1]
    shared.sort(key=lambda item: -len(item[1]))
    for place, chosen in shared:
        taken = _taken(node, terms, place, chosen)
        if taken is not None:
            yield taken


def _taken(
    node: Expr, terms: list[Term], place: Place, chosen: list[tuple[int, int]]
) -> Taken | None:
    outputs = {position for kind, position in place.slots if kind == 0}
    bound = {position for kind, position in place.slots if kind == 1}
    if max(node.order, 2) < node.order - len(outputs) + len(bound):
        return None  # what is left would have too many axes to be written
    kept: Labels | None = None
    inner: list[tuple[Size, Expr]] = []
    for t, f in chosen:
        term = terms[t]
        factor, row, power = term.factors[f]
        rest = term.factors[:f] + term.factors[f + 1 :]
        if power != place.share:
            rest.append((factor, row, power - place.share))
        row = _arranged(term.factors[f], term.out, place.slots)
        inside = {label for _, labels, _ in rest for label in labels}
        stay = tuple(
            k
            for k, label in enumerate(term.out)
            if k not in outputs or label in inside or term.out.count(label) > 1
        )
        if kept not in (None, stay):
            return None
        if node.order > 1 and outputs & set(stay):
            return None  # diag(x)*(A + B) reads worse than it counts
        kept = stay
        labels = tuple(term.out[k] for k in stay) + _holes(row, place.slots)
        if len(set(labels)) != len(labels):
            return None
        sizes = dict(zip(term.out, node.shape, strict=True))
        sizes.update(zip(row, factor.shape, strict=True))
        part = contract(labels, rest, 1, {label: sizes[label] for label in labels})
        inner.append((term.coefficient, part))
    taken = {t for t, _ in chosen}
    count = node.order
    row = tuple(at if kind == 0 else count + at for kind, at in place.slots)
    return Taken(
        node,
        place,
        (kept or ()) + _holes(row, place.slots),
        combine(inner, inner[0][1].shape),
        [(term.coefficient, term.node) for t, term in enumerate(terms) if t not in taken],
    )


def _term(coefficient: Size, node: Expr) -> Term:
    if node.op is CONTRACTION:
        out, rows, powers = node.data
        factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
        return Term(coefficient, node, out, _scalars_joined(out, factors) if out else factors)
    axes = tuple(range(node.order))
    return Term(coefficient, node, axes, [(node, axes, 1)])


def _scalars_joined(out: Labels, factors: list[Factor]) -> list[Factor]:
    """The factors of an array with every scalar product among them as one factor."""
    left = list(factors)
    found: list[Factor] = []
    reached = set(out)
    while left:
        part = [f for f in left if not f[1]][:1] or [f for f in left if set(f[1]) & reached]
        if part:
            found += part
            reached.update(label for f in part for label in f[1])
        else:
            part, inside = left[:1], set(left[0][1])
            while more := [f for f in left if f not in part and set(f[1]) & inside]:
                part += more
                inside.update(label for f in more for label in f[1])
            found.append((contract((), part), (), 1))
        left = [f for f in left if f not in part]
    return found


def _shares(power: Number) -> tuple[Number, ...]:
    """The powers of a factor that may be taken out: all of it, or once."""
    once = 1 if power > 0 else -1
    return (power, once) if power == int(power) and power != once else (power,)


def _slots(factor: Factor, out: Labels) -> list[tuple[Slot, ...]]:
    """Where a factor's slots are, for each of its slot symmetries."""
    node, row, _ = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    found = []
    for image in images:
        bound: dict[int, int] = {}
        slots: list[Slot] = []
        for label in image:
            if label in out:
                slots.append((0, out.index(label)))
            else:
                slots.append((1, bound.setdefault(label, len(bound))))
        if tuple(slots) not in found:
            found.append(tuple(slots))
    return found


def _arranged(factor: Factor, out: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The factor's labels in the order in which its slots read as `slots`."""
    node, row, _ = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    for image in images:
        if _slots((node, image, 1), out)[0] == slots:
            return image
    return row


def _holes(row: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The bound labels of a factor, each once, in slot order."""
    holes: list[int] = []
    for label, (kind, _) in zip(row, slots, strict=True):
        if kind == 1 and label not in holes:
            holes.append(label)
    return tuple(holes)
