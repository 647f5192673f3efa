"""Bars: what stands between single ones, and norms between double ones.

Floor 2.
"""

from __future__ import annotations

from matgrad.notation.latex.atoms import Atom, Row, plain_text, solid
from matgrad.notation.latex.items import Item, call, whole
from matgrad.notation.latex.page import Page
from matgrad.notation.latex.scripts import with_scripts

_NORMS = {"2": "‖2", "F": "normF", "1": "‖1", "infty": "‖∞", "*": "normnuc"}
_NORMS |= {"∗": "normnuc", "fro": "normF", "Fro": "normF", "nuc": "normnuc", "op": "‖2"}
_MENDS = {
    "max": r"the largest entry is `\max(\operatorname{abs}_{\odot}(X))`",
    "2,1": r"`\operatorname{sum}(\operatorname{vecnorm}(X, 1))` adds up the norms of the columns, "
    r"`\operatorname{sum}(\operatorname{vecnorm}(X, 2))` those of the rows",
}
_WEIGHTED = r"a weighted norm is x^\top A x, or \sqrt{x^\top A x}"


def bars(page: Page, atom: Atom, indexed: bool) -> list[Item]:
    """A determinant or an absolute value between bars, a norm between double ones."""
    inside: list[Item] = [whole(atom.inside, indexed)]
    start = atom.start
    context = page.context(indexed)
    if atom.text == "|":
        if atom.sub is not None:
            raise page.problem("bars with a subscript are not read", atom)
        items = call("|", (start, start), [inside], atom.nucleus)
        return with_scripts(items, atom, context)
    below = plain_text(atom.sub).replace(" ", "")
    name = _NORMS.get(below, "") if atom.sub is not None else "norm"
    arguments = [inside]
    if not name:
        only: Row = solid(atom.sub or [])
        if len(only) != 1 or only[0].kind not in ("letter", "number") or not below.islower():
            is_weight = len(only) == 1 and only[0].kind in ("letter", "accent")
            hint = _MENDS.get(below, _WEIGHTED if is_weight else None)
            raise page.problem(f"`{page.source(atom)}` is a norm that is not read", atom, hint)
        name, arguments = "norm", [inside, [whole(only)]]
    items = call(name, (start, start), arguments, atom.nucleus)
    return with_scripts(items, atom, context)
