"""Weighted sums: like terms collected, in key order, with a normalised leading coefficient.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod

from matgrad.core.budget import spend
from matgrad.core.dims import Dim, Shape, Size, content, divide, leading, simple, taken_apart
from matgrad.core.expr import CONTRACTION, SUM, Expr, make

# The empty product.
ONE = make(CONTRACTION, (), ((), (), ()), ())


def zero(shape: Shape) -> Expr:
    """The zero of a shape: the sum of no terms."""
    return make(SUM, (), (), shape)


def is_number(node: Expr) -> bool:
    """Whether a scalar is a number, one that is a size apart."""
    coefficient, inner = split(node)
    return is_zero(node) or (inner is ONE and not isinstance(coefficient, Dim))


def is_zero(node: Expr) -> bool:
    return node.op is SUM and not node.args


def split(node: Expr) -> tuple[Size, Expr]:
    """A node as coefficient times a node without one."""
    if node.op is SUM and len(node.args) == 1:
        return node.data[0], node.args[0]
    return 1, node


def scaled(coefficient: Size, node: Expr) -> Expr:
    """coefficient · node."""
    if coefficient == 1:
        return node
    if node.op is SUM or coefficient == 0:
        return combine([(coefficient, node)], node.shape)
    return make(SUM, (node,), (simple(coefficient),), node.shape)


def numeral(value: Size) -> Expr:
    """A number as a normal expression."""
    return scaled(value, ONE)


def combine(terms: Iterable[tuple[Size, Expr]], shape: Shape) -> Expr:
    """The weighted sum of terms of one shape: flattened, like terms collected, in key order,
    what divides all coefficients and the sign of the leading one in front."""
    total: dict[Expr, Size] = {}
    stack = list(terms)
    stack.reverse()
    while stack:
        coefficient, node = stack.pop()
        if node.op is SUM:
            inside = [(coefficient * c, arg) for c, arg in zip(node.data, node.args, strict=True)]
            inside.reverse()
            stack += inside
        elif node in total:
            total[node] += coefficient
        else:
            total[node] = coefficient
    spend(len(total) + 1, "the number of terms in sums")
    kept = [(node, simple(c)) for node, c in total.items() if c != 0]
    if not kept:
        return zero(shape)
    if len(kept) == 1:
        node, coefficient = kept[0]
        return node if coefficient == 1 else make(SUM, (node,), (coefficient,), shape)
    kept.sort(key=_term_key)
    nodes, coefficients = zip(*kept, strict=True)
    number = content(coefficients)
    if leading(coefficients[0]) < 0:
        number = -number
    common: Size = number
    if number != 1:
        inverse = number if number == -1 else Fraction(1) / number
        coefficients = tuple([simple(c * inverse) for c in coefficients])
    if isinstance(coefficients[0], Dim):
        names = _common_names(coefficients)
        common = simple(common * names)
        quotients = [divide(c, names) for c in coefficients]
        coefficients = tuple([quotient for quotient in quotients if quotient is not None])
    if common == 1:
        return make(SUM, nodes, coefficients, shape)
    inner = make(SUM, nodes, coefficients, shape)
    return make(SUM, (inner,), (common,), shape)


def _common_names(coefficients: Sequence[Size]) -> Size:
    """The names that divide all coefficients."""
    powers: dict[str, int] | None = None
    for coefficient in coefficients:
        if not isinstance(coefficient, Dim):
            return 1
        own = dict(taken_apart(coefficient)[0])
        powers = own if powers is None else {x: min(p, own.get(x, 0)) for x, p in powers.items()}
    return prod([Dim(name) ** power for name, power in (powers or {}).items() if power], start=1)


def _term_key(term: tuple[Expr, Size]) -> int:
    return term[0].key
