"""Unknown functions, made concrete: random tensors in a field, smooth functions of floats.

Floor 4.  In a field the value of f at each argument, and each of its derivative tensors
there, is drawn on its own: two expressions that agree then agree for every smooth f.  Only
what holds for every f is built in: derivatives are symmetric in the arguments they were
taken by, and inherit the declared symmetry of the value.  Over the floats f is a sum of
sines, whose derivatives of every order are at hand.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import prod
from operator import add, mul
from random import Random
from typing import Any, NamedTuple, final

from matgrad.core.errors import NoRule
from matgrad.core.expr import Function
from matgrad.proof.arrays import Flat, Label
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual
from matgrad.proof.ring import Ring
from matgrad.proof.scalars import SCALARS
from matgrad.proof.sizes import Sizes

Slots = tuple[int, ...]
# What a value may be declared to be and its derivative tensors then are, too.
_PATTERNS = {
    "symmetric": "symmetric",
    "pd": "symmetric",
    "psd": "symmetric",
    "skew": "skew",
    "diagonal": "diagonal",
    "lower": "lower",
    "upper": "upper",
    "invertible": "",
    "positive": "",
}


class Unknowns(ABC):
    """The unknown functions of one point."""

    @abstractmethod
    def tensor(self, function: Function, slots: Slots, args: Sequence[Dual]) -> Dual:
        """The derivative of `function` by the arguments in `slots`, at plain arguments."""

    @abstractmethod
    def entrywise(self, function: Function, times: int, x: Dual) -> Dual:
        """The derivative of that order of a scalar function, entry by entry, at plain x."""

    def of_matrices(self, function: Function, times: int) -> Callable[[Dual], Dual]:
        """The derivative of that order of a scalar function, as a function of plain matrices."""
        raise NoRule(f"{function.name} of a matrix has no value here")

    def at(self, function: Function, slots: Slots, args: Sequence[Dual]) -> Dual:
        """f or a derivative tensor at dual arguments: f(a + b eps) = f(a) + Df(a)[b] eps."""
        eps = max(max(arg.parts) for arg in args) if args else 0
        if eps == 0:
            if function.elementwise:
                return self.entrywise(function, len(slots), args[0])
            return self.tensor(function, slots, args)
        eps = 1 << (eps.bit_length() - 1)
        halves = [arg.split_at(eps) for arg in args]
        low = [half[1] for half in halves]
        value = self.at(function, slots, low)
        slope: Dual | None = None
        for slot, (_, _, high) in enumerate(halves):
            if len(high.parts) == 1 and not any(high.real):
                continue
            derivative = self.at(function, tuple(sorted((*slots, slot))), low)
            piece = (
                derivative * high
                if function.elementwise
                else _directional(derivative, high, slot, slots, args)
            )
            slope = piece if slope is None else slope + piece
        return value if slope is None else value.displaced(eps, slope)


@final
class RandomUnknowns(Unknowns):
    """Values and derivative tensors drawn one by one, remembered by their arguments."""

    def __init__(self, ring: Ring, random: Random, sizes: Sizes) -> None:
        self.ring = ring
        self.random = random
        self.sizes = sizes
        self.tensors: dict[tuple[str, Slots, tuple[tuple[float, ...], ...]], Dual] = {}
        self.scalars: dict[tuple[str, int, Any], Any] = {}

    def tensor(self, function: Function, slots: Slots, args: Sequence[Dual]) -> Dual:
        key = (function.name, slots, tuple(tuple(arg.real) for arg in args))
        found = self.tensors.get(key)
        if found is None:
            value = self.sizes.extents(function.value)
            shape = value + tuple(size for slot in slots for size in args[slot].shape)
            self.ring.spend(prod(shape))
            blocks = [prod(args[slot].shape) for slot in slots]
            draws = partial(self.ring.draws, self.random)
            entries = _patterned(draws, value, slots, blocks, pattern_of(function))
            found = self.tensors[key] = Dual(self.ring, shape, {0: self.ring.settle(entries)})
        return found

    def entrywise(self, function: Function, times: int, x: Dual) -> Dual:
        return self.keyed(function.name, times, x)

    def known(self, name: str, x: Dual) -> Dual:
        """A known scalar function, of which only its row of derivatives is kept."""
        split = x.split()
        if split is None:
            return self.keyed(f"{name}()", 0, x)
        eps, low, high = split
        value = self.known(name, low)
        return value.displaced(eps, SCALARS[name].derivative(self.known, low, value) * high)

    def keyed(self, name: str, times: int, x: Dual) -> Dual:
        """A random scalar function, entry by entry."""
        drawn = self.scalars
        result: Flat = []
        for entry in x.real:
            # f(conj(z)) = conj(f(z)): of the two the one that comes first is drawn.
            (other,) = self.ring.settle([entry.conjugate()])
            mirrored = other != entry and other.imag < entry.imag
            key = (name, times, other if mirrored else entry)
            if key not in drawn:
                drawn[key] = self.ring.draw(self.random)
                if other != entry:
                    drawn[key] += self.ring.imaginary * self.ring.draw(self.random)
            result.append(drawn[key].conjugate() if mirrored else drawn[key])
        return Dual(self.ring, x.shape, {0: result})


@final
class SmoothUnknowns(Unknowns):
    """f(x) = c_0 + sum over r of c_r sin(w_r·x + a_r), the same f at every argument."""

    TERMS = 4

    def __init__(self, ring: Ring, random: Random, sizes: Sizes) -> None:
        self.ring = ring
        self.random = random
        self.sizes = sizes
        self.drawn: dict[str, Sines] = {}

    def tensor(self, function: Function, slots: Slots, args: Sequence[Dual]) -> Dual:
        value = self.sizes.extents(function.value)
        sines = self._sines(function, value, [len(arg.real) for arg in args])
        point = [entry for arg in args for entry in arg.real]
        starts = [0]
        for arg in args:
            starts.append(starts[-1] + len(arg.real))
        result = [0.0] * prod(value) if slots else list(sines.offset)
        result *= prod(len(args[slot].real) for slot in slots)
        for weights, phase, directions in sines.terms:
            angle = phase + sum(map(mul, directions, point))
            block = [math.sin(angle + len(slots) * math.pi / 2)]
            for slot in slots:
                along = directions[starts[slot] : starts[slot + 1]]
                block = [entry * step for entry in block for step in along]
            self.ring.spend(len(result))
            piece = [weight * entry for weight in weights for entry in block]
            result = list(map(add, result, piece))
        shape = value + tuple(size for slot in slots for size in args[slot].shape)
        return Dual(self.ring, shape, {0: result})

    def entrywise(self, function: Function, times: int, x: Dual) -> Dual:
        sines = self._sines(function, (), [1])
        turn = times * math.pi / 2
        result = [
            (0.0 if times else sines.offset[0])
            + sum(
                weight * speed**times * math.sin(speed * entry + phase + turn)
                for (weight,), phase, (speed,) in sines.terms
            )
            for entry in x.real
        ]
        return Dual(self.ring, x.shape, {0: result})

    def scalar(self, function: Function) -> Sines:
        """The sines that a scalar function is made of."""
        return self._sines(function, (), [1])

    def _sines(self, function: Function, value: tuple[int, ...], args: Sequence[int]) -> Sines:
        found = self.drawn.get(function.name)
        if found is None:
            found = self.drawn[function.name] = self._draw(function, value, sum(args))
        return found

    def _draw(self, function: Function, value: tuple[int, ...], entries: int) -> Sines:
        uniform, pattern = self.random.uniform, pattern_of(function)

        def within_reach(count: int) -> Flat:
            return [uniform(-reach, reach) for _ in range(count)]

        safe = function.properties & {"pd", "psd", "invertible", "positive"}
        # A safe value is I (or 1) plus less than a half of it.
        reach = 0.5 / (self.TERMS * max(value, default=1)) if safe else 1.0
        offset = _patterned(within_reach, value, (), (), pattern)
        if "positive" in safe or (safe and len(value) < 2):
            offset = [1.0 + entry if entry else 0.0 for entry in offset]
        elif safe:
            offset[:: value[0] + 1] = [1.0] * value[0]
        terms = []
        for _ in range(self.TERMS):
            weights = _patterned(within_reach, value, (), (), pattern)
            directions = [uniform(-1, 1) for _ in range(entries)]
            terms.append((weights, uniform(0, 6), directions))
        return Sines(offset, terms)


@final
class Sines(NamedTuple):
    offset: Flat
    terms: list[tuple[Flat, float, Flat]]  # weights of the value, phase, direction


def pattern_of(function: Function) -> str:
    """The pattern that the value and every derivative tensor has in its first two axes."""
    unknown = sorted(function.properties - set(_PATTERNS))
    if unknown:
        raise NoRule(f"no sampler for an unknown function that is {', '.join(unknown)}")
    if len(function.value) < 2:
        return ""
    found = {_PATTERNS[name] for name in function.properties} - {""}
    if found >= {"lower", "upper"} or ("symmetric" in found and found & {"lower", "upper"}):
        found.add("diagonal")
    if "diagonal" in found and "skew" not in found:
        return "diagonal"
    if len(found) > 1:
        raise NoRule(f"no sampler for an unknown function that is {', '.join(sorted(found))}")
    return found.pop() if found else ""


def _patterned(
    draws: Callable[[int], Flat],
    value: tuple[int, ...],
    slots: Slots,
    blocks: Sequence[int],
    pattern: str,
) -> Flat:
    """A random tensor, symmetric in the blocks of equal slots, patterned in its first axes."""
    repeats = len(set(slots)) < len(slots)
    if not (pattern or repeats):
        return draws(prod(value) * prod(blocks))
    drawn: dict[tuple[int, ...], float] = {}
    result: Flat = []
    for position in product(*map(range, value)):
        sign, place = _canonical(position, pattern)
        for block in product(*map(range, blocks)):
            if sign == 0:
                result.append(0)
                continue
            if repeats:
                block = tuple(at for _, at in sorted(zip(slots, block, strict=True)))
            key = (*place, *block)
            if key not in drawn:
                (drawn[key],) = draws(1)
            result.append(sign * drawn[key])
    return result


def _canonical(position: tuple[int, ...], pattern: str) -> tuple[int, tuple[int, ...]]:
    """(sign, where the entry was drawn); sign 0 for an entry that is always zero."""
    if not pattern:
        return 1, position
    row, column = position[:2]
    if pattern in ("symmetric", "skew"):
        place = (min(row, column), max(row, column), *position[2:])
        if pattern == "symmetric":
            return 1, place
        return (row < column) - (row > column), place
    zero = {"diagonal": row != column, "lower": row < column, "upper": row > column}[pattern]
    return (0 if zero else 1), position


def _directional(
    derivative: Dual, direction: Dual, slot: int, slots: Slots, args: Sequence[Dual]
) -> Dual:
    """A derivative tensor contracted with a direction over the block of `slot` added last."""
    after = sum(len(args[other].shape) for other in slots if other > slot)
    width = len(args[slot].shape)
    order = len(derivative.shape)
    labels = tuple(range(order))
    begin = order - after - width
    block = labels[begin : begin + width]
    out = labels[:begin] + labels[begin + width :]
    sizes: dict[Label, int] = dict(zip(labels, derivative.shape, strict=True))
    return contract(
        derivative.ring,
        ((derivative, labels), (direction, block)),
        out,
        sizes,
        tuple(sizes[label] for label in out),
    )
