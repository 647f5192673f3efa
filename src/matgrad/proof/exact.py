"""The exact check: both sides at random points of a prime field.

Floor 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from random import Random
from typing import final

from matgrad.core.errors import BudgetExceeded
from matgrad.proof.patterns import Source
from matgrad.proof.problem import Draw, Problem
from matgrad.proof.result import Method, Proof
from matgrad.proof.ring import PRIMES, BadPoint, Field
from matgrad.proof.sizes import Sizes

SHAPES_DIFFER = "the shapes of the two sides differ"
ASSIGNMENTS = 3
# Both parities of every size, should a third choice be too much work.
ENOUGH = 2
_CHANCE = 2.0**-50
_MOST_POINTS = 8
_REDRAWS = 3
_TRIED = 40


def check(problem: Problem, choices: Iterable[Sizes], seed: int, limit: float) -> Proof | None:
    """Compare at as many points as the degrees ask for, at each of three choices of sizes.

    None leaves the matter to the floating check: the degree is too high, or the sides differ
    as far as the scalar table goes, which does not know that sin^2 + cos^2 = 1.

    Raises NoRule for what has no exact value, BudgetExceeded for too much work.
    """
    random = Random(seed)
    prime = random.choice(PRIMES)
    passed: list[Sizes] = []
    worst, table, reason = 0.0, False, "the sides have no common size"
    for sizes in islice(choices, _TRIED):
        if not problem.shapes_fit(sizes):
            return Proof(False, "exact", (sizes,), prime=prime, seed=seed, detail=SHAPES_DIFFER)
        chance, table = problem.bound(sizes, prime)
        points = math.ceil(math.log(_CHANCE) / math.log(chance)) if 0 < chance < 1 else 1
        if chance >= 1 or points > _MOST_POINTS:
            return None
        trial = _Trial(problem, sizes, Field(prime, limit))
        try:
            trial.run(random, points)
        except BudgetExceeded:
            if len(passed) < ENOUGH:
                raise
            break
        if trial.against is not None:
            return None if table else _failure(trial.against, sizes, seed, prime)
        if not trial.agreed:
            reason = trial.reason
            continue
        passed.append(sizes)
        worst = max(worst, chance**points)
        if len(passed) == ASSIGNMENTS:
            break
    if not passed:
        return Proof(None, "exact", seed=seed, detail=reason)
    method: Method = "exact modulo the scalar table" if table else "exact"
    return Proof(True, method, tuple(passed), bound=worst, prime=prime, seed=seed)


@final
class _Trial:
    """Points at one choice of sizes: so many on every component of the declared properties."""

    def __init__(self, problem: Problem, sizes: Sizes, field: Field) -> None:
        self.problem = problem
        self.sizes = sizes
        self.field = field
        self.agreed = False
        self.against: Draw | None = None
        self.reason = ""

    def run(self, random: Random, points: int) -> None:
        """Compare until a point is found where the sides differ.

        A component on which the expression does not exist is passed over: inv(P) asks for
        the idempotent matrix P of full rank.
        """
        for component in range(self.problem.components(self.sizes)):
            try:
                for _ in range(points):
                    self._compare(Source(self.field, random, component))
                    if self.against is not None:
                        return
                self.agreed = True
            except BadPoint as problem:
                self.reason = f"no point was found where it is defined ({problem})"

    def _compare(self, source: Source) -> None:
        """Compare at a random point.  Raises BadPoint when every point drawn is singular."""
        for remaining in reversed(range(_REDRAWS)):
            try:
                draw = self.problem.draw(source, self.sizes)
                left, values = draw.derivative()
                if left != draw.claimed(values):
                    self.against = draw
                return
            except BadPoint:
                if not remaining:
                    raise


def _failure(draw: Draw, sizes: Sizes, seed: int, prime: int) -> Proof:
    detail = f"the two sides differ at a point (seed {seed}, modulo {prime})\n{draw.text()}"
    return Proof(False, "exact", (sizes,), prime=prime, seed=seed, detail=detail)
