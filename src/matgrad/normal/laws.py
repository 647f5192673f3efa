"""Laws of operators inside a product: pinv(X)*X*pinv(X) = pinv(X), wherever it stands.

Floor 3.  The left side of a law is a product with an operator in it.  Where the operator occurs
the rest of the left side is looked for as a subgraph, and replaced by the right side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from matgrad.core.dims import Size
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.symmetry import group_of

Order = Literal["keeps", "moves", "swaps"]


class Instance(NamedTuple):
    """A law at the operands of one node.

    One that `moves` factors past each other says nothing in a trace; one that `swaps` the ends of
    a symmetric product applies where the lesser end does not come first.
    """

    out: Labels
    factors: tuple[Factor, ...]
    right: Expr
    coefficient: Size
    order: Order


# What the laws say at a node; `normal.lawbook` provides it.
_provider: list[Callable[[Expr], Sequence[Instance]]] = []


def provide_laws(instances: Callable[[Expr], Sequence[Instance]]) -> None:
    """Set where the laws come from (they are compiled by a module above this one)."""
    _provider[:] = [instances]


def apply_law(factors: Factors, out: Labels) -> Change | None:
    """One law that applies in a product, or None."""
    for key, power in factors.items():
        node = key[0]
        if node.op.kind != "primitive" or power != 1 or not _provider:
            continue
        for instance in _provider[0](node):
            change = _applied(instance, factors, out, key)
            if change is not None:
                return change
    return None


def _applied(
    instance: Instance, factors: Factors, out: Labels, key: tuple[Expr, Labels]
) -> Change | None:
    counts = occurrences(factors, out)
    inside = occurrences({(node, row): 1 for node, row, _ in instance.factors}, ())
    for used, mapping in _embeddings(instance, factors, key):
        bound = [label for label in inside if label not in instance.out]
        images = {mapping[label] for label in bound}
        ends = [mapping[label] for label in instance.out]
        if len(images) < len(bound) or images.intersection(ends):
            continue
        if instance.order != "keeps" and len(set(ends)) < len(ends):
            continue
        if instance.order == "swaps" and not _precedes(ends, factors, out, used):
            continue
        if all(counts[mapping[label]] == inside[label] for label in bound):
            added: list[Factor] = [(instance.right, tuple(ends), 1)]
            return Change(used, [], added, list(images), instance.coefficient)
    return None


def _precedes(
    ends: list[int], factors: Factors, out: Labels, used: list[tuple[Expr, Labels]]
) -> bool:
    """Whether what stands at the first of two ends precedes what stands at the second: an output
    before factors, factors by their keys."""
    rest = [key for key in factors if key not in used]

    def rank(label: int) -> tuple[int, list[int]]:
        place = out.index(label) if label in out else len(out)
        return place, sorted(node.key for node, row in rest if label in row)

    return rank(ends[0]) < rank(ends[1])


_State = tuple[list[tuple[Expr, Labels]], dict[int, int], tuple[Factor, ...]]


def _embeddings(
    instance: Instance, factors: Factors, key: tuple[Expr, Labels]
) -> Iterator[tuple[list[tuple[Expr, Labels]], dict[int, int]]]:
    """The ways in which the left side occurs in a product with its operator at `key`."""
    parts = instance.factors
    stack: list[_State] = []
    for k, (node, row, _) in enumerate(parts):
        if node is key[0]:
            stack += _extended(([], {}, parts[:k] + parts[k + 1 :]), row, key)
    while stack:
        state = stack.pop()
        used, mapping, left = state
        if not left:
            yield used, mapping
            continue
        k = next((k for k, part in enumerate(left) if any(x in mapping for x in part[1])), 0)
        node, row, power = left[k]
        rest = (used, mapping, left[:k] + left[k + 1 :])
        for other, found in factors.items():
            if other[0] is node and found == power and other not in used:
                stack += _extended(rest, row, other)


def _extended(state: _State, row: Labels, key: tuple[Expr, Labels]) -> Iterator[_State]:
    """A state with one factor more, in each orientation that its symmetries allow."""
    used, mapping, left = state
    node, labels = key
    images = [labels]
    images += [tuple(labels[k] for k in turn) for turn, sign in group_of(node) if sign == 1]
    for image in images:
        extended = dict(mapping)
        if all(
            extended.setdefault(inner, outer) == outer
            for inner, outer in zip(row, image, strict=True)
        ):
            yield [*used, key], extended, left
