"""Counterexamples: small whole numbers at which the two sides of a claim differ.

Floor 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any, final

from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.errors import MatgradError
from matgrad.core.expr import APPLY, SYMBOL, Expr, walk
from matgrad.notation.render import render
from matgrad.proof.machine import Values, run
from matgrad.proof.nested import Nested, nest
from matgrad.proof.patterns import Source
from matgrad.proof.problem import Problem
from matgrad.proof.ring import Small
from matgrad.proof.sizes import Sizes

# What entries are drawn from: the first numbers that refute are the easiest to compute with.
_POOLS = tuple(tuple(map(Fraction, pool)) for pool in ((0, 1), (0, 1, 2), (-2, -1, 0, 1, 2, 3)))
_DRAWS, _CHOICES, _SEARCHED = 16, 6, 200
_LIMIT = 2e5
# Floats differ by hand when their third digits do.
_APART = 1e-2
# Fractions with larger denominators are written as decimals.
_LARGEST = 1000


@final
@dataclass(frozen=True)
class Counterexample:
    """Values at which the sides of a claim differ, and what the sides are there.

    `values` are of symbols, by name, and of unknown functions and their derivatives, as they are
    written (`f(X)`, `D(f, X)`); nested lists of integers, fractions and floats.
    """

    sizes: Mapping[str, int]
    values: Mapping[str, Nested]
    left: Nested
    right: Nested

    def __str__(self) -> str:
        given = [f"{name} = {numbers(value)}" for name, value in self.values.items()]
        given = given or [f"{name} = {value}" for name, value in self.sizes.items()]
        return (
            f"{', '.join(given)}: the left side is {numbers(self.left)}, "
            f"the right side {numbers(self.right)}"
        )


def numbers(value: Any) -> str:
    """Nested numbers as they are written by hand: `[[1, 2], [0, 1/2]]`."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(numbers, value))}]"
    if isinstance(value, complex):
        return (
            f"{numbers(value.real)} + {numbers(value.imag)}i" if value.imag else numbers(value.real)
        )
    if isinstance(value, float):
        near = Fraction(value).limit_denominator(64)
        if abs(near - Fraction(value)) > 1e-12 * abs(near):
            return f"{value:.4g}"
        value = near
    return f"{float(value):.4g}" if Fraction(value).denominator > _LARGEST else str(value)


def counterexample(left: Expr, right: Expr, seed: int = 0) -> Counterexample | None:
    """The simplest point found at which two expressions of one shape differ, 2 x 2 where that is
    possible; None where none was found."""
    problem = Problem(left, right, ())
    for sizes in islice(_small(problem), _CHOICES):
        for pool in _POOLS:
            found = list(_found(problem, sizes, pool, Random(seed)))
            if found:
                return min(found, key=_effort)
    return None


def _small(problem: Problem) -> Iterator[Sizes]:
    """Sizes, those nearest to two first."""
    choices = list(islice(problem.assignments(True), _SEARCHED))
    return iter(
        sorted(choices, key=lambda sizes: sorted((abs(n - 2), -n) for n in sizes.values())[::-1])
    )


def _found(
    problem: Problem, sizes: Sizes, pool: tuple[Fraction, ...], random: Random
) -> Iterator[Counterexample]:
    for at in range(_DRAWS):
        ring = Small(pool, _LIMIT)
        values: Values = {}
        try:
            point = problem.draw(Source(ring, random, at), sizes).point
            run(problem.left_nodes, point, values)
            run(problem.right_nodes, point, values)
        except (ArithmeticError, MatgradError, ValueError):
            continue
        left, right = values[problem.left], values[problem.right]
        if left.shape == right.shape and _differ(left.real, right.real):
            yield Counterexample(
                dict(sizes),
                {**{name: sizes[name] for name in problem.integers}, **_shown(problem, values)},
                nest(left.shape, left.real),
                nest(right.shape, right.real),
            )


def _differ(left: list[Any], right: list[Any]) -> bool:
    """Whether two arrays differ so much that anyone sees it."""
    if not all(map(math.isfinite, map(abs, (*left, *right)))):
        return False
    gap = max((abs(a - b) for a, b in zip(left, right, strict=True)), default=0)
    return gap > _APART * max(map(abs, (*left, *right)), default=0)


def _shown(problem: Problem, values: Values) -> dict[str, Nested]:
    """What was drawn: symbols and unknown functions in order of appearance."""
    found: dict[str, Nested] = {}
    for node in walk(problem.left, problem.right):
        constant = node.op is SYMBOL and (node is IMAGINARY or "constant" in node.data[1])
        if (node.op is SYMBOL or node.op is APPLY) and node in values and not constant:
            found[render(node, "text")] = nest(values[node].shape, values[node].real)
    return found


def _effort(example: Counterexample) -> tuple[float, ...]:
    """How much there is to compute with."""
    results = list(_flat([example.left, example.right]))
    entries = list(_flat(list(example.values.values())))
    return (
        sum(
            Fraction(x).denominator > 8 if isinstance(x, int | float | Fraction) else 1
            for x in results
        ),
        sum(map(abs, entries)) + sum(map(abs, results)),
    )


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value
