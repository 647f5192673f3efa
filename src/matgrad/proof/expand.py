"""Abbreviations written out: composed operators that have no definition of their own here.

Floor 4.
"""

from __future__ import annotations

from functools import cache

from matgrad.core.expr import Expr, Op, make, transform, walk
from matgrad.core.signature import at_operands, operand_symbols
from matgrad.notation.read import read_expression
from matgrad.proof.definitions import is_defined


def expanded(root: Expr) -> Expr:
    """`root` with every composed operator that lacks a definition replaced by its text."""
    if not any(_is_abbreviation(node) for node in walk(root)):
        return root

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if _is_abbreviation(node):
            return _written_out(node, args)
        return make(node.op, args, node.data, node.shape)

    return transform(root, visit)


def _is_abbreviation(node: Expr) -> bool:
    return node.op.kind == "composed" and not is_defined(node.op)


def _written_out(node: Expr, args: tuple[Expr, ...]) -> Expr:
    template, symbols = _body(node.op, tuple(arg.order for arg in args))
    return at_operands(template, symbols, args)


@cache
def _body(op: Op, orders: tuple[int, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """A definition, and the symbols in it."""
    symbols = operand_symbols(op, orders)
    names = {symbol.data[0]: symbol for symbol in symbols}
    return expanded(read_expression(op.definition, names)), symbols
