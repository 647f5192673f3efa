"""Letters: names, members of families, entries.

Floor 2.
"""

from __future__ import annotations

from matgrad.notation.latex.applications import applied
from matgrad.notation.latex.atoms import Atom
from matgrad.notation.latex.constants import differential, special
from matgrad.notation.latex.items import Item, Stretch, name
from matgrad.notation.latex.names import (
    Spelled,
    is_applicable,
    label_above,
    spelled,
    without_subscript,
)
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import with_scripts


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
    items = reference(page, atom, stretch.indexed)
    return Taken(with_scripts(items, atom, page.context(stretch.indexed)), at + 1)


def reference(page: Page, atom: Atom, indexed: bool) -> list[Item]:
    """What a letter with its subscript stands for, scripts above left out."""
    named = spelled(atom)
    end = atom.nucleus if atom.sub is None or not atom.is_bare else atom.end
    if named is None or (atom.sub is not None and not named.labels):
        bare = without_subscript(atom)
        base = spelled(bare)
        if base is None:
            raise page.problem(f"`{page.source(atom)}` is no name", atom)
        return [name(base.name, atom.start, atom.nucleus), *page.positions(atom, indexed)]
    if not named.labels:
        return [name(named.base, atom.start, end)]
    if _is_entry(page, atom, named, indexed):
        return [name(named.base, atom.start, atom.nucleus), *page.positions(atom, indexed)]
    return [name(page.declared(named) or named.name, atom.start, end)]


def _is_entry(page: Page, atom: Atom, named: Spelled, indexed: bool) -> bool:
    """Whether a subscript is the position of an entry.  Raises AmbiguityProblem where it may be."""
    base, labels = named.base, named.labels
    if page.declared(named):
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


def _are_positions(labels: tuple[str, ...]) -> bool:
    return all(label.isdigit() or len(label) == 1 for label in labels)
