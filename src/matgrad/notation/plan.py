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
from matgrad.notation import blocks, parts, special
from matgrad.notation.constructs import (
    SIGNS,
    application,
    arities,
    catalogued,
    constant_power,
    elementwise_application,
    imaginary,
    is_scalar_function,
)
from matgrad.notation.draft import Unknown
from matgrad.notation.entries import index_form
from matgrad.notation.grammar import MISPLACED
from matgrad.notation.integers import check_bound, integer_power
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tokens import module_before
from matgrad.notation.tree import Node
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

    def plan(self) -> None:
        """Fill `plans`.  Raises MatgradError with the place of the node it cannot plan."""
        for node in self.nodes:
            self._placed(node, self._note)
        for own in range(len(self.nodes) - 1, -1, -1):
            if not self.sheet.silent[own]:
                self.plans[own] = self._placed(self.nodes[own], self._planned)
        for own, node in enumerate(self.nodes):
            if node.head == "name" and node.name in self.scope.bound and not self.sheet.silent[own]:
                self._placed(node, partial(check_bound, self.sheet, own))

    def _placed(self, node: Node, step: Callable[[Node], _T]) -> _T:
        try:
            return step(node)
        except MatgradError as error:
            raise error.at(node.text, node.span) from None

    def _planned(self, node: Node) -> Planned | None:
        match node.head:
            case "name" if self.scope.is_identity(node.name):
                return whole(special.IDENTITY)
            case "number" | "name":
                return None
            case "imaginary":
                return whole(imaginary(Fraction(node.name)))
            case "power" | "dotpower":
                return self._power(node)
            case "index":
                return self._entries(node)
            case "indexed":
                return index_form(self.sheet, node)
            case "call" | "map":
                return self._call(node)
            case "derivative":
                return self._derivative(node)
            case "part":
                return parts.taken(self.sheet, node)
            case "block":
                return blocks.listed(self.sheet, node)
            case head if head in MISPLACED:
                message, hint = MISPLACED[head]
                raise SyntaxProblem(message, hint=hint)
            case head:
                return whole(SIGNS[head], *node.args)

    def _power(self, node: Node) -> Planned:
        base, exponent = node.args
        value: Size | None = self.sheet.constant(exponent)
        if value is None:
            value = self.sheet.whole(exponent, self.scope.known_integer)
        if value is None:
            return whole(SIGNS[node.head], base, exponent)
        self.sheet.silence(exponent)
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
            if isinstance(position, str) and position != "..." and not self.scope.is_size(position):
                self.scope.indices.add(position)

    def _entries(self, node: Node) -> Planned:
        assert isinstance(node.data, tuple)
        base = self.nodes[node.args[0]]
        last = node.data[:1] == ("...",)
        positions = self.sheet.positions(node.data[last:])
        if "..." in positions or not positions:
            raise SyntaxProblem("`...` stands only first in an index, and is not alone")
        if base.head == "call" and base.name == "eye" and len(positions) == 1:
            self.sheet.silence(node.args[0])
            return whole(special.unit(positions[0], self.sheet.size(base.args[0])))
        return whole(parts.entries(positions, last), node.args[0])

    # Functions.

    def _note_elementwise(self, name: str) -> None:
        known = operator_named(name) or name in special.PLANNERS or name in REFUSED
        if name in self.scope.functions or name in self.scope.symbols or known:
            return
        self.scope.function(name).elementwise = True

    def _call(self, node: Node) -> Planned:
        name = node.name
        if name in self.scope.functions:
            return self._unknown(node, self.scope.functions[name])
        first = self.nodes[node.args[0]] if node.args else None
        if first is not None and first.head == "name" and first.name in self.scope.functions:
            found = _TENSOR.fullmatch(name) or _ELEMENTWISE.fullmatch(name)
            if found:
                return self._tensor(node, first.name, int(found[1] or 1))
        if self.scope.is_value(name):
            raise NameProblem(
                f"{name} is no function and cannot be applied",
                hint=f"a product is written with `*`: {name}*(…)",
            )
        planned = special.PLANNERS.get(name)
        if planned and node.head == "call":
            return planned(self.sheet, node)
        operator = operator_named(name)
        if operator:
            return self._operator(node, operator)
        if name in REFUSED:
            raise NoRule(f"operator {name} has no record", hint=REFUSED[name])
        if module := module_before(node.text, node.span[0]):
            raise NoRule(f"operator {module}{name} has no record")
        return self._unknown(node, self.scope.function(name))

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
        dotted = node.head == "map" or self.sheet.syntax == "numpy"
        return whole(catalogued(name, dotted), *node.args)

    def _unknown(self, node: Node, unknown: Unknown) -> Planned:
        if node.head == "map" and not unknown.elementwise:
            raise NameProblem(
                f"{unknown.name} is not an elementwise function",
                hint=f"declare `{unknown.name} elementwise`, or write {unknown.name}(…)",
            )
        if not node.args:
            raise SyntaxProblem(f"{node.name} has no argument")
        return self._applied(unknown, node.args, ())

    def _applied(self, unknown: Unknown, args: tuple[int, ...], slots: tuple[int, ...]) -> Planned:
        if unknown.elementwise:
            return whole(elementwise_application(unknown, slots), *args)
        weighed = tuple(args[slot] for slot in slots)
        return Planned(application(unknown, slots), args, weighed, unknown)

    def _tensor(self, node: Node, name: str, times: int) -> Planned:
        """`D(f, A*X)`, `D2(f, X)`, `D(f, A, X; 2)`, `D(f, X[i,j])`, `d1(phi, x)`."""
        unknown = self.scope.functions[name]
        self.sheet.silence(node.args[0])
        count = len(node.args) if node.split is None else node.split
        if self.sheet.syntax == "numpy" and len(node.args) - times > 2:
            count = len(node.args) - times
        args, chosen = node.args[1:count], node.args[count:]
        if not args:
            raise SyntaxProblem(f"{node.name} needs the point where {name} is differentiated")
        if (node.name[0] == "d") != unknown.elementwise:
            other = "D" if node.name[0] == "d" else "d1"
            raise NameProblem(
                f"{node.name} is for "
                + ("elementwise functions" if node.name[0] == "d" else "functions of arrays"),
                hint=f"write {other}({name}, …)",
            )
        if chosen:
            slots = tuple(self._slot(position, len(args)) for position in chosen)
            for position in chosen:
                self.sheet.silence(position)
        elif len(args) == 1:
            slots = (0,) * times
        else:
            raise SyntaxProblem(
                f"{name} has {len(args)} arguments; say by which it is differentiated",
                hint=f"`{node.source[:-1]}; 1)` is the derivative by the first",
            )
        if len(slots) != times:
            raise SyntaxProblem(f"{node.name} names {times} argument{'s' * (times > 1)} after `;`")
        return self._entry_derivative(unknown, args, slots)

    def _entry_derivative(
        self, unknown: Unknown, args: tuple[int, ...], slots: tuple[int, ...]
    ) -> Planned:
        """A derivative tensor; by one entry `X[i,j]` it loses the axes of that argument."""
        point = self.nodes[args[slots[0]]]
        by_entry = point.head == "index" and len(slots) == 1 and not unknown.elementwise
        by_entry &= "..." not in point.data
        if by_entry and unknown.params is not None:
            by_entry = len(unknown.params[slots[0]]) > 0
        if not by_entry:
            return self._applied(unknown, args, slots)
        assert isinstance(point.data, tuple)
        whole = tuple(point.args[0] if slot == slots[0] else arg for slot, arg in enumerate(args))
        planned = self._applied(unknown, whole, slots)
        rule = parts.entry_of(planned.rule, self.sheet.positions(point.data))
        return Planned(rule, planned.operands, planned.weighed, unknown)

    def _slot(self, node: int, count: int) -> int:
        value = self.sheet.constant(node)
        low = 0 if self.sheet.syntax == "numpy" else 1
        if value is None or value.denominator != 1 or not low <= value < low + count:
            raise SyntaxProblem(f"after `;` stand numbers of arguments, {low} to {low + count - 1}")
        return int(value) - low

    def _derivative(self, node: Node) -> Planned:
        """`∂f/∂X` and `∂f(X)/∂X`: the derivative tensor of an unknown function."""
        numerator, by = (self.nodes[arg] for arg in node.args)
        target = self.nodes[by.args[0]] if by.head == "index" else by
        if target.head != "name" or numerator.head not in ("name", "call"):
            raise SyntaxProblem("`∂f(X)/∂X` needs a function and a symbol")
        unknown = self.scope.function(numerator.name)
        if numerator.head == "name":
            self.sheet.silence(node.args[0])
            return self._entry_derivative(unknown, (node.args[1],), (0,))
        slots = tuple(
            slot
            for slot, arg in enumerate(numerator.args)
            if self.nodes[arg].head == "name" and self.nodes[arg].name == target.name
        )
        if len(slots) != 1:
            inside = self.nodes[numerator.args[0]].source
            raise SyntaxProblem(
                f"{target.name} is not one of the arguments of {numerator.name}",
                hint=f"D({numerator.name}, {inside}) is the derivative tensor at {inside}",
            )
        args = list(numerator.args)
        args[slots[0]] = node.args[1]
        return self._entry_derivative(unknown, tuple(args), slots)
