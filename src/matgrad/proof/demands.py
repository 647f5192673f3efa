"""What a claim asks of the sizes it is checked at.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from math import prod
from typing import NamedTuple, final

from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.structure import einsum
from matgrad.core.dims import Dim, Shape, Size, names_of, sign_at_large
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import APPLY, CONTRACTION, NUMBER, Expr
from matgrad.core.signature import choose
from matgrad.notation.bound import integers_of
from matgrad.proof.arrays import Flat
from matgrad.proof.point import Point

Position = tuple[str | Size, ...]


@final
class Target(NamedTuple):
    """A symbol to differentiate by, or one part of it, at positions of its first axes."""

    name: str
    shape: Shape
    at: Position
    complex: bool = False
    conjugate: bool = False

    @property
    def own(self) -> Shape:
        """The shape of what is differentiated by."""
        return self.shape[len(self.at) :]

    def placed(self, direction: Flat, point: Point) -> Flat:
        """A direction in a part of a symbol as one in the whole symbol."""
        if not self.at:
            return direction
        shape = point.shape(self.shape)
        start, count = 0, len(direction)
        for position, size in zip(self.at, shape, strict=False):
            start = start * size + point.position(position, size)
        whole = [point.ring.number(0)] * prod(shape)
        whole[start * count : (start + 1) * count] = direction
        return whole


def equal_sizes(nodes: Iterable[Expr]) -> list[tuple[Size, Size]]:
    """Different sizes that stand on one axis of an operator: the reader stated their equality
    as a condition, because it could not solve it."""
    found: dict[tuple[Size, Size], None] = {}
    for node in nodes:
        sizes: dict[Hashable, Size] = {}
        for axis, size in _axes(node):
            whole = size
            if not isinstance(axis, tuple):
                whole = sizes.setdefault(axis, size)
            elif sizes.keys() >= {*axis}:
                whole = prod((sizes[part] for part in axis), start=Fraction(1))
            if whole != size:
                found[whole, size] = None
    return list(found)


def _axes(node: Expr) -> Iterator[tuple[Hashable, Size]]:
    """The axes of an operator's result and operands, each with its size; a tuple is an axis
    made of others."""
    rows: Iterable[Iterable[Hashable]]
    if node.op is CONTRACTION:
        rows = (node.data[0], *node.data[1])
    elif node.op is einsum:
        inputs, output = node.data.replace(" ", "").split("->")
        rows = (output, *inputs.split(","))
    elif node.args and node.op.kind in ("contraction", "primitive", "composed"):
        try:
            rule = choose(node.op, tuple(arg.order for arg in node.args))
        except ShapeProblem:
            return  # an operator whose data say what its axes are
        rows = (rule.output.axes, *(spec.axes for spec in rule.inputs))
    else:
        return
    for row, array in zip(rows, (node, *node.args), strict=False):
        yield from zip(row, array.shape, strict=False)


def shapes_of(
    nodes: Iterable[Expr], targets: Iterable[Target], free: frozenset[str]
) -> tuple[list[Shape], frozenset[str]]:
    """Every shape that occurs, and the names of integers that are no axis.  A size used as a number
    counts, too; an exponent is at least 0, and a sum over an index has a term."""
    shapes: dict[Shape, None] = {}
    integers: dict[Size, None] = {}
    for node in nodes:
        if node.shape not in shapes and all(names_of(size) <= free for size in node.shape):
            shapes[node.shape] = None
        if node.op is APPLY:
            shapes[node.data[0].value] = None
        elif node.op is index_sum:
            _, first, last = node.data
            integers[last - first] = None
        elif node.op is not NUMBER:
            integers.update((e, None) for e in integers_of(node) if isinstance(e, Dim))
    shapes.update((target.shape, None) for target in targets)
    axes = {name for shape in shapes for size in shape for name in names_of(size)}
    loose = {name for size in integers for name in names_of(size) & free} - axes
    for name in sorted(free):
        shapes[Dim(name) + (name in loose),] = None
    for size in integers:
        if names_of(size) <= free and sign_at_large(size) > 0:
            shapes[size + 1,] = None
    return list(shapes), frozenset(loose)


def positions_of(
    nodes: Iterable[Expr], targets: Iterable[Target]
) -> Iterator[tuple[str | Size, Size]]:
    """Every position of an entry, a number or a name, with the axis it is on."""
    for node in nodes:
        weights = node.op.weights
        if weights == "index":
            yield node.data, node.shape[0]
        elif weights == "entry":
            yield from zip(node.data, node.args[0].shape, strict=False)
        elif weights == "component":
            yield from zip(node.data, node.args[0].shape[-len(node.data) :], strict=True)
    for target in targets:
        yield from zip(target.at, target.shape, strict=False)


def rooms_of(nodes: Iterable[Expr]) -> Iterator[Size]:
    """What is left of an axis before and after the part taken from it: it is not negative."""
    for node in nodes:
        if node.op.weights == "part":
            for begin, length, size in zip(node.data, node.shape, node.args[0].shape, strict=True):
                if begin is not None:
                    yield begin
                    yield size - begin - length
