"""What parts of arrays and arrays made of blocks mean, entry by entry over dual numbers.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from matgrad.core.dims import evaluate
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import Expr
from matgrad.proof.arrays import Flat, strides
from matgrad.proof.dual import Dual
from matgrad.proof.point import Point


def part(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """The entries from where each axis begins."""
    (array,) = args
    shape = point.shape(node.shape)
    begins = [0 if begin is None else int(evaluate(begin, point.sizes)) for begin in node.data]
    for begin, length, size in zip(begins, shape, array.shape, strict=True):
        if begin < 0 or length < 0 or begin + length > size:
            raise EvaluationProblem(f"entries {begin + 1} to {begin + length} of {size}")
    places = list(_places(begins, shape, array.shape))
    return Dual(array.ring, shape, {s: [p[at] for at in places] for s, p in array.parts.items()})


def block(node: Expr, args: Sequence[Dual], point: Point) -> Dual:
    """Blocks side by side and below each other."""
    shape, ring = point.shape(node.shape), point.ring
    found: dict[int, Flat] = {s: [ring.number(0)] * prod(shape) for arg in args for s in arg.parts}
    columns = node.data[1] if len(node.data) == 2 else 1
    corner = [0, 0]
    for at, array in enumerate(args):
        if at and at % columns == 0:
            corner = [corner[0] + args[at - 1].shape[0], 0]
        places = list(_places(corner[: len(shape)], array.shape, shape))
        for subset, entries in array.parts.items():
            for place, entry in zip(places, entries, strict=True):
                found[subset][place] = entry
        corner[1] += array.shape[1] if len(shape) == 2 else 0
    return Dual(ring, shape, found)


def _places(begins: Sequence[int], shape: Sequence[int], whole: Sequence[int]) -> Iterator[int]:
    """Where the entries of a part lie in the whole array."""
    steps = strides(whole)
    for at in product(*(range(begin, begin + n) for begin, n in zip(begins, shape, strict=True))):
        yield sum(step * k for step, k in zip(steps, at, strict=True))
