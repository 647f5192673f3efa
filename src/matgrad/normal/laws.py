"""Laws of operators inside a product: pinv(X)*X*pinv(X) = pinv(X), wherever it stands.

Floor 3.  The left side of a law is a product with an operator in it.  Where the operator occurs
the rest of the left side is looked for as a subgraph, and replaced by the right side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from matgrad.catalogue.structure import unit
from matgrad.core.dims import Size
from matgrad.core.expr import SYMBOL, Expr
from matgrad.normal.cancel import cancels
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import FUSE, Change, Factors, occurrences
from matgrad.normal.indices import AFFINE, PLACE
from matgrad.normal.journal import note
from matgrad.normal.masks import MASK, may_be_triangular

Order = Literal["keeps", "moves", "swaps"]


class Instance(NamedTuple):
    """A law at the operands of one node.

    One that `moves` factors past each other says nothing in a trace, and in one with several
    operators that move factors only the first does, or they would go round for ever; one that
    `swaps` the ends of a symmetric product applies where the lesser end does not come first.
    """

    out: Labels
    factors: tuple[Factor, ...]
    right: Expr
    coefficient: Size
    order: Order
    name: str


# What the laws say at a node; `normal.lawbook` provides it.
_provider: list[Callable[[Expr], Sequence[Instance]]] = []
# How a linear operator's image moves in a product; `normal.images` provides it.
_moves: list[Callable[[tuple[Expr, Labels], Factors, Labels], Change | None]] = []

# What triangular matrices leave of a product; `normal.triangles` provides it.
_zeros: list[Callable[[Factors, Labels], Change | None]] = []


def provide_laws(instances: Callable[[Expr], Sequence[Instance]]) -> None:
    """Set where the laws come from (they are compiled by a module above this one)."""
    _provider[:] = [instances]


def provide_moves(moved: Callable[[tuple[Expr, Labels], Factors, Labels], Change | None]) -> None:
    """Set how images move (what builds them is above this module)."""
    _moves[:] = [moved]


def provide_zeros(facing: Callable[[Factors, Labels], Change | None]) -> None:
    """Set what triangles do (what is known of a matrix is above this module)."""
    _zeros[:] = [facing]


# What has laws of its own, by what it is.
_LAWFUL = AFFINE | {FUSE, MASK, PLACE}
_PICKING = _LAWFUL | {unit}


def has_lawful(factors: Factors) -> bool:
    """Whether a factor has laws of its own by what it is, or is a unit vector, which picks."""
    return not _PICKING.isdisjoint([node.op for node, _ in factors])


def are_inert(factors: Factors) -> bool:
    """Whether no factor takes part in a law of what it is, or announces one."""
    for node, _ in factors:
        op = node.op
        if op is SYMBOL and not node.data[1]:
            continue
        if op.adjoint or op in _LAWFUL or cancels(node) or may_be_triangular(node):
            return False
        if _provider and _provider[0](node):
            return False
    return True


def apply_law(factors: Factors, out: Labels) -> Change | None:
    """One law that applies in a product, or None."""
    for key in factors:
        node = key[0]
        for instance in _provider[0](node) if _provider else ():
            change = _applied(instance, factors, out, key)
            if change is not None:
                return change
        if node.op.adjoint and _moves:
            change = _moves[0](key, factors, out)
            if change is not None:
                return change
    return _zeros[0](factors, out) if _zeros else None


def _applied(
    instance: Instance, factors: Factors, out: Labels, key: tuple[Expr, Labels]
) -> Change | None:
    counts = occurrences(factors, out)
    ways = embeddings(instance.factors, instance.out, factors, counts, at=key, within=True)
    for found, mapping in ways:
        used = [(node, row) for node, row, _ in found]
        ends = tuple(mapping[label] for label in instance.out)
        if instance.order != "keeps" and len(set(ends)) < len(ends):
            continue
        if instance.order == "moves" and _goes_round(factors, out, key, used):
            continue
        if instance.order == "swaps" and not _precedes(ends, factors, out, used):
            continue
        consumed = [label for inner, label in mapping.items() if inner not in instance.out]
        spare: list[Factor] = [
            (node, row, factors[node, row] - power)
            for node, row, power in found
            if factors[node, row] != power
        ]
        added: list[Factor] = [(instance.right, ends, 1), *spare]
        note(instance.name)
        return Change(used, [], added, consumed, instance.coefficient)
    return None


def _goes_round(
    factors: Factors, out: Labels, key: tuple[Expr, Labels], used: list[tuple[Expr, Labels]]
) -> bool:
    """Whether a product is closed and has an operator before this one that moves factors, too, or
    nothing but what this one moves: tr(f(A)*A*A)."""
    inside, before = set(key[1]), -1
    while len(inside) > before:
        before = len(inside)
        for _, row in factors:
            if not inside.isdisjoint(row):
                inside.update(row)
    if not inside.isdisjoint(out):
        return False
    moved = {node for node, _ in used}
    if all(node in moved or inside.isdisjoint(row) for node, row in factors):
        return True
    return any(
        node.key < key[0].key and any(one.order == "moves" for one in _provider[0](node))
        for node, row in factors
        if node.op.kind == "primitive" and not inside.isdisjoint(row)
    )


def _precedes(ends: Labels, factors: Factors, out: Labels, used: list[tuple[Expr, Labels]]) -> bool:
    """Whether what stands at the first of two ends precedes what stands at the second: an output
    before factors, factors by their keys."""
    rest = [key for key in factors if key not in used]

    def rank(label: int) -> tuple[int, list[int]]:
        place = out.index(label) if label in out else len(out)
        return place, sorted(node.key for node, row in rest if label in row)

    return rank(ends[0]) < rank(ends[1])
