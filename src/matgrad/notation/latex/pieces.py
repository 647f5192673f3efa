"""Pieces: LaTeX text cut into commands, characters and numbers, each with its place.

Floor 2.  Comments and blanks are gone; a space that is written, such as `\\,`, is a piece.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from matgrad.core.errors import BudgetExceeded, SyntaxProblem
from matgrad.notation.latex.words import CHARACTERS, SILENT, SPACES
from matgrad.notation.tokens import GREEK, MAX_CHARACTERS, MAX_DIGITS, MAX_TOKENS

Kind = Literal["command", "letter", "number", "character", "space", "line", "end"]


class Piece(NamedTuple):
    """`text` is a command without its backslash, a letter's ASCII name, a number or a sign."""

    kind: Kind
    text: str
    start: int
    end: int


_PATTERN = re.compile(
    rf"""
    (?P<blank>\s+|%[^\n]*)
  | (?P<line>\\\\(?:\*|\s*\[[^\]\n]{{0,20}}\])?|\\cr(?![A-Za-z])|\\newline(?![A-Za-z]))
  | (?P<dollar>\$\$?|\\[\[\]()])
  | (?P<command>\\(?:operatorname\*|left\.|right\.|[A-Za-z]+|[^A-Za-z\s]))
  | (?P<blanked>\\\s|~)
  | (?P<number>\d{{1,3}}(?:\{{,\}}\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
  | (?P<letter>[A-Za-z{"".join(GREEK)}])
  | (?P<character>[-+*/^_{{}}()\[\]|<>=,;:.&'!‖⟨⟩∂∇∑ᵀ⊤{"".join(CHARACTERS)}])
    """,
    re.VERBOSE,
)
_COMMANDS = {
    "‖": "Vert",
    "⟨": "langle",
    "⟩": "rangle",
    "∂": "partial",
    "∇": "nabla",
    "∑": "sum",
    "operatorname*": "operatorname",
    "{": "lbrace",
    "}": "rbrace",
    "|": "Vert",
}


def pieces_of(text: str) -> list[Piece]:
    """The pieces of `text`, with an `end` last.

    Raises SyntaxProblem at a character that means nothing, BudgetExceeded for a long text.
    """
    if len(text) > MAX_CHARACTERS:
        raise BudgetExceeded(
            f"the text has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        )
    found: list[Piece] = []
    position, length = 0, len(text)
    while position < length:
        match = _PATTERN.match(text, position)
        if match is None:
            raise _unexpected(text, position)
        start, position = match.span()
        piece = _piece(match.lastgroup or "", match.group(), start, position)
        if piece is None:
            continue
        if piece.kind == "number" and len(piece.text) > MAX_DIGITS:
            raise BudgetExceeded(
                "the number has too many digits", text=text, span=(start, position)
            )
        found.append(piece)
        if len(found) > MAX_TOKENS:
            raise BudgetExceeded(f"the text has more than {MAX_TOKENS:,} signs, names and numbers")
    found.append(Piece("end", "", length, length))
    return found


def _piece(group: str, spelled: str, start: int, end: int) -> Piece | None:
    if group == "blanked":
        return Piece("space", spelled, start, end)
    if group == "line":
        return Piece("line", "", start, end)
    if group == "command" or (spelled in _COMMANDS and spelled not in "{}|"):
        word = spelled.removeprefix("\\")
        word = _COMMANDS.get(word, word)
        if word in SPACES:
            return Piece("space", word, start, end)
        return None if word in SILENT else Piece("command", word, start, end)
    if group == "letter":
        return Piece("letter", GREEK.get(spelled, spelled), start, end)
    if group == "number":
        return Piece("number", spelled.replace("{,}", ""), start, end)
    if group == "character":
        return Piece("character", CHARACTERS.get(spelled, spelled), start, end)
    return None


def _unexpected(text: str, position: int) -> SyntaxProblem:
    character = text[position]
    shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    return SyntaxProblem(f"{shown} has no meaning here", text=text, span=(position, position + 1))
