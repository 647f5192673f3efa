"""Derivatives on a structure: projected as they are taken, and checked along its directions.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.api.result import Result
from matgrad.calculus.derivative import derivative
from matgrad.calculus.structure import is_flat, project, project_first, structure_of
from matgrad.catalogue import structure as arrays
from matgrad.catalogue.structures import Structure
from matgrad.core.complexes import is_complex
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, make, number, replaced
from matgrad.notation.read import Target
from matgrad.proof import Proof, prove, same
from matgrad.proof.readings import directions, image, paired


def rows_for(
    source: Expr, targets: Sequence[Target], reading: str, metric: str
) -> tuple[Structure, ...]:
    """How each of the variables is read.  Raises NoForm where one cannot be."""
    if any(target.indices for target in targets):
        raise NoForm(f"the {reading} structure is for derivatives by whole variables, not entries")
    if any(is_complex(target.symbol) for target in targets):
        raise NoForm(f"the {reading} structure is not built for complex variables")
    rows = tuple(structure_of(target.symbol, reading, metric) for target in targets)
    if len(rows) > 1 and not all(map(is_flat, rows)):
        one = len(rows) == 2 and targets[0].symbol is targets[1].symbol
        if not one or source.order or metric != "embedded":
            raise NoForm(
                f"on a structure that is {rows[0].properties} there are gradients, and Hessians of "
                "scalars by one variable in the embedded metric"
            )
    return rows


def finished(node: Expr, variable: Expr, rows: Sequence[Structure]) -> Expr:
    """A derivative whose last axes were projected as it was taken.  A Hessian on a curved
    structure is the projected derivative of the gradient along tangent directions only."""
    if len(rows) > 1 and not is_flat(rows[0]):
        return project_first(node, variable, rows[0])
    return node


def checked(result: Result, rows: Sequence[Structure]) -> Proof:
    """Each derivative on the way against dual numbers, then its projection: along every tangent
    direction the free derivative's, across them nothing."""
    source, normal = result.source, result.normal
    proof: Proof | None = None
    for at, (target, row) in enumerate(zip(result.targets, rows, strict=True)):
        variable, free = target.symbol, result.moving[at]
        taken = derivative(normal, free)
        normal = project(taken, free, row)
        tensor, read = (
            replaced(result.lifter.lift(node), {free: variable}) for node in (taken, normal)
        )
        along, across = directions(variable, row.properties, f"K {at}")
        pair = image(variable, along, row.metric, row.properties, row.reading)
        found = [
            prove(source, [variable], tensor),
            same(paired(tensor, along), paired(read, pair)),
            _vanishes(paired(read, across)),
        ]
        proof = next((each for each in found if not each.ok), proof or found[0])
        source = read
    last = finished(normal, result.moving[-1], rows)
    claimed = replaced(result.lifter.lift(last), {result.moving[-1]: target.symbol})
    equal = same(result.tensor, claimed)
    if last is not normal:
        along, across = directions(target.symbol, rows[-1].properties, "K")
        found = [
            same(paired(source, along, first=True), paired(claimed, along, first=True)),
            _vanishes(paired(claimed, across, first=True)),
        ]
        equal = next((each for each in found if not each.ok), equal)
    assert proof is not None  # there is a variable
    return proof if equal.ok or not proof.ok else equal


def _vanishes(expr: Expr) -> Proof:
    return same(expr, make(arrays.zeros, (), None, expr.shape) if expr.order else number(0))
