"""Conditions on integers: an exponent that may not be negative, a sum that has its terms, a part
that lies inside its array.

Floor 4.  A power X^e of a matrix that may be singular needs e >= 0, also where e mentions the
index of a sum: then at both ends of the index's range.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from matgrad.catalogue.blocks import part
from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.properties import bounds
from matgrad.core.dims import (
    Dim,
    Number,
    Size,
    constant_part,
    is_nonnegative,
    names_of,
    sign_at_large,
    substitute,
)
from matgrad.core.expr import Expr, walk

# What is raised to a power, or nothing for the length of a sum, and what must not be negative.
Demand = tuple[Expr | None, Size]


def demands(roots: Iterable[Expr]) -> list[Demand]:
    """What the powers and sums under `roots` ask of integers, each once."""
    found: dict[Expr, dict[Demand, None]] = {}
    for node in walk(*roots):
        inside: dict[Demand, None] = {}
        for arg in node.args:
            inside |= found[arg]
        if node.op is index_sum:
            inside = _over(node, inside)
        elif node.op.weights in ("matpow", "data") and isinstance(node.data, Dim):
            inside[node.args[0], node.data] = None
        elif node.op is part:
            for begin, length, size in zip(node.data, node.shape, node.args[0].shape, strict=True):
                if begin is not None:
                    rest = size - begin - length
                    inside |= dict.fromkeys([(None, begin), (None, length), (None, rest)])
        found[node] = inside
    return list(dict.fromkeys(demand for root in roots for demand in found[root]))


def _over(node: Expr, inside: dict[Demand, None]) -> dict[Demand, None]:
    """The demands under a sum, at both ends of its range."""
    index, first, last = node.data
    result: dict[Demand, None] = {(None, last - first + 1): None}
    for base, exponent in inside:
        for end in (first, last):
            at_end = substitute(exponent, {index: end})
            # Where there is a term at all, last - first is not negative.
            if not is_nonnegative(at_end - (last - first)):
                result[base, at_end] = None
    return result


def lower_bounds(sizes: Iterable[Size], known: Mapping[str, int | None]) -> list[str]:
    """`k >= 1` for each integer that must not be negative, unless it is so anyway by the least
    values that are known."""
    bounds: dict[Size, Number] = {}
    for size in sizes:
        if not isinstance(size, Dim) or is_inverse(size) or _holds(size, known):
            continue
        least = constant_part(size) * -1
        rest = size + least
        if rest not in bounds or least > bounds[rest]:
            bounds[rest] = least
    return [f"{rest} >= {least}" for rest, least in bounds.items()]


def _holds(size: Size, known: Mapping[str, int | None]) -> bool:
    shifted: dict[str, Size] = {}
    for name in names_of(size):
        least = known.get(name)
        if least is None:
            return False
        shifted[name] = Dim(name) + least
    return is_nonnegative(substitute(size, shifted))


def is_inverse(exponent: Size) -> bool:
    """Whether a power with this exponent is taken to be one of the inverse."""
    return sign_at_large(exponent) < 0


def least_value(kind: str, properties: frozenset[str]) -> int | None:
    """The least value that a size or an integer can have, as far as that is known."""
    if kind == "dimension":
        return 1
    where = bounds(properties)
    if kind != "integer" or math.isinf(where.low):
        return None
    return math.floor(where.low) + 1 if where.over else math.ceil(where.low)
