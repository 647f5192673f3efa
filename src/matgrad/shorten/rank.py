"""Determinants that vanish and inverses that never exist, by bounds on ranks.

Floor 4.
"""

from __future__ import annotations

from matgrad.catalogue.linalg import adj, det, inv
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import Expr, operators, walk
from matgrad.normal.build import instantiate
from matgrad.normal.families import fixed
from matgrad.normal.indices import lead
from matgrad.normal.rank import bound_below, is_deficient
from matgrad.normal.sums import zero


def singular_determinants(root: Expr) -> list[tuple[Expr, Size]]:
    """The matrices under a determinant that are singular by construction, with a bound on
    their rank."""
    found: list[tuple[Expr, Size]] = []
    for node in walk(root):
        if node.op in (det, adj):
            matrix = _operand(node)
            bound = bound_below(matrix)
            found += [(matrix, bound)] if bound is not None else []
    return found


def impossible_inverses(root: Expr) -> list[Expr]:
    """The matrices inverted under `root` that are singular by construction."""
    if inv not in operators(root):
        return []
    return [n.args[0] for n in walk(root) if n.op is inv and is_deficient(_operand(n))]


def without_zero_determinants(root: Expr) -> Expr:
    """`root` with the determinants that a rank bound shows to be zero set to zero."""
    if det not in operators(root):
        return root
    zeros = [n for n in walk(root) if n.op is det and _is_zero_determinant(_operand(n))]
    return instantiate(root, {n: zero(n.shape) for n in zeros}, {}) if zeros else root


def _operand(node: Expr) -> Expr:
    """The matrix that an operator is applied to; of a family one of its members."""
    (matrix,) = node.args
    return fixed(matrix, tuple(("#", size) for size in matrix.shape[: lead(node)]))


def _is_zero_determinant(matrix: Expr) -> bool:
    bound, size = bound_below(matrix), matrix.shape[0]
    always = isinstance(bound, Dim) or not isinstance(size, Dim)
    return bound is not None and always
