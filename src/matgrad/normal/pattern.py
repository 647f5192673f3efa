"""Compiled rules: what the left side of a row asks of operands, and what stands for them.

Floor 3.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.core.expr import Expr, Op
from matgrad.normal.match import Match
from matgrad.normal.properties import properties_of


@final
class Pattern(NamedTuple):
    """A compiled rule: the operands' patterns and the result."""

    name: str
    operands: tuple[Expr, ...]
    result: Expr
    entrywise: bool
    heads: tuple[frozenset[Op], ...]

    @property
    def asks(self) -> bool:
        """Whether an operand must have some property."""
        pairs = zip(self.operands, self.heads, strict=True)
        return any(not ops and bool(pattern.data[1]) for pattern, ops in pairs)

    def fits(self, ops: tuple[Op, ...]) -> bool:
        """Whether the rule may match operands with these operators."""
        return all(not own or op in own for op, own in zip(ops, self.heads, strict=True))

    def match(self, args: tuple[Expr, ...]) -> Match | None:
        """What the rule's variables stand for where its left side is its operator on `args`."""
        for arg, pattern, ops in zip(args, self.operands, self.heads, strict=True):
            if not ops and pattern.data[1] and not pattern.data[1] <= properties_of(arg):
                return None
        found = Match(self.entrywise)
        return found if all(map(found.match, self.operands, args)) else None
