"""Sums as they are printed: their signs, and the order of their terms.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matgrad.catalogue import structure
from matgrad.core.dims import Dim, Size, leading, simple
from matgrad.core.expr import CONTRACTION, SUM, SYMBOL, Expr
from matgrad.normal.block_sums import assembled
from matgrad.normal.commuted import collected
from matgrad.normal.cost import PrintOrder
from matgrad.normal.skew import is_skew, signed
from matgrad.normal.sums import is_zero, scaled, split
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
    turned = -1 if not any(positive) or (flip and natural) else 1
    coefficient = coefficient * turned
    terms = [(c * turned, term) for c, term in terms]
    if leading(coefficient) < 0 and not own:
        absorbed = [(c * turned, term) for c, term in _absorbed(lifter, inner, row)]
        if all(leading(c) > 0 for c, _ in absorbed):
            coefficient, terms = coefficient * -1, absorbed
    whole = weigh(coefficient, _added(lifter, terms, own))
    if isinstance(coefficient, (int, Dim)):
        return whole
    # (4*A + B)/4 is shorter as A + B/4.
    parts = _added(lifter, [(simple(c * coefficient), term) for c, term in terms], own)
    return parts if lifter.cost(parts) < lifter.cost(whole) else whole


def terms_of(lifter: Lifter, node: Expr, row: bool) -> list[tuple[Size, Expr]]:
    """The terms of a sum, products with their own sums signed naturally."""
    known = lifter.terms.get((node, row))
    if known is not None:
        return known
    found: list[tuple[Size, Expr]] = []
    for coefficient, arg in zip(node.data, node.args, strict=True):
        coefficient, arg = signed(lifter, coefficient, arg)
        sign, expr = strip_sign(lifter.form(arg, row))
        # In index form a minus sign has gone into a sum, which spares one in front of the whole.
        if expr.op is not structure.einsum and _reads_negated(lifter, arg):
            sign, expr = strip_sign(lifter.form(scaled(-1, arg), row))
            sign = -sign
        found.append((coefficient * sign, expr))
    lifter.terms[node, row] = found
    return found


def _absorbed(lifter: Lifter, node: Expr, row: bool) -> list[tuple[Size, Expr]]:
    """The terms of the negative of a sum, each with its sign in a sum of its own."""
    found: list[tuple[Size, Expr]] = []
    for coefficient, arg in zip(node.data, node.args, strict=True):
        sign, expr = strip_sign(lifter.form(scaled(-1, arg), row))
        found.append((coefficient * sign, expr))
    return found


def coefficients(lifter: Lifter, node: Expr) -> Sequence[Size]:
    """The coefficients with which the terms of a sum are printed."""
    if all(map(_is_plain, node.args)):
        return tuple(node.data)
    return [coefficient for coefficient, _ in terms_of(lifter, node, False)]


def starts_positive(lifter: Lifter, node: Expr) -> bool:
    """Whether the term that comes first in print is added; of a matrix it is the same whether the
    sum is read as it stands or transposed."""
    signs = {leading(coefficient) > 0 for coefficient in coefficients(lifter, node)}
    if len(signs) == 1:
        return True in signs

    def rank(term: tuple[Size, Expr]) -> tuple[tuple[int, ...], PrintOrder]:
        order = lifter.order(term[1])
        return min(order[0], order[0][:: -1 if node.order == 2 else 1]), order

    return leading(min(terms_of(lifter, node, False), key=rank)[0]) > 0


def _is_plain(term: Expr) -> bool:
    """Whether a term is a product of symbols, which is printed without a sign of its own."""
    factors = term.args if term.op is CONTRACTION else (term,)
    return all([factor.op is SYMBOL and not is_skew(factor) for factor in factors])


def _reads_negated(lifter: Lifter, node: Expr) -> bool:
    """Whether a product has a minus sign in front once its sums are signed naturally."""
    if node.op is not CONTRACTION:
        return False
    powers = zip(node.args, node.data[2], strict=True)
    odd = [arg for arg, power in powers if arg.op is SUM and power % 2 == 1]
    return bool(odd) and sum([lifter.sign(arg) < 0 for arg in odd]) % 2 == 1


def ordered(lifter: Lifter, terms: list[tuple[Size, Expr]]) -> list[tuple[Size, Expr]]:
    return sorted(terms, key=lambda term: lifter.order(term[1]))


def _by_coefficient(terms: list[tuple[Size, Expr]]) -> list[tuple[Size, Expr]]:
    """Terms with a number in common as one: 2*(A + B) - C for 2*A - C + 2*B."""
    groups: dict[Size, list[tuple[Size, Expr]]] = {}
    for coefficient, expr in terms:
        size = coefficient if leading(coefficient) > 0 else simple(coefficient * -1)
        groups.setdefault(size, []).append((coefficient, expr))
    if len(groups) == 1 or len(groups) == len(terms):
        return terms
    joined: list[tuple[Size, Expr]] = []
    for size, group in groups.items():
        if size == 1 or len(group) == 1:
            joined += group
        else:
            first = leading(group[0][0]) > 0
            signed = [(1 if (leading(c) > 0) is first else -1, expr) for c, expr in group]
            joined.append((size if first else simple(size * -1), added(signed)))
    return joined


def _added(lifter: Lifter, terms: list[tuple[Size, Expr]], own: bool) -> Expr:
    """A sum in printing order: the input's own as they were written, but with a positive
    term first if there is one; of others all positive terms first."""
    terms = ordered(lifter, terms)
    if own:
        first = next((k for k, (c, _) in enumerate(terms) if leading(c) > 0), 0)
        terms.insert(0, terms.pop(first))
    else:
        terms.sort(key=lambda term: leading(term[0]) < 0)
    terms = assembled(collected(terms))
    if not own and not lifter.counted:
        terms = _by_coefficient(terms)
    if lifter.counted and all(expr.op is structure.transpose for _, expr in terms):
        return turn(_added(lifter, [(c, turn(expr)) for c, expr in terms], own))
    return added(terms)
