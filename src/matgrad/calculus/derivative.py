"""Linearise, then transpose: the derivative of a normal expression as a normal expression.

Floor 4.  The reverse sweep carries cotangents from the result to the variable and sums them at
shared nodes; the forward sweep carries tangents the other way and is taken when the variable
has fewer axes than the result.  Both read the same differentials (`calculus.partials`), and the
work is proportional to the graph.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.calculus.partials import Partial, partials
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, depends, walk
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, zero

# A cotangent is kept as a list of factors until something forces it to become a node: a second
# contribution, or being used twice while it is larger than this.
LOOSE = 8


def derivative(root: Expr, variable: Expr) -> Expr:
    """∂root/∂variable: axes of the result first, then those of the variable."""
    active = depends(root, {variable})
    if root not in active:
        return zero(root.shape + variable.shape)
    if variable.order < root.order:
        identity = _identity(variable.shape)
        return forward(root, variable, identity, active)
    return reverse(root, variable, active)


def differential(root: Expr, variable: Expr, move: Expr) -> Expr:
    """d root, linear in `move`, the differential of `variable`."""
    active = depends(root, {variable})
    return forward(root, variable, move, active) if root in active else zero(root.shape)


def _identity(shape: tuple[Size, ...]) -> Expr:
    axes = tuple(range(len(shape)))
    return contract(axes + axes, [], 1, dict(enumerate(shape)))


def forward(root: Expr, variable: Expr, seed: Expr, active: set[Expr]) -> Expr:
    """Tangents from the variable to the result; `seed` is the variable's, its further axes
    those of every tangent."""
    extra = seed.shape[variable.order :]
    tangents: dict[Expr, Expr] = {variable: seed}
    for node in walk(root):
        if node not in active or node is variable:
            continue
        terms = []
        for partial in partials(node, active):
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
    return _Reverse(root, variable, active).run()


@final
class _Reverse:
    def __init__(self, root: Expr, variable: Expr, active: set[Expr]) -> None:
        self.root = root
        self.variable = variable
        self.active = active
        self.count = 0
        self.pending: dict[Expr, list[_Cotangent]] = {}

    def fresh(self, count: int) -> Labels:
        self.count += count
        return tuple(range(self.count - count, self.count))

    def run(self) -> Expr:
        root, variable = self.root, self.variable
        self.lead = self.fresh(root.order)
        sizes = dict(zip(self.lead, root.shape, strict=True))
        self.pending[root] = [_Cotangent(1, self.lead + self.lead, [], sizes)]
        order = [node for node in walk(root) if node in self.active]
        for node in reversed(order):
            contributions = self.pending.pop(node, None)
            if contributions is None:
                continue
            if node is variable:
                return self.total(contributions, node)
            steps = partials(node, self.active)
            cotangent = contributions[0]
            if len(contributions) > 1 or (len(steps) > 1 and len(cotangent.factors) > LOOSE):
                cotangent = self.made(contributions, node)
            for partial in steps:
                self.pending.setdefault(partial.operand, []).append(
                    self.pull(cotangent, partial, node)
                )
        return zero(root.shape + variable.shape)

    def total(self, contributions: list[_Cotangent], node: Expr) -> Expr:
        terms = [(1, contribution.node()) for contribution in contributions]
        return combine(terms, self.root.shape + node.shape)

    def made(self, contributions: list[_Cotangent], node: Expr) -> _Cotangent:
        """The sum of contributions, as one factor."""
        value = self.total(contributions, node)
        labels = self.fresh(node.order)
        out = self.lead + labels
        sizes = dict(zip(out, value.shape, strict=True))
        return _Cotangent(1, out, [(value, out, 1)], sizes)

    def pull(self, cotangent: _Cotangent, partial: Partial, node: Expr) -> _Cotangent:
        """The operand's share of a cotangent: the differential, transposed."""
        lead = len(self.lead)
        names: dict[int, int] = {}
        factors = list(cotangent.factors)
        sizes = dict(cotangent.sizes)
        for label, outer, size in zip(partial.out, cotangent.out[lead:], node.shape, strict=True):
            sizes.setdefault(outer, size)
            if label in names:
                factors.append((_identity((size,)), (names[label], outer), 1))
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
                (names[label],) = self.fresh(1)
        return tuple(names[label] for label in row)
