"""Block arrays as they are printed: `[A, b; c', 0]`.

Floor 2.
"""

from __future__ import annotations

from matgrad.catalogue.algebra import outer, scale
from matgrad.catalogue.structure import ones, zeros
from matgrad.core.expr import Expr, number
from matgrad.notation.orient import View


def pieces(node: Expr) -> list[View]:
    """The blocks of a block array as they stand on the page: vectors and scalars for themselves, 0
    for a block of zeros whose sizes other blocks show."""
    return [
        View(number(0)) if _shown(node, at) else _piece(block) for at, block in enumerate(node.args)
    ]


def columns(node: Expr) -> int:
    """How many blocks stand side by side."""
    return int(node.data[1]) if len(node.data) == 2 else 1


def _piece(block: Expr) -> View:
    if block.op is ones and set(block.shape) == {1}:
        return View(number(1))
    if block.op is zeros and block.shape == (1,):
        return View(number(0))
    if block.op is scale and block.args[1].op is ones and set(block.shape) == {1}:
        return View(block.args[0])
    if block.op is outer:
        left, right = block.args
        if right.op is ones and right.shape == (1,):
            return View(left)
        if left.op is ones and left.shape == (1,):
            return View(right, turned=True)
    return View(block)


def _shown(node: Expr, at: int) -> bool:
    """Whether other blocks show the sizes of a block of zeros."""
    if node.args[at].op is not zeros or len(node.data) != 2:
        return False
    across = columns(node)
    row = node.args[at - at % across : at - at % across + across]
    column = node.args[at % across :: across]
    return all(any(block.op is not zeros for block in line) for line in (row, column))
