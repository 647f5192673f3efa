"""The user's names: what equals a part that was named with `where` becomes that name.

Floor 4.  In a folded form a name is a symbol, which the lifter opens again when it has printed
everything around it.  A named product is found inside larger products, a named sum inside larger
sums, and both transposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, final

from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Dim, Number, Size, divide, simple
from matgrad.core.expr import (
    APPLY,
    CONTRACTION,
    SUM,
    SYMBOL,
    Expr,
    replaced,
    symbol,
    symbols_of,
    walk,
)
from matgrad.normal.build import rebuilt
from matgrad.normal.canon import Factor
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import occurrences
from matgrad.normal.lower import lower_all
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, scaled, split
from matgrad.normal.symmetry import group_of, permute


class Name(NamedTuple):
    """A named part: the symbol that stands for it, as it was written, the same with other names
    in it as symbols, and its normal form as a coefficient times a core."""

    symbol: Expr
    value: Expr
    draft: Expr
    coefficient: Number
    core: Expr


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
        for (name, value), core in waiting:
            coefficient, core = split(self.fold(core))
            if isinstance(coefficient, Dim) or not core.args:
                continue
            stand_in = symbol(name, value.shape, _properties(core))
            draft = replaced(value, symbols)
            symbols.setdefault(value, stand_in)
            self.names.append(Name(stand_in, value, draft, coefficient, core))
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
        return tuple(name.core for name in self.names)

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
            root = _folded(root, name)
        return root


def _size(node: Expr) -> int:
    return sum(1 + len(part.args) for part in walk(node))


def _properties(core: Expr) -> list[str]:
    field = ["complex"] * is_complex(core)
    if core.order != 2:
        return field
    group = group_of(core)
    return field + ["symmetric"] * (((1, 0), 1) in group) + ["skew"] * (((1, 0), -1) in group)


def _folded(root: Expr, name: Name) -> Expr:
    """A normal expression with one name in it."""
    wholes = {name.core: name.symbol}
    if name.core.order == 2:
        coefficient, turned = split(permute(name.core, (1, 0)))
        if turned.args and not isinstance(coefficient, Dim):
            stand_in = scaled(Fraction(1) / coefficient, permute(name.symbol, (1, 0)))
            wholes.setdefault(turned, stand_in)
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = _replaced(rebuilt(node, tuple(done[arg] for arg in node.args)), name, wholes)
    return done[root]


def _replaced(node: Expr, name: Name, wholes: Mapping[Expr, Expr]) -> Expr:
    """What a node becomes whose operands have the name in them already."""
    coefficient, inner = split(node)
    if inner in wholes:
        return scaled(_over(coefficient, name.coefficient), wholes[inner])
    if inner.op is SUM:
        for core, stand_in in wholes.items():
            inner = _part_of_sum(inner, core, stand_in, name.coefficient)
        return scaled(coefficient, inner)
    if inner.op is CONTRACTION and name.core.op is CONTRACTION:
        return scaled(coefficient, _part_of_product(inner, name))
    return node


def _over(coefficient: Size, divisor: Number) -> Size:
    return simple(coefficient * (Fraction(1) / divisor))


def _part_of_sum(node: Expr, core: Expr, stand_in: Expr, divisor: Number) -> Expr:
    """A sum with some of its terms, a multiple of a named sum, as the name."""
    if core.op is not SUM or core.shape != node.shape or len(core.args) >= len(node.args):
        return node
    weights = dict(zip(node.args, node.data, strict=True))
    ratios = {divide(weights.get(arg, 0), c) for c, arg in zip(core.data, core.args, strict=True)}
    (ratio, *others) = ratios
    if others or not ratio:
        return node
    rest = [(c, arg) for arg, c in weights.items() if arg not in core.args]
    return combine([(_over(ratio, divisor), stand_in), *rest], node.shape)


def _part_of_product(node: Expr, name: Name) -> Expr:
    """A product with every occurrence of a named product as the name."""
    ends, rows, powers = name.core.data
    parts: list[Factor] = list(zip(name.core.args, rows, powers, strict=True))
    if len(set(ends)) < len(ends) or set(ends) - {label for row in rows for label in row}:
        return node
    if len(parts) == 1 and len(rows[0]) == len(ends):
        return node if powers[0] == 1 else _powers(node, name)
    coefficient: Size = 1
    while node.op is CONTRACTION:
        out, rows, powers = node.data
        factors = {(arg, row): p for arg, row, p in zip(node.args, rows, powers, strict=True)}
        counts = occurrences(factors, out)
        found = next(embeddings(parts, ends, factors, counts, within=True), None)
        if found is None:
            break
        used, mapping = found
        for part, row, power in used:
            factors[part, row] -= power
        rest: list[Factor] = [(*key, power) for key, power in factors.items() if power]
        rest.append((name.symbol, tuple(mapping[label] for label in ends), 1))
        sizes = dict(zip(out, node.shape, strict=True))
        more, node = split(contract(out, rest, _over(1, name.coefficient), sizes))
        coefficient = coefficient * more
    return scaled(coefficient, node)


def _powers(node: Expr, name: Name) -> Expr:
    """A product with powers of a named power as powers of the name: with s = sqrt(u), u^-3/2
    is s^-3."""
    (base,), (power,) = name.core.args, name.core.data[2]
    out, rows, powers = node.data
    factors: list[Factor] = []
    coefficient: Number = 1
    for arg, row, p in zip(node.args, rows, powers, strict=True):
        ratio = Fraction(p) / power
        if arg is base and ratio.denominator == 1:
            times = ratio.numerator
            coefficient = coefficient / Fraction(name.coefficient) ** times
            row = tuple(row[name.core.data[1][0].index(label)] for label in name.core.data[0])
            factors.append((name.symbol, row, times))
        else:
            factors.append((arg, row, p))
    sizes = dict(zip(out, node.shape, strict=True))
    return contract(out, factors, simple(coefficient), sizes)
