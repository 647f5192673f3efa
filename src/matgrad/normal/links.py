"""The parts of a graph: links between labels, and vectors that end at one.

Floor 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.blocks import part
from matgrad.core.dims import Number, Size
from matgrad.core.expr import Expr, Op, make
from matgrad.core.signature import build

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

# A matrix in a chain, as it stands and transposed.
Step = tuple[Expr, Expr]


@final
class Link(NamedTuple):
    """A product of matrices from label `start` to label `stop`."""

    start: int
    stop: int
    chain: tuple[Step, ...]

    def toward(self, label: int) -> tuple[Step, ...]:
        """The chain read so that it stops at `label`."""
        return self.chain if self.stop == label else reverse(self.chain)

    def other(self, label: int) -> int:
        return self.start if self.stop == label else self.stop


@final
class End(NamedTuple):
    """A vector at a label: a chain of matrices leading to a base vector, or to ones (None)."""

    chain: tuple[Step, ...]
    base: Expr | None
    size: Size
    power: Number = 1
    # The base as a normal expression, where it may read better in another form as a row.
    node: Expr | None = None

    def behind(self, chain: tuple[Step, ...]) -> End:
        """The vector with more matrices before it."""
        return End(chain + self.chain, self.base, self.size, self.power, self.node)

    def column(self, lifter: Lifter) -> Expr:
        """The vector read as a column; in code, where it has no orientation, as is cheaper."""
        if lifter.counted and self.chain:
            readings = (self.as_column(lifter), self.as_row(lifter))
            return min(readings, key=lifter.cost)
        return self.as_column(lifter)

    def row(self, lifter: Lifter) -> Expr:
        """The vector read as a row."""
        return self.column(lifter) if lifter.counted else self.as_row(lifter)

    def as_column(self, lifter: Lifter) -> Expr:
        parts = [forward for forward, _ in self.chain]
        if self.base is None:
            if not parts:
                return self.ones()
            if parts[-1].op is part:
                return lifter.applied(parts, self.ones())
            # A row of solved systems is one system solved: sum(A\B, 2) is A\sum(B, 2).
            sums = _summed(lifter.multiply(parts), structure.row_sums)
            return min(sums, lifter.applied(parts, self.ones()), key=lifter.cost)
        return lifter.applied(parts, self.base)

    def as_row(self, lifter: Lifter) -> Expr:
        parts = [backward for _, backward in reversed(self.chain)]
        if self.base is None and not (parts and parts[0].op is part):
            return _summed(lifter.multiply(parts), structure.column_sums) if parts else self.ones()
        base = self.base if self.node is None else lifter.form(self.node, True)
        base, *parts = lifter.settled([base or self.ones(), *parts])
        return build(algebra.matmul, (base, lifter.multiply(parts))) if parts else base

    def ones(self) -> Expr:
        return make(structure.ones, (), None, (self.size,))


def _summed(matrix: Expr, op: Op) -> Expr:
    """The sums of a matrix along an axis; of a transpose along the other axis."""
    if matrix.op is structure.transpose and matrix.order == 2:
        other = structure.row_sums if op is structure.column_sums else structure.column_sums
        return build(other, matrix.args)
    return build(op, (matrix,))


def reverse(chain: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple((backward, forward) for forward, backward in reversed(chain))
