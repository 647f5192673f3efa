"""The differential of one node: linear in the differentials of its operands.

Floor 4.  Each operator has one rule.  For a node with operands u it is a list of `Partial`s:
d(node)[out] = Σ coefficient · product of factors · du[row].  Contractions and sums have theirs
by what they are; an elementwise function from its scalar derivative; a primitive from its
`differential` cell; an unknown function from its derivative tensor.  What passes through a
linear operator that is no contraction (a Fréchet derivative, a Sylvester solve) is no product of
factors: it is an `Image`, or a `Passage` when the cell does more than apply the operator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from matgrad.calculus.cells import Cell, cell_of, scalar_template
from matgrad.calculus.powers import power_terms
from matgrad.core.along import Along
from matgrad.core.dims import Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, SUM, Expr, apply, make, symbol
from matgrad.core.signature import directions, sizes_at
from matgrad.normal.along import along
from matgrad.normal.build import instantiate
from matgrad.normal.build import node as operator_node
from matgrad.normal.build import spread as entrywise
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.families import Spans, fixed, spans_of, spread
from matgrad.normal.gather import unit_vector
from matgrad.normal.images import pulled, with_last
from matgrad.normal.indices import MEMBER, is_affine, lead
from matgrad.normal.rank import is_deficient
from matgrad.normal.sums import is_zero, zero
from matgrad.normal.symmetry import permute


class Partial(NamedTuple):
    """One term of a node's differential; `row` are the labels of the operand's axes."""

    operand: Expr
    coefficient: Size
    out: Labels
    factors: list[Factor]
    row: Labels


class Image(NamedTuple):
    """The value of a linear operator at the differential of its last direction, `operand`; along
    the indices in `spans`, `node` is a member of the family.  The axes of the value that is
    differentiated are those of `node` in the order `turn`."""

    node: Expr
    operand: Expr
    turn: Labels
    spans: Spans = ()

    def push(self, tangent: Expr) -> Expr:
        """The operator at the tangent of its operand."""
        node = self.node
        further = tangent.shape[self.operand.order :]
        args = (*node.args[:-1], fixed(tangent, self.spans))
        image = operator_node(node.op, args, node.data, node.shape + further)
        last = tuple(range(node.order, image.order))
        return spread(permute(image, self.turn + last), self.spans)

    def pull(self, cotangent: Expr, first: int) -> Expr:
        """The adjoint at a cotangent of its value, of which as many axes as `first` says are those
        of the result."""
        axes = tuple(range(cotangent.order))
        whole = fixed(permute(cotangent, axes[first:] + axes[:first]), self.spans)
        count = self.node.order
        order = (*map(self.turn.index, range(count)), *range(count, count + first))
        share = spread(pulled(self.node, permute(whole, order)), self.spans)
        axes = tuple(range(share.order))
        return permute(share, axes[share.order - first :] + axes[: share.order - first])


class Passage(NamedTuple):
    """Terms of a differential, as a graph linear in the symbols `moves`, which stand for the
    differentials of operands; along the indices in `spans`, for a member of the family."""

    cell: Expr
    moves: dict[Expr, Expr]
    spans: Spans = ()


Step = Partial | Image | Passage


def partials(node: Expr, active: set[Expr]) -> list[Step]:
    """The differential of `node` in those of its operands that are in `active`.

    Raises NoRule for an operator without a differential.
    """
    op = node.op
    axes = tuple(range(node.order))
    if op is SUM:
        return [
            Partial(arg, coefficient, axes, [], axes)
            for coefficient, arg in zip(node.data, node.args, strict=True)
            if arg in active
        ]
    if op is CONTRACTION:
        return _product(node, active)
    if lead(node):
        return _along(node, active)
    if op is APPLY:
        return _application(node, active)
    if node.op is MEMBER:
        return [_member(node)]
    if is_affine(node):
        terms = power_terms(node)
        return [Partial(node.args[0], t.coefficient, axes, t.factors, t.row) for t in terms]
    if op.kind == "elementwise":
        template, variable = scalar_template(op)
        slope = entrywise(template, {variable: node.args[0]}, node.shape)
        if is_zero(slope):
            return []
        return [Partial(node.args[0], 1, axes, [(slope, axes, 1)], axes)]
    if op.kind == "primitive":
        return _primitive(node, active)
    raise NoRule(f"{op.name} has no rule for its derivative")


def passes(nodes: Iterable[Expr]) -> bool:
    """Whether a differential passes through a linear operator at one of the nodes."""
    return any(
        bool(node.op.adjoint) or not is_zero(cell_at(node).rest)
        for node in nodes
        if node.op.kind == "primitive" and node.op.differential + node.op.adjoint and not lead(node)
    )


def cell_at(node: Expr) -> Cell:
    """The differential cell that holds at a node's operands."""
    singular = bool(node.op.singular) and is_deficient(node.args[0])
    return cell_of(node.op, tuple(arg.order for arg in node.args), singular)


def _member(node: Expr) -> Step:
    """A member of a family varies with that alone: unit vectors at its fixed indices."""
    (family,) = node.args
    axes = tuple(range(node.order))
    fixed = [k for k, position in enumerate(node.data) if position is not None]
    row = list(axes)
    factors: list[Factor] = []
    for place, k in enumerate(fixed):
        label = node.order + place
        row.insert(k, label)
        factors.append((unit_vector(node.data[k], family.shape[k]), (label,), 1))
    return Partial(family, 1, axes, factors, tuple(row))


def _product(node: Expr, active: set[Expr]) -> list[Step]:
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    found: list[Step] = []
    for k, (factor, row, power) in enumerate(factors):
        if factor in active:
            rest = factors[:k] + factors[k + 1 :]
            if power != 1:
                rest.append((factor, row, power - 1))
            found.append(Partial(factor, power, out, rest, row))
    return found


def _application(node: Expr, active: set[Expr]) -> list[Step]:
    """An unknown function: its derivative tensor by each argument."""
    function, slots = node.data
    axes = tuple(range(node.order))
    found: list[Step] = []
    for k, arg in enumerate(node.args):
        if arg not in active:
            continue
        derivative = apply(function, node.args, (*slots, k))
        if function.elementwise:
            found.append(Partial(arg, 1, axes, [(derivative, axes, 1)], axes))
            continue
        row = tuple(range(node.order, node.order + arg.order))
        before = len(function.value) + sum(node.args[s].order for s in slots if s <= k)
        labels = axes[:before] + row + axes[before:]
        found.append(Partial(arg, 1, axes, [(derivative, labels, 1)], row))
    return found


def _along(node: Expr, active: set[Expr]) -> list[Step]:
    """An operator along indices: the differential of a member, for the family."""
    spans = spans_of(node.args, node.shape[: lead(node)])
    args = tuple(fixed(arg, spans) for arg in node.args)
    whole = dict(zip(args, node.args, strict=True))
    moving = {arg for arg in args if whole[arg] in active}
    data = node.data.inner if isinstance(node.data, Along) else node.data
    found: list[Step] = []
    for step in partials(make(node.op, args, data, node.shape[len(spans) :]), moving):
        if isinstance(step, Image):
            found.append(Image(step.node, whole[step.operand], step.turn, spans))
        elif isinstance(step, Passage):
            moves = {move: whole[arg] for move, arg in step.moves.items()}
            found.append(Passage(step.cell, moves, spans))
        else:
            found.append(_spread(step, whole[step.operand], spans))
    return found


def _spread(partial: Partial, operand: Expr, spans: Spans) -> Partial:
    """One term of a member's differential, for the family."""
    rows = (partial.out, partial.row, *(row for _, row, _ in partial.factors))
    first = 1 + max((label for row in rows for label in row), default=-1)
    head = tuple(range(first, first + len(spans)))
    factors: list[Factor] = []
    for factor, row, power in partial.factors:
        for label, (name, length) in reversed(list(zip(head, spans, strict=True))):
            found = along(factor, name, 0, length)
            if found.order > factor.order:
                row = (label, *row)
            factor = found
        factors.append((factor, row, power))
    return Partial(operand, partial.coefficient, head + partial.out, factors, head + partial.row)


def _primitive(node: Expr, active: set[Expr]) -> list[Step]:
    """An operator's differential cell at its operands."""
    found = _cell(node, active)
    for place, k in enumerate(directions(node.op)):
        if node.args[k] in active:
            found.append(Image(*with_last(node, place)))
    return found


def _cell(node: Expr, active: set[Expr]) -> list[Step]:
    op = node.op
    linear = directions(op)
    varying = [k for k, arg in enumerate(node.args) if arg in active and k not in linear]
    if not varying:
        return []
    cell = cell_at(node)
    for k in varying:
        if k not in cell.covered:
            raise NoRule(f"{op.name} has no rule for its derivative by {op.operands[k]}")
    nodes = dict(zip(cell.symbols, node.args, strict=True))
    sizes = sizes_at(cell.symbols, node.args)
    made: dict[Expr, Expr] = {}
    found: list[Step] = []
    for template in cell.templates:
        operand = node.args[template.operand]
        if operand not in active:
            continue
        factors = []
        for factor, row, power in template.factors:
            if factor not in made:
                made[factor] = instantiate(factor, nodes, sizes)
            factors.append((made[factor], row, power))
        found.append(Partial(operand, template.coefficient, template.out, factors, template.row))
    if not is_zero(cell.rest):
        moves: dict[Expr, Expr] = {}
        for k, (move, arg) in enumerate(zip(cell.moves, node.args, strict=True)):
            nodes[move] = zero(arg.shape)
            if k in varying:
                nodes[move] = symbol(move.data[0], arg.shape)
                moves[nodes[move]] = arg
        found.append(Passage(instantiate(cell.rest, nodes, sizes), moves))
    return found
