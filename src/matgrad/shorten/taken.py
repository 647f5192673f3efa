"""One factor outside the terms that share it: a candidate form of a sum.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from matgrad.core.dims import Number, Size, divide
from matgrad.core.expr import SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.indices import index_axes
from matgrad.normal.product import contract
from matgrad.normal.sums import combine
from matgrad.shorten.terms import Place, Term, Use, apart, holes, places, term_of


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
        if not self.others:
            return product
        return combine([(1, product), *self.others], self.node.shape)


def candidates(node: Expr, given: Iterable[Expr] = ()) -> Iterator[Taken]:
    """The ways to take one factor out of two or more terms of a sum, most terms first.

    `given` are sums that may stand for some of the terms: Y - W*Y in 2*Y - 2*W*Y - W'*(Y - W*Y).
    """
    parts = list(zip(node.data, node.args, strict=True))
    terms = [term_of(c, arg) for c, arg in parts]
    for variant in (terms, *_regrouped(node, terms, given)):
        yield from _shared(node, variant, places(variant))
    if node.order == 1:
        # A vector in the scalar part of every term: (a'*x)*b + (b'*x)*a is (a*b' + b*a')*x.
        opened = [term_of(c, arg, joined=False) for c, arg in parts]
        scalars = [term._replace(factors=apart(term)) for term in opened]
        if all(term.factors for term in scalars):
            yield from _shared(node, opened, places(scalars))


def _shared(node: Expr, terms: list[Term], found: Mapping[Place, list[Use]]) -> Iterator[Taken]:
    shared = [(place, uses) for place, uses in found.items() if len(uses) > 1]
    shared.sort(key=lambda item: -len(item[1]))
    for place, uses in shared:
        if not all(use.freed for use in uses):
            taken = taken_out(node, terms, place, uses)
            if taken is not None:
                yield taken


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


def taken_out(node: Expr, terms: list[Term], place: Place, uses: list[Use]) -> Taken | None:
    outputs = {position for kind, position in place.slots if kind == 0}
    bound = {position for kind, position in place.slots if kind == 1}
    parts = [_remainder(terms[use.term], use, place.share) for use in uses]
    stay = _kept(outputs, [(terms[use.term], part) for use, part in zip(uses, parts, strict=True)])
    if len(stay) + len(bound) > 2:
        return None  # what is left would have too many axes to be written
    scales = node.order > 1 and outputs & set(stay) and len(stay) + len(bound) > 1
    if scales and not 2 < len(uses) == len(terms):
        return None  # diag(x)*(A + B) reads worse than it counts
    inner: list[tuple[Size, Expr]] = []
    for use, part in zip(uses, parts, strict=True):
        term = terms[use.term]
        inside = holes(use.row, place.slots)
        if len(set(inside)) != len(inside) or (not use.freed and set(inside) & set(term.out)):
            return None
        labels = tuple(term.out[k] for k in stay) + inside
        sizes = dict(zip(term.out, node.shape, strict=True))
        sizes.update(zip(use.row, place.factor.shape, strict=True))
        left = contract(labels, part, 1, {label: sizes[label] for label in labels})
        if index_axes(left):
            return None  # what is left would be a family
        inner.append((term.coefficient, left))
    taken = {use.term for use in uses}
    count = node.order
    row = tuple(at if kind == 0 else count + at for kind, at in place.slots)
    return Taken(
        node,
        place,
        stay + holes(row, place.slots),
        combine(inner, inner[0][1].shape),
        [(term.coefficient, term.node) for t, term in enumerate(terms) if t not in taken],
    )


def _remainder(term: Term, use: Use, share: Number) -> list[Factor]:
    """The factors of a term without the one that is taken out."""
    factor, row, power = use.factor
    rest = list(term.factors)
    rest.remove(use.factor)
    return rest if power == share else [*rest, (factor, row, power - share)]


def _kept(outputs: Container[int], remainders: list[tuple[Term, list[Factor]]]) -> Labels:
    """The outputs that what is left has: those that the factor does not have, and those that some
    term has beside it."""
    stay: set[int] = set()
    for term, rest in remainders:
        inside = {label for _, labels, _ in rest for label in labels}
        stay.update(
            k
            for k, label in enumerate(term.out)
            if k not in outputs or label in inside or term.out.count(label) > 1
        )
    return tuple(sorted(stay))
