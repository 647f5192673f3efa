"""Programs: array instructions without a backend, each of which exists once.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any, final

from matgrad.core.dims import Number, Shape, Size

# What an instruction is called that is an argument, a number, a weighted sum.
INPUT, NUMBER, SUM = "input", "number", "sum"


@final
@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """An instruction and its value: what is done, with which operands and further data.

    `shape` has the size of every axis; `at` counts the instructions of the program.
    """

    at: int
    op: str
    args: tuple[Value, ...]
    data: Any
    shape: Shape

    @property
    def order(self) -> int:
        """The number of axes."""
        return len(self.shape)


@final
class Program:
    """Instructions in an order in which operands come first.

    `moving` are the names of arguments that change while all others stay, and then the values
    that depend on them.
    """

    def __init__(self, moving: Iterable[str] = ()) -> None:
        self.names = frozenset(moving)
        self.moving: set[Value] = set()
        self._made: dict[tuple[object, ...], Value] = {}

    def make(
        self, op: str, args: tuple[Value, ...] = (), data: Any = None, shape: Shape = ()
    ) -> Value:
        """The one value of an instruction."""
        key = (op, args, data, shape)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Value(len(self._made), op, args, data, shape)
            if (op == INPUT and data in self.names) or not self.moving.isdisjoint(args):
                self.moving.add(found)
        return found

    def find(
        self, op: str, args: tuple[Value, ...], data: Any = None, shape: Shape = ()
    ) -> Value | None:
        """The value of an instruction that exists already."""
        return self._made.get((op, args, data, shape))

    def number(self, value: Size) -> Value:
        """A number, which may be one in named sizes."""
        return self.make(NUMBER, (), value)

    def scaled(self, coefficient: Size, value: Value) -> Value:
        """A multiple by a number."""
        if coefficient == 1:
            return value
        if value.op == NUMBER:
            return self.number(coefficient * value.data)
        if value.op == SUM and len(value.args) == 1:
            return self.scaled(coefficient * value.data[0], value.args[0])
        return self.make(SUM, (value,), (coefficient,), value.shape)

    def permuted(self, value: Value, order: tuple[int, ...]) -> Value:
        """The axes of a value in another order."""
        if order == tuple(range(len(order))):
            return value
        if value.op == "permute":
            inner = tuple(value.data[k] for k in order)
            return self.permuted(value.args[0], inner)
        shape = tuple(value.shape[k] for k in order)
        return self.make("permute", (value,), order, shape)

    def power(self, value: Value, exponent: Number) -> Value:
        """Every entry to a rational power."""
        if exponent == 1:
            return value
        return self.make("power", (value,), exponent, value.shape)


def reachable(roots: Iterable[Value], given: Container[Value] = ()) -> list[Value]:
    """What the roots need, operands first; not what is given, nor what only that needs."""
    found: set[Value] = set()
    stack = list(roots)
    while stack:
        value = stack.pop()
        if value not in found and value not in given:
            found.add(value)
            stack += value.args
    return sorted(found, key=lambda value: value.at)
