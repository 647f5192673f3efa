"""An expression with letters in it, such as `A*unit(k, n)`, as one array with an axis for each.

Floor 2.  In index form a letter may stand inside an operand, as the position of a unit vector or
of an entry.  What is linear in those is drafted again with the letters as its last axes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from string import ascii_letters
from typing import final

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import SyntaxProblem
from matgrad.core.expr import Op
from matgrad.core.signature import choose, directions
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.tensors import contracted
from matgrad.notation.tree import Position

Letters = tuple[str, ...]
# An array and the letters that are its last axes.
_Array = tuple[RowId, Letters]
# An array and a label for each of its axes: a letter, or what stands for an axis without one.
_Factor = tuple[RowId, Sequence[int | str]]


def lettered(draft: Draft, row: RowId, bound: Collection[str]) -> _Array:
    """The row again with an axis for each of the bound letters in it, and those letters.

    Raises SyntaxProblem where a letter is in no linear place.
    """
    rewriting = _Rewriting(draft, frozenset(bound))
    for below in sorted(draft.below(row)):
        rewriting.done[below] = rewriting.one(below)
    return rewriting.done[row]


def unit_on(draft: Draft, row: RowId, axis: int, position: Position) -> RowId:
    """The unit vector that picks a position on an axis of an array."""
    return draft.place(OPERATORS["unit"], (), position, (draft.shape(row)[axis],))


@final
class _Rewriting:
    """Rows in which letters stand, drafted again."""

    def __init__(self, draft: Draft, bound: frozenset[str]) -> None:
        self.draft = draft
        self.bound = bound
        self.done: dict[RowId, _Array] = {}

    def one(self, row: RowId) -> _Array:
        """A row whose operands are done."""
        draft = self.draft
        op, args, data = draft.parts(row)
        if op.weights == "index" and data in self.bound:
            size = draft.shape(row)[0]
            return draft.place(OPERATORS["eye"], (), None, (size, size)), (data,)
        if op.weights == "entry" and not self.bound.isdisjoint(data):
            return self.entry(args[0], data)
        sizes = (*(data if isinstance(data, tuple) else (data,)), *draft.shape(row))
        if any(self.bound & size.names for size in sizes if isinstance(size, Dim)):
            raise _inside(op)
        operands = [self.done[arg] for arg in args]
        varying = [k for k, (_, letters) in enumerate(operands) if letters]
        if not varying:
            return row, ()
        if op.kind == "linear":
            return self.sum(op, operands)
        if op.kind == "contraction":
            return self.product(op, operands, row)
        if set(directions(op)).issuperset(varying):
            image = draft.emit(op.name, *(arg for arg, _ in operands))
            within = [letter for _, letters in operands for letter in letters]
            letters = _unique(within)
            if len(letters) < len(within):
                own = range(_own(draft, image, tuple(within)))
                image = self.einsum([(image, (*own, *within))], (*own, *letters))
            return image, letters
        raise _inside(op)

    def entry(self, array: RowId, positions: Sequence[Position]) -> _Array:
        whole, within = self.done[array]
        shape = self.draft.shape(array)
        rest = range(len(positions), len(shape))
        own = [str(p) if p in self.bound else axis for axis, p in enumerate(positions)]
        factors: list[_Factor] = [(whole, (*own, *rest, *within))]
        for axis, position in enumerate(positions):
            if position not in self.bound:
                factors.append((unit_on(self.draft, array, axis, position), (axis,)))
        letters = _unique((*(str(p) for p in positions if p in self.bound), *within))
        return self.einsum(factors, (*rest, *letters)), letters

    def sum(self, op: Op, operands: Sequence[_Array]) -> _Array:
        """Every operand with the letters of all."""
        letters = _unique(letter for _, within in operands for letter in within)
        rows = []
        for row, within in operands:
            own = range(_own(self.draft, row, within))
            factors: list[_Factor] = [(row, (*own, *within))]
            absent = tuple(letter for letter in letters if letter not in within)
            if absent:
                shape = tuple(self.draft.unifier.fresh() for _ in absent)
                factors.append((self.draft.place(OPERATORS["ones"], (), None, shape), absent))
            rows.append(row if within == letters else self.einsum(factors, (*own, *letters)))
        return self.draft.emit(op.name, *rows), letters

    def product(self, op: Op, operands: Sequence[_Array], row: RowId) -> _Array:
        draft = self.draft
        weights = op.weights.split(",") if op.weights else ["1"] * len(operands)
        shape = draft.shape(row)
        shapes = [draft.shape(arg)[: _own(draft, arg, within)] for arg, within in operands]
        if len(weights) < len(operands):
            raise _inside(op)
        rule = choose(op, tuple(map(len, shapes)))
        factors: list[_Factor] = []
        joined: dict[tuple[str, ...], None] = {}
        sizes: dict[int | str, Size] = {}
        rows: list[Sequence[int | str]] = []
        for spec, lengths in zip((*rule.inputs, rule.output), (*shapes, shape), strict=True):
            groups = [axis for axis in spec.axes if isinstance(axis, tuple)]
            joined.update(dict.fromkeys(groups))
            rows.append(
                (*(f" {axis}" for axis in spec.axes), *range(len(lengths) - len(spec.axes)))
            )
            sizes.update(zip(rows[-1], lengths, strict=True))
        for (arg, within), weight, own in zip(operands, weights, rows, strict=False):
            if weight != "1":
                if within or not weight.lstrip("-").isdigit():
                    raise _inside(op)
                arg = draft.emit("power", arg, data=int(weight))
            factors.append((arg, (*own, *within)))
        for group in joined:
            labels = (f" {group}", *(f" {axis}" for axis in group))
            fused = tuple(sizes[label] for label in labels)
            factors.append((draft.place(OPERATORS["fuse"], (), None, fused), labels))
        letters = _unique(letter for _, within in operands for letter in within)
        return self.einsum(factors, (*rows[-1], *letters)), letters

    def einsum(self, factors: Sequence[_Factor], out: Sequence[int | str]) -> RowId:
        """A product whose axes are called `out`."""
        labels = dict.fromkeys((*out, *(label for _, row in factors for label in row)))
        short = dict(zip(labels, ascii_letters, strict=False))
        inputs = tuple("".join(short[label] for label in row) for _, row in factors)
        output = "".join(short[label] for label in out)
        rule = contracted(f"{','.join(inputs)}->{output}", inputs, output)
        return rule.emit(self.draft, tuple(row for row, _ in factors), ())


def _own(draft: Draft, row: RowId, within: Letters) -> int:
    """How many axes an array has besides its letters."""
    return len(draft.shape(row)) - len(within)


def _unique(letters: Iterable[str]) -> Letters:
    return tuple(dict.fromkeys(letters))


def _inside(op: Op) -> SyntaxProblem:
    return SyntaxProblem(f"in index form a letter cannot stand inside {op.name}")
