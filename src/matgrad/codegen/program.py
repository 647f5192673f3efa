"""Programs: array instructions without a backend, each of which exists once.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
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
    that depend on them.  Matrices that are `symmetric` are their own transposes.
    """

    def __init__(self, moving: Iterable[str] = ()) -> None:
        self.names = frozenset(moving)
        self.moving: set[Value] = set()
        self.symmetric: set[Value] = set()
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
            if self.is_symmetric(found):
                self.symmetric.add(found)
        return found

    def is_symmetric(self, value: Value) -> bool:
        """Whether a matrix is symmetric by how it is made."""
        if value.op == SUM:
            return self.symmetric.issuperset(value.args)
        if value.op == "add_diagonal":
            return value.args[0] in self.symmetric
        return value.op == "congruence" or (value.op == "matmul" and is_square(*value.args))

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
        if order == tuple(range(len(order))) or value in self.symmetric:
            return value
        if value.op == "permute":
            inner = tuple(value.data[k] for k in order)
            return self.permuted(value.args[0], inner)
        shape = tuple(value.shape[k] for k in order)
        return self.make("permute", (value,), order, shape)

    def power(self, value: Value, exponent: Number) -> Value:
        """Every entry to a rational power; small ones are products, as libraries take logarithms
        for any power but the square."""
        if exponent == 1:
            return value
        if exponent in (3, 4) and value.shape:
            square = self.power(value, 2)
            factors = (square, value if exponent == 3 else square)
            return self.make("multiply", factors, None, value.shape)
        return self.make("power", (value,), exponent, value.shape)


def rebuilt(
    program: Program,
    roots: Sequence[Value],
    rule: Callable[[Value, tuple[Value, ...]], Value | None],
) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, with what a rule makes of an instruction and its new operands in its place, if
    it makes anything; and what every value has become."""
    done: dict[Value, Value] = {}
    for value in reachable(roots):
        args = tuple(done[arg] for arg in value.args)
        made = rule(value, args)
        if made is None and value.op == "permute":
            made = program.permuted(args[0], value.data)
        done[value] = made or program.make(value.op, args, value.data, value.shape)
    return [done[root] for root in roots], done


def used_once(roots: Sequence[Value]) -> set[Value]:
    """The values that one instruction uses, or that are one result."""
    uses: dict[Value, int] = {}
    for used in (roots, *(value.args for value in reachable(roots))):
        for value in used:
            uses[value] = uses.get(value, 0) + 1
    return {value for value, count in uses.items() if count == 1}


def is_square(left: Value, right: Value) -> bool:
    """Whether a product is one of a matrix and its transpose, as a library may notice."""
    return left.op == "permute" and left.args[0] is right and left.order == 2


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
