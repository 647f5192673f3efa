"""Symmetric products as squares: X' diag(d) X = Z' Z with Z = diag(sqrt(d)) X where d >= 0.

Floor 4.  A library that notices Z' Z does half the work of a product.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from matgrad.codegen.products import Operand, Products
from matgrad.core.dims import Number
from matgrad.core.expr import Expr
from matgrad.core.interval import interval
from matgrad.normal.canon import Labels
from matgrad.normal.inference import known_of

_NONNEGATIVE = interval("[0, inf)")


def is_nonnegative(node: Expr, power: Number) -> bool:
    """Whether no entry of a factor is negative."""
    return power % 2 == 0 or known_of(node).entries.within(_NONNEGATIVE)


def rooted(
    products: Products, operands: Sequence[Operand], nonnegative: Sequence[bool], out: Labels
) -> list[Operand]:
    """The operands with the root of their weights in a matrix that stands twice."""
    pair = _twice(operands, out)
    if pair is None:
        return list(operands)
    first, second, label = pair
    weights = [k for k in range(len(operands)) if k not in (first, second)]
    if not weights or not all(nonnegative[k] and operands[k].row == (label,) for k in weights):
        return list(operands)
    weight = products.above(reduce(products.entrywise, (operands[k] for k in weights)))
    root = Operand(products.program.power(weight.value, Fraction(1, 2)), weight.row)
    half = products.entrywise(operands[first], root)
    value = products.arranged(half, operands[first].row)
    return [operands[first]._replace(value=value), operands[second]._replace(value=value)]


def _twice(operands: Sequence[Operand], out: Labels) -> tuple[int, int, int] | None:
    """Two operands that are X[m, i] and X[m, j], by their places; and m."""
    for first, one in enumerate(operands):
        for second in range(first + 1, len(operands)):
            other = operands[second]
            if one.value is not other.value or len(one.row) != 2 or one.solves or one.below:
                continue
            shared = [a for a, b in zip(one.row, other.row, strict=True) if a == b]
            if len(shared) == 1 and shared[0] not in out and not (other.solves or other.below):
                return first, second, shared[0]
    return None
