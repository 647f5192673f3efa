"""Entries moved along axes: `flip(x)`, `roll(x, k)`, `diff(X, 1)`.

Floor 2.  In the matrix language `flip(X, 1)` turns the columns over, `roll(X, k, 1)` moves their
entries down by k, those that fall out entering again at the top; so with `circshift`.
"""

from __future__ import annotations

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Size, leading
from matgrad.core.errors import NoRule, ShapeProblem, SyntaxProblem
from matgrad.notation.arguments import arguments, integers, on_axes, within
from matgrad.notation.blocks import joined
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node


def flipped(sheet: Sheet, node: Node) -> Planned:
    """NumPy's `flip(X)`, which turns all axes over, and `flip(X, 0)`, `flip(X, axis=(0, 1))`."""
    given = arguments(sheet, node, "m", "axis")
    axes = integers(sheet, given["axis"]) if "axis" in given else None

    def ordering(order: int) -> int | None:
        return order if axes is None or within(order, axes) is not None else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        (row,) = rows
        order = len(draft.shape(row))
        for axis in range(order) if axes is None else within(order, axes) or ():
            row = _along(draft, "flip", row, axis)
        return row

    return whole(on_axes(ordering, emit), given["m"])


def differences(sheet: Sheet, node: Node) -> Planned:
    """NumPy's `diff(X, n=1, axis=-1)`."""
    given = arguments(sheet, node, "a", "n", "axis")
    axes = integers(sheet, given["axis"]) if "axis" in given else (-1,)
    times = integers(sheet, given["n"]) if "n" in given else (1,)
    if len(axes) != 1 or len(times) != 1:
        raise SyntaxProblem("diff takes one axis and how often", hint="diff(X, 1, axis=0)")
    (axis,), (count,) = axes, times
    if not 0 < count < 5:
        raise SyntaxProblem("diff takes differences once, or up to four times", hint="diff(x, 2)")

    def ordering(order: int) -> int | None:
        return order if order and within(order, (axis,)) is not None else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        (row,) = rows
        for _ in range(count):
            row = _along(draft, "diff", row, axis % len(draft.shape(row)))
        return row

    return whole(on_axes(ordering, emit), given["a"])


def _along(draft: Draft, name: str, row: RowId, axis: int) -> RowId:
    order = len(draft.shape(row))
    if order > 2:
        raise NoRule(f"operator {name} has no rule along an axis of an array of order {order}")
    return draft.emit(name if order == 1 else f"{name}{axis}", row)


def rolled(sheet: Sheet, node: Node) -> Planned:
    """`roll(x, k)` and `roll(X, k, 1)`; k may be the name of a size."""
    if len(node.args) not in (2, 3):
        raise SyntaxProblem(f"{node.name} takes an array and how far", hint=f"{node.name}(x, 1)")
    array, far, *others = node.args
    steps = sheet.whole(far, sheet.scope.size)
    if steps is None:
        raise SyntaxProblem(f"{node.name} moves by a whole number", hint=f"{node.name}(x, 1)")
    axis = sheet.axis(others[0]) if others else None
    if others and axis is None:
        raise SyntaxProblem("an axis is a whole number", hint=f"{node.name}(X, 1, {sheet.base})")

    def ordering(order: int) -> int | None:
        named = axis is not None or order == 1
        return order if named and 0 <= _counted(axis, order) < order else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        order = len(draft.shape(rows[0]))
        if order > 2:
            raise NoRule(f"operator {node.name} has no rule for an array of order {order}")
        return _moved(draft, rows[0], _counted(axis, order), steps)

    def _counted(axis: int | None, order: int) -> int:
        place = sheet.base if axis is None else axis
        return place + order if place < 0 else place - sheet.base

    rule = on_axes(ordering, emit)
    return whole(Rule(rule.outcome, rule.emit), array)


def _moved(draft: Draft, row: RowId, axis: int, steps: Size) -> RowId:
    """The last entries before the others; or the first ones behind them."""
    shape = draft.shape(row)
    size = shape[axis]
    if isinstance(size, int) and isinstance(steps, int):
        steps %= size
    if steps == 0:
        return row
    begin = size - steps if leading(steps) > 0 else steps * -1
    if not isinstance(begin, Dim) and begin < 0:
        raise ShapeProblem("there are not as many entries as it moves by")

    def part(first: Size | None, length: Size) -> RowId:
        data = tuple(first if k == axis else None for k in range(len(shape)))
        lengths = (*shape[:axis], length, *shape[axis + 1 :])
        return draft.place(OPERATORS["part"], (row,), data, lengths)

    return joined(draft, [part(begin, size - begin), part(0, begin)], axis)
