"""Shared parts: which repeated subexpressions are printed once, under a `where`.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.structure import eye, ones, unit, zeros
from matgrad.core.dims import Dim, names_of
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, walk
from matgrad.notation.bound import open_nodes

_ATOMS = frozenset({SYMBOL, NUMBER, eye, ones, unit, zeros})


def shared_parts(root: Expr, names: Mapping[Expr, str]) -> dict[Expr, str]:
    """The parts of `root` that get a name, in an order in which each uses earlier ones only.

    These are the parts the user named, and those with six operators used twice or four used
    three times, a named part counting as none.
    """
    uses: dict[Expr, int] = {}
    inside = open_nodes(root)
    names = {part: name for part, name in names.items() if part not in inside}
    for node in walk(root):
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + 1
    if not names and all([used < 2 or node.op in _ATOMS for node, used in uses.items()]):
        return {}
    fresh: dict[str, Iterator[str]] = {}
    size: dict[Expr, int] = {}
    named: dict[Expr, str] = {}
    for node in walk(root):
        size[node] = 0 if node.op in _ATOMS else 1 + sum([size[arg] for arg in node.args])
        times = 0 if node in inside else uses.get(node, 0)
        if node in names:
            named[node] = names[node]
        elif (times >= 2 and size[node] >= 6) or (times >= 3 and size[node] >= 4):
            letter = "stT"[min(node.order, 2)]
            if letter not in fresh:
                fresh[letter] = _fresh(letter, used_names(root) | set(names.values()))
            named[node] = next(fresh[letter])
        if node in named:
            size[node] = 0
    return named


def used_names(root: Expr) -> set[str]:
    """The names of symbols, functions and sizes under `root`: all that a new name must avoid."""
    found: set[str] = set()
    for node in walk(root):
        for size in node.shape:
            found |= names_of(size)
        if node.op is SYMBOL or node.op is APPLY:
            found.add(node.data[0] if node.op is SYMBOL else node.data[0].name)
        elif isinstance(node.data, Dim):
            found |= node.data.names
        elif node.op is unit:
            found.add(str(node.data))
        elif node.op is index_sum:
            found.add(node.data[0])
            found |= names_of(node.data[1]) | names_of(node.data[2])
        elif isinstance(node.data, tuple):
            found.update(position for position in node.data if isinstance(position, str))
            found.update(*(size.names for size in node.data if isinstance(size, Dim)))
    return found


def _fresh(letter: str, taken: set[str]) -> Iterator[str]:
    return (name for name in map(f"{letter}{{}}".format, count(1)) if name not in taken)
