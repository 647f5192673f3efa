"""The order in which the factors of a product are multiplied: the least work.

Floor 4.  Work is counted at several choices of sizes.  Small products are searched completely, over
the sets of factors that hang together; in large ones the pair that leaves least is taken first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from math import prod
from typing import NamedTuple, final

from matgrad.codegen.sizes import Scale
from matgrad.core.dims import Size, names_of
from matgrad.normal.canon import Labels

# Products of at most so many factors are searched completely.
_SEARCHED = 8
# Work besides that of multiplying, in units of one entry written.
WRITTEN = 4.0

# What work counts that is done once for many products.
_PREPARED = 0.01

# Which two operands are multiplied next; the product is the next operand.
Steps = list[tuple[int, int]]


class Shaped(NamedTuple):
    """A factor by its labels; one that `solves` stands for the inverse of a matrix, and what is
    `prepared` is made once for many products."""

    row: Labels
    solves: bool = False
    prepared: bool = False


@final
class Work:
    """Counts the work of products in all the ways that a scale has: an order that is good in all of
    them is better than one that is good in one."""

    def __init__(self, sizes: Mapping[int, Size], scale: Scale) -> None:
        names = sorted({name for size in sizes.values() for name in names_of(size)})
        self.lengths = {label: scale.lengths(size, names) for label, size in sizes.items()}
        self.weights = scale.weights(names)
        self.known: dict[Labels, float] = {}

    def size(self, *labels: int) -> float:
        """The number of entries along labels, over all choices of sizes."""
        found = self.known.get(labels)
        if found is None:
            rows = [self.lengths[label] for label in labels]
            found = sum(
                weight * prod([row[k] for row in rows]) for k, weight in enumerate(self.weights)
            )
            self.known[labels] = found
        return found

    def pair(self, left: Shaped, right: Shaped, kept: frozenset[int]) -> float:
        """The work of one product, of which some labels are kept."""
        work = self.size(*sorted({*left.row, *right.row})) + WRITTEN * self.size(*sorted(kept))
        for solver, operand in ((left, right), (right, left)):
            if solver.solves and not is_solve(solver, operand, kept):
                # It has to be built first.
                work += 2 * self.size(*solver.row, solver.row[-1])
        return work * _PREPARED if left.prepared and right.prepared else work


def is_solve(solver: Shaped, operand: Shaped, kept: frozenset[int]) -> bool:
    """Whether a product with an inverse is the solution of a system."""
    row, column = solver.row[-2:]
    held = [label for label in (row, column) if label in operand.row]
    if operand.solves or row == column or not held:
        return False
    return not kept.intersection(held)


def order(factors: Sequence[Shaped], out: frozenset[int], work: Work) -> Steps:
    """The pairs to multiply, in order; pairs that share no label come last."""
    if len(factors) <= _SEARCHED:
        return _Search(factors, out, work).steps()
    return _greedy(factors, out, work)


def least(factors: Sequence[Shaped], out: frozenset[int], work: Work) -> float:
    """The least work of a product; none of one that is too large to be searched."""
    if not 1 < len(factors) <= _SEARCHED:
        return 0.0
    return _Search(factors, out, work).least


@final
class _Search:
    """The best split of every set of factors, by dynamic programming."""

    def __init__(self, factors: Sequence[Shaped], out: frozenset[int], work: Work) -> None:
        count = len(factors)
        self.everything = (1 << count) - 1
        self.factors = factors
        self.prepared = sum(1 << k for k, factor in enumerate(factors) if factor.prepared)
        rows = [frozenset(factor.row) for factor in factors]
        self.best: dict[int, tuple[float, int]] = {1 << k: (0.0, 0) for k in range(count)}
        inside: list[frozenset[int]] = [frozenset()] * (1 << count)
        for chosen in range(1, 1 << count):
            low = chosen & -chosen
            inside[chosen] = inside[chosen ^ low] | rows[low.bit_length() - 1]
        self.kept = [
            inside[chosen] & (inside[self.everything ^ chosen] | out)
            for chosen in range(1 << count)
        ]
        for chosen in range(1, 1 << count):
            if chosen & (chosen - 1):
                self.split(chosen, work)

    @property
    def least(self) -> float:
        """The work of the best order."""
        return self.best[self.everything][0]

    def split(self, chosen: int, work: Work) -> None:
        low = chosen & -chosen
        part = (chosen - 1) & chosen
        best: tuple[float, int] | None = None
        while part:
            other = chosen ^ part
            if part & low and part in self.best and other in self.best:
                left, right = self.shaped(part), self.shaped(other)
                # Factors that share nothing are multiplied when nothing else is left.
                apart = not set(left.row).intersection(right.row)
                if not apart or chosen == self.everything or self.closed(chosen):
                    total = self.best[part][0] + self.best[other][0]
                    total += work.pair(left, right, self.kept[chosen])
                    if best is None or total < best[0]:
                        best = (total, part)
            part = (part - 1) & chosen
        if best is not None:
            self.best[chosen] = best

    def closed(self, chosen: int) -> bool:
        """Whether a set of factors shares no bound label with the others."""
        outside = self.kept[self.everything ^ chosen]
        return not self.kept[chosen] & outside

    def shaped(self, chosen: int) -> Shaped:
        if chosen & (chosen - 1):
            return Shaped(tuple(self.kept[chosen]), False, chosen & self.prepared == chosen)
        return self.factors[chosen.bit_length() - 1]

    def steps(self) -> Steps:
        found: Steps = []
        place: dict[int, int] = {1 << k: k for k in range(len(self.factors))}
        waiting = [self.everything]
        while waiting:
            chosen = waiting[-1]
            if chosen in place:
                waiting.pop()
                continue
            part = self.best[chosen][1]
            missing = [half for half in (chosen ^ part, part) if half not in place]
            if missing:
                waiting += missing
                continue
            place[chosen] = len(self.factors) + len(found)
            found.append((place[part], place[chosen ^ part]))
            waiting.pop()
        return found


def _greedy(factors: Sequence[Shaped], out: frozenset[int], work: Work) -> Steps:
    """The pair first whose product is smallest beside what it replaces."""
    alive: dict[int, Shaped] = dict(enumerate(factors))
    where: dict[int, set[int]] = {}
    for k, factor in alive.items():
        for label in factor.row:
            where.setdefault(label, set()).add(k)
    queue: list[tuple[float, int, int]] = []
    found: Steps = []

    def kept(left: int, right: int) -> frozenset[int]:
        labels = frozenset(alive[left].row) | frozenset(alive[right].row)
        return frozenset(x for x in labels if x in out or where[x] - {left, right})

    def offer(left: int, right: int) -> None:
        gain = work.size(*sorted(kept(left, right)))
        gain -= work.size(*alive[left].row) + work.size(*alive[right].row)
        heappush(queue, (gain, left, right))

    def neighbours(k: int) -> list[int]:
        return sorted({j for label in alive[k].row for j in where[label]} - {k})

    for k in alive:
        for j in neighbours(k):
            if k < j:
                offer(k, j)
    fresh = len(factors)
    while len(alive) > 1:
        while queue and not (queue[0][1] in alive and queue[0][2] in alive):
            heappop(queue)
        left, right = heappop(queue)[1:] if queue else tuple(sorted(alive))[:2]
        prepared = alive[left].prepared and alive[right].prepared
        product = Shaped(tuple(sorted(kept(left, right))), False, prepared)
        for k in (left, right):
            for label in set(alive.pop(k).row):
                where[label].discard(k)
        alive[fresh] = product
        for label in product.row:
            where[label].add(fresh)
        found.append((left, right))
        for j in neighbours(fresh):
            offer(j, fresh)
        fresh += 1
    return found
