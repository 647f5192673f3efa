"""Block arrays as they are printed: `[A, b; c', 0]`.

Floor 2.
"""

from __future__ import annotations

from matgrad.catalogue.algebra import neg, outer, scale
from matgrad.catalogue.structure import ones, zeros
from matgrad.core.expr import Expr, number
from matgrad.core.signature import build
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
    if block.op is zeros and block.shape == (1,):
        return View(number(0))
    scalar = _scalar(block)
    if scalar is not None:
        return View(scalar)
    if block.op is outer:
        left, right = block.args
        if right.op is ones and right.shape == (1,):
            return View(left)
        if left.op is ones and left.shape == (1,):
            return View(right, turned=True)
    return View(block)


def _scalar(block: Expr) -> Expr | None:
    """The scalar whose multiple of the array of a single 1 a block is."""
    outside: list[Expr] = []
    while block.op is scale or block.op is neg:
        outside.append(block)
        block = block.args[-1]
    if block.op is not ones or set(block.shape) != {1}:
        return None
    scalar = number(1)
    for node in reversed(outside):
        factors = (*node.args[:-1], scalar)
        scalar = (
            node.args[0] if scalar is number(1) and node.op is scale else build(node.op, factors)
        )
    return scalar


def _shown(node: Expr, at: int) -> bool:
    """Whether other blocks show the sizes of a block of zeros."""
    if node.args[at].op is not zeros or len(node.data) != 2:
        return False
    if all(_scalar(block) or block.op is zeros for block in node.args):
        return node.args[at].shape == (1, 1)
    across = columns(node)
    row = node.args[at - at % across : at - at % across + across]
    column = node.args[at % across :: across]
    return all(any(block.op is not zeros for block in line) for line in (row, column))
