"""Weighted sums: like terms collected, in key order, with a normalised leading coefficient.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from matgrad.core.budget import spend
from matgrad.core.dims import Number, Shape, Size, content, leading, simple
from matgrad.core.expr import CONTRACTION, SUM, Expr, make

# The empty product.
ONE = make(CONTRACTION, (), ((), (), ()), ())


def zero(shape: Shape) -> Expr:
    """The zero of a shape: the sum of no terms."""
    return make(SUM, (), (), shape)


def is_zero(node: Expr) -> bool:
    return node.op is SUM and not node.args


def split(node: Expr) -> tuple[Size, Expr]:
    """A node as coefficient times a node without one."""
    if node.op is SUM and len(node.args) == 1:
        return node.data[0], node.args[0]
    return 1, node


def scaled(coefficient: Size, node: Expr) -> Expr:
    """coefficient · node."""
    return node if coefficient == 1 else combine([(coefficient, node)], node.shape)


def numeral(value: Size) -> Expr:
    """A number as a normal expression."""
    return scaled(value, ONE)


def combine(terms: Iterable[tuple[Size, Expr]], shape: Shape) -> Expr:
    """The weighted sum of terms of one shape: flattened, like terms collected, in key order,
    the rational content and the sign of the leading coefficient in front."""
    total: dict[Expr, Size] = {}
    stack = list(terms)
    stack.reverse()
    while stack:
        coefficient, node = stack.pop()
        if node.op is SUM:
            stack.extend(
                (coefficient * inner, arg)
                for inner, arg in zip(reversed(node.data), reversed(node.args), strict=True)
            )
        else:
            total[node] = total.get(node, 0) + coefficient
    spend(len(total) + 1, "the number of terms in sums")
    kept = sorted(
        ((node, simple(c)) for node, c in total.items() if c != 0), key=lambda term: term[0].key
    )
    if not kept:
        return zero(shape)
    if len(kept) == 1:
        node, coefficient = kept[0]
        return node if coefficient == 1 else make(SUM, (node,), (coefficient,), shape)
    common: Number = content(c for _, c in kept)
    if leading(kept[0][1]) < 0:
        common = -common
    common = common.numerator if common == int(common) else common
    nodes = tuple(node for node, _ in kept)
    if common == 1:
        return make(SUM, nodes, tuple(c for _, c in kept), shape)
    inverse = Fraction(1) / common
    inner = make(SUM, nodes, tuple(simple(c * inverse) for _, c in kept), shape)
    return make(SUM, (inner,), (common,), shape)
