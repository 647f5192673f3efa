"""What hangs on the parts of a joined axis.

Floor 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.normal.canon import Factor, Labels
from matgrad.normal.product import contract

if TYPE_CHECKING:
    from matgrad.normal.graph import Graph

# The factors that were written, and what takes their place inside a joined axis.
Written = tuple[list[Factor], list[Factor]]


def left_inside(
    graph: Graph, labels: Labels, used: list[Factor], joined: list[Factor]
) -> list[Factor] | None:
    """The factor that `used` are, if there are joined axes yet to write: it may hang on one."""
    if all(f in used for f in joined):
        return None
    sizes = {label: graph.sizes[label] for label in labels}
    return [(contract(labels, used, 1, sizes), labels, 1)]


def reach(
    start: int, parts: set[int], closed: set[int], rest: list[Factor]
) -> tuple[list[Factor], set[int]] | None:
    """The factors hanging on a part label, and the part labels they touch; None when they also
    touch a label in `closed`."""
    reached, touched = {start}, {start}
    found: list[Factor] = []
    changed = True
    while changed:
        changed = False
        for factor in rest:
            if factor not in found and any(label in reached for label in factor[1]):
                found.append(factor)
                changed = True
                for label in factor[1]:
                    if label in closed:
                        return None
                    if label in parts:
                        touched.add(label)
                    if label not in parts or label == start:
                        reached.add(label)
    return found, touched


def boundary(graph: Graph, joined: list[Factor]) -> tuple[set[int], set[int]]:
    parts = {label for _, (_, *rest), _ in joined for label in rest}
    closed = (set(graph.out) | {labels[0] for _, labels, _ in joined}) - parts
    return parts, closed
