"""One declaration: `X: m n`, `f(X): p p`, `W symmetric`, `t > 0`, `n = 3`, `i = 1..N`.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from matgrad.catalogue.properties import PHRASES
from matgrad.core.dims import Size
from matgrad.notation.alike import suggestion
from matgrad.notation.facts import KINDS, Facts, FactsReader, phrase_at
from matgrad.notation.relation import RELATIONS, number_at, related, turned
from matgrad.notation.tokens import Token


@final
class Declaration:
    """One declaration: names, and what is said of them."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, stop: int) -> None:
        self.text = text
        self.reader = FactsReader(text, tokens, start, stop)
        self.span = self.reader.span
        self.subjects: list[tuple[str, tuple[str, ...] | None]] = []
        self.values: dict[str, Size] = {}
        self.ranges: dict[str, Size] = {}
        self.facts = Facts()

    @classmethod
    def split(cls, text: str, tokens: Sequence[Token]) -> list[Declaration]:
        """The declarations of a text: a `;` divides them, and a `,` before a new subject."""
        found, start, colon, depth = [], 0, False, 0
        for at, token in enumerate(tokens):
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            colon |= token.text in _AFTER or phrase_at(tokens, at) is not None
            ends = token.kind == "end" or token.text == ";"
            if token.text == "," and depth == 0 and colon:
                ends = _is_subject(tokens, at + 1)
            if ends:
                if at > start:
                    found.append(cls(text, tokens, start, at))
                start, colon = at + 1, False
        return found

    @property
    def comes_first(self) -> bool:
        applied = any(arguments is not None for _, arguments in self.subjects)
        facts = self.facts
        return applied or facts.params is not None or facts.elementwise or facts.integer

    def read(self) -> None:
        """Fill `subjects` and `facts`, or `values`, or `ranges`.  Raises DeclarationProblem."""
        reader = self.reader
        relations = self._read_lower()
        self._read_subjects()
        sign = reader.peek()
        if sign == ":" and not relations:
            reader.at += 1
            self.facts = reader.facts()
        elif sign in RELATIONS or relations:
            self._read_relations(relations)
        elif sign == "=":
            self._read_value()
        elif sign:
            word = reader.tokens[reader.at]
            if not phrase_at(reader.tokens, reader.at) and sign not in {
                "elementwise",
                "integer",
                *KINDS,
            }:
                close = suggestion(sign, sorted(" ".join(phrase) for phrase in PHRASES))
                reader.fail(f"there is no property `{sign}`", token=word, hint=close)
            self.facts = reader.facts()
        else:
            reader.fail("a declaration says something of a name", hint="for instance `X: m n`")

    def _read_subjects(self) -> None:
        """`x, y` or `f(X, y)`."""
        reader = self.reader
        while reader.peek():
            token = reader.tokens[reader.at]
            if token.kind != "name":
                reader.fail("a declaration begins with a name", token=token)
            reader.at += 1
            arguments = self._read_arguments() if reader.peek() == "(" else None
            self.subjects.append((token.text, arguments))
            if reader.peek() != ",":
                return
            reader.at += 1

    def _read_arguments(self) -> tuple[str, ...]:
        reader = self.reader
        opening = reader.tokens[reader.at]
        found: list[str] = []
        reader.at += 1
        while reader.peek() not in (")", ""):
            argument = reader.tokens[reader.at]
            if argument.kind == "name":
                found.append(argument.text)
            elif argument.text != ",":
                reader.fail("the arguments of a function are names here", token=argument)
            reader.at += 1
        if not found or not reader.peek():
            reader.fail("the function's arguments are not complete", token=opening)
        reader.at += 1
        return tuple(found)

    def _read_lower(self) -> list[tuple[str, str]]:
        """`0 <`, in front of `t < 1`."""
        reader = self.reader
        number = number_at(reader.tokens, reader.at, reader.stop)
        if number is None:
            return []
        reader.at = number[1]
        sign = reader.peek()
        reader.at += 1
        return [(turned(sign), number[0])] if sign in RELATIONS else [("", number[0])]

    def _read_relations(self, relations: list[tuple[str, str]]) -> None:
        """`> 0`; what stood in front of the names is in `relations`."""
        reader = self.reader
        while reader.peek() in RELATIONS:
            number = number_at(reader.tokens, reader.at + 1, reader.stop)
            if number is None:
                break
            relations.append((reader.peek(), number[0]))
            reader.at = number[1]
        known = all(sign in RELATIONS for sign, _ in relations)
        properties = related(relations) if known and relations and not reader.peek() else None
        if properties is None:
            reader.fail(_KNOWN)
        self.facts = Facts(properties=properties)

    def _read_value(self) -> None:
        """`n = 3`, or for an index `i = 1..N`."""
        reader = self.reader
        words = [token.text for token in reader.tokens[reader.at + 1 : reader.stop]]
        if words[1:2] == [".."]:
            reader.at += 3
            last = reader.size()
            if words[0] != "1" or reader.peek() or any(given for _, given in self.subjects):
                reader.fail("the members of a family are counted from 1, as in `i=1..N`")
            self.ranges = {name: last for name, _ in self.subjects}
        elif len(words) == 1 and words[0].isdigit() and int(words[0]) > 0:
            self.values = {name: int(words[0]) for name, _ in self.subjects}
        else:
            reader.fail(_KNOWN)
        self.subjects = []


_KNOWN = "the relations known are `t > 0`, `0 <= t < 1`, `t != 0`, `n = 3` and `i = 1..N`"


# What follows the names that a declaration is about.
_AFTER = RELATIONS | {":", "="}


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a new declaration begins here: a name and then what can only follow a subject."""
    if tokens[at].kind != "name" or phrase_at(tokens, at):
        return False
    after = tokens[at + 1].text
    return after in _AFTER or after == "(" or phrase_at(tokens, at + 1) is not None
