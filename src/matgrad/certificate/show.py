"""Derivations printed: as text, in Unicode, LaTeX and Markdown.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from matgrad.certificate.html import html
from matgrad.certificate.page import Page, Reason, Row, page
from matgrad.certificate.writer import written
from matgrad.core.errors import NoForm
from matgrad.notation.layout import MARK

if TYPE_CHECKING:
    from matgrad.certificate.derivation import Derivation

NOTATIONS = ("text", "unicode", "latex", "markdown", "html", "json")
_BARE = str.maketrans("", "", "".join(MARK))


def shown(derivation: Derivation, notation: str = "text") -> str:
    """A derivation in one of NOTATIONS.

    Raises NoForm for another.
    """
    found = _RENDERERS.get(notation)
    if found is None:
        raise NoForm(f"there is no form `{notation}`", hint=f"one of {', '.join(NOTATIONS)}")
    return found(derivation)


def _plain(notation: str) -> Callable[[Derivation], str]:
    def rendered(derivation: Derivation) -> str:
        found = page(derivation, notation)
        return "\n".join(_lines(found)).translate(_BARE)

    return rendered


def _lines(found: Page) -> Iterator[str]:
    yield found.title
    for name, value in found.names:
        yield ""
        yield f"  with {name} = {value}"
    yield from _rows(found)
    if found.conditions:
        yield ""
        yield f"  holds if {'; '.join(found.conditions)}"
    for name, lemma in found.lemmas:
        yield ""
        yield f"{name}: {lemma.title}"
        yield from _rows(lemma)


def _rows(found: Page) -> Iterator[str]:
    for row in found.rows:
        if row.left:
            yield ""
            yield f"  {row.left}"
        yield f"    = {row.right}"
        yield from (f"        {line}" for line in _notes(row))


def _notes(row: Row) -> Iterator[str]:
    for reason in row.reasons:
        cite = f"  [{reason.cite}]" if reason.cite else ""
        yield f"{_said(reason)}{cite}"
    if row.needs:
        yield f"needs {'; '.join(row.needs)}"
    if row.shapes:
        yield f"shapes {'; '.join(f'{name}: {shape}' for name, shape in row.shapes)}"


def _said(reason: Reason) -> str:
    statement = " ".join(filter(None, (reason.identity, reason.words and f"({reason.words})")))
    if not reason.identity:
        statement = reason.words
    return f"{reason.name}: {statement}"


def _latex(derivation: Derivation) -> str:
    found = page(derivation, "latex")
    lines = [*_aligned(found)]
    for name, lemma in found.lemmas:
        lines += [rf"\[ \text{{{name}}} \]", *_aligned(lemma)]
    return "\n".join(lines)


def _aligned(found: Page) -> Iterator[str]:
    if found.names:
        yield r"\[ " + r",\quad ".join(f"{name} = {value}" for name, value in found.names) + r" \]"
    yield r"\begin{align*}"
    for k, row in enumerate(found.rows):
        right = row.right.replace(MARK[0], r"{\color{#1558b0}").replace(MARK[1], "}")
        why = r",\; ".join(map(_reason_latex, row.reasons))
        end = "" if k == len(found.rows) - 1 else r" \\"
        yield rf"{row.left} &= {right} && {why}{end}"
    yield r"\end{align*}"


def _reason_latex(reason: Reason) -> str:
    name = rf"\text{{{reason.name}}}"
    if reason.identity:
        return rf"{name}:\ {reason.identity}"
    return rf"\text{{{reason.name}: {_escaped(reason.words)}}}"


def _escaped(words: str) -> str:
    return "".join(f"\\{c}" if c in "_&%#$" else c for c in words)


def _markdown(derivation: Derivation) -> str:
    found, formulas = page(derivation, "text"), page(derivation, "latex")
    lines = [f"**`{found.title}`**", ""]
    for name, value in formulas.names:
        lines += [f"with ${name} = {value}$", ""]
    lines += _numbered(found, formulas)
    if found.conditions:
        lines += ["", f"Holds if {'; '.join(found.conditions)}."]
    for (name, lemma), (_, formula) in zip(found.lemmas, formulas.lemmas, strict=True):
        lines += ["", f"**{name}**: ${formula.title}$", "", *_numbered(lemma, formula)]
    return "\n".join(lines).translate(_BARE)


def _numbered(found: Page, formulas: Page) -> Iterator[str]:
    """The rows as a numbered list; formulas in LaTeX, what is said of them from the text."""
    for number, (row, formula) in enumerate(zip(found.rows, formulas.rows, strict=True), 1):
        left = f"{formula.left} " if formula.left else ""
        yield f"{number}. ${left}= {formula.right}$"
        for reason, stated in zip(row.reasons, formula.reasons, strict=True):
            statement = f" ${stated.identity}$" if stated.identity else f" {reason.words}"
            cite = f" [{reason.cite}]" if reason.cite else ""
            yield f"   - {reason.name}:{statement}{cite}"
        if row.needs:
            yield f"   - needs {'; '.join(row.needs)}"
        if row.shapes:
            yield f"   - shapes {'; '.join(f'{name}: {shape}' for name, shape in row.shapes)}"


_RENDERERS: dict[str, Callable[[Derivation], str]] = {
    "text": _plain("text"),
    "unicode": _plain("unicode"),
    "latex": _latex,
    "markdown": _markdown,
    "html": html,
    "json": written,
}
