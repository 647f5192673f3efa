"""Mends of sums: the claimed terms with other coefficients, and terms of what is correct besides.

Floor 4.  Which coefficients those are is a matter of linear equations, solved at the points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import NamedTuple

from matgrad.catalogue import algebra
from matgrad.claims import faults
from matgrad.claims.edits import negated
from matgrad.claims.points import Points
from matgrad.core.dims import Dim, Number, Size, evaluate, leading
from matgrad.core.expr import NUMBER, Expr, make, walk
from matgrad.core.signature import build
from matgrad.normal.surface import added, weigh
from matgrad.proof.sizes import Sizes

# A sum of more terms than this stays as it is.
_MOST = 10
_ADDED = 2
# How much further a mend is that is seen only after products are opened.
_OPENED = 0.6


# A number or a multiple of a size, and what it is divided by: one or a size.
Multiple = tuple[Size, Size]


class Mend(NamedTuple):
    """An expression that is correct, what was wrong with the claimed one, and how much that is."""

    cost: float
    faults: tuple[str, ...]
    expr: Expr


def terms(root: Expr, most: int = _MOST) -> list[tuple[Size, Expr]]:
    """A surface expression as a sum, numbers in front taken out, and products distributed where
    that gives no more than so many terms."""
    found: dict[Expr, list[tuple[Size, Expr]]] = {}
    for node in walk(root):
        found[node] = _collected(_terms(node, [found[arg] for arg in node.args], most))
    return found[root]


def _terms(node: Expr, parts: list[list[tuple[Size, Expr]]], most: int) -> list[tuple[Size, Expr]]:
    op = node.op
    if op.kind == "linear" and node.args:
        weights = [int(weight) for weight in op.weights.split(",")]
        return [
            (weight * coefficient, term)
            for weight, part in zip(weights, parts, strict=False)
            for coefficient, term in part
        ]
    quotient = op is algebra.divide
    if op.kind != "contraction" or not node.args or (op.weights and not quotient):
        return [(1, node)]
    front, args = node.args[0], node.args
    if op is algebra.scale and front.op is NUMBER:
        return [(front.data * coefficient, term) for coefficient, term in parts[1]]
    if quotient and args[1].op is NUMBER and not isinstance(args[1].data, Dim):
        return [(coefficient * Fraction(1, args[1].data), term) for coefficient, term in parts[0]]
    if quotient:
        parts = [parts[0], [(1, args[1])]]
    if prod(map(len, parts)) > most:
        return [(1, node)]
    opened: list[tuple[Size, Expr]] = []
    for choice in product(*parts):
        operands = tuple(term for _, term in choice)
        whole = node if operands == args else make(op, operands, node.data, node.shape)
        coefficient: Size = 1
        for factor, _ in choice:
            coefficient = coefficient * factor
        opened.append((coefficient, whole))
    return opened


def _collected(parts: list[tuple[Size, Expr]]) -> list[tuple[Size, Expr]]:
    total: dict[Expr, Size] = {}
    for coefficient, term in parts:
        total[term] = total.get(term, 0) + coefficient
    return [(coefficient, term) for term, coefficient in total.items() if coefficient != 0]


def rescaled(points: Points, expr: Expr) -> Multiple | None:
    """The number, or multiple of a size, by which an expression is to be multiplied, and of
    divided, to be correct."""
    solved = points.coefficients([expr])
    return None if solved is None else _as_size([row[0] for row in solved], points.sizes)


def _as_size(values: Sequence[Fraction], sizes: Sequence[Sizes]) -> Multiple | None:
    """What has these values at these sizes: a number, or a number times or over a size."""
    if len(set(values)) == 1:
        return values[0], 1
    names = [Dim(name) for name in sizes[0]]
    candidates = [*names, *(a * b for a, b in combinations(names, 2)), *(a - 1 for a in names)]
    found: list[tuple[Fraction, Size, Size]] = []
    for size in candidates:
        at = [Fraction(evaluate(size, each)) for each in sizes]
        if 0 in at:
            continue
        ratios = {value / extent for value, extent in zip(values, at, strict=True)}
        products = {value * extent for value, extent in zip(values, at, strict=True)}
        if len(ratios) == 1:
            found.append((ratio := ratios.pop(), ratio * size, 1))
        if len(products) == 1:
            found.append((ratio := products.pop(), ratio, size))
    if not found:
        return None
    _, above, below = min(found, key=lambda each: abs(each[0].numerator) + each[0].denominator)
    return above, below


def scaled(expr: Expr, factor: Multiple) -> Expr:
    """An expression times a number or a size, or divided by one."""
    above, below = factor
    found = weigh(above, expr)
    return found if below == 1 else build(algebra.divide, (found, make(NUMBER, (), below, ())))


def mends_of_terms(points: Points, claimed: Expr, missing: bool) -> Iterator[Mend]:
    """The claimed terms with other coefficients and, where some are `missing`, with up to two
    terms of what is correct; with the fewest of those, all mends there are."""
    if claimed.shape != points.correct.shape:
        return
    ratio = None if missing else rescaled(points, claimed)
    if ratio is not None and ratio[0] != 0:
        signs = [faults.SIGN] if _leading(ratio[0]) < 0 else []
        if ratio == (-1, 1):
            yield Mend(0.9, (faults.SIGN,), negated(claimed))
        else:
            yield Mend(0.9, (*signs, faults.FACTOR), scaled(claimed, ratio))
    for count in range(1, _ADDED + 1) if missing else (0,):
        found = []
        for most in (1, _MOST):
            own, given = terms(claimed, most), terms(points.correct, most)
            known = {term for _, term in own}
            for more in combinations([pair for pair in given if pair[1] not in known], count):
                mend = _mend(points, claimed, own, more)
                if mend is not None:
                    found.append(mend._replace(cost=mend.cost + (most > 1) * _OPENED))
        yield from found
        if found:
            return


def _leading(size: Size) -> Number:
    """A number with the sign of a size."""
    return leading(size) if isinstance(size, Dim) else size


def _mend(
    points: Points,
    claimed: Expr,
    own: Sequence[tuple[Size, Expr]],
    more: Sequence[tuple[Size, Expr]],
) -> Mend | None:
    """The claimed sum with coefficients that make it correct, and terms added."""
    solved = points.coefficients([term for _, term in (*own, *more)])
    if solved is None:
        return None
    kinds: dict[str, None] = dict.fromkeys([faults.TERM] if more else [])
    changed = 0
    factors: list[tuple[Multiple, Expr]] = []
    for at, (coefficient, term) in enumerate((*own, *more)):
        values = [row[at] for row in solved]
        found = _as_size(values, points.sizes)
        if found is None:
            return None
        before = [Fraction(evaluate(coefficient, sizes)) for sizes in points.sizes]
        if at < len(own) and values != before:
            changed += 1
            kinds.update(dict.fromkeys(_kinds(before, values)))
        if any(values):
            factors.append((found, term))
    if not (changed or more) or not any(any(row[: len(own)]) for row in solved):
        return None
    whole = _sum(factors if changed else [((1, 1), claimed), *factors[len(own) :]])
    dropped = sum(not any(row[at] for row in solved) for at in range(len(own)))
    cost = 0.9 * changed + 1.5 * len(more) + 0.8 * dropped + 0.1 * len(own)
    return Mend(cost, tuple(kinds), whole)


def _kinds(before: Sequence[Fraction], after: Sequence[Fraction]) -> Iterator[str]:
    """What is wrong with a coefficient."""
    if not any(after):
        yield faults.TERM
        return
    signs = all((a < 0) != (b < 0) for a, b in zip(before, after, strict=True))
    if signs:
        yield faults.SIGN
    if [abs(a) for a in before] != [abs(b) for b in after]:
        yield faults.FACTOR


def _sum(parts: Sequence[tuple[Multiple, Expr]]) -> Expr:
    simple = [
        (above, term) if below == 1 else (1, scaled(term, (above, below)))
        for (above, below), term in parts
    ]
    return added(simple)
