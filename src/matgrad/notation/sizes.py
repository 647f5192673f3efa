"""Sizes nobody named: giving them the letters a textbook would.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import final

from matgrad.core.dims import Dim, Shape, Size, names_of, substitute
from matgrad.core.unify import Unifier

_LETTERS = "mnpqklrshduvw"
# How many values an index takes: K for k, N for i and j.
_COUNTS = "NMLKT"


@final
class Settlement:
    """Final forms of sizes, once an expression has been read.

    `shapes` are those of the symbols in order of appearance.  Matrices choose first, so that the
    first is m x n, after the ranges of indices by their names; `taken` are names not to use.
    """

    def __init__(
        self,
        unifier: Unifier,
        shapes: Iterable[Shape],
        taken: Collection[str],
        ranges: Mapping[str, Size],
    ) -> None:
        self._unifier = unifier
        self._taken = set(taken)
        self._count = 0
        self._names: dict[str, Size] = {}
        self._done: dict[Size, Size] = {}
        for index, last in ranges.items():
            own = index.upper() if index.upper() in _COUNTS else ""
            self._name((unifier.resolve(last),), own + _COUNTS)
        for shape in sorted(map(unifier.resolve_shape, shapes), key=lambda shape: len(shape) < 2):
            self._name(shape)

    def size(self, size: Size) -> Size:
        """`size` with every binding applied and every flexible size named."""
        if not isinstance(size, Dim):
            return size
        found = self._done.get(size)
        if found is None:
            resolved = self._unifier.resolve(size)
            self._name((resolved,))
            found = self._done[size] = substitute(resolved, self._names)
        return found

    def shape(self, shape: Shape) -> Shape:
        return tuple(map(self.size, shape))

    def conditions(self) -> list[str]:
        """Equations between sizes that could not be solved, as text."""
        found = []
        for left, right in self._unifier.pending:
            if self.size(left) != self.size(right):
                found.append(f"{self.size(left)} = {self.size(right)}")
        return found

    def _name(self, shape: Shape, first: str = "") -> None:
        new: list[str] = []
        for size in shape:
            for name in sorted(names_of(size)):
                if name.startswith("?") and name not in self._names and name not in new:
                    new.append(name)
        # A lone size is n, a pair m x n.
        letters = first + ("n" + _LETTERS if len(new) == 1 else _LETTERS)
        for name in new:
            letter = next((c for c in letters if c not in self._taken), None)
            while letter is None or letter in self._taken:
                self._count += 1
                letter = f"n{self._count}"
            self._taken.add(letter)
            self._names[name] = Dim(letter)
