"""Matrices over the dual numbers taken apart and put together.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.proof.arrays import Flat, Label
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual


def entry_at(matrix: Dual, row: int, column: int) -> Dual:
    """One entry, as a scalar."""
    at = row * matrix.shape[1] + column
    return Dual(matrix.ring, (), {s: [part[at]] for s, part in matrix.parts.items()})


def from_rows(rows: Sequence[Sequence[Dual]]) -> Dual:
    """A matrix from its entries."""
    entries = [entry for row in rows for entry in row]
    subsets = {subset for entry in entries for subset in entry.parts}
    parts = {subset: [entry.part(subset)[0] for entry in entries] for subset in subsets}
    return Dual(entries[0].ring, (len(rows), len(rows[0])), parts)


def from_scalars(entries: Sequence[Dual]) -> Dual:
    """A vector from its entries."""
    row = from_rows([entries])
    return Dual(row.ring, row.shape[1:], row.parts)


def from_columns(vectors: Sequence[Dual]) -> Dual:
    """A matrix from its columns."""
    table = {s for vector in vectors for s in vector.parts}
    size, width = vectors[0].shape[0], len(vectors)
    parts = {s: [vector.part(s)[at] for at in range(size) for vector in vectors] for s in table}
    return Dual(vectors[0].ring, (size, width), parts)


def bordered(matrix: Dual, right: Dual, below: Dual) -> Dual:
    """[[matrix, right], [below', 0]]."""
    size = matrix.shape[0]
    parts: dict[int, Flat] = {}
    for subset in {*matrix.parts, *right.parts, *below.parts}:
        inner, column = matrix.part(subset), right.part(subset)
        entries: Flat = []
        for at in range(size):
            entries += [*inner[at * size : (at + 1) * size], column[at]]
        parts[subset] = [*entries, *below.part(subset), 0.0]
    return Dual(matrix.ring, (size + 1, size + 1), parts)


def extended(vector: Dual, last: Dual) -> Dual:
    """A vector with one more entry."""
    subsets = {*vector.parts, *last.parts}
    parts = {s: [*vector.part(s), *last.part(s)] for s in subsets}
    return Dual(vector.ring, (vector.shape[0] + 1,), parts)


def times(factor: Dual, array: Dual) -> Dual:
    """A scalar times an array."""
    labels = tuple(range(len(array.shape)))
    sizes: dict[Label, int] = dict(enumerate(array.shape))
    return contract(array.ring, ((factor, ()), (array, labels)), labels, sizes, array.shape)


def apply(matrix: Dual, vector: Dual) -> Dual:
    """A matrix times a vector."""
    rows, columns = matrix.shape
    sizes: dict[Label, int] = {"i": rows, "k": columns}
    operands = ((matrix, ("i", "k")), (vector, ("k",)))
    return contract(matrix.ring, operands, ("i",), sizes, (rows,))


def dot(left: Dual, right: Dual) -> Dual:
    """The inner product of two vectors."""
    sizes: dict[Label, int] = {"k": left.shape[0]}
    return contract(left.ring, ((left, ("k",)), (right, ("k",))), (), sizes, ())
