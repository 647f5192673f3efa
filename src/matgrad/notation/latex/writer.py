"""The writer: what atoms mean, as tokens of the grammar at their places in the LaTeX text.

Floor 2.  A stack of items is worked off; nothing recurses.  Names are in `letters`, functions in
`functions`, derivatives in `derivatives`, scripts in `scripts`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, final

from matgrad.core.errors import AmbiguityProblem, BudgetExceeded
from matgrad.notation.latex import derivatives, sums, tensors, words
from matgrad.notation.latex.applications import mapped
from matgrad.notation.latex.atoms import single, solid
from matgrad.notation.latex.bars import bars
from matgrad.notation.latex.build import Builder
from matgrad.notation.latex.constants import constant
from matgrad.notation.latex.functions import function, root
from matgrad.notation.latex.items import (
    Emit,
    Item,
    Stretch,
    arguments_of,
    call,
    closing,
    grouped,
    infix,
    opening,
    sign,
    whole,
    word,
)
from matgrad.notation.latex.letters import accent, letter
from matgrad.notation.latex.names import Known, is_applicable, survey
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import with_scripts
from matgrad.notation.tokens import MAX_TOKENS, Token


@final
class Translation(NamedTuple):
    """The tokens of a LaTeX text, which letters are bold, with or without a subscript, which names
    are those of matrices in spite of their spelling, and what a reader should know of how the text
    was taken."""

    tokens: list[Token]
    bold: dict[str, set[bool]]
    matrices: set[str]
    remarks: tuple[str, ...]


def translate(text: str, known: Known) -> Translation:
    """The tokens of `text`, with an `end` token last.

    Raises SyntaxProblem, AmbiguityProblem and BudgetExceeded, with the place in the LaTeX text.
    """
    atoms = Builder(text).build()
    found = survey(atoms, text, known)
    page = Page(text, known, found, atoms)
    tokens = _written(page, Stretch(atoms, 0, len(atoms), side=True))
    tokens.append(Token("end", "", len(text), len(text)))
    return Translation(tokens, found.bold, page.matrices, tuple(page.remarks))


def _written(page: Page, first: Stretch) -> list[Token]:
    tokens: list[Token] = []
    items: list[Item] = [first]
    after_operand = False
    while items:
        item = items.pop()
        if isinstance(item, Emit):
            if item.begins and after_operand:
                place = item.token.start
                tokens.append(Token("sign", "*", place, place))
            tokens.append(item.token)
            after_operand = item.ends
            if len(tokens) > MAX_TOKENS:
                raise BudgetExceeded(
                    f"the text has more than {MAX_TOKENS:,} signs, names and numbers"
                )
            continue
        row, at, stop, indexed, side = item
        while at < stop and row[at].kind == "space":
            at += 1
        if at == stop:
            continue
        taken = _HANDLERS[row[at].kind](page, Stretch(row, at, stop, indexed, side))
        if taken.at < stop:
            items.append(Stretch(row, taken.at, stop, indexed, taken.side))
        items += reversed(taken.items)
    return tokens


# One atom each


def _number(page: Page, stretch: Stretch) -> Taken:
    row, at = stretch.row, stretch.at
    atom = row[at]
    if atom.style in ("bold", "blackboard") and atom.text in ("0", "1"):
        return constant(page, stretch)
    if atom.sub is not None:
        raise page.problem("a number has no subscript", atom)
    following = page.next(stretch)
    if following is not None and following.kind == "number" and not following.style:
        raise page.problem("two numbers side by side", following, "a product is written \\cdot")
    item: list[Item] = [Emit(Token("number", atom.text, atom.start, atom.nucleus), True, True)]
    return Taken(with_scripts(item, atom, page.context(stretch.indexed)), at + 1)


def _sign(page: Page, stretch: Stretch) -> Taken:
    row, at = stretch.row, stretch.at
    atom = row[at]
    if atom.is_scripted:
        raise page.problem(f"`{page.source(atom)}` has a script, which is not read", atom)
    if atom.text == ":" and (after := page.next(stretch)) is not None and after.text == "=":
        return Taken([], at + 1)
    if atom.text[:1] == "\\" or atom.text in ("⋆", "."):
        raise page.problem(f"`{page.source(atom)}` cannot stand here", atom)
    if atom.text == "/":
        _check_quotient(page, stretch)
    if atom.text == "*" and page.source(atom) != "*" and _joins_vectors(page, stretch):
        return Taken([infix("·", atom)], at + 1)
    ends_side = atom.text == "=" and stretch.stop == len(row)
    return Taken([infix(atom.text, atom)], at + 1, ends_side and row is page.top)


def _joins_vectors(page: Page, stretch: Stretch) -> bool:
    """Whether a dot stands between two vectors: letters in bold, or declared as such."""
    sides = page.before(stretch), page.next(stretch)
    return all(side is not None and side.is_bare and page.is_vector(side) for side in sides)


def _check_quotient(page: Page, stretch: Stretch) -> None:
    """`a/b c` is read in two ways, except for a number in front: `1/2 x`."""
    row, at = stretch.row, stretch.at
    below = page.next(stretch)
    place = at + 1 if below is None else row.index(below, at)
    after = page.next(stretch._replace(at=place))
    if below is None or after is None or after.kind == "sign" or not page.known.asks:
        return
    before = page.before(stretch)
    is_number = before is not None and before.kind == below.kind == "number"
    if is_number and row[place + 1].kind == "space":
        return
    if below.kind == "word" or (after.kind == "fence" and below.kind == "letter"):
        return
    one, other = page.source(below), page.source(after)
    raise AmbiguityProblem(
        f"`/{one} {other}` divides by {one} or by the product",
        text=page.text,
        span=(row[at].start, after.end),
        hint=f"write `\\frac{{…}}{{{one}}}\\,{other}` or `\\frac{{…}}{{{one} {other}}}`",
    )


def _fence(page: Page, stretch: Stretch) -> Taken:
    row, at, _, indexed, _ = stretch
    atom = row[at]
    if not solid(atom.inside):
        raise page.problem("nothing stands in these brackets", atom)
    if atom.text in ("|", "‖"):
        return Taken(bars(page, atom, indexed), at + 1)
    context = page.context(indexed)
    if atom.text == "⟨":
        parts = arguments_of(atom.inside, indexed)
        if len(parts) != 2:
            raise page.problem("an inner product has two operands with a comma between", atom)
        items = call("inner", (atom.start, atom.start), parts, atom.nucleus)
        return Taken(with_scripts(items, atom, context), at + 1)
    items = page.bracketed(atom, indexed)
    return Taken(with_scripts(items, atom, context), at + 1)


def _group(page: Page, stretch: Stretch) -> Taken:
    """Braces, which do not show: what they hold must be one thing where that matters."""
    row, at, _, indexed, _ = stretch
    atom = row[at]
    inside = solid(atom.inside)
    only = single(inside)
    if only is not None and only.kind == "word" and words.is_function(only.text):
        return function(page, stretch, only)
    if not inside:
        if atom.is_scripted:
            raise page.problem("a script stands behind nothing", atom)
        return Taken([], at + 1)
    if atom.sub is not None:
        raise page.problem("a subscript belongs to a letter, or to brackets", atom)
    alone = page.next(stretch) is None and page.before(stretch) is None and not atom.is_scripted
    is_sum = page.is_sum(atom.inside)
    if is_sum and not alone and page.known.asks:
        raise AmbiguityProblem(
            f"the braces of `{page.source(atom)}` do not show on the page",
            text=page.text,
            span=(atom.start, atom.end),
            hint=f"write `\\left({page.inside(atom)}\\right)` if they are brackets",
        )
    if not atom.is_scripted:
        return Taken([whole(atom.inside, indexed)], at + 1)
    items = grouped([whole(atom.inside, indexed)], atom.start, atom.nucleus)
    return Taken(with_scripts(items, atom, page.context(indexed)), at + 1)


def _fraction(page: Page, stretch: Stretch) -> Taken:
    row, at, _, indexed, _ = stretch
    atom = row[at]
    found = derivatives.quotient(page, stretch)
    if found is not None:
        return found
    if atom.sub is not None:
        raise page.problem("a subscript belongs to a letter, or to brackets", atom)
    above, below = atom.parts
    if not solid(above) or not solid(below):
        raise page.problem("a fraction has something above and below its line", atom)
    items = grouped(
        [
            *grouped([whole(above, indexed)], above[0].start, above[-1].end),
            sign("/", atom.start, atom.nucleus),
            *grouped([whole(below, indexed)], below[0].start, below[-1].end),
        ],
        atom.start,
        atom.nucleus,
    )
    return Taken(with_scripts(items, atom, page.context(indexed)), at + 1)


def _grid(page: Page, stretch: Stretch) -> Taken:
    """A block array."""
    row, at, _, indexed, _ = stretch
    atom = row[at]
    items: list[Item] = [opening("[", atom.start)]
    cells = iter(atom.parts)
    for line, width in enumerate(atom.widths):
        if line:
            items.append(sign(";", atom.start, atom.start))
        for column in range(width):
            cell = next(cells)
            if not solid(cell):
                raise page.problem("a cell of this array is empty", atom, "write 0")
            if column:
                items.append(sign(",", cell[0].start, cell[0].start))
            items.append(whole(cell, indexed))
    items.append(closing("]", atom.nucleus))
    if atom.sub is not None:
        items += page.positions(atom, indexed)
    return Taken(with_scripts(items, atom, page.context(indexed)), stretch.at + 1)


def _word(page: Page, stretch: Stretch) -> Taken:
    atom = stretch.row[stretch.at]
    if atom.text == "where" and not is_applicable(stretch.row, stretch.at):
        return Taken([word("where", (atom.start, atom.end))], stretch.at + 1)
    if " " in atom.text or atom.text[0].isdigit() or atom.text in words.ENGLISH:
        raise page.problem(
            f"`{page.source(atom)}`: words are not read", atom, "say facts beside: given='t > 0'"
        )
    if page.is_function(atom.text) and atom.text not in page.known.values:
        return function(page, stretch, atom)
    return letter(page, stretch)


def _letter(page: Page, stretch: Stretch) -> Taken:
    found = tensors.operator_of(page, stretch) or mapped(page, stretch)
    return found or letter(page, stretch)


_HANDLERS: dict[str, Callable[[Page, Stretch], Taken]] = {
    "letter": _letter,
    "word": _word,
    "number": _number,
    "sign": _sign,
    "big": sums.index_sum,
    "partial": derivatives.partial,
    "nabla": derivatives.nabla,
    "group": _group,
    "fence": _fence,
    "fraction": _fraction,
    "root": root,
    "accent": accent,
    "grid": _grid,
}
