"""Derivatives of unknown functions: `\\frac{\\partial f(X)}{\\partial X}`, `\\mathrm{D}f(X)`.

Floor 2.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.notation.latex.atoms import Atom, Row, plain_text, solid
from matgrad.notation.latex.items import Emit, Item, Place, Stretch, call, sign, whole, word
from matgrad.notation.latex.names import is_applicable, spelled
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import with_scripts


class Variable(NamedTuple):
    """What one differentiates by, and how many times."""

    atom: Atom
    times: int


class Unknown(NamedTuple):
    """An unknown function of bare symbols, `points` its arguments as a derivative tensor has them,
    `slots` which of them each variable is."""

    name: Item
    symbols: list[Item]
    points: list[list[Item]]
    slots: list[int]
    place: Place

    def applied(self) -> list[Item]:
        """The function at its symbols."""
        assert isinstance(self.name, Emit)
        arguments = [[symbol] for symbol in self.symbols]
        return call(self.name.token.text, self.place, arguments, self.place[1])


def unknown_function(
    page: Page, body: Row, variables: list[Variable], order: int
) -> Unknown | None:
    """The unknown function that is differentiated, by a name, `f`, or at symbols, `f(A, X)`; None
    for anything else, such as `X^{-1}`, or one of the variables."""
    function = spelled(body[0])
    if function is None or not body[0].is_bare:
        return None
    if (len(body) > 1 or body[0].kind == "word") and page.is_value(function.name):
        return None
    if page.declared(function) is not None and function.name not in page.known.functions:
        return None
    by = [v.atom for v in variables for _ in range(v.times)]
    wanted = [_symbol(page, variable) for variable in by]
    place = body[0].start, body[0].nucleus
    name = word(function.name, place)
    if len(body) == 1:
        names = {spelled(variable) for variable in by}
        if function in names or function.base in {named.base for named in names if named}:
            return None
        if len(names) > 1:
            raise page.problem(
                f"what {function.name} depends on is not said",
                body[0],
                f"write {function.name}({', '.join(dict.fromkeys(wanted))})",
            )
        only = spelled(by[0])
        if only is not None and len(only.labels) > 1 and page.declared(only) is None:
            raise page.question(
                f"`{page.source(by[0])}` is an entry or a name of its own",
                by[0],
                f"`{function.name}({only.base})` above for an entry; or declare `{only.name}`",
            )
        symbols: list[Item] = [word(wanted[0], place)]
        return Unknown(name, symbols, [_point(page, by[0])], [0] * order, place)
    if len(body) != 2 or not is_applicable(body, 0) or body[1].is_scripted:
        return None
    arguments = [solid(part) for part in _split(body[1].inside)]
    spellings = [spelled(part[0]) if len(part) == 1 else None for part in arguments]
    bare = [found.name for found in spellings if found is not None]
    if len(bare) < len(spellings) or not set(wanted) <= set(bare):
        return None
    slots = [bare.index(symbol) for symbol in wanted]
    points: list[list[Item]] = [[word(symbol, place)] for symbol in bare]
    for slot, variable in zip(slots, by, strict=True):
        points[slot] = _point(page, variable)
    return Unknown(name, [word(symbol, place) for symbol in bare], points, slots, place)


def tensor(page: Page, stretch: Stretch, unknown: Unknown) -> Taken:
    """The derivative tensor of an unknown function, an operand."""
    atom = stretch.row[stretch.at]
    order, place = len(unknown.slots), unknown.place
    arguments = [[unknown.name], *unknown.points]
    front = f"D{order if order > 1 else ''}"
    items = call(front, (atom.start, atom.start), arguments, atom.nucleus)
    if len(unknown.points) > 1:
        tail: list[Item] = [sign(";", *place)]
        for position, slot in enumerate(unknown.slots):
            tail += [sign(",", *place)] * (position > 0)
            tail.append(word(str(slot + 1), place, "number"))
        items[-1:-1] = tail
    return Taken(with_scripts(items, atom, page.context(stretch.indexed)), stretch.at + 1)


def _symbol(page: Page, atom: Atom) -> str:
    """The symbol that a variable is an entry of, or is."""
    named = spelled(atom)
    if named is not None and named.name in page.survey.values | page.known.values.keys():
        if named.labels and named.base in page.survey.plain:
            return named.base
        return named.name
    return atom.text


def _point(page: Page, atom: Atom) -> list[Item]:
    """A variable as the point of a derivative tensor, an entry with its positions."""
    named = spelled(atom)
    end = atom.end if atom.is_bare else atom.nucleus
    if named is not None and (not named.labels or named.name in page.known.values):
        return [word(named.name, (atom.start, end))]
    base = _symbol(page, atom)
    if named is not None and base == named.name:
        return [word(named.name, (atom.start, end))]
    return [word(base, (atom.start, atom.nucleus)), *page.positions(atom, True)]


def _split(row: Row) -> list[Row]:
    """The parts of a row between its commas."""
    parts: list[Row] = [[]]
    for atom in row:
        if atom.kind == "sign" and atom.text == ",":
            parts.append([])
        else:
            parts[-1].append(atom)
    return parts


def operator_of(page: Page, stretch: Stretch) -> Taken | None:
    """`\\mathrm{D}_{1,2}^{2} f(A, X)`: the derivative tensor at any point."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    following = row[at + 1] if at + 1 < stretch.stop else None
    if atom.text != "D" or atom.style != "upright" or following is None:
        return None
    if not is_applicable(row, at + 1) or (function := spelled(following)) is None:
        return None
    fence = row[at + 2]
    order = plain_text(atom.sup) or "1"
    place = atom.start, atom.nucleus
    own: list[Item] = [word(function.name, (following.start, following.end))]
    points: list[list[Item]] = [[whole(part, stretch.indexed)] for part in _split(fence.inside)]
    items = call(f"D{order if order != '1' else ''}", place, [own, *points], fence.nucleus)
    if atom.sub is not None:
        items[-1:-1] = [sign(";", *place), whole(atom.sub)]
    items += page.positions(fence, stretch.indexed) if fence.sub is not None else []
    return Taken(with_scripts(items, fence, page.context(stretch.indexed)), at + 3)
