"""Components: the pieces that the values of a property fall into, and how to visit them all.

Floor 4.  Orthogonal matrices have determinant 1 or -1, idempotent ones any rank.  What is equal
on one piece may differ on the next, and the pieces of two symbols are independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from random import Random

# Up to this many combinations of components are all tried.
_COMBINATIONS = 24


def components(declared: frozenset[str], shape: tuple[int, ...]) -> int:
    """How many components a property has that must each be tried."""
    if "idempotent" in declared:
        return shape[0] + 1
    return 2 if "orthogonal" in declared else 1


def visits(counts: Sequence[int]) -> int:
    """How many points it takes to visit the components of symbols that have so many each."""
    total = prod(counts)
    return total if total <= _COMBINATIONS else 2 * max(*counts, _COMBINATIONS)


def visited(at: int, counts: Sequence[int], random: Random) -> Iterator[int]:
    """A component for each symbol: every combination in turn or, of too many, every component of
    each symbol in turn with random combinations between."""
    few = prod(counts) <= _COMBINATIONS
    for count in counts:
        if few:
            yield at % count
            at //= count
        else:
            yield random.randrange(count) if at % 2 else at // 2 % count
