"""The differential of one node: linear in the differentials of its operands.

Floor 4.  Each operator has one rule.  For a node with operands u it is a list of `Partial`s:
d(node)[out] = Σ coefficient · product of factors · du[row].  Contractions and sums have theirs
by what they are; an elementwise function from its scalar derivative; a primitive from its
`differential` cell; an unknown function from its derivative tensor.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from matgrad.core.dims import Dim, Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, SUM, Expr, Op, apply, symbol
from matgrad.core.signature import alternatives
from matgrad.normal.build import instantiate, spread
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.lower import definition, lower, operand_symbols
from matgrad.normal.sums import is_zero
from matgrad.notation.read import read_expression


class Partial(NamedTuple):
    """One term of a node's differential; `row` are the labels of the operand's axes."""

    operand: Expr
    coefficient: Size
    out: Labels
    factors: list[Factor]
    row: Labels


def partials(node: Expr, active: set[Expr]) -> list[Partial]:
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
    if op is APPLY:
        return _application(node, active)
    if op.kind == "elementwise":
        slope = spread(*_slope(op, node.args[0]), node.shape)
        if is_zero(slope):
            return []
        return [Partial(node.args[0], 1, axes, [(slope, axes, 1)], axes)]
    if op.kind == "primitive":
        return _primitive(node, active)
    raise NoRule(f"{op.name} has no rule for its derivative")


def _product(node: Expr, active: set[Expr]) -> list[Partial]:
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    found = []
    for k, (factor, row, power) in enumerate(factors):
        if factor in active:
            rest = factors[:k] + factors[k + 1 :]
            if power != 1:
                rest.append((factor, row, power - 1))
            found.append(Partial(factor, power, out, rest, row))
    return found


def _application(node: Expr, active: set[Expr]) -> list[Partial]:
    """An unknown function: its derivative tensor by each argument."""
    function, slots = node.data
    axes = tuple(range(node.order))
    found = []
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


def _slope(op: Op, arg: Expr) -> tuple[Expr, dict[Expr, Expr]]:
    """The derivative template of an elementwise function, and its variable bound to `arg`."""
    template, variable = _scalar_template(op)
    return template, {variable: arg}


@cache
def _scalar_template(op: Op) -> tuple[Expr, Expr]:
    if not op.differential:
        raise NoRule(f"{op.name} has no rule for its derivative")
    variable = symbol(op.operands[0])
    return lower(read_expression(op.differential, {op.operands[0]: variable})), variable


def check_cells(op: Op) -> None:
    """Read an operator's cells at generic shapes.

    Raises what is wrong with them: a MatgradError of the reader's, or NoRule for a differential
    that is not linear.
    """
    if op.kind == "elementwise":
        _scalar_template(op)
        return
    for rule in alternatives(op.signature):
        orders = tuple(len(spec.axes) + spec.rest for spec in rule.inputs)
        if op.kind == "composed":
            definition(op, orders)
        else:
            _templates(op, orders)


class _Template(NamedTuple):
    operand: int
    coefficient: Size
    out: Labels
    factors: list[Factor]
    row: Labels


def _primitive(node: Expr, active: set[Expr]) -> list[Partial]:
    symbols, templates = _templates(node.op, tuple(arg.order for arg in node.args))
    nodes = dict(zip(symbols, node.args, strict=True))
    sizes: dict[str, Size] = {}
    for slot, arg in zip(symbols, node.args, strict=True):
        for size, actual in zip(slot.shape, arg.shape, strict=True):
            if isinstance(size, Dim):
                sizes[str(size)] = actual
    made: dict[Expr, Expr] = {}
    found = []
    for template in templates:
        operand = node.args[template.operand]
        if operand not in active:
            continue
        factors = []
        for factor, row, power in template.factors:
            if factor not in made:
                made[factor] = instantiate(factor, nodes, sizes)
            factors.append((made[factor], row, power))
        found.append(Partial(operand, template.coefficient, template.out, factors, template.row))
    return found


@cache
def _templates(op: Op, orders: tuple[int, ...]) -> tuple[tuple[Expr, ...], tuple[_Template, ...]]:
    """A primitive's differential cell, taken apart at its differentials."""
    if not op.differential:
        raise NoRule(f"{op.name} has no rule for its derivative")
    symbols = operand_symbols(op, orders)
    names = {slot.data[0]: slot for slot in symbols}
    moves = {f"d{name}": symbol(f"d{name}", slot.shape) for name, slot in names.items()}
    cell = lower(read_expression(op.differential, {**names, **moves}))
    targets = list(moves.values())
    return symbols, tuple(_taken_apart(op, c, term, targets) for c, term in _terms(cell))


def _terms(node: Expr) -> list[tuple[Size, Expr]]:
    """A sum's terms, through the coefficient in front."""
    if node.op is not SUM:
        return [(1, node)]
    return [
        (outer * inner, term)
        for outer, arg in zip(node.data, node.args, strict=True)
        for inner, term in _terms(arg)
    ]


def _taken_apart(op: Op, coefficient: Size, term: Expr, moves: list[Expr]) -> _Template:
    axes = tuple(range(term.order))
    if term in moves:
        return _Template(moves.index(term), coefficient, axes, [], axes)
    if term.op is CONTRACTION:
        out, rows, powers = term.data
        factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
        places = [k for k, factor in enumerate(factors) if factor[0] in moves]
        if len(places) == 1 and factors[places[0]][2] == 1:
            (k,) = places
            move, row, _ = factors.pop(k)
            return _Template(moves.index(move), coefficient, out, factors, row)
    raise NoRule(
        f"the differential of {op.name} is not linear in {', '.join(str(m.data[0]) for m in moves)}"
    )
