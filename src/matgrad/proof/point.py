"""A point: a value for everything that an expression leaves open.

Floor 4.  Sizes, symbols, positions of entries, unknown functions, and the ring they are in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, final

from matgrad.core.dims import Shape, Size, evaluate
from matgrad.core.errors import EvaluationProblem, NoRule
from matgrad.proof.dual import Dual
from matgrad.proof.ring import Ring
from matgrad.proof.scalars import SCALARS, at_floats
from matgrad.proof.sizes import Sizes
from matgrad.proof.unknown import RandomUnknowns, Unknowns


@final
class Point(NamedTuple):
    """What `definitions.value` needs to know besides the operands."""

    ring: Ring
    sizes: Sizes
    symbols: Mapping[str, Dual]
    unknowns: Unknowns
    indices: Mapping[str, int]

    def shape(self, shape: Shape) -> tuple[int, ...]:
        """A shape at this point's sizes."""
        return self.sizes.extents(shape)

    def position(self, position: str | Size, size: int) -> int:
        """Where an entry lies on an axis, counted from 0."""
        if isinstance(position, str):
            at = self.indices.get(position)
        else:
            at = int(evaluate(position, self.sizes))
        if at is None:
            raise EvaluationProblem(f"the index {position} has no value")
        if not 0 <= at < size:
            raise EvaluationProblem(f"there is no entry {at + 1} on an axis of size {size}")
        return at

    def scalar(self, name: str, x: Dual) -> Dual:
        """A known scalar function, entry by entry."""
        if self.ring.prime is None:
            return at_floats(name, x)
        if not (SCALARS[name].exact and isinstance(self.unknowns, RandomUnknowns)):
            raise NoRule(f"{name} has no exact value")
        return self.unknowns.known(name, x)
