"""Arithmetic on what a text says: numbers, and polynomials in the names of sizes and integers.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from matgrad.core.dims import Dim, Size
from matgrad.core.errors import BudgetExceeded

if TYPE_CHECKING:
    from matgrad.notation.tree import Node

_MOST_BITS = 512


def fold(
    nodes: Sequence[Node], root: int, size: Callable[[str], Size | None] | None
) -> Size | None:
    """The number, or with names the polynomial, that a subtree stands for; None if neither."""
    values: dict[int, Size | None] = {}
    for own in range(nodes[root].first, root + 1):
        node = nodes[own]
        operands = [values.get(arg) for arg in node.args]
        values[own] = None
        if node.head == "number":
            values[own] = Fraction(node.name)
        elif node.head == "name" and size is not None:
            values[own] = size(node.name)
        elif operands and None not in operands:
            values[own] = arithmetic(node.head, [v for v in operands if v is not None])
        if values[own] is None:  # nor is anything around it
            return None
    return values[root]


def arithmetic(head: str, operands: Sequence[Size]) -> Size | None:
    """The polynomial that a sign makes of polynomials, or None."""
    left, right = operands[0], operands[-1]
    if head == "neg":
        return left * -1
    if head in ("plus", "dotplus"):
        return left + right
    if head in ("minus", "dotminus"):
        return left + right * -1
    if head in ("times", "dottimes"):
        return left * right
    if head in ("over", "dotover") and not isinstance(right, Dim):
        return left * (1 / Fraction(right)) if right else None
    if head in ("power", "dotpower") and not isinstance(right, Dim):
        return _power(left, Fraction(right))
    return None


def _power(base: Size, exponent: Fraction) -> Size | None:
    if exponent.denominator != 1 or (exponent < 0 and (isinstance(base, Dim) or not base)):
        return None
    bits = 1 if isinstance(base, Dim) else max(base.numerator, base.denominator, 2).bit_length()
    if abs(exponent) * bits > _MOST_BITS:
        raise BudgetExceeded("an exponent or a size has too many digits")
    return base ** int(exponent)
