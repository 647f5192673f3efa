"""Transposes of skew matrices in a product: S' is -S, and the sign stands in front of the whole.

Floor 3.
"""

from __future__ import annotations

from matgrad.catalogue import algebra, structure
from matgrad.core.expr import SYMBOL, Expr
from matgrad.core.signature import build
from matgrad.normal.surface import strip_sign

# What a sign goes through: linear in each operand.
_LINEAR = frozenset((algebra.matmul, algebra.outer, algebra.scale, algebra.neg, structure.trace))


def is_skew(node: Expr) -> bool:
    return node.op is SYMBOL and "skew" in node.data[1]


def straightened(expr: Expr) -> tuple[int, Expr]:
    """A product without transposes of skew matrices, and the sign that they leave."""
    done: dict[Expr, tuple[int, Expr]] = {}
    stack = [expr]
    while stack:
        node = stack[-1]
        inner = node.args if node.op in _LINEAR else ()
        waiting = [arg for arg in inner if arg not in done]
        if node not in done and waiting:
            stack += waiting
            continue
        stack.pop()
        if node in done:
            continue
        whole = node.op is algebra.power and isinstance(node.data, int)
        base = node.args[0] if whole else node
        if base.op is structure.transpose and is_skew(base.args[0]):
            straight = base.args[0]
            power = build(algebra.power, (straight,), node.data) if whole else straight
            done[node] = (1 if whole and node.data % 2 == 0 else -1), power
        elif not inner or all(done[arg] == (1, arg) for arg in inner):
            done[node] = 1, node
        else:
            sign = 1
            for arg in inner:
                sign *= done[arg][0]
            made, bare = strip_sign(build(node.op, tuple(done[arg][1] for arg in inner)))
            done[node] = sign * made, bare
    return done[expr]
