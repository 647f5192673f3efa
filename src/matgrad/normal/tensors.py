"""Lifting tensors entry by entry: products that keep every axis, and sums over all of them.

Floor 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import structure
from matgrad.core.expr import make
from matgrad.normal.canon import Factor
from matgrad.normal.fusion import FUSE
from matgrad.normal.paths import product_of_entries, total_of
from matgrad.normal.product import contract
from matgrad.normal.surface import turn

if TYPE_CHECKING:
    from matgrad.normal.graph import Graph


def totals(graph: Graph, factors: list[Factor]) -> list[Factor]:
    """Enter the scalars that are sums of tensors over all their axes; what is left."""
    for whole in dict.fromkeys(row for _, row, _ in factors if 2 < len(row) == len(set(row))):
        meeting = [factor for factor in factors if {*factor[1]} & {*whole}]
        apart = all(row == whole and node.op is not FUSE for node, row, _ in meeting)
        if not apart or {*graph.out} & {*whole}:
            continue
        factors = [factor for factor in factors if factor not in meeting]
        summed = graph.lifter.form(contract(whole, meeting), False)
        graph.scalars.append((total_of(graph.lifter, summed), 1))
    return factors


def entries(graph: Graph, factors: list[Factor]) -> list[Factor]:
    """Enter the tensor that is a product of several, or a power of one; what is left."""
    out, lifter = graph.out, graph.lifter
    if not 2 < len(out) == len(set(out)):
        return factors
    arrays = [factor for factor in factors if factor[1]]
    alike = all(row == out and node.op is not FUSE for node, row, _ in arrays)
    if not alike or [p for *_, p in arrays] == [1]:
        return factors
    whole = make(structure.ones, (), None, tuple(graph.sizes[label] for label in out))
    if arrays:
        forms = [(lifter.form(node, False), power) for node, _, power in arrays]
        whole = product_of_entries(lifter, forms)
    graph.out = out[:2]
    graph.add_matrix(out[0], out[1], whole, turn(whole))
    return [factor for factor in factors if not factor[1]]
