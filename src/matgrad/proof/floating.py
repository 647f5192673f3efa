"""The floating check: dual numbers and finite differences, at points that meet the conditions.

Floor 4.  A relative error near rounding is agreement, a large one that rounding does not explain
refutes; anything between is a badly conditioned point, and another one is drawn.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterable
from itertools import islice, product
from math import prod
from operator import add
from random import Random
from typing import final

from matgrad.core.errors import BudgetExceeded, NoRule
from matgrad.proof.analytic import is_analytic
from matgrad.proof.arrays import Flat
from matgrad.proof.definitions import is_called
from matgrad.proof.exact import ASSIGNMENTS, ENOUGH, SHAPES_DIFFER
from matgrad.proof.machine import Values
from matgrad.proof.patterns import STYLES, Source
from matgrad.proof.problem import Draw, Problem
from matgrad.proof.result import Proof
from matgrad.proof.ring import BadPoint, Reals
from matgrad.proof.sizes import Sizes

# At the first choice of sizes and at the others; abs(t) = t must not pass because all points happen
# to be positive.  Where there is one branch only, and where there are many nodes, few will do.
_POINTS, _FEW_POINTS, _MANY_NODES = (8, 5), (3, 3), 500
# Multiplications at one choice of sizes, after which the fewest points are enough.
_PATIENCE = 2e6
_TRIED = 12
# Relative errors: below the first the sides agree, above the second they differ.
_DUAL = (1e-9, 1e-5)
_DIFFERENCES = ((1e-5, 1e-2), (1e-4, 3e-2), (1e-2, 0.3))
_REFUTATIONS = 3
# Steps of differences of order 1, 2, 3, where rounding and truncation are in balance.
_STEPS = (2e-3, 5e-3, 2e-2)
_CLOSER = 32
_FINITE = "finite differences"
# Values this much larger than the result drown it in rounding.
_CANCELLATION = 1e-3
# An exponential's relative error is the rounding of what is added up in its argument.
_ROUNDING = 2.0**-48
# Relative steps to points nearby, and how little a true difference varies between them.
_NUDGES = (1e-13, -1e-13, 3e-13, -3e-13)
_STEADY = 0.25
# A pivot that shrank this much belongs to a singular matrix.
_SINGULAR = 1e-9


def check(problem: Problem, choices: Iterable[Sizes], seed: int, limit: float) -> Proof:
    """Compare at a few points for each of three choices of sizes, at the first of which all
    combinations of the components of properties are visited.

    Raises NoRule for an operator without a definition, BudgetExceeded for too much work.
    """
    random = Random(seed)
    passed: list[Sizes] = []
    many = len(problem.left_nodes) > _MANY_NODES
    one_branch = is_analytic(problem.left, problem.right)
    first, further = _FEW_POINTS if many or one_branch else _POINTS
    if not problem.named_sizes:
        first += (ASSIGNMENTS - 1) * further
    worst, reason = 0.0, "the sides have no common size"
    for sizes in islice(choices, _TRIED):
        if not problem.shapes_fit(sizes):
            return Proof(False, "floating", (sizes,), seed=seed, detail=SHAPES_DIFFER)
        trial = _Trial(problem, sizes, Reals(limit, _SINGULAR), differences=not passed)
        try:
            components = problem.components(sizes, combined=not passed)
            trial.run(random, max(further if passed else first, components))
        except BudgetExceeded:
            if len(passed) < ENOUGH:
                raise
            break
        if len(trial.against) >= _REFUTATIONS:
            error, draw, method = min(trial.against, key=lambda found: found[0])
            detail = f"the two sides differ by {error:.1e} in {method} (seed {seed})\n{draw.text()}"
            return Proof(False, "floating", (sizes,), error=error, seed=seed, detail=detail)
        if trial.against:
            detail = f"the two sides differ at some points only (seed {seed})"
            return Proof(None, "floating", (sizes,), seed=seed, detail=detail)
        if not trial.agreed:
            reason = trial.reason
            continue
        passed.append(sizes)
        worst = max(worst, trial.error)
        if len(passed) == ASSIGNMENTS:
            break
    if passed and all(set(sizes.values()) == {1} for sizes in passed):
        passed, reason = [], "points were found for single entries only"
    if not passed:
        return Proof(None, "floating", seed=seed, detail=reason)
    return Proof(True, "floating", tuple(passed), error=worst, seed=seed)


@final
class _Trial:
    """Points drawn at one choice of sizes, until enough of them agree or differ."""

    def __init__(self, problem: Problem, sizes: Sizes, ring: Reals, *, differences: bool) -> None:
        self.problem = problem
        self.sizes = sizes
        self.ring = ring
        self.order = len(problem.targets)
        # A user's own function takes plain floats: finite differences are all there is.
        self.dual = not any(is_called(node.op) for node in problem.left_nodes)
        # Differences are slow, and one point of them is enough where duals agree.
        self.differences = differences or not self.dual
        if problem.moves and not self.dual:
            raise NoRule("a user's own function has no differential at plain floats")
        self.agreed = False
        self.error = 0.0
        self.against: list[tuple[float, Draw, str]] = []
        self.reason = "no point was found where it is defined"

    def run(self, random: Random, wanted: int) -> None:
        """Draw points until so many of them agree, or fewer where they take too much work."""
        spent = agreed = 0
        for at in range(6 * (wanted + 4)):
            source = Source(self.ring, random, at, STYLES[at % len(STYLES)])
            spent += self.ring.work
            self.ring.work = 0
            try:
                draw = self.problem.draw(source, self.sizes)
                agrees = self._compare(draw, differences=self.differences)
            except BadPoint as problem:
                self.reason = f"no point was found where it is defined ({problem})"
                continue
            except ArithmeticError:
                self.reason = "no point was found where it is finite"
                continue
            if agrees:
                agreed += 1
                self.differences = not self.dual
            enough = wanted if spent < _PATIENCE else min(_FEW_POINTS)
            self.agreed = agreed > 0
            if len(self.against) >= _REFUTATIONS or (agreed >= enough and not self.against):
                return

    def _compare(self, draw: Draw, differences: bool) -> bool:
        """Whether the sides agree at a point; a clear disagreement is noted."""
        values: Values = {}
        if self.dual:
            left, values = draw.derivative()
            right = draw.claimed(values)
            error = _error(left, right, values)
            if error > _DUAL[1] and (
                error < _ROUNDING * _largest(values) or _is_rounding(draw, _gap(left, right))
            ):
                raise BadPoint(f"rounding makes an error of {error:.1e}")
            if not self._judge(error, _DUAL, draw, "dual numbers"):
                return False
            self.error = max(self.error, error)
        else:
            right = draw.claimed({})
        if differences and 0 < self.order <= len(_STEPS):
            return self._differ(draw, right, values)
        if not self.dual and self.order == 0:
            error = _error(draw.displaced(()), right, values)
            return self._judge(error, _DUAL, draw, "values")
        return True

    def _differ(self, draw: Draw, right: Flat, values: Values) -> bool:
        """Whether finite differences agree, with small steps if not with large ones: a kink,
        such as abs has, may lie between."""
        limits, step = _DIFFERENCES[self.order - 1], _STEPS[self.order - 1]
        found = _differences(draw, self.order, step)
        error = _error(found, right, values)
        if error > limits[0]:
            closer = _differences(draw, self.order, step / _CLOSER)
            error = min(error, _error(closer, right, values))
            # Where dual numbers agree, differences that do not settle by themselves say nothing.
            if error > limits[1] and _error(found, closer, {} if self.dual else values) > limits[0]:
                raise BadPoint("finite differences that depend on the step")
        if not self._judge(error, limits, draw, _FINITE):
            return False
        if self.dual:
            # What differed before was a kink, since the dual numbers agree everywhere.
            self.against = [found for found in self.against if found[2] != _FINITE]
        else:
            self.error = max(self.error, error)
        return True

    def _judge(self, error: float, limits: tuple[float, float], draw: Draw, method: str) -> bool:
        agree, differ = limits
        if error > agree:
            self.reason = f"every point was badly conditioned (error {error:.1e} in {method})"
        if error > differ:
            self.against.append((error, draw, method))
        return error <= agree


def _is_rounding(draw: Draw, gap: Flat) -> bool:
    """Whether a gap between the sides is rounding: at points too close to be told apart by
    what is true of them, rounding is another and a true difference the same."""
    largest = max(map(abs, gap), default=0.0)
    for step in _NUDGES:
        near = draw.scaled(step)
        left, values = near.derivative()
        again = _gap(left, near.claimed(values))
        if max(map(abs, _gap(gap, again)), default=0.0) > largest * _STEADY:
            return True
    return False


def _gap(left: Flat, right: Flat) -> Flat:
    return [a - b for a, b in zip(left, right, strict=True)]


def _error(left: Flat, right: Flat, values: Values) -> float:
    """The largest difference, relative to the result or to what cancelled in it.

    Raises BadPoint when an entry is not finite.
    """
    if not all(map(cmath.isfinite, left)) or not all(map(cmath.isfinite, right)):
        raise BadPoint("not finite")
    difference = max((abs(a - b) for a, b in zip(left, right, strict=True)), default=0.0)
    top = max(max(map(abs, left), default=0.0), max(map(abs, right), default=0.0))
    if difference <= _DUAL[0] * top:
        return difference / top if top else 0.0
    return difference / max(top, _largest(values) * _CANCELLATION)


def _largest(values: Values) -> float:
    parts = (part for value in values.values() for part in value.parts.values())
    return max((abs(entry) for part in parts for entry in part), default=0.0)


def _differences(draw: Draw, order: int, step: float) -> Flat:
    """Central differences in all directions, extrapolated once (Richardson)."""
    total: Flat = []
    for weight, part in draw.parts():
        coarse, fine = (_central(part, order, step / scale) for scale in (1, 2))
        piece = [weight * (4 * b - a) / 3 for a, b in zip(coarse, fine, strict=True)]
        total = list(map(add, total, piece)) if total else piece
    return total


def _central(draw: Draw, order: int, step: float) -> Flat:
    total: Flat = []
    for signs in product((1, -1), repeat=order):
        sign = prod(signs)
        value = draw.displaced([step * each for each in signs])
        total = [a + sign * b for a, b in zip(total or [0.0] * len(value), value, strict=True)]
    return [entry / (2 * step) ** order for entry in total]
