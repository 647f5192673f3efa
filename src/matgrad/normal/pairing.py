"""Lifting joined axes whose parts lead on: Kronecker products.

Floor 3.  `beside` is the plain one, `column` that of a matrix and a vector; `exchanged` brings
parts together that stand apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, stacking, structure
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import fuse_node
from matgrad.normal.hanging import Written, boundary, left_inside, reach
from matgrad.normal.links import Step
from matgrad.normal.product import contract
from matgrad.normal.surface import turn

if TYPE_CHECKING:
    from matgrad.normal.graph import Graph


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


def beside(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> Written | None:
    """Two joined axes whose parts meet in order, or crossed: then a commutation matrix stands
    before the Kronecker product."""
    _, (whole, a, b), _ = factor
    parts, closed = boundary(graph, joined)
    for other in joined:
        if other == factor or {a, b} & set(graph.out):
            continue
        _, (far, *ends), _ = other
        for c, d in (ends, ends[::-1]):
            if not _aligned((a, c), (b, d), joined, graph.out):
                continue
            first, second = reach(a, parts, closed, rest), reach(b, parts, closed, rest)
            if first is None or second is None:
                return None
            if first[1] <= {a, c} and second[1] <= {b, d}:
                left = _between(a, c, first[0], parts, closed, rest)
                right = _between(b, d, second[0], parts, closed, rest)
                if left is None or right is None:
                    continue
                used = left + right
                if any({a, b, c, d} & set(f[1]) for f in rest if f not in used):
                    continue  # something else hangs on a part, such as C in C.*(A*X*B)
                inner = left_inside(graph, (whole, far), [factor, other, *used], joined)
                if inner is not None:
                    return [factor, other, *used], inner
                blocks = _block(graph, a, c, used), _block(graph, b, d, used)
                forward, backward = _kronecker(*blocks, crossed=[c, d] != ends)
                graph.add_matrix(whole, far, forward, backward)
                return [factor, other, *used], []
    return None


def column(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> Written | None:
    """One part leads on and a vector hangs on the other: kron(A, x), in which x is a column."""
    _, (whole, *ends), _ = factor
    parts, closed = boundary(graph, joined)
    elsewhere = {*graph.out, *(label for f in joined if f != factor for label in f[1])}
    for held, far in (ends, ends[::-1]):
        hanging = None if held in elsewhere else reach(held, parts, closed, rest)
        if hanging is None or hanging[1] != {held} or any(far == f[1][0] for f in joined):
            continue
        vector = contract((held,), hanging[0], 1, {held: graph.sizes[held]})
        leading = [f for f in rest if far in f[1]]
        single = len(leading) == 1 and len({*leading[0][1]}) == len(leading[0][1]) == 2
        if not single or leading[0][2] != 1 or far in elsewhere:
            leading = []
        labels = (far, *(label for f in leading for label in f[1] if label != far))
        used = [factor, *hanging[0], *leading]
        inner = left_inside(graph, (whole, labels[-1]), used, joined)
        if inner is not None:
            return used, inner
        sizes = {label: graph.sizes[label] for label in labels}
        block = contract((labels[0], labels[-1]), leading, 1, sizes)
        pair = graph.lifter.form(block, False), graph.lifter.form(vector, False)
        forward = build(algebra.kron, pair if held == ends[1] else pair[::-1])
        graph.add_matrix(whole, labels[-1], forward, turn(forward))
        return used, []
    return None


def exchanged(
    graph: Graph, factor: Factor, joined: list[Factor], rest: list[Factor]
) -> Written | None:
    """An axis made of ((a, b), (c, d)) of which a and c or b and d belong together: b and c are
    exchanged by a commutation matrix (Magnus & Neudecker, the vec of a Kronecker product)."""
    _, (whole, *halves), _ = factor
    led = [step for half in halves if (step := _led(half, joined, rest))]
    if len(led) < 2 or any(whole in f[1][1:] for f in joined):
        return None  # what is a part itself is written with what it is a part of
    (_, a, b), (_, c, d) = (joint[1] for joint, _ in led)
    parts, closed = boundary(graph, joined)
    if not any(_meet(pair, reach(pair[0], parts, closed, rest)) for pair in ((a, c), (b, d))):
        return None
    sizes = graph.sizes
    ways = [
        contract((half, joint[1][0]), way, 1, {x: sizes[x] for x in (half, joint[1][0])})
        for half, (joint, way) in zip(halves, led, strict=True)
    ]
    lead = _product(*(graph.lifter.form(way, False) for way in ways))
    swap = build(algebra.kron, (_swap(sizes[b], sizes[c]), _identity(sizes[d])))
    swap = build(algebra.kron, (_identity(sizes[a]), swap))
    if lead.shape[1] != swap.shape[0]:
        return None  # sizes such as m*p and n*q, which are equal by what they are declared
    forward = swap if lead.op is structure.eye else build(algebra.matmul, (lead, swap))
    new, first, second = range(max(sizes) + 1, max(sizes) + 4)
    sizes |= {new: forward.shape[1], first: sizes[a] * sizes[c], second: sizes[b] * sizes[d]}
    graph.add_matrix(whole, new, forward, turn(forward))
    rows: list[Labels] = [(new, first, second), (first, a, c), (second, b, d)]
    fresh: list[Factor] = [(fuse_node(tuple(sizes[x] for x in row[1:])), row, 1) for row in rows]
    return [factor, *(f for joint, way in led for f in (joint, *way))], fresh


def _led(half: int, joined: list[Factor], rest: list[Factor]) -> tuple[Factor, list[Factor]] | None:
    """The joined axis that a part is, or the one to which a matrix leads from it."""
    wholes = {f[1][0]: f for f in joined}
    if half in wholes:
        return wholes[half], []
    way = [f for f in rest if half in f[1]]
    if len(way) != 1 or way[0][2] != 1 or not len(set(way[0][1])) == len(way[0][1]) == 2:
        return None
    first, second = way[0][1]
    joint = wholes.get(second if first == half else first)
    return joint and (joint, way)


def _meet(pair: tuple[int, int], hanging: tuple[list[Factor], set[int]] | None) -> bool:
    """Whether what hangs on one part hangs on the other and on no third."""
    return hanging is not None and hanging[1] == {*pair}


def _between(
    row: int,
    column: int,
    found: list[Factor],
    parts: set[int],
    closed: set[int],
    rest: list[Factor],
) -> list[Factor] | None:
    """The factors of a block: those on its row, and on its column if nothing joins the two; None
    where the column leads to another part."""
    if row == column or column in {label for f in found for label in f[1]}:
        return found
    hanging = reach(column, parts, closed, rest)
    return found + hanging[0] if hanging is not None and hanging[1] == {column} else None


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
    swap = _swap(m, n)
    return swap if product.op is structure.eye else build(algebra.matmul, (swap, product))


def _swap(m: Size, n: Size) -> Expr:
    return make(stacking.commutation, (), (m, n), (m * n, m * n))


def _identity(size: Size) -> Expr:
    return make(structure.eye, (), None, (size, size))
