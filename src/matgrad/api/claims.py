"""Equality: are two expressions the same, wherever both exist?

Floor 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from matgrad.api.expressions import Expression
from matgrad.api.names import names_in
from matgrad.core.budget import budget
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import Expr, shape_text
from matgrad.normal.lower import lower_all
from matgrad.notation.read import read
from matgrad.proof import Proof, same


@final
@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim holds: `true`, `false` or `undecided`.

    `by` says how it was settled: `normal form` when both sides are one expression by the
    structural laws and rules, else by evaluation.  Agreement in floating point alone settles
    nothing: it cannot tell x from x + 1e-30.  True in a condition only when it holds.
    """

    verdict: Literal["true", "false", "undecided"]
    by: str
    proof: Proof

    def __bool__(self) -> bool:
        return self.verdict == "true"

    def __str__(self) -> str:
        return f"{self.verdict} (by {self.by}; {self.proof})"


def equal(left: str | Expression, right: str | Expression, *, given: str = "") -> Verdict:
    """Whether two expressions are equal: `equal("tr(A*B)", "tr(B*A)")`.

    A text beside an expression built in Python means that expression's symbols by their names.

    Raises ShapeProblem for sides of different shapes.
    """
    sides = _sides(left, right, given)
    if sides[0].shape != sides[1].shape:
        first, second = (shape_text(side.shape) for side in sides)
        raise ShapeProblem(f"the sides have different shapes: {first} and {second}")
    with budget():
        normal = lower_all(sides)
        proof = same(*sides)
    if proof.ok is None:
        return Verdict("undecided", "evaluation", proof)
    by = "normal form" if normal[0] is normal[1] else "evaluation"
    if proof.ok and proof.method == "floating" and by == "evaluation":
        return Verdict("undecided", "floating evaluation, which agrees", proof)
    return Verdict("true" if proof.ok else "false", by, proof)


def _sides(left: str | Expression, right: str | Expression, given: str) -> tuple[Expr, Expr]:
    if isinstance(left, Expression) and isinstance(right, Expression):
        return left.expr, right.expr
    built = next((side for side in (left, right) if isinstance(side, Expression)), None)
    known = None if built is None else names_in(built.expr)
    reading = read(f"{left} = {right}", given=given, known=known)
    if reading.equals is None:
        raise ShapeProblem("an equality has two sides")
    return reading.expr, reading.equals
