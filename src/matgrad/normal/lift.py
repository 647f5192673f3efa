"""Lifting: from the normal form back to the notation of matrices.

Floor 3.  A graph is reduced step by step: a label on two factors is a product, a loop a trace,
a pendant label a sum, vectors that share a label a Hadamard product, outputs without a path
between them an outer product.  What the steps cannot reduce is printed in index form
(`normal.index`).  Ties follow the order in which symbols first appear in the input.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import final

from matgrad.catalogue import algebra, linalg, norms, stacking, structure
from matgrad.core.dims import Number, Size, leading
from matgrad.core.expr import (
    APPLY,
    CONTRACTION,
    SUM,
    SYMBOL,
    Expr,
    Op,
    make,
    number,
    replaced,
    walk,
)
from matgrad.core.signature import build
from matgrad.normal.averages import MEANS
from matgrad.normal.build import is_turned
from matgrad.normal.canon import Factor
from matgrad.normal.chosen import any_member, chosen, stack
from matgrad.normal.cost import PrintOrder, cost_of, print_order, tensor_cost
from matgrad.normal.directions import in_print_order
from matgrad.normal.exchange import as_printed
from matgrad.normal.finish import finish
from matgrad.normal.fusion import FUSE
from matgrad.normal.graph import Graph
from matgrad.normal.index import index_form, reordered
from matgrad.normal.indices import MEMBER, PLACE, has_powers, index_axes, is_affine, lead
from matgrad.normal.masks import MASK, triangle, turned_triangle
from matgrad.normal.parity import mirrored, parity
from matgrad.normal.parts import lifted, settle
from matgrad.normal.places import is_selection
from matgrad.normal.signs import oriented
from matgrad.normal.skew import signed
from matgrad.normal.squares import norm_of
from matgrad.normal.summing import index_names, is_summed, summed, whole_power
from matgrad.normal.sums import ONE, scaled
from matgrad.normal.surface import Stuck, constant, is_constant, multiply, turn, weigh
from matgrad.normal.symmetry import is_symmetric, rearranged, turned
from matgrad.normal.totals import lift_sum, starts_positive
from matgrad.notation.bound import has_sum, named_indices

# Graphs that are higher than this are lifted from the bottom up, not by recursion.
DEEP = 100
# The scalar parts of products with more factors than this are lifted by themselves.
MANY_FACTORS = 8


@final
class Lifter:
    """Lifts normal expressions that share parts.

    `ranks` orders symbols by first appearance; `available` are the operators that the input
    and its differential have, the only ones besides the basic ones that lifting may use; sums in
    `given`, the input's own, keep the signs they were written with.  `counted` is for code: every
    transpose has its cost, vectors have no orientation, signs are free.  `values` are what symbols
    stand for that are names of parts; a `draft` shows the names.  No index of a sum is called as
    something in the `source` is.
    """

    def __init__(
        self,
        ranks: Mapping[str, int],
        available: frozenset[Op] = frozenset(),
        given: Collection[Expr] = (),
        values: Mapping[Expr, Expr] | None = None,
        *,
        counted: bool = False,
        source: Expr | None = None,
    ) -> None:
        self.ranks = ranks
        self.available = available
        self.given = set(given)
        self.values = values or {}
        self.counted = counted
        self.means = None if counted else available & MEANS
        self.source = source
        self.done: dict[tuple[Expr, bool], Expr] = {}
        self.orders: dict[Expr, PrintOrder] = {}
        self.spans: dict[str, tuple[Size, Size]] = {}
        self.wanted: dict[str, str] = {}
        self.signs: dict[Expr, int] = {}
        self.terms: dict[tuple[Expr, bool], list[tuple[Size, Expr]]] = {}
        self.scalars: dict[Hashable, list[tuple[Expr, Number]]] = {}

    def lift(self, root: Expr, row: bool = False) -> Expr:
        """A surface expression for `root`; `row` asks for a vector to be read as a row.  Parts
        without a matrix form, and the whole if need be, are in index form."""
        return self.opened(self.draft(root, row))

    def opened(self, draft: Expr) -> Expr:
        """A surface expression with what its names stand for in their place."""
        return self.indexed(replaced(draft, self.values))

    def indexed(self, expr: Expr) -> Expr:
        """A surface expression with the indices of its sums named."""
        if not has_sum(expr):
            return expr
        return named_indices(expr, index_names(self.source), self.wanted)

    def draft(self, root: Expr, row: bool = False) -> Expr:
        """A surface expression for `root` in which names are symbols."""
        if root.height > DEEP and (root, row) not in self.done:
            order = walk(root)
            wanted = {arg for node in order if node.op is not SUM for arg in node.args}
            for node in order:
                if node in wanted:
                    self.form(node, False)
        return self.form(root, row)

    def form(self, node: Expr, row: bool) -> Expr:
        """The surface form of a node whose parts have theirs (deep graphs: see `lift`)."""
        key = (node, row and node.order == 1)
        if key not in self.done:
            self.done[key] = self.written(*key)
        return self.done[key]

    def written(self, node: Expr, row: bool) -> Expr:
        """The matrix form of a node, or its index form where it has none."""
        if node.op is SYMBOL:
            return node
        try:
            if node.op is SUM:
                return lift_sum(self, node, row)
            if node.op is CONTRACTION:
                return self.product(1, node, row)
        except Stuck:
            return reordered(self, node) or index_form(self, node)
        if node.op is FUSE:
            return make(structure.fuse, (), None, node.shape)
        if node.op is MASK:
            return triangle(node)
        if node.op is PLACE and is_selection(node):
            return lifted(node)
        if is_affine(node):
            return whole_power(self, node)
        if node.op is MEMBER:
            return chosen(node)
        return self.opaque(node)

    def opaque(self, node: Expr) -> Expr:
        """An operator on its operands; inv(X') is printed inv(X)', det(X') as det(X)."""
        if lead(node):
            return stack(self, node)
        if parity(node.op) > 0 and self.sign(node.args[0]) < 0:
            node = mirrored(node)
        args = tuple([self.form(arg, False) for arg in node.args])
        args = as_printed(node.op, args, self.order)
        turns = node.op.transpose or node.op.kind == "elementwise"
        matrices = [arg for arg in node.args if arg.order == 2]
        turnable = any([arg.args and arg.op is not APPLY for arg in matrices])
        if turns and turnable and not all(map(is_symmetric, matrices)):
            turned = rearranged(node.op, tuple(map(self.turned, node.args)))
            if sorted(map(self.reading, turned)) < sorted(map(self.reading, args)):
                shape = (*node.shape[1::-1], *node.shape[2:])
                inner = make(node.op, turned, node.data, shape)
                return inner if node.op.transpose == "invariant" else turn(inner)
        return make(node.op, args, node.data, node.shape)

    def cost(self, expr: Expr) -> int:
        """What a surface expression costs a reader, or in code."""
        weigh = tensor_cost if expr.order > 2 else cost_of
        return weigh(expr, counted=self.counted)

    def order(self, expr: Expr) -> PrintOrder:
        """The key by which equals are ordered in print."""
        if expr not in self.orders:
            self.orders[expr] = print_order(expr, self.ranks)
        return self.orders[expr]

    def settled(self, items: Sequence[Expr]) -> list[Expr]:
        """A product without the selections in it, which stand as slices and blocks."""
        return settle(items, self.product_of)

    def multiply(self, parts: Sequence[Expr]) -> Expr:
        """A product of matrices, left to right."""
        return parts[0] if len(parts) == 1 else self.product_of(self.settled(parts))

    def product_of(self, parts: Sequence[Expr]) -> Expr:
        if sum([part.order > 2 for part in parts]) > 1:
            raise Stuck("two tensors, whose further axes a product does not keep apart")
        return multiply(parts, counted=self.counted, solving=linalg.solve in self.available)

    def applied(self, parts: Sequence[Expr], vector: Expr) -> Expr:
        """A product of matrices, applied to a column."""
        *parts, vector = self.settled([*parts, vector])
        stacked = vector.op is structure.vec and vector.args[0].order == 2
        if stacked and parts and parts[-1].op is stacking.elimination:
            vector = make(stacking.vech, vector.args, None, parts.pop().shape[:1])
        if not parts:
            return vector
        if linalg.solve in self.available:
            return multiply([*parts, vector], counted=self.counted, solving=True)
        return build(algebra.matmul, (self.multiply(parts), vector))

    def reading(self, expr: Expr) -> tuple[int, int, tuple[int, ...]]:
        """How hard a matrix is to read: its cost, its transposes, what stands first in it."""
        first, turned, *_ = self.order(expr)
        return self.cost(expr), turned, first

    def easiest(self, forms: Iterable[Expr]) -> Expr:
        """Of several forms the one that is easiest to read, the first of equals."""
        costs = {form: self.cost(form) for form in forms}
        least = min(costs.values())
        cheapest = [form for form, cost in costs.items() if cost == least]
        return min(cheapest, key=self.reading) if len(cheapest) > 1 else cheapest[0]

    def simplest(self, node: Expr) -> Expr:
        """A matrix or its transpose, whichever is easier to read."""
        return self.easiest((self.form(node, False), self.turned(node)))

    def turned(self, node: Expr) -> Expr:
        """The transpose of a matrix node: of its two forms the cheaper one."""
        plain = self.form(node, False)
        if node.order < 2 or is_symmetric(node):
            return plain
        if node.op is MASK:
            return turned_triangle(node)
        if node.op is PLACE and is_selection(node):
            return lifted(node, turned=True)
        if plain.op is structure.transpose:
            return plain.args[0]
        outside = turn(plain)
        if node.op is SUM or node.op is CONTRACTION:
            inside = self.form(turned(node), False)
            better = self.cost(outside) - self.cost(inside)
            if better > 0 or (better == 0 and node not in self.given):
                return inside
        if node.op.transpose in ("equivariant", "reversed") and not is_affine(node):
            args = rearranged(node.op, tuple(map(self.turned, node.args)))
            if all([arg.op is structure.transpose for arg in args]):
                return outside  # one transpose is easier to read than one of every operand
            shape = (*node.shape[1::-1], *node.shape[2:])
            inside = make(node.op, args, node.data, shape)
            return self.easiest((outside, inside))
        return outside

    # Sums

    def sign(self, node: Expr) -> int:
        """The sign with which a sum reads naturally: a constant in it, or else the term printed
        first, is positive; of a family, in one of its members.  Families of powers have none."""
        if node not in self.signs:
            self.signs[node] = self.natural_sign(node)
        return self.signs[node]

    def natural_sign(self, node: Expr) -> int:
        if index_axes(node) and not has_powers(node):
            node = any_member(node)
        if node.op is not SUM or len(node.args) < 2 or index_axes(node):
            return 1
        constants = [c for c, arg in zip(node.data, node.args, strict=True) if is_constant(arg)]
        positive = leading(constants[0]) > 0 if constants else starts_positive(self, node)
        return 1 if positive else -1

    # Products

    def product(self, coefficient: Size, node: Expr, row: bool) -> Expr:
        """coefficient · a product."""
        if node.op is not CONTRACTION:
            coefficient, node = signed(self, coefficient, node)
            return weigh(coefficient, self.form(node, row))
        if node is ONE:
            return number(coefficient)
        if node.args and node.args[0].op is SYMBOL and is_turned(node):
            return weigh(coefficient, self.turned(node.args[0]))
        out, rows, powers = node.data
        if norms.norm_frobenius in self.available:
            norm = self.norm(node)
            if norm is not None and norm.op is norms.norm_frobenius:
                return weigh(coefficient, build(algebra.power, (norm,), 2))
        factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
        if coefficient == 1 and not factors and node.order:
            return constant(node)
        if is_summed(node):
            return summed(self, coefficient, node, row)
        coefficient, factors = oriented(self, coefficient, factors)
        graph = Graph(self, out, dict(zip(out, node.shape, strict=True)))
        load = graph.load_parts if len(factors) > MANY_FACTORS else graph.load
        load([in_print_order(factor, out) for factor in factors])
        return finish(graph, coefficient, row)

    def norm(self, node: Expr) -> Expr | None:
        """The norm whose square a scalar product is, if the input speaks of norms."""
        found = norm_of(node, self.available)
        if found is None:
            return None
        return build(found[0], (self.simplest(scaled(self.sign(found[1]), found[1])),))
