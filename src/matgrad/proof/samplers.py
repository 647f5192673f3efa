"""Random values with declared properties.

Floor 4.  A sampler reaches every component of its property: determinants 1 and -1 of
orthogonal matrices, every rank of idempotent ones.  In a field an inequality says nothing,
so that a positive definite matrix is any symmetric one: an identity that holds on an open
set of them holds on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from random import Random
from typing import Literal, final

from matgrad.core.errors import NoRule
from matgrad.proof import matrices
from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual
from matgrad.proof.ring import BadPoint, Ring

# How entries without a property are drawn over the floats, to meet conditions of all kinds.
Style = Literal["plain", "positive", "small", "near identity"]
STYLES: tuple[Style, ...] = ("plain", "plain", "positive", "plain", "near identity", "small")

_IMPLIED = {
    "pd": ("symmetric", "invertible"),
    "psd": ("symmetric",),
    "diagonal": ("symmetric", "lower", "upper"),
    "orthogonal": ("invertible",),
}
# What each kind of sampler can take into account besides the kind itself.
_COMPANIONS = {
    "orthogonal": {"symmetric", "skew", "diagonal", "lower", "upper", "invertible", "idempotent"},
    "idempotent": {"symmetric", "diagonal", "lower", "upper", "invertible"},
    "unit": {"positive"},
    "": {"symmetric", "skew", "diagonal", "lower", "upper", "invertible", "positive"},
}
_DEFINITE = {"pd", "psd"}
_ANY_SHAPE = {"positive", "unit"}


@final
@dataclass(frozen=True, slots=True)
class Source:
    """Where random entries come from; `component` counts through a property's components."""

    ring: Ring
    random: Random
    component: int = 0
    style: Style = "plain"

    def entries(self, count: int) -> Flat:
        if self.ring.prime is not None:
            return [self.ring.draw(self.random) for _ in range(count)]
        low, high = {"positive": (0.4, 1.6), "plain": (-1.5, 1.5)}.get(self.style, (-0.4, 0.4))
        return [self.random.uniform(low, high) for _ in range(count)]

    def matrix(self, size: int, entries: Flat) -> Dual:
        return Dual(self.ring, (size, size), {0: self.ring.settle(entries)})


def sample(source: Source, shape: tuple[int, ...], declared: frozenset[str]) -> Flat:
    """A value with these properties.

    Raises NoRule when there is no sampler for them, BadPoint when none exists of this shape.
    """
    source.ring.spend(prod(shape))
    kind, properties = _kind(declared, shape)
    if kind == "unit":
        return _unit(source, prod(shape), properties)
    if len(shape) < 2:
        entries = source.entries(prod(shape))
        if source.style == "near identity":
            entries = [entry + 1.0 for entry in entries]
    elif kind == "orthogonal":
        return _orthogonal(source, shape[0], properties)
    elif kind == "idempotent":
        return _idempotent(source, shape[0], properties)
    else:
        entries = _patterned(source, shape, properties)
    if "positive" in properties and source.ring.prime is None:
        entries = [abs(entry) + 0.2 if entry else entry for entry in entries]
    return entries


def degree(declared: frozenset[str], shape: tuple[int, ...]) -> tuple[int, int]:
    """Degrees of numerator and denominator of a sampled entry, in what was drawn at random."""
    if declared & {"orthogonal", "idempotent"}:
        return 2 * shape[0], 2 * shape[0]
    return (2, 2) if "unit" in declared else (1, 0)


def _kind(declared: frozenset[str], shape: tuple[int, ...]) -> tuple[str, set[str]]:
    """Which sampler to use, and what is declared or implied besides."""
    properties = set(declared)
    for name in declared:
        properties.update(_IMPLIED.get(name, ()))
    triangular = properties & {"lower", "upper"}
    if len(triangular) == 2 or (triangular and properties & {"symmetric", "orthogonal"}):
        properties.update(("diagonal", "symmetric", "lower", "upper"))
    kind = next((name for name in ("orthogonal", "idempotent", "unit") if name in properties), "")
    rest = properties - {kind}
    known = rest <= _COMPANIONS[kind] | (set() if kind == "unit" else _DEFINITE)
    square = len(shape) == 2 and shape[0] == shape[1]
    if not known or {"symmetric", "skew"} <= rest or (properties - _ANY_SHAPE and not square):
        raise NoRule(f"no sampler for a value that is {', '.join(sorted(declared))}")
    return kind, rest


def _patterned(source: Source, shape: tuple[int, ...], properties: set[str]) -> Flat:
    """A matrix with zeros or mirrored entries in the right places."""
    entries = source.entries(prod(shape))
    rows, columns = shape[0], prod(shape[1:])
    if properties & _DEFINITE and source.ring.prime is None:
        entries = _definite(source, rows, properties)
    if source.style == "near identity" and rows == columns and "skew" not in properties:
        entries[:: rows + 1] = [entry + 1.5 for entry in entries[:: rows + 1]]
    if not properties - {"invertible", "positive"}:
        return entries
    if {"skew", "invertible"} <= properties and rows % 2:
        raise BadPoint("a skew matrix of odd size is singular")
    for row in range(rows):
        for column in range(rows):
            at, mirror = row * rows + column, column * rows + row
            if (row < column and "lower" in properties) or (row > column and "upper" in properties):
                entries[at] = source.ring.number(0)
            elif row > column and "symmetric" in properties:
                entries[at] = entries[mirror]
            elif row >= column and "skew" in properties:
                entries[at] = source.ring.number(0) if row == column else -entries[mirror]
    return source.ring.settle(entries)


def _definite(source: Source, size: int, properties: set[str]) -> Flat:
    """G G' and, if it is to be positive definite, a multiple of the identity."""
    root = source.matrix(size, source.entries(size * size))
    if properties & {"positive", "lower", "upper"}:
        root = source.matrix(size, [abs(entry) for entry in root.real])
    entries = list(matrices.multiply(root, matrices.transpose(root)).real)
    if "pd" in properties:
        entries[:: size + 1] = [entry + 0.5 for entry in entries[:: size + 1]]
    return entries


def _orthogonal(source: Source, size: int, properties: set[str]) -> Flat:
    """(I - K)(I + K)^-1 D for skew K and signs D, det D = 1 and -1 in turn."""
    if properties & {"pd", "psd", "idempotent"}:
        return matrices.identity(source.matrix(size, [0] * size**2)).real
    signs = [source.random.choice((1, -1)) for _ in range(size)]
    signs[0] = prod(signs[1:]) * (-1) ** source.component
    if "diagonal" in properties:
        return _diagonal(source, signs).real
    turn = _rotation(source, size)
    if "skew" in properties:
        if size % 2:
            raise BadPoint("a skew matrix of odd size is singular")
        middle = [source.ring.number(0)] * size**2
        for at in range(0, size, 2):
            middle[at * size + at + 1], middle[(at + 1) * size + at] = signs[at], -signs[at]
        return _conjugated(turn, source.matrix(size, middle), matrices.transpose(turn))
    if "symmetric" in properties:
        return _conjugated(turn, _diagonal(source, signs), matrices.transpose(turn))
    return matrices.multiply(turn, _diagonal(source, signs)).real


def _idempotent(source: Source, size: int, properties: set[str]) -> Flat:
    """S D S^-1 for D with as many ones as the component says, every rank in turn."""
    rank = size if properties & {"invertible", "pd"} else source.component % (size + 1)
    ones = [1] * rank + [0] * (size - rank)
    source.random.shuffle(ones)
    middle = _diagonal(source, ones)
    if "diagonal" in properties:
        return middle.real
    if "symmetric" in properties:
        turn = _rotation(source, size)
        return _conjugated(turn, middle, matrices.transpose(turn))
    base = source.matrix(size, _patterned(source, (size, size), properties))
    return _conjugated(base, middle, matrices.inverse(base))


def _unit(source: Source, count: int, properties: set[str]) -> Flat:
    """(2t, |t|^2 - 1)/(|t|^2 + 1): a point of the sphere from any t."""
    ring = source.ring
    if count == 1:
        return [ring.number(1 if source.component % 2 == 0 or properties else -1)]
    free = source.entries(count - 1)
    (square,) = ring.settle([sum(entry * entry for entry in free)])
    (scale,) = ring.settle([ring.reciprocal(ring.settle([square + 1])[0])])
    entries = ring.settle([2 * entry * scale for entry in free] + [(square - 1) * scale])
    return [abs(entry) for entry in entries] if properties and ring.prime is None else entries


def _rotation(source: Source, size: int) -> Dual:
    skew = source.matrix(size, _patterned(source, (size, size), {"skew"}))
    unit = matrices.identity(skew)
    return matrices.multiply(unit - skew, matrices.inverse(unit + skew))


def _diagonal(source: Source, entries: list[int]) -> Dual:
    size = len(entries)
    result = [source.ring.number(0)] * size**2
    result[:: size + 1] = [source.ring.number(entry) for entry in entries]
    return source.matrix(size, result)


def _conjugated(left: Dual, middle: Dual, right: Dual) -> Flat:
    return matrices.multiply(matrices.multiply(left, middle), right).real
