"""The signs with which the sums in a product are printed.

Floor 3: a product of sums has many, and one of them reads naturally.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from matgrad.core.dims import Dim, Size, leading
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor
from matgrad.normal.parity import mirrored, parity
from matgrad.normal.skew import is_skew, signed
from matgrad.normal.sums import scaled, split
from matgrad.normal.surface import is_constant
from matgrad.normal.totals import coefficients

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter


def oriented(lifter: Lifter, coefficient: Size, factors: list[Factor]) -> tuple[Size, list[Factor]]:
    """A product with its sums signed as they read naturally; a minus sign left in front turns a
    skew matrix, or goes into a sum that reads as well the other way round."""
    result: list[Factor] = []
    for node, row, power in factors:
        if node.op is SUM and power == int(power) and lifter.sign(node) < 0:
            node = scaled(-1, node)
            coefficient = coefficient * -1 if power % 2 else coefficient
        elif power % 2 == 0 and parity(node.op) < 0 and lifter.sign(node.args[0]) < 0:
            node = mirrored(node)
        elif node.op.adjoint and power % 2 == 1 and _sign(lifter, node.args[-1]) < 0:
            node = mirrored(node)
            coefficient = coefficient * -1
        elif power == 1:
            coefficient, node = signed(lifter, coefficient, node)
        result.append((node, row, power))
    if leading(coefficient) < 0:
        for k, (node, row, power) in enumerate(result):
            if is_skew(node) and power % 2 == 1:
                result[k] = (node, row[::-1], power)
                return coefficient * -1, result
        unit = not isinstance(coefficient, Dim) and coefficient.numerator == -1
        for k, (node, row, power) in enumerate(result):
            if power % 2 == 1 and is_mixed(lifter, node, unit=unit):
                result[k] = (scaled(-1, node), row, power)
                return coefficient * -1, result
        for k, (node, row, power) in enumerate(result):
            odd = power % 2 == 1 and parity(node.op) < 0
            if odd and is_mixed(lifter, node.args[0], unit=unit, own=True):
                result[k] = (mirrored(node), row, power)
                return coefficient * -1, result
    return coefficient, result


def _sign(lifter: Lifter, operand: Expr) -> int:
    """The sign that is left in front of a product, or of one thing, whose sums read naturally."""
    if operand.op is not CONTRACTION:
        return lifter.sign(operand)
    return prod(
        lifter.sign(factor)
        for factor, power in zip(operand.args, operand.data[2], strict=True)
        if power % 2 == 1
    )


def is_mixed(lifter: Lifter, node: Expr, *, unit: bool, own: bool = False) -> bool:
    """Whether a sum may as well be printed with all signs changed: one that is not the input's
    own (or may be) and has no constant in it, unless a minus sign goes by it and the sum is new
    or for code."""
    _, inner = split(node)
    if inner.op is not SUM or len(inner.args) < 2:
        return False
    if inner in lifter.given and not own and not (unit and lifter.counted):
        return False
    if not unit and not lifter.counted and any(map(is_constant, inner.args)):
        return False
    return len({leading(c) > 0 for c in coefficients(lifter, inner)}) == 2
