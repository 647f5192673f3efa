"""Diagonal matrices in products: what they multiply keeps its labels, and they are vectors.

Floor 4.
"""

from __future__ import annotations

from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.inference import known_of


def is_diagonal(node: Expr) -> bool:
    """Whether a matrix has nothing beside its diagonal."""
    return node.order == 2 and "diagonal" in known_of(node).properties


def on_diagonals(out: Labels, factors: list[Factor]) -> tuple[Labels, list[Factor]]:
    """A product in which the two labels of every diagonal matrix are one."""
    names: dict[int, int] = {}

    def name(label: int) -> int:
        while label in names:
            label = names[label]
        return label

    for node, row, power in factors:
        if power > 0 and node.op not in (CONTRACTION, SUM) and is_diagonal(node):
            first, second = map(name, row)
            if first != second:
                names[second] = first
    if not names:
        return out, factors
    renamed = [(node, tuple(map(name, row)), power) for node, row, power in factors]
    return tuple(map(name, out)), renamed
