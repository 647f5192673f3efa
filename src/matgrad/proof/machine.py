"""Evaluation of a graph at a point: every node once, operands first.

Floor 4.  What mentions the index of a sum is evaluated for each of its values.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from matgrad.catalogue.indexed import index_sum
from matgrad.core.dims import evaluate
from matgrad.core.expr import Expr
from matgrad.notation.bound import free_names, outside_sums
from matgrad.proof.definitions import value
from matgrad.proof.dual import Dual, combine
from matgrad.proof.point import Point
from matgrad.proof.sizes import Sizes

Values = dict[Expr, Dual]


def run(nodes: Iterable[Expr], point: Point, known: Values | None = None) -> Values:
    """The value of every node, given operands first; `known` values are not computed again."""
    values: Values = {} if known is None else known
    for node in nodes:
        if node in values:
            continue
        if node.op is index_sum:
            values[node] = _summed(node, point, values)
        else:
            values[node] = value(node, [values[arg] for arg in node.args], point)
    return values


def _summed(node: Expr, point: Point, values: Values) -> Dual:
    """The sum of what the operand is for each value of the index."""
    (body,) = node.args
    index = node.data[0]
    fixed, moving = parted(body, index)
    run(fixed, point, values)
    terms = []
    for at in index_range(node, point.sizes):
        bound = point._replace(sizes=Sizes({**point.sizes, index: at}))
        terms.append((1, run(moving, bound, dict(values))[body]))
    if not terms:
        shape = point.shape(node.shape)
        point.ring.spend(prod(shape))
        return Dual(point.ring, shape, {0: [point.ring.number(0)] * prod(shape)})
    return combine(terms)


def index_range(node: Expr, sizes: Sizes) -> range:
    """The values of the index of a sum."""
    _, first, last = node.data
    return range(int(evaluate(first, sizes)), int(evaluate(last, sizes)) + 1)


def in_order(root: Expr) -> list[Expr]:
    """The nodes to be run for the value of `root`, operands first; sums over an index run theirs
    themselves."""
    return outside_sums(root)


def parted(body: Expr, index: str) -> tuple[list[Expr], list[Expr]]:
    """The nodes to be run for what is summed: those that stay the same, and those that mention
    the index."""
    nodes = outside_sums(body)
    moving = [node for node in nodes if index in free_names(node)]
    return [node for node in nodes if index not in free_names(node)], moving
