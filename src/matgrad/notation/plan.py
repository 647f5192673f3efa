"""Planning: which rule each node of the syntax tree stands for.

Floor 2.  Operators are planned before their operands, so that a size, a position or the name
of a function is never mistaken for a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TypeVar, final

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Size
from matgrad.core.errors import MatgradError, NameProblem, NoRule, SyntaxProblem
from matgrad.core.signature import acts_entrywise
from matgrad.notation import blocks, families, parts, special, textbook, unknowns
from matgrad.notation.array_calls import ARRAY_CALLS
from matgrad.notation.constructs import (
    SIGNS,
    arities,
    catalogued,
    constant_power,
    imaginary,
    is_scalar_function,
)
from matgrad.notation.entries import index_form
from matgrad.notation.germs import function_named
from matgrad.notation.grammar import MISPLACED
from matgrad.notation.integers import integer_power, over_index
from matgrad.notation.members import entries
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.stacks import stacking
from matgrad.notation.tensors import ARRAY_SIGNS, broadcasting
from matgrad.notation.tokens import module_before
from matgrad.notation.tree import Node, Position
from matgrad.notation.vocabulary import REFUSED, operator_named

_T = TypeVar("_T")
_TENSOR = re.compile(r"D([2-9]?)")
_ELEMENTWISE = re.compile(r"d([1-9])")


@final
class Planner:
    """Plans for every node; `plans[i]` is None for leaves and for what is no value."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.nodes = sheet.nodes
        self.scope = sheet.scope
        self.plans: list[Planned | None] = [None] * len(sheet.nodes)
        self.arrays = sheet.syntax == "numpy"
        self.signs = ARRAY_SIGNS if self.arrays else SIGNS | textbook.PRODUCTS

    def plan(self) -> None:
        """Fill `plans`.  Raises MatgradError with the place of the node it cannot plan."""
        families.find(self.sheet)
        for node in self.nodes:
            self._placed(node, self._note)
        for own in range(len(self.nodes) - 1, -1, -1):
            if not self.sheet.silent[own]:
                self.plans[own] = self._placed(self.nodes[own], self._planned)
        for own, node in enumerate(self.nodes):
            if not self.sheet.silent[own]:
                self._placed(node, partial(self._check_indices, own))

    def _placed(self, node: Node, step: Callable[[Node], _T]) -> _T:
        try:
            return step(node)
        except MatgradError as error:
            raise error.at(node.text, node.span) from None

    def _planned(self, node: Node) -> Planned | None:
        match node.head:
            case "name" if self.scope.is_identity(node.name):
                return whole(textbook.IDENTITY)
            case "number" | "name":
                return None
            case "imaginary":
                return whole(imaginary(Fraction(node.name)))
            case "power" | "dotpower":
                return self._power(node)
            case "index":
                return self._entries(node)
            case "summed":
                return over_index(self.sheet, node)
            case "indexed":
                return index_form(self.sheet, node)
            case "call" | "map":
                return self._call(node)
            case "derivative":
                return unknowns.derivative(self.sheet, node)
            case "part":
                return self._part(node)
            case "block":
                return blocks.listed(self.sheet, node)
            case head if head in MISPLACED:
                message, hint = MISPLACED[head]
                raise SyntaxProblem(message, hint=hint)
            case head:
                return whole(self.signs[head], *node.args)

    def _check_indices(self, own: int, node: Node) -> None:
        """Refuse the index of a sum outside of that sum."""
        if families.is_member(node, self.scope):
            families.check(self.sheet, own, *self.scope.members[node.name])
        elif node.head == "name" and node.name in self.sheet.indices:
            self.sheet.binder(node.name, own)
        elif node.head == "summed":
            families.check_ranges(self.sheet, node)
        elif node.head == "index":
            families.check(self.sheet, own, self._base(node), self.sheet.positions(node.data))
        elif node.head == "part":
            for name in parts.names_in(self.sheet, node):
                if name in self.sheet.indices:
                    self.sheet.binder(name, own)
            lasts = parts.last_positions(self.sheet, node)
            families.check(self.sheet, own, self._base(node), lasts)

    def _power(self, node: Node) -> Planned:
        base, exponent = node.args
        value: Size | None = self.sheet.constant(exponent)
        if value is None:
            value = self.sheet.whole(exponent, self.scope.known_integer)
        if value is None:
            return whole(self.signs[node.head], base, exponent)
        self.sheet.silence(exponent)
        rooted = textbook.root_power(value) if self.sheet.syntax == "latex" else None
        if rooted and node.head == "power":
            return whole(rooted, base)
        return whole(constant_power(value, node.head == "dotpower"), base)

    def matrix_powers(self, is_matrix: Callable[[int], bool]) -> None:
        """Plan again, once kinds are known, the powers of matrices whose exponent was read as a
        scalar: it is an integer."""
        for own, node in enumerate(self.nodes):
            planned = self.plans[own]
            is_open = node.head == "power" and planned and planned.rule is SIGNS["power"]
            if is_open and is_matrix(node.args[0]):
                self.plans[own] = self._placed(node, lambda node: integer_power(self.sheet, node))

    # Entries.

    def _note(self, node: Node) -> None:
        """Learn from a node what its spelling says about names, whatever its place."""
        if node.head == "index":
            self._note_indices(node)
        elif node.head == "part":
            parts.note(self.sheet, node)
        elif node.head == "indexed":
            self.scope.heading.update(map(str, node.data))
        elif node.head == "map":
            self._note_elementwise(node.name)
        elif node.head == "call" and (function := function_named(self.nodes, node)):
            self._note_elementwise(function)
        elif node.head == "call" and node.args and self.nodes[node.args[0]].head == "name":
            if _ELEMENTWISE.fullmatch(node.name) and len(node.args) > 1:
                self._note_elementwise(self.nodes[node.args[0]].name)
            elif _TENSOR.fullmatch(node.name) and len(node.args) > 1:
                name = self.nodes[node.args[0]].name
                if name not in self.scope.symbols:
                    self.scope.function(name)

    def _note_indices(self, node: Node) -> None:
        base = self.nodes[node.args[0]]
        if base.head == "name":
            self.scope.axes[base.name] = max(self.scope.axes.get(base.name, 0), len(node.data))
        for position in node.data:
            if (
                isinstance(position, str)
                and position != "..."
                and not self.sheet.is_integer(position)
            ):
                self.scope.indices.add(position)

    def _entries(self, node: Node) -> Planned:
        assert isinstance(node.data, tuple)
        last = node.data[:1] == ("...",)
        positions = self.sheet.positions(node.data[last:])
        if "..." in positions or not positions:
            raise SyntaxProblem("`...` stands only first in an index, and is not alone")
        return whole(entries(positions, last), node.args[0]) if last else self._at(node, positions)

    def _part(self, node: Node) -> Planned:
        positions = parts.single_positions(self.sheet, node)
        return parts.taken(self.sheet, node) if positions is None else self._at(node, positions)

    def _at(self, node: Node, positions: tuple[Position, ...]) -> Planned:
        """An array at positions of its first axes."""
        base = self.nodes[node.args[0]]
        if base.head == "call" and base.name == "slogdet" and positions == (1,):
            self.sheet.silent[node.args[0]] = 1
            return self._operator(base, "logdet")
        if base.head == "call" and base.name == "eye" and len(positions) == 1:
            self.sheet.silence(node.args[0])
            return whole(special.unit(positions[0], self.sheet.size(base.args[0])))
        rule = families.chosen(self.scope, self._base(node), positions, lines=self.arrays)
        return whole(rule, node.args[0])

    def _base(self, node: Node) -> str:
        """The name of the array whose positions a node has; none if it has no name."""
        base = self.nodes[node.args[0]]
        return base.name if base.head == "name" else ""

    # Functions.

    def _note_elementwise(self, name: str) -> None:
        known = operator_named(name) or name in special.PLANNERS or name in REFUSED
        if name in self.scope.functions or name in self.scope.symbols or known:
            return
        self.scope.function(name).elementwise = True

    def _call(self, node: Node) -> Planned:
        name = node.name
        if name in self.scope.functions:
            return unknowns.called(self.sheet, node, self.scope.functions[name])
        first = self.nodes[node.args[0]] if node.args else None
        if first is not None and first.head == "name" and first.name in self.scope.functions:
            found = _TENSOR.fullmatch(name) or _ELEMENTWISE.fullmatch(name)
            if found:
                return unknowns.tensor(self.sheet, node, first.name, int(found[1] or 1))
        if self.scope.is_value(name):
            raise NameProblem(
                f"{name} is no function and cannot be applied",
                hint=f"a product is written with `*`: {name}*(…)",
            )
        planned = ARRAY_CALLS.get(name) if self.arrays else None
        planned = planned or special.PLANNERS.get(name)
        if planned and node.head == "call":
            return planned(self.sheet, node)
        operator = operator_named(name)
        if operator:
            return self._operator(node, operator)
        if name in REFUSED:
            raise NoRule(f"operator {name} has no record", hint=REFUSED[name])
        if module := module_before(node.text, node.span[0]):
            raise NoRule(f"operator {module}{name} has no record")
        return unknowns.called(self.sheet, node, self.scope.function(name))

    def _operator(self, node: Node, name: str) -> Planned:
        op = OPERATORS[name]
        if node.head == "map" and not is_scalar_function(op):
            raise SyntaxProblem(
                f"{node.name} is no scalar function to be applied entry by entry",
                hint=f"write {node.name}(…)",
            )
        if len(node.args) not in arities(op):
            needed = " or ".join(map(str, sorted(arities(op))))
            raise SyntaxProblem(f"{node.name} takes {needed} operands, not {len(node.args)}")
        rule = self.signs.get(name) or catalogued(name, node.head == "map" or self.arrays)
        rule = stacking(rule, op, arrays=self.arrays)
        spread = self.arrays and len(node.args) > 1 and acts_entrywise(op)
        return whole(broadcasting(rule) if spread else rule, *node.args)
