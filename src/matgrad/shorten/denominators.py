"""Common denominators: a sum over what only some of its terms are divided by.

Floor 4.  1 - q/u is (u - q)/u, and inv(S)*W*inv(S) - inv(S) is inv(S)*(W - S)*inv(S): the other
terms are multiplied by what is inverted, which pays where terms then cancel or an identity goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.catalogue.linalg import inv
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor
from matgrad.normal.expand import expand
from matgrad.shorten.taken import Taken, taken_out
from matgrad.shorten.terms import Place, Term, Use, places, term_of

# Sums with more terms than this are not opened.
TERM_LIMIT = 16


def over_common_denominators(node: Expr) -> Iterator[Taken]:
    """A sum with one denominator, or one inverse, taken out of all its terms."""
    if not any([has_denominator(arg) for arg in node.args]):
        return
    terms = [term_of(c, arg) for c, arg in zip(node.data, node.args, strict=True)]
    for place, uses in places(terms).items():
        if len(uses) == len(terms) or all(use.freed for use in uses) or not _divides(place):
            continue
        used = {use.term: use for use in uses}
        multiplied = list(terms)
        for t, term in enumerate(terms):
            if t not in used:
                multiplied[t], used[t] = _multiplied(term, t, place)
        taken = taken_out(node, multiplied, place, [used[t] for t in range(len(terms))])
        if taken is not None:
            yield taken
            opened = _opened(taken.inner)
            if opened is not taken.inner:
                yield taken._replace(inner=opened)


def _opened(node: Expr) -> Expr:
    """A sum whose terms that were multiplied by a denominator are opened over it."""
    try:
        return expand(node, axes=0, limit=TERM_LIMIT)
    except BudgetExceeded:
        return node


def has_denominator(term: Expr) -> bool:
    """Whether a term is divided by something, or has an inverse in it."""
    if term.op is not CONTRACTION:
        return term.op is inv
    return any([arg.op is inv for arg in term.args]) or any([p < 0 for p in term.data[2]])


def _divides(place: Place) -> bool:
    """Whether a factor is a sum below a line, or an inverse at one end of a product."""
    factor, share, slots = place
    if factor.op is inv and share == 1:
        return sorted(kind for kind, _ in slots) == [0, 1]
    return factor.op is SUM and share == -1 and all(kind == 0 for kind, _ in slots)


def _multiplied(term: Term, position: int, place: Place) -> tuple[Term, Use]:
    """A term times one, written as the factor of a place and what cancels it."""
    factor, share, slots = place
    if factor.op is not inv:
        row = tuple(term.out[at] for _, at in slots)
        added: list[Factor] = [(factor, row, share), (factor, row, -share)]
        out = term.out
    else:
        fresh = 1 + max((label for _, row, _ in term.factors for label in row), default=0)
        fresh = max(fresh, 1 + max(term.out))
        ((end, at),) = ((k, at) for k, (kind, at) in enumerate(slots) if kind == 0)
        hole, new, old = fresh, fresh + 1, term.out[at]
        row = (new, hole) if end == 0 else (hole, new)
        inverted = (hole, old) if end == 0 else (old, hole)
        added = [(factor, row, 1), (factor.args[0], inverted, 1)]
        out = (*term.out[:at], new, *term.out[at + 1 :])
    changed = Term(term.coefficient, term.node, out, [*term.factors, *added])
    return changed, Use(position, added[0], row, freed=False)
