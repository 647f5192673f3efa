"""How the program holds a value: an array, and which labels its axes have.

Floor 4.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.codegen.program import Value
from matgrad.normal.canon import Labels


class Held(NamedTuple):
    """How a node's value is held: node[out] = value[row].

    Labels of `out` that `row` lacks are axes along which the value repeats; a label that `out`
    has twice is a diagonal.
    """

    value: Value
    row: Labels
    out: Labels

    @property
    def is_diagonal(self) -> bool:
        return len(set(self.out)) < len(self.out)


def plain(value: Value) -> Held:
    axes = tuple(range(value.order))
    return Held(value, axes, axes)


def pattern(out: Labels) -> Labels:
    return tuple(map(out.index, out))


def renamed(held: Held) -> Held:
    """Labels named by the places where they first stand in the output."""
    return Held(
        held.value, tuple(map(held.out.index, held.row)), tuple(map(held.out.index, held.out))
    )
