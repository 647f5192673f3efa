"""Rank bounds: how large the rank of a matrix can be, by its narrowest cut.

Floor 3.
"""

from __future__ import annotations

from matgrad.core.dims import Dim, Size, is_nonnegative
from matgrad.core.expr import CONTRACTION, SUM, Expr


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


def bound_below(node: Expr) -> Size | None:
    """A bound on the rank of a square matrix that is smaller than its size, where that is a name
    for every large enough one; None where nothing says so."""
    size = node.shape[0]
    bounds = [bound for bound in rank_bounds(node) if bound != size]
    numbers = [bound for bound in bounds if not isinstance(bound, Dim)]
    if numbers and (isinstance(size, Dim) or min(numbers) < size):
        return min(numbers)
    return next((bound for bound in bounds if is_nonnegative(size - bound - 1)), None)


def is_deficient(node: Expr) -> bool:
    """Whether a square matrix is singular by construction, for every large enough size."""
    return bound_below(node) is not None


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
