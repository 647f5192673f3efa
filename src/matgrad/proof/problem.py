"""A claim prepared for evaluation: what is compared, and how to draw a point for it.

Floor 4.  The two sides are evaluated in one space.  With targets, the left side is the
expression, over dual numbers, and the right side the claimed tensor of its partial
derivatives, contracted with the same directions.  A property of a target restricts the
point only: directions are unstructured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from operator import add
from typing import Any, NamedTuple, final

from matgrad.catalogue.properties import closure
from matgrad.core.dims import Dim, Shape, names_of
from matgrad.core.errors import NameProblem
from matgrad.core.expr import SYMBOL, Expr, shape_text, walk
from matgrad.notation.bound import free_names
from matgrad.proof.arrays import Flat, Label
from matgrad.proof.complexes import conjugates
from matgrad.proof.components import PATTERNS, components, placed, visited, visits
from matgrad.proof.contraction import contract
from matgrad.proof.degrees import DegreeBound
from matgrad.proof.demands import Target, equal_sizes, positions_of, rooms_of, shapes_of
from matgrad.proof.dual import MOVE, Dual
from matgrad.proof.expand import expanded
from matgrad.proof.machine import Values, in_order, run
from matgrad.proof.moves import moves_of, values_of
from matgrad.proof.nested import nest
from matgrad.proof.patterns import Source
from matgrad.proof.point import Point
from matgrad.proof.samplers import degree, sample
from matgrad.proof.sizes import Sizes, assignments
from matgrad.proof.unknown import RandomUnknowns, SmoothUnknowns

CONSTANTS = {"pi": math.pi, "e": math.e, "1i": 1j}


@final
class Variable(NamedTuple):
    """What both sides say about a symbol."""

    shape: Shape
    properties: frozenset[str] = frozenset()

    def joined(self, shape: Shape, properties: frozenset[str], name: str) -> Variable:
        """Everything said about one name.  Raises NameProblem for two shapes."""
        if shape != self.shape:
            raise NameProblem(
                f"{name} is {shape_text(self.shape)} on one side, {shape_text(shape)} on the other"
            )
        return Variable(shape, self.properties | properties)


@final
class Problem:
    """Two expressions to compare, the targets between them, and everything they mention."""

    def __init__(self, left: Expr, right: Expr, targets: Sequence[Target]) -> None:
        self.left = left = expanded(left)
        self.right = right = expanded(right)
        self.targets = tuple(targets)
        self.left_nodes = in_order(left)
        self.right_nodes = in_order(right)
        nodes = dict.fromkeys((*walk(left), *walk(right)))
        free = free_names(left) | free_names(right)
        self.shapes, self.integers = shapes_of(nodes, self.targets, free)
        self.equal = equal_sizes(nodes)
        self.moves = moves_of(nodes)
        # Names of sizes that are to be the same as others.
        self.tied: dict[str, str] = {}
        places = list(positions_of(nodes, (*self.targets, *self.moves)))
        self.positions = [(at, size) for at, size in places if isinstance(at, str)]
        self.least = [(size, at + 1) for at, size in places if isinstance(at, int)]
        whole = ((at, size) for at, size in places if isinstance(at, Dim) and at.names <= free)
        self.least += ((size - at, 1) for at, size in whole)
        self.least += ((room, 0) for room in rooms_of(nodes))
        self.least = [(size, extent) for size, extent in self.least if names_of(size) <= free]
        self.variables = {target.name: Variable(target.shape) for target in self.targets}
        for node in nodes:
            if node.op is SYMBOL:
                name, properties = node.data
                met = self.variables.setdefault(name, Variable(node.shape))
                self.variables[name] = met.joined(node.shape, properties, name)

    @property
    def named_sizes(self) -> bool:
        """Whether there is more than one choice of sizes."""
        return any(names_of(size) for shape in self.shapes for size in shape)

    def assignments(self, small: bool) -> Iterator[Sizes]:
        """Values for all sizes, the best choices first."""
        return assignments(self.shapes, small, self.equal, self.least, self.integers, self.tied)

    def shapes_fit(self, sizes: Sizes) -> bool:
        """Whether the claim has the axes of the result, then those of each target."""
        wanted = self.left.shape
        for target in self.targets:
            wanted += target.own
        return sizes.extents(wanted) == sizes.extents(self.right.shape)

    def components(self, sizes: Sizes, *, combined: bool = True) -> int:
        """How many points it takes to visit every component of every property, with named
        positions that differ, that are the same, and (of more than two) that are mixed: in
        all combinations, or each of them once."""
        counts = self._counts(sizes)
        return visits(counts) if combined else max(counts)

    def _counts(self, sizes: Sizes) -> list[int]:
        """How many components each variable has, and how many patterns the named positions."""
        every = self.variables.values()
        names = {index for index, _ in self.positions}
        patterns = min(max(len(names), 1), PATTERNS)
        own = [
            components(closure(v.properties), sizes.extents(v.shape)) if v.properties else 1
            for v in every
        ]
        return [*own, patterns]

    def bound(self, sizes: Sizes, prime: int) -> tuple[float, bool]:
        """The chance that different sides agree at one point, and whether the table is used.

        Raises NoRule for what has no exact value.
        """
        known = {
            name: degree(variable.properties, sizes.extents(variable.shape))
            for name, variable in self.variables.items()
        }
        count = len(self.targets)
        degrees = DegreeBound(sizes, known)
        moving = int(bool(self.moves))
        above, below = degrees.of(self.left_nodes, count or moving)
        claimed, under = degrees.of(self.right_nodes, moving)
        total = above + below + claimed + count + under + degrees.coincidences()
        # A degree beyond the field's size proves nothing, however large it is.
        return (total / prime if total < prime else 1.0), degrees.table

    def draw(self, source: Source, sizes: Sizes) -> Draw:
        """A random point, with a random direction for each target.

        Raises BadPoint where a property has no value of its shape.
        """
        ring, symbols = source.ring, {}
        *chosen, pattern = visited(source.component, self._counts(sizes), source.random)
        for (name, variable), component in zip(self.variables.items(), chosen, strict=True):
            shape = sizes.extents(variable.shape)
            if "imaginary" in variable.properties:
                entries = [ring.imaginary]
            elif "constant" in variable.properties and ring.prime is None and name in CONSTANTS:
                entries = [CONSTANTS[name]]
            else:
                one = Source(ring, source.random, component, source.style)
                entries = sample(one, shape, variable.properties)
            symbols[name] = Dual(ring, shape, {0: entries})
        free = Source(ring, source.random)
        limits: dict[str, int] = {}
        for index, size in self.positions:
            (extent,) = sizes.extents((size,))
            limits[index] = min(extent, limits.get(index, extent))
        indices = placed(limits, pattern, source.random)
        smooth = ring.prime is None and not ring.few
        unknowns = (SmoothUnknowns if smooth else RandomUnknowns)(ring, source.random, sizes)
        point = Point(ring, sizes, symbols, unknowns, indices)
        for move in self.moves:
            direction = move.placed(self._direction(move, free, point), point)
            by = Dual(ring, symbols[move.name].shape, {0: direction})
            symbols[move.name] = symbols[move.name].displaced(MOVE, by)
        directions = [self._direction(target, free, point) for target in self.targets]
        return Draw(self, point, directions)

    def _direction(self, target: Target, free: Source, point: Point) -> Flat:
        """A random direction in what is differentiated by; for one entry, one."""
        if target.at and not target.own:
            return [free.ring.number(1)]
        count = prod(point.shape(target.own))
        entries = free.entries(count)
        if target.complex:
            turned = [free.ring.imaginary * entry for entry in free.entries(count)]
            entries = list(map(add, entries, turned))
        return entries


@final
class Draw(NamedTuple):
    """A point and the directions in which the left side is differentiated there."""

    problem: Problem
    point: Point
    directions: Sequence[Flat]

    def parts(self) -> Iterator[tuple[float, Draw]]:
        """Draws whose derivatives, so weighted, add up to Wirtinger's in all directions.

        D_E f is what is linear in E plus what is linear in conj(E), so that along E and iE the
        first is (D_E f - i D_iE f)/2 and the second (D_E f + i D_iE f)/2.
        """
        ring = self.point.ring
        half = ring.number(Fraction(1, 2))
        targets = self.problem.targets
        for turns in product(*((0, 1) if target.complex else (0,) for target in targets)):
            weight: Any = 1
            directions = list(self.directions)
            for at, (target, turn) in enumerate(zip(targets, turns, strict=True)):
                weight = weight * half if target.complex else weight
                if turn:
                    weight = weight * (ring.imaginary if target.conjugate else -ring.imaginary)
                    directions[at] = [ring.imaginary * entry for entry in directions[at]]
            yield weight, self._replace(directions=directions)

    def derivative(self) -> tuple[Flat, Values]:
        """The left side's derivative in all directions at once, and every node's value."""
        found, values = self._displacement()
        if any(target.complex for target in self.problem.targets):
            pieces = [
                [weight * x for x in part._displacement()[0]] for weight, part in self.parts()
            ]
            found = self.point.ring.settle([sum(entries) for entries in zip(*pieces, strict=True)])
        return found, values

    def _displacement(self) -> tuple[Flat, Values]:
        symbols = dict(self.point.symbols)
        for at, (target, direction) in enumerate(
            zip(self.problem.targets, self.directions, strict=True)
        ):
            known = symbols[target.name]
            whole = target.placed(direction, self.point)
            symbols[target.name] = Dual(known.ring, known.shape, {**known.parts, 1 << at: whole})
        values = values_of(self.problem.left_nodes, self.point._replace(symbols=symbols), {})
        return values[self.problem.left].part((1 << len(self.directions)) - 1), values

    def scaled(self, step: float) -> Draw:
        """The same draw with every symbol larger by a multiple of `step`, each by its own."""
        symbols = {
            name: at
            if "imaginary" in self.problem.variables[name].properties
            else Dual(at.ring, at.shape, {**at.parts, 0: [x * (1 + k * step) for x in at.real]})
            for k, (name, at) in enumerate(self.point.symbols.items(), 1)
        }
        return self._replace(point=self.point._replace(symbols=symbols))

    def displaced(self, steps: Sequence[float]) -> Flat:
        """The left side's value after that step along each direction."""
        symbols = dict(self.point.symbols)
        for target, direction, step in zip(
            self.problem.targets, self.directions, steps, strict=True
        ):
            known = symbols[target.name]
            whole = target.placed(direction, self.point)
            moved = [at + step * by for at, by in zip(known.real, whole, strict=True)]
            symbols[target.name] = Dual(known.ring, known.shape, {0: moved})
        point = self.point._replace(symbols=symbols)
        return run(self.problem.left_nodes, point)[self.problem.left].real

    def claimed(self, known: Values) -> Flat:
        """The right side, contracted with the directions over its trailing axes."""
        claim = values_of(self.problem.right_nodes, self.point, known)[self.problem.right]
        labels: tuple[Label, ...] = tuple(range(len(claim.shape)))
        sizes: dict[Label, int] = dict(enumerate(claim.shape))
        begin = len(self.problem.left.shape)
        out = labels[:begin]
        operands = [(claim, labels)]
        for target, direction in zip(self.problem.targets, self.directions, strict=True):
            if target.own or not target.at:
                end = begin + len(target.own)
                shape = claim.shape[begin:end]
                if target.conjugate:
                    direction = conjugates(direction)
                operands.append((Dual(claim.ring, shape, {0: direction}), labels[begin:end]))
                begin = end
        return contract(claim.ring, operands, out, sizes, claim.shape[: len(out)]).real

    def text(self) -> str:
        """Every value drawn, to repeat a failure by hand."""
        lines = [
            f"{name} = {nest(value.shape, value.real)}"
            for name, value in self.point.symbols.items()
        ]
        lines += [
            f"direction of {target.name} = {direction}"
            for target, direction in zip(self.problem.targets, self.directions, strict=True)
        ]
        lines += [f"index {name} = {at + 1}" for name, at in self.point.indices.items()]
        return "\n".join(lines)
