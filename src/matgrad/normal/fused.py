"""Lifting axes made of axes: vec, unvec and Kronecker products.

Floor 3.  A joined axis is written by what hangs on its parts: one matrix between both parts is
a vec, two parts that lead to the two parts of another joined axis a Kronecker product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, structure
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
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
        for factor in joined:
            used = _vec(graph, factor, joined, rest) or _unvec(graph, factor, joined, rest)
            used = used or _kron(graph, factor, joined, rest)
            if used:
                joined = [other for other in joined if other not in used]
                rest = [other for other in rest if other not in used]
                break
        else:
            if graph.indexed:
                return rest + joined
            raise Stuck("a joined axis that is no vec and no Kronecker product")
    return rest


def _reach(
    start: int, parts: set[int], closed: set[int], rest: list[Factor]
) -> tuple[list[Factor], set[int]] | None:
    """The factors hanging on a part label, and the part labels they touch; None when they also
    touch a label in `closed`."""
    reached, touched = {start}, {start}
    found: list[Factor] = []
    changed = True
    while changed:
        changed = False
        for factor in rest:
            if factor not in found and any(label in reached for label in factor[1]):
                found.append(factor)
                changed = True
                for label in factor[1]:
                    if label in closed:
                        return None
                    if label in parts:
                        touched.add(label)
                    if label not in parts or label == start:
                        reached.add(label)
    return found, touched


def _boundary(graph: Graph, joined: list[Factor]) -> tuple[set[int], set[int]]:
    parts = {label for _, (_, *rest), _ in joined for label in rest}
    closed = (set(graph.out) | {labels[0] for _, labels, _ in joined}) - parts
    return parts, closed


def _vec(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> list[Factor] | None:
    _, (whole, a, b), _ = factor
    others = {label for f in joined if f != factor for label in f[1]}
    if {a, b} & (others | set(graph.out)):
        return None
    parts, closed = _boundary(graph, joined)
    first, second = _reach(a, parts, closed, rest), _reach(b, parts, closed, rest)
    if first is None or second is None or not (first[1] | second[1]) <= {a, b}:
        return None
    if a not in second[1] and b not in first[1]:
        left = graph.lifter.form(contract((a,), first[0], 1, {a: graph.sizes[a]}), False)
        right = graph.lifter.form(contract((b,), second[0], 1, {b: graph.sizes[b]}), False)
        vector = build(algebra.kron, (left, right))
        used = first[0] + second[0]
    else:
        used = first[0] + [f for f in second[0] if f not in first[0]]
        sizes = {a: graph.sizes[a], b: graph.sizes[b]}
        vector = build(structure.vec, (graph.lifter.form(contract((b, a), used, 1, sizes), False),))
    graph.add_vector(whole, vector)
    return [factor, *used]


def _unvec(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> list[Factor] | None:
    _, (whole, a, b), _ = factor
    if whole in graph.out or any(whole in f[1] for f in joined if f != factor):
        return None
    parts = {label for _, (_, *inner), _ in joined for label in inner}
    closed = set(graph.out) | {f[1][0] for f in joined if f != factor}
    reached = _reach(whole, parts | {whole}, closed, rest)
    if reached is None or not reached[0] or reached[1] - {whole}:
        return None
    vector = graph.lifter.form(contract((whole,), reached[0]), False)
    matrix = make(structure.unvec, (vector,), None, (graph.sizes[b], graph.sizes[a]))
    graph.add_matrix(b, a, matrix, turn(matrix))
    return [factor, *reached[0]]


def _aligned(
    first: tuple[int, int], second: tuple[int, int], joined: list[Factor], out: Labels
) -> bool:
    """Whether the parts of two joined axes meet each other in order and meet nothing else."""
    ends = [label for labels in (f[1] for f in joined) for label in labels] + list(out)
    for here, there in (first, second):
        wanted = 2 if here == there else 1
        if ends.count(here) != wanted or ends.count(there) != wanted:
            return False
    return True


def _kron(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> list[Factor] | None:
    _, (whole, a, b), _ = factor
    parts, closed = _boundary(graph, joined)
    for other in joined:
        _, (far, c, d), _ = other
        if other == factor or not _aligned((a, c), (b, d), joined, graph.out):
            continue
        first, second = _reach(a, parts, closed, rest), _reach(b, parts, closed, rest)
        if first is None or second is None:
            return None
        if first[1] <= {a, c} and second[1] <= {b, d} and not {a, b} & set(graph.out):
            pairs: list[tuple[Labels, list[Factor]]] = [((a, c), first[0]), ((b, d), second[0])]
            blocks: list[Expr] = []
            for (row, column), used in pairs:
                if column not in {label for f in used for label in f[1]} and row != column:
                    used += (_reach(column, parts, closed, rest) or ([], set()))[0]
                sizes = {row: graph.sizes[row], column: graph.sizes[column]}
                blocks.append(graph.lifter.form(contract((row, column), used, 1, sizes), False))
            matrix = build(algebra.kron, tuple(blocks))
            turned = build(algebra.kron, tuple(turn(block) for block in blocks))
            graph.add_matrix(whole, far, matrix, turned)
            return [factor, other, *first[0], *second[0]]
    return None
