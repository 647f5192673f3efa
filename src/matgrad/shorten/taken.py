"""One factor outside the terms that share it: a candidate form of a sum.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from matgrad.catalogue import structure
from matgrad.core.dims import Number, Size, divide
from matgrad.core.expr import CONTRACTION, SUM, SYMBOL, Expr, operators
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.indices import PLACE, index_axes
from matgrad.normal.masks import MASK
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.shorten.terms import Place, Term, Use, apart, holes, is_bare, places, term_of


class Taken(NamedTuple):
    """A sum with something taken out of some terms: factors, or the structure of `out`, in which
    labels may repeat or be in no factor; `inner` is the sum of what is left, with `labels`.
    `shared` says that every term was written with the factor."""

    node: Expr
    out: Labels
    factors: tuple[Factor, ...]
    labels: Labels
    inner: Expr
    others: list[tuple[Size, Expr]]
    shared: bool = False

    @property
    def saves(self) -> bool:
        """Whether the sum is surely cheaper so: one factor goes out of all terms and leaves bare
        symbols, so that it is written once and multiplied once, and all else is as it was."""
        inner = split(self.inner)[1]
        return (
            self.shared
            and inner.op is SUM
            and all(map(_is_bare_symbol, inner.args))
            and operators(self.factors[0][0]).isdisjoint(_CHOOSING)
        )

    def whole(self, inner: Expr) -> Expr:
        """The sum, with `inner` in whatever form."""
        sizes = dict(zip(self.out, self.node.shape, strict=True))
        product = contract(self.out, [*self.factors, (inner, self.labels, 1)], 1, sizes)
        if not self.others:
            return product
        return combine([(1, product), *self.others], self.node.shape)


# What is not multiplied in print but chooses entries of what stands beside it, or stacks them.
_CHOOSING = frozenset({structure.unit, FUSE, MASK, PLACE})


def _is_bare_symbol(node: Expr) -> bool:
    """Whether a term is a symbol, or the transpose of one."""
    if node.op is CONTRACTION:
        return is_bare(node) and node.args[0].op is SYMBOL
    return node.op is SYMBOL


# So many factors are tried in a sum, those first that seem to save most.
FACTOR_LIMIT = 4

# What a factor costs to write, and the rest of the key by which it is told from others.
Reading = tuple[int, tuple[int, ...]]


def candidates(
    node: Expr, given: Iterable[Expr], reading: Callable[[Expr], Reading]
) -> Iterator[Taken]:
    """The ways to take one factor out of two or more terms of a sum that seem to save most.

    `given` are sums that may stand for some of the terms: Y - W*Y in 2*Y - 2*W*Y - W'*(Y - W*Y).
    `reading` is what a factor costs to write, and where it first appears.
    """
    parts = list(zip(node.data, node.args, strict=True))
    terms = [term_of(c, arg) for c, arg in parts]
    yield from _scalars(node, terms)
    for variant in (terms, *_regrouped(node, terms, given)):
        yield from _shared(node, variant, places(variant), reading)
    yield from _structures(node, terms)
    if node.order == 1:
        # A vector in the scalar part of every term: (a'*x)*b + (b'*x)*a is (a*b' + b*a')*x.
        opened = [term_of(c, arg, joined=False) for c, arg in parts]
        scalars: list[Term] = []
        for term in opened:
            inside = apart(term)
            if not inside:
                return
            scalars.append(term._replace(factors=inside))
        yield from _shared(node, opened, places(scalars), reading)


def _shared(
    node: Expr,
    terms: list[Term],
    found: Mapping[Place, list[Use]],
    reading: Callable[[Expr], Reading],
) -> Iterator[Taken]:
    shared = [
        (place, uses)
        for place, uses in found.items()
        if len(uses) > 1 and not all(use.freed for use in uses)
    ]

    def promise(item: tuple[Place, list[Use]]) -> tuple[object, ...]:
        (factor, share, slots), uses = item
        cost, first = reading(factor)
        return -(len(uses) - 1) * (1 + cost), -len(uses), first, share, slots

    tried = 0
    for place, uses in sorted(shared, key=promise) if len(shared) > 1 else shared:
        taken = taken_out(node, terms, place, uses)
        if taken is not None:
            everywhere = len(uses) == len(node.args) and not any([use.freed for use in uses])
            yield taken._replace(shared=everywhere)
            tried += 1
            if tried == FACTOR_LIMIT:
                break


def _scalars(node: Expr, terms: list[Term]) -> Iterator[Taken]:
    """The scalar factors that all terms share, where they are several, at once."""
    common = {f: power for f, row, power in terms[0].factors if not row}
    for term in terms[1:]:
        own = {f: power for f, row, power in term.factors if not row}
        common = {f: _lesser(p, own[f]) for f, p in common.items() if p * own.get(f, 0) > 0}
    if len(common) > 1:
        inner: list[tuple[Size, Expr]] = []
        for term in terms:
            rest = [(f, row, p - common.get(f, 0) if not row else p) for f, row, p in term.factors]
            sizes = dict(zip(term.out, node.shape, strict=True))
            left = contract(term.out, [factor for factor in rest if factor[2]], 1, sizes)
            inner.append((term.coefficient, left))
        axes = tuple(range(node.order))
        factors: tuple[Factor, ...] = tuple((f, (), power) for f, power in common.items())
        yield Taken(node, axes, factors, axes, combine(inner, node.shape), [])


def _lesser(power: Number, other: Number) -> Number:
    """Of two powers of one sign the one nearer to zero."""
    return min(power, other) if power > 0 else max(power, other)


def _structures(node: Expr, terms: list[Term]) -> Iterator[Taken]:
    """Terms that are all diagonal, or all constant along the same axes, as one such:
    diag(x) + diag(y) is diag(x + y)."""
    groups: dict[tuple[Labels, Labels], list[Term]] = {}
    for term in terms:
        inside = {label for _, row, _ in term.factors for label in row}
        kept = dict.fromkeys(label for label in term.out if label in inside)
        if len(kept) < len(term.out):
            names = {label: k for k, label in enumerate(dict.fromkeys(term.out))}
            key = tuple(map(names.__getitem__, term.out)), tuple(map(names.__getitem__, kept))
            groups.setdefault(key, []).append(term)
    for (out, labels), group in groups.items():
        if len(group) > 1:
            inner: list[tuple[Size, Expr]] = []
            for term in group:
                kept = dict.fromkeys(x for x in term.out if out[term.out.index(x)] in labels)
                inner.append((term.coefficient, contract(tuple(kept), term.factors)))
            others = [(term.coefficient, term.node) for term in terms if term not in group]
            total = combine(inner, inner[0][1].shape)
            if not index_axes(total):
                yield Taken(node, out, (), labels, total, others)


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
    scales = node.order > len(outputs) and outputs & set(stay) and len(stay) + len(bound) > 1
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
        tuple(range(count)),
        ((place.factor, row, place.share),),
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
