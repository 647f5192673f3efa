"""Totals along axes in the NumPy dialect: `sum(T, axis=(0, 1), keepdims=True)`.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from matgrad.core.dims import Size
from matgrad.notation import kinds as k
from matgrad.notation.arguments import Axes, arguments, integers, is_set, on_axes, within
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.reductions import REDUCTIONS
from matgrad.notation.reshapes import reshaped
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tensors import permuted, repeated, summed, widened
from matgrad.notation.tree import Node


def _reduction(plain: Callable[[Sheet, Node], Planned]) -> Callable[[Sheet, Node], Planned]:
    """`sum(T, axis=(0, 1), keepdims=True)`; without an axis it is the plain call."""

    def planner(sheet: Sheet, node: Node) -> Planned:
        named = any(sheet.nodes[own].head == "assigned" for own in node.args)
        if not named and (len(node.args) < 2 or node.name == "norm"):
            planned = plain(sheet, node)
            extremes = node.name in ("max", "min", "prod")
            return planned._replace(rule=_of_all(node.name, planned.rule)) if extremes else planned
        given = arguments(sheet, node, "x" if node.name == "norm" else "a", "axis", "keepdims")
        keep = is_set(sheet, given.get("keepdims"))
        axes = None
        if "axis" in given and sheet.nodes[given["axis"]].source != "None":
            axes = integers(sheet, given["axis"])
        elif "axis" in given:
            sheet.silence(given["axis"])
        return whole(_reduced(node.name, axes, keep), next(iter(given.values())))

    return planner


def _of_all(name: str, rule: Rule) -> Rule:
    """A rule for vectors and matrices, for all entries of arrays of higher order too."""

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        further = k.order_of(kinds[0]) > 2
        return k.only(k.SCALAR) if further else rule.outcome(kinds, lenient)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        axes = range(len(draft.shape(rows[0])))
        return (
            _TOTALS[name](draft, rows[0], axes) if len(axes) > 2 else rule.emit(draft, rows, kinds)
        )

    return Rule(outcome, emit)


def _reduced(name: str, axes: Axes | None, keep: bool) -> Rule:
    def chosen(order: int) -> list[int] | None:
        return list(range(order)) if axes is None else within(order, axes)

    def ordering(order: int) -> int | None:
        found = chosen(order)
        return None if found is None else order if keep else order - len(found)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        along = sorted(chosen(len(draft.shape(rows[0]))) or [])
        found = _TOTALS[name](draft, rows[0], along)
        return widened(draft, found, along) if keep else found

    return on_axes(ordering, emit)


_Total = Callable[[Draft, RowId, Sequence[int]], RowId]


def _catalogued(name: str) -> _Total:
    """An operator of vectors and matrices, of which there is one along each axis; of an array of
    higher order the axes are joined, those that stay and the others."""

    def total(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
        shape = draft.shape(row)
        order = len(shape)
        if len(axes) == order <= 2:
            return draft.emit(name, row)
        if order == 2:
            return draft.emit(f"{name}{axes[0]}", row)
        kept = [axis for axis in range(order) if axis not in axes]
        head, tail = (tuple(shape[axis] for axis in part) for part in (kept, axes))
        if not kept:
            return draft.emit(name, reshaped(draft, row, (prod(tail),), columns=False))
        turned = permuted(draft, row, [*kept, *axes])
        matrix = reshaped(draft, turned, (prod(head), prod(tail)), columns=False)
        return reshaped(draft, draft.emit(f"{name}1", matrix), head, columns=False)

    return total


def _mean(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    shape = draft.shape(row)
    if len(axes) == len(shape) or len(shape) == 2:
        return _catalogued("mean")(draft, row, axes)
    count: Size = 1
    for axis in axes:
        count = count * shape[axis]
    return draft.emit("divide", summed(draft, row, axes), draft.number(count))


def _variance(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    average = repeated(draft, widened(draft, _mean(draft, row, axes), axes), draft.shape(row))
    squares = draft.emit("power", draft.emit("sub", row, average), data=2)
    return _mean(draft, squares, axes)


def _logsumexp(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    order = len(draft.shape(row))
    if order <= 2:
        entries = draft.emit("vec", row) if len(axes) == order == 2 else row
        return _catalogued("logsumexp")(draft, entries, axes if len(axes) < order else [0])
    return draft.emit("log", summed(draft, draft.emit("exp", row), axes))


def _norm(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    shape = draft.shape(row)
    if len(axes) == len(shape):
        return draft.emit("norm2" if len(shape) == 1 else "normF", row)
    if len(shape) == 2:
        return draft.emit(f"vecnorm{axes[0]}", row)
    return draft.emit("sqrt", summed(draft, draft.emit("power", row, data=2), axes))


_TOTALS: dict[str, _Total] = {
    "sum": summed,
    "mean": _mean,
    "max": _catalogued("max"),
    "min": _catalogued("min"),
    "prod": _catalogued("prod"),
    "logsumexp": _logsumexp,
    "norm": _norm,
    "var": _variance,
    "std": lambda draft, row, axes: draft.emit("sqrt", _variance(draft, row, axes)),
}


def _normalized(plain: Callable[[Sheet, Node], Planned]) -> Callable[[Sheet, Node], Planned]:
    """`softmax(T, axis=-1)`."""

    def planner(sheet: Sheet, node: Node) -> Planned:
        if len(node.args) < 2:
            return plain(sheet, node)
        given = arguments(sheet, node, "x", "axis")
        (axis,) = integers(sheet, given["axis"])[:1]
        return whole(_softmax(node.name, axis), given["x"])

    return planner


def _softmax(name: str, axis: int) -> Rule:
    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        (row,), order = rows, len(draft.shape(rows[0]))
        (along,) = within(order, [axis]) or [0]
        if order <= 2:
            return draft.emit(f"{name}{along}" if order == 2 else name, row)
        total = widened(draft, _logsumexp(draft, row, [along]), [along])
        logarithm = draft.emit("sub", row, repeated(draft, total, draft.shape(row)))
        if name == "log_softmax":
            return logarithm
        powers = draft.emit("exp", row)
        shares = widened(draft, summed(draft, powers, [along]), [along])
        return draft.emit("divide", powers, repeated(draft, shares, draft.shape(row)))

    return on_axes(lambda order: order if within(order, [axis]) else None, emit)


TOTALS: dict[str, Callable[[Sheet, Node], Planned]] = {
    **{name: _reduction(REDUCTIONS[name]) for name in _TOTALS},
    **{name: _normalized(REDUCTIONS[name]) for name in ("softmax", "log_softmax")},
}
"""What these names mean in the NumPy dialect."""
