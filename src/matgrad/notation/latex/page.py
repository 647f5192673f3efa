"""The page: one LaTeX text while it is being read, and what is known of its names.

Floor 2.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, final

from matgrad.core.errors import AmbiguityProblem, SyntaxProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row, plain_text, solid
from matgrad.notation.latex.items import Item, Stretch, call, grouped, sign, whole, word
from matgrad.notation.latex.names import Known, Spelled, Survey, is_applicable, spelled
from matgrad.notation.latex.scripts import Context
from matgrad.notation.special import PLANNERS


@final
class Taken(NamedTuple):
    """Items made of some atoms, and where the next one is; `side`: a side begins there."""

    items: list[Item]
    at: int
    side: bool = False


@final
@dataclass(slots=True)
class Page:
    """`top` is the row of the whole text; `remarks` are what a reader should know of how it was
    taken, `matrices` the differentials of upper-case letters; `arguments` is where those of
    functions without brackets end, by row and place."""

    text: str
    known: Known
    survey: Survey
    top: Row
    remarks: dict[str, None] = field(default_factory=dict)
    matrices: set[str] = field(default_factory=set)
    arguments: dict[tuple[int, int], tuple[Row, int]] = field(default_factory=dict)
    _ends: dict[int, tuple[Row, list[int]]] = field(default_factory=dict)

    def source(self, atom: Atom) -> str:
        """An atom as it was typed, its scripts included."""
        return _cut(self.text[atom.start : atom.end])

    def inside(self, atom: Atom) -> str:
        row = atom.inside
        return _cut(self.text[row[0].start : row[-1].end])

    def next(self, stretch: Stretch) -> Atom | None:
        """The atom behind the first one of a stretch."""
        for at in range(stretch.at + 1, stretch.stop):
            if stretch.row[at].kind != "space":
                return stretch.row[at]
        return None

    def before(self, stretch: Stretch) -> Atom | None:
        """The atom in front of the first one of a stretch, in its row."""
        for at in range(stretch.at - 1, -1, -1):
            if stretch.row[at].kind != "space":
                return stretch.row[at]
        return None

    def context(self, indexed: bool) -> Context:
        values = frozenset(("T", "H", "t")) & self.known.values.keys()
        values |= frozenset("t") & (self.survey.values | self.survey.indices)
        return Context(self.text, values, indexed, frozenset(self.survey.bounds))

    def declared(self, named: Spelled) -> str | None:
        """The declared or defined name that a letter is: x_1 or x1, A_1_1 or A_11."""
        labels = "".join(named.labels), "_".join(named.labels)
        spellings = [f"{named.base}_{label}" if label else named.base for label in labels]
        spellings += [named.base + labels[0]] * labels[0][:1].isdigit()
        known = self.known.values, self.known.functions, self.survey.defined
        return next((n for n in spellings if any(n in names for names in known)), None)

    def is_value(self, name: str) -> bool:
        """Whether a name stands for a value, by what is said of it or by its use."""
        if name in self.known.functions:
            return False
        return name in self.known.values or name in self.survey.values

    def is_vector(self, atom: Atom) -> bool:
        """Whether an atom is the name of a vector, by its font or by what is declared."""
        named = spelled(atom)
        if named is None:
            return False
        declared = self.declared(named)
        if declared in self.known.values:
            return self.known.values[declared] == 1
        return named.style == "bold" and named.base[0].islower()

    def is_function(self, text: str) -> bool:
        """Whether a word is a function of the language."""
        return words.is_function(text) or words.NAMES.get(text, text) in PLANNERS

    def breaks(self, row: Row) -> list[int]:
        """Where the terms of a row end: its signs that bind less tightly than a product."""
        known = self._ends.get(id(row))
        if known is None:
            found = [at for at in range(len(row)) if _breaks(row, at)]
            known = self._ends[id(row)] = row, found
        return known[1]

    def term_end(self, stretch: Stretch, at: int) -> int:
        """Where the term ends that begins at an atom."""
        breaks = self.breaks(stretch.row)
        place = bisect_left(breaks, at)
        return min(breaks[place], stretch.stop) if place < len(breaks) else stretch.stop

    def is_sum(self, row: Row) -> bool:
        """Whether a row has terms, or a sign in front."""
        first = next((atom for atom in row if atom.kind != "space"), None)
        signed = first is not None and first.kind == "sign" and first.text in words.TERMS
        return signed or any(
            row[at].text in words.TERMS and row[at].kind == "sign" for at in self.breaks(row)
        )

    def has_comma(self, row: Row) -> bool:
        return any(row[at].text == "," for at in self.breaks(row))

    def bracketed(self, atom: Atom, indexed: bool) -> list[Item]:
        """An operand in brackets, an entry of it, or an index form."""
        row = atom.inside
        items = grouped([whole(row, indexed)], atom.start, atom.nucleus)
        if atom.sub is None:
            self._check_repeated(atom)
            return items
        if plain_text(atom.sub) == "+":
            return call("relu", (atom.start, atom.start), [[whole(row, indexed)]], atom.nucleus)
        letters = plain_text(atom.sub).split()
        if atom.text == "[" and letters and uses(row, letters):
            place = atom.nucleus, atom.end
            heading: list[Item] = [sign("[", *place)]
            for position, index in enumerate(letters):
                heading += [sign(",", *place)] * (position > 0)
                heading.append(word(index, place))
            heading += [sign("]", *place), sign(":", *place)]
            return grouped([*heading, whole(row, True)], atom.start, atom.end)
        return [*items, *self.positions(atom, indexed)]

    def _check_repeated(self, atom: Atom) -> None:
        """Ask about `[X_{ij} Y_{ij}]`, which index form adds up."""
        if atom.text != "[" or not self.known.asks:
            return
        for part in _subscripted(atom.inside):
            labels = [] if part.sub is None else plain_text(part.sub).split()
            labels = [label for label in labels if len(label) == 1 and label.isalpha()]
            labels = [label for label in labels if label not in self.survey.indices]
            order = self.known.values.get(part.text) or 2
            if len(labels) >= order and f"{part.text}_{''.join(labels)}" not in self.known.values:
                raise self.question(
                    f"`{self.source(atom)}`: entries are added up in index form, names are not",
                    part,
                    "write \\sum_{i,j} in front of a sum, round brackets around names",
                )

    def positions(self, atom: Atom, indexed: bool) -> list[Item]:
        """The positions in a subscript, in square brackets."""
        row = solid(atom.sub or [])
        place = atom.nucleus, atom.end
        items: list[Item] = [sign("[", atom.nucleus, atom.nucleus + 1)]
        if row and row[0].kind == "sign" and row[0].text == "\\cdots":
            items += [sign("...", *place), sign(",", *place)]
            row = row[1:]
        if not row:
            raise self.problem("a subscript is empty", atom)
        if all(a.kind in ("letter", "number", "word") and not a.is_scripted for a in row):
            for position, index in enumerate(row):
                items += [sign(",", *place)] * (position > 0)
                spot = index.start, index.end
                is_number = index.kind == "number"
                items.append(word(index.text, spot, "number" if is_number else "name"))
        else:
            items.append(Stretch(row, 0, len(row), indexed))
        return [*items, sign("]", atom.end, atom.end)._replace(ends=True)]

    def problem(self, message: str, atom: Atom, hint: str | None = None) -> SyntaxProblem:
        return SyntaxProblem(message, text=self.text, span=(atom.start, atom.end), hint=hint)

    def question(self, message: str, atom: Atom, hint: str) -> AmbiguityProblem:
        return AmbiguityProblem(message, text=self.text, span=(atom.start, atom.end), hint=hint)


def uses(row: Row, letters: list[str]) -> bool:
    """Whether a letter stands in a subscript inside of a row."""
    return any(
        atom.sub is not None and set(plain_text(atom.sub).split()) & set(letters)
        for atom in _subscripted(row)
    )


def _subscripted(row: Row) -> Iterator[Atom]:
    """The atoms of a row and of all rows inside of it."""
    rows = [row]
    while rows:
        for atom in rows.pop():
            yield atom
            rows += [part for part in (*atom.parts, atom.sup) if part]


def _breaks(row: Row, at: int) -> bool:
    atom = row[at]
    if atom.kind == "sign" and atom.text in words.TERMS:
        return _is_binary(row, at)
    return (atom.kind == "sign" and atom.text in words.RELATIONS) or (
        atom.text == "where" and not is_applicable(row, at)
    )


def _is_binary(row: Row, at: int) -> bool:
    """Whether a plus or a minus stands between two terms."""
    while at and row[at - 1].kind == "space":
        at -= 1
    before = row[at - 1] if at else None
    return before is not None and not (
        before.kind == "sign" and before.text in words.PRODUCTS | words.TERMS | words.RELATIONS
    )


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
