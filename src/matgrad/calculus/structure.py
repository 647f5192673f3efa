"""Derivatives with respect to structured variables: free, tangent, by entries.

Floor 4.  A property of the variable says where the derivative is taken, not what may vary, so
equality-type properties are set aside before differentiating.  `tangent` then projects the free
derivative onto the structure's tangent space, `entries` differentiates by independent entries;
the rows of `catalogue.structures` say how.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matgrad.calculus.derivative import derivative, forward, goes_forward, units
from matgrad.catalogue.properties import Property, closure, of_members, record_of
from matgrad.catalogue.structures import STRUCTURES, Structure
from matgrad.core.dims import Dim, Shape
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, depends, symbol
from matgrad.core.signature import sizes_at
from matgrad.normal.build import instantiate
from matgrad.normal.expand import expand
from matgrad.normal.lower import lower
from matgrad.normal.symmetry import permute
from matgrad.notation.read import read_expression


def freed(variable: Expr) -> Expr:
    """The variable with the properties that remain when it moves in any direction: equations do
    not, and of inequalities those that hold nearby, too."""
    name, properties = variable.data
    kept = {stays for held in _records(properties) for stays in held.stays}
    return symbol(name, variable.shape, kept | (properties - of_members(properties)))


def is_structured(variable: Expr) -> bool:
    """Whether a variable is declared to satisfy an equation, so that its entries depend on each
    other."""
    return bool(_equations(_records(variable.data[1])))


def _records(properties: frozenset[str]) -> list[Property]:
    """The records of some properties and of all that follows from them."""
    return [record for record in map(record_of, closure(properties)) if record]


def _equations(records: Iterable[Property]) -> set[str]:
    return {r.name for r in records if r.name not in r.stays and (r.says or not r.entries)}


def structure_of(variable: Expr, reading: str, metric: str) -> Structure:
    """The row that says how a derivative by a variable is read.

    Raises NoForm where there is none.
    """
    held = closure(variable.data[1])
    # Semidefinite matrices are the symmetric ones with an inequality.
    equations = _equations(_records(held)) - {"pd", "psd"}
    found: set[str] = set()
    for row in STRUCTURES:
        properties = frozenset(row.properties.split())
        fits = properties <= held and row.order == variable.order and row.reading == reading
        if fits and equations <= closure(properties):
            if row.metric == metric:
                return row
            found.add(row.metric)
    name, declared = variable.data[0], ", ".join(sorted(variable.data[1])) or "no structure"
    if found:
        raise NoForm(
            f"there is no {metric} metric for {name} with {declared}",
            hint=f"take the metric {' or '.join(sorted(found))}",
        )
    raise NoForm(
        f"there is no {reading} derivative for {name} with {declared}",
        hint='declare it, as in --given "X symmetric", or leave --structure out',
    )


def is_flat(row: Structure) -> bool:
    """Whether the tangent space is the same everywhere."""
    return "X" not in row.gradient


def derivative_on(root: Expr, variable: Expr, row: Structure) -> Expr:
    """The derivative of `root` as a structure reads it.  A reading is symmetric as a linear map,
    so that swept forward it is the derivative along the readings of all unit arrays."""
    active = depends(root, {variable})
    if root not in active or not goes_forward(root, variable, active):
        return project(derivative(root, variable), variable, row)
    seeds = {variable: _read(units(variable.shape), variable, row)}
    return forward(root, seeds, variable.shape, active)


def project(node: Expr, variable: Expr, row: Structure) -> Expr:
    """A derivative whose last axes are those of `variable`, as a structure reads it."""
    axes, split = tuple(range(node.order)), node.order - variable.order
    found = _read(permute(node, axes[split:] + axes[:split]), variable, row)
    return permute(found, axes[variable.order :] + axes[: variable.order])


def _read(node: Expr, variable: Expr, row: Structure) -> Expr:
    """A row's gradient at arrays whose first axes are those of the variable."""
    cell, at, move = _gradient(row)
    slot = symbol(move.data[0], variable.shape)
    cell = instantiate(cell, {at: variable, move: slot}, sizes_at((at,), (variable,)))
    further = node.shape[variable.order :]
    return forward(cell, {slot: node}, further, depends(cell, {slot}))


def project_first(node: Expr, variable: Expr, row: Structure) -> Expr:
    """The same where the variable's axes come first."""
    order = variable.order
    back = tuple(range(order, node.order)) + tuple(range(order))
    there = tuple(range(node.order - order, node.order)) + tuple(range(node.order - order))
    return permute(project(permute(node, back), variable, row), there)


@cache
def _gradient(row: Structure) -> tuple[Expr, Expr, Expr]:
    """A row's gradient, and the symbols that stand for X and for G in it."""
    square = any(r.of == "square" for r in map(record_of, row.properties.split()) if r)
    n = Dim("n")
    shape: Shape = (n,) if row.order == 1 else (n, n) if square else (Dim("m"), n)
    # No user's symbol has a name with a blank in it.
    at, move = symbol("X", shape), symbol("d G", shape)
    cell = lower(read_expression(row.gradient, {"X": at, "G": move}))
    return expand(cell, axes=0), at, move
