"""Calls that reduce axes: `sum(X)`, `sum(X, 1)`, norms, spreads.

Floor 2.  The matrix language counts axes from 1, the NumPy dialect from 0; an operator along an
axis is a record of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matgrad.core.dims import simple
from matgrad.core.errors import AmbiguityProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Emit, Rule, catalogued, reduced
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.integers import is_over_index, over_index
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node

_ARRAYS = (k.COLUMN, k.ROW, k.MATRIX)


def _reduction(sheet: Sheet, node: Node) -> Planned:
    """`sum(X)`, and `sum(X, 1)` along an axis."""
    if is_over_index(sheet, node):
        return over_index(sheet, node)
    if len(node.args) == 1:
        plan = whole(catalogued(node.name, dotted=True), node.args[0])
        return plan._replace(reduces=True)
    if _is_entrywise(sheet, node):
        return whole(_entrywise(sheet, node), *node.args)
    axis = _axis(sheet, node)
    flat = k.COLUMN if sheet.syntax == "numpy" else k.ROW
    return whole(reduced(f"{node.name}{axis}", flat if axis == 0 else k.COLUMN), node.args[0])


def _shaped(sheet: Sheet, node: Node) -> Planned:
    """`softmax(x)` and `softmax(X, 1)`, which keep the shape of their operand."""
    if len(node.args) == 1:
        return whole(catalogued(node.name, dotted=True), node.args[0])
    return whole(reduced(f"{node.name}{_axis(sheet, node)}", k.MATRIX), node.args[0])


def _logsumexp(sheet: Sheet, node: Node) -> Planned:
    """Of a matrix without an axis: over all entries."""
    if len(node.args) > 1:
        return _reduction(sheet, node)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        entries = draft.emit("vec", *rows) if kinds[0] == k.MATRIX else rows[0]
        return draft.emit("logsumexp", entries)

    return whole(Rule(_to_scalar, emit), node.args[0])


def _axis(sheet: Sheet, node: Node) -> int:
    """The axis of a matrix that a call names, counted from 0."""
    first = 0 if sheet.syntax == "numpy" else 1
    axis = sheet.axis(node.args[1]) if len(node.args) == 2 else None
    if axis in (-1, -2) and sheet.syntax == "numpy":
        return axis + 2
    if axis is not None and axis - first in (0, 1):
        return axis - first
    raise _no_axis(node, first)


def _no_axis(node: Node, first: int) -> SyntaxProblem:
    hint = (
        f"{node.name}(X, {first}) runs down the columns, {node.name}(X, {first + 1}) along the rows"
    )
    if node.name in _ENTRYWISE:
        hint += f"; entry by entry write {_ENTRYWISE[node.name]}(x, y)"
    return SyntaxProblem(
        f"{node.name} takes a matrix and the axis to reduce, {first} or {first + 1}", hint=hint
    )


_ENTRYWISE = {"max": "maximum", "min": "minimum"}


def _is_entrywise(sheet: Sheet, node: Node) -> bool:
    """Whether a call is `max(0, x)`: the second operand is no axis, or the first no array."""
    if sheet.syntax == "numpy" or node.name not in _ENTRYWISE or len(node.args) != 2:
        return False
    number, axis = sheet.constant(node.args[0]), sheet.constant(node.args[1])
    return number is not None or axis not in (1, 2)


def _entrywise(sheet: Sheet, node: Node) -> Rule:
    """`max(0, x)`; of a matrix, whose axes others count from 0, `max(X, 0)` is refused."""
    rule = catalogued(_ENTRYWISE[node.name], dotted=True)
    counted = sheet.constant(node.args[1]) == 0

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if counted and kinds[0] == k.MATRIX:
            raise _no_axis(node, 1).at(node.text, node.span)
        return rule.emit(draft, rows, kinds)

    return Rule(rule.outcome, emit)


_NORM2 = catalogued("norm2", dotted=False)


def _frobenius(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    return draft.emit("norm2" if kinds[0] == k.COLUMN else "normF", *rows)


ARRAY_NORM = Rule(lambda kinds, lenient: k.only(k.SCALAR) if kinds[0] else 0, _frobenius)
"""NumPy's norm of an array where no order is named: the root of the sum of its squares."""


def _norm(sheet: Sheet, node: Node) -> Planned:
    """`norm(x)`, `norm(x, 1)`, `norm(x, inf)`, `norm(X, 'fro')`, `norm(x, p)`."""
    if len(node.args) == 1:
        rule = ARRAY_NORM if sheet.syntax == "numpy" else Rule(k.norm, _NORM2.emit)
        return whole(rule, node.args[0])
    if len(node.args) != 2:
        raise SyntaxProblem("norm takes an array and which norm", hint="norm(x), norm(x, 1)")
    which = sheet.nodes[node.args[1]]
    if which.head in ("quoted", "name") and which.name in _NORMS:
        sheet.silence(node.args[1])
        return whole(catalogued(_NORMS[which.name], dotted=True), node.args[0])
    p = sheet.constant(node.args[1])
    if p is None:
        return Planned(Rule(_p_norm_kind, _symbolic_p), node.args, node.args)
    sheet.silence(node.args[1])
    if p < 1:
        raise SyntaxProblem("a p-norm has p at least 1")
    return whole(Rule(k.norm, _by_exponent(p)), node.args[0])


_NORMS = {"inf": "norminf", "Inf": "norminf", "fro": "normF", "F": "normF", "nuc": "normnuc"}


def _by_exponent(p: Fraction) -> Emit:
    """The p-norm of a vector for a number p."""

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if p in (1, 2):
            return draft.emit("norm1" if p == 1 else "norm2", *rows)
        base = rows[0] if p % 2 == 0 else draft.emit("abs", *rows)
        powers = draft.emit("power", base, data=simple(p))
        return draft.emit("power", draft.emit("sum", powers), data=1 / p)

    return emit


def _symbolic_p(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    """sum(abs(x).^p)^(1/p), with powers as exponentials."""
    x, p = rows
    logs = draft.emit("log", draft.emit("abs", x))
    total = draft.emit("sum", draft.emit("exp", draft.emit("scale", p, logs)))
    return draft.emit("exp", draft.emit("divide", draft.emit("log", total), p))


def _p_norm_kind(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    return k.only(k.SCALAR) if kinds[0] in (k.COLUMN, k.ROW) and kinds[1] == k.SCALAR else 0


def _to_scalar(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    return k.only(k.SCALAR) if kinds[0] in _ARRAYS else 0


def _spread(sheet: Sheet, node: Node) -> Planned:
    """NumPy's `var` and `std`, which divide by the number of entries."""
    if sheet.syntax != "numpy":
        raise AmbiguityProblem(
            f"{node.name} divides by n in some books and by n - 1 in others",
            hint="write mean((x .- mean(x)).^2), or sum((x .- mean(x)).^2)/(n - 1)",
        )
    if len(node.args) != 1:
        raise SyntaxProblem(f"{node.name} takes one operand", hint="mean((X - …)**2, 0)")

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        average = draft.spread(draft.emit("mean", *rows), rows[0])
        centred = draft.emit("sub", rows[0], average)
        variance = draft.emit("mean", draft.emit("power", centred, data=2))
        return draft.emit("sqrt", variance) if node.name == "std" else variance

    return whole(Rule(_to_scalar, emit), node.args[0])


REDUCTIONS: dict[str, Callable[[Sheet, Node], Planned]] = {
    **dict.fromkeys(("sum", "mean", "max", "min", "prod", "vecnorm"), _reduction),
    **dict.fromkeys(
        ("softmax", "log_softmax", "argmax1", "argmin1", "cumsum", "flip", "diff"), _shaped
    ),
    "logsumexp": _logsumexp,
    "norm": _norm,
    "var": _spread,
    "std": _spread,
}
