"""A verdict: whether a claim holds, and what there is to say of one that does not.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, final

from matgrad.claims.example import Counterexample
from matgrad.core.dims import Shape
from matgrad.notation.read import NameInfo
from matgrad.proof import Proof


@final
@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim holds.

    `true` wherever both sides exist (`conditions`), with the `proof`'s bound or error; `true-if` in
    another `layout`, or when the symbols have the properties that it `needs`; `false` with a
    `counterexample`; `undecided` when no method settles it.  `by` says how: `normal form` when both
    sides are one expression by the structural laws and rules, else by evaluation.

    Of a claim that is not true as it stands: `correct` is what the left side is, `fault` what went
    wrong, the likeliest first, `mend` the smallest change of the right side that makes it true.
    `shapes` are those of the two sides where they differ.  In a chain `a = b = c` the verdict is on
    the `claim` that is broken, or on the last.

    `remarks` are how the text was taken.  True in a condition only when it holds.
    """

    claim: str
    verdict: Literal["true", "true-if", "false", "undecided"]
    by: str
    proof: Proof
    symbols: tuple[NameInfo, ...] = ()
    layout: str = "book"
    conditions: tuple[str, ...] = ()
    shapes: tuple[Shape, Shape] | None = None
    correct: str | None = None
    fault: tuple[str, ...] = ()
    mend: str | None = None
    needs: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    remarks: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.verdict == "true"

    def __str__(self) -> str:
        return f"{self.verdict} (by {self.by}; {self.proof})"
