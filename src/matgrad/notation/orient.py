"""Orientation: which operands to transpose where a vector is needed as a row.

Floor 2.  Vectors have no orientation in an expression; on the page they stand as columns or
rows.  A product can be turned as a whole, `(A*x)'`, or factor by factor, `x'*A'`, and a sum
term by term; whichever prints fewer transposes and brackets is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, final

from matgrad.catalogue.algebra import (
    add,
    divide,
    hadamard,
    kron,
    matmul,
    neg,
    outer,
    power,
    scale,
    sub,
)
from matgrad.catalogue.linalg import matpow, solve
from matgrad.catalogue.structure import column_sums, transpose
from matgrad.core.expr import Expr, walk

_INFIX = frozenset(
    {add, sub, neg, scale, matmul, hadamard, divide, outer, kron, solve, power, matpow}
)


class View(NamedTuple):
    """A node as it is needed: upright, or `turned` (a row, or the transpose of a matrix); or
    its entry at the letters `axes`, within which it may not bind the letters `taken`."""

    node: Expr
    turned: bool = False
    axes: tuple[str, ...] | None = None
    taken: frozenset[str] = frozenset()


class Cost(NamedTuple):
    """Transposes and brackets printed: upright, turned operand by operand, turned at best."""

    upright: int
    inward: int | None
    turned: int


def product_operands(node: Expr, turned: bool = False) -> tuple[View, View]:
    """The operands of a matrix or outer product as they stand on the page, in order.

    A vector on the left of a matrix product stands as a row, on the right as a column; the
    whole is turned by reversing.  Tensors, of three or more axes, cannot be turned.
    """
    left, right = node.args
    if node.op is outer:
        return (View(right), View(left, True)) if turned else (View(left), View(right, True))
    if node.order == 0 or left.order > 2 or right.order > 2:
        return View(left, left.order == 1), View(right)
    if left.order == 1:  # a row as it stands, so a column when reversed
        turned = not turned
    return (
        (View(right, True), View(left, left.order > 1))
        if turned
        else (View(left, left.order == 1), View(right))
    )


@final
class Orientation:
    """Decides, for the nodes of one expression, how each is turned."""

    def __init__(self, root: Expr) -> None:
        self._root = root
        self._costs: dict[Expr, Cost] = {}

    def turns_inward(self, node: Expr) -> bool:
        """Whether the operands of `node` are turned rather than its whole."""
        if not self._costs:
            for part in walk(self._root):
                self._costs[part] = self._cost(part)
        cost = self._costs[node]
        if cost.inward is None:
            return False
        # A sum that is the whole answer needs no brackets when its terms are turned.
        spared = 1 if node is self._root and node.op in (add, sub, hadamard) else 0
        return cost.inward - spared <= _outward(node, cost.upright)

    def _cost(self, node: Expr) -> Cost:
        upright = self._upright(node)
        inward = self._inward(node)
        outward = _outward(node, upright)
        return Cost(upright, inward, outward if inward is None else min(inward, outward))

    def _upright(self, node: Expr) -> int:
        if node.op is matmul or node.op is outer:
            return self._sum(product_operands(node))
        return (node.op in (transpose, column_sums)) + self._sum(map(View, node.args))

    def _inward(self, node: Expr) -> int | None:
        if node.order not in (1, 2):
            return None
        if node.op in (transpose, column_sums):
            return self._costs[node.args[0]].upright
        if node.op is matmul or node.op is outer:
            if any(arg.order > 2 for arg in node.args):
                return None
            return self._sum(product_operands(node, turned=True))
        if node.op in (add, sub, hadamard):
            return 1 + self._sum(View(arg, turned=True) for arg in node.args)
        if node.op in (neg, scale) or (node.op is divide and node.args[1].order == 0):
            return self._sum(View(arg, turned=arg.order > 0) for arg in node.args)
        return None

    def _sum(self, views: Iterable[View]) -> int:
        costs = ((self._costs[view.node], view.turned) for view in views)
        return sum(cost.turned if turned else cost.upright for cost, turned in costs)


def _outward(node: Expr, upright: int) -> int:
    return upright + (2 if node.op in _INFIX else 1) if node.order else upright
