"""Misfits: operands that a construct cannot take, as an explanation names them.

Floor 2.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.core.dims import Shape
from matgrad.core.expr import shape_text
from matgrad.notation import kinds as k
from matgrad.notation.kinds import Kind
from matgrad.notation.tree import Node


@final
class Misfit(NamedTuple):
    """A node whose operands, of these kinds and shapes, it cannot take.

    `problem` is what the shape rule said, empty when already the kinds do not fit; `base` is the
    number of the first axis.
    """

    node: Node
    operands: tuple[Node, ...]
    kinds: tuple[Kind, ...]
    shapes: tuple[Shape, ...]
    problem: str
    base: int

    @property
    def source(self) -> str:
        return excerpt(self.node.source)

    def shape(self, place: int) -> str:
        """The shape of an operand in words, with its orientation."""
        shape, kind = self.shapes[place], self.kinds[place]
        if kind == k.ROW:
            return f"a row of {shape[0]}"
        if kind == k.COLUMN:
            return f"a vector of {shape[0]}"
        return "a scalar" if not shape else shape_text(shape)

    def listed(self) -> str:
        """`A is m x n, x is a vector of m`."""
        return ", ".join(
            f"{excerpt(node.source)} is {self.shape(place)}"
            for place, node in enumerate(self.operands)
        )

    def factor(self, place: int) -> str:
        """An operand as it may stand in a product."""
        return bracketed(self.operands[place])


_ATOMS = frozenset(("name", "number", "call", "map", "index", "transpose"))


def bracketed(node: Node) -> str:
    """A node's text, in brackets unless it binds as tightly as a name."""
    atom = node.head in _ATOMS or node.source[:1] == "("
    text = excerpt(node.source)
    return text if atom else f"({text})"


def excerpt(text: str) -> str:
    """A text cut to a readable width."""
    return text if len(text) <= 40 else f"{text[:37]}..."
