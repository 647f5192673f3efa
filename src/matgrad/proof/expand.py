"""Abbreviations written out: composed operators that have no definition of their own here.

Floor 4.
"""

from __future__ import annotations

from matgrad.core.expr import SYMBOL, Expr, make, symbol, transform, walk
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
    operands = {
        name: symbol(name, arg.shape) for name, arg in zip(node.op.operands, args, strict=False)
    }
    body = expanded(read_expression(node.op.definition, operands))
    values = dict(zip(operands, args, strict=True))

    def visit(inner: Expr, parts: tuple[Expr, ...]) -> Expr:
        if inner.op is SYMBOL and inner.data[0] in values:
            return values[inner.data[0]]
        return make(inner.op, parts, inner.data, inner.shape)

    return transform(body, visit)
