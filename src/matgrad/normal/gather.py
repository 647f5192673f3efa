"""The factors of a tree of products, read off the operators' signatures and weights.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction
from functools import cache
from typing import final

from matgrad.catalogue.orders import exchange
from matgrad.catalogue.stacking import elimination
from matgrad.catalogue.structure import unit
from matgrad.core.dims import Dim, Number, Size
from matgrad.core.expr import Expr, Op, make
from matgrad.core.signature import Alternative, Spec, choose
from matgrad.normal.along import along
from matgrad.normal.build import whole_power
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import fuse_node
from matgrad.normal.indices import POWER, RAISED
from matgrad.normal.masks import mask_node
from matgrad.normal.places import antidiagonal, selection
from matgrad.normal.product import contract
from matgrad.normal.sums import zero


@final
class Gather:
    """The factors of one tree of products."""

    def __init__(self, done: Mapping[Expr, Expr], inside: Container[Expr], root: Expr) -> None:
        self.done = done
        self.inside = inside
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
                if arg in self.inside:
                    stack.append((arg, row))
                else:
                    self.factors.append((self.done[arg], row, power))
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
        if special == "sizes":
            self.sized(node, labels)
            return []
        if special in ("below", "above"):
            offset, shape = node.data or 0, node.shape
            if special == "below":
                self.factors.append((mask_node(offset, *shape), labels, 1))
            else:
                self.factors.append((mask_node(-offset, *shape[::-1]), labels[::-1], 1))
            return [(node.args[0], labels, 1)]
        if special == "vech":
            return self.half(node, labels)
        if special in ("entry", "component"):
            return self.picked(node, labels, first=special == "entry")
        if special == "part":
            return self.part(node, labels)
        if special == "einsum":
            return self.einsum(node, labels)
        if special == "index sum":
            return self.summed(node, labels)
        if special == "matpow":
            self.power(POWER, node, labels)
            return []
        if special == "data" and isinstance(node.data, Dim):
            self.power(RAISED, node, labels)
            return []
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
        for arg, spec, power in zip(node.args, rule.inputs, weights(node), strict=True):
            row = self.row(arg, spec, names, tail if rule.output.rest else None, node)
            self.sizes.update(zip(row, arg.shape, strict=True))
            if power != 0:
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

    def sized(self, node: Expr, labels: Labels) -> None:
        """A constant named by sizes: joined axes that share parts, or an atom."""
        axes = choose(node.op, (), node.order).output.axes
        groups = [axis for axis in axes if isinstance(axis, tuple)]
        if node.op is exchange:
            self.factors.append(antidiagonal(node.shape[0], labels))
            return
        if not groups:
            self.factors.append((node, labels, 1))
            return
        letters = dict.fromkeys(letter for group in groups for letter in group)
        names = {letter: self.fresh() for letter in letters}
        sizes = dict(zip(letters, node.data, strict=True))
        for label, group in zip(labels, groups, strict=True):
            joined = fuse_node(tuple(sizes[letter] for letter in group))
            self.factors.append((joined, (label, *(names[letter] for letter in group)), 1))

    def half(self, node: Expr, labels: Labels) -> list[Factor]:
        """vech(A) is elimination(n)*vec(A)."""
        (arg,) = node.args
        size = arg.shape[0]
        stack, row, column = self.fresh(), self.fresh(), self.fresh()
        joined = fuse_node((size, size))
        chosen = make(elimination, (), (size,), (*node.shape, *joined.shape[:1]))
        self.factors.append((chosen, (*labels, stack), 1))
        self.factors.append((joined, (stack, column, row), 1))
        return [(arg, (row, column), 1)]

    def picked(self, node: Expr, labels: Labels, *, first: bool) -> list[Factor]:
        """Entries at given positions: unit vectors on the first or the last axes."""
        (arg,) = node.args
        count = len(node.data)
        chosen = tuple(self.fresh() for _ in node.data)
        sizes = arg.shape[:count] if first else arg.shape[arg.order - count :]
        for label, position, size in zip(chosen, node.data, sizes, strict=True):
            self.factors.append((unit_vector(position, size), (label,), 1))
        return [(arg, chosen + labels if first else labels + chosen, 1)]

    def part(self, node: Expr, labels: Labels) -> list[Factor]:
        """Entries in a row on some axes: a selection on each of them."""
        (arg,) = node.args
        row = []
        for label, begin, length, size in zip(
            labels, node.data, node.shape, arg.shape, strict=True
        ):
            self.sizes.setdefault(label, length)
            row.append(label if begin is None else self.fresh())
            if begin is not None:
                self.factors.append(selection(begin, length, size, (label, row[-1])))
        return [(arg, tuple(row), 1)]

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

    def power(self, op: Op, node: Expr, labels: Labels) -> None:
        """A power with a whole exponent, known or not."""
        self.factors.append((whole_power(op, self.done[node.args[0]], node.data), labels, 1))

    def summed(self, node: Expr, labels: Labels) -> list[Factor]:
        """A sum over an index is the sum over a label of the family."""
        (arg,) = node.args
        index, first, last = node.data
        label = self.fresh()
        self.sizes[label] = last - first + 1
        family = along(self.done[arg], index, first, self.sizes[label])
        row = labels if family.order == arg.order else (label, *labels)
        self.factors.append((family, row, 1))
        return []


def unit_vector(position: Size | str, size: Size) -> Expr:
    """The unit vector with its one at `position`."""
    return make(unit, (), position, (size,))


def _identity(size: Size) -> Expr:
    return contract((0, 0), [], 1, {0: size})


def weights(node: Expr) -> tuple[Number, ...]:
    """The exponents of a product's operands, or the coefficients of a sum's."""
    weights = node.op.weights
    if not weights:
        return (1,) * len(node.args)
    if weights == "data":
        return (0,) if isinstance(node.data, Dim) else (node.data,)
    if weights in ("matpow", "index sum"):
        return (0,)
    if weights[0].isalpha():
        return (1,) * len(node.args)
    return _numbers(weights)


@cache
def _numbers(text: str) -> tuple[Number, ...]:
    values = [Fraction(part) for part in text.split(",")]
    return tuple(v.numerator if v.denominator == 1 else v for v in values)
