"""A mend as one would write it: numbers in front of products, nothing transposed twice.

Floor 4.
"""

from __future__ import annotations

from fractions import Fraction

from matgrad.catalogue import algebra, structure
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import NUMBER, Expr, make, walk
from matgrad.normal.surface import turn, weigh


def tidied(root: Expr) -> Expr:
    """An equal surface expression whose products have one number, in front."""
    found: dict[Expr, tuple[Size, Expr]] = {}
    for node in walk(root):
        found[node] = _taken_out(node, [found[arg] for arg in node.args])
    return weigh(*found[root])


def _taken_out(node: Expr, parts: list[tuple[Size, Expr]]) -> tuple[Size, Expr]:
    """The number in a product and the rest."""
    op, args = node.op, node.args
    if op is algebra.neg:
        return -1 * parts[0][0], parts[0][1]
    if op is algebra.scale and args[0].op is NUMBER:
        return args[0].data * parts[1][0], parts[1][1]
    if op is algebra.divide and args[1].op is NUMBER and not isinstance(args[1].data, Dim):
        return parts[0][0] * Fraction(1, args[1].data), parts[0][1]
    whole: Size = 1
    if op.kind == "contraction" and args and not op.weights:
        cores = tuple(core for _, core in parts)
        for factor, _ in parts:
            whole = whole * factor
    else:
        cores = tuple(weigh(*part) for part in parts)
    if op is structure.transpose:
        return whole, turn(cores[0])
    return whole, node if cores == args else make(op, cores, node.data, node.shape)
