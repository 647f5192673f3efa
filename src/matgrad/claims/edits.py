"""Edits: small changes of an expression, each with the slip of the pen that it undoes.

Floor 4.  An edit changes one node, and the expression around it is built again.  What edits there
are follows from the records of the operators: what multiplies may multiply in another order, what
has two axes may be transposed, what is called may be called by another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations
from typing import NamedTuple

from matgrad.catalogue import OPERATORS, algebra, structure
from matgrad.claims import faults
from matgrad.claims.places import Place, built
from matgrad.core.dims import Dim
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, Op, make, number
from matgrad.core.signature import alternatives, build
from matgrad.normal.surface import turn, weigh

_LONGEST_CHAIN = 10
_ALL_ORDERS = 4


class Change(NamedTuple):
    """A node in place of another: what was wrong with that, and how large a slip it is."""

    fault: str
    cost: float
    node: Expr


def changes(place: Place) -> Iterator[Change]:
    """What may stand at a place instead, small changes of the node that stands there."""
    node = place.node
    yield from _transposed(place)
    yield from _signs(place)
    yield from _numbers(node)
    yield from _reordered(node)
    yield from _shortened(node)
    yield from _symmetrised(node)


def _transposed(place: Place) -> Iterator[Change]:
    node = place.node
    fault = faults.TRANSPOSE if place.path else faults.LAYOUT
    if node.order == 2 and node.op is not structure.eye:
        yield Change(faults.TRANSPOSE, 1.0, turn(node))
    elif node.op is structure.entry and len(node.data) == 2:
        made = make(node.op, node.args, node.data[::-1], node.shape)
        yield Change(faults.TRANSPOSE, 1.0, made)
    elif node.order > 2:
        letters = "abcdefgh"[: node.order]
        swaps = list(combinations(range(node.order), 2))
        orders = [_swapped(letters, swap) for swap in swaps]
        if node.order == 4:
            orders += ["cdab", "badc"]
        for order in orders:
            shape = tuple(node.shape[letters.index(letter)] for letter in order)
            yield Change(fault, 1.0, make(structure.einsum, (node,), f"{letters}->{order}", shape))


def _swapped(letters: str, swap: tuple[int, int]) -> str:
    found = list(letters)
    i, j = swap
    found[i], found[j] = found[j], found[i]
    return "".join(found)


def negated(node: Expr) -> Expr:
    """The negative of an expression, as it is written."""
    if node.op is algebra.neg:
        return node.args[0]
    if node.op is algebra.sub:
        return build(algebra.sub, node.args[::-1])
    return weigh(-1, node)


def _signs(place: Place) -> Iterator[Change]:
    """A sign is seen at the root, at terms of sums and in what a function is applied to."""
    node, parent = place.node, place.parent
    if node.op is algebra.add:
        first, second = node.args
        yield Change(faults.SIGN, 1.0, build(algebra.sub, (first, second)))
        yield Change(faults.SIGN, 1.0, build(algebra.sub, (second, first)))
    elif node.op is algebra.sub:
        yield Change(faults.SIGN, 1.0, build(algebra.add, node.args))
        yield Change(faults.SIGN, 1.1, weigh(-1, build(algebra.add, node.args)))
    if parent is None or parent.op.kind not in ("contraction", "linear"):
        yield Change(faults.SIGN, 1.0, negated(node))


def _numbers(node: Expr) -> Iterator[Change]:
    """Other numbers, other exponents, and terms of a sum twice or half."""
    if node.op is NUMBER and not isinstance(node.data, Dim):
        for value in (node.data * 2, Fraction(node.data) / 2, node.data + 1, node.data - 1):
            yield Change(faults.FACTOR, 1.2, number(value))
        yield Change(faults.SIGN, 1.1, number(-node.data))
    elif node.op.weights in ("data", "matpow") and node.data is not None:
        for exponent in (node.data + 1, node.data - 1, node.data * 2, -node.data):
            if exponent == 1:
                yield Change(faults.FACTOR, 1.2, node.args[0])
            elif exponent != 0:
                made = make(node.op, node.args, exponent, node.shape)
                yield Change(faults.FACTOR, 1.2, made)
    elif node.op.kind == "linear" and len(node.args) == 2:
        for at in range(2):
            for factor in (2, Fraction(1, 2)):
                args = list(node.args)
                args[at] = weigh(factor, args[at])
                yield Change(faults.FACTOR, 1.2, build(node.op, tuple(args)))


def _in_order(node: Expr) -> list[Expr]:
    """The factors of a matrix product from left to right."""
    found: list[Expr] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if part.op is algebra.matmul and all(arg.order <= 2 for arg in part.args):
            stack += reversed(part.args)
        else:
            found.append(part)
    return found


def product(factors: Sequence[Expr]) -> Expr | None:
    """The matrix product of some factors, or None where they do not fit."""
    total: Expr | None = factors[0]
    for factor in factors[1:]:
        total = None if total is None else built(algebra.matmul, (total, factor))
    return total


def _reordered(node: Expr) -> Iterator[Change]:
    """Factors in another order, a row of them turned round, operands exchanged."""
    if node.op is algebra.matmul:
        factors = _in_order(node)
        if not 2 <= len(factors) <= _LONGEST_CHAIN:
            return
        for order in _orders(len(factors)):
            if order != tuple(range(len(factors))):
                made = product([factors[at] for at in order])
                if made is not None:
                    moved = sum(at != k for k, at in enumerate(order))
                    yield Change(faults.ORDER, 1.0 + 0.05 * (moved - 2), made)
    elif node.op is algebra.outer:
        yield from _past(*node.args)
    elif len(node.args) == 2 and node.op.kind not in ("linear", "elementwise"):
        made = built(node.op, node.args[::-1], node)
        if made is not None:
            yield Change(faults.ORDER, 1.0, made)


def _past(left: Expr, right: Expr) -> Iterator[Change]:
    """The outer product turned round, and matrices from one side on the other: M*a*b', a*b'*M."""
    yield Change(faults.TRANSPOSE, 1.0, build(algebra.outer, (right, left)))
    for vector, other, first in ((left, right, True), (right, left, False)):
        if vector.op is not algebra.matmul or vector.args[0].order != 2:
            continue
        matrix, rest = vector.args
        for factor in (turn(matrix), matrix):
            multiplied = built(algebra.matmul, (factor, other))
            if multiplied is not None:
                pair = (rest, multiplied) if first else (multiplied, rest)
                yield Change(faults.ORDER, 1.1, build(algebra.outer, pair))


def _orders(count: int) -> Iterator[tuple[int, ...]]:
    """The orders of a few factors; of more, those with two of them or two rows exchanged."""
    every = tuple(range(count))
    if count <= _ALL_ORDERS:
        yield from permutations(every)
        return
    for i, j in combinations(every, 2):
        yield (*every[:i], j, *every[i + 1 : j], i, *every[j + 1 :])
    for i, j, k in combinations(range(count + 1), 3):
        if k - i > 2:
            yield (*every[:i], *every[j:k], *every[i:j], *every[k:])


def _shortened(node: Expr) -> Iterator[Change]:
    """One of the operands instead of the whole."""
    if node.op in (SYMBOL, NUMBER, APPLY) or node.op is structure.transpose:
        return
    kinds = {"contraction": faults.FACTOR, "linear": faults.TERM}
    fault = kinds.get(node.op.kind, faults.FUNCTION)
    if len(node.args) == 1 and fault != faults.TERM:
        fault = faults.FUNCTION
    for arg in node.args:
        if arg.shape == node.shape and node.op is not algebra.neg:
            yield Change(fault, 1.3, arg)
    if node.op is algebra.matmul:
        factors = _in_order(node)
        for at in range(len(factors)):
            rest = factors[:at] + factors[at + 1 :]
            made = product(rest) if len(factors) > 2 else None
            if made is not None and made.shape == node.shape:
                yield Change(faults.FACTOR, 1.3, made)


def _symmetrised(node: Expr) -> Iterator[Change]:
    """T + T' where twice T was written, and half of that where T was."""
    if node.order < 2 or node.shape[0] != node.shape[1]:
        return
    inner, factor = node, Fraction(1)
    if node.op is algebra.scale and node.args[0].op is NUMBER:
        value = node.args[0].data
        if not isinstance(value, Dim):
            inner, factor = node.args[1], Fraction(value)
    if inner.op in (structure.eye, structure.ones, structure.zeros, structure.transpose):
        return
    both = build(algebra.add, (inner, build(structure.transpose, (inner,))))
    yield Change(faults.SYMMETRY, 1.2, weigh(factor / 2, both))


def renamed(place: Place) -> Iterator[Change]:
    """Another function of the same operands."""
    node = place.node
    orders = tuple(arg.order for arg in node.args)
    if not orders or node.data is not None or node.op is structure.transpose:
        return
    for op in _alike(len(orders), orders, node.order):
        if op is node.op or op.kind == "linear":
            continue
        made = built(op, node.args)
        if made is not None and made.shape == node.shape:
            yield Change(faults.FUNCTION, 1.5, made)
        if len(orders) == 2 and node.op.kind == "contraction":
            for at in range(2):
                if orders[at] == 2:
                    args = list(node.args)
                    args[at] = turn(args[at])
                    made = built(op, tuple(args))
                    if made is not None and made.shape == node.shape:
                        yield Change(faults.FUNCTION, 1.8, made)


@cache
def _alike(count: int, orders: tuple[int, ...], result: int) -> tuple[Op, ...]:
    """The operators without data of their own that may be applied to operands of these orders."""
    found = []
    for op in OPERATORS.values():
        if op.weights in ("", "1,-1", "1/2", "1,1") and any(
            len(rule.inputs) == count
            and all(spec.accepts(order) for spec, order in zip(rule.inputs, orders, strict=True))
            and rule.output.accepts(result)
            for rule in alternatives(op.signature)
        ):
            found.append(op)
    return tuple(found)
