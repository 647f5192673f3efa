"""The entries of an array in another shape: `reshape(A, p, q)`, `A.reshape(p, q)`, `A.ravel()`.

Floor 2.  The matrix language reads and writes entries column by column, as vec does; the NumPy
dialect row by row, or with `order='F'` column by column.  Where the products of the first sizes
agree axes are joined and split between them only, so that others stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod
from operator import mul
from string import ascii_letters

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size, simple
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.core.expr import shape_text
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tensors import contract, permuted
from matgrad.notation.tree import Node

# Each axis has a letter, and each that some are joined to.
_MOST_AXES = len(ascii_letters) // 2


def reshaping(sheet: Sheet, node: Node) -> Planned:
    """`reshape(A, p, q)`; in the NumPy dialect also `reshape(A, (p, -1))` and `A.reshape(p, q)`."""
    if not node.args:
        raise SyntaxProblem(f"{node.name} takes an array and its sizes", hint="reshape(A, p, q)")
    array, *others = node.args
    columns = sheet.syntax != "numpy"
    if columns:
        sheet.scope.remarks[f"{node.name} takes entries column by column, as vec does"] = None
    if others and sheet.nodes[others[-1]].head == "assigned":
        columns = _is_by_columns(sheet, others.pop())
    if len(others) == 1 and sheet.nodes[others[0]].head == "block":
        sheet.silent[others[0]] = 1
        others = list(sheet.nodes[others[0]].args)
    if node.name != "reshape":
        if others:
            raise SyntaxProblem(f"{node.name} takes an array only")
        return whole(_rule([None], columns), array)
    if not others:
        raise SyntaxProblem("reshape takes an array and its sizes", hint="reshape(A, p, q)")
    wanted = [_wanted(sheet, own) for own in others]
    if wanted.count(None) > 1:
        raise SyntaxProblem("one size at most follows from the others")
    return whole(_rule(wanted, columns), array)


def _is_by_columns(sheet: Sheet, own: int) -> bool:
    name, value = sheet.nodes[own].args
    sheet.silence(own)
    if sheet.nodes[name].name != "order" or sheet.nodes[value].source[1:-1] not in ("C", "F"):
        raise SyntaxProblem("reshape takes order='C' or order='F'")
    return sheet.nodes[value].source[1:-1] == "F"


def _wanted(sheet: Sheet, own: int) -> Size | None:
    """A size, or None for NumPy's -1."""
    if sheet.syntax == "numpy" and sheet.constant(own) == -1:
        sheet.silence(own)
        return None
    return sheet.size(own)


def _rule(wanted: Sequence[Size | None], columns: bool) -> Rule:
    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        (row,) = rows
        own = draft.shape(row)
        shape = _completed(own, wanted)
        if not draft.unifier.unify(prod(own), prod(shape)) or draft.unifier.resolve(
            prod(own)
        ) != draft.unifier.resolve(prod(shape)):
            raise ShapeProblem(
                f"as far as is known the array has not as many entries as {shape_text(shape)}",
                hint="declare its sizes",
            )
        return reshaped(draft, row, draft.unifier.resolve_shape(shape), columns)

    return Rule(lambda kinds, lenient: k.only(k.of_order(len(wanted))), emit)


def _completed(own: Shape, wanted: Sequence[Size | None]) -> Shape:
    """The sizes that are wanted, the one left open found from those of the array."""
    if None not in wanted:
        return tuple(size for size in wanted if size is not None)
    rest, named = list(own), [size for size in wanted if size is not None]
    for size in list(named):
        if size in rest:
            rest.remove(size)
            named.remove(size)
    total, known = prod(rest), prod(named)
    if known != 1:
        if not (isinstance(total, int) and isinstance(known, int) and total % known == 0):
            raise ShapeProblem(
                "the size at -1 does not follow from those of the array", hint="write it out"
            )
        total //= known
    return tuple(simple(total) if size is None else size for size in wanted)


def reshaped(draft: Draft, row: RowId, shape: Shape, columns: bool) -> RowId:
    """The entries of an array, read and written by rows or by columns."""
    own = draft.shape(row)
    if own == shape:
        return row
    if columns and max(len(own), len(shape)) > 2:
        turned = permuted(draft, row, range(len(own))[::-1]) if len(own) > 1 else row
        found = _by_rows(draft, turned, shape[::-1])
        return permuted(draft, found, range(len(shape))[::-1]) if len(shape) > 1 else found
    if max(len(own), len(shape)) > 2:
        return _by_rows(draft, row, shape)
    if len(own) == 2:
        row = draft.emit("vec", row if columns else draft.emit("transpose", row))
    if len(shape) == 2:
        row = draft.place(OPERATORS["unvec"], (row,), None, shape if columns else shape[::-1])
        row = row if columns else draft.emit("transpose", row)
    return row


def _by_rows(draft: Draft, row: RowId, shape: Shape) -> RowId:
    """Groups of axes joined, and split again."""
    own = draft.shape(row)
    ends = [list(accumulate(sizes, mul, initial=1)) for sizes in (own, shape)]
    cuts = [(0, 0)]
    for i, total in enumerate(ends[0][1:], 1):
        after = [j for j in range(cuts[-1][1] + 1, len(shape) + 1) if ends[1][j] == total]
        if after and i < len(own):
            cuts.append((i, after[0]))
    cuts.append((len(own), len(shape)))
    if len(own) + len(shape) > _MOST_AXES:
        raise ShapeProblem("a reshape takes arrays of up to ten axes or so")
    letters = iter(ascii_letters)
    inner, outer = ([next(letters) for _ in sizes] for sizes in (own, shape))
    joints: list[tuple[RowId, str]] = []

    def joined(sizes: Sequence[Size], names: Sequence[str]) -> str:
        """The letter of the axis that some axes are joined to, the last running fastest."""
        name, size = names[0], sizes[0]
        for other, length in zip(names[1:], sizes[1:], strict=True):
            whole, total = next(letters), simple(size * length)
            fuse = draft.place(OPERATORS["fuse"], (), None, (total, size, length))
            joints.append((fuse, whole + name + other))
            name, size = whole, total
        return name

    merged: dict[str, str] = {}
    for (i, j), (up, to) in pairwise(cuts):
        left = joined(own[i:up], inner[i:up]) if up > i else ""
        right = joined(shape[j:to], outer[j:to]) if to > j else ""
        if left and right:
            merged[right] = left
    named = [(row, "".join(inner)), *joints]
    spelled = ["".join(merged.get(name, name) for name in names) for _, names in named]
    output = "".join(merged.get(name, name) for name in outer)
    return contract(draft, spelled, output, *(one for one, _ in named))
