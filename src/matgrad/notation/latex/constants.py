"""Constants and marks: e, i, I, unit vectors, deltas, and the d of a differential.

Floor 2.
"""

from __future__ import annotations

from matgrad.notation.latex.atoms import single, solid
from matgrad.notation.latex.items import Emit, Item, Stretch, call, name, number, whole, word
from matgrad.notation.latex.names import label_above, spelled
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import is_transpose, with_scripts
from matgrad.notation.tokens import Token

_STRUCTURED = {"K": "commutation", "D": "duplication", "L": "elimination", "J": "exchange"}
"""Sans serif letters that are matrices of zeros and ones, their sizes below."""


def special(page: Page, stretch: Stretch) -> Taken | None:
    """Constants: e to a power, the identity, unit vectors, the imaginary unit, deltas."""
    atom = stretch.row[stretch.at]
    text, known = atom.text, page.known.values
    named = spelled(atom)
    if atom.kind != "letter":
        return None
    if text == "e" and atom.sub is None and atom.sup is not None and text not in known:
        if is_transpose(atom.sup, frozenset(known)) or label_above(atom):
            return None
        place = atom.start, atom.nucleus
        return Taken(
            call("e^", place, [[whole(atom.sup, stretch.indexed)]], atom.end), stretch.at + 1
        )
    if text == "i" and atom.style == "upright" and atom.sub is None:
        unit: list[Item] = [Emit(Token("imaginary", "1", atom.start, atom.nucleus), True, True)]
        return _scripted(page, stretch, unit)
    if atom.sub is None:
        if text == "I" and atom.style in ("blackboard", "bold") and text not in known:
            return _scripted(page, stretch, [name("I", atom.start, atom.nucleus)])
        return None
    if named is not None and page.declared(named):
        return None
    below = named.labels if named is not None else ()
    if text == "delta" and len(below) == 2 and text not in known:
        if stretch.indexed:
            items = [name(text, atom.start, atom.nucleus), *page.positions(atom, True)]
            return _scripted(page, stretch, items)
        raise page.question(
            f"`{page.source(atom)}` is Kronecker's delta in index form, or a name",
            atom,
            "I is the identity; or declare the name",
        )
    if text == "I" and atom.style in ("", "bold", "upright", "blackboard") and text not in known:
        return constant(page, stretch)
    if text in _STRUCTURED and atom.style == "sans":
        return constant(page, stretch)
    if text == "e" and text not in known and text not in page.survey.plain and below:
        return _unit(page, stretch)
    return None


def _unit(page: Page, stretch: Stretch) -> Taken | None:
    """`e_i`, a unit vector whose size follows from its use."""
    atom = stretch.row[stretch.at]
    position = single(atom.sub)
    if position is None or position.kind not in ("letter", "number"):
        return None
    page.remarks[f"{page.source(atom)} is taken for a unit vector"] = None
    argument = word(
        position.text,
        (position.start, position.end),
        "name" if position.kind == "letter" else "number",
    )
    place = atom.start, atom.nucleus
    return _scripted(page, stretch, call("unit", place, [[argument]], atom.end))


def constant(page: Page, stretch: Stretch) -> Taken:
    """`I_n`, `\\mathbf{1}_{m \\times n}`, and letters in sans serif, with their sizes below."""
    atom = stretch.row[stretch.at]
    ones = {"0": "zeros", "1": "ones", "I": "eye"}
    function = ones.get(atom.text) or _STRUCTURED[atom.text]
    sizes: list[list[Item]] = []
    sub = solid(atom.sub or [])
    start = 0
    for at, part in enumerate([*sub, None]):
        if part is None or (part.kind == "sign" and part.text in ("×", ",")):
            if at > start:
                sizes.append([Stretch(sub, start, at)])
            start = at + 1
    if not sub and function == "zeros":
        items: list[Item] = [number("0", atom.start, atom.nucleus)]
        return _scripted(page, stretch, items)
    place = atom.start, atom.nucleus
    return _scripted(page, stretch, call(function, place, sizes, atom.nucleus))


def _scripted(page: Page, stretch: Stretch, items: list[Item]) -> Taken:
    atom = stretch.row[stretch.at]
    return Taken(with_scripts(items, atom, page.context(stretch.indexed)), stretch.at + 1)


def differential(page: Page, stretch: Stretch) -> Taken | None:
    """`\\mathrm{d}X`, a name of its own; an italic d in front of a letter is asked about."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    following = row[at + 1] if at + 1 < stretch.stop else None
    if atom.text != "d" or atom.is_scripted or following is None or page.known.has("d"):
        return None
    named = spelled(following)
    if atom.kind != "letter":
        return None
    if named is None:
        if following.kind in ("word", "fence") or atom.style == "upright":
            hint = "write the derivative, \\frac{\\partial}{\\partial X}, or declare d"
            raise page.problem("the differential of an expression is not read", atom, hint)
        return None
    if atom.style == "upright":
        end = following.end if following.is_bare else following.nucleus
        if named.base[0].isupper():
            page.matrices.add(f"d{named.name}")
        items: list[Item] = [name(f"d{named.name}", atom.start, end)]
        return Taken(with_scripts(items, following, page.context(stretch.indexed)), at + 2)
    if not page.known.asks:
        return None
    shown = page.source(following)
    raise page.question(
        f"`d{shown}` is a differential or a product",
        atom,
        f"`\\mathrm{{d}}{shown}` is the differential, `d\\,{shown}` the product",
    )
