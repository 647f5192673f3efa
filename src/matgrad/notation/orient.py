"""Orientation: which operands to transpose where a vector is needed as a row.

Floor 2.  Vectors have no orientation in an expression; on the page they stand as columns or
rows.  A product is turned factor by factor, `x'*A'`.  A sum is turned as a whole, `(x - A*s)'`,
or term by term, `x'*A + b'`, whichever prints fewer transposes and brackets.  A matrix that was
declared symmetric stands as it is.
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
from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.linalg import matpow, solve
from matgrad.catalogue.orders import exchange
from matgrad.catalogue.properties import closure, indices_of
from matgrad.catalogue.structure import component, entry, transpose
from matgrad.core.expr import SYMBOL, Expr, walk

_SUMS = frozenset({add, sub, hadamard})
_MULTIPLES = frozenset({neg, scale, index_sum})
# Infix operators and powers, which need brackets before a transpose.
_LOOSE = _SUMS | _MULTIPLES | {divide, kron, matmul, matpow, outer, power, solve}


class View(NamedTuple):
    """A node as it is needed: upright, or `turned` (a row, or the transpose of a matrix); or
    its entry at the letters `axes`, within which it may not bind the letters `taken`."""

    node: Expr
    turned: bool = False
    axes: tuple[str, ...] | None = None
    taken: frozenset[str] = frozenset()


class Cost(NamedTuple):
    """Transposes and brackets that a node prints, upright and turned."""

    upright: int
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
        if node.op not in _SUMS:
            return _hands_down(node)
        if node not in self._costs:
            for part in walk(node):
                if part not in self._costs:
                    self._costs[part] = self._cost(part)
        # A sum that is the whole answer needs no brackets when its terms are turned.
        spared = 1 if node is self._root else 0
        return self._by_term(node) - spared <= _as_a_whole(node, self._costs[node].upright)

    def _cost(self, node: Expr) -> Cost:
        if node.op is matmul or node.op is outer:
            upright = self._sum(product_operands(node))
        else:
            upright = _is_transpose(node) + sum([self._costs[arg].upright for arg in node.args])
        turned = _as_a_whole(node, upright)
        if node.op in _SUMS:
            turned = min(turned, self._by_term(node))
        elif _hands_down(node):
            turned = self._sum(_turned_operands(node))
        return Cost(upright, turned)

    def _by_term(self, node: Expr) -> int:
        return 1 + sum([self._costs[arg].turned for arg in node.args])

    def _sum(self, views: Iterable[View]) -> int:
        costs = self._costs
        return sum([costs[view.node][view.turned] for view in views])


def lies(node: Expr) -> bool:
    """Whether a vector stands as a row as it is, such as X[i,:] and the sums of columns."""
    return node.op.row or (node.op is entry and is_line(node))


def is_line(node: Expr) -> bool:
    """Whether a node is a row or a column of a matrix, and no member of a family."""
    if node.order != 1 or node.op not in (entry, component) or node.args[0].order != 2:
        return False
    (array,) = node.args
    return array.op is not SYMBOL or not indices_of(array.data[1])


def is_symmetric(node: Expr) -> bool:
    """Whether a matrix that is to be turned is a symbol declared symmetric, or its inverse, or an
    exchange matrix."""
    while node.op.transpose == "equivariant" and len(node.args) == 1:
        node = node.args[0]
    if node.op is not SYMBOL:
        return node.op is exchange
    return node.order == 2 and "symmetric" in closure(node.data[1])


def _is_transpose(node: Expr) -> bool:
    """Whether a node loses a transpose when it is turned."""
    return node.op is transpose or lies(node)


def _hands_down(node: Expr) -> bool:
    """Whether turning `node`, no sum, is turning its operands."""
    if node.op is matmul or node.op is outer:
        return node.args[0].order < 3 and node.args[1].order < 3
    if node.op in _MULTIPLES or _is_transpose(node):
        return True
    return node.op is divide and node.args[1].order == 0


def _turned_operands(node: Expr) -> Iterable[View]:
    if node.op is matmul or node.op is outer:
        return product_operands(node, turned=True)
    turns = not _is_transpose(node)
    return (View(arg, turned=turns and arg.order > 0) for arg in node.args)


def _as_a_whole(node: Expr, upright: int) -> int:
    if node.order == 0:
        return upright
    return upright + (2 if node.op in _LOOSE or _is_transpose(node) else 1)
