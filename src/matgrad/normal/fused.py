"""Lifting axes made of axes: vec, unvec and Kronecker products.

Floor 3.  A joined axis is written by what hangs on its parts: one matrix between both parts is
a vec, two parts that lead to the two parts of another joined axis a Kronecker product.  What is a
part of yet another joined axis is written inside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, stacking, structure
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.images import further_axes
from matgrad.normal.links import Step
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
            written = _vec(graph, factor, joined, rest) or _unvec(graph, factor, joined, rest)
            written = written or _kron(graph, factor, joined, rest)
            if written:
                used, inner = written
                joined = [other for other in joined if other not in used]
                rest = [other for other in rest if other not in used] + inner
                break
        else:
            weight = _weight(graph, joined, rest)
            if weight is not None:
                rest = [other for other in rest if other != weight]
            elif graph.indexed:
                return rest + joined
            else:
                raise Stuck("a joined axis that is no vec and no Kronecker product")
    return rest


# The factors that were written, and what takes their place inside a joined axis.
Written = tuple[list[Factor], list[Factor]]


def _inside(
    graph: Graph, labels: Labels, used: list[Factor], joined: list[Factor]
) -> list[Factor] | None:
    """The factor that `used` are, if there are joined axes yet to write: it may hang on one."""
    if all(f in used for f in joined):
        return None
    sizes = {label: graph.sizes[label] for label in labels}
    return [(contract(labels, used, 1, sizes), labels, 1)]


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


def _vec(graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]) -> Written | None:
    _, (whole, a, b), _ = factor
    others = {label for f in joined if f != factor for label in f[1]}
    if {a, b} & (others | set(graph.out)):
        return None
    parts, closed = _boundary(graph, joined)
    passing = _passing(graph, rest)
    closed.difference_update(passing)
    first, second = _reach(a, parts, closed, rest), _reach(b, parts, closed, rest)
    if first is None or second is None or not (first[1] | second[1]) <= {a, b}:
        return None
    apart = a not in second[1] and b not in first[1]
    used = first[0] + [f for f in second[0] if f not in first[0]]
    if passing and not any(passing[0] in row for _, row, _ in used):
        passing = ()
    inner = _inside(graph, (whole,), [factor, *used], joined)
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
    reached = _reach(whole, parts | {whole}, closed, rest)
    if reached is None or not reached[0] or reached[1] - {whole}:
        return None
    used = [factor, *reached[0]]
    inner = _inside(graph, (b, a), used, joined)
    if inner is not None:
        return used, inner
    vector = graph.lifter.form(contract((whole,), reached[0]), False)
    matrix = make(structure.unvec, (vector,), None, (graph.sizes[b], graph.sizes[a]))
    graph.add_matrix(b, a, matrix, turn(matrix))
    return used, []


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


def _kron(graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]) -> Written | None:
    """Two joined axes whose parts meet in order, or crossed: then a commutation matrix stands
    before the Kronecker product."""
    _, (whole, a, b), _ = factor
    parts, closed = _boundary(graph, joined)
    for other in joined:
        if other == factor or {a, b} & set(graph.out):
            continue
        _, (far, *ends), _ = other
        for c, d in (ends, ends[::-1]):
            if not _aligned((a, c), (b, d), joined, graph.out):
                continue
            first, second = _reach(a, parts, closed, rest), _reach(b, parts, closed, rest)
            if first is None or second is None:
                return None
            if first[1] <= {a, c} and second[1] <= {b, d}:
                used = [
                    *_between(a, c, first[0], parts, closed, rest),
                    *_between(b, d, second[0], parts, closed, rest),
                ]
                if any({a, b, c, d} & set(f[1]) for f in rest if f not in used):
                    continue  # something else hangs on a part, such as C in C.*(A*X*B)
                inner = _inside(graph, (whole, far), [factor, other, *used], joined)
                if inner is not None:
                    return [factor, other, *used], inner
                blocks = _block(graph, a, c, used), _block(graph, b, d, used)
                forward, backward = _kronecker(*blocks, crossed=[c, d] != ends)
                graph.add_matrix(whole, far, forward, backward)
                return [factor, other, *used], []
    return None


def _between(
    row: int,
    column: int,
    found: list[Factor],
    parts: set[int],
    closed: set[int],
    rest: list[Factor],
) -> list[Factor]:
    """The factors of a block: those on its row, and on its column if nothing joins the two."""
    if row == column or column in {label for f in found for label in f[1]}:
        return found
    return found + (_reach(column, parts, closed, rest) or ([], set()))[0]


def _block(graph: Graph, row: int, column: int, used: list[Factor]) -> Step:
    """What leads from one part to the other, as it stands and transposed."""
    reached, size = {row, column}, 0
    while size != len(reached):
        size = len(reached)
        reached |= {x for _, labels, _ in used if reached & set(labels) for x in labels}
    own = [factor for factor in used if reached & set(factor[1])]
    sizes = {row: graph.sizes[row], column: graph.sizes[column]}
    block = contract((row, column), own, 1, sizes)
    return graph.lifter.form(block, False), graph.lifter.turned(block)


def _kronecker(first: Step, second: Step, *, crossed: bool) -> Step:
    """The matrix that two blocks make, and its transpose.  Crossed, the rows of the second
    block vary slowest in their Kronecker product but fastest in what is wanted."""
    (left, left_turned), (right, right_turned) = first, second
    if not crossed:
        return _product(left, right), _product(left_turned, right_turned)
    return (
        _swapped(left.shape[0], right.shape[0], _product(right, left)),
        _swapped(right.shape[1], left.shape[1], _product(left_turned, right_turned)),
    )


def _product(first: Expr, second: Expr) -> Expr:
    if first.op is structure.eye and second.op is structure.eye:
        size = first.shape[0] * second.shape[0]
        return make(structure.eye, (), None, (size, size))
    return build(algebra.kron, (first, second))


def _swapped(m: Size, n: Size, product: Expr) -> Expr:
    swap = make(stacking.commutation, (), (m, n), (m * n, m * n))
    return swap if product.op is structure.eye else build(algebra.matmul, (swap, product))
