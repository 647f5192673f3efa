"""Entries of arrays, members of families, and sums over them: their kinds and their rows.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Shape, Size, names_of
from matgrad.core.errors import ShapeProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.tree import Position


@final
@dataclass(slots=True, eq=False)
class Range:
    """The values 1, 2, …, `last` of an index; undeclared, they follow from what has the index."""

    name: str
    last: Size | None = None

    def end(self, draft: Draft) -> Size:
        """The last value, a flexible size where nobody has said it."""
        if self.last is None:
            self.last = draft.unifier.fresh()
        return self.last


def index_sum(index: str, first: Size, last: Size | Range) -> Rule:
    """`sum(r=0..k-1, …)`, and `sum_i …` over a range."""

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        data = index, first, last.end(draft) if isinstance(last, Range) else last
        return draft.place(OPERATORS["index_sum"], rows, data, draft.shape(rows[0]))

    return Rule(k.same, emit)


def entries(
    positions: tuple[Position, ...],
    last: bool = False,
    lead: int = 0,
    ranges: Mapping[int, Range] | None = None,
) -> Rule:
    """`X[1,2]`: the positions of the first axes, or of the last ones.

    The first `lead` axes of a family are indices, and `x[i]` is its member.  `ranges` are those of
    the indices that run along a whole axis.
    """

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        left = k.order_of(kinds[0]) - len(positions)
        if left >= 0 and lead == len(positions):
            return k.only(k.of_order(left))
        if left < 0 or (left and kinds[0] <= k.MATRIX):
            return 0
        return k.oriented(left)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        shape = draft.shape(rows[0])
        cut = len(shape) - len(positions) if last else len(positions)
        reached = shape[cut:] if last else shape[:cut]
        for position, size in zip(positions, reached, strict=True):
            if isinstance(position, int) and isinstance(size, int) and position >= size:
                raise ShapeProblem(f"there is no entry {position + 1} on an axis of size {size}")
        for axis, span in (ranges or {}).items():
            run_along(draft, shape, axis, span)
        op = OPERATORS["component" if last else "entry"]
        shape = draft.shape(rows[0])
        return draft.place(op, rows, positions, shape[:cut] if last else shape[cut:])

    return Rule(outcome, emit)


def running(ranges: Mapping[str, Range], positions: Sequence[Position | None]) -> dict[int, Range]:
    """The axes that an index runs along as a whole, with its range: it stands there alone."""
    found: dict[int, Range] = {}
    for axis, position in enumerate(positions):
        names = sorted(names_of(position)) if isinstance(position, Dim) else []
        alone = len(names) == 1 and position in (Dim(names[0]), Dim(names[0]) - 1)
        if alone and names[0] in ranges:
            found[axis] = ranges[names[0]]
    return found


def run_along(draft: Draft, shape: Shape, axis: int, span: Range) -> None:
    """Let an index run along the whole of an axis."""
    if not draft.unifier.unify(shape[axis], span.end(draft)):
        sizes = f"{draft.unifier.resolve(span.end(draft))} and {shape[axis]}"
        raise ShapeProblem(f"the index {span.name} runs along axes of different sizes: {sizes}")


def entry_of(inner: Rule, positions: tuple[Position, ...]) -> Rule:
    """The value of another rule at positions of its last axes."""
    cut = entries(positions, last=True)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        found = 0
        for kind in k.members(inner.outcome(kinds, lenient)):
            order = k.order_of(kind) - len(positions)
            found |= k.oriented(order) if order >= 0 else 0
        return found

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        return cut.emit(draft, (inner.emit(draft, rows, kinds),), ())

    return Rule(outcome, emit)
