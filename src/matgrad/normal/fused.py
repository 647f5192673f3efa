"""Lifting axes made of axes: vec, unvec and Kronecker products.

Floor 3.  A joined axis is written by what hangs on its parts: one matrix between both parts is
a vec, two parts that lead to the two parts of another joined axis a Kronecker product.  What is a
part of yet another joined axis is written inside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, structure
from matgrad.core.expr import make
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.hanging import Written, boundary, left_inside, reach
from matgrad.normal.images import further_axes
from matgrad.normal.pairing import beside, column, exchanged
from matgrad.normal.product import contract
from matgrad.normal.surface import Stuck, turn

if TYPE_CHECKING:
    from matgrad.normal.graph import Graph


def unfuse(graph: Graph, factors: list[Factor]) -> list[Factor]:
    """Write every joined axis as a vec, an unvec or a Kronecker product, enter those into the
    graph, and give back the factors that are left.

    In index form a joined axis that has none of these forms is left too; elsewhere it raises
    Stuck.
    """
    joined = [factor for factor in factors if factor[0].op is FUSE]
    rest = [factor for factor in factors if factor[0].op is not FUSE]
    while joined:
        ways = ((way, factor) for way in (_kept, column, exchanged) for factor in joined)
        written = next(filter(None, (way(graph, f, joined, rest) for way, f in ways)), None)
        if written:
            used, inner = written
            joined = [f for f in joined if f not in used] + [f for f in inner if f[0].op is FUSE]
            rest = [f for f in rest if f not in used] + [f for f in inner if f[0].op is not FUSE]
        else:
            weight = _weight(graph, joined, rest)
            if weight is not None:
                rest = [other for other in rest if other != weight]
            elif graph.indexed:
                return rest + joined
            else:
                raise Stuck("a joined axis that is no vec and no Kronecker product")
    return rest


def _kept(graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]) -> Written | None:
    """A joined axis whose form needs no other orientation than its factors have."""
    written = _vec(graph, factor, joined, rest) or _unvec(graph, factor, joined, rest)
    return written or beside(graph, factor, joined, rest)


def _vec(graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]) -> Written | None:
    _, (whole, a, b), _ = factor
    others = {label for f in joined if f != factor for label in f[1]}
    if {a, b} & (others | set(graph.out)):
        return None
    parts, closed = boundary(graph, joined)
    passing = _passing(graph, rest)
    closed.difference_update(passing)
    first, second = reach(a, parts, closed, rest), reach(b, parts, closed, rest)
    if first is None or second is None or not (first[1] | second[1]) <= {a, b}:
        return None
    apart = a not in second[1] and b not in first[1]
    used = first[0] + [f for f in second[0] if f not in first[0]]
    if passing and not any(passing[0] in row for _, row, _ in used):
        passing = ()
    inner = left_inside(graph, (whole,), [factor, *used], joined)
    if inner is not None:
        return None if passing else ([factor, *used], inner)
    if apart and not passing:
        left = graph.lifter.form(contract((a,), first[0], 1, {a: graph.sizes[a]}), False)
        right = graph.lifter.form(contract((b,), second[0], 1, {b: graph.sizes[b]}), False)
        vector = build(algebra.kron, (left, right))
    else:
        sizes = {a: graph.sizes[a], b: graph.sizes[b]}
        matrix = contract((b, a, *passing), used, 1, sizes)
        vector = build(structure.vec, (graph.lifter.form(matrix, False),))
        if passing and graph.indexed:
            graph.tensors.append((vector, (whole, *passing)))
            return [factor, *used], []
        graph.out = graph.out[: len(graph.out) - len(passing)]
    graph.add_vector(whole, vector)
    return [factor, *used], []


def _weight(graph: Graph, joined: list[Factor], rest: list[Factor]) -> Factor | None:
    """A matrix between both parts of one axis, beside others that hang there: its entries weigh
    that axis, as in kron(A, B)*diag(vec(X))."""
    for _, (whole, a, b), _ in joined:
        for factor in rest:
            if len(factor[1]) == 2 and set(factor[1]) == {a, b} and a != b:
                block = graph.lifter.form(contract((b, a), [factor]), False)
                graph.add_vector(whole, build(structure.vec, (block,)))
                return factor
    return None


def _passing(graph: Graph, factors: list[Factor]) -> Labels:
    """Axes of the result that pass through a linear operator and stand nowhere else; in matrix
    notation they must be the last ones."""
    places = [*graph.out, *(label for _, row, _ in factors for label in row)]
    for node, row, _ in factors:
        further = row[node.order - further_axes(node) :]
        last = graph.out[len(graph.out) - len(further) :] == further
        if not set(further).issubset(graph.out) or not (last or graph.indexed):
            continue
        if further and all(places.count(label) == 2 for label in further):
            return further
    return ()


def _unvec(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> Written | None:
    _, (whole, a, b), _ = factor
    if whole in graph.out or any(whole in f[1] for f in joined if f != factor):
        return None
    parts = {label for _, (_, *inner), _ in joined for label in inner}
    closed = set(graph.out) | {f[1][0] for f in joined if f != factor}
    reached = reach(whole, parts | {whole}, closed, rest)
    if reached is None or not reached[0] or reached[1] - {whole}:
        return None
    used = [factor, *reached[0]]
    inner = left_inside(graph, (b, a), used, joined)
    if inner is not None:
        return used, inner
    vector = graph.lifter.form(contract((whole,), reached[0]), False)
    matrix = make(structure.unvec, (vector,), None, (graph.sizes[b], graph.sizes[a]))
    graph.add_matrix(b, a, matrix, turn(matrix))
    return used, []
