"""Lowering: from what the user wrote to the normal form.

Floor 3.  A tree of products becomes one contraction, a tree of sums one sum; only nodes used
more than once are made first, so a chain of ten thousand is read in one pass.  Everything is
driven by the operators' signatures and weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import final

from matgrad.catalogue.linalg import inv
from matgrad.catalogue.structure import unit
from matgrad.core.dims import Dim, Number, Size
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import NUMBER, SYMBOL, Expr, Op, make, transform, walk
from matgrad.core.signature import Alternative, Spec, build, choose
from matgrad.normal.build import node as operator_node
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import fuse_node
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, numeral, zero
from matgrad.notation.read import read_expression

# Matrix powers up to this one are written out as products.
MATRIX_POWER_LIMIT = 32


def lower(root: Expr) -> Expr:
    """The normal form of a surface expression."""
    return lower_all((root,))[0]


def lower_all(roots: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The normal forms of several surface expressions, shared parts lowered once."""
    expanded = tuple(expand(root) for root in roots)
    lowering = _Lowering(expanded)
    return tuple(lowering.done[root] for root in expanded)


def expand(root: Expr) -> Expr:
    """Abbreviations such as norms and solve, replaced by their definitions."""

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node.op.kind == "composed":
            return _expanded(node.op, args)
        if args == node.args:
            return node
        return make(node.op, args, node.data, node.shape)

    if not any(node.op.kind == "composed" for node in walk(root)):
        return root
    return transform(root, visit)


def _expanded(op: Op, args: tuple[Expr, ...]) -> Expr:
    """A composed operator's definition at these operands, itself expanded."""
    template, slots = definition(op, tuple(arg.order for arg in args))
    values = dict(zip(slots, args, strict=True))

    def visit(node: Expr, parts: tuple[Expr, ...]) -> Expr:
        if node.op is SYMBOL:
            return values.get(node, node)
        if not parts:
            return node
        return build(node.op, parts, node.data)

    return transform(template, visit)


@cache
def definition(op: Op, orders: tuple[int, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """What a composed operator stands for on operands of these orders, and their symbols."""
    slots = operand_symbols(op, orders)
    names = {slot.data[0]: slot for slot in slots}
    return expand(read_expression(op.definition, names)), slots


def operand_symbols(op: Op, orders: tuple[int, ...]) -> tuple[Expr, ...]:
    """Symbols named as the operator's operands, with the sizes its signature gives them."""
    rule = choose(op, orders)
    symbols = []
    for name, spec, order in zip(op.operands, rule.inputs, orders, strict=False):
        shape: list[Size] = [
            int(axis) if isinstance(axis, str) and axis.isdigit() else Dim(str(axis))
            for axis in spec.axes
        ]
        shape += [Dim(f"r{k}") for k in range(order - len(shape))]
        symbols.append(make(SYMBOL, (), (name, frozenset()), tuple(shape)))
    return tuple(symbols)


@final
class _Lowering:
    """One pass over a surface graph; `done` holds the normal form of every node made."""

    def __init__(self, roots: tuple[Expr, ...]) -> None:
        self.done: dict[Expr, Expr] = {}
        order = list(walk(*roots))
        uses: dict[Expr, int] = {}
        for node in order:
            for arg in node.args:
                uses[arg] = uses.get(arg, 0) + 1
        self.inside = self.absorbed(order, uses, set(roots))
        for node in order:
            if node not in self.inside:
                self.done[node] = self.make(node)

    def absorbed(self, order: list[Expr], uses: Mapping[Expr, int], roots: set[Expr]) -> set[Expr]:
        """The nodes that are used once, by a node of their own kind: they are never made."""
        inside: set[Expr] = set()
        for node in order:
            kind = node.op.kind
            if kind not in ("contraction", "linear"):
                continue
            powers = _weights(node) if kind == "contraction" else ()
            for k, arg in enumerate(node.args):
                if arg.op.kind != kind or uses[arg] > 1 or arg in roots:
                    continue
                if kind == "linear" or (k < len(powers) and powers[k] == 1):
                    inside.add(arg)
        return inside

    def make(self, node: Expr) -> Expr:
        op = node.op
        if op is SYMBOL:
            return node
        if op is NUMBER:
            return numeral(node.data)
        if op.kind == "linear":
            return self.linear(node)
        if op.kind == "contraction":
            return self.contraction(node)
        return operator_node(op, tuple(self.done[arg] for arg in node.args), node.data, node.shape)

    def linear(self, root: Expr) -> Expr:
        terms: list[tuple[Size, Expr]] = []
        stack: list[tuple[Expr, Number]] = [(root, 1)]
        while stack:
            node, coefficient = stack.pop()
            for arg, weight in reversed(list(zip(node.args, _weights(node), strict=True))):
                if arg in self.inside:
                    stack.append((arg, coefficient * weight))
                else:
                    terms.append((coefficient * weight, self.done[arg]))
        return combine(terms, root.shape)

    def contraction(self, root: Expr) -> Expr:
        return _Gather(self, root).result()


@final
class _Gather:
    """The factors of one tree of products."""

    def __init__(self, lowering: _Lowering, root: Expr) -> None:
        self.lowering = lowering
        self.root = root
        self.count = root.order
        self.factors: list[Factor] = []
        self.sizes: dict[int, Size] = dict(enumerate(root.shape))
        self.vanishes = False

    def fresh(self) -> int:
        self.count += 1
        return self.count - 1

    def result(self) -> Expr:
        out = tuple(range(self.root.order))
        stack: list[tuple[Expr, Labels]] = [(self.root, out)]
        while stack:
            node, labels = stack.pop()
            for arg, row, power in self.operands(node, labels):
                if arg in self.lowering.inside:
                    stack.append((arg, row))
                else:
                    self.factors.append((self.lowering.done[arg], row, power))
        if self.vanishes:
            return zero(self.root.shape)
        return contract(out, self.factors, 1, self.sizes)

    def delta(self, left: int, right: int) -> None:
        """Equate two labels, by the empty product with a repeated output label."""
        self.factors.append(
            (_identity(self.sizes.get(left, self.sizes.get(right, 1))), (left, right), 1)
        )

    def operands(self, node: Expr, labels: Labels) -> list[Factor]:
        """The operands of a product whose axes carry `labels`."""
        special = node.op.weights
        if special == "zero":
            self.vanishes = True
            return []
        if special == "index":
            self.factors.append((make(node.op, (), node.data, node.shape), labels, 1))
            return []
        if special in ("entry", "component"):
            return self.picked(node, labels, first=special == "entry")
        if special == "einsum":
            return self.einsum(node, labels)
        if special == "matpow":
            return self.matrix_power(node, labels)
        rule = choose(node.op, tuple(arg.order for arg in node.args), node.order)
        return self.by_rule(node, rule, labels)

    def by_rule(self, node: Expr, rule: Alternative, labels: Labels) -> list[Factor]:
        names: dict[str, int] = {}
        tail = labels[len(rule.output.axes) :]
        for axis, label, size in zip(rule.output.axes, labels, node.shape, strict=False):
            self.sizes.setdefault(label, size)
            if isinstance(axis, tuple):
                self.fused(axis, label, names, node, rule)
            elif axis in names:
                self.delta(names[axis], label)
            else:
                names[axis] = label
        if rule.output.rest:
            for label, size in zip(tail, node.shape[len(rule.output.axes) :], strict=True):
                self.sizes.setdefault(label, size)
        factors: list[Factor] = []
        for arg, spec, power in zip(node.args, rule.inputs, _weights(node), strict=True):
            row = self.row(arg, spec, names, tail if rule.output.rest else None, node)
            factors.append((arg, row, power))
        return factors

    def row(
        self, arg: Expr, spec: Spec, names: dict[str, int], tail: Labels | None, node: Expr
    ) -> Labels:
        row = []
        for axis, size in zip(spec.axes, arg.shape, strict=False):
            if isinstance(axis, tuple):
                label = self.fresh()
                self.sizes[label] = size
                sizes = tuple(self.sizes[names[part]] for part in axis)
                self.factors.append((fuse_node(sizes), (label, *(names[p] for p in axis)), 1))
            else:
                label = names.setdefault(axis, self.count)
                if label == self.count:
                    self.count += 1
            row.append(label)
        if spec.rest:
            further = arg.order - len(spec.axes)
            if tail is None:
                row += [self.fresh() for _ in range(further)]
            else:
                row += tail[:further]
        return tuple(row)

    def fused(
        self,
        axis: tuple[str, ...],
        label: int,
        names: dict[str, int],
        node: Expr,
        rule: Alternative,
    ) -> None:
        """An output axis made of several: its parts get labels of their own."""
        sizes: dict[str, Size] = {}
        shapes = [(rule.output, node.shape)]
        shapes += [(spec, arg.shape) for arg, spec in zip(node.args, rule.inputs, strict=True)]
        for spec, shape in shapes:
            for name, size in zip(spec.axes, shape, strict=False):
                if isinstance(name, str):
                    sizes[name] = size
        for part in axis:
            names[part] = self.fresh()
        parts = tuple(names[part] for part in axis)
        self.factors.append((fuse_node(tuple(sizes[part] for part in axis)), (label, *parts), 1))

    def picked(self, node: Expr, labels: Labels, *, first: bool) -> list[Factor]:
        """Entries at given positions: unit vectors on the first or the last axes."""
        (arg,) = node.args
        count = len(node.data)
        chosen = tuple(self.fresh() for _ in node.data)
        sizes = arg.shape[:count] if first else arg.shape[arg.order - count :]
        for label, position, size in zip(chosen, node.data, sizes, strict=True):
            self.factors.append((unit_vector(position, size), (label,), 1))
        return [(arg, chosen + labels if first else labels + chosen, 1)]

    def einsum(self, node: Expr, labels: Labels) -> list[Factor]:
        inputs, output = node.data.replace(" ", "").split("->")
        names: dict[str, int] = {}
        for letter, label in zip(output, labels, strict=True):
            if letter in names:
                self.delta(names[letter], label)
            else:
                names[letter] = label
        for label, size in zip(labels, node.shape, strict=True):
            self.sizes.setdefault(label, size)
        factors: list[Factor] = []
        for arg, letters in zip(node.args, inputs.split(",") if node.args else (), strict=True):
            row = []
            for letter in letters:
                if letter not in names:
                    names[letter] = self.fresh()
                row.append(names[letter])
            factors.append((arg, tuple(row), 1))
        return factors

    def matrix_power(self, node: Expr, labels: Labels) -> list[Factor]:
        (arg,) = node.args
        exponent: int = node.data
        if exponent == 0:
            self.delta(*labels)
            return []
        if abs(exponent) > MATRIX_POWER_LIMIT:
            raise BudgetExceeded(
                f"the matrix power {exponent} is beyond {MATRIX_POWER_LIMIT}, the largest that is "
                "written out as a product"
            )
        base = self.lowering.done[arg]
        if exponent < 0:
            base = operator_node(inv, (base,), None, base.shape)
        path = [labels[0], *(self.fresh() for _ in range(abs(exponent) - 1)), labels[1]]
        self.factors += [(base, (left, right), 1) for left, right in pairwise(path)]
        return []


def unit_vector(position: int | str, size: Size) -> Expr:
    """The unit vector with its one at `position`."""
    return make(unit, (), position, (size,))


def _identity(size: Size) -> Expr:
    return contract((0, 0), [], 1, {0: size})


def _weights(node: Expr) -> tuple[Number, ...]:
    """The exponents of a product's operands, or the coefficients of a sum's."""
    weights = node.op.weights
    if not weights:
        return (1,) * len(node.args)
    if weights == "data":
        return (node.data,)
    if weights in ("matpow",):
        return (0,)
    if weights[0].isalpha():
        return (1,) * len(node.args)
    return _numbers(weights)


@cache
def _numbers(text: str) -> tuple[Number, ...]:
    values = [Fraction(part) for part in text.split(",")]
    return tuple(v.numerator if v.denominator == 1 else v for v in values)
