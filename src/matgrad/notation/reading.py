"""What a text was read as: the expression, its variables, and every assumption made.

Floor 2.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, final

from matgrad.core.dims import Shape
from matgrad.core.expr import Expr
from matgrad.notation.tree import Position

NameKind = Literal["scalar", "vector", "matrix", "tensor", "function", "dimension", "integer"]


@final
class Target(NamedTuple):
    """A variable of differentiation: a symbol, one entry of it, or one member of a family, at
    positions from 0.

    By a complex symbol Z the derivative is Wirtinger's: Z varies and conj(Z) stays, or with
    `conjugate` the other way round.
    """

    symbol: Expr
    indices: tuple[Position, ...] | None = None
    conjugate: bool = False

    @property
    def shape(self) -> Shape:
        """The shape of what is differentiated by."""
        return self.symbol.shape[len(self.indices or ()) :]


@final
class NameInfo(NamedTuple):
    """What a name stands for.  A function's `shape` is that of its value.

    `note` says what was assumed or found out: `assumed vector`, `square, because det(X)`.
    """

    name: str
    kind: NameKind
    shape: Shape
    properties: frozenset[str]
    declared: bool
    note: str


@final
class Reading(NamedTuple):
    """A text, read.

    `equals` is what the text claims `expr`, or with `targets` its derivative, to be; with
    `right` it is the derivative of `equals` by those.  `lets`
    are the named intermediates, already substituted; `names` is in order of first appearance;
    `remarks` are sizes forced equal and conditions on sizes, of which `equations` have no solution
    that is a name's; `rows` says which sides were written as rows.
    """

    expr: Expr
    targets: tuple[Target, ...]
    equals: Expr | None
    names: tuple[NameInfo, ...]
    lets: tuple[tuple[str, Expr], ...]
    remarks: tuple[str, ...]
    right: tuple[Target, ...] = ()
    rows: tuple[bool, bool] = (False, False)
    equations: tuple[str, ...] = ()
