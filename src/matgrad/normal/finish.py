"""What a reduced graph says: a scalar, a vector, a matrix, with scalars in front.

Floor 3.
"""

from __future__ import annotations

from math import prod

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.blocks import part
from matgrad.core.dims import Dim, Number, Size, is_monomial
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import NUMBER, Expr, make, number
from matgrad.core.signature import build
from matgrad.normal.averages import averaged
from matgrad.normal.graph import Graph
from matgrad.normal.links import End
from matgrad.normal.paths import cycle, diagonal, joined
from matgrad.normal.skew import straightened
from matgrad.normal.surface import Stuck, hadamard, raised, weigh


def finish(graph: Graph, coefficient: Size, row: bool) -> Expr:
    try:
        graph.reduce()
        core = _core(graph, row)
    except ShapeProblem as problem:
        raise Stuck(str(problem)) from problem
    return weighted(graph, coefficient, core)


def _core(graph: Graph, row: bool) -> Expr | None:
    out = graph.out
    if not out:
        return graph.tensor
    if graph.tensor is not None:
        raise Stuck("the trace of a tensor beside axes of its own")
    if len(out) == 1:
        end = _vector_at(graph, out[0])
        return end.row(graph.lifter) if row else end.column(graph.lifter)
    if len(out) > 2:
        raise Stuck("more than two axes")
    i, j = out
    if i == j:
        if not graph.ends.get(i) and not graph.links.get(i):
            return make(structure.eye, (), None, (graph.sizes[i], graph.sizes[i]))
        return _diagonal(graph, i)
    return _matrix(graph, i, j)


def _diagonal(graph: Graph, i: int) -> Expr:
    """A diagonal matrix: diag(x), or the diagonal of a matrix M as M.*I."""
    loops = [link for link in graph.links.get(i, {}).values() if link.start == link.stop]
    whole = build(structure.diag, (_vector_at(graph, i).column(graph.lifter),))
    if len(loops) != 1 or len(graph.ends[i]) != 1:
        return whole
    unit = make(structure.eye, (), None, (graph.sizes[i], graph.sizes[i]))
    masked = hadamard(cycle(graph.lifter, loops[0].chain, fixed=True), unit)
    return min(masked, whole, key=graph.lifter.cost)


def _vector_at(graph: Graph, label: int) -> End:
    """Everything at an output label as one vector."""
    for key, link in list(graph.links.get(label, {}).items()):
        if link.start == link.stop:
            graph.unlink(key, link)
            vector = diagonal(graph.lifter, link.chain)
            graph.add_end(label, End((), vector, graph.sizes[label]))
    if graph.links.get(label):
        raise Stuck("links remain at an output")
    ends = graph.ends.get(label)
    return joined(graph.lifter, ends) if ends else End((), None, graph.sizes[label])


def _matrix(graph: Graph, i: int, j: int) -> Expr:
    for label in (i, j):
        for key, link in list(graph.links.get(label, {}).items()):
            if link.start == link.stop:
                graph.unlink(key, link)
                vector = diagonal(graph.lifter, link.chain)
                graph.add_end(label, End((), vector, graph.sizes[label]))
    while len(graph.links.get(i, {})) > 1:
        graph.merge_parallel()
    links = list(graph.links.get(i, {}).values())
    if not links:
        return _outer(graph, i, j)
    parts = [forward for forward, _ in links[0].toward(j)]
    if i in graph.ends:
        parts.insert(0, _weight(graph, i))
    if j in graph.ends:
        parts.append(_weight(graph, j))
    return graph.lifter.multiply(parts)


def _weight(graph: Graph, label: int) -> Expr:
    """The vectors at a label, as a diagonal matrix."""
    return build(structure.diag, (joined(graph.lifter, graph.ends[label]).column(graph.lifter),))


def _outer(graph: Graph, i: int, j: int) -> Expr:
    left, right = _vector_at(graph, i), _vector_at(graph, j)
    if left.base is None and right.base is None and not left.chain and not right.chain:
        return make(structure.ones, (), None, (graph.sizes[i], graph.sizes[j]))
    left, right = (_whole(graph, end) for end in (left, right))
    base = build(
        algebra.outer,
        (
            End((), left.base, left.size).column(graph.lifter),
            End((), right.base, right.size).column(graph.lifter),
        ),
    )
    before = [forward for forward, _ in left.chain]
    after = [backward for _, backward in reversed(right.chain)]
    if before:
        base = build(algebra.matmul, (graph.lifter.multiply(before), base))
    return build(algebra.matmul, (base, graph.lifter.multiply(after))) if after else base


def _whole(graph: Graph, end: End) -> End:
    """A vector of which nothing can be left outside of an outer product: sums, and selections."""
    if end.chain and (end.base is None or any(forward.op is part for forward, _ in end.chain)):
        return End((), end.column(graph.lifter), end.size)
    return end


def weighted(graph: Graph, coefficient: Size, core: Expr | None) -> Expr:
    """Scalars in front, denominators behind."""
    scalars = graph.scalars
    if graph.has_skew:
        straight = [(*straightened(expr), power) for expr, power in scalars]
        odd = [sign for sign, _, power in straight if power % 2 == 1]
        sign, core = (1, None) if core is None else straightened(core)
        coefficient = coefficient * (sign * prod(odd))
        scalars = [
            (expr if power % 2 in (0, 1) else given[0], power)
            for (_, expr, power), given in zip(straight, scalars, strict=True)
        ]
    powers: dict[Expr, Number] = {}
    sizes: Size = 1
    for expr, power in scalars:
        if expr.op is NUMBER and power < 0 and power == int(power) and is_monomial(expr.data):
            sizes = sizes * expr.data ** -int(power)
        else:
            powers[expr] = powers.get(expr, 0) + power
    ordered = list(powers.items())
    if len(ordered) > 1:
        ordered.sort(key=lambda p: graph.lifter.order(p[0]))
    tops = [raised(expr, power) for expr, power in ordered if power > 0]
    bottoms = [raised(expr, -power) for expr, power in ordered if power < 0]
    if core is not None:
        tops.append(core)
    for k, top in enumerate(tops):
        tops[k], sizes = averaged(top, sizes, graph.lifter.means)
    bottom: Expr | None = None if sizes == 1 else number(sizes)
    for divisor in bottoms:
        bottom = divisor if bottom is None else build(algebra.scale, (bottom, divisor))
    if bottom is not None and not isinstance(coefficient, (int, Dim)):
        bottom = weigh(coefficient.denominator, bottom)
        coefficient = coefficient.numerator
    if not tops:
        total = number(coefficient)
        return total if bottom is None else build(algebra.divide, (total, bottom))
    total = tops[0]
    for factor in tops[1:]:
        total = build(algebra.scale, (total, factor))
    if bottom is None:
        return weigh(coefficient, total)
    if coefficient == -1:
        return build(algebra.neg, (build(algebra.divide, (total, bottom)),))
    return build(algebra.divide, (weigh(coefficient, total), bottom))
