"""Identities that save work where a part is made anyway.

Floor 4.  A (B + c I) is A B + c A where A B is wanted elsewhere, and softmax(x) is
exp(x - logsumexp(x)) where that is.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.codegen.columns.scalars import NORMALISERS
from matgrad.codegen.program import NUMBER, SUM, Program, Value, reachable, rebuilt
from matgrad.core.dims import Size


def distributed(program: Program, roots: Sequence[Value]) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, and what every value has become."""
    wanted = {(value.op, value.args): value for value in reachable(roots)}

    def rule(value: Value, args: tuple[Value, ...]) -> Value | None:
        if value.op in NORMALISERS:
            op, present = NORMALISERS[value.op]
            if (op, value.args) in wanted:
                found = wanted[op, value.args]
                normaliser = program.make(op, args, found.data, found.shape)
                return _less(program, args[0], normaliser, present)
        if value.op == "matmul":
            for k, (old, new) in enumerate(zip(value.args, args, strict=True)):
                if old.op == new.op == "add_diagonal" and old.args[1].op == NUMBER:
                    _, rest = _multiple(program, old.args[0])
                    if ("matmul", _pair(k, value.args, rest)) in wanted:
                        coefficient, rest = _multiple(program, new.args[0])
                        pair = _pair(k, args, rest)
                        product = program.make("matmul", pair, None, value.shape)
                        data = (old.args[1].data, coefficient)
                        return program.make(SUM, (args[1 - k], product), data, value.shape)
        return None

    return rebuilt(program, roots, rule)


def _less(program: Program, values: Value, normaliser: Value, present: tuple[bool, ...]) -> Value:
    """exp(values - normaliser), which has those axes of the values that are present."""
    if present:
        shape = tuple(size if held else 1 for held, size in zip(present, values.shape, strict=True))
        normaliser = program.make("expand", (normaliser,), present, shape)
    less = program.make(SUM, (values, normaliser), (1, -1), values.shape)
    return program.make("exp", (less,), None, values.shape)


def _pair(place: int, args: tuple[Value, ...], factor: Value) -> tuple[Value, ...]:
    """The operands with another in one place."""
    return (*args[:place], factor, *args[place + 1 :])


def _multiple(program: Program, value: Value) -> tuple[Size, Value]:
    """A value as a multiple of another, transposes inside."""
    if value.op == "permute":
        coefficient, inner = _multiple(program, value.args[0])
        return coefficient, program.permuted(inner, value.data)
    if value.op == SUM and len(value.args) == 1:
        return value.data[0], value.args[0]
    return 1, value
