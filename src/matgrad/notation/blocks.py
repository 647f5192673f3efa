"""Arrays made of blocks: `[A, B; C, D]`, and NumPy's functions of a list.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Size, simple
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node


def listed(sheet: Sheet, node: Node) -> Planned:
    """`[A, B; C, D]`: rows end at `;`."""
    if sheet.syntax == "numpy":
        raise SyntaxProblem(
            "a list stands in block, hstack, vstack, stack or concatenate only",
            hint="block([[A, B], [C, D]])",
        )
    rows = tuple(length for length in node.data if isinstance(length, int))
    return whole(_blocks(rows, _vanishing(sheet, node.args)), *node.args)


def _vanishing(sheet: Sheet, blocks: tuple[int, ...]) -> tuple[bool, ...]:
    """Which blocks are typed as 0, and so of any size."""
    return tuple(sheet.nodes[at].head == "number" and sheet.nodes[at].data == "0" for at in blocks)


def _blocks(rows: tuple[int, ...], vanishing: tuple[bool, ...]) -> Rule:
    """Blocks in rows of these lengths."""

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if max(kinds) > k.MATRIX or not (lenient or plausible(kinds)):
            return 0
        return k.only(_kind(kinds, rows))

    def plausible(kinds: tuple[Kind, ...]) -> bool:
        """Whether no vector has a single entry because of what stands beside it, and vectors do not
        stand for the entries of `[a, b; c, d]`."""
        across = rows[0]
        if across == 1 or len(rows) == 1:
            return not {k.ROW, k.COLUMN}.issubset(kinds)
        if len(set(rows)) > 1:
            return True
        if k.MATRIX not in kinds and k.COLUMN in kinds and k.ROW not in kinds:
            return False
        lines: list[dict[int, set[Kind]]] = [{}, {}]
        for i, kind in enumerate(kinds):
            if not vanishing[i]:
                for line, at in zip(lines, divmod(i, across), strict=True):
                    line.setdefault(at, set()).add(kind)
        return not any(
            k.COLUMN in found and found & {k.SCALAR, k.ROW} for found in lines[0].values()
        ) and not any(
            k.ROW in found and found & {k.SCALAR, k.COLUMN} for found in lines[1].values()
        )

    def emit(draft: Draft, blocks: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        kind = _kind(kinds, rows)
        entries = set(kinds) == {k.SCALAR}
        pieces = [_piece(draft, *b, kind, entries) for b in zip(blocks, kinds, strict=True)]
        if kind != k.MATRIX:
            return joined(draft, pieces, 0)
        return grid(draft, pieces, rows)

    return Rule(outcome, emit, lenient=True)


def _kind(kinds: tuple[Kind, ...], rows: tuple[int, ...]) -> Kind:
    """Columns and scalars below each other make a column, rows side by side a row."""
    if len(kinds) == 1:
        return kinds[0]
    if max(rows) == 1 and set(kinds) <= {k.SCALAR, k.COLUMN}:
        return k.COLUMN
    if len(rows) == 1 and set(kinds) <= {k.SCALAR, k.ROW}:
        return k.ROW
    return k.MATRIX


def _piece(draft: Draft, block: RowId, own: Kind, kind: Kind, entries: bool = False) -> RowId:
    """A block as an array of the order of the whole; 0 is a zero block, but among `entries`."""
    if own == kind or own == k.MATRIX:
        return block
    one = draft.place(OPERATORS["ones"], (), None, (1,))
    if kind == k.MATRIX:
        if own != k.SCALAR:
            return draft.emit("outer", *((block, one) if own == k.COLUMN else (one, block)))
        if draft.value(block) == 0:
            shape = (1, 1) if entries else draft.unifier.fresh_shape(2)
            return draft.place(OPERATORS["zeros"], (), None, shape)
        one = draft.place(OPERATORS["ones"], (), None, (1, 1))
    return one if draft.value(block) == 1 else draft.emit("scale", block, one)


def grid(draft: Draft, pieces: list[RowId], rows: tuple[int, ...]) -> RowId:
    """Matrices in rows of these lengths."""
    if len(set(rows)) > 1:
        at, bands = 0, []
        for length in rows:
            bands.append(joined(draft, pieces[at : at + length], 1))
            at += length
        return joined(draft, bands, 0)
    columns = rows[0]
    for place, piece in enumerate(pieces):
        height, width = draft.shape(piece)
        first, top = pieces[place - place % columns], pieces[place % columns]
        fits = draft.unifier.unify(draft.shape(first)[0], height)
        if not (fits and draft.unifier.unify(draft.shape(top)[1], width)):
            raise ShapeProblem("the blocks do not fit")
    if len(pieces) == 1:
        return pieces[0]
    shape = (
        _total(draft, pieces[::columns], 0),
        _total(draft, pieces[:columns], 1),
    )
    return draft.place(OPERATORS["block"], tuple(pieces), (len(rows), columns), shape)


def joined(draft: Draft, pieces: list[RowId], axis: int) -> RowId:
    """Arrays one after the other along an axis."""
    if len(draft.shape(pieces[0])) == 2:
        return grid(draft, pieces, (len(pieces),) if axis else (1,) * len(pieces))
    if len(pieces) == 1:
        return pieces[0]
    total = _total(draft, pieces, 0)
    return draft.place(OPERATORS["block"], tuple(pieces), (len(pieces),), (total,))


def _total(draft: Draft, pieces: list[RowId], axis: int) -> Size:
    total: Size = 0
    for piece in pieces:
        total = total + draft.unifier.resolve(draft.shape(piece)[axis])
    return simple(total)


# NumPy's functions of a list.


def _stacking(axis: int | None, *, vectors: str) -> Callable[[Sheet, Node], Planned]:
    """`hstack([A, B])` and its kin: matrices along an axis; vectors are joined, or become rows or
    columns."""

    def planner(sheet: Sheet, node: Node) -> Planned:
        lists = sheet.nodes[node.args[0]] if node.args else None
        if lists is None or lists.head != "block" or len(lists.data) != 1:
            raise SyntaxProblem(f"{node.name} takes a list", hint=f"{node.name}([A, B])")
        along = axis
        if len(node.args) == 2 and axis is None:
            along = sheet.axis(node.args[1])
        if len(node.args) > 2 or along not in (0, 1, None):
            raise SyntaxProblem(f"{node.name} takes a list and an axis, 0 or 1")
        sheet.silent[node.args[0]] = 1
        return whole(_along(along or 0, vectors), *lists.args)

    return planner


def _along(axis: int, vectors: str) -> Rule:
    lines = vectors != "joined"

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if set(kinds) == {k.MATRIX} and vectors != "lines":
            return k.only(k.MATRIX)
        if set(kinds) == {k.COLUMN}:
            return k.only(k.MATRIX if lines else k.COLUMN)
        return 0

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if kinds[0] == k.MATRIX or not lines:
            return joined(draft, list(rows), axis)
        own = k.COLUMN if axis else k.ROW
        return joined(draft, [_piece(draft, row, own, k.MATRIX) for row in rows], axis)

    return Rule(outcome, emit)


def _block(sheet: Sheet, node: Node) -> Planned:
    """`block([[A, B], [C, D]])`; `block([A, B])` is one row."""
    outer = sheet.nodes[node.args[0]] if len(node.args) == 1 else None
    if outer is None or outer.head != "block" or len(outer.data) != 1:
        raise SyntaxProblem("block takes a list of lists", hint="block([[A, B], [C, D]])")
    inner = [sheet.nodes[argument] for argument in outer.args]
    sheet.silent[node.args[0]] = 1
    if all(row.head != "block" for row in inner):
        return whole(_along(1, "joined"), *outer.args)
    if any(row.head != "block" or len(row.data) != 1 for row in inner):
        raise SyntaxProblem("block takes a list of lists", hint="block([[A, B], [C, D]])")
    for argument in outer.args:
        sheet.silent[argument] = 1
    rows = tuple(len(row.args) for row in inner)
    blocks = tuple(block for row in inner for block in row.args)
    return whole(_blocks(rows, _vanishing(sheet, blocks)), *blocks)


STACKING: dict[str, Callable[[Sheet, Node], Planned]] = {
    "block": _block,
    "column_stack": _stacking(1, vectors="columns"),
    "concat": _stacking(None, vectors="joined"),
    "concatenate": _stacking(None, vectors="joined"),
    "hstack": _stacking(1, vectors="joined"),
    "stack": _stacking(None, vectors="lines"),
    "vstack": _stacking(0, vectors="rows"),
}
