"""What a claim asks of the sizes it is checked at.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import final

from matgrad.core.dims import Dim, Shape, Size, names_of
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import APPLY, NUMBER, Expr
from matgrad.core.signature import choose

Position = tuple[int | str, ...]


@final
@dataclass(frozen=True, slots=True)
class Target:
    """A symbol to differentiate by, or one of its entries."""

    name: str
    shape: Shape
    entry: Position | None
    complex: bool = False
    conjugate: bool = False


def equal_sizes(nodes: Iterable[Expr]) -> list[tuple[Size, Size]]:
    """Different sizes that stand on one axis of an operator: the reader stated their equality
    as a condition, because it could not solve it."""
    found: dict[tuple[Size, Size], None] = {}
    for node in nodes:
        if not node.args or node.op.kind not in ("contraction", "primitive", "composed"):
            continue
        try:
            rule = choose(node.op, tuple(arg.order for arg in node.args))
        except ShapeProblem:
            continue  # an operator whose data say what its axes are
        sizes: dict[str, Size] = {}
        for spec, arg in zip(rule.inputs, node.args, strict=True):
            for axis, size in zip(spec.axes, arg.shape, strict=False):
                if isinstance(axis, str) and sizes.setdefault(axis, size) != size:
                    found[sizes[axis], size] = None
    return list(found)


def shapes_of(nodes: Iterable[Expr], targets: Iterable[Target]) -> list[Shape]:
    """Every shape that occurs; a size used as a number counts, too."""
    shapes: dict[Shape, None] = {}
    for node in nodes:
        shapes[node.shape] = None
        if node.op is NUMBER:
            shapes.update(((Dim(name),), None) for name in sorted(names_of(node.data)))
        elif node.op is APPLY:
            shapes[node.data[0].value] = None
    shapes.update((target.shape, None) for target in targets)
    return list(shapes)


def positions_of(
    nodes: Iterable[Expr], targets: Iterable[Target]
) -> Iterator[tuple[int | str, Size]]:
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
        yield from zip(target.entry or (), target.shape, strict=False)
