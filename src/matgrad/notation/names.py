"""Names: the kind of what each stands for, and its row.

Floor 2.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.catalogue.properties import only_of
from matgrad.notation import families
from matgrad.notation import kinds as k
from matgrad.notation.draft import Draft, RowId, Unknown
from matgrad.notation.infer import Network, Variable
from matgrad.notation.kinds import Kind
from matgrad.notation.scope import PI, Scope, Symbol
from matgrad.notation.tree import Position


@final
class Typed(NamedTuple):
    """By node: its variable, its kind once that is known, and its row."""

    variables: list[Variable]
    kinds: list[Kind]
    rows: list[RowId]


@final
class Names:
    """What the names of one text stand for; `nodes` are those of the text."""

    def __init__(self, scope: Scope, draft: Draft, network: Network, nodes: Typed) -> None:
        self.scope = scope
        self.draft = draft
        self.network = network
        self.nodes = nodes
        self.scalar = network.variable(k.only(k.SCALAR))
        self.symbols: dict[str, Variable] = {}
        self.params: dict[str, list[Variable]] = {}
        self.values: dict[str, Variable] = {}
        self.rows: dict[str, RowId] = {}

    def variable(self, name: str) -> Variable:
        """The kind of what a name stands for."""
        if name in self.scope.members:
            return self._member(*self.scope.members[name])
        if name in self.scope.lets:
            return self.nodes.variables[self.scope.lets[name]]
        if self.scope.is_constant(name) or self.scope.is_number(name):
            return self.scalar
        family = self.scope.value(name).family
        if not family:
            return self.symbol(name)
        own = self.network.variable(k.ANY)
        self.network.constrain(k.stacked(len(family)), self.symbol(name), own)
        return own

    def _member(self, base: str, positions: tuple[Position, ...]) -> Variable:
        if base in self.scope.symbols and self.scope.symbols[base].family:
            return self.symbol(base)
        own = self.network.variable(k.ANY)
        outcome = families.chosen(self.scope, base, positions).outcome
        self.network.constrain(outcome, self.variable(base), own)
        return own

    def symbol(self, name: str) -> Variable:
        """The kind of a symbol, of a family that of its members."""
        if name not in self.symbols:
            self.symbols[name] = self.network.variable(self.scope.value(name).kinds)
        return self.symbols[name]

    def parameters(self, name: str, count: int) -> list[Variable]:
        """The kinds of a function's arguments."""
        if name not in self.params:
            declared = self.scope.functions[name].params
            self.params[name] = (
                [self.network.variable(k.only(k.of_order(len(shape)))) for shape in declared]
                if declared is not None
                else [self.network.variable(k.ANY & ~k.only(k.ROW)) for _ in range(count)]
            )
        return self.params[name]

    def value(self, unknown: Unknown) -> Variable:
        """The kind of a function's value: nothing is said of it but what its use says."""
        if unknown.name not in self.values:
            square = only_of(unknown.properties, "square")
            kinds = k.only(k.MATRIX) if square else k.only(k.SCALAR) | k.only(k.COLUMN)
            self.values[unknown.name] = self.network.variable(kinds | k.only(k.MATRIX))
        return self.values[unknown.name]

    def row(self, name: str) -> tuple[RowId, Kind]:
        """The row of what a name stands for, and its kind."""
        if name in self.scope.members:
            base, positions = self.scope.members[name]
            rule = families.chosen(self.scope, base, positions)
            row, kind = self.row(base)
            found = rule.emit(self.draft, (row,), (kind,))
            return found, next(k.members(rule.outcome((kind,), False)))
        if name in self.scope.lets:
            body = self.scope.lets[name]
            return self.nodes.rows[body], self.nodes.kinds[body]
        if self.scope.is_constant(name):
            return self.draft.known(PI), k.SCALAR
        if self.scope.is_number(name):
            return self.draft.number(self.scope.size(name)), k.SCALAR
        row, symbol = self.symbol_row(name), self.scope.symbols[name]
        order = k.order_of(next(k.members(symbol.kinds))) + len(symbol.family)
        return row, k.of_order(order)

    def symbol_row(self, name: str) -> RowId:
        """The row of a symbol, its undeclared sizes flexible."""
        found = self.rows.get(name)
        if found is None:
            symbol = self.scope.symbols[name]
            if symbol.expr is not None:
                found = self.draft.known(symbol.expr)
            else:
                if symbol.shape is None:
                    order = k.order_of(next(k.members(symbol.kinds)))
                    symbol.shape = self.draft.unifier.fresh_shape(order)
                    self._square_by_property(symbol)
                found = families.symbol_row(self.draft, self.scope, symbol)
            self.rows[name] = found
        return found

    def _square_by_property(self, symbol: Symbol) -> None:
        square = only_of(symbol.properties, "square")
        if square and symbol.shape and len(symbol.shape) == 2:
            self.draft.unifier.unify(*symbol.shape)
            symbol.square = f"because it is {min(square)}"
