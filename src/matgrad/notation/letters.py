"""Which nodes of an index form carry its letters, by themselves or inside.

Floor 2.  Sums, products, quotients and powers of what carries letters, and sums of it over an
index, are the structure of the form; they are of entries.  All else is read by the ordinary rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from matgrad.core.dims import names_of
from matgrad.notation.integers import is_over_index
from matgrad.notation.parts import names_in
from matgrad.notation.sheet import Sheet
from matgrad.notation.tree import Node

STRUCTURE = frozenset(("plus", "minus", "neg", "times", "over", "power", "dotpower", "dottimes"))
Inside = Mapping[int, frozenset[str]]


def carriers(sheet: Sheet, root: int, inside: Inside, numbers: frozenset[str]) -> set[int]:
    """The nodes under `root` that carry letters, by themselves or through what they are made of."""
    found: set[int] = set()
    for own in range(sheet.nodes[root].first, root + 1):
        node = sheet.nodes[own]
        structural = _is_structure(sheet, node) and not found.isdisjoint(node.args)
        if structural or has_letters(node, numbers) or own in inside:
            found.add(own)
    return found


def letters_inside(sheet: Sheet, root: int, axes: Iterable[str], numbers: frozenset[str]) -> Inside:
    """The letters of a form that stand inside each node, as positions of units and of entries.

    They are those in front, `axes`, and those at which its structure has entries.  An index form
    inside has letters of its own only.
    """
    nodes, bound = sheet.nodes, _bound(sheet, root, axes, numbers)
    found: dict[int, frozenset[str]] = {}
    for own in range(nodes[root].first, root + 1):
        node = nodes[own]
        if node.head == "indexed":
            continue
        names = {name for arg in node.args for name in found.get(arg, ())}
        if node.head == "index":
            names |= bound.intersection(map(str, node.data))
        elif node.head == "part":
            names |= bound.intersection(names_in(sheet, node))
        elif node.head == "call" and node.name == "unit" and node.args:
            place = nodes[node.args[0]]
            if place.head == "name" and place.name in bound:
                names.add(place.name)
        if names:
            found[own] = frozenset(names)
    return found


def _is_structure(sheet: Sheet, node: Node) -> bool:
    return node.head in STRUCTURE or is_over_index(sheet, node)


def _bound(sheet: Sheet, root: int, axes: Iterable[str], numbers: frozenset[str]) -> set[str]:
    found = set(axes)
    stack = [root]
    while stack:
        node = sheet.nodes[stack.pop()]
        if _is_structure(sheet, node):
            stack += node.args
        elif node.head == "index":
            found.update(filter(None, letters_at(node, numbers)))
    return found


def has_letters(node: Node, numbers: frozenset[str]) -> bool:
    """Whether a node is an array at a letter, rather than an entry at numbers."""
    return node.head == "index" and any(letters_at(node, numbers))


def letters_at(node: Node, numbers: frozenset[str]) -> tuple[str | None, ...]:
    """The letter at each axis of an array at positions, None where it is at a number."""
    return tuple(
        position if isinstance(position, str) and position not in numbers else None
        for position in node.data
    )


def numbers_in(sheet: Sheet, root: int, axes: Iterable[str]) -> frozenset[str]:
    """The names at axes of arrays in an index form that are numbers and no letters: the indices of
    sums, and the size of an axis at that axis, if it stands nowhere else: there is no sum over it.
    """
    sizes: set[str] = set()
    for own in range(sheet.nodes[root].first, root + 1):
        node = sheet.nodes[own]
        for axis, name in enumerate(node.data if node.head == "index" else ()):
            if isinstance(name, str) and name in _sizes_at(sheet, sheet.nodes[node.args[0]], axis):
                sizes.add(name)
    known = {name for name in sizes.difference(axes) if sheet.is_integer(name)}
    once = {name for name in known if _most(sheet, root, name) == 1}
    return frozenset(once.union(sheet.indices).difference(axes))


def _most(sheet: Sheet, root: int, name: str) -> int:
    """How often a name stands at axes in one term at most."""
    found: dict[int, int] = {}
    for own in range(sheet.nodes[root].first, root + 1):
        node = sheet.nodes[own]
        inside = [found[arg] for arg in node.args]
        count = max(inside, default=0) if node.head in ("plus", "minus") else sum(inside)
        found[own] = count + (node.data.count(name) if node.head == "index" else 0)
    return found[root]


def _sizes_at(sheet: Sheet, base: Node, axis: int) -> AbstractSet[str]:
    """The names in the size of an axis: of an array that is no symbol any that are sizes."""
    known = sheet.scope.symbols.get(base.name) if base.head == "name" else None
    if known is None or known.shape is None:
        return sheet.scope.sizes - sheet.scope.integers.keys()
    lead = len(known.family)
    return names_of(known.shape[axis - lead]) if lead <= axis < lead + len(known.shape) else set()
