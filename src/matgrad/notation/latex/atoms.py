"""Atoms: TeX's own structure of a formula.  What any of it means is said elsewhere.

Floor 2.  An atom is a letter, a number, a word, a sign, or something with rows of atoms inside,
and may carry a subscript, a superscript and primes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, final

Kind = Literal[
    "letter",  # text: its name
    "word",  # text: an upright word, or a command that is one
    "number",  # text: its digits
    "sign",  # text: a sign of the grammar
    "big",  # a sum sign
    "partial",
    "nabla",
    "space",
    "group",  # braces; one part
    "fence",  # text: its opening bracket; one part
    "fraction",  # two parts
    "root",  # one part, or two with a degree
    "accent",  # text: which; one part
    "grid",  # parts: the cells; widths: how many a row has
]
Row = list["Atom"]


@final
@dataclass(slots=True, eq=False)
class Atom:
    """`style` is the font of a letter or a word, `start:end` its place, scripts included;
    `nucleus` is where the atom itself ends."""

    kind: Kind
    text: str
    start: int
    end: int
    style: str = ""
    parts: list[Row] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    sub: Row | None = None
    sup: Row | None = None
    primes: int = 0
    nucleus: int = 0

    def __post_init__(self) -> None:
        self.nucleus = self.end

    @property
    def is_scripted(self) -> bool:
        return self.sub is not None or self.sup is not None or self.primes > 0

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands above it."""
        return self.sup is None and not self.primes

    @property
    def inside(self) -> Row:
        return self.parts[0]


def solid(row: Row) -> Row:
    """A row without its spaces."""
    return [atom for atom in row if atom.kind != "space"]


def single(row: Row | None) -> Atom | None:
    """The only atom of a row."""
    atoms = solid(row or [])
    return atoms[0] if len(atoms) == 1 else None


def plain_text(row: Row | None) -> str:
    """What a row of bare letters, numbers, words and signs spells; empty for any other."""
    spelled = []
    for atom in solid(row or []):
        if atom.kind not in ("letter", "number", "word", "sign") or atom.is_scripted:
            return ""
        spelled.append(atom.text)
    return " ".join(spelled)
