"""One factor outside the terms that share it: a candidate form of a sum.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from matgrad.core.dims import Number, Size, divide
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.indices import index_axes
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


class _Use(NamedTuple):
    """A factor of a term as a place sees it: its labels in slot order, and whether a slot was
    freed from an output by an identity, as in Y = I*Y."""

    term: int
    factor: int
    row: Labels
    freed: bool


def candidates(node: Expr, given: Iterable[Expr] = ()) -> Iterator[Taken]:
    """The ways to take one factor out of two or more terms of a sum, most terms first.

    `given` are sums that may stand for some of the terms: Y - W*Y in 2*Y - 2*W*Y - W'*(Y - W*Y).
    """
    terms = [_term(c, arg) for c, arg in zip(node.data, node.args, strict=True)]
    variants = [terms, *_regrouped(node, terms, given)]
    for variant in variants:
        shared = [(place, uses) for place, uses in _places(variant).items() if len(uses) > 1]
        shared.sort(key=lambda item: -len(item[1]))
        for place, uses in shared:
            if not all(use.freed for use in uses):
                taken = _taken(node, variant, place, uses)
                if taken is not None:
                    yield taken


def _places(terms: list[Term]) -> dict[Place, list[_Use]]:
    places: dict[Place, list[_Use]] = {}
    for t, term in enumerate(terms):
        for f, factor in enumerate(term.factors):
            for slots, row, freed in _slots(factor, term.out):
                for share in _shares(factor[2]):
                    uses = places.setdefault(Place(factor[0], share, slots), [])
                    if not uses or uses[-1].term != t:
                        uses.append(_Use(t, f, row, freed))
                    elif uses[-1].freed and not freed:
                        uses[-1] = _Use(t, f, row, freed)
    return places


def _regrouped(node: Expr, terms: list[Term], given: Iterable[Expr]) -> Iterator[list[Term]]:
    """The terms with a sum of the input's own in place of its terms."""
    weights = {term.node: term.coefficient for term in terms}
    for own in given:
        if own.op is not SUM or own.shape != node.shape or not 1 < len(own.args) < len(terms):
            continue
        ratios = {divide(weights.get(arg, 0), c) for c, arg in zip(own.data, own.args, strict=True)}
        if len(ratios) == 1 and 0 not in ratios and None not in ratios:
            (ratio,) = ratios
            axes = tuple(range(own.order))
            rest = [term for term in terms if term.node not in own.args]
            yield [*rest, Term(ratio or 1, own, axes, [(own, axes, 1)])]


def _taken(node: Expr, terms: list[Term], place: Place, uses: list[_Use]) -> Taken | None:
    outputs = {position for kind, position in place.slots if kind == 0}
    bound = {position for kind, position in place.slots if kind == 1}
    if max(node.order, 2) < node.order - len(outputs) + len(bound):
        return None  # what is left would have too many axes to be written
    kept: Labels | None = None
    inner: list[tuple[Size, Expr]] = []
    for use in uses:
        term = terms[use.term]
        factor, row, power = term.factors[use.factor]
        rest = term.factors[: use.factor] + term.factors[use.factor + 1 :]
        if power != place.share:
            rest.append((factor, row, power - place.share))
        inside = {label for _, labels, _ in rest for label in labels}
        stay = tuple(
            k
            for k, label in enumerate(term.out)
            if k not in outputs or label in inside or term.out.count(label) > 1
        )
        if kept not in (None, stay):
            return None
        kept = stay
        holes = _holes(use.row, place.slots)
        if node.order > 1 and outputs & set(stay) and len(stay) + len(holes) > 1:
            return None  # diag(x)*(A + B) reads worse than it counts
        if len(set(holes)) != len(holes) or (not use.freed and set(holes) & set(term.out)):
            return None
        labels = tuple(term.out[k] for k in stay) + holes
        sizes = dict(zip(term.out, node.shape, strict=True))
        sizes.update(zip(use.row, factor.shape, strict=True))
        part = contract(labels, rest, 1, {label: sizes[label] for label in labels})
        if index_axes(part):
            return None  # what is left would be a family
        inner.append((term.coefficient, part))
    taken = {use.term for use in uses}
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
    """The powers of a factor that may be taken out: all of it, or once (or its root)."""
    unit: Number = 1 if power == int(power) else Fraction(1, 2)
    once = unit if power > 0 else -unit
    return (power,) if power == once else (power, once)


def _slots(factor: Factor, out: Labels) -> list[tuple[tuple[Slot, ...], Labels, bool]]:
    """Where a factor's slots are, for each of its slot symmetries: the slots, the labels in that
    order, and whether one slot was freed from an output."""
    node, row, power = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    found: list[tuple[tuple[Slot, ...], Labels, bool]] = []
    for image in images:
        frees: list[int | None] = [None]
        if len(image) == 2 and power == 1 and len(out) == 2:
            frees += [k for k, label in enumerate(image) if label in out]
        for free in frees:
            bound: dict[int, int] = {}
            slots: list[Slot] = []
            for k, label in enumerate(image):
                if label in out and k != free:
                    slots.append((0, out.index(label)))
                else:
                    slots.append((1, bound.setdefault(label, len(bound))))
            if all(slots != list(other) for other, _, _ in found):
                found.append((tuple(slots), image, free is not None))
    return found


def _holes(row: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The bound labels of a factor, each once, in slot order."""
    holes: list[int] = []
    for label, (kind, _) in zip(row, slots, strict=True):
        if kind == 1 and label not in holes:
            holes.append(label)
    return tuple(holes)
