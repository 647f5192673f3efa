"""Lowering: from what the user wrote to the normal form.

Floor 3.  A tree of products becomes one contraction, a tree of sums one sum; only nodes used
more than once are made first, so a chain of ten thousand is read in one pass.  Everything is
driven by the operators' signatures and weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import final

from matgrad.catalogue.algebra import power
from matgrad.catalogue.blocks import block
from matgrad.catalogue.pairs import pow
from matgrad.core.along import lead_in
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Number, Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import NUMBER, SYMBOL, Expr, Op, make, operators, transform, walk
from matgrad.core.signature import at_operands, build, operand_symbols
from matgrad.normal import families as families
from matgrad.normal.blocks import assembled
from matgrad.normal.build import is_real
from matgrad.normal.build import node as operator_node
from matgrad.normal.conjugate import check_analytic
from matgrad.normal.gather import Gather, weights
from matgrad.normal.sums import combine, numeral
from matgrad.notation.read import read_expression


def lower(root: Expr) -> Expr:
    """The normal form of a surface expression."""
    return lower_all((root,))[0]


def lower_all(roots: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The normal forms of several surface expressions, shared parts lowered once."""
    expanded = tuple(map(expand, roots))
    lowering = _Lowering(expanded)
    return tuple([lowering.done[root] for root in expanded])


def expand(root: Expr) -> Expr:
    """Abbreviations such as norms and solve, and what is defined otherwise for complex values,
    replaced by their definitions; powers with a number in the exponent as such."""

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node.op.kind == "composed":
            return _expanded(node.op, node.op.definition, args)
        lead = lead_in(node.data)
        # Written out, what is real may be made of complex parts, imag(A) of A and conj(A).
        parts = node.args if lead else args
        if node.op.complex not in ("", "analytic") and any(map(is_complex, parts)):
            if lead:
                raise NoRule(
                    f"{node.op.name} of a stack of complex matrices has no rule",
                    hint="declare a family, such as `A_i: n n complex`, and write sum_i … of A_i",
                )
            return _expanded(node.op, node.op.complex, args)
        if node.op is pow and args[1].op is NUMBER:
            return build(power, args[:1], args[1].data)
        if args == node.args:
            return node
        return make(node.op, args, node.data, node.shape)

    replaced = [op.kind == "composed" or op is pow for op in operators(root)]
    if not is_complex(root) and not any(replaced):
        return root
    return transform(root, visit)


def _expanded(op: Op, text: str, args: tuple[Expr, ...]) -> Expr:
    """An operator's definition at these operands, itself expanded."""
    template, slots = definition(op, tuple(arg.order for arg in args), text)
    return at_operands(template, slots, args)


@cache
def definition(op: Op, orders: tuple[int, ...], text: str) -> tuple[Expr, tuple[Expr, ...]]:
    """What an operator stands for, by a text, on operands of these orders; and their symbols."""
    slots = operand_symbols(op, orders)
    names = {slot.data[0]: slot for slot in slots}
    return expand(read_expression(text, names)), slots


@final
class _Lowering:
    """One pass over a surface graph; `done` holds the normal form of every node made."""

    def __init__(self, roots: tuple[Expr, ...]) -> None:
        self.done: dict[Expr, Expr] = {}
        order = list(walk(*roots))
        uses: dict[Expr, int] = {}
        for node in order:
            for arg in node.args:
                uses[arg] = uses.get(arg, 0) + 1
        self.inside = self.absorbed(order, uses, set(roots))
        for node in order:
            if node not in self.inside:
                self.done[node] = self.make(node)

    def absorbed(self, order: list[Expr], uses: Mapping[Expr, int], roots: set[Expr]) -> set[Expr]:
        """The nodes that are used once, by a node of their own kind: they are never made."""
        inside: set[Expr] = set()
        for node in order:
            kind = node.op.kind
            if kind not in ("contraction", "linear"):
                continue
            powers = weights(node) if kind == "contraction" else ()
            for k, arg in enumerate(node.args):
                if arg.op.kind != kind or uses[arg] > 1 or arg in roots:
                    continue
                if block in (node.op, arg.op):
                    continue
                if kind == "linear" or (k < len(powers) and powers[k] == 1):
                    inside.add(arg)
        return inside

    def make(self, node: Expr) -> Expr:
        op = node.op
        if op is SYMBOL:
            return node
        if op is NUMBER:
            return numeral(node.data)
        if op.kind == "linear":
            return self.linear(node)
        if op.kind == "contraction":
            return self.contraction(node)
        args = tuple(self.done[arg] for arg in node.args)
        if op.kind != "conjugate" and not all(map(is_real, args)):
            check_analytic(op, node.data)
        return operator_node(op, args, node.data, node.shape)

    def linear(self, root: Expr) -> Expr:
        if root.op is block:
            return assembled(root, tuple(self.done[arg] for arg in root.args))
        terms: list[tuple[Size, Expr]] = []
        stack: list[tuple[Expr, Number]] = [(root, 1)]
        while stack:
            node, coefficient = stack.pop()
            for arg, weight in reversed(list(zip(node.args, weights(node), strict=True))):
                if arg in self.inside:
                    stack.append((arg, coefficient * weight))
                else:
                    terms.append((coefficient * weight, self.done[arg]))
        return combine(terms, root.shape)

    def contraction(self, root: Expr) -> Expr:
        return Gather(self.done, self.inside, root).result()
