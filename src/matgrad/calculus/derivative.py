"""Linearise, then transpose: the derivative of a normal expression as a normal expression.

Floor 4.  The reverse sweep carries cotangents from the result to the variable and sums them at
shared nodes; the forward sweep carries tangents the other way and is taken when the variable
has fewer axes than the result, or as many and a linear operator stands between, which then reads
as a directional derivative.  Both read the same differentials (`calculus.partials`), and the work
is proportional to the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, final

from matgrad.calculus.partials import Image, Partial, Passage, Step, partials, passes
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr, depends, walk
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.families import fixed, spread
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, is_zero, zero

# A cotangent is kept as a list of factors until something forces it to become a node: a second
# contribution, or being used twice while it is larger than this.
LOOSE = 8


def derivative(root: Expr, variable: Expr) -> Expr:
    """∂root/∂variable: axes of the result first, then those of the variable."""
    active = depends(root, {variable})
    if root not in active:
        return zero(root.shape + variable.shape)
    if goes_forward(root, variable, active):
        return forward(root, {variable: units(variable.shape)}, variable.shape, active)
    return reverse(root, variable, active)


def goes_forward(root: Expr, variable: Expr, active: set[Expr]) -> bool:
    """Which sweep a derivative is taken by; `active` are the nodes in which the variable occurs."""
    if variable.order == root.order:
        return variable.order > 0 and passes(active)
    return variable.order < root.order


def differential(root: Expr, variable: Expr, move: Expr) -> Expr:
    """d root, linear in `move`, the differential of `variable`."""
    active = depends(root, {variable})
    return forward(root, {variable: move}, (), active) if root in active else zero(root.shape)


def units(shape: Shape) -> Expr:
    """All unit arrays of a shape: their own axes, then which one it is."""
    axes = tuple(range(len(shape)))
    return contract(axes + axes, [], 1, dict(enumerate(shape)))


def forward(root: Expr, seeds: Mapping[Expr, Expr], extra: Shape, active: set[Expr]) -> Expr:
    """Tangents from the variables to the result; `seeds` are the variables', `extra` the further
    axes of every tangent."""
    tangents = dict(seeds)
    for node in walk(root):
        if node not in active or node in seeds:
            continue
        terms = []
        for partial in partials(node, active):
            if isinstance(partial, Image):
                terms.append((1, partial.push(tangents[partial.operand])))
                continue
            if isinstance(partial, Passage):
                moves = {
                    move: fixed(tangents.get(operand, zero(operand.shape + extra)), partial.spans)
                    for move, operand in partial.moves.items()
                }
                cell = partial.cell
                moved = forward(cell, moves, extra, depends(cell, set(moves)))
                terms.append((1, spread(moved, partial.spans)))
                continue
            if partial.operand not in tangents:
                continue
            start = 1 + max(
                (*partial.out, *partial.row, *(x for f in partial.factors for x in f[1])),
                default=-1,
            )
            further = tuple(range(start, start + len(extra)))
            factor: Factor = (tangents[partial.operand], partial.row + further, 1)
            sizes = dict(zip(partial.out + further, node.shape + extra, strict=True))
            product = contract(
                partial.out + further, [*partial.factors, factor], partial.coefficient, sizes
            )
            terms.append((1, product))
        tangents[node] = combine(terms, node.shape + extra)
    return tangents[root]


class _Cotangent(NamedTuple):
    """A product not yet made: axes of the result, then of the node."""

    coefficient: Size
    out: Labels
    factors: list[Factor]
    sizes: dict[int, Size]

    def node(self) -> Expr:
        return contract(self.out, self.factors, self.coefficient, self.sizes)


def reverse(root: Expr, variable: Expr, active: set[Expr]) -> Expr:
    """Cotangents from the result to the variable."""
    axes = tuple(range(root.order))
    sizes = dict(enumerate(root.shape))
    seed = _Cotangent(1, axes + axes, [], sizes)
    return _Reverse(root, seed, root.shape).run(active, {variable})[variable]


@final
class _Reverse:
    """A sweep from `root`, whose cotangent is `seed`; the first axes of every cotangent are
    `lead`, those of the result."""

    def __init__(self, root: Expr, seed: _Cotangent, lead: Shape) -> None:
        self.root = root
        self.lead = lead
        self.count = 1 + max(seed.sizes, default=-1)
        self.pending: dict[Expr, list[_Cotangent]] = {root: [seed]}

    def fresh(self, count: int) -> Labels:
        self.count += count
        return tuple(range(self.count - count, self.count))

    def run(self, active: set[Expr], variables: Collection[Expr]) -> dict[Expr, Expr]:
        """The cotangents of the variables; `active` are the nodes in which they occur."""
        found = {variable: zero(self.lead + variable.shape) for variable in variables}
        order = [node for node in walk(self.root) if node in active]
        for node in reversed(order):
            contributions = self.pending.pop(node, None)
            if contributions is None:
                continue
            if node in found:
                found[node] = self.total(contributions, node)
                continue
            steps = partials(node, active)
            cotangent = contributions[0]
            whole = len(steps) > 1 and len(cotangent.factors) > LOOSE
            whole = whole or Passage in map(type, steps)
            if len(contributions) > 1 or whole:
                cotangent = self.made(contributions, node)
            for step in steps:
                self.step(cotangent, step, node)
        return found

    def total(self, contributions: list[_Cotangent], node: Expr) -> Expr:
        if len(contributions) == 1:
            return contributions[0].node()
        terms = [(1, contribution.node()) for contribution in contributions]
        return combine(terms, self.lead + node.shape)

    def made(self, contributions: list[_Cotangent], node: Expr) -> _Cotangent:
        """The sum of contributions, as one factor."""
        return self.factor(self.total(contributions, node))

    def factor(self, value: Expr) -> _Cotangent:
        """A cotangent that is made."""
        out = self.fresh(value.order)
        return _Cotangent(1, out, [(value, out, 1)], dict(zip(out, value.shape, strict=True)))

    def step(self, cotangent: _Cotangent, step: Step, node: Expr) -> None:
        """Hand a node's cotangent on to its operands."""
        if isinstance(step, Partial):
            self.hand(step.operand, self.pull(cotangent, step, node))
            return
        value = cotangent.node()
        if isinstance(step, Image):
            self.hand(step.operand, self.factor(step.pull(value, len(self.lead))))
            return
        # The cell is linear already: what is left is to transpose it.
        first = len(self.lead)
        inner = _Reverse(step.cell, self.factor(fixed(value, step.spans, first)), self.lead)
        for move, share in inner.run(depends(step.cell, set(step.moves)), step.moves).items():
            if not is_zero(share):
                self.hand(step.moves[move], self.factor(spread(share, step.spans, first)))

    def hand(self, operand: Expr, share: _Cotangent) -> None:
        self.pending.setdefault(operand, []).append(share)

    def pull(self, cotangent: _Cotangent, partial: Partial, node: Expr) -> _Cotangent:
        """The operand's share of a cotangent: the differential, transposed."""
        lead = len(self.lead)
        names: dict[int, int] = {}
        factors = list(cotangent.factors)
        sizes = dict(cotangent.sizes)
        for label, outer, size in zip(partial.out, cotangent.out[lead:], node.shape, strict=True):
            sizes.setdefault(outer, size)
            if label in names:
                factors.append((units((size,)), (names[label], outer), 1))
            else:
                names[label] = outer
        for factor, row, power in partial.factors:
            factors.append((factor, self.renamed(row, names), power))
        row = self.renamed(partial.row, names)
        for label, size in zip(row, partial.operand.shape, strict=True):
            sizes.setdefault(label, size)
        return _Cotangent(
            cotangent.coefficient * partial.coefficient, cotangent.out[:lead] + row, factors, sizes
        )

    def renamed(self, row: Labels, names: dict[int, int]) -> Labels:
        for label in row:
            if label not in names:
                names[label] = self.count
                self.count += 1
        return tuple([names[label] for label in row])
