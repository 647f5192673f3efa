"""Determinants that vanish and inverses that never exist, by bounds on ranks.

Floor 4.
"""

from __future__ import annotations

from matgrad.catalogue.linalg import adj, det, inv
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import Expr, walk
from matgrad.normal.build import instantiate
from matgrad.normal.rank import is_deficient, rank_bounds
from matgrad.normal.sums import zero


def singular_determinants(root: Expr) -> list[tuple[Expr, Size]]:
    """The matrices under a determinant that are singular by construction, with a bound on
    their rank."""
    found: list[tuple[Expr, Size]] = []
    for node in walk(root):
        if node.op in (det, adj) and is_deficient(node.args[0]):
            numbers = [b for b in rank_bounds(node.args[0]) if not isinstance(b, Dim)]
            found.append((node.args[0], min(numbers)))
    return found


def impossible_inverses(root: Expr) -> list[Expr]:
    """The matrices inverted under `root` that are singular by construction."""
    return [n.args[0] for n in walk(root) if n.op is inv and is_deficient(n.args[0])]


def without_zero_determinants(root: Expr) -> Expr:
    """`root` with the determinants that a rank bound shows to be zero set to zero."""
    zeros = [n for n in walk(root) if n.op is det and _is_zero_determinant(n.args[0])]
    return instantiate(root, dict.fromkeys(zeros, zero(())), {}) if zeros else root


def _is_zero_determinant(matrix: Expr) -> bool:
    size = matrix.shape[0]
    return not isinstance(size, Dim) and is_deficient(matrix)
