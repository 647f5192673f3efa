"""The differential of whole powers: d(X^e) is the sum of X^s*dX*X^(e-1-s) over s = 0 … e-1.

Floor 4.  The exponent may be a function of indices; where its sign is not the same for all of
them, terms for positive and for negative exponents stand side by side, each zero for the other's.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.core.dims import Size, sign_at_large
from matgrad.core.errors import NoRule
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.indices import (
    RAISED,
    count_node,
    greatest,
    least,
    lengths_of,
    rebuilt,
    within_node,
)


class Term(NamedTuple):
    """One product of a differential, without its move; `row` are the labels of the move's axes."""

    coefficient: Size
    factors: list[Factor]
    row: Labels


def power_terms(node: Expr) -> list[Term]:
    """The differential of a power by its operand; the labels of the result are its axes.

    Raises NoRule where the sign of the exponent cannot be told.
    """
    start, steps = node.data
    axes = tuple(range(node.order))
    own = axes[: len(steps)]
    lengths = lengths_of(node)
    if node.op is RAISED:
        less = rebuilt(node, (start - 1, steps), lengths)
        if not steps:
            return [Term(start, [(less, axes, 1)], axes)]
        number = count_node(node.data, lengths)
        return [Term(1, [(number, own, 1), (less, axes, 1)], axes[len(own) :])]
    low, high = least(node.data, lengths), greatest(node.data, lengths)
    if low is None or high is None:
        raise NoRule("a power whose exponent grows and falls with an integer has no rule")
    terms = []
    if sign_at_large(high) > 0:
        terms.append(_positive(node, high))
    if sign_at_large(low) < 0:
        terms.append(_negative(node, low * -1))
    return terms


def _positive(node: Expr, count: Size) -> Term:
    """The sum of X^s*dX*X^(e-1-s) over s < e."""
    start, steps = node.data
    return _term(node, count, 1, (0, 1), (start - 1, (*steps, -1)), (start - 1, (*steps, -1)))


def _negative(node: Expr, count: Size) -> Term:
    """Minus the sum of X^(-1-s)*dX*X^(e+s) over s < -e."""
    start, steps = node.data
    within = (start * -1 - 1, (*(step * -1 for step in steps), -1))
    return _term(node, count, -1, (-1, -1), (start, (*steps, 1)), within)


def _term(
    node: Expr,
    count: Size,
    sign: int,
    left: tuple[Size, int],
    right: tuple[Size, tuple[Size, ...]],
    within: tuple[Size, tuple[Size, ...]],
) -> Term:
    axes = tuple(range(node.order))
    own = len(node.data[1])
    *batch, row, column = axes[own:]
    index, near, far = node.order, node.order + 1, node.order + 2
    lengths = (*lengths_of(node), count)
    before = rebuilt(node, (left[0], (left[1],)), (count,))
    after = rebuilt(node, right, lengths)
    factors: list[Factor] = [
        (within_node(within, lengths), (*axes[:own], index), 1),
        (before, (index, *batch, row, near), 1),
        (after, (*axes[:own], index, *batch, far, column), 1),
    ]
    return Term(sign, factors, (*batch, near, far))
