"""Sums over an index: the sign, its bounds, and the term it stands before.

Floor 2.
"""

from __future__ import annotations

from matgrad.notation.latex.atoms import Atom, Row, solid
from matgrad.notation.latex.items import (
    Emit,
    Item,
    Stretch,
    call,
    closing,
    grouped,
    sign,
    whole,
    word,
)
from matgrad.notation.latex.names import spelled
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.tokens import Token

_SPAN = "as in \\sum_{i=1}^{N} x_i, or \\sum_i x_i"


def index_sum(page: Page, stretch: Stretch) -> Taken:
    """A sum; what it adds up goes to the end of the term."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    sub = solid(atom.sub or [])
    if not sub:
        hint = f"{_SPAN}; \\operatorname{{sum}}(x) adds up all entries"
        raise page.problem("this sum has no index below it", atom, hint)
    stop = page.term_end(stretch, at + 1)
    body: list[Item] = [Stretch(row, at + 1, stop, stretch.indexed)]
    if page.next(stretch._replace(stop=stop)) is None:
        raise page.problem("nothing stands behind this sum", atom)
    end = row[stop - 1].end
    equals = [place for place, part in enumerate(sub) if part.text == "="]
    if equals:
        items = _bounded(page, atom, sub, equals, body, end)
    else:
        items = _ranging(page, atom, sub, body, end)
    return Taken(items, stop)


def _index(page: Page, atom: Atom, part: Atom | None) -> str:
    named = None if part is None else spelled(part)
    if part is None or named is None or not part.is_bare:
        raise page.problem("the index of a sum is a letter", part or atom, _SPAN)
    return page.declared(named) or named.name


def _bounded(
    page: Page, atom: Atom, sub: Row, equals: list[int], body: list[Item], end: int
) -> list[Item]:
    """`\\sum_{i=1}^{N}`; with `i,j=1` both indices have the bounds."""
    if len(equals) > 1 or not solid(atom.sup or []):
        raise page.problem("a sum has one range, from below to above", atom, _SPAN)
    place = atom.start, atom.nucleus
    for part in reversed([part for part in sub[: equals[0]] if part.text != ","]):
        index = _index(page, atom, part)
        span: list[Item] = [
            word(index, (part.start, part.end)),
            sign("=", *place),
            Stretch(sub, equals[0] + 1, len(sub)),
            sign("..", *place),
            whole(atom.sup or []),
        ]
        body = call("sum", place, [span, body], end)
    return body


def _ranging(page: Page, atom: Atom, sub: Row, body: list[Item], end: int) -> list[Item]:
    """`\\sum_i`, over all values of i."""
    if atom.sup is not None:
        raise page.problem("a sum with an upper bound has a lower one", atom, _SPAN)
    place = atom.start, atom.nucleus
    for part in reversed([part for part in sub if part.text != ","]):
        index = _index(page, atom, part)
        head: Item = Emit(Token("name", f"sum_{index}", *place), True)
        inner = grouped(body, atom.nucleus, end)
        opened = inner[0]
        assert isinstance(opened, Emit)
        body = [head, opened._replace(begins=False), *inner[1:-1], closing(")", end)]
        body = grouped(body, atom.start, end)
    return body
