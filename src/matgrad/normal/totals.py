"""Sums as they are printed: their signs, and the order of their terms.

Floor 3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from matgrad.catalogue import structure
from matgrad.core.dims import Dim, Size, leading, simple
from matgrad.core.expr import SUM, Expr
from matgrad.normal.commuted import collected
from matgrad.normal.sums import is_zero, split
from matgrad.normal.surface import added, strip_sign, turn, weigh, zeros

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter


def lift_sum(lifter: Lifter, node: Expr, row: bool) -> Expr:
    """A coefficient times a sum; a minus sign in front goes into a sum that reads as well so."""
    if is_zero(node):
        return zeros(node)
    coefficient, inner = split(node)
    if inner.op is not SUM:
        return lifter.product(coefficient, inner, row)
    terms = terms_of(lifter, inner, row)
    own = inner in lifter.given
    positive = [leading(c) > 0 for c, _ in terms]
    flip = leading(coefficient) < 0 and not isinstance(coefficient, Dim) and not all(positive)
    natural = coefficient == -1 or not own or (flip and lifter.sign(inner) < 0)
    if not any(positive) or (flip and natural):
        coefficient = coefficient * -1
        terms = [(c * -1, term) for c, term in terms]
    whole = weigh(coefficient, _added(lifter, terms, own))
    if not isinstance(coefficient, Fraction):
        return whole
    # (4*A + B)/4 is shorter as A + B/4.
    parts = _added(lifter, [(simple(c * coefficient), term) for c, term in terms], own)
    return parts if lifter.cost(parts) < lifter.cost(whole) else whole


def terms_of(lifter: Lifter, node: Expr, row: bool) -> list[tuple[Size, Expr]]:
    found: list[tuple[Size, Expr]] = []
    for coefficient, arg in zip(node.data, node.args, strict=True):
        sign, expr = strip_sign(lifter.form(arg, row))
        found.append((coefficient * sign, expr))
    return found


def ordered(lifter: Lifter, terms: list[tuple[Size, Expr]]) -> list[tuple[Size, Expr]]:
    return sorted(terms, key=lambda term: lifter.order(term[1]))


def _added(lifter: Lifter, terms: list[tuple[Size, Expr]], own: bool) -> Expr:
    """A sum in printing order: the input's own as they were written, but with a positive
    term first if there is one; of others all positive terms first."""
    terms = ordered(lifter, terms)
    if own:
        first = next((k for k, (c, _) in enumerate(terms) if leading(c) > 0), 0)
        terms.insert(0, terms.pop(first))
    else:
        terms.sort(key=lambda term: leading(term[0]) < 0)
    terms = collected(terms)
    if lifter.counted and all(expr.op is structure.transpose for _, expr in terms):
        return turn(_added(lifter, [(c, turn(expr)) for c, expr in terms], own))
    return added(terms)
