"""Derivatives with respect to structured variables: free, tangent, by entries.

Floor 4.  A property of the variable says where the derivative is taken, not what may vary, so
equality-type properties are set aside before differentiating.  `tangent` then projects the free
derivative onto the structure's tangent space, `entries` differentiates by independent entries.
"""

from __future__ import annotations

from fractions import Fraction
from string import ascii_lowercase

from matgrad.catalogue.algebra import add, divide, sub
from matgrad.catalogue.properties import Property, closure, record_of
from matgrad.catalogue.structure import einsum, eye
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, make, number, symbol
from matgrad.core.signature import build
from matgrad.normal.product import contract
from matgrad.normal.sums import combine
from matgrad.normal.symmetry import permute

STRUCTURES = ("free", "tangent", "entries")


def freed(variable: Expr) -> Expr:
    """The variable with the properties that remain when it moves in any direction: equations do
    not, and of inequalities those that hold nearby, too."""
    name, properties = variable.data
    kept = {stays for held in _records(properties) for stays in held.stays}
    return symbol(name, variable.shape, kept)


def is_structured(variable: Expr) -> bool:
    """Whether a variable is declared to satisfy an equation, so that its entries depend on each
    other."""
    held = _records(variable.data[1])
    return any(r.name not in r.stays and (r.says or not r.entries) for r in held)


def _records(properties: frozenset[str]) -> list[Property]:
    """The records of some properties and of all that follows from them."""
    return [record for record in map(record_of, closure(properties)) if record]


def project(node: Expr, variable: Expr, structure: str) -> Expr:
    """A derivative by `variable`, its last axes, read in a structure.

    Raises NoForm where the structure has no such reading.
    """
    properties: frozenset[str] = variable.data[1]
    if structure == "free":
        return node
    if variable.order == 2:
        turn = (*range(node.order - 2), node.order - 1, node.order - 2)
        other = permute(node, turn)
        if "diagonal" in properties:
            return _diagonal(node)
        if properties & {"symmetric", "pd", "psd"}:
            if structure == "tangent":
                half = Fraction(1, 2)
                return combine([(half, node), (half, other)], node.shape)
            return combine([(1, node), (1, other), (-1, _diagonal(node))], node.shape)
        if "skew" in properties:
            weight = Fraction(1, 2) if structure == "tangent" else Fraction(1)
            return combine([(weight, node), (-weight, other)], node.shape)
    declared = ", ".join(sorted(properties)) or "no structure"
    raise NoForm(
        f"there is no {structure} derivative for {variable.data[0]} with {declared}",
        hint='declare it, as in --given "X symmetric", or leave --structure out',
    )


def _diagonal(node: Expr) -> Expr:
    """The entries on the diagonal of the last two axes, zeros elsewhere."""
    axes = tuple(range(node.order - 1))
    out = (*axes, axes[-1])
    return contract(out, [(node, out, 1)])


def projected(free: Expr, variable: Expr, structure: str) -> Expr:
    """The projection of a free derivative written out as a surface expression, by its
    definition: what `project` must agree with."""
    letters = ascii_lowercase[: free.order]
    turned = letters[:-2] + letters[-1] + letters[-2]
    other = make(einsum, (free,), f"{letters}->{turned}", free.shape)
    identity = make(eye, (), None, free.shape[-2:])
    spec = f"{letters},{letters[-2:]}->{letters}"
    diagonal = make(einsum, (free, identity), spec, free.shape)
    properties: frozenset[str] = variable.data[1]
    if "diagonal" in properties:
        return diagonal
    if "skew" in properties:
        difference = build(sub, (free, other))
        return difference if structure == "entries" else build(divide, (difference, number(2)))
    total = build(add, (free, other))
    if structure == "entries":
        return build(sub, (total, diagonal))
    return build(divide, (total, number(2)))
