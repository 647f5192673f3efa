"""Nested lists, the arrays of plain Python, to flat ones and back.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, TypeAlias, runtime_checkable

from matgrad.core.errors import EvaluationProblem
from matgrad.proof.arrays import Flat


@runtime_checkable
class Array(Protocol):
    """Anything that turns itself into nested lists, such as a NumPy array."""

    def tolist(self) -> object: ...


Nested: TypeAlias = "float | Fraction | Array | Sequence[Nested]"


def flatten(nested: Nested) -> tuple[tuple[int, ...], Flat]:
    """The shape and the entries, row by row.  Raises EvaluationProblem for a ragged list."""
    level: list[object] = [nested.tolist() if isinstance(nested, Array) else nested]
    shape: list[int] = []
    while level and isinstance(level[0], list | tuple):
        lengths = {len(row) if isinstance(row, list | tuple) else -1 for row in level}
        if len(lengths) != 1:
            raise EvaluationProblem("rows of different lengths do not make an array")
        shape.append(lengths.pop())
        level = [
            entry.tolist() if isinstance(entry, Array) else entry
            for row in level
            if isinstance(row, list | tuple)
            for entry in row
        ]
    entries: Flat = []
    for entry in level:
        if isinstance(entry, complex):
            entries.append(entry if entry.imag else entry.real)
        elif isinstance(entry, int | float | Fraction):
            entries.append(float(entry))
        else:
            raise EvaluationProblem(f"an entry must be a number, not {entry!r}")
    return tuple(shape), entries


def nest(shape: tuple[int, ...], entries: Sequence[float]) -> Nested:
    """Nested lists of the given shape; a float for a scalar."""
    if not shape:
        return entries[0]
    level: list[Nested] = list(entries)
    for size in reversed(shape[1:]):
        level = [level[at : at + size] for at in range(0, len(level), size)]
    return level
