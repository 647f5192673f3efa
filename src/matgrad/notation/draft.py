"""Drafts: an expression whose sizes are not settled yet, as a list of rows.

Floor 2.  While a text is being read, sizes that nobody declared are flexible, and an
interned expression cannot change its shape.  So operators are first drafted, each row
unifying the sizes of its operands, and made into expressions when all sizes are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast, final

from matgrad.catalogue import OPERATORS
from matgrad.core.along import Along
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, Function, Op, apply, make, number
from matgrad.core.signature import infer
from matgrad.core.unify import Unifier

RowId = int


@final
@dataclass(slots=True)
class Unknown:
    """An unknown function while its shapes are being found.

    `value` is None until inference finds its order, `params` until the first application shows
    them; `settled` is the finished function, given by the caller or made when the sizes are
    known.
    """

    name: str
    value: Shape | None = None
    params: tuple[Shape, ...] | None = None
    elementwise: bool = False
    properties: frozenset[str] = frozenset()
    settled: Function | None = None


@final
@dataclass(slots=True)
class _Row:
    op: Op
    args: tuple[RowId, ...]
    data: Any
    shape: Shape
    known: Expr | None = field(default=None)


@final
class Draft:
    """Rows in which operands stand before their operator."""

    def __init__(self) -> None:
        self.unifier = Unifier()
        self._rows: list[_Row] = []

    def shape(self, row: RowId) -> Shape:
        """The shape of a row as far as it is known now."""
        return self.unifier.resolve_shape(self._rows[row].shape)

    def known(self, expr: Expr) -> RowId:
        """A finished expression as a row."""
        return self._add(_Row(expr.op, (), None, expr.shape, expr))

    def symbol(self, name: str, shape: Shape, properties: frozenset[str]) -> RowId:
        return self.place(SYMBOL, (), (name, properties), shape)

    def number(self, value: Size) -> RowId:
        return self.place(NUMBER, (), value, ())

    def value(self, row: RowId) -> Size | None:
        """The number a row is, if it is one."""
        entry = self._rows[row]
        return cast(Size, entry.data) if entry.op is NUMBER else None

    def parts(self, row: RowId) -> tuple[Op, tuple[RowId, ...], Any]:
        """A row's operator, operands and data."""
        entry = self._rows[row]
        return entry.op, entry.args, entry.data

    def below(self, root: RowId) -> set[RowId]:
        """A row and all rows that it is made of."""
        found, stack = {root}, [root]
        while stack:
            fresh = set(self._rows[stack.pop()].args) - found
            found |= fresh
            stack += fresh
        return found

    def symbol_name(self, row: RowId) -> str | None:
        """The name of the symbol a row is, if it is one."""
        entry = self._rows[row]
        return entry.data[0] if entry.op is SYMBOL and entry.known is None else None

    def place(self, op: Op, args: tuple[RowId, ...], data: Any, shape: Shape) -> RowId:
        """A row whose shape the caller knows."""
        return self._add(_Row(op, args, data, shape))

    def emit(self, name: str, *args: RowId, data: Any = None) -> RowId:
        """A row for an operator of the catalogue; its shape follows from its signature.

        Raises ShapeProblem when the operands do not fit.
        """
        op = OPERATORS[name]
        if name == "matmul":
            self._meet(*args)
        shape = infer(op, tuple(map(self.shape, args)), self.unifier)
        return self.place(op, args, data, self.unifier.resolve_shape(shape))

    def along(self, name: str, lead: int, *args: RowId) -> RowId:
        """A row for an operator along the leading axes that all its operands have.

        Raises ShapeProblem when the rest of their axes does not fit.
        """
        op, shapes = OPERATORS[name], list(map(self.shape, args))
        own = infer(op, tuple([shape[lead:] for shape in shapes]), self.unifier)
        shape = self.unifier.resolve_shape(shapes[0][:lead] + own)
        return self.place(op, args, Along(lead, None), shape)

    def _meet(self, left: RowId, right: RowId) -> None:
        """Blocks that meet in a product have one size, where that says what a size is."""
        first, second = (self._rows[row] for row in (left, right))
        block = OPERATORS["block"]
        if first.op is not block or second.op is not block or first.data[-1] != second.data[0]:
            return
        across = second.data[1] if len(second.data) == 2 else 1
        for k in range(second.data[0]):
            self.unifier.unify(
                self.shape(first.args[k])[-1], self.shape(second.args[k * across])[0]
            )

    def spread(self, scalar: RowId, like: RowId) -> RowId:
        """A scalar repeated in every entry of a shape, written with `ones`."""
        ones = self.place(OPERATORS["ones"], (), None, self.shape(like))
        return ones if self.value(scalar) == 1 else self.emit("scale", scalar, ones)

    def apply(self, unknown: Unknown, args: tuple[RowId, ...], slots: tuple[int, ...]) -> RowId:
        """A row for an unknown function, or its derivative tensor by the arguments in `slots`."""
        shapes = tuple(map(self.shape, args))
        if unknown.elementwise:
            if len(args) != 1:
                raise ShapeProblem(f"{unknown.name} takes one argument")
            return self.place(APPLY, args, (unknown, slots), shapes[0])
        if unknown.params is None:
            unknown.params = shapes
        if len(unknown.params) != len(shapes):
            raise ShapeProblem(
                f"{unknown.name} is applied to {len(shapes)} arguments and takes "
                f"{len(unknown.params)}"
            )
        if not all(map(self.unifier.unify_shapes, unknown.params, shapes)):
            raise ShapeProblem(f"{unknown.name} is applied to an argument of another shape")
        shape = unknown.value or ()
        for slot in slots:
            shape += shapes[slot]
        return self.place(APPLY, args, (unknown, slots), shape)

    def finish(self, settle: Callable[[Size], Size]) -> list[Expr]:
        """The expression for every row, with `settle` giving each size its final form."""
        made: list[Expr] = []
        for row in self._rows:
            if row.known is not None:
                made.append(row.known)
                continue
            args = tuple(made[arg] for arg in row.args)
            shape = tuple(map(settle, row.shape))
            if row.op is NUMBER:
                made.append(number(settle(row.data)))
            elif row.op is APPLY:
                unknown, slots = row.data
                made.append(apply(settled(unknown, settle), args, slots))
            else:
                made.append(make(row.op, args, _settled(row.data, settle), shape))
        return made

    def _add(self, row: _Row) -> RowId:
        self._rows.append(row)
        return len(self._rows) - 1


def _settled(data: Any, settle: Callable[[Size], Size]) -> Any:
    """A node's data with final sizes."""
    if isinstance(data, tuple) and not isinstance(data, Along):
        return tuple(_settled(item, settle) for item in data)
    return settle(data) if isinstance(data, Dim) else data


def settled(unknown: Unknown, settle: Callable[[Size], Size]) -> Function:
    """The function with final sizes."""
    if unknown.settled is None:
        unknown.settled = Function(
            unknown.name,
            ((),)
            if unknown.elementwise
            else tuple(tuple(map(settle, shape)) for shape in unknown.params or ()),
            tuple(map(settle, unknown.value or ())),
            unknown.elementwise,
            unknown.properties,
        )
    return unknown.settled
