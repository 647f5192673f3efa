"""`matgrad cookbook`: the identities of the books, listed or derived and compared.

Floor 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from matgrad.api.identities import Derived, Entry, identities
from matgrad.api.result import Result
from matgrad.cli.report import as_json
from matgrad.cli.streams import json_text
from matgrad.core.errors import NoForm
from matgrad.core.expr import shape_text


def shown(words: str, form: str, *, as_data: bool = False) -> tuple[str, bool | None]:
    """The list of all identities, or those that `words` name, derived; and whether all is well.

    Raises NameProblem where no identity is meant.
    """
    found = identities(words)
    if not words and not as_data:
        return "\n".join(_list(found)), True
    if not words:
        return json_text([_entry_json(entry) for entry in found]), True
    derived = [entry.derive() for entry in found]
    outcomes = {each.ok for each in derived}
    ok = False if False in outcomes else None if None in outcomes else True
    if as_data:
        return json_text([_json(each) for each in derived]), ok
    return "\n".join(_pages(derived, form)), ok


def _list(entries: Sequence[Entry]) -> Iterator[str]:
    """Every identity on one line, by source and section."""
    for source, group in groupby(entries, key=lambda entry: entry.source):
        yield f"{source.key}: {source.title}"
        yield f"  {source.cite}"
        for section, inner in groupby(group, key=lambda entry: entry.section):
            yield f"  {section.number} {section.title}".replace("   ", "  ")
            for entry in inner:
                yield f"    {entry.identity.number:>6}  {entry.claim}"
        yield ""
    yield f"{len(entries)} identities; `matgrad cookbook 2.1` derives those of a section"


def _pages(derived: Sequence[Derived], form: str) -> Iterator[str]:
    place = None
    for each in derived:
        source, section = each.entry.source, each.entry.section
        if (source, section) != place:
            place = source, section
            yield f"{source.title}, {section.number} {section.title}".replace(",  ", ", ")
            yield ""
        yield from _page(each, form)
        yield ""
    good = sum(each.ok is True for each in derived)
    yield f"{good} of {len(derived)} derived, checked and equal to the source's form"


def _page(derived: Derived, form: str) -> Iterator[str]:
    entry, result, identity = derived.entry, derived.result, derived.entry.identity
    number = f"({identity.number})  " if identity.number else ""
    yield f"  {number}{entry.input}"
    if identity.given:
        yield f"    given      {identity.given}"
    yield f"    answer     {_written(result, form)}"
    kind = f"shape {shape_text(result.shape)}, layout {result.layout}"
    if result.structure != "free":
        kind += f", structure {result.structure}"
    if identity.metric != "embedded":
        kind += f", metric {identity.metric}"
    yield f"               {kind}"
    if result.text() != identity.right:
        yield f"    source     {identity.right}"
        yield f"               {_outcome(derived.agrees.ok, 'equal', 'NOT EQUAL')}"
    if derived.refutation is not None:
        refuted = _outcome(derived.refutation.ok, "NOT REFUTED", "refuted")
        yield f"    {refuted:<10} {identity.wrong}"
    if result.conditions:
        yield f"    holds if   {'; '.join(result.conditions)}"
    if identity.note:
        yield f"    note       {identity.note}"
    yield f"    proof      {result.proof}"


def _written(result: Result, form: str) -> str:
    """The answer in a notation, or as text with the reason where it has no such form."""
    try:
        return result.text(form)
    except NoForm as refusal:
        return f"{result.text()}    (not as {form}: {refusal.message})"


def _outcome(ok: bool | None, true: str, false: str) -> str:
    return "undecided" if ok is None else true if ok else false


def _entry_json(entry: Entry) -> dict[str, Any]:
    identity = entry.identity
    return {
        "name": entry.name,
        "source": entry.source.key,
        "section": entry.section.number,
        "title": entry.section.title,
        "number": identity.number,
        "input": entry.input,
        "given": identity.given,
        "right": identity.right,
        "wrong": identity.wrong or None,
        "note": identity.note,
        "layout": entry.layout,
        "structure": identity.structure,
        "metric": identity.metric,
    }


def _json(derived: Derived) -> dict[str, Any]:
    return {
        **as_json(derived.result),
        **_entry_json(derived.entry),
        "ok": derived.ok,
        "agrees": derived.agrees.ok,
        "refuted": None if derived.refutation is None else derived.refutation.ok is False,
    }
