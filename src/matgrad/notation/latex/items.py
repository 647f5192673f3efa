"""Items: what a formula is made into, tokens and stretches of atoms that are still to be read.

Floor 2.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from matgrad.notation.latex.atoms import Atom, Row
from matgrad.notation.tokens import Token

Place = tuple[int, int]


class Emit(NamedTuple):
    """A token, and whether an operand begins or ends with it: between an end and a beginning
    stands a product."""

    token: Token
    begins: bool = False
    ends: bool = False


class Stretch(NamedTuple):
    """Atoms `at:stop` of a row.

    `indexed`: subscripts are the indices of entries, as in index form; `side`: they begin a side of
    a statement, where a derivative may be asked for.
    """

    row: Row
    at: int
    stop: int
    indexed: bool = False
    side: bool = False


Item = Emit | Stretch


def sign(text: str, start: int, end: int) -> Emit:
    return Emit(Token("sign", text, start, end))


def infix(text: str, atom: Atom) -> Emit:
    """A sign at an atom's place."""
    return sign(text, atom.start, atom.nucleus)


def name(text: str, start: int, end: int) -> Emit:
    """A name that is an operand by itself."""
    return Emit(Token("name", text, start, end), True, True)


def number(text: str, start: int, end: int) -> Emit:
    return Emit(Token("number", text, start, end), True, True)


def word(text: str, place: Place, kind: Literal["name", "number"] = "name") -> Emit:
    """A token inside of what is no product, such as a size or the index of a sum."""
    return Emit(Token(kind, text, *place))


def opening(text: str, start: int) -> Emit:
    """A bracket that opens an operand, of no width."""
    return Emit(Token("sign", text, start, start), True)


def closing(text: str, end: int) -> Emit:
    return Emit(Token("sign", text, end, end), False, True)


def grouped(items: list[Item], start: int, end: int) -> list[Item]:
    """Items in brackets."""
    return [opening("(", start), *items, closing(")", end)]


def call(function: str, place: Place, arguments: list[list[Item]], end: int) -> list[Item]:
    """A function at its arguments; one with a dot behind its name is applied entry by entry."""
    bracket = "(" if not function.endswith(".") else ".("
    items: list[Item] = [
        Emit(Token("name", function.rstrip("."), *place), True),
        Emit(Token("sign", bracket, place[1], place[1])),
    ]
    for position, argument in enumerate(arguments):
        if position:
            items.append(sign(",", place[1], place[1]))
        items += argument
    return [*items, closing(")", end)]


def whole(row: Row, indexed: bool = False) -> Stretch:
    return Stretch(row, 0, len(row), indexed)


def arguments_of(row: Row, indexed: bool, comma: str = ",") -> list[list[Item]]:
    """The stretches between the commas of a row, or between other signs."""
    found: list[list[Item]] = []
    start = 0
    for at, atom in enumerate(row):
        if atom.kind == "sign" and atom.text == comma:
            found.append([Stretch(row, start, at, indexed)])
            start = at + 1
    return [*found, [Stretch(row, start, len(row), indexed)]]
