"""Programs among which sizes decide when they are known: the same results in other orders.

Floor 4.  Programs are made where one named size is small, or is large; their work is a polynomial
in the sizes.  Kept are at most three, the least of which is good everywhere.  The function compares
their polynomials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import log
from typing import NamedTuple

from matgrad.codegen.draft import Draft
from matgrad.codegen.factorise import is_solution
from matgrad.codegen.products import product_of
from matgrad.codegen.program import SUM, Value, reachable
from matgrad.codegen.sizes import Scale, size_text
from matgrad.core.dims import Dim, Size, content, evaluate, names_of, taken_apart, terms_of

# Sizes at which programs are compared, and what is taken to be small and large.
_SIZES = (4, 60, 900)
_SMALL, _LARGE = 10, 1000
# More names than so many are too many to try.
_NAMES = 5
# How much more work than least is too much, how many programs there may be, of how many tried.
_MUCH, _PROGRAMS, _TRIED = 1.6, 3, 8


class Variant(NamedTuple):
    """One program, and the sizes where it is less work than each of those after it: pairs of which
    the first is the lesser then; none for the last."""

    draft: Draft
    conditions: list[tuple[Size, Size]]


def variants(usual: Draft, make: Callable[[Scale], Draft]) -> list[Variant]:
    """The programs to choose from, the usual one among them or not; none where the order of
    products leaves no choice that matters."""
    names = sorted(frozenset().union(*(choice.names for choice in usual.choices)))
    if not 1 < len(names) <= _NAMES:
        return []
    found = {work(usual): usual}
    orders = {tuple(tuple(choice.steps(usual.scale)) for choice in usual.choices)}
    for name, (own, others) in product(names, ((_SMALL, _LARGE), (_LARGE, _SMALL))):
        scale = Scale({other: own if other == name else others for other in names})
        order = tuple(tuple(choice.steps(scale)) for choice in usual.choices)
        if order not in orders:
            orders.add(order)
            draft = make(scale)
            found.setdefault(work(draft), draft)
    chosen = _chosen(list(found), names)
    if len(chosen) == 1:
        return []
    # Each is compared with those that are left.
    return [
        Variant(found[size], [_sides(size, other) for other in chosen[k + 1 :]])
        for k, size in enumerate(chosen)
    ]


def _chosen(sizes: Sequence[Size], names: Sequence[str]) -> list[Size]:
    """Few polynomials, the first if that is enough, the least of which is never much more than the
    least of all, and seldom more."""
    further = dict.fromkeys(frozenset().union(*map(names_of, sizes)), _SIZES[1])
    points = [
        further | dict(zip(names, at, strict=True)) for at in product(_SIZES, repeat=len(names))
    ]
    known = [[max(1.0, float(evaluate(size, point))) for point in points] for size in sizes]
    least = list(map(min, zip(*known, strict=True)))
    ratios = [[a / b for a, b in zip(row, least, strict=True)] for row in known]
    useful = sorted(range(1, len(sizes)), key=lambda k: -ratios[k].count(1.0))[:_TRIED]
    best = [0]
    for count in range(2, _PROGRAMS + 1):
        if max(map(min, zip(*(ratios[k] for k in best), strict=True))) < _MUCH:
            break
        sets = combinations([0, *useful], count)
        best = min(map(list, sets), key=lambda ks: _cost([ratios[k] for k in ks]), default=best)
    return [sizes[k] for k in reversed(best)]


def _cost(ratios: Sequence[Sequence[float]]) -> float:
    """How much more than least the least of some programs is, on the average of logarithms."""
    return sum(log(min(row)) for row in zip(*ratios, strict=True))


def _sides(less: Size, more: Size) -> tuple[Size, Size]:
    """What has to be less than what where one polynomial is less than another: what both have, and
    what divides the difference, is left out, and so are terms of lower degree."""
    difference = less - more
    assert isinstance(difference, Dim)
    _, rest = taken_apart(difference)
    rest = rest * (1 / Fraction(content(c for _, c in terms_of(rest))))
    terms = [(names, c, sum(power for _, power in names)) for names, c in terms_of(rest)]
    highest = max(degree for _, _, degree in terms)
    leading = [term for term in terms if term[2] == highest]
    if {term[1] > 0 for term in leading} == {True, False}:
        terms = leading
    sides: list[Size] = [0, 0]
    for names, c, _ in terms:
        part = product_of(Dim(name) ** power for name, power in names)
        sides[c < 0] = sides[c < 0] + part * (c if c > 0 else -c)
    return sides[0], sides[1]


def comparison(pair: tuple[Size, Size], names: Mapping[str, str]) -> str:
    """A comparison as Python, with what divides a side in front."""
    return " < ".join(_factored(size, names) for size in pair)


def _factored(size: Size, names: Mapping[str, str]) -> str:
    if not isinstance(size, Dim) or len(size.terms) == 1:
        return size_text(size, names)
    common, rest = taken_apart(size)
    number = content(c for _, c in terms_of(rest))
    front = product_of(Dim(name) ** power for name, power in common) * number
    inner = size_text(rest * (1 / Fraction(number)), names)
    return inner if front == 1 else f"{size_text(front, names)}*({inner})"


def work(draft: Draft) -> Size:
    """The work of a program, in multiplications."""
    total: Size = 0
    for value in reachable(draft.everything):
        total = total + _work(value)
    return total


def _work(value: Value) -> Size:
    entries = product_of(value.shape)
    shapes = [arg.shape for arg in value.args]
    match value.op.removesuffix("_into"):
        case "matmul":
            return entries * shapes[0][-1]
        case "tensordot":
            return entries * product_of(shapes[0][k] for k in value.data[0])
        case "inner" | "rowdot":
            return product_of(shapes[0])
        case "congruence":
            (n, k) = shapes[1]
            return n * n * k + n * k * k
        case "multiply" | "divide" | "outer":
            return entries
        case "add" | "subtract":
            return entries
        case op if op == SUM and len(shapes) > 1:
            return entries
    return entries * shapes[-1][0] if is_solution(value) else 0


def sizes_of(found: Sequence[Variant]) -> list[Size]:
    """The sizes that the comparisons name."""
    return [size for variant in found for pair in variant.conditions for size in pair]
