"""The cells of records that say how an operator varies, read and taken apart.

Floor 4.  A primitive's differential is written in our notation at symbols for its operands; here
it becomes, once for all uses, a list of products with the differential of one operand in each,
its *move*.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from matgrad.core.dims import Shape, Size
from matgrad.core.errors import NoRule, ShapeProblem
from matgrad.core.expr import CONTRACTION, SUM, Expr, Op, depends, shape_text, symbol, walk
from matgrad.core.signature import alternatives, build, directions, operand_symbols
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.images import adjoint_of
from matgrad.normal.lower import definition, lower
from matgrad.normal.sums import combine
from matgrad.notation.read import read_expression


class Template(NamedTuple):
    """One product of a differential, without its move; `row` are the labels of the move's axes."""

    operand: int
    coefficient: Size
    out: Labels
    factors: list[Factor]
    row: Labels


class Cell(NamedTuple):
    """A differential cell read at symbols: terms taken apart at their differentials, and the sum
    of those that cannot be because a linear operator stands between."""

    symbols: tuple[Expr, ...]
    moves: tuple[Expr, ...]
    templates: tuple[Template, ...]
    rest: Expr
    covered: frozenset[int]


@cache
def cell_of(op: Op, orders: tuple[int, ...], singular: bool = False) -> Cell:
    """A primitive's differential cell, or the one for singular matrices, taken apart at its
    differentials."""
    if not op.differential:
        raise NoRule(f"{op.name} has no rule for its derivative")
    symbols = operand_symbols(op, orders)
    names = {slot.data[0]: slot for slot in symbols}
    # No user's symbol has a name with a blank in it.
    moves = tuple(symbol(f"d {slot.data[0]}", slot.shape) for slot in symbols)
    named = {f"d{name}": move for name, move in zip(names, moves, strict=True)}
    try:
        written = read_expression(op.singular if singular else op.differential, {**names, **named})
    except ShapeProblem:
        raise NoRule(
            f"{op.name} has no rule for its derivative where further axes pass through it",
            hint="differentiate by one entry, or along a direction (by a scalar)",
        ) from None
    cell = lower(written)
    active = depends(cell, set(moves))
    templates = []
    rest: list[tuple[Size, Expr]] = []
    for coefficient, term in _terms(cell):
        template = _taken_apart(coefficient, term, moves)
        if template is not None:
            templates.append(template)
        elif _is_linear(term, active):
            rest.append((coefficient, term))
        else:
            raise NoRule(f"the differential of {op.name} is not linear in {', '.join(named)}")
    # A cell may say that the derivative is zero: 0*dA is a rule, no mention of dA is none.
    mentioned = depends(written, set(moves))
    covered = frozenset(k for k, move in enumerate(moves) if move in mentioned)
    return Cell(symbols, moves, tuple(templates), combine(rest, cell.shape), covered)


def _is_linear(root: Expr, active: set[Expr]) -> bool:
    """Whether a graph is linear in what varies; `active` are the nodes in which that occurs."""
    for node in walk(root):
        varying = [arg for arg in node.args if arg in active]
        if node.op is SUM:
            if len(varying) < len(node.args) and node in active:
                return False
        elif node.op is CONTRACTION:
            powers = [p for arg, p in zip(node.args, node.data[2], strict=True) if arg in active]
            if powers not in ([], [1]):
                return False
        elif varying:
            linear = [node.args[k] for k in directions(node.op)]
            if len(varying) > 1 or varying[0] not in linear:
                return False
    return root in active


def _terms(node: Expr) -> list[tuple[Size, Expr]]:
    """A sum's terms, through the coefficient in front."""
    if node.op is not SUM:
        return [(1, node)]
    return [
        (outer * inner, term)
        for outer, arg in zip(node.data, node.args, strict=True)
        for inner, term in _terms(arg)
    ]


def _taken_apart(coefficient: Size, term: Expr, moves: tuple[Expr, ...]) -> Template | None:
    """A term as a product with one move in it; None where the move is deeper inside."""
    axes = tuple(range(term.order))
    if term in moves:
        return Template(moves.index(term), coefficient, axes, [], axes)
    if term.op is CONTRACTION:
        out, rows, powers = term.data
        factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
        places = [k for k, factor in enumerate(factors) if factor[0] in moves]
        if len(places) == 1 and factors[places[0]][2] == 1:
            (k,) = places
            move, row, _ = factors.pop(k)
            if not depends(term, set(moves)) & {factor for factor, _, _ in factors}:
                return Template(moves.index(move), coefficient, out, factors, row)
    return None


@cache
def scalar_template(op: Op) -> tuple[Expr, Expr]:
    """The derivative of an elementwise function, and the variable it is written in."""
    if not op.differential:
        raise NoRule(f"{op.name} has no rule for its derivative")
    variable = symbol(op.operands[0])
    return lower(read_expression(op.differential, {op.operands[0]: variable})), variable


def check_cells(op: Op) -> None:
    """Read an operator's cells at generic shapes.

    Raises what is wrong with them: a MatgradError of the reader's, NoRule for a differential
    that is not linear, ShapeProblem for a cell of another shape than the signature says.
    """
    if op.kind == "elementwise":
        _check_shape(op, "derivative", scalar_template(op)[0].shape, ())
        return
    for rule in alternatives(op.signature):
        # A differential need not say what becomes of axes that pass through.
        orders = tuple(
            len(spec.axes) + (not op.adjoint and bool(spec.rest)) for spec in rule.inputs
        )
        shape = build(op, operand_symbols(op, orders)).shape
        if op.kind == "composed":
            _check_shape(op, "definition", definition(op, orders, op.definition)[0].shape, shape)
            continue
        if op.differential or not op.adjoint:
            _check_shape(op, "differential", cell_of(op, orders).rest.shape, shape)
        if op.adjoint:
            adjoint_of(op, orders)


def _check_shape(op: Op, cell: str, found: Shape, wanted: Shape) -> None:
    if found != wanted:
        raise ShapeProblem(
            f"the {cell} of {op.name} is {shape_text(found)}, and its value {shape_text(wanted)}"
        )
