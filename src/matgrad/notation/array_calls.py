"""Calls of the NumPy dialect that are about axes: `transpose(T, (0, 2, 1))`, `tensordot(T, x, 1)`.

Floor 2.  Axes are counted from 0, or from the end by negative numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_letters

from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.arguments import Axes, arguments, integers, on_axes, within
from matgrad.notation.array_totals import TOTALS
from matgrad.notation.constructs import SIGNS, Rule, catalogued
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tensors import (
    ARRAY_PRODUCT,
    FLIPPED,
    REVERSED,
    common_shape,
    contract,
    permuted,
    repeated,
    widened,
)
from matgrad.notation.tree import Node
from matgrad.notation.turns import differences, flipped

# The axes that an array of some order gets, as its own are counted; None where it has no such.
_Choice = Callable[[int], list[int] | None]


def _permutation(choice: _Choice) -> Rule:
    """The array whose axes are those chosen, in that order."""

    def ordering(order: int) -> int | None:
        axes = choice(order)
        return order if axes is not None and sorted(axes) == [*range(order)] else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        axes = choice(len(draft.shape(rows[0]))) or [0]
        return permuted(draft, rows[0], axes)

    return on_axes(ordering, emit)


def _transpose(sheet: Sheet, node: Node) -> Planned:
    """`transpose(T)`, `transpose(T, (0, 2, 1))`, and as a method `T.transpose(0, 2, 1)`."""
    if len(node.args) == 1:
        return whole(REVERSED, node.args[0])
    if len(node.args) == 2:
        given = arguments(sheet, node, "a", "axes")
        array, axes = given["a"], integers(sheet, given["axes"])
    else:
        array, *others = node.args
        axes = tuple(axis for own in others for axis in integers(sheet, own))
    return whole(_permutation(lambda order: within(order, axes)), array)


def _swapaxes(sheet: Sheet, node: Node) -> Planned:
    given = arguments(sheet, node, "a", "axis1", "axis2")
    if len(given) < 3:
        raise SyntaxProblem("swapaxes takes an array and two axes", hint="swapaxes(T, 1, 2)")
    pair = integers(sheet, given["axis1"]) + integers(sheet, given["axis2"])

    def choice(order: int) -> list[int] | None:
        ends = [axis + order if axis < 0 else axis for axis in pair]
        if not all(0 <= axis < order for axis in ends):
            return None
        first, second = ends
        exchanged = {first: second, second: first}
        return [exchanged.get(axis, axis) for axis in range(order)]

    return whole(_permutation(choice), given["a"])


def _moveaxis(sheet: Sheet, node: Node) -> Planned:
    given = arguments(sheet, node, "a", "source", "destination")
    if len(given) < 3:
        raise SyntaxProblem(
            "moveaxis takes an array, an axis and its new place", hint="moveaxis(T, 0, -1)"
        )
    source, destination = (integers(sheet, given[name]) for name in ("source", "destination"))

    def choice(order: int) -> list[int] | None:
        begin, end = within(order, source), within(order, destination)
        if begin is None or end is None or len(begin) != len(end):
            return None
        moved = dict(zip(end, begin, strict=True))
        others = iter(axis for axis in range(order) if axis not in begin)
        return [moved[place] if place in moved else next(others) for place in range(order)]

    return whole(_permutation(choice), given["a"])


def _expand_dims(sheet: Sheet, node: Node) -> Planned:
    given = arguments(sheet, node, "a", "axis")
    if len(given) < 2:
        raise SyntaxProblem("expand_dims takes an array and an axis", hint="expand_dims(x, 0)")
    axes = integers(sheet, given["axis"])

    def ordering(order: int) -> int | None:
        order += len(axes)
        return None if within(order, axes) is None else order

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        order = len(draft.shape(rows[0])) + len(axes)
        return widened(draft, rows[0], sorted(within(order, axes) or []))

    return whole(on_axes(ordering, emit), given["a"])


def _broadcast_to(sheet: Sheet, node: Node) -> Planned:
    given = arguments(sheet, node, "array", "shape")
    if len(given) < 2:
        raise SyntaxProblem(
            "broadcast_to takes an array and a shape", hint="broadcast_to(x, (m, n))"
        )
    own = given["shape"]
    wanted = sheet.nodes[own]
    shape = sheet.shape(wanted.args if wanted.head == "block" else (own,))
    sheet.silence(own)

    def ordering(order: int) -> int | None:
        return len(shape) if order <= len(shape) else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if common_shape(draft, [draft.shape(rows[0]), shape]) != draft.unifier.resolve_shape(shape):
            raise ShapeProblem("the array is longer along some axis")
        return repeated(draft, rows[0], shape)

    return whole(on_axes(ordering, emit), given["array"])


# Products.


def _tensordot(sheet: Sheet, node: Node) -> Planned:
    """`tensordot(A, B, 2)`: the last axes of A with the first of B, or those that are named."""
    given = arguments(sheet, node, "a", "b", "axes")
    if "b" not in given:
        raise SyntaxProblem("tensordot takes two arrays", hint="tensordot(A, B, 1)")
    left, right = _paired(sheet, given.get("axes"))

    def chosen(*orders: int) -> tuple[list[int], list[int]] | None:
        count = left if isinstance(left, int) else 0
        first = range(-count, 0) if isinstance(left, int) else left
        ends = within(orders[0], first), within(orders[1], range(count) if count else right)
        if ends[0] is None or ends[1] is None or len(ends[0]) != len(ends[1]):
            return None
        return ends[0], ends[1]

    def ordering(*orders: int) -> int | None:
        ends = chosen(*orders)
        return None if ends is None else sum(orders) - 2 * len(ends[0])

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        orders = [len(draft.shape(row)) for row in rows]
        ends = chosen(*orders)
        assert ends is not None
        names = list(ascii_letters[: sum(orders)])
        own, other = names[: orders[0]], names[orders[0] :]
        for one, two in zip(*ends, strict=True):
            other[two] = own[one]
        output = [name for name in (*own, *other) if (name in own) != (name in other)]
        return contract(draft, ["".join(own), "".join(other)], "".join(output), *rows)

    return whole(on_axes(ordering, emit), given["a"], given["b"])


def _paired(sheet: Sheet, own: int | None) -> tuple[int | Axes, Axes]:
    """How many axes are summed, or which of each array."""
    if own is None:
        return 2, ()
    node = sheet.nodes[own]
    if node.head != "block":
        return integers(sheet, own)[0], ()
    if len(node.args) != 2:
        raise SyntaxProblem("tensordot takes the axes of each array", hint="axes=([1], [0])")
    left, right = (integers(sheet, part) for part in node.args)
    sheet.silence(own)
    return left, right


def _dot(sheet: Sheet, node: Node) -> Planned:
    """`dot(a, b)`: `a @ b`, for which scalars count as well."""
    given = arguments(sheet, node, "a", "b")
    if len(given) < 2:
        raise SyntaxProblem("dot takes two arrays", hint="dot(A, x)")

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if k.SCALAR in kinds:
            return k.only(max(kinds))
        return ARRAY_PRODUCT.outcome(kinds, lenient) if max(kinds) <= k.MATRIX else 0

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if k.SCALAR in kinds:
            return SIGNS["dottimes"].emit(draft, rows, kinds)
        if max(kinds) == k.COLUMN:
            return draft.emit("inner", *rows)
        return ARRAY_PRODUCT.emit(draft, rows, kinds)

    return whole(Rule(outcome, emit), given["a"], given["b"])


def _trace(sheet: Sheet, node: Node) -> Planned:
    """`trace(T, axis1=1, axis2=2)`: the sum where both axes are equal; of a matrix alone, the
    operator."""
    given = arguments(sheet, node, "a", "offset", "axis1", "axis2")
    if "offset" in given:
        raise SyntaxProblem("trace takes an array and two axes", hint="trace(T, axis1=1, axis2=2)")
    if len(given) == 1:
        return whole(catalogued("trace", dotted=True), given["a"])
    axes: list[int] = []
    for name, usual in (("axis1", 0), ("axis2", 1)):
        axes += integers(sheet, given[name]) if name in given else (usual,)

    def ordering(order: int) -> int | None:
        return order - 2 if order > 1 and within(order, axes) else None

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        order = len(draft.shape(rows[0]))
        first, second = within(order, axes) or [0, 1]
        others = [at for at in range(order) if at not in (first, second)]
        turned = permuted(draft, rows[0], [first, second, *others])
        return draft.emit("trace", turned)

    return whole(on_axes(ordering, emit), given["a"])


def _flip(sheet: Sheet, node: Node) -> Planned:
    return whole(FLIPPED, arguments(sheet, node, "x")["x"])


ARRAY_CALLS: dict[str, Callable[[Sheet, Node], Planned]] = {
    **TOTALS,
    "broadcast_to": _broadcast_to,
    "dot": _dot,
    "expand_dims": _expand_dims,
    "diff": differences,
    "flip": flipped,
    "matrix_transpose": _flip,
    "moveaxis": _moveaxis,
    "permute_dims": _transpose,
    "swapaxes": _swapaxes,
    "trace": _trace,
    "tensordot": _tensordot,
    "transpose": _transpose,
}
"""What these names mean in the NumPy dialect."""
