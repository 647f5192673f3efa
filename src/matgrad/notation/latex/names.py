"""Names: what a letter with its font, accent and subscript is called, and how a text uses it.

Floor 2.  A letter is a name, and its font is not part of it: `\\mathbf{X}` is X.  Where a text has
a letter in two fonts, it is asked what they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, final

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row, plain_text, single, solid


@final
@dataclass(slots=True)
class Known:
    """What is said of names beside the text: values with their orders, families with theirs in
    `families`; functions; complex values.  `asks` is false where only the signs of a text are
    wanted and nobody is asked what they mean; `derives` says that the text asks for a
    derivative."""

    values: dict[str, int | None] = field(default_factory=dict)
    functions: Collection[str] = frozenset()
    families: Collection[str] = frozenset()
    complex: Collection[str] = frozenset()
    asks: bool = True
    derives: bool = False

    def has(self, name: str) -> bool:
        """Whether anything is said of a name."""
        return name in self.values or name in self.functions


@final
class Spelled(NamedTuple):
    """A name: its letter, the font, and what stands below it, if that is a label."""

    base: str
    style: str
    labels: tuple[str, ...]

    @property
    def name(self) -> str:
        return "_".join((self.base, "".join(self.labels))) if self.labels else self.base


def spelled(atom: Atom) -> Spelled | None:
    """The name that an atom is, without what stands above it; None for anything else."""
    accents: list[str] = []
    labels: tuple[str, ...] = ()
    inner: Atom | None = atom
    while inner is not None:
        below = labels_of(inner.sub)
        if below is None or (inner is not atom and not inner.is_bare):
            return None
        labels = (*below, *labels)
        if inner.kind != "accent":
            break
        accents.append(inner.text)
        inner = single(inner.inside)
    is_word = inner is not None and inner.kind == "word" and not words.is_function(inner.text)
    if inner is None or not (is_word or inner.kind == "letter"):
        return None
    style = "bold" if "vec" in accents else inner.style
    named = [_ACCENTS.get(accent, accent) for accent in reversed(accents) if accent != "vec"]
    return Spelled("_".join((inner.text, *named)), style, labels)


_ACCENTS = {"overline": "bar"}


def labels_of(sub: Row | None) -> tuple[str, ...] | None:
    """The labels that a subscript consists of: letters, numbers, words; None for anything else."""
    found: list[str] = []
    atoms = solid(sub or [])
    if is_mark(sub):
        return ()
    for atom in atoms:
        if atom.kind == "sign" and atom.text == ",":
            continue
        if atom.kind not in ("letter", "number", "word") or atom.is_scripted:
            return None
        found.append(atom.text.replace(" ", "_").replace("-", "_"))
    return tuple(found)


def is_mark(sub: Row | None) -> bool:
    """Whether a subscript says that a function is applied entry by entry."""
    only = single(sub)
    return only is not None and only.kind == "sign" and only.text == ".*"


def without_subscript(atom: Atom) -> Atom:
    return Atom(atom.kind, atom.text, atom.start, atom.nucleus, atom.style, atom.parts)


def _lower(row: Row, at: int, known: Known) -> bool:
    """Put the label of `x^{(i)\\top}` below, unless it may be the order of a derivative."""
    atom = row[at]
    first, *rest = solid(atom.sup or []) or [atom]
    label, named = _bracketed(first), spelled(atom)
    if not label or first is atom or named is None or is_mark(atom.sub):
        return False
    may_be_order = named.name in known.functions or not named.base[0].isupper()
    if label.isdigit() and is_applicable(row, at) and may_be_order:
        return False
    atom.sub = [*(atom.sub or []), *first.inside]
    atom.sup = rest or None
    return True


def label_above(atom: Atom) -> str:
    """The label in `x^{(i)}`, or `star` for `x^\\star`; empty where nothing of the kind is."""
    only = single(atom.sup)
    if only is None or only.is_scripted:
        return ""
    return words.MARKS.get(only.text, "") if only.kind == "sign" else _bracketed(only)


def _bracketed(atom: Atom) -> str:
    """The label that stands in brackets; empty for anything else."""
    if atom.kind != "fence" or atom.text not in ("(", "["):
        return ""
    inner = single(atom.inside)
    if inner is None or inner.is_scripted or inner.kind not in ("letter", "number", "word"):
        return ""
    return inner.text


def is_applicable(row: Row, at: int) -> bool:
    """Whether a round bracket stands right behind an atom."""
    following = row[at + 1] if at + 1 < len(row) else None
    return following is not None and following.kind == "fence" and following.text == "("


@final
@dataclass(slots=True)
class Survey:
    """How a text uses its names: which stand for values for certain, which letters are the indices
    and the bounds of sums and which the positions of entries, which names are defined, which are
    applied to one thing, which have labels above or below, in which fonts letters stand, and which
    stand without a subscript."""

    values: set[str] = field(default_factory=set)
    indices: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    positions: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    applied: set[str] = field(default_factory=set)
    bounds: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    fonts: dict[tuple[str, bool], Atom] = field(default_factory=dict)
    bold: dict[str, set[bool]] = field(default_factory=dict)


def survey(atoms: Row, text: str, known: Known) -> Survey:
    """Look at every atom of a text, and put labels that stand above in brackets below.

    Raises AmbiguityProblem for a letter in two fonts.
    """
    asks = known.asks
    found = Survey(defined=_defined(atoms))
    rows = [atoms]
    while rows:
        row = rows.pop()
        for at, atom in enumerate(row):
            lowered = atom.sup is not None and _lower(row, at, known)
            named = spelled(atom)
            if lowered and named is not None:
                found.above.add(named.name)
            inside = atom.parts if named is None else ()  # an accent is part of a name
            rows += [part for part in (*inside, atom.sub, atom.sup) if part]
            if atom.sup and plain_text(atom.sup) == "t":  # it may be a transpose
                rows.pop()
            if atom.kind == "big":
                found.indices.update(_indices(atom.sub))
                found.bounds.add(plain_text(atom.sup))
            labels = labels_of(atom.sub) or ()
            if atom.kind == "fence" or len(labels) > 1:
                found.positions.update(label for label in labels if len(label) == 1)
            if named is None or _is_mark(row, at):
                continue
            if named.labels and not lowered:
                found.names.add(named.name)
            _note(found, row, at, named)
            if asks:
                _compare_fonts(found, atom, named, text)
    for name in found.above & found.names if asks else ():
        raise AmbiguityProblem(
            f"{name} has its label above and below, which is one name here",
            text=text,
            span=(0, len(text)),
            hint="write both alike if they are one, or give one another letter",
        )
    return found


def _defined(atoms: Row) -> set[str]:
    """The names in front of `=` behind `where`."""
    row = solid(atoms)
    start = next((at for at, atom in enumerate(row) if atom.text == "where"), len(row))
    names = [spelled(atom) for atom, after in pairwise(row[start:]) if after.text == "="]
    return {named.name for named in names if named is not None}


def _note(found: Survey, row: Row, at: int, name: Spelled) -> None:
    atom = row[at]
    if not name.labels and not label_above(atom):
        found.plain.add(name.base)
    above = atom.sup is not None and plain_text(atom.sup) != "- 1" and not label_above(atom)
    if not is_applicable(row, at) or above:
        found.values.add(name.name)
    elif single(row[at + 1].inside) is not None:
        found.applied.add(name.name)
    if name.style == "bold" and atom.kind != "word":
        found.bold.setdefault(name.base, set()).add(bool(name.labels))


def _is_mark(row: Row, at: int) -> bool:
    """Whether a letter says something of its neighbour: the d of a differential, a transpose."""
    atom = row[at]
    if len(row) == 1 and atom.text in ("T", "H"):
        return True
    return atom.text == "d" and at + 1 < len(row) and row[at + 1].kind in ("letter", "accent")


def _indices(sub: Row | None) -> list[str]:
    """The indices of a sum: the letters in front of `=`, or all."""
    found = []
    for atom in sub or []:
        if atom.kind == "sign" and atom.text != ",":
            break
        named = spelled(atom)
        if named is not None:
            found.append(named.name)
    return found


def _compare_fonts(found: Survey, atom: Atom, name: Spelled, text: str) -> None:
    """A letter in two fonts may be two things; x_i beside a bold x is an entry of it."""
    below = bool(name.labels)
    style = "" if name.style in ("upright", "sans") else name.style
    if name.base in ("I", "d", "e", "T"):
        return
    other = found.fonts.setdefault((name.base, below), atom)
    known = spelled(other)
    kept = "" if known is None or known.style in ("upright", "sans") else known.style
    if kept != style:
        one, two = (text[a.start : a.nucleus] for a in (other, atom))
        raise AmbiguityProblem(
            f"`{one}` and `{two}` both stand here, and the font is no part of a name",
            text=text,
            span=(atom.start, atom.end),
            hint=f"write both alike if they are one, or give one another letter: {two}_0",
        )
