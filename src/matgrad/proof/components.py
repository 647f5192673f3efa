"""Components: the pieces that the values of a property fall into, and how to visit them all.

Floor 4.  Orthogonal matrices have determinant 1 or -1, idempotent ones any rank, a vector of zeros
and ones is one of finitely many.  What is equal on one piece may differ on the next, and the
pieces of two symbols are independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import factorial, lcm, prod
from random import Random

from matgrad.catalogue.properties import PROPERTIES, indices_of, of_members

# Properties of which every entry is one of finitely many numbers.
DISCRETE = {name: record.values for name, record in PROPERTIES.items() if record.values}
# Up to this many combinations of components are all tried.
_COMBINATIONS = 24
# Named positions all different, all the same, or drawn one by one.
PATTERNS = 3


def components(properties: frozenset[str], shape: tuple[int, ...]) -> int:
    """How many components to try of the values that have all of some properties and what
    follows from them: all of them, or as many as is reasonable of finitely many values."""
    lead = len(indices_of(properties))
    if lead:
        each = components(of_members(properties), shape[lead:])
        return _bounded(each, prod(shape[:lead]))
    count = prod(shape)
    if "permutation" in properties:
        return min(factorial(shape[0]), _COMBINATIONS)
    if "onehot" in properties:
        return count
    if "onehot_rows" in properties:
        return _bounded(shape[1], shape[0])
    if properties & DISCRETE.keys():
        return _bounded(2, count)
    if properties & {"idempotent", "involutory"} and "orthogonal" not in properties:
        return shape[0] + 1
    return 2 if "orthogonal" in properties else 1


def _bounded(base: int, count: int) -> int:
    return base**count if count <= 5 and base**count <= _COMBINATIONS else _COMBINATIONS


def digits(at: int, base: int, count: int, random: Random) -> list[int]:
    """The digits of `at`, so that all combinations come in turn, or random ones of too many."""
    if _bounded(base, count) == base**count:
        return [at // base**place % base for place in range(count)]
    return [random.randrange(base) for _ in range(count)]


def visits(counts: Sequence[int]) -> int:
    """How many points it takes to visit the components of symbols that have so many each."""
    total = prod(counts)
    return total if total <= _COMBINATIONS else 2 * max(*counts, _COMBINATIONS)


def visited(at: int, counts: Sequence[int], random: Random) -> Iterator[int]:
    """A component for each symbol: every combination in turn or, of too many, random ones.  The
    first points visit every component of each symbol: all of them step at once, and one waits
    where they would come back to where they began."""
    most = max(counts, default=1)
    if prod(counts) > _COMBINATIONS:
        yield from (at % count if at < most else random.randrange(count) for count in counts)
        return
    before = 1
    for count in counts:
        place = at % (before * count)
        yield (place + place // lcm(before, count)) % count
        before *= count


def placed(limits: Mapping[str, int], pattern: int, random: Random) -> dict[str, int]:
    """Values for named positions, as different or as equal as the pattern says."""
    if pattern == PATTERNS - 1:
        return {index: random.randrange(limit) for index, limit in limits.items()}
    first, step = random.randrange(max(limits.values(), default=1)), 1 - pattern
    return {index: (first + step * k) % limits[index] for k, index in enumerate(limits)}
