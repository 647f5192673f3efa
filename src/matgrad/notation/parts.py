"""Parts of arrays: `x[1:p]`, `X[:, j]`.

Floor 2.  The matrix language counts from 1 and ends a range with its last entry, the NumPy dialect
counts from 0, ends before it, and counts negative numbers from the end; there `None` is a new axis
of size one, and `...` and what is not written are whole axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_letters
from typing import Literal, NamedTuple, final

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Size, is_nonnegative, is_whole, simple, substitute
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.arithmetic import fold
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.members import run_along, running
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.special import unit
from matgrad.notation.tensors import contract, widened
from matgrad.notation.tree import Node, Position

# The size of the axis at hand; no user can type it.
_END = Dim("?end")


@final
class _Cut(NamedTuple):
    """What is taken along one axis: one position, or from `start` up to `stop`; or a new axis, or
    the `rest` of the axes."""

    at: Position | Size | None = None
    start: Size = 0
    stop: Size = _END
    role: Literal["axis", "new", "rest"] = "axis"


_NEW, _REST = _Cut(role="new"), _Cut(role="rest")


def note(sheet: Sheet, node: Node) -> None:
    """Learn how many axes a name has, and which names are indices."""
    base = sheet.nodes[node.args[0]]
    axes = sheet.scope.axes
    if base.head == "name":
        own = [at for at in node.args[1:] if not _is_apart(sheet, at)]
        axes[base.name] = max(axes.get(base.name, 0), len(own))
    for argument in node.args[1:]:
        position = sheet.nodes[argument]
        is_name = position.head == "name" and not _is_apart(sheet, argument)
        if is_name and not _is_integer(sheet, position.name):
            sheet.scope.indices.add(position.name)


def taken(sheet: Sheet, node: Node) -> Planned:
    """`x[1:p]`, `X[:, j]`, `X[1:p, 2:3]`, `X[:, None]`."""
    base, *positions = node.args
    cuts = [_cut(sheet, position) for position in positions]
    for position in positions:
        sheet.silence(position)
    one = sheet.nodes[base]
    if one.head == "call" and one.name == "eye" and len(cuts) == 1 and cuts[0].at is not None:
        # NumPy's spelling of a unit vector.
        size, at = sheet.size(one.args[0]), cuts[0].at
        sheet.silence(base)
        at = simple(substitute(at, {str(_END): size})) if isinstance(at, Dim) else at
        return whole(unit(at, size))
    arrays = sheet.syntax == "numpy"

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        found = _for_axes(cuts, k.order_of(kinds[0]), padded=arrays)
        if found is None:
            return 0
        ranges = [axis for axis, cut in enumerate(found) if cut.at is None]
        if arrays:
            return k.only(k.of_order(len(ranges)))
        if len(ranges) == len(found):
            return k.only(kinds[0])
        if kinds[0] == k.MATRIX and ranges:
            return k.only(k.ROW if ranges == [1] else k.COLUMN)
        return k.oriented(len(ranges))

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        found = _for_axes(cuts, len(draft.shape(rows[0])), padded=arrays) or []
        own = [cut for cut in found if cut.role == "axis"]
        for axis, span in running(sheet.scope.ranges, [cut.at for cut in own]).items():
            run_along(draft, draft.shape(rows[0]), axis, span)
        row = _at_positions(draft, _ranged(draft, rows[0], own), own)
        left = [cut for cut in found if cut.at is None]
        return widened(draft, row, [at for at, cut in enumerate(left) if cut.role == "new"])

    return whole(Rule(outcome, emit), base)


def _for_axes(cuts: list[_Cut], order: int, *, padded: bool) -> list[_Cut] | None:
    """What is taken of every axis, and the new axes; None where there are not so many.  `padded`:
    axes may be left out at the end."""
    lacking = order - sum(cut.role == "axis" for cut in cuts)
    rest = [_Cut()] * lacking
    if lacking < 0 or cuts.count(_REST) > 1:
        return None
    if _REST in cuts:
        at = cuts.index(_REST)
        return [*cuts[:at], *rest, *cuts[at + 1 :]]
    return [*cuts, *rest] if padded or not rest else None


def single_positions(sheet: Sheet, node: Node) -> tuple[Position, ...] | None:
    """The positions in `x[i+1]`; None where a range or `end` is among them."""
    found: list[Position] = []
    for argument in node.args[1:]:
        at = _cut(sheet, argument).at
        if at is None or _from_end(at):
            return None
        found.append(at)
    for argument in node.args[1:]:
        sheet.silence(argument)
    return tuple(found)


def last_positions(sheet: Sheet, node: Node) -> tuple[Position | None, ...]:
    """The last position taken along each axis; None where that is counted from the end."""
    cuts = [_cut(sheet, argument) for argument in node.args[1:]]
    if _REST in cuts:
        return ()
    cuts = [cut for cut in cuts if cut is not _NEW]
    lasts = [cut.stop - 1 if cut.at is None else cut.at for cut in cuts]
    return tuple(None if _from_end(last) else last for last in lasts)


def names_in(sheet: Sheet, node: Node) -> Iterator[str]:
    """The names in the positions."""
    first = sheet.nodes[node.args[1]].first
    for other in sheet.nodes[first : node.args[-1] + 1]:
        if other.head == "name":
            yield other.name


def _from_end(at: Position) -> bool:
    return isinstance(at, Dim) and str(_END) in at.names


def _is_apart(sheet: Sheet, argument: int) -> bool:
    """Whether a position is none of an axis: `None` or `...`."""
    node = sheet.nodes[argument]
    is_new = node.head == "name" and node.name in ("None", "newaxis") and sheet.syntax == "numpy"
    return is_new or node.head == "ellipsis"


def _cut(sheet: Sheet, argument: int) -> _Cut:
    node = sheet.nodes[argument]
    if _is_apart(sheet, argument):
        return _REST if node.head == "ellipsis" else _NEW
    if node.head == "blank":
        return _Cut()
    if node.head != "span":
        if node.head == "name" and not _is_integer(sheet, node.name):
            return _Cut(at=node.name)
        return _Cut(at=simple(_bound(sheet, argument, first=True)))
    first, last = node.args
    if sheet.nodes[first].head == "span":
        raise SyntaxProblem("a range has no step", text=node.text, span=node.span)
    start = 0 if sheet.nodes[first].head == "blank" else _bound(sheet, first, first=True)
    stop = _END if sheet.nodes[last].head == "blank" else _bound(sheet, last, first=False)
    return _Cut(None, simple(start), simple(stop))


def _is_integer(sheet: Sheet, name: str) -> bool:
    return sheet.is_integer(name) or name == "end"


def _bound(sheet: Sheet, argument: int, *, first: bool) -> Size:
    """Where a range begins, counted from 0, or ends before."""
    node = sheet.nodes[argument]
    found = fold(
        sheet.nodes, argument, lambda name: _END if name == "end" else sheet.integer_named(name)
    )
    if found is None or not is_whole(found):
        raise SyntaxProblem(
            "a position is a number, a name or a size", text=node.text, span=node.span
        )
    if sheet.syntax == "numpy":
        return found + _END if found != 0 and is_nonnegative(found * -1) else found
    if found == 0:
        raise SyntaxProblem("entries are counted from 1 here", text=node.text, span=node.span)
    return found - 1 if first else found


def _ranged(draft: Draft, row: RowId, cuts: list[_Cut]) -> RowId:
    """The part that ranges take."""
    shape = draft.shape(row)
    begins: list[Size | None] = []
    lengths: list[Size] = []
    for cut, size in zip(cuts, shape, strict=True):
        start, stop = (simple(substitute(end, {str(_END): size})) for end in (cut.start, cut.stop))
        length = simple(stop - start)
        _check(start, stop, size)
        is_whole = cut.at is not None or (start == 0 and stop == size)
        begins.append(None if is_whole else start)
        lengths.append(size if is_whole else length)
    if not any(begin is not None for begin in begins):
        return row
    return draft.place(OPERATORS["part"], (row,), tuple(begins), tuple(lengths))


def _check(start: Size, stop: Size, size: Size) -> None:
    """Refuse ranges that are certainly empty or certainly leave the axis."""
    for gap in (start, stop - start - 1, size - stop):
        if not isinstance(gap, Dim) and gap < 0:
            where = "" if isinstance(size, Dim) else f" on an axis of size {size}"
            raise ShapeProblem(f"there are no entries {start + 1} to {stop}{where}")


def _at_positions(draft: Draft, row: RowId, cuts: list[_Cut]) -> RowId:
    """The entries at single positions, of the last axes and then of the first."""
    shape = draft.shape(row)
    chosen = []
    for cut, size in zip(cuts, shape, strict=True):
        at = cut.at
        if isinstance(at, Dim):
            at = simple(substitute(at, {str(_END): size}))
        if not isinstance(at, str | None) and not isinstance(at, Dim) and at < 0:
            raise ShapeProblem("entries are counted from 1 here")
        if isinstance(at, int) and isinstance(size, int) and at >= size:
            raise ShapeProblem(f"there is no entry {at + 1} on an axis of size {size}")
        chosen.append(at)
    lead = next((axis for axis, at in enumerate(chosen) if at is None), len(chosen))
    tail = next((n for n, at in enumerate(reversed(chosen)) if at is None), 0)
    inner = [axis for axis in range(lead, len(chosen) - tail) if chosen[axis] is not None]
    if inner:
        row = _between(draft, row, {axis: chosen[axis] for axis in inner})
        shape = draft.shape(row)
    if tail:
        row = draft.place(OPERATORS["component"], (row,), tuple(chosen[-tail:]), shape[:-tail])
    if lead:
        rest = draft.shape(row)[lead:]
        row = draft.place(OPERATORS["entry"], (row,), tuple(chosen[:lead]), rest)
    return row


def _between(draft: Draft, row: RowId, chosen: Mapping[int, Position | Size | None]) -> RowId:
    """The entries at single positions of axes between others: products with unit vectors."""
    shape = draft.shape(row)
    letters = ascii_letters[: len(shape)]
    units = [draft.place(OPERATORS["unit"], (), at, (shape[axis],)) for axis, at in chosen.items()]
    output = "".join(letter for axis, letter in enumerate(letters) if axis not in chosen)
    return contract(draft, [letters, *(letters[axis] for axis in chosen)], output, row, *units)
