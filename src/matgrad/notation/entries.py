"""Drafting an index form: products of entries become einsums, operands before operators.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from matgrad.catalogue import OPERATORS
from matgrad.core.errors import NoForm, ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.einstein import Form, Letters
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.lettered import lettered, unit_on
from matgrad.notation.members import index_sum
from matgrad.notation.sheet import Planned, Sheet
from matgrad.notation.tensors import contracted
from matgrad.notation.tree import Node, Position

_LETTERS = "ijklmnpqrstuvwxyzabcdefghoABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SUMS = {"plus": "add", "minus": "sub"}


@final
@dataclass(slots=True)
class _Term:
    """A product: scalar coefficients and divisors, and arrays with a letter for each axis."""

    coefficients: list[RowId] = field(default_factory=list)
    divisors: list[RowId] = field(default_factory=list)
    factors: list[tuple[RowId, Letters]] = field(default_factory=list)


def index_form(sheet: Sheet, node: Node) -> Planned:
    """The plan of an index form."""
    form = Form(sheet, node)
    kinds = k.oriented(len(form.axes))

    def outcome(_: tuple[Kind, ...], lenient: bool) -> Kinds:
        return kinds

    def emit(draft: Draft, rows: tuple[RowId, ...], _: tuple[Kind, ...]) -> RowId:
        return _Writer(draft, form, rows).write()

    return Planned(Rule(outcome, emit), tuple(form.operands), (), orders=tuple(form.orders))


@final
class _Writer:
    """Drafts an index form, operands before operators."""

    def __init__(self, draft: Draft, form: Form, rows: tuple[RowId, ...]) -> None:
        self.draft = draft
        self.form = form
        self.rows = rows
        self.order = form.order()
        self.terms: dict[int, _Term] = {}

    def write(self) -> RowId:
        for own in self.form.structure:
            self.terms[own] = self._term(own, self.form.nodes[own])
        return self._closed(self._operand(self.form.root), self.form.axes)

    def _operand(self, own: int) -> _Term:
        if own in self.terms:
            return self.terms.pop(own)
        return _Term(coefficients=[self.rows[self.form.place[own]]])

    def _term(self, own: int, node: Node) -> _Term:
        if node.head == "index":
            return self._entry(node.args[0], self.form.at[own], self.form.positions[own])
        if own in self.form.place:
            return self._entry(own, (), {})
        if node.head in _SUMS:
            return self._sum(own, node)
        if own in self.form.sums:
            return self._index_sum(own, node)
        left = self._operand(node.args[0])
        if node.head == "neg":
            out = self._out(own)
            return self._whole(self.draft.emit("neg", self._closed(left, out)), out)
        if node.head in ("power", "dotpower"):
            return self._power(own, node, left)
        right = self._operand(node.args[1])
        if node.head == "over":
            right = self._reciprocal(node, right)
        left.coefficients += right.coefficients
        left.divisors += right.divisors
        left.factors += right.factors
        return left

    def _entry(
        self, base: int, at: tuple[str | None, ...], positions: Mapping[int, Position]
    ) -> _Term:
        """An array at letters and, with a unit vector each, at numbers."""
        place = self.form.place.get(base)
        inner: Letters = ()
        if place is None:
            size = self.draft.unifier.fresh()
            row = self.draft.place(OPERATORS["eye"], (), None, (size, size))
        else:
            row, inner = lettered(self.draft, self.rows[place], self.form.inner.get(base, ()))
        # What stands for an axis at a number is no letter.
        letters = (*(letter or f" {axis}" for axis, letter in enumerate(at)), *inner)
        units = [
            (unit_on(self.draft, row, axis, position), (letters[axis],))
            for axis, position in positions.items()
        ]
        if not units:
            return self._whole(row, letters)
        out = tuple(dict.fromkeys((*filter(None, at), *inner)))
        return self._whole(self._contracted([(row, letters), *units], out), out)

    def _sum(self, own: int, node: Node) -> _Term:
        out = self._out(own)
        left, right = (self._closed(self._operand(arg), out) for arg in node.args)
        return self._whole(self.draft.emit(_SUMS[node.head], left, right), out)

    def _index_sum(self, own: int, node: Node) -> _Term:
        out = self._out(own)
        body = self._closed(self._operand(node.args[-1]), out)
        row = index_sum(*self.form.sums[own]).emit(self.draft, (body,), ())
        return self._whole(row, out)

    def _power(self, own: int, node: Node, base: _Term) -> _Term:
        exponent = self.form.exponents[own]
        plain = not base.factors or (
            len(base.factors) == 1 and not base.coefficients and not base.divisors
        )
        if not plain:
            raise SyntaxProblem(
                "in index form a power is of one entry or of a scalar",
                text=node.text,
                span=node.span,
            )
        data = int(exponent) if exponent.denominator == 1 else exponent
        row, letters = base.factors[0] if base.factors else (self._closed(base, ()), ())
        return self._whole(self.draft.emit("power", row, data=data), letters)

    def _reciprocal(self, node: Node, term: _Term) -> _Term:
        if not term.factors:
            return _Term(divisors=[self._closed(term, ())])
        if len(term.factors) > 1 or term.coefficients or term.divisors:
            raise SyntaxProblem(
                "in index form one divides by one entry or by a scalar",
                text=node.text,
                span=node.span,
            )
        row, letters = term.factors[0]
        return self._whole(self.draft.emit("power", row, data=-1), letters)

    def _out(self, own: int) -> Letters:
        """The letters of a node that stay axes, in one order everywhere."""
        kept = self.form.letters[own] & self.form.kept[own]
        return tuple(letter for letter in self.order if letter in kept)

    def _whole(self, row: RowId, letters: Letters) -> _Term:
        return _Term(factors=[(row, letters)]) if letters else _Term(coefficients=[row])

    def _closed(self, term: _Term, out: Letters) -> RowId:
        """The array with axes `out` that a product is, its other letters summed over."""
        row: RowId | None = None
        factors = list(term.factors)
        present = {letter for _, letters in factors for letter in letters}
        missing = tuple(letter for letter in out if letter not in present)
        if missing:
            shape = tuple(self.draft.unifier.fresh() for _ in missing)
            factors.append((self.draft.place(OPERATORS["ones"], (), None, shape), missing))
        if len(factors) == 1 and factors[0][1] == out and len(set(out)) == len(out):
            row = factors[0][0]
        elif factors:
            row = self._contracted(factors, out)
        coefficients = list(term.coefficients)
        if row is None:
            row = coefficients.pop() if coefficients else self.draft.number(1)
        for coefficient in reversed(coefficients):
            row = self.draft.emit("scale", coefficient, row)
        for divisor in term.divisors:
            row = self.draft.emit("divide", row, divisor)
        return row

    def _contracted(self, factors: list[tuple[RowId, Letters]], out: Letters) -> RowId:
        names = dict.fromkeys(letter for _, letters in factors for letter in letters)
        if len(names) > len(_LETTERS):
            raise NoForm(f"an einsum has only {len(_LETTERS)} letters")
        free = (letter for letter in _LETTERS if letter not in names)
        short = {name: name if name in _LETTERS else next(free) for name in names}
        inputs = tuple("".join(short[name] for name in letters) for _, letters in factors)
        output = "".join(short[name] for name in out)
        rule = contracted(f"{','.join(inputs)}->{output}", inputs, output)
        try:
            return rule.emit(self.draft, tuple(row for row, _ in factors), ())
        except ShapeProblem as problem:
            raise ShapeProblem(problem.message.replace("einsum: ", "")) from None
