"""What every operator means: its value from its definition, over dual numbers.

Floor 4.  Contractions and weighted sums are evaluated from their einsum string and weights,
scalar functions by a table of proof's own, everything else by a row of `DEFINITIONS`.  No
definition knows a derivative: derivatives come out because the numbers are dual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import prod

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.germs import ARGUMENT
from matgrad.core.along import Along, lead_in
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Number, evaluate
from matgrad.core.errors import DeclarationProblem, EvaluationProblem, NoRule
from matgrad.core.expr import APPLY, CONTRACTION, NUMBER, SUM, SYMBOL, Expr, Op, make
from matgrad.core.signature import Spec, choose
from matgrad.proof import blocks, magnitudes, matrices, stacking
from matgrad.proof.arrays import Label, Labels
from matgrad.proof.complexes import conjugate, real_operands
from matgrad.proof.contraction import Plan, carried_out, contract, planned
from matgrad.proof.cumulative import CUMULATIVE, slices, stacked
from matgrad.proof.diagonals import DIAGONALS
from matgrad.proof.dual import MOVE, Dual, combine
from matgrad.proof.eigen import EIGEN
from matgrad.proof.factors import FACTORS
from matgrad.proof.functions import FUNCTIONS
from matgrad.proof.germs import GERMS
from matgrad.proof.nested import Nested, flatten, nest
from matgrad.proof.pairs import PAIRS
from matgrad.proof.point import Point
from matgrad.proof.reductions import REDUCTIONS
from matgrad.proof.scalars import SCALARS, real_power
from matgrad.proof.spectral import SPECTRAL
from matgrad.proof.vectors import VECTORS

Definition = Callable[[Point, Sequence[Dual]], Dual]


def value(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """The value of a node from the values of its operands.

    Raises BadPoint where there is none, NoRule for an operator without a definition.
    """
    op = node.op
    if is_complex(node):
        args = real_operands(op, args)
    if lead_in(node.data):
        return _along(node, args, point)
    special = _STRUCTURAL.get(op) or _BY_WEIGHTS.get(op.weights)
    if special is not None:
        return special(node, args, point)
    if op.kind == "contraction":
        return _contraction(node, args, point)
    if op.kind == "linear":
        return combine(zip(numbers(op.weights), args, strict=True))
    if op.name in DEFINITIONS:
        return DEFINITIONS[op.name](point, args)
    if op.name in SCALARS:
        return point.scalar(op.name, args[0])
    if op.name in CALLABLES:
        return _called(node, args, point)
    raise NoRule(
        f"{op.name} has no definition to check against",
        hint=f'give one: matgrad.proof.define("{op.name}", function)',
    )


def define(name: str, function: Callable[..., Nested]) -> None:
    """Say what a registered operator means: a Python function of numbers or nested lists.

    An elementwise operator's function takes and gives one float.  Answers with the operator
    are then checked against finite differences of `function`.
    """
    if name not in OPERATORS:
        raise DeclarationProblem(f"there is no operator {name} to define")
    if name in DEFINITIONS or name in SCALARS:
        raise DeclarationProblem(f"the operator {name} has its definition already")
    CALLABLES[name] = function


def is_defined(op: Op) -> bool:
    """Whether the value of an operator is known without expanding it."""
    return (
        op.kind in ("structural", "contraction", "linear")
        or op in GERMS
        or op.name in DEFINITIONS
        or op.name in SCALARS
        or op.name in CALLABLES
    )


def is_called(op: Op) -> bool:
    """Whether an operator's definition is a user's function, which takes plain floats only."""
    return op.name in CALLABLES


DEFINITIONS: dict[str, Definition] = {
    **FUNCTIONS,
    **PAIRS,
    **REDUCTIONS,
    **SPECTRAL,
    **EIGEN,
    **FACTORS,
    **CUMULATIVE,
    **DIAGONALS,
    **VECTORS,
    "inv": lambda point, args: matrices.inverse(args[0]),
    "solve": lambda point, args: matrices.solve(args[0], args[1]),
    "det": lambda point, args: matrices.determinant(args[0]),
    "adj": lambda point, args: matrices.adjugate(args[0]),
    "logdet": magnitudes.logdet,
    "norm2": magnitudes.norm,
    "normF": magnitudes.norm,
    "conj": lambda point, args: conjugate(args[0]),
    "ctranspose": lambda point, args: matrices.transpose(conjugate(args[0])),
    "abs": magnitudes.absolute,
    "norm1": magnitudes.norm1,
}
CALLABLES: dict[str, Callable[..., Nested]] = {}


def _called(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    op, ring = node.op, point.ring
    function = CALLABLES[op.name]
    if ring.prime is not None or any(len(arg.parts) > 1 for arg in args):
        raise NoRule(f"the definition of {op.name} takes plain floats only")
    if op.kind == "elementwise":
        results = [function(entry) for entry in args[0].real]
        shape, entries = args[0].shape, [entry for one in results for entry in flatten(one)[1]]
    else:
        shape, entries = flatten(function(*(nest(arg.shape, arg.real) for arg in args)))
    if shape != point.shape(node.shape):
        raise EvaluationProblem(f"the definition of {op.name} gives shape {shape} here")
    return Dual(ring, shape, {0: entries})


def _along(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """The values of an operator along the first axis of its operands, side by side."""
    lead, inner = node.data
    data = Along(lead - 1, inner) if lead > 1 else inner
    member = make(node.op, node.args, data, node.shape[1:])
    return stacked([value(member, each, point) for each in zip(*map(slices, args), strict=True)])


# Contractions, from their einsum string.


def _contraction(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    op = node.op
    if op.weights:
        exponents = numbers(op.weights)
        args = [real_power(arg, power) for arg, power in zip(args, exponents, strict=True)]
    shape = point.shape(node.shape)
    return carried_out(
        point.ring, args, _plan(op, tuple([arg.shape for arg in args]), shape), shape
    )


@lru_cache(maxsize=2048)
def _plan(op: Op, shapes: tuple[tuple[int, ...], ...], shape: tuple[int, ...]) -> Plan:
    """How a contraction of operands of these shapes is carried out."""
    rule = choose(op, tuple([len(dims) for dims in shapes]), len(shape))
    places = [*zip(rule.inputs, shapes, strict=True), (rule.output, shape)]
    rest = max((len(dims) - len(spec.axes) for spec, dims in places if spec.rest), default=0)
    sizes: dict[Label, int] = {}
    for spec, dims in places:
        named = zip(spec.axes, dims, strict=False)
        sizes.update((axis, size) for axis, size in named if isinstance(axis, str))
        sizes.update(enumerate(dims[len(spec.axes) :]))
    rows = tuple([_labels(spec, rest) for spec in rule.inputs])
    return planned(rows, _labels(rule.output, rest), tuple(sizes.items()))


@cache
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers that an operator's weights are."""
    return tuple(
        int(weight) if "/" not in weight else Fraction(weight) for weight in text.split(",")
    )


def _labels(spec: Spec, rest: int) -> Labels:
    """One label an axis; a group of axes lies flat as its members."""
    labels: list[Label] = []
    for axis in spec.axes:
        labels.extend(axis)
    return (*labels, *(range(rest) if spec.rest else ()))


def _einsum(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    shape = point.shape(node.shape)
    left, out = node.data.replace(" ", "").split("->")
    operands = list(zip(args, map(tuple, left.split(",")), strict=bool(args)))
    return _labelled(point, operands, tuple(out), shape)


def _normal(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """A contraction of the normal form, which carries its labels itself."""
    out, labels, exponents = node.data
    powers = [real_power(a, e) for a, e in zip(args, exponents, strict=True)]
    return _labelled(point, list(zip(powers, labels, strict=True)), out, point.shape(node.shape))


def _labelled(
    point: Point, operands: list[tuple[Dual, Labels]], out: Labels, shape: tuple[int, ...]
) -> Dual:
    sizes: dict[Label, int] = dict(zip(out, shape, strict=True))
    for dual, labels in operands:
        sizes.update(zip(labels, dual.shape, strict=True))
    return contract(point.ring, operands, out, sizes, shape)


def _exponent(node: Expr, point: Point) -> Fraction:
    return Fraction(evaluate(node.data, point.sizes))


def _unit(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    (size,) = point.shape(node.shape)
    entries = [point.ring.number(0)] * size
    entries[point.position(node.data, size)] = point.ring.number(1)
    return Dual(point.ring, (size,), {0: entries})


def _entry(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """The part of a tensor at given positions of its first axes."""
    (tensor,) = args
    shape = tensor.shape[len(node.data) :]
    begin = 0
    for position, size in zip(node.data, tensor.shape, strict=False):
        begin = begin * size + point.position(position, size)
    width = prod(shape)
    parts = {s: part[begin * width : (begin + 1) * width] for s, part in tensor.parts.items()}
    return Dual(point.ring, shape, parts)


def _component(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """The part of a tensor at given positions of its last axes."""
    (tensor,) = args
    split = len(tensor.shape) - len(node.data)
    begin = 0
    for position, size in zip(node.data, tensor.shape[split:], strict=True):
        begin = begin * size + point.position(position, size)
    step = prod(tensor.shape[split:])
    parts = {s: part[begin::step] for s, part in tensor.parts.items()}
    return Dual(point.ring, tensor.shape[:split], parts)


def _zeros(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    shape = point.shape(node.shape)
    point.ring.spend(prod(shape))
    return Dual(point.ring, shape, {0: [point.ring.number(0)] * prod(shape)})


def _apply(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    function, slots = node.data
    if node.args[0].op is ARGUMENT:
        return args[0]
    return point.unknowns.at(function, slots, args)


def _number(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    return Dual(point.ring, (), {0: [point.ring.number(evaluate(node.data, point.sizes))]})


def _sum(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    weights = [evaluate(weight, point.sizes) for weight in node.data]
    return combine(zip(weights, args, strict=True))


Special = Callable[[Expr, Sequence[Dual], Point], Dual]
_STRUCTURAL: dict[Op, Special] = {
    SYMBOL: lambda node, args, point: point.symbols[node.data[0]],
    NUMBER: _number,
    APPLY: _apply,
    SUM: _sum,
    CONTRACTION: _normal,
    **GERMS,
}
_BY_WEIGHTS: dict[str, Special] = {
    "data": lambda node, args, point: real_power(args[0], _exponent(node, point)),
    "matpow": lambda node, args, point: matrices.matrix_power(args[0], int(_exponent(node, point))),
    "zero": _zeros,
    "index": _unit,
    "entry": _entry,
    "component": _component,
    "einsum": _einsum,
    "below": lambda node, args, point: stacking.triangle(args[0], node.data or 0, above=False),
    "above": lambda node, args, point: stacking.triangle(args[0], node.data or 0, above=True),
    "part": blocks.part,
    "block": blocks.block,
    "vech": lambda node, args, point: stacking.half(args[0]),
    "sizes": lambda node, args, point: stacking.sized(node, point),
    "differential": lambda node, args, point: args[0].along(MOVE),
}
