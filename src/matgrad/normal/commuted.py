"""Sums in which commutation matrices stand: (I + K)*Y and K*(Y + Z).

Floor 3.
"""

from __future__ import annotations

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.stacking import commutation
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build

Term = tuple[Size, Expr]


def collected(terms: list[Term]) -> list[Term]:
    """A sum whose terms share what a commutation matrix multiplies, or share that matrix."""
    if not any(_swap(term) for _, term in terms):
        return terms
    return _same_swap(_same_operand(terms))


def _swap(term: Expr) -> tuple[Expr, Expr] | None:
    """A commutation matrix and what it multiplies."""
    if term.op is algebra.matmul and term.args[0].op is commutation:
        return term.args[0], term.args[1]
    return None


def _same_operand(terms: list[Term]) -> list[Term]:
    plain = {expr: coefficient for coefficient, expr in terms}
    swaps: dict[Expr, Expr] = {}
    for coefficient, expr in terms:
        parts = _swap(expr)
        if parts is not None and plain.get(parts[1]) == coefficient:
            swaps.setdefault(parts[1], parts[0])
    found: list[Term] = []
    for coefficient, expr in terms:
        parts = _swap(expr)
        if parts is not None and swaps.get(parts[1]) is parts[0]:
            continue
        if expr in swaps:
            unit = make(structure.eye, (), None, swaps[expr].shape)
            both = build(algebra.add, (unit, swaps[expr]))
            expr = build(algebra.matmul, (both, expr))
        found.append((coefficient, expr))
    return found


def _same_swap(terms: list[Term]) -> list[Term]:
    groups: dict[tuple[Size, Expr], Expr] = {}
    found: list[Term] = []
    for coefficient, expr in terms:
        parts = _swap(expr)
        if parts is None:
            found.append((coefficient, expr))
            continue
        swap, operand = parts
        key = coefficient, swap
        groups[key] = build(algebra.add, (groups[key], operand)) if key in groups else operand
    found += ((c, build(algebra.matmul, (swap, rest))) for (c, swap), rest in groups.items())
    return found
