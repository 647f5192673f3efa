"""Disagreements between parts of a text that each make sense: what the reader says of them.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.dims import Shape
from matgrad.core.errors import AmbiguityProblem, ShapeProblem
from matgrad.core.expr import shape_text
from matgrad.notation import kinds as k
from matgrad.notation.kinds import Kind
from matgrad.notation.tree import Node

KIND_NAMES = {k.SCALAR: "a scalar", k.COLUMN: "a vector", k.MATRIX: "a matrix"}


def two_readings(tie: Sequence[tuple[str, Kind, Kind]], nodes: Sequence[Node]) -> AmbiguityProblem:
    """The question which of two equally good readings of some names is meant."""
    readings = [
        " and ".join(f"{name} {KIND_NAMES[kinds[which]]}" for name, *kinds in tie)
        for which in (0, 1)
    ]
    first = next(node for node in nodes if node.head == "name" and node.name == tie[0][0])
    return AmbiguityProblem(
        f"two readings are equally good: {readings[0]}; or {readings[1]}",
        text=first.text,
        span=first.span,
        hint=f"declare one of them, for instance `{tie[0][0]}: scalar`",
    )


def other_arguments(
    name: str, declared: Sequence[Shape], used: Sequence[Shape], nodes: Sequence[Node]
) -> ShapeProblem:
    """The error for a function that is declared with arguments of other shapes than it is
    applied to."""
    shapes = [", ".join(map(shape_text, group)) for group in (declared, used)]
    place = next(node for node in nodes if node.head == "call" and node.name == name)
    return ShapeProblem(
        f"{name} is declared with ({shapes[0]}) and applied to ({shapes[1]})",
        text=place.text,
        span=place.span,
    )
