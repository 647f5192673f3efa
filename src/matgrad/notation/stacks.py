"""Operators of matrices at stacks of them, as NumPy has it: `inv(T)` of an N x n x n array.

Floor 2.  An operand with more axes than its operator takes has the others in front, and there is a
value for each place on them; operands without them are the same everywhere.  Tried only where no
reading without them fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from string import ascii_letters

from matgrad.catalogue.linalg import inv, solve
from matgrad.catalogue.structure import einsum
from matgrad.core.expr import Expr, Op, make
from matgrad.core.signature import Alternative, alternatives, build
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.tensors import common_shape, contract, repeated

_MATRIX = 2


def stacking(rule: Rule, op: Op, *, arrays: bool = False) -> Rule:
    """The rule of an operator, also at stacks of matrices.  NumPy, whose `arrays` these are, solves
    for the last two axes of a right side with three or more, where the matrix language does for
    the first."""
    if op.kind != "primitive" and op is not solve:
        return rule
    signature, *others = alternatives(op.signature)
    owns = [len(spec.axes) for spec in signature.inputs]
    if others or _MATRIX not in owns or not owns[0]:
        return rule
    makes = _solved if op is solve else partial(_stacked, op.name, owns)

    def single(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if arrays and op is solve and max(map(k.order_of, kinds)) > _MATRIX:
            return 0
        return rule.outcome(kinds, lenient)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        found = single(kinds, lenient)
        lead = _lead(signature, kinds) if lenient and not found else 0
        if not lead:
            return found
        own = k.order_of(kinds[-1]) if op is solve else len(signature.output.axes)
        return k.oriented(lead + min(own, _MATRIX))

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        lead = 0 if single(kinds, True) else _lead(signature, kinds)
        return makes(draft, rows, lead) if lead else rule.emit(draft, rows, kinds)

    return Rule(outcome, emit, lenient=True)


def _lead(signature: Alternative, kinds: tuple[Kind, ...]) -> int:
    """How many axes operands have in front of their own; 0 where they do not fit."""
    orders = list(map(k.order_of, kinds))
    if k.ROW in kinds or len(orders) != len(signature.inputs):
        return 0
    extra = [
        order - len(spec.axes) if not spec.rest else max(order - _MATRIX, 0)
        for spec, order in zip(signature.inputs, orders, strict=True)
    ]
    lead = max(extra)
    return lead if lead > 0 and set(extra) <= {0, lead} else 0


def _stacked(
    name: str, owns: Sequence[int], draft: Draft, rows: tuple[RowId, ...], lead: int
) -> RowId:
    shapes = [draft.shape(row) for row in rows]
    batch = common_shape(draft, [shape[:lead] for shape in shapes if len(shape) > lead])
    whole = [
        repeated(draft, row, batch + shape[len(shape) - own :])
        for row, shape, own in zip(rows, shapes, owns, strict=True)
    ]
    return draft.along(name, lead, *whole)


def _solved(draft: Draft, rows: tuple[RowId, ...], lead: int) -> RowId:
    """The solutions of a stack of systems, whose right sides are a vector, a matrix or a stack."""
    matrices, right = rows
    batch, order = ascii_letters[:lead], len(draft.shape(right))
    single = len(draft.shape(matrices)) == _MATRIX
    inverse = draft.emit("inv", matrices) if single else draft.along("inv", lead, matrices)
    first, second = "" if single else batch, batch if order > _MATRIX else ""
    end = "z" if order > 1 else ""
    inputs = [f"{first}xy", f"{second}y{end}"]
    return contract(draft, inputs, f"{batch}x{end}", inverse, right)


def by_inverse(node: Expr) -> Expr:
    """A\\T of a tensor as a product, which NumPy's `solve` is not: it solves for the last axes."""
    matrix, right = node.args
    letters = ascii_letters[: right.order]
    spec = f"z{letters[0]},{letters}->z{letters[1:]}"
    return make(einsum, (build(inv, (matrix,)), right), spec, node.shape)
