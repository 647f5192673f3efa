"""Assembly: the parts of a statement parsed, interpreted and finished together.

Floor 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, final

from matgrad.catalogue.properties import indices_of
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Shape, names_of
from matgrad.core.errors import (
    DeclarationProblem,
    MatgradError,
    NameProblem,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.core.expr import Expr, shape_text
from matgrad.notation import kinds as k
from matgrad.notation.alike import suggestion
from matgrad.notation.families import member_named
from matgrad.notation.interpret import Interpreter
from matgrad.notation.lexing import tokens_of, variable_of
from matgrad.notation.parse import Parser
from matgrad.notation.reach import check_positions
from matgrad.notation.reading import Reading, Target
from matgrad.notation.report import name_report, remarks
from matgrad.notation.scope import Scope
from matgrad.notation.sheet import Sheet
from matgrad.notation.statement import Statement, Stretch, Variable
from matgrad.notation.tokens import Syntax, Token
from matgrad.notation.tree import Node, Position

_ENTRY = re.compile(r"(\w+?)_([a-z]+|[0-9]+)")


@final
class _Part(NamedTuple):
    """A stretch of one of the texts that belong together; definitions have a name."""

    name: str | None
    text: str
    tokens: Sequence[Token]
    stretch: Stretch


@final
class Assembly:
    """One statement with its scope."""

    def __init__(
        self,
        scope: Scope,
        statement: Statement,
        lets: Mapping[str, str],
        wrt: tuple[str, ...],
        syntax: Syntax,
    ) -> None:
        self.scope = scope
        self.statement = statement
        self.syntax = syntax
        self.nodes: list[Node] = []
        self.definitions = [
            _Part(name, statement.text, statement.tokens, stretch)
            for name, stretch in statement.lets
        ]
        self.ranks = {statement.text: 0}
        for name, text in lets.items():
            tokens = tokens_of(text, syntax, scope, (*lets, *dict(statement.lets)))
            self.definitions.append(_Part(name, text, tokens, (0, len(tokens) - 1)))
            self.ranks.setdefault(text, len(self.ranks))
        if wrt and statement.variables:
            raise SyntaxProblem("the variable of differentiation is named twice")
        self.wrt = [(text, variable_of(text, syntax)) for text in wrt]
        self.variables = [(statement.text, v) for v in statement.variables] + self.wrt
        self.right = [(statement.text, v) for v in statement.right]

    def reading(self, expected: Shape | None) -> Reading:
        """Parse, type, draft and finish everything."""
        for size in expected or ():
            self.scope.sizes |= names_of(size)
        self.scope.identity &= all(v.name != "I" for _, v in self.variables + self.right)
        root, equals = self._parse()
        interpreter = Interpreter(Sheet(self.nodes, self.scope, self.syntax))
        order, variables = self._order(), self.variables + self.right
        interpreter.type(root, None if variables else equals, order)
        interpreter.write()
        for name in self.scope.symbols:
            interpreter.names.symbol_row(name)
        if expected is not None:
            self._expect(interpreter, root, expected)
        if equals is not None:
            self._compare(interpreter, root, equals)
        targets = [(self._target(text, v, interpreter), v, text) for text, v in variables]
        interpreter.recheck()
        settlement = interpreter.settle(order)
        made = interpreter.draft.finish(settlement.size)
        rows = interpreter.rows
        check_positions(*(made[rows[part]] for part in (root, equals) if part is not None))
        symbols = {name: made[interpreter.names.symbol_row(name)] for name in self.scope.symbols}
        finished = tuple(
            self._finished(symbols[name], positions, variable, text)
            for (name, positions), variable, text in targets
        )
        return Reading(
            made[rows[root]],
            finished[: len(self.variables)],
            None if equals is None else made[rows[equals]],
            name_report(self.scope, order, symbols, settlement),
            tuple(
                (part.name, made[rows[self.scope.lets[part.name]]])
                for part in self.definitions
                if part.name is not None
            ),
            remarks(self.scope, settlement),
            finished[len(self.variables) :],
            (interpreter.lies(root), equals is not None and interpreter.lies(equals)),
            tuple(settlement.conditions()),
        )

    # Parsing.

    def _parse(self) -> tuple[int, int | None]:
        """Parse definitions first, each after those it uses."""
        taken = {*self.scope.symbols, *self.scope.functions, *self.scope.sizes}
        for part in self.definitions:
            if part.name in taken:
                raise NameProblem(f"{part.name} is both declared and defined")
        declared = taken | {part.name for part in self.definitions if part.name}
        functions = {*self.scope.functions, *self._called()}
        for part in self._sorted(self.definitions):
            assert part.name is not None
            parser = Parser(part.text, part.tokens, self.syntax, self.nodes, declared, functions)
            self.scope.lets[part.name] = parser.parse(*part.stretch)
        statement = self.statement
        parser = Parser(
            statement.text, statement.tokens, self.syntax, self.nodes, declared, functions
        )
        root = parser.parse(*statement.body)
        return root, None if statement.equals is None else parser.parse(*statement.equals)

    def _called(self) -> set[str]:
        """The names that are applied somewhere."""
        found = set()
        texts = {part.text: part.tokens for part in self.definitions}
        for tokens in (self.statement.tokens, *texts.values()):
            for name, after in pairwise(tokens):
                if name.kind == "name" and after.text in ("(", ".("):
                    found.add(name.text)
        return found

    def _sorted(self, parts: Sequence[_Part]) -> list[_Part]:
        """The parts, each after those whose names it uses."""
        by_name = {part.name: part for part in parts}
        uses = {
            part.name: [
                token.text
                for token in part.tokens[slice(*part.stretch)]
                if token.kind == "name" and token.text in by_name
            ]
            for part in parts
        }
        done: dict[str | None, _Part] = {}
        for part in parts:
            stack: list[tuple[str | None, bool]] = [(part.name, False)]
            open_names: set[str | None] = set()
            while stack:
                name, ready = stack.pop()
                if ready:
                    open_names.discard(name)
                    done[name] = by_name[name]
                elif name in open_names:
                    raise NameProblem(f"{name} is defined by itself")
                elif name not in done:
                    open_names.add(name)
                    stack.append((name, True))
                    stack += ((used, False) for used in uses[name])
        return list(done.values())

    def _order(self) -> list[str]:
        """Names of values and functions in order of first appearance."""
        places: dict[str, tuple[int, int]] = {}
        for node in self.nodes:
            if node.head in ("name", "call", "map") and node.name not in self.scope.lets:
                place = (self.ranks[node.text], node.start)
                if place < places.get(node.name, (len(self.ranks), 0)):
                    places[node.name] = place
        return sorted(places, key=places.__getitem__)

    # Claims.

    def _expect(self, interpreter: Interpreter, root: int, expected: Shape) -> None:
        shape = interpreter.draft.shape(interpreter.rows[root])
        if not interpreter.draft.unifier.unify_shapes(shape, expected):
            found = shape_text(interpreter.settle().shape(shape))
            raise ShapeProblem(f"the shape is {found}, not {shape_text(expected)}")

    def _compare(self, interpreter: Interpreter, root: int, equals: int) -> None:
        """The two sides of a claim have one shape; of a derivative only loose sizes follow."""
        draft, rows = interpreter.draft, interpreter.rows
        left = draft.shape(rows[root]) + self._axes(self.variables, interpreter)
        right = draft.shape(rows[equals]) + self._axes(self.right, interpreter)
        if self.variables or self.right:
            bound = {
                name
                for symbol in self.scope.symbols
                for size in draft.shape(interpreter.names.symbol_row(symbol))
                for name in names_of(size)
            }
            if len(left) == len(right):
                for one, other in zip(left, right, strict=True):
                    if not names_of(other) & bound:
                        draft.unifier.unify(one, other)
        elif not draft.unifier.unify_shapes(left, right):
            shown = interpreter.settle()
            shapes = " and ".join(shape_text(shown.shape(shape)) for shape in (left, right))
            node = self.nodes[equals]
            raise ShapeProblem(
                f"the two sides have different shapes: {shapes}", text=node.text, span=node.span
            )

    # Variables of differentiation.

    def _axes(self, variables: Sequence[tuple[str, Variable]], interpreter: Interpreter) -> Shape:
        """The axes that variables add to a derivative."""
        shape: Shape = ()
        for text, variable in variables:
            name, positions = self._target(text, variable, interpreter)
            row = interpreter.names.symbol_row(name)
            shape += interpreter.draft.shape(row)[len(positions or ()) :]
        return shape

    def _target(
        self, text: str, variable: Variable, interpreter: Interpreter
    ) -> tuple[str, tuple[Position, ...] | None]:
        """The symbol's name and the positions from 0."""
        name, positions = variable.name, variable.positions
        span = (variable.start, variable.end)
        if name in self.scope.symbols:
            if positions is None:
                return name, None
            try:
                return name, interpreter.sheet.places(positions)
            except MatgradError as error:
                raise error.at(text, span) from None
        member = member_named(name, self.scope.families(), interpreter.sheet.base)
        if member is not None and positions is None:
            return member
        found = _ENTRY.fullmatch(name)
        if found and positions is None:
            for base in (found[1], found[1].upper(), found[1].capitalize()):
                symbol = self.scope.symbols.get(base)
                order = 0 if symbol is None else k.order_of(next(k.members(symbol.kinds)))
                if order and order == len(found[2]):
                    low = 0 if self.syntax == "numpy" else 1
                    return base, tuple(int(c) - low if c.isdigit() else c for c in found[2])
        raise self._no_target(name, text, span)

    def _no_target(self, name: str, text: str, span: tuple[int, int]) -> NameProblem:
        if name in self.scope.lets:
            message = f"{name} is an expression; one differentiates by a symbol"
        elif name in self.scope.functions:
            message = f"{name} is a function; one differentiates by a symbol"
        elif self.scope.is_number(name):
            message = f"{name} is a size; one differentiates by a symbol"
        else:
            message = f"{name} is neither declared nor in the expression"
        known = list(self.scope.symbols)
        hint = suggestion(name, known)
        if hint is None and known:
            hint = f"the symbols are {', '.join(known[:8])}"
        return NameProblem(message, text=text, span=span, hint=hint)

    def _finished(
        self, symbol: Expr, positions: tuple[Position, ...] | None, variable: Variable, text: str
    ) -> Target:
        if positions is not None:
            fits = len(positions) in (symbol.order, len(indices_of(symbol.data[1])))
            for position, size in zip(positions, symbol.shape, strict=False):
                if isinstance(position, int) and isinstance(size, int):
                    fits &= 0 <= position < size
            if not fits:
                raise ShapeProblem(
                    f"{variable.name} is {shape_text(symbol.shape)} and has no such entry",
                    text=text,
                    span=(variable.start, variable.end),
                )
        if variable.conjugate and not is_complex(symbol):
            raise DeclarationProblem(
                f"{variable.name} is real, and its conjugate the same",
                text=text,
                span=(variable.start, variable.end),
                hint=f"declare it, as in `{variable.name} complex`, or differentiate by it",
            )
        return Target(symbol, positions, variable.conjugate)
