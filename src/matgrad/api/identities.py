"""The living cookbook: identities of the books found, derived on the spot and compared.

Floor 5.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from typing import final

from matgrad.api.pipeline import answer
from matgrad.api.result import Result
from matgrad.cookbook import SOURCES, WORDS, Identity, Section, Source
from matgrad.core.budget import budget
from matgrad.core.errors import NameProblem
from matgrad.core.expr import Expr, shape_text
from matgrad.notation.read import Reading, read
from matgrad.proof import Proof, same


@final
@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """An identity and where it stands; `name` is its own: `cookbook-57`, `giles-2.2.3`."""

    name: str
    source: Source
    section: Section
    identity: Identity

    @property
    def layout(self) -> str:
        """The layout the source prints it in."""
        return self.section.layout or self.source.layout

    @property
    def input(self) -> str:
        """What one types to have it derived."""
        return _with_where(self.identity.left, self.identity.where)

    @property
    def claim(self) -> str:
        """The identity as the source has it, both sides."""
        return self._claim(self.identity.right)

    def derive(self, *, check: bool = True) -> Derived:
        """The answer in the source's layout, beside what the source says."""
        identity = self.identity
        reading = self._read(identity.right)
        result = answer(
            self.input, reading, self.layout, identity.structure, identity.metric, check=check
        )
        assert reading.equals is not None
        wrong = self._read(identity.wrong).equals if identity.wrong else None
        return Derived(self, result, reading.equals, wrong)

    def _claim(self, right: str) -> str:
        return _with_where(f"{self.identity.left} = {right}", self.identity.where)

    def _read(self, right: str) -> Reading:
        return read(self._claim(right), given=self.identity.given)


@final
@dataclass(eq=False)
class Derived:
    """An entry derived: the answer, the source's form `right`, and what is `wrong`, if anything."""

    entry: Entry
    result: Result
    right: Expr
    wrong: Expr | None

    @cached_property
    def agrees(self) -> Proof:
        """Whether the answer equals the source's form."""
        return _compared(self.result.expression, self.right)

    @cached_property
    def refutation(self) -> Proof | None:
        """Whether the answer equals what is wrong; it must not."""
        return None if self.wrong is None else _compared(self.result.expression, self.wrong)

    @property
    def ok(self) -> bool | None:
        """True if the answer is proved, equals the source's form, and what is wrong is refuted."""
        assert self.result.proof is not None
        found = [self.result.proof.ok, self.agrees.ok]
        if self.refutation is not None:
            found.append(None if self.refutation.ok is None else not self.refutation.ok)
        return False if False in found else None if None in found else True


def _compared(answer: Expr, claimed: Expr) -> Proof:
    if answer.shape != claimed.shape:
        shapes = f"{shape_text(claimed.shape)} is not {shape_text(answer.shape)}"
        return Proof(False, "exact", detail=shapes)
    with budget():
        return same(answer, claimed)


def _with_where(text: str, where: str) -> str:
    return f"{text} where {where}" if where else text


@cache
def _entries() -> tuple[Entry, ...]:
    found = []
    taken: Counter[str] = Counter()
    for source in SOURCES:
        for section in source.sections:
            for identity in section.identities:
                place = identity.number or section.number or section.title
                name = "-".join(re.findall(r"[\w.]+", f"{source.key} {place}".lower()))
                taken[name] += 1
                suffix = f"-{taken[name]}" if taken[name] > 1 else ""
                found.append(Entry(name + suffix, source, section, identity))
    return tuple(found)


_NUMBER = re.compile(r"\d[\d.]*[a-z]?")


def identities(words: str = "") -> tuple[Entry, ...]:
    """The identities of the cookbook to which all of `words` apply.

    A word is a number (`5.103`, `57`), a section (`2.1`), a source (`mml`), or any word of a
    title, a note or an operator (`determinant`, `trace`).  No words: all of them.

    Raises NameProblem where there is none.
    """
    wanted = words.lower().split()
    found = tuple(entry for entry in _entries() if all(_applies(w, entry) for w in wanted))
    if not found:
        keys = ", ".join(source.key for source in SOURCES)
        raise NameProblem(
            f"the cookbook has nothing under `{words}`",
            hint=f"ask for a number (57), a section (2.1), a word (trace) or a source: {keys}",
        )
    return found


def _applies(word: str, entry: Entry) -> bool:
    if _NUMBER.fullmatch(word):
        section = f"{entry.section.number}."
        return word == entry.identity.number or section.startswith(f"{word.rstrip('.')}.")
    return word == entry.source.key or word in entry.name or word in _described(entry)


@cache
def _described(entry: Entry) -> str:
    """All that is said of an entry, in lower case."""
    identity = entry.identity
    texts = [entry.section.title, identity.note, entry.claim, identity.given]
    texts += [identity.structure, identity.metric]
    spelled = " ".join(texts)
    texts += (word for word, spellings in WORDS if any(s in spelled for s in spellings))
    return " ".join([entry.source.title, *texts]).lower()
