"""A bound index becomes a label: the family of all values that an expression takes along it.

Floor 3.  Where an expression mentions the integer r, in a coefficient or an exponent, its family
has one more axis in front, along which r runs; `members` fixes that axis again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from matgrad.core.along import Along
from matgrad.core.dims import Dim, Shape, Size, coefficients, divide, names_of, sign_at_large
from matgrad.core.errors import NoRule, ShapeProblem
from matgrad.core.expr import APPLY, CONTRACTION, SUM, Expr, Op, make, walk
from matgrad.normal.build import node as operator_node
from matgrad.normal.canon import Factor
from matgrad.normal.indices import (
    MEMBER,
    PICK,
    PLACE,
    count_node,
    index_axes,
    is_affine,
    is_entrywise,
    lengths_of,
    member_node,
    names_in,
    rebuilt,
    within_node,
)
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.normal.symmetry import permute


def along(root: Expr, index: str, first: Size, count: Size) -> Expr:
    """The family of `root` for index = first, first + 1, … : `count` of them along a new leading
    axis.  Without that axis where `root` does not mention the index.

    Raises NoRule for an index in a place where it has no rule.
    """
    if index not in names_in(root):
        return root
    span = _Span(index, first, count)
    if any(index in names_of(size) for size in root.shape):
        raise span.refusal()
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        if index in names_in(node):
            done[node] = span.family(node, [done[arg] for arg in node.args])
        else:
            done[node] = node
    return done[root]


@final
class _Span:
    """One index and its range."""

    def __init__(self, index: str, first: Size, count: Size) -> None:
        self.index = index
        self.first = first
        self.count = count

    def family(self, node: Expr, args: Sequence[Expr]) -> Expr:
        """The family of a node that mentions the index, from those of its operands."""
        for axis, size in enumerate(node.shape):
            if self.index in names_of(size) and axis not in index_axes(node):
                raise self.refusal()
        if node.op is SUM:
            return self.sum(node, args)
        if node.op is CONTRACTION:
            return self.product(node, args)
        if is_affine(node):
            return self.affine(node, args)
        if node.op is MEMBER or node.op.weights == "index":
            return self.selected(node)
        if is_entrywise(node):
            return operator_node(node.op, tuple(args), node.data, args[0].shape)
        if node.args and node.op.kind in ("primitive", "structural"):
            return self.operator(node, args)
        name = "a slice" if node.op is PLACE else node.op.name
        raise NoRule(f"{name} has no rule along the index {self.index} of a sum")

    def refusal(self) -> ShapeProblem:
        return ShapeProblem(f"the index {self.index} of a sum cannot be the size of an array")

    def longest(self, shape: Shape) -> Shape:
        """A shape in which the length of an inner index, where it depends on this one, is the
        greatest: the range of the inner index is a bound on it."""
        last = self.first + self.count - 1
        grown = []
        for size in shape:
            powers = coefficients(size, self.index)
            if powers.keys() <= {0}:
                grown.append(size)
            elif powers.keys() <= {0, 1}:
                end = last if sign_at_large(powers[1]) > 0 else self.first
                grown.append(powers.get(0, 0) + powers[1] * end)
            else:
                raise self.refusal()
        return tuple(grown)

    def bounds(self, node: Expr, new: int) -> list[Factor]:
        """What holds the bound labels of a product within the range they have at each index."""
        out, rows, _ = node.data
        lengths = {
            label: size
            for factor, row in zip(node.args, rows, strict=True)
            for label, size in zip(row, factor.shape, strict=True)
            if label not in out and self.index in names_of(size)
        }
        found: list[Factor] = []
        for label, size in lengths.items():
            powers = coefficients(size, self.index)
            limit = powers.get(0, 0) + powers[1] * self.first - 1
            spans = (self.count, *self.longest((size,)))
            found.append((within_node((limit, (powers[1], -1)), spans), (new, label), 1))
        return found

    def moves(self, old: Expr, new: Expr) -> bool:
        """Whether an operand got the new axis."""
        return new.order > old.order

    def sum(self, node: Expr, args: Sequence[Expr]) -> Expr:
        shape = (self.count, *self.longest(node.shape))
        axes = tuple(range(1, len(shape)))
        terms = []
        for coefficient, old, new in zip(node.data, node.args, args, strict=True):
            row = (0, *axes) if self.moves(old, new) else axes
            for scale, factors in self.numbers(coefficient):
                family = contract((0, *axes), [(new, row, 1), *factors], scale, _sizes(shape))
                terms.append((1, family))
        return combine(terms, shape)

    def numbers(self, coefficient: Size) -> list[tuple[Size, list[Factor]]]:
        """A coefficient as terms: what does not mention the index, and the factors that do."""
        powers = coefficients(coefficient, self.index)
        if powers.keys() <= {0}:
            return [(coefficient, [])]
        if powers.keys() <= {0, 1}:
            start = divide(powers.get(0, 0), powers[1])
            if start is not None:
                number = count_node((start + self.first, (1,)), (self.count,))
                return [(powers[1], [(number, (0,), 1)])]
        number = count_node((self.first, (1,)), (self.count,))
        return [(c, [(number, (0,), power)] if power else []) for power, c in powers.items()]

    def product(self, node: Expr, args: Sequence[Expr]) -> Expr:
        out, rows, powers = node.data
        new = 1 + max((label for row in (out, *rows) for label in row), default=-1)
        factors: list[Factor] = [
            (arg, (new, *row) if self.moves(old, arg) else row, power)
            for old, arg, row, power in zip(node.args, args, rows, powers, strict=True)
        ]
        factors += self.bounds(node, new)
        sizes = dict(zip((new, *out), (self.count, *self.longest(node.shape)), strict=True))
        return contract((new, *out), factors, 1, sizes)

    def affine(self, node: Expr, args: Sequence[Expr]) -> Expr:
        start, steps = node.data
        powers = coefficients(start, self.index)
        if any(self.index in names_of(step) for step in steps) or not powers.keys() <= {0, 1}:
            raise NoRule(
                f"an exponent with products of indices ({self.index} is one) has no rule",
                hint="exponents are sums of indices, such as k - 1 - r",
            )
        lengths, step = self.longest(lengths_of(node)), powers.get(1, 0)
        data = (powers.get(0, 0) + step * self.first, steps)
        own = len(steps)
        if step != 0:
            data, lengths = (data[0], (step, *steps)), (self.count, *lengths)
        moves = bool(args) and self.moves(node.args[0], args[0])
        family = rebuilt(node, data, lengths, tuple(args))
        if not moves:
            return family
        # The operand's axis for the index stands behind the node's own indices.
        axes = tuple(range(1, 1 + node.order))
        row = (*axes[:own], 0, *axes[own:])
        row = (0, *row) if step != 0 else row
        return contract((0, *axes), [(family, row, 1)])

    def selected(self, node: Expr) -> Expr:
        """A member of a family, or a unit vector, at a position that mentions the index."""
        if node.op is not MEMBER:
            return self.pick(node.data, node.shape[0])
        (family,) = node.args
        slots = node.data
        moved = [k for k, at in enumerate(slots) if isinstance(at, Dim) and self.index in at.names]
        left = tuple(None if k in moved else at for k, at in enumerate(slots))
        inner = member_node(family, left)
        open_slots = [k for k, at in enumerate(left) if at is None]
        # The index first, then the open indices of the member, then its axes.
        labels = {k: 1 + place for place, k in enumerate(k for k in open_slots if k not in moved)}
        axes = tuple(range(1, 1 + node.order))
        bound = {k: 1 + node.order + place for place, k in enumerate(moved)}
        row = (*((labels | bound)[k] for k in open_slots), *axes[len(labels) :])
        factors: list[Factor] = [(inner, row, 1)]
        for k in moved:
            factors.append((self.pick(slots[k], family.shape[k]), (0, bound[k]), 1))
        return contract((0, *axes), factors, 1, {0: self.count})

    def pick(self, position: Dim, size: Size) -> Expr:
        """The unit vectors at a position for each value of the index."""
        powers = coefficients(position, self.index)
        if not powers.keys() <= {0, 1}:
            raise NoRule(f"a position that is not linear in the index {self.index} has no rule")
        data = powers.get(0, 0) + powers[1] * self.first, (powers[1],)
        return contract((0, 1), [(make(PICK, (), data, (self.count, size)), (0, 1), 1)])

    def operator(self, node: Expr, args: Sequence[Expr]) -> Expr:
        """An operator applied along the index; operands that stay the same are repeated."""
        full = tuple(self.repeated(old, new) for old, new in zip(node.args, args, strict=True))
        shape = (self.count, *node.shape)
        if node.op is APPLY:
            return make(APPLY, full, node.data, shape)
        known = node.data
        data = Along(known.lead + 1, known.inner) if isinstance(known, Along) else Along(1, known)
        matrices = len(full) == 1 and full[0].order == data.lead + 2
        if matrices and node.op.transpose in ("invariant", "equivariant"):
            return _faced(node.op, full[0], data, shape)
        return make(node.op, full, data, shape)

    def repeated(self, old: Expr, new: Expr) -> Expr:
        if self.moves(old, new):
            return new
        shape = (self.count, *new.shape)
        axes = tuple(range(len(shape)))
        return contract(axes, [(new, axes[1:], 1)], 1, _sizes(shape))


def _faced(op: Op, family: Expr, data: Along, shape: Shape) -> Expr:
    """An operator along indices, of the matrices or of their transposes, whichever have the lesser
    key: the members' own keys are about the name of the index."""
    *head, row, column = range(family.order)
    swap = (*head, column, row)
    other = permute(family, swap)
    if split(other)[1].key >= split(family)[1].key:
        return make(op, (family,), data, shape)
    if op.transpose == "invariant":
        return make(op, (other,), data, shape)
    turned = (*shape[:-2], shape[-1], shape[-2])
    return permute(make(op, (other,), data, turned), swap)


def _sizes(shape: Shape) -> dict[int, Size]:
    return dict(enumerate(shape))
