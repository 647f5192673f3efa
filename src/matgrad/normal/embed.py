"""Embeddings: where one product occurs inside another, as a subgraph.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matgrad.core.dims import Number
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import Factors, occurrences
from matgrad.normal.symmetry import group_of

Key = tuple[Expr, Labels]
# What is used of the larger product and how labels map: a way in which a part occurs.
Embedding = tuple[list[Factor], dict[int, int]]
# The same with the parts that are still to be found.
_State = tuple[list[Factor], dict[int, int], tuple[Factor, ...]]


def embeddings(
    parts: Sequence[Factor],
    outputs: Labels,
    factors: Factors,
    counts: Mapping[int, int],
    *,
    at: Key | None = None,
    start: Mapping[int, int] | None = None,
    within: bool = False,
) -> Iterator[Embedding]:
    """The ways in which a product with these parts and outputs occurs among `factors`.

    Its bound labels must be bound there too and occur nowhere else; `counts` says how often
    labels occur there.  `at` is a factor that must be used, `start` says where some labels are.
    With `within`, a power may be part of a larger one: x^2 occurs in x^3.
    """
    inside = occurrences({(node, row): 1 for node, row, _ in parts}, ())
    bound = [label for label in inside if label not in outputs]
    for used, mapping in _found(tuple(parts), factors, at, dict(start or {}), within):
        images = {mapping[label] for label in bound}
        if len(images) < len(bound) or images.intersection(mapping[label] for label in outputs):
            continue
        left = {label for node, row, power in used if factors[node, row] != power for label in row}
        if not left & images and all(counts[mapping[label]] == inside[label] for label in bound):
            yield used, mapping


def _found(
    parts: tuple[Factor, ...],
    factors: Factors,
    at: Key | None,
    start: dict[int, int],
    within: bool,
) -> Iterator[Embedding]:
    stack: list[_State] = []
    if at is None:
        stack.append(([], start, parts))
    else:
        for k, (node, row, power) in enumerate(parts):
            if node is at[0] and _holds(factors[at], power, within):
                rest = parts[:k] + parts[k + 1 :]
                stack += _extended(([], start, rest), row, (*at, power))
    while stack:
        state = stack.pop()
        used, mapping, left = state
        if not left:
            yield used, mapping
            continue
        k = next((k for k, part in enumerate(left) if any(x in mapping for x in part[1])), 0)
        node, row, power = left[k]
        rest_of = (used, mapping, left[:k] + left[k + 1 :])
        taken = {(other, labels) for other, labels, _ in used}
        for other, found in factors.items():
            if other[0] is node and other not in taken and _holds(found, power, within):
                stack += _extended(rest_of, row, (*other, power))


def _holds(power: Number, wanted: Number, within: bool) -> bool:
    """Whether a power is the wanted one, or may be taken apart into it and more of its sign."""
    if power == wanted or not within:
        return power == wanted
    return power > wanted if wanted > 0 else power < wanted


def _extended(state: _State, row: Labels, factor: Factor) -> Iterator[_State]:
    """A state with one factor more, in each orientation that its symmetries allow."""
    used, mapping, left = state
    node, labels, _ = factor
    images = [labels]
    images += [tuple(labels[k] for k in turn) for turn, sign in group_of(node) if sign == 1]
    for image in images:
        extended = dict(mapping)
        if all(
            extended.setdefault(inner, outer) == outer
            for inner, outer in zip(row, image, strict=True)
        ):
            yield [*used, factor], extended, left
