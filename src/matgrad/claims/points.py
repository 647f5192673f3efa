"""Points at which many candidates are compared with one correct expression, each part once.

Floor 4.  Exact where that is possible, floating otherwise.  Agreement here is a filter; a proof is
another matter.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any, final

from matgrad.core.complexes import is_complex
from matgrad.core.errors import MatgradError, NoRule
from matgrad.core.expr import Expr
from matgrad.notation.bound import outside_sums
from matgrad.proof.arrays import Flat
from matgrad.proof.expand import expanded
from matgrad.proof.machine import Values, run
from matgrad.proof.patterns import STYLES, Source
from matgrad.proof.point import Point
from matgrad.proof.problem import Problem
from matgrad.proof.ring import PRIMES, Field, Reals, Ring
from matgrad.proof.sizes import Sizes

# Two choices of sizes tell the number 5 from the size n.
_CHOICES, _TRIED, _REDRAWS = 2, 12, 6
_LIMIT = 4e6
# What a candidate costs besides its multiplications.
_PER_CANDIDATE = 100
_NEAR = 1e-9
# What a coefficient may be: a fraction of small numbers.
_SMALL = 64


@final
class Points:
    """Points for two expressions of any shapes, and what other expressions are there.

    `correct` has the values that candidates should have.  Raises MatgradError where no point is
    found at which both exist.
    """

    def __init__(self, correct: Expr, claimed: Expr, seed: int = 0) -> None:
        self.correct = expanded(correct)
        self.problem = Problem(correct, claimed, ())
        self.work = 0
        self._random = Random(seed)
        self._choices = islice(self.problem.assignments(False), _TRIED)
        self._places: list[tuple[Point, Values]] = []
        self._ring: Ring = Field(self._random.choice(PRIMES), _LIMIT)
        try:
            if is_complex(correct) or is_complex(claimed):
                raise NoRule("complex numbers are compared as floats")
            first = next(self.problem.assignments(False), None)
            if first is None or self.problem.bound(first, self._ring.prime or 1)[1]:
                raise NoRule("the scalar table does not know every equality")
            self._draw()
        except NoRule:
            self._ring = Reals(_LIMIT, 1e-9)
            self._choices = islice(self.problem.assignments(False), _TRIED)
            self._draw()
        self.exact = self._ring.prime is not None
        if not self._places:
            raise NoRule("no point was found where both sides are defined")

    def _draw(self) -> None:
        """One more point, if there is one."""
        ring = self._ring
        for sizes in self._choices:
            for at in range(_REDRAWS):
                ring.work = 0
                values: Values = {}
                try:
                    style = "plain" if ring.prime else STYLES[at % len(STYLES)]
                    source = Source(ring, self._random, at, style)
                    point = self.problem.draw(source, sizes).point
                    run(self.problem.left_nodes, point, values)
                    run(self.problem.right_nodes, point, values)
                except ArithmeticError:
                    continue
                self._places.append((point, values))
                return

    @property
    def places(self) -> Iterator[int]:
        """The numbers of the points; one is drawn when it is asked for."""
        for place in range(_CHOICES):
            if place == len(self._places):
                self._draw()
            if place < len(self._places):
                yield place

    @property
    def sizes(self) -> list[Sizes]:
        """The sizes at each point."""
        return [self._places[place][0].sizes for place in self.places]

    def at(self, place: int, expr: Expr) -> Flat | None:
        """The entries of an expression at one point, or None where it has no value."""
        point, values = self._places[place]
        root = expanded(expr)
        found = values.get(root)
        if found is None:
            point.ring.work = 0
            try:
                run(_missing(root, values), point, values)
            except (ArithmeticError, MatgradError, LookupError, TypeError, ValueError):
                return None
            finally:
                self.work += point.ring.work + _PER_CANDIDATE
            found = values[root]
        return found.real

    def holds(self, expr: Expr) -> bool:
        """Whether an expression has the correct values at every point."""
        return self.same(self.correct, expr)

    def same(self, left: Expr, right: Expr) -> bool:
        """Whether two expressions have the same values at every point."""
        for place in self.places:
            wanted, found = self.at(place, left), self.at(place, right)
            if wanted is None or found is None or not self._agree(wanted, found):
                return False
        return True

    def _agree(self, left: Flat, right: Flat) -> bool:
        if len(left) != len(right):
            return False
        if self.exact:
            return left == right
        if not all(map(cmath.isfinite, right)):
            return False
        top = max(map(abs, (*left, *right)), default=0.0)
        return all(abs(a - b) <= _NEAR * top for a, b in zip(left, right, strict=True))

    def coefficients(self, terms: Sequence[Expr]) -> list[list[Fraction]] | None:
        """At each point, the small fractions with which the terms add up to what is correct.

        None where there are none, or more than one choice.
        """
        found = []
        for place in self.places:
            columns = [self.at(place, term) for term in (*terms, self.correct)]
            if any(column is None for column in columns):
                return None
            solved = self._solved(self._ring, [column for column in columns if column is not None])
            if solved is None:
                return None
            found.append(solved)
        return found

    def _solved(self, ring: Ring, columns: Sequence[Flat]) -> list[Fraction] | None:
        if len({len(column) for column in columns}) != 1:
            return None
        rows = [list(row) for row in zip(*columns, strict=True)]
        scale = max((abs(x) for row in rows for x in row), default=0)
        small = 0 if self.exact else _NEAR * scale
        width = len(columns) - 1
        for column in range(width):
            at = max(range(column, len(rows)), key=lambda k: abs(rows[k][column]), default=None)
            if at is None or abs(rows[at][column]) <= small:
                return None
            best = rows.pop(at)
            (inverse,) = ring.settle([ring.reciprocal(best[column])])
            pivot = ring.settle([entry * inverse for entry in best])
            rows = [_without(ring, row, row[column], pivot) for row in rows]
            rows.insert(column, pivot)
        if any(abs(row[width]) > small for row in rows[width:]):
            return None
        fractions = [self._fraction(row[width], ring) for row in rows[:width]]
        known = [fraction for fraction in fractions if fraction is not None]
        return known if len(known) == width else None

    def _fraction(self, entry: Any, ring: Ring) -> Fraction | None:
        """The small fraction that an entry is."""
        if isinstance(entry, complex):
            if abs(entry.imag) > _NEAR:
                return None
            entry = entry.real
        if ring.prime is None:
            near = Fraction(entry).limit_denominator(_SMALL)
            return near if abs(near - Fraction(entry)) < _NEAR * 10 * (1 + abs(near)) else None
        for below in range(1, _SMALL + 1):
            above = entry * below % ring.prime
            for signed in (above, above - ring.prime):
                if abs(signed) <= _SMALL * _SMALL:
                    return Fraction(int(signed), below)
        return None


def _without(ring: Ring, row: Flat, multiple: Any, pivot: Flat) -> Flat:
    return ring.settle([a - multiple * b for a, b in zip(row, pivot, strict=True)])


def _missing(root: Expr, values: Values) -> Iterable[Expr]:
    """The nodes under `root` without a value, operands first."""
    return [node for node in outside_sums(root) if node not in values]
