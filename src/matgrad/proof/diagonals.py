"""What sums along diagonals mean, and matrices with one number along each.

Floor 4.  Rows and columns are counted one by one, as the definitions do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import prod

from matgrad.proof.arrays import Flat
from matgrad.proof.cumulative import slices, stacked
from matgrad.proof.dual import Dual
from matgrad.proof.point import Point

Definition = Callable[[Point, Sequence[Dual]], Dual]
# Which line the entry at a row and a column is on, in a matrix of so many columns.
Line = Callable[[int, int, int], int]


def _sums(line: Line) -> Definition:
    """Each entry replaced by the sum of those on its line; further axes are apart."""

    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        (array,) = args
        rows, columns, *rest = array.shape
        width = prod(rest)
        on = [line(i, j, columns) for i in range(rows) for j in range(columns)]

        def summed(part: Flat) -> Flat:
            sums: dict[int, Flat] = defaultdict(lambda: [array.ring.number(0)] * width)
            for at, which in enumerate(on):
                entries = part[at * width : (at + 1) * width]
                sums[which] = [a + b for a, b in zip(sums[which], entries, strict=True)]
            return array.ring.settle([entry for which in on for entry in sums[which]])

        return Dual(array.ring, array.shape, {s: summed(p) for s, p in array.parts.items()})

    return definition


def _spread(source: Callable[[int, int, int, int], tuple[int, int]]) -> Definition:
    """A matrix whose entries are those of its operands: which operand's, and which entry."""

    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        rows, columns = args[0].shape[0], args[-1].shape[0]
        places = [source(i, j, rows, columns) for i in range(rows) for j in range(columns)]
        subsets = {s for arg in args for s in arg.parts}
        parts = {s: [args[which].part(s)[at] for which, at in places] for s in subsets}
        return Dual(args[0].ring, (rows, columns), parts)

    return definition


def _convolution(point: Point, args: Sequence[Dual]) -> Dual:
    """Each entry times each, added where their positions add up."""
    first, second = map(slices, args)
    sums: list[Dual | None] = [None] * (len(first) + len(second) - 1)
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            before = sums[i + j]
            sums[i + j] = a * b if before is None else before + a * b
    return stacked([entry for entry in sums if entry is not None])


DIAGONALS: dict[str, Definition] = {
    "diagsums": _sums(lambda i, j, n: i - j),
    "antisums": _sums(lambda i, j, n: i + j),
    "cyclesums": _sums(lambda i, j, n: (i - j) % n),
    "conv": _convolution,
    "toeplitz": _spread(lambda i, j, m, n: (0, i - j) if i >= j else (1, j - i)),
    "hankel": _spread(lambda i, j, m, n: (0, i + j) if i + j < m else (1, i + j - m + 1)),
    "circulant": _spread(lambda i, j, m, n: (0, (i - j) % n)),
}
