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
    behind = op is not solve
    makes = partial(_stacked, op.name, owns) if behind else _solved

    def single(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if arrays and op is solve and max(map(k.order_of, kinds)) > _MATRIX:
            return 0
        return rule.outcome(kinds, lenient)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        found = single(kinds, lenient)
        lead = _lead(signature, kinds, behind) if lenient and not found else 0
        if not lead:
            return found
        if not behind:
            return k.oriented(lead + min(k.order_of(kinds[-1]), _MATRIX))
        further = sum(_further(order, lead) for order in map(k.order_of, kinds))
        return k.oriented(lead + len(signature.output.axes) + further)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        lead = 0 if single(kinds, True) else _lead(signature, kinds, behind)
        return makes(draft, rows, lead) if lead else rule.emit(draft, rows, kinds)

    return Rule(outcome, emit, lenient=True)


def _lead(signature: Alternative, kinds: tuple[Kind, ...], behind: bool) -> int:
    """How many axes operands have in front of their own; 0 where they do not fit.  A direction may
    have others `behind` its own, which pass through."""
    orders = list(map(k.order_of, kinds))
    if k.ROW in kinds or len(orders) != len(signature.inputs):
        return 0
    specs = list(zip(signature.inputs, orders, strict=True))
    extra = {order - len(spec.axes) for spec, order in specs if not spec.rest}
    passing = {max(order - _MATRIX, 0) for spec, order in specs if spec.rest}
    if behind:
        passing = {min(count, max(extra, default=0)) for count in passing}
    lead = max(extra | passing)
    return lead if lead > 0 and extra | passing <= {0, lead} else 0


def _further(order: int, lead: int) -> int:
    """How many axes an operand has behind its own."""
    return max(order - _MATRIX - lead, 0)


def _stacked(
    name: str, owns: Sequence[int], draft: Draft, rows: tuple[RowId, ...], lead: int
) -> RowId:
    shapes = [draft.shape(row) for row in rows]
    ends = [own + _further(len(shape), lead) for own, shape in zip(owns, shapes, strict=True)]
    heads = [shape[:lead] for shape, own in zip(shapes, owns, strict=True) if len(shape) > own]
    batch = common_shape(draft, heads)
    whole = [
        repeated(draft, row, batch + shape[len(shape) - end :])
        for row, shape, end in zip(rows, shapes, ends, strict=True)
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
