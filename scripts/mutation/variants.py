"""Expressions with one thing wrong: a sign, a constant, a factor dropped, a matrix transposed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.core.expr import NUMBER, Expr, make, number, transform, walk
from matgrad.core.signature import build
from matgrad.notation.render import render
from matgrad.proof import same
from samples import with_functions


def faulty(root: Expr) -> dict[str, str]:
    """Texts that an expression is not equal to, as `proof` sees it; and what is wrong with each."""
    return {render(other, "text"): what for what, other in variants(root) if differs(root, other)}


def differs(left: Expr, right: Expr) -> bool:
    if left.shape != right.shape:
        return True
    return same(with_functions(left), with_functions(right)).ok is not True


def variants(root: Expr) -> Iterator[tuple[str, Expr]]:
    """What is wrong with an expression that has one thing wrong, and that expression."""
    apply = OPERATORS.__getitem__
    yield "sign", build(apply("neg"), (root,))
    yield "constant", build(apply("scale"), (number(2), root))
    for node in walk(root):
        name = node.op.name
        if name in ("scale", "matmul", "hadamard", "divide"):
            for arg in node.args:
                if arg.shape == node.shape:
                    yield "factor dropped", replaced(root, node, arg)
        if name in ("add", "sub"):
            yield "term dropped", replaced(root, node, node.args[0])
            other = build(apply("sub" if name == "add" else "add"), node.args)
            yield "sign of a term", replaced(root, node, other)
        if name == "power":
            yield "exponent", replaced(root, node, build(node.op, node.args, node.data + 1))
        if name == "conj":
            yield "conjugate dropped", replaced(root, node, node.args[0])
        if name in ("zeros", "eye"):
            ones = build(apply("ones"), (), None, node.shape)
            yield "constant", replaced(root, node, ones)
        if node.op is NUMBER:
            yield "constant", replaced(root, node, number(node.data + Fraction(1)))
        if node.order == 2 and node.shape[0] == node.shape[1]:
            yield "transposed", replaced(root, node, build(apply("transpose"), (node,)))


def replaced(root: Expr, old: Expr, new: Expr) -> Expr:
    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node is old:
            return new
        return make(node.op, args, node.data, node.shape) if args else node

    return transform(root, visit)
