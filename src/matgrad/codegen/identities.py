"""Products with a matrix and a multiple of the identity, where that with the matrix is made anyway.

Floor 4.  A (B + c I) is A B + c A, which is one product less where A B is wanted elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.codegen.program import NUMBER, SUM, Program, Value, reachable, rebuilt
from matgrad.core.dims import Size


def distributed(program: Program, roots: Sequence[Value]) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, and what every value has become."""
    wanted = {value for value in reachable(roots) if value.op == "matmul"}

    def rule(value: Value, args: tuple[Value, ...]) -> Value | None:
        if value.op != "matmul":
            return None
        for k, (old, new) in enumerate(zip(value.args, args, strict=True)):
            if old.op == new.op == "add_diagonal" and old.args[1].op == NUMBER:
                _, rest = _multiple(program, old.args[0])
                if program.find("matmul", _pair(k, value.args, rest), None, value.shape) in wanted:
                    coefficient, rest = _multiple(program, new.args[0])
                    pair = _pair(k, args, rest)
                    product = program.make("matmul", pair, None, value.shape)
                    terms = (args[1 - k], product)
                    return program.make(SUM, terms, (old.args[1].data, coefficient), value.shape)
        return None

    return rebuilt(program, roots, rule)


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
