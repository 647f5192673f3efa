"""A derivation as one HTML page that needs nothing else.

Floor 4.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from matgrad.certificate.page import Row, page
from matgrad.notation.layout import MARK

if TYPE_CHECKING:
    from matgrad.certificate.derivation import Derivation

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee3;
        --paper: #fffefb; --new: #fdf1c7; --rule: #1558b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a0a8b0; --line: #3a4046;
        --paper: #16191d; --new: #4a4120; --rule: #8ab4f8; } }
body { margin: 2.5rem auto; max-width: 60rem; padding: 0 1.25rem; color: var(--ink);
       background: var(--paper); font: 1rem/1.55 Georgia, 'Times New Roman', serif; }
h1 { font-size: 1.3rem; font-weight: normal; }
.math { font-family: 'STIX Two Math', 'Cambria Math', 'Latin Modern Math', 'DejaVu Serif', serif;
        font-size: 1.12rem; overflow-wrap: anywhere; }
ol { list-style: none; padding: 0; border-top: 1px solid var(--line); }
ol > li { border-bottom: 1px solid var(--line); padding: .7rem 0; }
.left { display: block; margin-bottom: .25rem; }
.right { display: block; padding-left: 2rem; text-indent: -1.3rem; }
mark { background: var(--new); color: inherit; border-radius: .2em; padding: 0 .1em; }
ul { list-style: none; margin: .35rem 0 0; padding-left: 2rem; color: var(--soft);
     font-size: .9rem; }
ul .math { font-size: 1rem; color: var(--ink); }
.rule { color: var(--rule); }
cite { font-style: normal; }
details { color: var(--soft); font-size: .9rem; margin-top: .4rem; padding-left: 2rem; }
summary { cursor: pointer; }
body > details { padding-left: 0; }
footer { color: var(--soft); font-size: .9rem; }
"""


def html(derivation: Derivation) -> str:
    """The derivation as a self-contained page."""
    found = page(derivation, "unicode")
    title = escape(_bare(found.title))
    names = "".join(
        f'<p>with <span class="math">{escape(name)} = {escape(_bare(value))}</span></p>\n'
        for name, value in found.names
    )
    conditions = "; ".join(found.conditions)
    holds = f"<footer>Holds if {escape(conditions)}.</footer>\n" if conditions else ""
    lemmas = "".join(
        f'<details><summary>{escape(name)}: <span class="math">{escape(_bare(lemma.title))}</span>'
        f"</summary>{_rows(lemma.rows)}</details>\n"
        for name, lemma in found.lemmas
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 class="math">{title}</h1>\n{names}{_rows(found.rows)}{holds}{lemmas}'
        "</body>\n</html>\n"
    )


def _rows(rows: tuple[Row, ...]) -> str:
    return "<ol>\n" + "\n".join(map(_row, rows)) + "\n</ol>\n"


def _row(row: Row) -> str:
    left = f'<span class="math left">{escape(_bare(row.left))}</span>' if row.left else ""
    right = escape(row.right).replace(MARK[0], "<mark>").replace(MARK[1], "</mark>")
    notes = []
    for reason in row.reasons:
        stated = f' <span class="math">{escape(_bare(reason.identity))}</span>'
        said = stated if reason.identity else ""
        words = f" {escape(reason.words)}" if reason.words else ""
        cite = f" <cite>[{escape(reason.cite)}]</cite>" if reason.cite else ""
        name = f'<span class="rule">{escape(reason.name)}</span>'
        notes.append(f"<li>{name}:{said}{words}{cite}</li>")
    if row.needs:
        notes.append(f"<li>needs {escape('; '.join(row.needs))}</li>")
    if row.shapes:
        shapes = "; ".join(f"{name}: {shape}" for name, shape in row.shapes)
        notes.append(f"<li>shapes {escape(_bare(shapes))}</li>")
    folded = ""
    if row.inside:
        steps = f"{len(row.inside)} smaller steps"
        folded = f"<details><summary>{steps}</summary>{_rows(row.inside)}</details>"
    line = f'{left}<span class="math right">= {right}</span>'
    return f"<li>{line}<ul>{''.join(notes)}</ul>{folded}</li>"


def _bare(text: str) -> str:
    return text.replace(MARK[0], "").replace(MARK[1], "")
