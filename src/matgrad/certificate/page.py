"""A derivation as it is laid out on a page: rows of mathematics with reasons, in one notation.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.certificate.step import Move, Rule, Step, called
from matgrad.core.expr import SYMBOL, Expr, make, replaced, shape_text, walk
from matgrad.notation.layout import text as characters
from matgrad.notation.matrix_form import MatrixForm
from matgrad.notation.shared import shared_parts
from matgrad.notation.spelling import SPELLINGS

if TYPE_CHECKING:
    from matgrad.certificate.derivation import Derivation


class Reason(NamedTuple):
    """A rule as it is shown: its name, an identity in the page's notation, words, a citation."""

    name: str
    identity: str
    words: str
    cite: str


class Row(NamedTuple):
    """A line: what stands on the left where a chain begins, what on the right, why, what it needs,
    the shapes of the factors where they do not speak for themselves, and the lines folded into
    this one."""

    left: str
    right: str
    reasons: tuple[Reason, ...]
    needs: tuple[str, ...]
    shapes: tuple[tuple[str, str], ...]
    inside: tuple[Row, ...] = ()


class Page(NamedTuple):
    """A derivation in one notation."""

    title: str
    names: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    conditions: tuple[str, ...]
    lemmas: tuple[tuple[str, Page], ...]


def page(derivation: Derivation, notation: str) -> Page:
    """The rows of a derivation in `text`, `unicode` or `latex`."""
    return _Pages(derivation, notation).page()


@final
class _Pages:
    def __init__(self, derivation: Derivation, notation: str) -> None:
        self.derivation = derivation
        self.notation = notation
        self.spelling = SPELLINGS[notation]
        self.shown: dict[Expr, str] = {}

    def page(self) -> Page:
        steps = self.derivation.steps
        final = max((k for k, step in enumerate(steps) if step.kind == "read"), default=0)
        rows = [
            self.row(step, steps[k - 1] if k else None, row=self.derivation.row and k >= final)
            for k, step in enumerate(steps)
        ]
        names = tuple(
            (self.spelling.name(name), self.written(part, own=part))
            for part, name in self.shown.items()
        )
        lemmas = tuple((each.input, page(each, self.notation)) for each in self.derivation.lemmas)
        return Page(self.title(), names, tuple(rows), self.derivation.conditions, lemmas)

    def row(self, step: Step, last: Step | None, *, row: bool) -> Row:
        left = ""
        if step.kind == "read":
            left = self.quotient(step.move)
        elif last is None or step.before is not last.after:
            left = self.written(step.before)
        marks = [new for _, new in _changes(step)]
        right = self.written(step.after, row=row, marks=marks)
        reasons = tuple(map(self.reason, step.rules))
        inside = tuple(self.row(each, step, row=row) for each in step.inside)
        inside = tuple(each._replace(left="") for each in inside)
        return Row(left, right, reasons, step.needs, self.shapes(step), inside)

    def title(self) -> str:
        """What is derived, in the page's notation."""
        if not self.derivation.moves:
            sides = (self.derivation.source, self.derivation.answer)
            return " = ".join(self.written(side, named=False) for side in sides)
        by = "".join(self.quotient(move) + " " for move in reversed(self.derivation.moves))
        return by + self.bracketed(self.derivation.source)

    def bracketed(self, expr: Expr) -> str:
        whole = self.written(expr, named=False)
        loose = expr.op in (algebra.add, algebra.sub, algebra.neg)
        opening, closing = self.spelling.fence
        return f"{opening}{whole}{closing}" if loose else whole

    def quotient(self, move: Move) -> str:
        """`d/dX`, or with the entry, or the conjugate."""
        by = move.symbol
        if move.entry is not None:
            by = make(structure.entry, (by,), move.entry, by.shape[len(move.entry) :])
        name = self.written(by)
        if move.conjugate:
            name = rf"\overline{{{name}}}" if self.notation == "latex" else f"conj({name})"
        if self.notation == "latex":
            return rf"\frac{{\partial}}{{\partial {name}}}"
        return f"∂/∂{name}" if self.notation == "unicode" else f"d/d{name}"

    def reason(self, rule: Rule) -> Reason:
        identity = ""
        if rule.left is not None and rule.right is not None:
            sides = [self.written(side) for side in (rule.left, rule.right)]
            identity = " = ".join(sides)
        return Reason(rule.name.replace("-", " "), identity, rule.words, rule.cite)

    def written(
        self,
        expr: Expr,
        *,
        row: bool = False,
        marks: list[Expr] | None = None,
        named: bool = True,
        own: Expr | None = None,
    ) -> str:
        """An expression with its parts by name, where those stand more than once or in a
        differential."""
        names = dict(self.derivation.names) if named else {}
        uses = _occurrences(expr, names, self.derivation.given)
        names = {part: name for part, name in names.items() if uses[part] and part is not own}
        if own is None and named:
            self.shown.update(names)
        values = called(expr, names)
        whole = replaced(expr, values)
        names = {replaced(part, values): name for part, name in names.items()}
        if not names:
            names = dict(shared_parts(whole, {})) if _is_large(whole) else {}
        marked = [replaced(mark, values) for mark in marks or () if mark is not expr]
        form = MatrixForm(whole, self.spelling, names)
        form.marked = frozenset(marked)
        result = characters(form.whole(whole, row))
        if names and own is None and not named:
            return result
        return result + self.where(form, names)

    def where(self, form: MatrixForm, names: Mapping[Expr, str]) -> str:
        """The parts that were named for this line only."""
        known = set(self.derivation.names.values())
        opening, equals, comma = self.spelling.where
        found = ""
        for part, name in names.items():
            if name not in known:
                definition = characters(form.definition(part))
                found += (comma if found else opening) + self.spelling.name(name) + equals
                found += definition
        return found

    def shapes(self, step: Step) -> tuple[tuple[str, str], ...]:
        """The shapes of the factors of a derivative that has tensors among them."""
        if step.kind != "read":
            return ()
        factors = [part for part in _factors(step.after) if part.shape]
        if all(part.order < 3 for part in (*factors, step.after)):
            return ()
        shapes = [(self.quotient(step.move), step.after)] if step.after.order > 2 else []
        shapes += [(self.written(part), part) for part in factors]
        return tuple((name, shape_text(part.shape)) for name, part in shapes)


def _is_large(expr: Expr) -> bool:
    return expr.height > 12


def _occurrences(
    expr: Expr, names: Mapping[Expr, str], given: Collection[Expr]
) -> dict[Expr, bool]:
    """Whether each named part stands more than once in an expression, as a tree, or under a
    differential; one that was given, whether it stands there at all."""
    found = {}
    for part in names:
        seen: dict[Expr, int] = {}
        for node in walk(expr):
            if node is part:
                seen[node] = 1 + (part in given)
            elif node.op is DIFFERENTIAL and node.args[0] is part:
                seen[node] = 2
            else:
                seen[node] = min(2, sum(seen[arg] for arg in node.args))
        found[part] = seen[expr] > 1
    return found


def _changes(step: Step) -> tuple[tuple[Expr, Expr], ...]:
    """The parts that a step replaces: as noted, or where the two lines begin to differ."""
    if step.changed or step.kind != "equal":
        return step.changed
    before, after = step.before, step.after
    while before.op is after.op and before.data == after.data:
        differing = [(a, b) for a, b in zip(before.args, after.args, strict=False) if a is not b]
        if len(differing) != 1 or len(before.args) != len(after.args):
            break
        ((before, after),) = differing
    return ((before, after),)


def _factors(expr: Expr) -> list[Expr]:
    """The factors of a product, or of every term, from left to right; each once."""
    found: dict[Expr, None] = {}
    waiting = [expr]
    while waiting:
        part = waiting.pop()
        opened = part.op.kind == "linear" or part.op in _OPENED
        if opened:
            waiting += reversed(part.args)
        elif part.args or part.op is SYMBOL:
            found[part] = None
    return list(found)


_OPENED = frozenset(
    {algebra.scale, algebra.matmul, structure.transpose, structure.trace, structure.einsum}
)
