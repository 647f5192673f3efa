"""Proof by evaluation: is this the derivative, are these two expressions equal?

Floor 4.  Exactly over a prime field where that is possible, in floating point otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from matgrad.catalogue.properties import indices_of
from matgrad.core.complexes import is_complex
from matgrad.core.errors import BudgetExceeded, DeclarationProblem, NoRule
from matgrad.core.expr import SYMBOL, Expr
from matgrad.proof import exact, floating
from matgrad.proof.demands import Position, Target
from matgrad.proof.problem import Problem
from matgrad.proof.result import Proof

# Usual sizes and, when those take too many multiplications, small ones with more patience.
_LIMITS = ((False, 1e6), (True, 2e6), (True, 3e7))


def prove(
    expr: Expr,
    targets: Sequence[Expr],
    answer: Expr,
    *,
    entries: Sequence[Position | None] | None = None,
    conjugate: Sequence[bool] = (),
    seed: int | None = None,
) -> Proof:
    """Check that `answer` is the tensor of partial derivatives of `expr` by the targets.

    Its axes are those of the result, then those of each target in order.  A target is a
    symbol, or one of its entries: an `entry` node, or a symbol with positions (from 0, or
    names) in `entries`.  By a complex symbol the derivative is Wirtinger's, and by its conjugate
    where `conjugate` says so.  The same `seed` gives the same points.
    """
    positions = entries if entries is not None else [None] * len(targets)
    if len(positions) != len(targets):
        raise DeclarationProblem("entries= wants one item for each target")
    others = conjugate or [False] * len(targets)
    parsed = [_target(*given) for given in zip(targets, positions, others, strict=True)]
    return _settle(Problem(expr, answer, parsed), seed)


def same(
    left: Expr,
    right: Expr,
    *,
    tied: Mapping[str, str] | None = None,
    seed: int | None = None,
) -> Proof:
    """Check that two expressions are equal wherever both exist, and sizes are what they are `tied`
    to."""
    problem = Problem(left, right, ())
    problem.tied |= tied or {}
    return _settle(problem, seed)


def _settle(problem: Problem, seed: int | None) -> Proof:
    if seed is None:
        seed = int.from_bytes(os.urandom(6), "big")
    last = BudgetExceeded("")
    for small, limit in _LIMITS:
        try:
            try:
                found = exact.check(problem, problem.assignments(small), seed, limit)
            except NoRule:
                found = None
            if found is not None:
                return found
            return floating.check(problem, problem.assignments(small), seed, limit)
        except NoRule as refusal:
            return Proof(None, "floating", seed=seed, detail=str(refusal))
        except BudgetExceeded as excess:
            last = excess
    return Proof(None, "floating", seed=seed, detail=str(last))


def _target(node: Expr, positions: Position | None, conjugate: bool) -> Target:
    """A symbol to differentiate by, or an entry of it."""
    if node.op.weights == "entry":
        node, positions = node.args[0], node.data
    if node.op is not SYMBOL:
        raise DeclarationProblem(f"cannot differentiate by {node.op.name}: name a symbol")
    allowed = len(node.shape), len(indices_of(node.data[1]))
    if positions is not None and len(positions) not in allowed:
        raise DeclarationProblem(f"{node.data[0]} has {len(node.shape)} axes, not {len(positions)}")
    return Target(node.data[0], node.shape, positions or (), is_complex(node), conjugate)
