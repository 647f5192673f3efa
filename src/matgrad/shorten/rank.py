"""Rank bounds: how large the rank of a matrix can be, by its narrowest cut.

Floor 4.
"""

from __future__ import annotations

from matgrad.catalogue.linalg import adj, det, inv
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr, walk
from matgrad.normal.build import instantiate
from matgrad.normal.sums import zero


def rank_bounds(node: Expr) -> list[Size]:
    """Sizes none of which the rank of a matrix can exceed."""
    bounds: list[Size] = list(node.shape)
    if node.op is SUM and len(node.args) == 1:
        return rank_bounds(node.args[0])
    if node.op is SUM:
        total: Size = 0
        for arg in node.args:
            numbers = [b for b in rank_bounds(arg) if not isinstance(b, Dim)]
            if not numbers:
                return bounds
            total = total + min(numbers)
        return [*bounds, total]
    if node.op is CONTRACTION:
        bounds += _cuts(node)
    return bounds


def is_deficient(node: Expr) -> bool:
    """Whether a square matrix is singular by construction, for every large enough size."""
    size = node.shape[0]
    for bound in rank_bounds(node):
        if isinstance(bound, Dim):
            continue
        if isinstance(size, Dim) or bound < size:
            return True
    return False


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


def _cuts(node: Expr) -> list[Size]:
    """The sizes of bound labels that separate the two outputs; 1 when nothing joins them."""
    out, rows, _ = node.data
    if len(set(out)) < 2:
        return []
    sizes: dict[int, Size] = {}
    for arg, row in zip(node.args, rows, strict=True):
        sizes.update(zip(row, arg.shape, strict=True))
    if not _joined(rows, out[0], out[1], None):
        return [1]
    return [
        size
        for label, size in sizes.items()
        if label not in out and not _joined(rows, out[0], out[1], label)
    ]


def _joined(rows: tuple[tuple[int, ...], ...], start: int, goal: int, cut: int | None) -> bool:
    reached, todo = {start}, [start]
    while todo:
        label = todo.pop()
        for row in rows:
            if label in row:
                for other in row:
                    if other not in reached and other != cut:
                        reached.add(other)
                        todo.append(other)
    return goal in reached
