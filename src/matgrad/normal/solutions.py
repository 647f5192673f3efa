"""Matching with choices: all the ways in which an expression has the form of a pattern.

Floor 3.  `normal.match` decides at once; here sums may be divided among the terms of a pattern
(A + x*y'), products cut at several places, so that there may be several answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matgrad.core.dims import Dim, Size, divide
from matgrad.core.expr import CONTRACTION, SUM, SYMBOL, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.kronecker import reached
from matgrad.normal.match import Match, side_of
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, scaled, split
from matgrad.normal.symmetry import permute

Terms = list[tuple[Size, Expr]]

# Sums with more terms than this are divided into one term and the others only.
_SMALL = 5


def solutions(match: Match, pattern: Expr, target: Expr) -> Iterator[Match]:
    """The bindings that make a pattern a target, each extending those of `match`."""
    if pattern.op is CONTRACTION and pattern.data[1:] == (((1, 0),), (1,)) and target.order != 2:
        return
    if pattern.op is SUM and len(pattern.args) > 1:
        yield from _sums(match, pattern, target)
    elif pattern.op is CONTRACTION and len(pattern.args) > 1 and _is_matrix(pattern):
        yield from _products(match, pattern, target)
    elif pattern.op is CONTRACTION and pattern.data[1:] == (((1, 0),), (1,)):
        yield from solutions(match, pattern.args[0], permute(target, (1, 0)))
    else:
        found = match.copy()
        if found.match(pattern, target):
            yield found


def _sums(match: Match, pattern: Expr, target: Expr) -> Iterator[Match]:
    coefficient, inner = split(target)
    if inner.op is not SUM or isinstance(coefficient, Dim):
        return
    terms = [(c * coefficient, arg) for c, arg in zip(inner.data, inner.args, strict=True)]
    parts = list(zip(pattern.data, pattern.args, strict=True))
    # What has a form of its own is found first, the rest is divided among bare variables.
    forms = [part for part in parts if part[1].op is not SYMBOL]
    bare = [part for part in parts if part[1].op is SYMBOL]
    for found, left in _formed(match, forms, terms):
        yield from _divided(found, bare, left, target)


def _formed(match: Match, forms: Terms, terms: Terms) -> Iterator[tuple[Match, Terms]]:
    """Terms for the patterns in `forms`, and the terms that are left."""
    if not forms:
        yield match, terms
        return
    (wanted, form), *others = forms
    for k, (coefficient, term) in enumerate(terms):
        ratio = divide(coefficient, wanted)
        if ratio is not None:
            for found in solutions(match, form, scaled(ratio, term)):
                yield from _formed(found, others, terms[:k] + terms[k + 1 :])


def _divided(match: Match, bare: Terms, terms: Terms, target: Expr) -> Iterator[Match]:
    """Sums of terms for bare variables: each gets some, none is left."""
    if not bare:
        if not terms:
            yield match
        return
    (wanted, variable), *others = bare
    sizes = range(1, len(terms) + 1)
    if len(others) == 0:
        choices = [tuple(range(len(terms)))]
    elif len(terms) <= _SMALL:
        choices = [c for size in sizes for c in combinations(range(len(terms)), size)]
    else:
        choices = [(k,) for k in range(len(terms))]
        choices += [tuple(j for j in range(len(terms)) if j != k) for k in range(len(terms))]
    for chosen in choices:
        part = combine([terms[k] for k in chosen], target.shape)
        ratio = divide(1, wanted)
        found = match.copy()
        if chosen and ratio is not None and found.match(variable, scaled(ratio, part)):
            left = [term for k, term in enumerate(terms) if k not in chosen]
            yield from _divided(found, others, left, target)


def _is_matrix(pattern: Expr) -> bool:
    """Whether a pattern is a product of matrices, or of two vectors."""
    out, rows, powers = pattern.data
    return len(set(out)) == 2 and set(powers) == {1} and all(0 < len(row) < 3 for row in rows)


def _products(match: Match, pattern: Expr, target: Expr) -> Iterator[Match]:
    if target.op is not CONTRACTION or target.order != 2 or len(set(target.data[0])) != 2:
        return
    out, rows, powers = target.data
    factors: list[Factor] = list(zip(target.args, rows, powers, strict=True))
    first, rest = _first(pattern)
    for left, right in _cuts(out, factors, outer=first.order == 1):
        for found in solutions(match, first, left):
            yield from solutions(found, rest, right)


def _first(pattern: Expr) -> tuple[Expr, Expr]:
    """A product of matrices, or of two vectors, as its first factor and the product of others."""
    (start, stop), rows, powers = pattern.data
    factors: list[Factor] = list(zip(pattern.args, rows, powers, strict=True))
    head = next(factor for factor in factors if start in factor[1])
    node, row, _ = head
    others = [factor for factor in factors if factor is not head]
    if len(row) == 1:
        return node, contract((stop,), others)
    (cut,) = set(row) - {start}
    return node if row[0] == start else permute(node, (1, 0)), contract((cut, stop), others)


def _cuts(out: Labels, factors: list[Factor], *, outer: bool) -> Iterator[tuple[Expr, Expr]]:
    """A matrix as a product of two matrices, or as an outer product."""
    start, stop = out
    if outer:
        inside = reached(factors, start)
        if stop not in inside:
            left = [f for f in factors if set(f[1]) & inside or not f[1]]
            right = [f for f in factors if f not in left]
            if left and right and set(f[1][0] for f in right) <= reached(factors, stop):
                yield contract((start,), left), contract((stop,), right)
        return
    for label in sorted({label for _, row, _ in factors for label in row} - set(out)):
        side = side_of(factors, start, label)
        if side is not None and not any(stop in row for _, row, _ in side):
            other = [factor for factor in factors if factor not in side]
            yield contract((start, label), side), contract((label, stop), other)
