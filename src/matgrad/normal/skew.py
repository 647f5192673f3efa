"""Signs that pass through matrices: S' is -S for skew S, and inv(-A) is -inv(A).

Floor 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, linalg, structure
from matgrad.core.dims import Size
from matgrad.core.expr import SYMBOL, Expr, Op, make
from matgrad.core.signature import build
from matgrad.normal.parity import mirrored
from matgrad.normal.surface import strip_sign

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

_KEPT = "skew if A skew"
# What a sign goes through: linear in each operand.  So it does through what keeps a matrix skew.
_LINEAR = frozenset((algebra.matmul, algebra.outer, algebra.scale, algebra.neg, structure.trace))


def keeps_skew(op: Op) -> bool:
    """Whether an operator keeps a matrix skew, which odd functions do."""
    return _KEPT in op.gives


def is_skew(node: Expr) -> bool:
    """Whether a matrix is declared skew, or an operator that keeps this of one that is."""
    while keeps_skew(node.op):
        node = node.args[0]
    return node.op is SYMBOL and "skew" in node.data[1]


def signed(lifter: Lifter, coefficient: Size, node: Expr) -> tuple[Size, Expr]:
    """A multiple of an odd function of a matrix whose sum is signed as it reads naturally, as
    inv(-A) is -inv(A)."""
    odd = keeps_skew(node.op) and not node.op.adjoint
    if odd and lifter.sign(node.args[0]) < 0:
        return coefficient * -1, mirrored(node)
    return coefficient, node


def straightened(expr: Expr) -> tuple[int, Expr]:
    """A product without transposes of skew matrices, and the sign that they leave."""
    done: dict[Expr, tuple[int, Expr]] = {}
    stack = [expr]
    while stack:
        node = stack[-1]
        inner = node.args if node.op in _LINEAR or keeps_skew(node.op) else ()
        waiting = [arg for arg in inner if arg not in done]
        if node not in done and waiting:
            stack += waiting
            continue
        stack.pop()
        if node in done:
            continue
        whole = node.op is algebra.power and isinstance(node.data, int)
        base = node.args[0] if whole else node
        sign = _turned(base.args[0]) if base.op is structure.transpose else 0
        if sign:
            straight = base.args[0]
            power = build(algebra.power, (straight,), node.data) if whole else straight
            done[node] = (1 if whole and node.data % 2 == 0 else sign), power
        elif not inner or all(done[arg] == (1, arg) for arg in inner):
            done[node] = 1, node
        else:
            sign = 1
            for arg in inner:
                sign *= done[arg][0]
            operands = tuple(done[arg][1] for arg in inner)
            made, bare = strip_sign(_built(node.op, operands))
            done[node] = sign * made, bare
    return done[expr]


def _turned(expr: Expr) -> int:
    """The sign that makes a skew matrix its transpose, or what keeps that property, or a power;
    0 for others."""
    exponent = 1
    while expr.op is linalg.matpow or keeps_skew(expr.op):
        if expr.op is linalg.matpow:
            if not isinstance(expr.data, int):
                return 0
            exponent *= expr.data
        expr = expr.args[0]
    return (-1) ** (exponent % 2) if is_skew(expr) else 0


def _built(op: Op, args: tuple[Expr, ...]) -> Expr:
    """The operator on operands that have been straightened: S'*S was no power, S*S is."""
    if op is not algebra.matmul:
        return build(op, args)
    left, right = args
    first = left.args[1] if left.op is algebra.matmul else left
    base, count = _powers(first)
    other, further = _powers(right)
    if base is not other or base.order != 2:
        return build(op, args)
    whole = make(linalg.matpow, (base,), count + further, base.shape)
    return whole if first is left else build(op, (left.args[0], whole))


def _powers(matrix: Expr) -> tuple[Expr, int]:
    if matrix.op is linalg.matpow and isinstance(matrix.data, int):
        return matrix.args[0], matrix.data
    return matrix, 1
