"""Letters: names, members of families, entries.

Floor 2.
"""

from __future__ import annotations

from matgrad.notation.latex.applications import applied, needs_brackets
from matgrad.notation.latex.atoms import Atom, plain_text, single
from matgrad.notation.latex.constants import differential, special
from matgrad.notation.latex.items import Item, Stretch, call, name, whole
from matgrad.notation.latex.names import (
    Spelled,
    is_applicable,
    label_above,
    labels_of,
    spelled,
    without_subscript,
)
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import is_transpose, with_scripts


def letter(page: Page, stretch: Stretch) -> Taken:
    """A letter with all that belongs to it, or an accent or a word that is a name."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    found = special(page, stretch) or differential(page, stretch)
    if found is not None:
        return found
    named = spelled(atom)
    if named is not None and named.style == "blackboard":
        raise page.problem("sets and expectations are not read", atom)
    label = label_above(atom)
    if named is not None and label and not (label.isdigit() and is_applicable(row, at)):
        named = named._replace(labels=(*named.labels, label))
        return Taken([name(named.name, atom.start, atom.end)], at + 1)
    if named is not None and is_applicable(row, at) and at + 1 < stretch.stop:
        found = applied(page, stretch, named)
        if found is not None:
            return found
    _check_square_brackets(page, stretch, named)
    items = reference(page, atom, stretch.indexed)
    if len(items) > 1 and not stretch.indexed and page.known.asks:
        _check_turned(page, atom)
    return Taken(with_scripts(items, atom, page.context(stretch.indexed)), at + 1)


def _check_turned(page: Page, atom: Atom) -> None:
    """Ask about `A_{ij}^{-1}`: an entry of the inverse, or the inverse of an entry."""
    labels = labels_of(atom.sub) or ()
    turned = plain_text(atom.sup) == "- 1" or is_transpose(atom.sup, frozenset(page.known.values))
    if len(labels) < 2 or not turned:
        return
    shown = page.text[atom.start : atom.nucleus]
    above = "-1" if plain_text(atom.sup) == "- 1" else "T"
    below = ",".join(labels)
    raise page.question(
        f"`{page.source(atom)}` has more than one reading",
        atom,
        f"`({shown}^{{{above}}})_{{{below}}}` is an entry of what stands above, "
        f"`({shown}_{{{below}}})^{{{above}}}` that of an entry",
    )


def _check_square_brackets(page: Page, stretch: Stretch, named: Spelled | None) -> None:
    """Ask about `E[x]`, where a product would need no brackets."""
    row, at = stretch.row, stretch.at
    following = row[at + 1] if at + 1 < stretch.stop else None
    if named is None or following is None or following.kind != "fence" or following.text != "[":
        return
    certain = page.is_value(page.declared(named) or named.name) and named.name in page.known.values
    if certain or needs_brackets(page, following) or not page.known.asks or not following.inside:
        return
    shown, inside = page.source(row[at]), page.inside(following)
    raise page.question(
        f"`{shown}[{inside}]` has more than one reading",
        row[at],
        f"`{shown}\\,({inside})` is the product, `{shown}({inside})` a function of its argument; "
        "expectations are not read",
    )


def accent(page: Page, stretch: Stretch) -> Taken:
    """A letter with an accent, or a conjugate."""
    atom = stretch.row[stretch.at]
    if atom.text == "overline":
        only = single(atom.inside)
        named = only.text if only is not None and only.kind in ("letter", "word") else ""
        is_name = only is not None and bool(named) and only.style != "sans" and only.is_bare
        is_real = named in page.known.values or (only is not None and only.sub is not None)
        if is_name and is_real and named not in page.known.complex and page.known.asks:
            raise page.question(
                f"`{page.source(atom)}` is a conjugate or a name, and {named} is real",
                atom,
                f"\\bar{{{named}}} is a name",
            )
        if not is_name or named in page.known.complex:
            items = call("conj", (atom.start, atom.start), [[whole(atom.inside)]], atom.nucleus)
            items = with_scripts(items, atom, page.context(stretch.indexed))
            return Taken(items, stretch.at + 1)
    return letter(page, stretch)


def reference(page: Page, atom: Atom, indexed: bool) -> list[Item]:
    """What a letter with its subscript stands for, scripts above left out."""
    named = spelled(atom)
    end = atom.nucleus if atom.sub is None or not atom.is_bare else atom.end
    if named is None or (atom.sub is not None and not named.labels):
        bare = without_subscript(atom)
        base = spelled(bare)
        if base is None:
            raise page.problem(f"`{page.source(atom)}` is no name", atom)
        _check_position(page, atom, base, indexed)
        return [name(base.name, atom.start, atom.nucleus), *page.positions(atom, indexed)]
    if not named.labels:
        return [name(named.base, atom.start, end)]
    if _is_entry(page, atom, named, indexed):
        return [name(named.base, atom.start, atom.nucleus), *page.positions(atom, indexed)]
    return [name(page.declared(named) or named.name, atom.start, end)]


def _is_entry(page: Page, atom: Atom, named: Spelled, indexed: bool) -> bool:
    """Whether a subscript is the position of an entry.  Raises AmbiguityProblem where it may be."""
    base, labels = named.base, named.labels
    if page.declared(named) or named.name in page.survey.indices or atom.sub is None:
        return False
    if indexed:
        return all(len(label) == 1 or label.isdigit() for label in labels)
    if any(part.kind == "sign" for part in atom.sub or []):
        return True
    known, indices = page.known, page.survey.indices
    bound = [label in indices for label in labels]
    if base in known.families:
        return False
    order = known.values.get(base)
    if order is not None and (any(bound) or order > 2):
        return order >= len(labels)
    if any(bound):
        return not all(bound) or len(labels) > 1
    if order is not None:
        return order == len(labels)
    if not _are_positions(labels) or base in known.functions:
        return False
    is_plain, letters = base in page.survey.plain, not any(map(str.isdigit, labels))
    if is_plain and letters and (len(labels) > 1 or labels[0] in page.survey.positions):
        return True
    if not known.asks or not (is_plain or (letters and len(labels) > 1)):
        return False
    shown = page.text[atom.start : atom.nucleus]
    below = ",".join("".join(labels)) if len("".join(labels)) > 1 else labels[0]
    beside = f" beside `{shown}`" if is_plain else ""
    raise page.question(
        f"`{page.source(atom)}`{beside} may be an entry or a name of its own",
        atom,
        f"`({shown})_{{{below}}}` is the entry; declare `{named.name}`, as in "
        f"given='{named.name}: scalar', for a name",
    )


def _check_position(page: Page, atom: Atom, base: Spelled, indexed: bool) -> None:
    """Ask about `x_{k+1}`, unless x is an array for certain."""
    known = page.known.values.get(base.name) is not None or base.name in page.survey.plain
    parts = {part.text for part in atom.sub or []}
    if known or indexed or ":" in parts or parts & page.survey.indices or not page.known.asks:
        return
    shown, below = page.text[atom.start : atom.nucleus], page.text[atom.nucleus : atom.end]
    raise page.question(
        f"`{page.source(atom)}` may be an entry or a name of its own",
        atom,
        f"`({shown}){below}` is the entry; a name is declared without signs in it",
    )


def _are_positions(labels: tuple[str, ...]) -> bool:
    return all(label.isdigit() or len(label) == 1 for label in labels)
