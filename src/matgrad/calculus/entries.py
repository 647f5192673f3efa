"""The derivative by one entry of a variable.

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
    """A derivative by a variable of that shape at one entry: unit vectors on its last axes."""
    axes = tuple(range(node.order))
    count = len(positions)
    units: list[Factor] = [
        (unit_vector(position, size), (label,), 1)
        for position, size, label in zip(positions, shape, axes[node.order - count :], strict=True)
    ]
    return contract(axes[: node.order - count], [(node, axes, 1), *units])
