"""The terms of a sum taken apart, and the places at which they have a factor in common.

Floor 4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from matgrad.core.dims import Number, Size
from matgrad.core.expr import CONTRACTION, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.networks import networks, scalar_of
from matgrad.normal.product import contract
from matgrad.normal.symmetry import group_of

# Where a slot of a factor is: (0, output position), or (1, number of a bound label).
Slot = tuple[int, int]


class Term(NamedTuple):
    """A term of a sum, taken apart."""

    coefficient: Size
    node: Expr
    out: Labels
    factors: list[Factor]


class Place(NamedTuple):
    """A factor that terms may share: which, what power of it, and where its slots are."""

    factor: Expr
    share: Number
    slots: tuple[Slot, ...]


class Use(NamedTuple):
    """A factor of a term as a place sees it: its labels in slot order, and whether a slot was
    freed from an output by an identity, as in Y = I*Y."""

    term: int
    factor: Factor
    row: Labels
    freed: bool


def places(terms: list[Term]) -> dict[Place, list[Use]]:
    found: dict[Place, list[Use]] = {}
    for t, term in enumerate(terms):
        for factor in term.factors:
            for slots, row, freed in slots_of(factor, term.out):
                for share in _shares(factor[2]):
                    uses = found.setdefault(Place(factor[0], share, slots), [])
                    if not uses or uses[-1].term != t:
                        uses.append(Use(t, factor, row, freed))
                    elif uses[-1].freed and not freed:
                        uses[-1] = Use(t, factor, row, freed)
    return found


def term_of(coefficient: Size, node: Expr, *, joined: bool = True) -> Term:
    if node.op is CONTRACTION:
        out, rows, powers = node.data
        factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
        if joined and out:
            factors = _scalars_joined(out, factors)
        return Term(coefficient, node, out, factors)
    axes = tuple(range(node.order))
    return Term(coefficient, node, axes, [(node, axes, 1)])


def is_bare(node: Expr) -> bool:
    """Whether a term is a value as it stands or transposed, in which nothing can be shared."""
    if node.op is not CONTRACTION:
        return True
    out, rows, powers = node.data
    alone = len(rows) == 1 and powers[0] == 1
    return alone and len(out) == len(set(out)) == len(rows[0]) and set(out) == set(rows[0])


def _scalars_joined(out: Labels, factors: list[Factor]) -> list[Factor]:
    """The factors of an array with every scalar product among them as one factor."""
    powers = {(node, row): power for node, row, power in factors}
    parts = networks(powers, out)
    if not parts:
        return factors
    scalars = [scalar_of([(*key, powers.pop(key)) for key in part], contract) for part in parts]
    left = [(*key, power) for key, power in powers.items()]
    left.sort(key=lambda factor: not factor[1])
    return left + [(scalar, (), 1) for scalar in scalars]


def apart(term: Term) -> list[Factor]:
    """The factors of a term that form scalar products beside its outputs."""
    parts = networks([(node, row) for node, row, _ in term.factors], term.out)
    inside = {key for part in parts for key in part}
    return [factor for factor in term.factors if factor[:2] in inside]


def _shares(power: Number) -> tuple[Number, ...]:
    """The powers of a factor that may be taken out: all of it, or once (or its root)."""
    unit: Number = 1 if power == int(power) else Fraction(1, 2)
    once = unit if power > 0 else -unit
    return (power,) if power == once else (power, once)


def slots_of(factor: Factor, out: Labels) -> list[tuple[tuple[Slot, ...], Labels, bool]]:
    """Where a factor's slots are, for each of its slot symmetries: the slots, the labels in that
    order, and whether one slot was freed from an output."""
    node, row, power = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    # Of the images under a symmetry the least, so that a place has one name.
    found: dict[int | None, tuple[tuple[Slot, ...], Labels]] = {}
    for image in images:
        frees: list[int | None] = [None]
        if len(image) == 2 and power == 1 and len(out) == 2:
            # Of a diagonal both slots are one output, which neither leaves alone.
            frees += [k for k, x in enumerate(image) if x in out and image.count(x) == 1]
        for free in frees:
            bound: dict[int, int] = {}
            slots: list[Slot] = []
            for k, label in enumerate(image):
                if label in out and k != free:
                    slots.append((0, out.index(label)))
                else:
                    slots.append((1, bound.setdefault(label, len(bound))))
            freed = None if free is None else image[free]
            if freed not in found or tuple(slots) < found[freed][0]:
                found[freed] = tuple(slots), image
    return [(slots, image, freed is not None) for freed, (slots, image) in found.items()]


def holes(row: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The bound labels of a factor, each once, in slot order."""
    found: list[int] = []
    for label, (kind, _) in zip(row, slots, strict=True):
        if kind == 1 and label not in found:
            found.append(label)
    return tuple(found)
