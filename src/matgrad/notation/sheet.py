"""The sheet: a syntax tree being planned, and what of it stands for sizes and positions.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, final

from matgrad.core.dims import Dim, Shape, Size, is_whole, simple
from matgrad.core.errors import NameProblem, SyntaxProblem
from matgrad.notation.arithmetic import fold
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Unknown
from matgrad.notation.members import Range
from matgrad.notation.scope import Scope
from matgrad.notation.tokens import Syntax
from matgrad.notation.tree import Node, Position


@final
class Planned(NamedTuple):
    """The rule of a node, its operands, and those of them that its kind depends on.

    `unknown` is the function applied, whose arguments have one kind wherever it is applied.
    `orders` are those that the operands must have, if the text alone says so.  What `reduces` an
    array is not meant for scalars that nobody declared.
    """

    rule: Rule
    operands: tuple[int, ...]
    weighed: tuple[int, ...]
    unknown: Unknown | None = None
    orders: tuple[int, ...] = ()
    reduces: bool = False


@final
class Binder(NamedTuple):
    """The name of a sum's index, the nodes of what is summed, and the index's bounds."""

    name: str
    first: int
    last: int
    low: Size
    high: Size | Range

    def reaches(self, node: int) -> bool:
        return self.first <= node <= self.last


def whole(rule: Rule, *operands: int) -> Planned:
    """A plan whose kind depends on every operand."""
    return Planned(rule, operands, operands)


@final
class Sheet:
    """The nodes of a text and the scope of its names; `silent` nodes are no values, `indices` the
    names of the sums' indices."""

    def __init__(self, nodes: Sequence[Node], scope: Scope, syntax: Syntax) -> None:
        self.nodes = nodes
        self.scope = scope
        self.syntax = syntax
        self.silent = bytearray(len(nodes))
        self.binders: list[Binder] = []
        self.indices: set[str] = set()

    def silence(self, node: int) -> None:
        """Take a subtree out of what is read as values."""
        for own in range(self.nodes[node].first, node + 1):
            self.silent[own] = 1

    def constant(self, node: int) -> Fraction | None:
        """The rational number a subtree stands for, or None if it is not one."""
        value = fold(self.nodes, node, None)
        return None if value is None or isinstance(value, Dim) else Fraction(value)

    def integer(self, node: int) -> int | None:
        """The whole number a subtree stands for, or None; it is no value then."""
        value = self.constant(node)
        if value is None or value.denominator != 1:
            return None
        self.silence(node)
        return int(value)

    def whole(self, node: int, resolve: Callable[[str], Size | None]) -> Size | None:
        """The integer a subtree stands for, its names resolved; None where it is none."""
        value = fold(self.nodes, node, resolve)
        if value is None or not is_whole(value):
            return None
        self.silence(node)
        return simple(value)

    def axis(self, node: int) -> int | None:
        """The number of an axis; NumPy may say `axis=1`."""
        place = self.nodes[node]
        if place.head == "assigned" and self.nodes[place.args[0]].name == "axis":
            self.silence(node)
            return self.integer(place.args[1])
        return self.integer(node)

    def size(self, node: int) -> Size:
        """The size a subtree stands for.  Its names become sizes."""
        self.silence(node)
        found = fold(self.nodes, node, self.scope.size)
        if found is None or (not isinstance(found, Dim) and (found < 1 or found % 1)):
            place = self.nodes[node]
            raise SyntaxProblem(
                "a size is a positive integer, a name or a polynomial in names",
                text=place.text,
                span=place.span,
            )
        return simple(found)

    def shape(self, nodes: Sequence[int]) -> Shape:
        return tuple(map(self.size, nodes))

    def position(self, node: int) -> Size:
        """The whole number, or the polynomial in sizes and indices, that a subtree stands for."""
        found = fold(self.nodes, node, self.integer_named)
        if found is None or not is_whole(found):
            raise SyntaxProblem("a position is a whole number, the name of an index, or a size")
        return simple(found)

    def is_integer(self, name: str) -> bool:
        """Whether a name stands for an integer: a size, or the index of a sum."""
        return name in self.indices or self.scope.is_size(name)

    def integer_named(self, name: str) -> Size:
        """The integer called `name`; an unknown name becomes that of a size."""
        return Dim(name) if name in self.indices else self.scope.size(name)

    @property
    def base(self) -> int:
        """The number of the first position."""
        return 0 if self.syntax == "numpy" else 1

    def positions(self, positions: Sequence[Position]) -> tuple[Position, ...]:
        """Positions counted from 0; the name of a size stands for the last entry, that of a sum's
        index for the entry there."""
        return self._counted(positions, self.is_integer)

    def places(self, positions: Sequence[Position]) -> tuple[Position, ...]:
        """Positions counted from 0, outside of all sums."""
        bound = self.scope.bound | self.indices
        return self._counted(positions, lambda p: p not in bound and self.scope.is_size(p))

    def _counted(
        self, positions: Sequence[Position], is_integer: Callable[[str], bool]
    ) -> tuple[Position, ...]:
        found: list[Position] = []
        for position in positions:
            if isinstance(position, str) and is_integer(position):
                position = Dim(position)
            if not isinstance(position, str | Dim) and position < self.base:
                raise SyntaxProblem(f"entries are counted from {self.base} here")
            found.append(position if isinstance(position, str) else simple(position - self.base))
        return tuple(found)

    def binder(self, index: str, node: int) -> Binder:
        """The sum that binds an index at a node.  Raises NameProblem outside of it."""
        for binder in self.binders:
            if binder.name == index and binder.reaches(node):
                return binder
        raise NameProblem(
            f"{index} is the index of a sum and stands outside of it",
            hint="give the index another name",
        )
