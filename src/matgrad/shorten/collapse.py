"""Sums over an axis in which terms vanish when they are added up one by one.

Floor 4.  Each column of X - ones(m)*mean(X, 1) adds up to zero, which shows when the columns of
both terms are added up apart.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matgrad.core.expr import CONTRACTION, SUM, Expr, operators, walk
from matgrad.normal.build import rebuilt
from matgrad.normal.canon import Factor
from matgrad.normal.fusion import occurrences
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.shorten.complete import PIECES, completed

# Sums inside sums are taken apart this deep.
DEPTH = 3


def collapsed(root: Expr) -> Expr:
    """An expression with the sums of sums taken apart that then have fewer terms."""
    if SUM not in operators(root):
        return root
    if not operators(root).isdisjoint(PIECES):
        root = _everywhere(root, completed)
    if not any([node.op is CONTRACTION and _pendants(node) for node in walk(root)]):
        return root
    return _everywhere(root, partial(_reduced, depth=DEPTH))


def _everywhere(root: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """An expression with all its nodes changed, the operands first."""
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = change(rebuilt(node, tuple([done[arg] for arg in node.args])))
    return done[root]


def _reduced(node: Expr, depth: int) -> Expr:
    """A product with its sums taken apart until nothing collapses."""
    coefficient, inner = split(node)
    while inner.op is CONTRACTION and depth:
        less = _collapsed(inner, depth - 1)
        if less is None:
            break
        factor, inner = split(less)
        coefficient = coefficient * factor
    return combine([(coefficient, inner)], node.shape)


def _pendants(node: Expr) -> list[tuple[Factor, set[int]]]:
    """The sums among the factors of a product that are added up over labels of their own."""
    out, rows, powers = node.data
    sums = [
        f
        for f in zip(node.args, rows, powers, strict=True)
        if f[0].op is SUM and f[2] == 1 and f[1]
    ]
    if not sums:
        return []
    counts = occurrences(dict.fromkeys(zip(node.args, rows, strict=True), 1), out)
    found = [(f, {label for label in f[1] if counts[label] == 1}) for f in sums]
    return [(factor, labels) for factor, labels in found if labels]


def _collapsed(node: Expr, depth: int) -> Expr | None:
    """A product in which one sum is added up term by term."""
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    for factor, labels in _pendants(node):
        total, row, _ = factor
        kept = tuple(label for label in row if label not in labels)
        terms = zip(total.data, total.args, strict=True)
        parts = [(c, _reduced(contract(kept, [(term, row, 1)]), depth)) for c, term in terms]
        added = combine(parts, parts[0][1].shape)
        if len(split(added)[1].args) < len(total.args) or split(added)[1].op is not SUM:
            rest = [f for f in factors if f != factor]
            sizes = dict(zip(out, node.shape, strict=True))
            return contract(out, [*rest, (added, kept, 1)], 1, sizes)
    return None
