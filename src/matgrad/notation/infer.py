"""Inference of kinds: which undeclared names are scalars and which are vectors.

Floor 2.  Every node and name is a variable over a set of kinds, every construct a constraint
between its operands and its result.  Constraints are propagated to a fixed point; what stays
open is searched, connected component by connected component: among the consistent readings
the one of lowest result order, then with most vectors.  A tie is the caller's to ask about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple, final

from matgrad.core.errors import BudgetExceeded
from matgrad.notation.kinds import COLUMN, SCALAR, Kind, Kinds, Outcome, members, only, order_of

Variable = int

_BUDGET = 20_000
"""Choices tried in one component."""


@final
class Solution(NamedTuple):
    """The kind of every variable; `tie` holds names with two equally good readings.

    `rank` is lower for a better reading.
    """

    kinds: list[Kind]
    tie: tuple[tuple[Variable, Kind, Kind], ...]
    rank: tuple[int, int]


@final
class Network:
    """Variables over sets of kinds, and the constraints between them."""

    def __init__(self) -> None:
        self.domains: list[Kinds] = []
        self._constraints: list[tuple[Outcome, tuple[Variable, ...]]] = []
        self._watch: list[list[int]] = []
        self._trail: list[tuple[Variable, Kinds]] = []
        self._lenient = False
        self._values: frozenset[Variable] = frozenset()
        self._steps = 0

    def variable(self, kinds: Kinds) -> Variable:
        self.domains.append(kinds)
        self._watch.append([])
        return len(self.domains) - 1

    def constrain(self, outcome: Outcome, *variables: Variable) -> None:
        """The last variable is among the outcomes of the others."""
        for variable in set(variables):
            self._watch[variable].append(len(self._constraints))
        self._constraints.append((outcome, variables))

    def solve(
        self, result: Variable, names: Sequence[Variable], values: Sequence[Variable] = ()
    ) -> Solution | None:
        """The best reading of `names`, or None when there is none.

        `values` are what unknown functions give: scalars, unless another reading is better.

        Raises BudgetExceeded when too many names are open at once.
        """
        self._values = frozenset(values)
        best = self._solution(result, names, scalars=True)
        if values:
            try:
                other = self._solution(result, names, scalars=False)
            except BudgetExceeded:
                if best is None:
                    raise
            else:
                if other and (best is None or other.rank < best.rank):
                    best = other
        if best is None:
            self._lenient = True
            best = self._solution(result, names, scalars=True)
        return best

    def _solution(
        self, result: Variable, names: Sequence[Variable], scalars: bool
    ) -> Solution | None:
        """The best reading, `scalars` if unknown functions give nothing else."""
        start = list(self.domains)
        for value in self._values if scalars else ():
            if self.domains[value] & only(SCALAR):
                self.domains[value] = only(SCALAR)
        found = None
        if self._propagate(range(len(self._constraints))):
            found = self._lowest(result, names)
        self.domains = start
        self._trail.clear()
        return found

    def _lowest(self, result: Variable, names: Sequence[Variable]) -> Solution | None:
        by_order: dict[int, Kinds] = {}
        for kind in members(self.domains[result]):
            by_order[order_of(kind)] = by_order.get(order_of(kind), 0) | only(kind)
        for order in sorted(by_order):
            mark = len(self._trail)
            if self._assign(result, by_order[order]):
                tie = self._most_vectors(names)
                if tie is not None:
                    kinds = [next(members(domain)) for domain in self.domains]
                    vectors = sum(kinds[name] == COLUMN for name in names)
                    return Solution(kinds, tie, (order, -vectors))
            self._undo(mark)
        return None

    def _most_vectors(
        self, names: Sequence[Variable]
    ) -> tuple[tuple[Variable, Kind, Kind], ...] | None:
        """Fix every open variable; the first tie, or None when there is no reading."""
        rank = {name: place for place, name in enumerate(names)}
        weighed = frozenset(names)
        ties: list[tuple[Variable, Kind, Kind]] = []
        for component in list(self._components()):
            # Names first, in order of appearance, then values; the rest is orientation only.
            component.sort(key=lambda v: (rank.get(v, len(rank)), v not in self._values, v))
            tie = self._best(component, weighed)
            if tie is None:
                return None
            ties = ties or tie
        return tuple(ties)

    def _best(
        self, component: list[Variable], weighed: frozenset[Variable]
    ) -> list[tuple[Variable, Kind, Kind]] | None:
        names = [v for v in component if v in weighed]
        self._steps = 0
        best: tuple[int, dict[Variable, Kind]] | None = None
        rival: dict[Variable, Kind] | None = None
        for kinds in self._readings(component, len(names)):
            vectors = sum(kinds[name] == COLUMN for name in names)
            if best is None or vectors > best[0]:
                best, rival = (vectors, dict(kinds)), None
                if vectors == len(names):
                    break
            elif vectors == best[0] and any(kinds[name] != best[1][name] for name in names):
                rival = rival or dict(kinds)
        if best is None:
            return None
        for variable, kind in best[1].items():
            if not self._assign(variable, only(kind)):
                return None
        if rival is None:
            return []
        return [(n, best[1][n], rival[n]) for n in names if best[1][n] != rival[n]]

    def _readings(self, component: list[Variable], weighed: int) -> Iterator[dict[Variable, Kind]]:
        """The consistent assignments of a component, vectors first: one for each choice of its
        first variables, which are weighed."""
        chosen: dict[Variable, Kind] = {}
        choices: list[tuple[Variable, Iterator[Kind], int]] = []
        place = 0
        while True:
            if place == len(component):
                yield chosen
                del choices[max(weighed, 1) :]
            else:
                variable = component[place]
                kinds = list(members(self.domains[variable]))
                if variable not in self._values:
                    kinds.sort(key=lambda k: k != COLUMN)
                choices.append((variable, iter(kinds), len(self._trail)))
            while choices:
                variable, remaining, mark = choices[-1]
                self._undo(mark)
                kind = next(remaining, None)
                if kind is None:
                    choices.pop()
                    continue
                self._spend(component)
                if self._assign(variable, only(kind)):
                    chosen[variable] = kind
                    place = len(choices)
                    break
            else:
                return

    def _spend(self, component: list[Variable]) -> None:
        self._steps += 1
        if self._steps > _BUDGET:
            raise BudgetExceeded(
                f"{len(component)} parts of the expression hang together and could each be a "
                "scalar or a vector",
                hint="declare some of the names, for instance `x: n; t: scalar`",
            )

    def _components(self) -> Iterator[list[Variable]]:
        """Open variables that hang together through constraints."""
        seen: set[Variable] = set()
        for start in range(len(self.domains)):
            if start in seen or not self._open(start):
                continue
            seen.add(start)
            component = [start]
            for variable in component:
                for constraint in self._watch[variable]:
                    for other in self._constraints[constraint][1]:
                        if other not in seen and self._open(other):
                            seen.add(other)
                            component.append(other)
            yield component

    def _open(self, variable: Variable) -> bool:
        domain = self.domains[variable]
        return domain & (domain - 1) != 0

    def _assign(self, variable: Variable, kinds: Kinds) -> bool:
        kinds &= self.domains[variable]
        if kinds == self.domains[variable]:
            return kinds != 0
        self._trail.append((variable, self.domains[variable]))
        self.domains[variable] = kinds
        return kinds != 0 and self._propagate(self._watch[variable])

    def _undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            variable, kinds = self._trail.pop()
            self.domains[variable] = kinds

    def _propagate(self, start: Iterable[int]) -> bool:
        """Narrow domains until nothing changes; False when one becomes empty."""
        queue = list(start)
        queue.reverse()
        waiting = set(queue)
        while queue:
            constraint = queue.pop()
            waiting.discard(constraint)
            outcome, variables = self._constraints[constraint]
            masks = tuple(self.domains[v] for v in variables)
            narrowed = _narrow(outcome, masks, self._lenient)
            for variable, kinds in zip(variables, narrowed, strict=True):
                # A variable may stand in two places: both narrowings hold.
                kinds &= self.domains[variable]
                if kinds == self.domains[variable]:
                    continue
                self._trail.append((variable, self.domains[variable]))
                self.domains[variable] = kinds
                if not kinds:
                    return False
                for other in self._watch[variable]:
                    if other not in waiting:
                        waiting.add(other)
                        queue.append(other)
        return True


@lru_cache(maxsize=4096)
def _narrow(outcome: Outcome, masks: tuple[Kinds, ...], lenient: bool) -> tuple[Kinds, ...]:
    """The kinds of each variable that some consistent choice uses."""
    *operands, result = masks
    kept = [0] * len(masks)
    for kinds in product(*(tuple(members(mask)) for mask in operands)):
        found = outcome(kinds, lenient) & result
        if found:
            kept[-1] |= found
            for place, kind in enumerate(kinds):
                kept[place] |= only(kind)
    return tuple(kept)
