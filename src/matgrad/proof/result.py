"""What a check found.

Floor 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from math import floor, log2
from typing import Literal, final

Method = Literal["exact", "exact modulo the scalar table", "floating"]


@final
@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of a check by evaluation: `ok` is None when it could not be settled.

    An exact check bounds the chance that a wrong answer passed it (`bound`, with the `prime`
    of the field), a floating one reports the largest relative `error`.  Both speak of the
    `sizes` that were tried only.  `detail` has what is needed to repeat a failure.
    """

    ok: bool | None
    method: Method
    sizes: tuple[dict[str, int], ...] = ()
    bound: float | None = None
    error: float | None = None
    prime: int | None = None
    seed: int | None = None
    detail: str = field(default="", repr=False)

    def __str__(self) -> str:
        if self.ok is None:
            return f"undecided: {self.detail.splitlines()[0]}"
        where = "; ".join(size_text(sizes) for sizes in self.sizes)
        at = f" at sizes {where}" if where else ""
        if not self.ok:
            return f"failed ({self.method}){at}: {self.detail.splitlines()[0]}"
        if self.method == "floating":
            return f"checked in floating point{at}, relative error {self.error or 0.0:.0e}"
        power = floor(log2(self.bound)) + 1 if self.bound else -50
        modulo = ", modulo the scalar table" if self.method != "exact" else ""
        return f"checked exactly{at}{modulo}, chance of error below 2^{power}"


def size_text(sizes: dict[str, int]) -> str:
    """`m=2, n=3`, cut after a few names."""
    shown = [f"{name}={size}" for name, size in islice(sizes.items(), _SHOWN)]
    return ", ".join(shown + ["…"] * (len(sizes) > _SHOWN))


_SHOWN = 6
