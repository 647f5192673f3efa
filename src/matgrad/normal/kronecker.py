"""Kronecker products: contractions of two outputs, each a joined axis, whose parts meet pairwise.

Floor 3.
"""

from __future__ import annotations

from matgrad.core.expr import CONTRACTION, Expr
from matgrad.normal.canon import Factor
from matgrad.normal.fusion import FUSE
from matgrad.normal.product import contract


def kronecker_parts(node: Expr) -> list[Expr] | None:
    """The factors A and B of kron(A, B), or None for what is none."""
    if node.op is not CONTRACTION or len(set(node.data[0])) != 2:
        return None
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    joined = {row[0]: row[1:] for part, row, _ in factors if part.op is FUSE and len(row) == 3}
    if set(joined) != set(out) or len(joined) < len([f for f in factors if f[0].op is FUSE]):
        return None
    rest = [factor for factor in factors if factor[0].op is not FUSE]
    blocks = []
    for left, right in zip(joined[out[0]], joined[out[1]], strict=True):
        blocks.append([f for f in rest if set(f[1]) & reached(rest, left, right)])
        if left == right:
            return None
    if any(f in blocks[1] for f in blocks[0]) or len(blocks[0]) + len(blocks[1]) != len(rest):
        return None
    sizes = {x: size for part, row, _ in factors for x, size in zip(row, part.shape, strict=True)}
    return [
        contract((left, right), block, 1, {left: sizes[left], right: sizes[right]})
        for left, right, block in zip(joined[out[0]], joined[out[1]], blocks, strict=True)
    ]


def reached(factors: list[Factor], *start: int) -> set[int]:
    """The labels joined to `start` through factors."""
    found = set(start)
    while more := {x for _, row, _ in factors if set(row) & found for x in row} - found:
        found |= more
    return found
