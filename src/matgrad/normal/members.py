"""One member of a family: a normal expression with one of its indices fixed.

Floor 3.  The counterpart of `along`: rules, derivatives and print of what stands along an index
are those of a single member.
"""

from __future__ import annotations

from typing import final

from matgrad.core.along import Along
from matgrad.core.dims import Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import CONTRACTION, SUM, SYMBOL, Expr, walk
from matgrad.normal.build import node as operator_node
from matgrad.normal.canon import Factor
from matgrad.normal.gather import unit_vector
from matgrad.normal.indices import (
    COUNT,
    MEMBER,
    PICK,
    is_affine,
    is_entrywise,
    lead,
    lengths_of,
    member_node,
    positions_of,
    rebuilt,
)
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, numeral

Axes = tuple[int, ...]


def member(root: Expr, axis: int, at: Size | str) -> Expr:
    """`root` at position `at`, counted from 0, of one of its axes, which it then lacks."""
    wanted = _wanted(root, (axis,))
    done: dict[tuple[Expr, Axes], Expr] = {}
    for node in walk(root):
        for axes in wanted.get(node, ()):
            done[node, axes] = _Member(done, node, axes, at).made() if axes else node
    return done[root, (axis,)]


def _wanted(root: Expr, axes: Axes) -> dict[Expr, set[Axes]]:
    """Which axes of which nodes are to be fixed."""
    wanted: dict[Expr, set[Axes]] = {root: {axes}}
    for node in reversed(list(walk(root))):
        for fixed in wanted.get(node, ()):
            if fixed:
                for arg, inner in zip(node.args, _inner(node, fixed), strict=True):
                    wanted.setdefault(arg, set()).add(inner)
    return wanted


def _inner(node: Expr, axes: Axes) -> list[Axes]:
    """The axes of a node's operands that are fixed with its own."""
    if node.op is CONTRACTION:
        out, rows, _ = node.data
        labels = {out[axis] for axis in axes}
        return [tuple(k for k, label in enumerate(row) if label in labels) for row in rows]
    if is_affine(node):
        own = len(node.data[1])
        inner = tuple(axis - own for axis in axes if axis >= own)
        return [inner for _ in node.args]
    opens = node.op is SUM or (node.op is not MEMBER and _opens(node, axes))
    return [axes if opens else () for _ in node.args]


def _opens(node: Expr, axes: Axes) -> bool:
    """Whether fixing these axes of a node that is no sum and no product means to fix some of its
    operands, or of its own indices; of others unit vectors pick the entries."""
    if node.op is SYMBOL or node.op is MEMBER:
        return max(axes) < positions_of(node).count(None)
    if is_affine(node):
        return node.op is not PICK or max(axes) < len(node.data[1])
    return is_entrywise(node) or max(axes) < lead(node)


@final
class _Member:
    """One node at one choice of axes; `done` has its operands."""

    def __init__(
        self, done: dict[tuple[Expr, Axes], Expr], node: Expr, axes: Axes, at: Size | str
    ) -> None:
        self.node = node
        self.axes = axes
        self.at = at
        self.args = [
            done[arg, inner] for arg, inner in zip(node.args, _inner(node, axes), strict=True)
        ]
        self.shape = tuple(size for k, size in enumerate(node.shape) if k not in axes)

    def made(self) -> Expr:
        node = self.node
        if node.op is SUM:
            return combine(list(zip(node.data, self.args, strict=True)), self.shape)
        if node.op is CONTRACTION:
            return self.product()
        if not _opens(node, self.axes):
            return self.picked()
        if is_affine(node):
            return self.affine()
        if node.op in (SYMBOL, MEMBER):
            return self.member()
        if is_entrywise(node):
            return operator_node(node.op, tuple(self.args), node.data, self.shape)
        return self.operator()

    def product(self) -> Expr:
        out, rows, powers = self.node.data
        fixed = {out[axis] for axis in self.axes}
        factors: list[Factor] = []
        for arg, row, power in zip(self.args, rows, powers, strict=True):
            factors.append((arg, tuple(label for label in row if label not in fixed), power))
        left = tuple(label for k, label in enumerate(out) if k not in self.axes)
        # An output that an identity ties to a fixed one: a unit vector.
        tied = {label for label in left if label in fixed}
        sizes = dict(zip(out, self.node.shape, strict=True))
        factors += ((unit_vector(self.at, sizes[label]), (label,), 1) for label in tied)
        return contract(left, factors, 1, {label: sizes[label] for label in left})

    def affine(self) -> Expr:
        node = self.node
        start, steps = node.data
        own = [axis for axis in self.axes if axis < len(steps)]
        if own and isinstance(self.at, str):
            raise NoRule(f"a function of the integer {self.at} has no rule at a named position")
        for axis in own:
            start = start + steps[axis] * self.at
        left = [axis for axis in range(len(steps)) if axis not in own]
        data = start, tuple(steps[axis] for axis in left)
        lengths = tuple(lengths_of(node)[axis] for axis in left)
        if left or not node.args:
            if not left and node.op is COUNT:
                return numeral(start)
            if not left and node.op is PICK:
                return unit_vector(start, node.shape[-1])
            return rebuilt(node, data, lengths, tuple(self.args))
        return operator_node(node.op, tuple(self.args), data, self.shape)

    def member(self) -> Expr:
        node = self.node
        slots = list(positions_of(node))
        free = [k for k, position in enumerate(slots) if position is None]
        for axis in self.axes:
            slots[free[axis]] = self.at
        return member_node(node.args[0] if node.op is MEMBER else node, tuple(slots))

    def operator(self) -> Expr:
        node = self.node
        data = node.data
        if isinstance(data, Along):
            rest = data.lead - len(self.axes)
            data = Along(rest, data.inner) if rest else data.inner
        return operator_node(node.op, tuple(self.args), data, self.shape)

    def picked(self) -> Expr:
        """An array whose axis is no index: unit vectors pick the entries."""
        node = self.node
        axes = tuple(range(node.order))
        left = tuple(axis for axis in axes if axis not in self.axes)
        units: list[Factor] = [
            (unit_vector(self.at, node.shape[axis]), (axis,), 1) for axis in self.axes
        ]
        return contract(left, [(node, axes, 1), *units])
