"""Matrix notation: an expression as it stands on the page, for text, Unicode and LaTeX.

Floor 2.  Each operator is laid out as its catalogue cell says; the few whose print depends
on their neighbours (products, sums, transposes, derivatives) have a method of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, final

from matgrad.catalogue.algebra import (
    add,
    divide,
    hadamard,
    matmul,
    neg,
    outer,
    power,
    scale,
    sub,
)
from matgrad.catalogue.blocks import block, part
from matgrad.catalogue.complex import conj
from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.linalg import matpow
from matgrad.catalogue.pairs import pow
from matgrad.catalogue.structure import component, entry, transpose
from matgrad.core.dims import Number
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, Op
from matgrad.notation.block_form import columns, pieces
from matgrad.notation.cells import base_of, by_cell, by_units, cell_token, is_fraction, positions
from matgrad.notation.compose import composer
from matgrad.notation.derivative_form import applied, differentiates_symbols, is_by_symbol
from matgrad.notation.index_form import IndexForm
from matgrad.notation.layout import Layout, Task, lay_out, marked
from matgrad.notation.member_form import MemberForm
from matgrad.notation.orient import Orientation, View, is_symmetric, lies, product_operands
from matgrad.notation.spelling import Spelling

Step = Task[View]
Begun = Layout | Step
# Where a factor stands: alone in its product, in a line of matrices and vectors, beside a
# tensor among matrices, in front as a scalar, or where no product opens.
Place = Literal["alone", "line", "beside a tensor", "scalar", "closed"]


@final
class MatrixForm:
    """Lays out the nodes of one expression; `named` ones are printed as their names (those that
    are, are `referenced`), `marked` ones between marks."""

    def __init__(
        self,
        root: Expr,
        spelling: Spelling,
        named: Mapping[Expr, str],
        around: frozenset[str] = frozenset(),
        beside: Expr | None = None,
    ) -> None:
        self._compose = composer(spelling.notation)
        self._spelling = spelling
        self.named = named
        self.marked: frozenset[Expr] = frozenset()
        self.referenced: set[Expr] = set()
        self._orientation = Orientation(root)
        self._members = MemberForm(root, around)
        self._indices = IndexForm(root, self._compose, named, beside)

    def whole(self, root: Expr, row: bool) -> Layout:
        """The expression itself; a vector as a row or a column."""
        turned = row and root.order == 1 and not self._indices.applies(root)
        return lay_out(View(root, turned), self._begin)

    def definition(self, part: Expr) -> Layout:
        """What a named part stands for."""
        root, indices = View(part), self._indices
        self._indices = indices.without_name(part)
        try:
            return lay_out(root, lambda view: (self._define if view == root else self._begin)(view))
        finally:
            self._indices = indices

    def _begin(self, view: View) -> Begun:
        if view.axes is not None:
            return self._indices.entry(view)
        if view.turned and is_symmetric(view.node):
            view = View(view.node)
        begun = self._reference(view) if view.node in self.named else self._define(view)
        return marked(begun) if view.node in self.marked else begun

    def _define(self, view: View) -> Begun:
        node = view.node
        indexed = self._indices.applies(node)
        if view.turned and (indexed or not self._orientation.turns_inward(node)):
            return self._outward(view)
        if indexed:
            return self._indices.whole(node)
        method = _METHODS.get(node.op, MatrixForm._row if node.op.row else MatrixForm._by_cell)
        return method(self, view)

    def _reference(self, view: View) -> Begun:
        self.referenced.add(view.node)
        name = self._compose.name(self.named[view.node])
        return self._compose.postfix(name, self._compose.transposed) if view.turned else name

    def _outward(self, view: View) -> Step:
        if view.node.op is conj:
            return self._compose.postfix((yield View(view.node.args[0])), self._compose.adjoint)
        return self._compose.postfix((yield View(view.node)), self._compose.transposed)

    # Atoms

    def _symbol(self, view: View) -> Begun:
        return self._compose.name(view.node.data[0])

    def _number(self, view: View) -> Begun:
        return self._compose.number(view.node.data)

    # Sums and products

    def _sum(self, view: View) -> Step:
        terms: list[tuple[bool, Layout]] = []
        stack = [(view.node, False)]
        while stack:
            node, subtracted = stack.pop()
            opens = node is view.node or node not in self.named
            if opens and not subtracted and node.op in (add, sub):
                left, right = node.args
                stack += ((right, node.op is sub), (left, False))
            else:
                terms.append((subtracted, (yield View(node, view.turned))))
        return self._compose.total(terms)

    def _negative(self, view: View) -> Step:
        return self._compose.negative((yield View(view.node.args[0], view.turned)))

    def _product(self, view: View) -> Step:
        coefficient: Number = 1
        factors = self._factors(view)
        if is_fraction(factors[0].node):
            coefficient, factors = factors[0].node.data, factors[1:]
        layouts: list[Layout] = []
        for factor in factors:
            layouts.append((yield factor))
        return self._compose.product(layouts, coefficient=coefficient)

    def _factors(self, root: View) -> list[View]:
        """The factors of nested products, opened where leaving brackets out is harmless.

        A scalar multiple is opened only in front, so that scalars stay in front.
        """
        factors: list[View] = []
        stack: list[tuple[View, Place]] = [(root, "alone")]
        leading = True
        while stack:
            view, place = stack.pop()
            node = view.node
            inside: Place | None = None
            if node is root.node or node not in self.named:
                if node.op is scale and leading:
                    scalar, rest = node.args
                    stack += ((View(rest, view.turned), place), (View(scalar), "scalar"))
                    continue
                if node.op is transpose and view.turned:
                    stack.append((View(node.args[0]), place))
                    continue
                if node.op in (matmul, outer):
                    inside = self._place_inside(view, place)
            if inside is None:
                factors.append(view)
                leading = leading and place == "scalar"
            else:
                left, right = product_operands(node, view.turned)
                stack += ((right, inside), (left, inside))
        return factors

    def _place_inside(self, view: View, place: Place) -> Place | None:
        """The place of the operands of a product that opens at `place`; None if it stays whole.

        Only matrices may act on a tensor from both sides: with vectors, which contract one
        axis each, the order of the products matters.
        """
        node = view.node
        orders = {arg.order for arg in node.args}
        if place in ("scalar", "closed"):
            return None
        if max(orders) > 2:
            if place == "line" or view.turned or (1 in orders and place != "alone"):
                return None
            return "closed" if 1 in orders else "beside a tensor"
        if place == "beside a tensor":
            return place if orders == {2} else None
        return "line" if not view.turned or self._orientation.turns_inward(node) else None

    def _hadamard(self, view: View) -> Step:
        operands: list[Layout] = []
        stack = [view.node]
        while stack:
            node = stack.pop()
            if node.op is hadamard and (node is view.node or node not in self.named):
                stack += reversed(node.args)
            else:
                operands.append((yield View(node, view.turned)))
        return self._compose.entrywise_product(operands)

    def _quotient(self, view: View) -> Step:
        top, bottom = view.node.args
        if bottom.order:
            return (yield from self._by_cell(view))
        return self._compose.quotient((yield View(top, view.turned)), (yield View(bottom)))

    def _power(self, view: View) -> Step:
        node = view.node
        base = yield View(node.args[0])
        if node.op is pow:
            return self._compose.raised(base, (yield View(node.args[1])), node.order > 0)
        return self._compose.power(base, node.data, node.op is power and node.order > 0)

    def _transpose(self, view: View) -> Step:
        inner = yield View(view.node.args[0])
        return inner if view.turned else self._compose.postfix(inner, self._compose.transposed)

    def _row(self, view: View) -> Step:
        """What stands as a row as it is, such as the sums of columns."""
        layout = yield from self._by_cell(view)
        return layout if view.turned else self._compose.postfix(layout, self._compose.transposed)

    # Unknown functions and entries

    def _apply(self, view: View) -> Step:
        node = view.node
        arguments: list[Layout] = []
        for arg in node.args:
            arguments.append((yield View(arg)))
        bare = differentiates_symbols(node) and not any(arg in self.named for arg in node.args)
        return applied(self._compose, node, arguments, arguments if bare else None)

    def _entry(self, view: View) -> Step:
        node = view.node
        member = "" if node.args[0] in self.named else self._members.name(self._compose, node)
        if member:
            return self._compose.name(member)
        lettered = node.op is not part and any(isinstance(at, str) for at in node.data)
        if self._indices.used and lettered and (node.op is entry or node.args[0].order == 2):
            return (yield View(by_units(node), view.turned))
        token = cell_token(self._compose, node)
        layout = self._compose.subscript((yield View(base_of(node))), token)
        upright = lies(node) and not view.turned
        return self._compose.postfix(layout, self._compose.transposed) if upright else layout

    def _block(self, view: View) -> Step:
        blocks: list[Layout] = []
        for piece in pieces(view.node):
            blocks.append((yield piece))
        return self._compose.grid(blocks, columns(view.node))

    def _component(self, view: View) -> Step:
        """A component of a derivative by one symbol is the derivative by its entry."""
        node, inner = view.node, view.node.args[0]
        if inner not in self.named and is_by_symbol(inner):
            argument = yield View(inner.args[0])
            at = self._compose.indexed(argument, positions(self._compose, node))
            in_call = self._spelling.notation == "text"
            return applied(self._compose, inner, [at if in_call else argument], [at])
        return (yield from self._entry(view))

    def _index_sum(self, view: View) -> Step:
        (summand,) = view.node.args
        return self._members.summed(self._compose, view.node, (yield View(summand, view.turned)))

    def _by_cell(self, view: View) -> Step:
        operands: list[Layout] = []
        for arg in view.node.args:
            operands.append((yield View(arg)))
        return by_cell(self._compose, view.node, operands)


_METHODS: dict[Op, Callable[[MatrixForm, View], Begun]] = {
    SYMBOL: MatrixForm._symbol,
    NUMBER: MatrixForm._number,
    APPLY: MatrixForm._apply,
    add: MatrixForm._sum,
    sub: MatrixForm._sum,
    neg: MatrixForm._negative,
    scale: MatrixForm._product,
    matmul: MatrixForm._product,
    outer: MatrixForm._product,
    hadamard: MatrixForm._hadamard,
    divide: MatrixForm._quotient,
    power: MatrixForm._power,
    matpow: MatrixForm._power,
    pow: MatrixForm._power,
    transpose: MatrixForm._transpose,
    entry: MatrixForm._entry,
    part: MatrixForm._entry,
    block: MatrixForm._block,
    component: MatrixForm._component,
    index_sum: MatrixForm._index_sum,
}
