"""The exact check: both sides at random points of a prime field.

Floor 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from matgrad.core.errors import BudgetExceeded
from matgrad.proof.problem import Draw, Problem
from matgrad.proof.result import Method, Proof
from matgrad.proof.ring import PRIMES, BadPoint, Field
from matgrad.proof.samplers import Source
from matgrad.proof.sizes import Sizes

ASSIGNMENTS = 3
# Both parities of every size, should a third choice be too much work.
ENOUGH = 2
_CHANCE = 2.0**-50
_MOST_POINTS = 8
_REDRAWS = 3


def check(problem: Problem, choices: Sequence[Sizes], seed: int, limit: float) -> Proof | None:
    """Compare at as many points as the degrees ask for, at each of three choices of sizes.

    None leaves the matter to the floating check: the degree is too high, or the sides differ
    as far as the scalar table goes, which does not know that sin^2 + cos^2 = 1.
    Raises NoRule for what has no exact value, BudgetExceeded for too much work.
    """
    random = Random(seed)
    prime = random.choice(PRIMES)
    passed: list[Sizes] = []
    worst, table, reason = 0.0, False, "the sides have no common size"
    for sizes in choices:
        if not problem.shapes_fit(sizes):
            return Proof(False, "exact", (sizes,), prime=prime, seed=seed, detail=_SHAPES)
        chance, table = problem.bound(sizes, prime)
        points = math.ceil(math.log(_CHANCE) / math.log(chance)) if 0 < chance < 1 else 1
        if chance >= 1 or points > _MOST_POINTS:
            return None
        points = max(points, problem.components(sizes))
        field = Field(prime, limit)
        try:
            for component in range(points):
                draw = _agreement(problem, Source(field, random, component), sizes)
                if draw is not None:
                    return None if table else _failure(draw, sizes, seed, prime)
        except BadPoint as problem_here:
            reason = f"no point was found where it is defined ({problem_here})"
            continue
        except BudgetExceeded:
            if len(passed) < ENOUGH:
                raise
            break
        passed.append(sizes)
        worst = max(worst, chance**points)
        if len(passed) == ASSIGNMENTS:
            break
    if not passed:
        return Proof(None, "exact", seed=seed, detail=reason)
    method: Method = "exact modulo the scalar table" if table else "exact"
    return Proof(True, method, tuple(passed), bound=worst, prime=prime, seed=seed)


_SHAPES = "the shapes of the two sides differ"


def _agreement(problem: Problem, source: Source, sizes: Sizes) -> Draw | None:
    """None where both sides agree at a random point, else the point.

    Raises BadPoint when every point drawn is singular.
    """
    for remaining in reversed(range(_REDRAWS)):
        try:
            draw = problem.draw(source, sizes)
            left, values = draw.derivative()
            return None if left == draw.claimed(values) else draw
        except BadPoint:
            if not remaining:
                raise
    raise AssertionError("unreachable")


def _failure(draw: Draw, sizes: Sizes, seed: int, prime: int) -> Proof:
    detail = f"the two sides differ at a point (seed {seed}, modulo {prime})\n{draw.text()}"
    return Proof(False, "exact", (sizes,), prime=prime, seed=seed, detail=detail)
