"""Sums and products made in the memory of an operand that nothing else needs.

Floor 4.  What is added to diagonals, and what large arrays are added to or multiplied by, goes
into an array that this program made and only this instruction uses.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from matgrad.codegen.program import SUM, Program, Value, rebuilt, used_once

# How instructions end that overwrite their first operand.
INTO = "_into"
# What makes an array of its own, and what shows or copies one.
_MADE = frozenset(
    "add_diagonal add_spread divide eye full matmul multiply outer power spread tensordot".split()
) | {SUM}
_SHOWN = ("permute", "reshape")
# Arithmetic is done so for arrays with so many axes; a library may do it itself for others.
_LARGE = 3
# Instructions with two operands, by name and coefficients: what is done to which of them.
_ARITHMETIC: dict[tuple[str, object], tuple[tuple[str, int], ...]] = {
    ("multiply", None): (("multiply", 0), ("multiply", 1)),
    ("divide", None): (("divide", 0),),
    (SUM, (1, 1)): (("add", 0), ("add", 1)),
    (SUM, (1, -1)): (("subtract", 0),),
    (SUM, (-1, 1)): (("subtract", 1),),
}


def shown(value: Value) -> list[Value]:
    """A value and what it shows in another way, down to the array in whose memory it may be."""
    found = [value]
    while found[-1].op in _SHOWN:
        found.append(found[-1].args[0])
    return found


def in_place(
    program: Program, roots: Sequence[Value], cells: Container[str]
) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, with instructions that overwrite where a backend has them; and what every value
    has become."""
    once = used_once(roots)

    def owned(value: Value) -> bool:
        """Whether the only use of a value may overwrite it."""
        return once.issuperset(shown(value)) and shown(value)[-1].op in _MADE

    def rule(value: Value, args: tuple[Value, ...]) -> Value | None:
        if value.op in ("add_diagonal", "add_spread"):
            ways: tuple[tuple[str, int], ...] = ((value.op, 0),)
        elif value.order >= _LARGE:
            ways = _ARITHMETIC.get((value.op, value.data), ())
        else:
            return None
        for op, place in ways:
            whole = value.args[place]
            if f"{op}{INTO}" in cells and whole.shape == value.shape and owned(whole):
                data = None if value.op == SUM else value.data
                pair = (args[place], args[1 - place])
                return program.make(f"{op}{INTO}", pair, data, value.shape)
        return None

    return rebuilt(program, roots, rule)
