"""Operators along axes that all their operands have in front: of every member of a family.

Floor 4.
"""

from __future__ import annotations

from matgrad.codegen.program import Program, Value
from matgrad.core.dims import Shape
from matgrad.core.expr import APPLY, Expr
from matgrad.normal.indices import POWER, lead


def each(
    program: Program, op: str, data: object, args: tuple[Value, ...], shape: Shape, count: int = 1
) -> Value:
    """An instruction along so many leading axes."""
    return program.make("each", args, (op, data, count), shape)


def is_along(node: Expr) -> bool:
    """Whether a node is an operator along axes of its operands."""
    return lead(node) > 0 or (node.op is POWER and node.args[0].order > 2)


def along(program: Program, node: Expr, args: tuple[Value, ...]) -> Value:
    """An operator along axes."""
    if node.op is APPLY:
        function, slots = node.data
        return each(program, "apply", (function.name, slots), args, node.shape, lead(node))
    if node.op is not POWER:
        return each(program, node.op.name, node.data.inner, args, node.shape, lead(node))
    # The axes of the matrices stand behind those of the exponent.
    own, base = len(node.data[1]), args[0].shape
    count = len(base) - 2
    shape = (*base[:count], *node.shape[:own], *base[count:])
    value = each(program, node.op.name, node.data, args, shape, count)
    order = (*range(count, count + own), *range(count), *range(count + own, len(shape)))
    return program.permuted(value, order)
