"""Which nodes of an index form carry its letters, by themselves or inside.

Floor 2.  Sums, products, quotients and powers of what carries letters, and sums of it over an
index, are the structure of the form; they are of entries.  All else is read by the ordinary rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matgrad.core.errors import SyntaxProblem
from matgrad.notation.integers import is_over_index
from matgrad.notation.sheet import Sheet
from matgrad.notation.tree import Node, Position

STRUCTURE = frozenset(("plus", "minus", "neg", "times", "over", "power", "dotpower", "dottimes"))
Inside = Mapping[int, frozenset[str]]


def carriers(sheet: Sheet, root: int, inside: Inside) -> set[int]:
    """The nodes under `root` that carry letters, by themselves or through what they are made of."""
    found: set[int] = set()
    for own in range(sheet.nodes[root].first, root + 1):
        node = sheet.nodes[own]
        structural = _is_structure(sheet, node) and not found.isdisjoint(node.args)
        if structural or has_letters(sheet, node) or own in inside:
            found.add(own)
    return found


def letters_inside(sheet: Sheet, root: int, axes: Iterable[str]) -> Inside:
    """The letters of a form that stand inside each node, as positions of units and of entries.

    They are those in front, `axes`, and those at which its structure has entries.  An index form
    inside has letters of its own only.
    """
    nodes, bound = sheet.nodes, _bound(sheet, root, axes)
    found: dict[int, frozenset[str]] = {}
    for own in range(nodes[root].first, root + 1):
        node = nodes[own]
        if node.head == "indexed":
            continue
        names = {name for arg in node.args for name in found.get(arg, ())}
        if node.head == "index":
            names |= bound.intersection(map(str, node.data))
        elif node.head == "call" and node.name == "unit" and node.args:
            place = nodes[node.args[0]]
            if place.head == "name" and place.name in bound:
                names.add(place.name)
        if names:
            found[own] = frozenset(names)
    return found


def _is_structure(sheet: Sheet, node: Node) -> bool:
    return node.head in STRUCTURE or is_over_index(sheet, node)


def _bound(sheet: Sheet, root: int, axes: Iterable[str]) -> set[str]:
    found = set(axes)
    stack = [root]
    while stack:
        node = sheet.nodes[stack.pop()]
        if _is_structure(sheet, node):
            stack += node.args
        elif has_letters(sheet, node):
            found.update(map(str, node.data))
    return found


def has_letters(sheet: Sheet, node: Node) -> bool:
    """Whether a node is an array at letters, rather than an entry at numbers or at the indices of
    sums."""
    return node.head == "index" and all(_is_letter(sheet, position) for position in node.data)


def _is_letter(sheet: Sheet, position: Position) -> bool:
    return isinstance(position, str) and position not in sheet.indices


def check_positions(sheet: Sheet, node: Node) -> None:
    """Raise SyntaxProblem for an entry at a letter and a number."""
    if node.head == "index" and any(_is_letter(sheet, position) for position in node.data):
        raise SyntaxProblem(
            "in index form an entry has letters only, or numbers only",
            text=node.text,
            span=node.span,
        )
