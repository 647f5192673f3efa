"""What the vector product is.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matgrad.proof.cumulative import slices, stacked
from matgrad.proof.dual import Dual
from matgrad.proof.pieces import times
from matgrad.proof.point import Point


def _cross(point: Point, args: Sequence[Dual]) -> Dual:
    """Entry i is a_j*b_k - a_k*b_j for i, j, k in cyclic order."""
    first, second = map(slices, args)
    return stacked(
        [
            times(first[(i + 1) % 3], second[(i + 2) % 3])
            - times(first[(i + 2) % 3], second[(i + 1) % 3])
            for i in range(3)
        ]
    )


VECTORS: dict[str, Callable[[Point, Sequence[Dual]], Dual]] = {"cross": _cross}
"""What each operator is, without its derivative."""
