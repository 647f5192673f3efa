"""Block arrays as they are printed: `[A, b; c', 0]`.

Floor 2.
"""

from __future__ import annotations

from matgrad.catalogue.algebra import neg, outer, scale
from matgrad.catalogue.structure import ones, zeros
from matgrad.core.expr import NUMBER, Expr, number
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
    outside, core = _multiple(block)
    if set(core.shape) == {1} and core.op is ones:
        scalar = number(1)
        for node in reversed(outside):
            is_first = scalar.op is NUMBER and node.op is scale
            scalar = node.args[0] if is_first else build(node.op, (*node.args[:-1], scalar))
        return View(scalar)
    if block.op is zeros and block.shape == (1,):
        return View(number(0))
    if core.op is outer:
        left, right = core.args
        is_row = left.op is ones and left.shape == (1,)
        if is_row or (right.op is ones and right.shape == (1,)):
            vector = right if is_row else left
            for node in reversed(outside):
                vector = build(node.op, (*node.args[:-1], vector))
            return View(vector, turned=is_row)
    return View(block)


def _multiple(block: Expr) -> tuple[list[Expr], Expr]:
    """The scalings and signs outside a block, the outermost first, and what they multiply."""
    outside: list[Expr] = []
    while block.op is scale or block.op is neg:
        outside.append(block)
        block = block.args[-1]
    return outside, block


def _is_entry(block: Expr) -> bool:
    return set(block.shape) == {1} and _multiple(block)[1].op in (ones, zeros)


def _shown(node: Expr, at: int) -> bool:
    """Whether other blocks show the sizes of a block of zeros."""
    if node.args[at].op is not zeros or len(node.data) != 2:
        return False
    if all(map(_is_entry, node.args)):
        return True
    across = columns(node)
    row = node.args[at - at % across : at - at % across + across]
    column = node.args[at % across :: across]
    return all(any(block.op is not zeros for block in line) for line in (row, column))
