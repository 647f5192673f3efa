"""The sheet: a syntax tree being planned, and what of it stands for sizes and positions.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, final

from matgrad.core.dims import Dim, Shape, Size, is_whole, simple
from matgrad.core.errors import BudgetExceeded, SyntaxProblem
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Unknown
from matgrad.notation.scope import Scope
from matgrad.notation.tokens import Syntax
from matgrad.notation.tree import Node, Position

_MOST_BITS = 512


@final
class Planned(NamedTuple):
    """The rule of a node, its operands, and those of them that its kind depends on.

    `unknown` is the function applied, whose arguments have one kind wherever it is applied.
    `orders` are those that the operands must have, if the text alone says so.
    """

    rule: Rule
    operands: tuple[int, ...]
    weighed: tuple[int, ...]
    unknown: Unknown | None = None
    orders: tuple[int, ...] = ()


@final
class Binder(NamedTuple):
    """The name of a sum's index, and the nodes of what is summed."""

    name: str
    first: int
    last: int

    def reaches(self, node: int) -> bool:
        return self.first <= node <= self.last


def whole(rule: Rule, *operands: int) -> Planned:
    """A plan whose kind depends on every operand."""
    return Planned(rule, operands, operands)


@final
class Sheet:
    """The nodes of a text and the scope of its names; `silent` nodes are no values."""

    def __init__(self, nodes: Sequence[Node], scope: Scope, syntax: Syntax) -> None:
        self.nodes = nodes
        self.scope = scope
        self.syntax = syntax
        self.silent = bytearray(len(nodes))
        self.binders: list[Binder] = []

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
        """The whole number, or the polynomial in sizes, that a subtree stands for."""
        found = fold(self.nodes, node, self.scope.size)
        if found is None or not is_whole(found):
            raise SyntaxProblem("a position is a whole number, the name of an index, or a size")
        return simple(found)

    def positions(self, positions: Sequence[Position]) -> tuple[Position, ...]:
        """Positions counted from 0; the name of a size stands for the last entry."""
        first = 0 if self.syntax == "numpy" else 1
        found: list[Position] = []
        for position in positions:
            if isinstance(position, str) and self.scope.is_size(position):
                position = Dim(position)
            if position == first - 1:
                raise SyntaxProblem("entries are counted from 1 here")
            found.append(position if isinstance(position, str) else position - first)
        return tuple(found)


def fold(
    nodes: Sequence[Node], root: int, size: Callable[[str], Size | None] | None
) -> Size | None:
    """The number, or with names the polynomial, that a subtree stands for; None if neither."""
    values: dict[int, Size | None] = {}
    for own in range(nodes[root].first, root + 1):
        node = nodes[own]
        operands = [values.get(arg) for arg in node.args]
        values[own] = None
        if node.head == "number":
            values[own] = Fraction(node.name)
        elif node.head == "name" and size is not None:
            values[own] = size(node.name)
        elif operands and None not in operands:
            values[own] = arithmetic(node.head, [v for v in operands if v is not None])
    return values[root]


def arithmetic(head: str, operands: Sequence[Size]) -> Size | None:
    """The polynomial that a sign makes of polynomials, or None."""
    left, right = operands[0], operands[-1]
    if head == "neg":
        return left * -1
    if head in ("plus", "dotplus"):
        return left + right
    if head in ("minus", "dotminus"):
        return left + right * -1
    if head in ("times", "dottimes"):
        return left * right
    if head in ("over", "dotover") and not isinstance(right, Dim):
        return left * (1 / Fraction(right)) if right else None
    if head in ("power", "dotpower") and not isinstance(right, Dim):
        return _power(left, Fraction(right))
    return None


def _power(base: Size, exponent: Fraction) -> Size | None:
    if exponent.denominator != 1 or (exponent < 0 and (isinstance(base, Dim) or not base)):
        return None
    bits = 1 if isinstance(base, Dim) else max(base.numerator, base.denominator, 2).bit_length()
    if abs(exponent) * bits > _MOST_BITS:
        raise BudgetExceeded("an exponent or a size has too many digits")
    return base ** int(exponent)
