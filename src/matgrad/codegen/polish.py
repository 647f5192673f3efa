"""Last improvements of a program: multiples where there is least to multiply, products that come
out the right way round.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.codegen.products import product_of
from matgrad.codegen.program import SUM, Program, Value, reachable
from matgrad.codegen.sizes import nominal
from matgrad.core.dims import Size

_BILINEAR = frozenset(("matmul", "multiply", "outer", "tensordot", "divide"))


def polished(program: Program, roots: Sequence[Value]) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, and what every value has become."""
    order = reachable(roots)
    uses: dict[Value, int] = dict.fromkeys(roots, 1)
    for value in order:
        for arg in value.args:
            uses[arg] = uses.get(arg, 0) + 1
    once = {value for value, count in uses.items() if count == 1}
    done: dict[Value, Value] = {}
    for value in order:
        args = tuple(done[arg] for arg in value.args)
        if value.op == SUM and len(args) == 1 and value.args[0] in once:
            done[value] = _scaled(program, value.data[0], args[0])
        elif value.op == "permute" and value.args[0] in once:
            done[value] = _turned(program, args[0], value.data)
        else:
            done[value] = program.make(value.op, args, value.data, value.shape)
    return [done[root] for root in roots], done


def _scaled(program: Program, coefficient: Size, value: Value) -> Value:
    """A multiple, of the smaller operand of a product that is larger than it."""
    if value.op == "expand" or value.op == "permute":
        inner = _scaled(program, coefficient, value.args[0])
        return program.make(value.op, (inner,), value.data, value.shape)
    if value.op in _BILINEAR:
        left, right = value.args
        smaller = left if _size(left) <= _size(right) or value.op == "divide" else right
        if 2 * _size(smaller) < _size(value):
            part = _scaled(program, coefficient, smaller)
            args = (part, right) if smaller is left else (left, part)
            return program.make(value.op, args, value.data, value.shape)
    return program.scaled(coefficient, value)


def _turned(program: Program, value: Value, order: tuple[int, ...]) -> Value:
    """A transpose; that of a product of matrices is one of their transposes."""
    if value.op == "matmul" and all(arg.order == 2 for arg in value.args):
        left, right = value.args
        args = (program.permuted(right, (1, 0)), program.permuted(left, (1, 0)))
        return program.make("matmul", args, None, value.shape[::-1])
    return program.permuted(value, order)


def _size(value: Value) -> float:
    return nominal(product_of(value.shape))
