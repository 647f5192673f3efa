"""Sums of squares: is a scalar product the square of something, x'*A'*A*x of A*x?

Floor 3.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import combinations
from typing import TYPE_CHECKING

from matgrad.catalogue import norms
from matgrad.core.complexes import is_complex
from matgrad.core.expr import CONTRACTION, Expr, Op
from matgrad.normal.build import conjugate
from matgrad.normal.canon import Factor
from matgrad.normal.networks import networks
from matgrad.normal.product import contract
from matgrad.normal.sums import split

if TYPE_CHECKING:
    from matgrad.normal.graph import Graph

# Products with more factors than this are not searched.
_LIMIT = 16


def norm_by(order: int) -> Op:
    """The norm that is the root of a sum of squares, by the order of its operand."""
    return norms.norm2 if order == 1 else norms.norm_frobenius


def norm_of(node: Expr, available: Container[Op]) -> tuple[Op, Expr] | None:
    """The norm among those `available` whose square a scalar product is, and what of."""
    if norms.norm2 not in available and norms.norm_frobenius not in available:
        return None
    root = square_root(node)
    if root is None or not root.order or (op := norm_by(root.order)) not in available:
        return None
    return op, root


def squares_of_norms(graph: Graph, factors: list[Factor]) -> list[Factor]:
    """Enter the squares of norms of matrices that parts of a product are, if the input speaks of
    them; what is left."""
    if norms.norm_frobenius not in graph.lifter.available:
        return factors
    powers = {(node, row): power for node, row, power in factors}
    if len(powers) < len(factors):
        return factors
    for part in networks(powers, graph.out):
        norm = graph.lifter.norm(contract((), [(*key, powers[key]) for key in part]))
        if norm is not None and norm.op is norms.norm_frobenius:
            graph.scalars.append((norm, 2))
            for key in part:
                del powers[key]
    return [(*key, power) for key, power in powers.items()]


def square_root(node: Expr) -> Expr | None:
    """The array whose entries' squares a scalar product sums, if it is one; of complex
    entries, those of their absolute values."""
    if node.op is not CONTRACTION or node.shape or not node.args or len(node.args) > _LIMIT:
        return None
    _, rows, powers = node.data
    if len(rows) == 1:
        simple = powers[0] == 2 and len(set(rows[0])) == len(rows[0]) and not is_complex(node)
        return node.args[0] if simple else None
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    shared = sorted({label for row in rows for label in row})
    for count in (1, 2):
        for cut in combinations(shared, count):
            half = _half(factors, cut)
            if half is not None:
                return half
    return None


def modulus(node: Expr) -> Expr | None:
    """What a product multiplies, entry by entry, with its conjugate."""
    if node.op is not CONTRACTION or len(node.args) != 2 or not is_complex(node):
        return None
    out, rows, powers = node.data
    first, second = node.args
    same = rows == (out, out) and powers == (1, 1) and conjugate(first) is second
    return (second if first.op.kind == "conjugate" else first) if same else None


def _half(factors: list[Factor], cut: tuple[int, ...]) -> Expr | None:
    """One of the two equal parts into which removing labels divides a product."""
    left, reached = [factors[0]], set(factors[0][1]) - set(cut)
    while more := [f for f in factors if f not in left and set(f[1]) & reached]:
        left += more
        reached.update(label for f in more for label in f[1] if label not in cut)
    right = [f for f in factors if f not in left]
    if len(left) != len(right):
        return None
    if any(sum(f[1].count(label) for f in side) != 1 for side in (left, right) for label in cut):
        return None
    one, other = contract(cut, left), contract(cut, right)
    if is_complex(one):
        other = conjugate(other)
    return one if one is other and split(one)[1] is one else None
