"""The names of sizes and integers in an expression, and which of them a sum binds.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.catalogue.indexed import index_sum
from matgrad.core.dims import Size, names_of
from matgrad.core.expr import NUMBER, Expr, walk


def integers_of(node: Expr) -> Iterator[Size]:
    """The integers in a node's data: a number, an exponent, the bounds of a sum."""
    if node.op is NUMBER or node.op.weights in ("matpow", "data"):
        yield node.data
    elif node.op is index_sum:
        yield from node.data[1:]
    elif node.op.weights == "sizes":
        yield from node.data


def free_names(root: Expr) -> frozenset[str]:
    """The names of sizes and integers under `root` that no sum there binds."""
    found: frozenset[str] | None = root.memo.get("free names")
    if found is None:
        for node in walk(root):
            if "free names" not in node.memo:
                inside = frozenset().union(*(arg.memo["free names"] for arg in node.args))
                if node.op is index_sum:
                    inside -= {node.data[0]}
                own = map(names_of, (*node.shape, *integers_of(node)))
                node.memo["free names"] = inside.union(*own)
        found = root.memo["free names"]
    return found


def bound_names(root: Expr) -> set[str]:
    """The indices of the sums under `root`."""
    return {node.data[0] for node in walk(root) if node.op is index_sum}


def open_nodes(root: Expr) -> set[Expr]:
    """The nodes under `root` that mention the index of a sum they stand in."""
    bound = bound_names(root)
    return {node for node in walk(root) if free_names(node) & bound} if bound else set()
