"""Abbreviations written out: composed operators that have no definition of their own here.

Floor 4.
"""

from __future__ import annotations

from functools import cache

from matgrad.catalogue.algebra import power, sqrt
from matgrad.core.expr import Expr, Op, make, transform, walk
from matgrad.core.signature import at_operands, operand_symbols
from matgrad.notation.read import read_expression
from matgrad.proof.definitions import is_defined


def expanded(root: Expr) -> Expr:
    """`root` with every composed operator that lacks a definition replaced by its text, and even
    powers of roots by powers of what stands under them: norm(x)^2 is smooth where norm(x) is not.
    """
    if not any(_is_abbreviation(node) or _is_even_power(node) for node in walk(root)):
        return root

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if _is_abbreviation(node):
            return _written_out(node, args)
        if _is_even_power(node):
            under = _written_out(args[0], args[0].args).args[0]
            half = node.data // 2
            return under if half == 1 else make(node.op, (under,), half, node.shape)
        return make(node.op, args, node.data, node.shape)

    return transform(root, visit)


def _is_abbreviation(node: Expr) -> bool:
    return node.op.kind == "composed" and not is_defined(node.op)


def _is_even_power(node: Expr) -> bool:
    if node.op is not power or not isinstance(node.data, int) or node.data % 2:
        return False
    (base,) = node.args
    return base.op.kind == "composed" and is_defined(base.op) and _is_root(base.op, base.args)


def _is_root(op: Op, args: tuple[Expr, ...]) -> bool:
    return _body(op, tuple(arg.order for arg in args))[0].op is sqrt


def _written_out(node: Expr, args: tuple[Expr, ...]) -> Expr:
    template, symbols = _body(node.op, tuple(arg.order for arg in args))
    return at_operands(template, symbols, args)


@cache
def _body(op: Op, orders: tuple[int, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """A definition, and the symbols in it."""
    symbols = operand_symbols(op, orders)
    names = {symbol.data[0]: symbol for symbol in symbols}
    return expanded(read_expression(op.definition, names)), symbols
