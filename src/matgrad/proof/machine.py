"""Evaluation of a graph at a point: every node once, operands first.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable

from matgrad.core.expr import Expr, walk
from matgrad.proof.definitions import value
from matgrad.proof.dual import Dual
from matgrad.proof.point import Point

Values = dict[Expr, Dual]


def run(nodes: Iterable[Expr], point: Point, known: Values | None = None) -> Values:
    """The value of every node, given operands first; `known` values are not computed again."""
    values: Values = {} if known is None else known
    for node in nodes:
        if node not in values:
            values[node] = value(node, [values[arg] for arg in node.args], point)
    return values


def in_order(root: Expr) -> list[Expr]:
    """The nodes under `root`, operands first, to be run at several points."""
    return list(walk(root))
