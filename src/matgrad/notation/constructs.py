"""Constructs: what each sign and function means, as an outcome on kinds and a row to draft.

Floor 2.  A rule knows the catalogue's operators and nothing of the text.  Where its outcome
is empty, or the sizes clash, `explain` finds the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import final

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.dims import Size, simple
from matgrad.core.expr import Op
from matgrad.core.signature import Alternative, acts_entrywise, alternatives
from matgrad.notation import kinds as k
from matgrad.notation.draft import Draft, RowId, Unknown
from matgrad.notation.kinds import Kind, Kinds, Outcome

Emit = Callable[[Draft, tuple[RowId, ...], tuple[Kind, ...]], RowId]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """How a construct types and what it drafts from its operands' rows and kinds.  `lenient`: what
    its lenient outcome admits it can draft, and nobody needs to be asked."""

    outcome: Outcome
    emit: Emit
    lenient: bool = False


def _operator(name: str) -> Emit:
    return lambda draft, rows, kinds: draft.emit(name, *rows)


def _product(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    left, right = rows
    if kinds[0] == k.SCALAR:
        return draft.emit("scale", left, right)
    if kinds[1] == k.SCALAR:
        return draft.emit("scale", right, left)
    return draft.emit("outer" if kinds == (k.COLUMN, k.ROW) else "matmul", left, right)


def _transpose(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    return draft.emit("transpose", *rows) if kinds[0] >= k.MATRIX else rows[0]


def _kronecker(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    """`kron(A, x')` is the transpose of `kron(A', x)`, and `kron(x, y')` is `x*y'`."""
    left, right = rows
    if set(kinds) == {k.COLUMN, k.ROW}:
        return draft.emit("outer", *(rows if kinds[0] == k.COLUMN else rows[::-1]))
    if set(kinds) != {k.ROW, k.MATRIX}:
        return draft.emit("kron", left, right)
    turned = [_transpose(draft, (row,), (kind,)) for row, kind in zip(rows, kinds, strict=True)]
    return draft.emit("transpose", draft.emit("kron", *turned))


def _hermitian(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    return draft.emit("ctranspose" if kinds[0] == k.MATRIX else "conj", *rows)


def imaginary(multiple: Fraction) -> Rule:
    """A multiple of the imaginary unit."""

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        unit = draft.known(IMAGINARY)
        return unit if multiple == 1 else draft.emit("scale", draft.number(multiple), unit)

    return Rule(lambda kinds, lenient: k.only(k.SCALAR), emit)


def _spread_both(
    draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]
) -> tuple[RowId, ...]:
    """Both operands in one shape: a scalar in every entry, a column for every column of a
    matrix, a row for every row."""
    if kinds[0] == kinds[1]:
        return rows
    if k.SCALAR in kinds:
        left, right = rows
        if kinds[0] == k.SCALAR:
            return draft.spread(left, right), right
        return left, draft.spread(right, left)
    shapes = dict(zip(kinds, map(draft.shape, rows), strict=True))
    height = shapes[k.COLUMN][0] if k.COLUMN in shapes else shapes[k.MATRIX][0]
    width = shapes[k.ROW][0] if k.ROW in shapes else shapes[k.MATRIX][-1]
    spread = []
    for row, kind in zip(rows, kinds, strict=True):
        if kind == k.COLUMN:
            row = draft.emit("outer", row, draft.place(OPERATORS["ones"], (), None, (width,)))
        elif kind == k.ROW:
            row = draft.emit("outer", draft.place(OPERATORS["ones"], (), None, (height,)), row)
        spread.append(row)
    return tuple(spread)


def _spreading(name: str) -> Emit:
    return lambda draft, rows, kinds: draft.emit(name, *_spread_both(draft, rows, kinds))


def _dot_product(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    if k.SCALAR in kinds:
        return _product(draft, rows, kinds)
    return draft.emit("hadamard", *_spread_both(draft, rows, kinds))


def _dot_quotient(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    if kinds[1] == k.SCALAR:
        return draft.emit("divide", *rows)
    return draft.emit("divide", *_spread_both(draft, rows, kinds))


def _solve(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    left, right = rows
    return draft.emit("divide", right, left) if kinds[0] == k.SCALAR else draft.emit("solve", *rows)


def _same_row(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    return rows[0]


def _diagonal(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    return draft.emit("diagvec" if kinds[0] == k.MATRIX else "diag", *rows)


SIGNS: dict[str, Rule] = {
    "neg": Rule(k.same, _operator("neg")),
    "transpose": Rule(k.transposed, _transpose),
    "hermitian": Rule(k.transposed, _hermitian),
    "adjoint": Rule(k.same, _hermitian),
    "plus": Rule(k.equal, _operator("add")),
    "minus": Rule(k.equal, _operator("sub")),
    "dotplus": Rule(k.spread, _spreading("add"), lenient=True),
    "dotminus": Rule(k.spread, _spreading("sub"), lenient=True),
    "times": Rule(k.product, _product),
    "over": Rule(k.quotient, _operator("divide")),
    "under": Rule(k.solution, _solve),
    "dottimes": Rule(k.spread, _dot_product, lenient=True),
    "dotover": Rule(k.spread, _dot_quotient, lenient=True),
    "kron": Rule(k.kronecker, _kronecker),
    "power": Rule(k.scalar_power, _operator("pow")),
    "dotpower": Rule(k.entrywise, _operator("pow")),
}
"""The signs of `grammar`, by head.  Powers with a constant exponent are `constant_power`."""

COMPARISONS = frozenset(("greater", "less"))
"""The signs that `where` reads."""

DIAGONAL = Rule(k.diagonal, _diagonal)


@cache
def constant_power(exponent: Size, elementwise: bool) -> Rule:
    """`x^2`, `X^-1`, `x.^(1/2)`, and `X^k` for an integer k."""
    exponent = simple(exponent)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if elementwise or kinds[0] == k.SCALAR:
            return draft.emit("power", *rows, data=exponent)
        if exponent == -1:
            return draft.emit("inv", *rows)
        return draft.emit("matpow", *rows, data=exponent)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if elementwise or kinds[0] == k.SCALAR or lenient:
            return k.only(kinds[0])
        whole = not isinstance(exponent, Fraction)
        return k.only(k.MATRIX) if kinds[0] == k.MATRIX and whole else 0

    return Rule(outcome, emit)


@cache
def matrix_power(exponent: Size) -> Rule:
    """`matpow(X, k)`."""
    return Rule(
        lambda kinds, lenient: k.only(k.MATRIX) if kinds[0] == k.MATRIX else 0,
        lambda draft, rows, kinds: draft.emit("matpow", *rows, data=exponent),
    )


def reduced(name: str, kind: Kind) -> Rule:
    """An operator along one axis of a matrix; the result lies as `kind` says."""
    return Rule(lambda kinds, lenient: k.only(kind) if kinds[0] == k.MATRIX else 0, _operator(name))


def application(unknown: Unknown, slots: tuple[int, ...]) -> Rule:
    """An unknown function at its arguments, or its derivative tensor by those in `slots`.

    Its kind depends on the arguments it was differentiated by, and while nothing is known of
    the function's value on the kind of that, which comes last.
    """

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        order = len(unknown.value or ()) + sum(k.order_of(kind) for kind in kinds)
        return k.oriented(order) if slots else k.only(k.of_order(order))

    return Rule(outcome, lambda draft, rows, kinds: draft.apply(unknown, rows, slots))


def elementwise_application(unknown: Unknown, slots: tuple[int, ...]) -> Rule:
    """An unknown scalar function, or a derivative of it, entry by entry."""
    return Rule(k.same, lambda draft, rows, kinds: draft.apply(unknown, rows, slots))


@cache
def catalogued(name: str, dotted: bool) -> Rule:
    """An operator of the catalogue written as a function.

    `dotted`: a scalar function applies to matrices too (`exp.(X)`, and NumPy's `exp(X)`).
    """
    op = OPERATORS[name]
    if is_scalar_function(op):
        # A conjugate, or a part made of it, has one reading only.
        single = dotted or op.kind in ("conjugate", "composed")
        return Rule(k.same if single else k.mapped, _operator(name))
    if acts_entrywise(op):
        return Rule(k.entrywise, _operator(name))
    return Rule(_signature_outcome(op), _operator(name))


def is_scalar_function(op: Op) -> bool:
    """Whether `op` maps one operand entry by entry."""
    return acts_entrywise(op) and arities(op) == {1}


def arities(op: Op) -> frozenset[int]:
    """How many operands `op` takes."""
    return frozenset(len(rule.inputs) for rule in alternatives(op.signature))


def _signature_outcome(op: Op) -> Outcome:
    rules = alternatives(op.signature)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        orders = tuple(map(k.order_of, kinds))
        for rule in rules:
            order = _result_order(rule, orders)
            if order is not None:
                # A row would lose its orientation, unless the result has none.
                if order and k.ROW in kinds:
                    return 0
                return k.oriented(order) if max(orders) > 2 else k.only(k.of_order(order))
        return 0

    return outcome


def _result_order(rule: Alternative, orders: tuple[int, ...]) -> int | None:
    if len(rule.inputs) != len(orders):
        return None
    rests: dict[str, int] = {}
    for spec, order in zip(rule.inputs, orders, strict=True):
        if not spec.accepts(order):
            return None
        rests.update(dict.fromkeys(spec.rest, order - len(spec.axes)))
    return len(rule.output.axes) + sum(rests[name] for name in rule.output.rest)
