"""The user's names: what equals a part that was named with `where` becomes that name.

Floor 4.  In a folded form a name is a symbol, which the lifter opens again when it has printed
everything around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.complexes import is_complex
from matgrad.core.expr import (
    APPLY,
    SYMBOL,
    Expr,
    replaced,
    symbol,
    symbols_of,
    walk,
)
from matgrad.normal.lower import lower_all
from matgrad.normal.occurrence import substituted
from matgrad.normal.sums import split
from matgrad.normal.symmetry import group_of


class Name(NamedTuple):
    """A named part: the symbol that stands for it, as it was written, the same with other names
    in it as symbols, and its normal form with smaller names in it."""

    symbol: Expr
    value: Expr
    draft: Expr
    normal: Expr


@final
class Names:
    """The named parts of one input, smaller ones first: larger ones may be built from them."""

    def __init__(self, lets: Sequence[tuple[str, Expr]], source: Expr) -> None:
        self.names: list[Name] = []
        self.texts = {value: name for name, value in lets}
        named = [(name, value) for name, value in lets if value.args]
        normal = lower_all(tuple(value for _, value in named)) if named else ()
        waiting = sorted(zip(named, normal, strict=True), key=lambda item: _size(item[1]))
        symbols: dict[Expr, Expr] = {}
        for (name, value), node in waiting:
            folded = self.fold(node)
            if split(folded)[1].args:
                stand_in = symbol(name, value.shape, _properties(folded))
                draft = replaced(value, symbols)
                symbols.setdefault(value, stand_in)
                self.names.append(Name(stand_in, value, draft, folded))
        self.ranks = self._ranked(source)

    def _ranked(self, source: Expr) -> dict[str, int]:
        """The order of first appearance as typed: a name, then the symbols in its value."""
        drafts = {name.symbol: name.draft for name in self.names}
        for stand_in, draft in drafts.items():
            source = replaced(source, {draft: stand_in})
        ranks: dict[str, int] = {IMAGINARY.data[0]: 0}  # in front, as numbers are
        waiting = [iter(walk(source))]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
            elif node.op in (SYMBOL, APPLY):
                name = node.data[0] if node.op is SYMBOL else node.data[0].name
                if name not in ranks:
                    ranks[name] = len(ranks)
                    waiting.append(iter(walk(drafts[node]) if node in drafts else ()))
        return ranks

    @property
    def cores(self) -> tuple[Expr, ...]:
        """The named parts in normal form."""
        return tuple(split(name.normal)[1] for name in self.names)

    @property
    def values(self) -> dict[Expr, Expr]:
        """What each symbol stands for."""
        return {name.symbol: name.value for name in self.names}

    def used(self, root: Expr) -> list[Name]:
        """The names in a folded surface form, those in their definitions included."""
        found: list[Name] = []
        within = {node for node in walk(root) if node.op is SYMBOL}
        for name in reversed(self.names):
            if name.symbol in within:
                found.append(name)
                within.update(symbols_of(name.draft))
        return found

    def fold(self, root: Expr) -> Expr:
        """A normal expression with every part that equals a named one as its name."""
        for name in self.names:
            root = substituted(root, name.normal, name.symbol)
        return root


def _size(node: Expr) -> int:
    return sum(1 + len(part.args) for part in walk(node))


def _properties(node: Expr) -> list[str]:
    field = ["complex"] * is_complex(node)
    if node.order != 2:
        return field
    group = group_of(node)
    return field + ["symmetric"] * (((1, 0), 1) in group) + ["skew"] * (((1, 0), -1) in group)
