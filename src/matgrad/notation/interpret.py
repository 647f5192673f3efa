"""Interpretation: a planned syntax tree becomes a draft.  Kinds first, then sizes.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import final

from matgrad.catalogue.properties import only_of
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import MatgradError, NameProblem, ShapeProblem
from matgrad.notation import families
from matgrad.notation import kinds as k
from matgrad.notation.arithmetic import arithmetic
from matgrad.notation.disagree import KIND_NAMES, other_arguments, two_readings
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.explain import explain
from matgrad.notation.infer import Network, Solution, Variable
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.misfit import Misfit, excerpt
from matgrad.notation.names import Names, Typed
from matgrad.notation.plan import Planner
from matgrad.notation.sheet import Planned, Sheet
from matgrad.notation.sizes import Settlement
from matgrad.notation.tree import Node

# Of more names than this it is not asked whether one is an array.
_MOST_NAMES = 6


def _has_array(names: tuple[Kind, ...], lenient: bool) -> Kinds:
    return k.ANY if any(kind != k.SCALAR for kind in names) else k.ANY & ~k.only(k.SCALAR)


@final
class Interpreter:
    """Types and drafts every node of a sheet; `rows` and `kinds` are by node."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.scope = sheet.scope
        self._planner = Planner(sheet)
        self._planner.plan()
        self.plans = self._planner.plans
        self.draft = Draft()
        self.draft.unifier.flexible |= self.scope.loose
        self.rows: list[RowId] = [-1] * len(sheet.nodes)
        self.kinds: list[Kind] = [k.SCALAR] * len(sheet.nodes)
        self._network = Network()
        self._variables: list[Variable] = [0] * len(sheet.nodes)
        typed = Typed(self._variables, self.kinds, self.rows)
        self.names = Names(self.scope, self.draft, self._network, typed)

    # Kinds.

    def type(self, result: int, equals: int | None, order: Sequence[str]) -> None:
        """Find the kinds of all names; `order` is that of their appearance.

        Raises AmbiguityProblem on a tie.
        """
        for name, arguments in self.scope.links.items():
            for argument, param in zip(
                arguments, self.names.parameters(name, len(arguments)), strict=True
            ):
                self._network.constrain(k.same_order, self.names.symbol(argument), param)
        for own, node in enumerate(self.sheet.nodes):
            if not self.sheet.silent[own]:
                self._variables[own] = self._variable(node, self.plans[own])
        for name in self.scope.symbols:
            self.names.symbol(name)
        for planned in self.plans:
            if planned is not None and planned.reduces:
                self._needs_array(planned.operands[0])
        if equals is not None:
            self._network.constrain(k.same_order, self._variables[result], self._variables[equals])
        names = dict.fromkeys([*(n for n in order if n in self.names.symbols), *self.names.symbols])
        places = [self.names.symbols[name] for name in names]
        values = list(self.names.values.values())
        solution = self._network.solve(self._variables[result], places, values)
        self._settle(solution)
        self._planner.matrix_powers(lambda own: self.kinds[own] == k.MATRIX)

    def _needs_array(self, operand: int) -> None:
        """What is reduced is an array, or has one in it, unless all its names are declared."""
        inside = range(self.sheet.nodes[operand].first, operand + 1)
        heads = {self.sheet.nodes[own].name for own in inside if self._is_name(own)}
        symbols = {name: self.scope.symbols[name] for name in heads if name in self.scope.symbols}
        has_unknown = any(plan and plan.unknown for plan in self.plans[inside.start : inside.stop])
        if has_unknown or len(symbols) > _MOST_NAMES:
            return
        if any(not symbol.declared for symbol in symbols.values()):
            variables = [self.names.symbol(name) for name in symbols]
            self._network.constrain(_has_array, *variables, self._variables[operand])

    def _is_name(self, own: int) -> bool:
        return self.sheet.nodes[own].head == "name" and not self.sheet.silent[own]

    def _settle(self, solution: Solution | None) -> None:
        names = {variable: name for name, variable in self.names.symbols.items()}
        if solution and solution.tie:
            tie = [(names[variable], one, other) for variable, one, other in solution.tie]
            raise two_readings(tie, self.sheet.nodes)
        for name, variable in self.names.symbols.items():
            symbol = self.scope.symbols[name]
            open_before = symbol.kinds
            if solution:
                kind = solution.kinds[variable]
            else:
                # Nothing fits: vectors make the better message.
                kind = max(k.members(symbol.kinds & ~k.only(k.ROW)))
            symbol.kinds = k.only(kind)
            if not symbol.declared or open_before != symbol.kinds:
                member = families.member_text(symbol)
                symbol.note = f"{member}assumed {KIND_NAMES.get(kind, 'a tensor')[2:]}"
        for name, variable in self.names.values.items():
            order = k.order_of(solution.kinds[variable]) if solution else 0
            unknown = self.scope.functions[name]
            unknown.value = self.draft.unifier.fresh_shape(order)
            if order == 2 and only_of(unknown.properties, "square"):
                self.draft.unifier.unify(*unknown.value)
        if solution:
            self.kinds[:] = [solution.kinds[variable] for variable in self._variables]

    def _variable(self, node: Node, planned: Planned | None) -> Variable:
        if planned is None:
            return self._leaf(node)
        outcome = planned.rule.outcome
        weighed = [self._variables[operand] for operand in planned.weighed]
        if planned.unknown is not None:
            arguments = [self._variables[operand] for operand in planned.operands]
            params = self.names.parameters(planned.unknown.name, len(arguments))
            if len(params) != len(arguments):
                raise NameProblem(
                    f"{planned.unknown.name} is applied to {len(arguments)} arguments here and "
                    f"takes {len(params)}",
                    text=node.text,
                    span=node.span,
                )
            for argument, param in zip(arguments, params, strict=True):
                self._network.constrain(k.same_order, argument, param)
            if planned.unknown.value is None:
                weighed.append(self.names.value(planned.unknown))
        for operand, order in zip(planned.operands, planned.orders, strict=False):
            kinds = k.oriented(order)
            self._network.constrain(lambda *_, kinds=kinds: kinds, self._variables[operand])
        if not weighed:
            return self._network.variable(outcome((), False))
        own = self._network.variable(k.ANY)
        self._network.constrain(outcome, *weighed, own)
        return own

    def _leaf(self, node: Node) -> Variable:
        if node.head == "number":
            return self.names.scalar
        try:
            return self.names.variable(node.name)
        except MatgradError as error:
            raise error.at(node.text, node.span) from None

    def lies(self, own: int) -> bool:
        """Whether a node is a row."""
        return self.kinds[own] == k.ROW

    # Sizes.

    def write(self) -> None:
        """Draft every node.  Raises MatgradError at the first that does not fit."""
        for own, node in enumerate(self.sheet.nodes):
            if self.sheet.silent[own]:
                continue
            planned = self.plans[own]
            if planned is None:
                try:
                    self.rows[own], self.kinds[own] = self._write_leaf(node)
                except MatgradError as error:
                    raise error.at(node.text, node.span) from None
            else:
                self._write_node(own, node, planned)
        for name, arguments in self.scope.links.items():
            unknown = self.scope.functions[name]
            shapes = tuple(self.draft.shape(self.names.symbol_row(a)) for a in arguments)
            if unknown.params is None:
                unknown.params = shapes
            elif not all(map(self.draft.unifier.unify_shapes, unknown.params, shapes)):
                shown = self.settle()
                shapes, used = (tuple(map(shown.shape, g)) for g in (shapes, unknown.params))
                raise other_arguments(name, shapes, used, self.sheet.nodes)

    def recheck(self) -> None:
        """Try again the equations between sizes that could not be solved when they arose."""
        unifier = self.draft.unifier
        before = -1
        while len(unifier.pending) not in (0, before):
            equations, before = unifier.pending, len(unifier.pending)
            unifier.pending = []
            for left, right in equations:
                if not unifier.unify(left, right):
                    shown = self.settle().shape((left, right))
                    raise ShapeProblem(f"the sizes {shown[0]} and {shown[1]} cannot be equal")

    def settle(self, order: Sequence[str] = ()) -> Settlement:
        """Final sizes; symbols named in `order` have the first choice of letters."""
        rows = self.names.rows
        names = dict.fromkeys([*(name for name in order if name in rows), *rows])
        shapes = [self.draft.shape(rows[name]) for name in names]
        spans = self.scope.ranges.values()
        ranges = {span.name: span.last for span in spans if span.last is not None}
        return Settlement(self.draft.unifier, shapes, self.scope.names(), ranges)

    def _write_leaf(self, node: Node) -> tuple[RowId, Kind]:
        if node.head == "number":
            return self.draft.number(Fraction(node.name)), k.SCALAR
        return self.names.row(node.name)

    def _write_node(self, own: int, node: Node, planned: Planned) -> None:
        rows = tuple(self.rows[operand] for operand in planned.operands)
        kinds = tuple(self.kinds[operand] for operand in planned.operands)
        weighed = tuple(self.kinds[operand] for operand in planned.weighed)
        found = planned.rule.outcome(weighed, planned.rule.lenient)
        if not found:
            raise self._misfit(node, planned, "")
        if not found & k.only(self.kinds[own]):
            self.kinds[own] = next(k.members(found))
        size = self._size(node, rows)
        if size is not None:
            self.rows[own] = self.draft.number(size)
            return
        oblong = [name for row in rows if (name := self._oblong(row))]
        try:
            self.rows[own] = planned.rule.emit(self.draft, rows, kinds)
        except ShapeProblem as problem:
            raise self._misfit(node, planned, problem.message) from None
        for name in oblong:
            if not self._oblong(self.names.rows[name]):
                self.scope.symbols[name].square = f"because {excerpt(node.source)}"

    def _size(self, node: Node, rows: Sequence[RowId]) -> Size | None:
        """The size that arithmetic on sizes makes: `n*(n + 1)/2` is one number."""
        values = [value for row in rows if (value := self.draft.value(row)) is not None]
        if len(values) < len(rows) or not any(isinstance(value, Dim) for value in values):
            return None
        if node.head == "power":
            exponent = self.sheet.constant(node.args[1])
            values += [] if exponent is None else [exponent]
        return arithmetic(node.head, values)

    def _oblong(self, row: RowId) -> str | None:
        """The name of the matrix a row is, if nothing has made it square yet."""
        name = self.draft.symbol_name(row)
        if name is None:
            return None
        shape = self.draft.shape(row)
        return name if len(shape) == 2 and shape[0] != shape[1] else None

    def _misfit(self, node: Node, planned: Planned, problem: str) -> MatgradError:
        shown = self.settle()
        misfit = Misfit(
            node,
            tuple(self.sheet.nodes[operand] for operand in planned.operands),
            tuple(self.kinds[operand] for operand in planned.operands),
            tuple(shown.shape(self.draft.shape(self.rows[o])) for o in planned.operands),
            problem,
            self.sheet.base,
        )
        return explain(misfit).at(node.text, node.span)
