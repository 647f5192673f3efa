"""Sums whose terms vanish or complete each other.

Floor 4.  Each column of X - ones(m)*mean(X, 1) adds up to zero, which shows when the columns of
both terms are added up apart.  tril(X, -1) + triu(X) is X.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from matgrad.core.expr import CONTRACTION, SUM, Expr, operators, walk
from matgrad.normal.build import rebuilt
from matgrad.normal.canon import Factor
from matgrad.normal.fusion import occurrences
from matgrad.normal.masks import MASK, complement
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split

# Sums inside sums are taken apart this deep.
DEPTH = 3


def collapsed(root: Expr) -> Expr:
    """An expression with the sums of sums taken apart that then have fewer terms."""
    if SUM not in operators(root):
        return root
    if MASK in operators(root):
        root = _everywhere(root, _completed)
    if not any([node.op is CONTRACTION and _pendants(node) for node in walk(root)]):
        return root
    return _everywhere(root, partial(_reduced, depth=DEPTH))


def _everywhere(root: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """An expression with all its nodes changed, the operands first."""
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = change(rebuilt(node, tuple([done[arg] for arg in node.args])))
    return done[root]


def _completed(node: Expr) -> Expr:
    """A sum in which what keeps two complementary triangles of one array keeps all of it."""
    if node.op is not SUM:
        return node
    terms = dict(zip(node.args, node.data, strict=True))
    for term, coefficient in terms.items():
        for whole, rest in _unmasked(term):
            if term is not rest and terms.get(rest) == coefficient:
                others = [(c, arg) for arg, c in terms.items() if arg not in (term, rest)]
                return _completed(combine([*others, (coefficient, whole)], node.shape))
    return node


def _unmasked(term: Expr) -> Iterator[tuple[Expr, Expr]]:
    """A product without one of the masks in it, and with what this mask leaves out."""
    if term.op is not CONTRACTION:
        return
    out, rows, powers = term.data
    factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
    sizes = dict(zip(out, term.shape, strict=True))
    for mask in factors:
        if mask[0].op is MASK and mask[2] == 1:
            others = [factor for factor in factors if factor != mask]
            sizes |= dict(zip(mask[1], mask[0].shape, strict=True))
            yield (
                contract(out, others, 1, sizes),
                contract(out, [*others, complement(mask)], 1, sizes),
            )


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
