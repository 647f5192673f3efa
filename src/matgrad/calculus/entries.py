"""The derivative by one entry of a variable, or by one member of a family.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor
from matgrad.normal.gather import unit_vector
from matgrad.normal.product import contract


def at_entry(node: Expr, shape: Shape, positions: Sequence[str | Size]) -> Expr:
    """A derivative by a variable of that shape at one entry, or one member: unit vectors on the
    first axes of the variable."""
    axes = tuple(range(node.order))
    begin = node.order - len(shape)
    end = begin + len(positions)
    units: list[Factor] = [
        (unit_vector(position, size), (label,), 1)
        for position, size, label in zip(positions, shape, axes[begin:end], strict=False)
    ]
    return contract(axes[:begin] + axes[end:], [(node, axes, 1), *units])
