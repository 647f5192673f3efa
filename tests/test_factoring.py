"""Factors that are taken out of a sum without weighing it: that is cheaper in print."""

from __future__ import annotations

import pytest

from matgrad.normal.lift import Lifter
from matgrad.normal.lower import lower
from matgrad.normal.sums import split
from matgrad.notation.read import read
from matgrad.shorten.factor import Factoring
from matgrad.shorten.taken import Taken, candidates

SHARED = (
    "W*x + W'*x",
    "2*A*x - 3*B*x",
    "W*(x - A*s) + W'*(x - A*s)",
    "a*x + b*x + c*x",
    "a*A + b*A",
    "inv(X)*A + inv(X)*B",
    "A*f(X) + B'*f(X)",
    "A*norm2(x) + B*norm2(x)",
)
# The factor is not in all terms, what is left is no symbol, or the factor chooses entries.
WEIGHED = (
    "A*x + B*x + y",
    "A*x + x",
    "A*B*x + C*x",
    "exp(a)*x + b*x",
    "A[:,1] + B[:,1]",
)
GIVEN = "a: scalar; b: scalar; c: scalar; f(X): n n; X: n n; x: n; A: n n"


def ways(text: str) -> tuple[Factoring, list[Taken]]:
    """The ways to take a factor out of a sum."""
    declared = "; ".join(part for part in GIVEN.split("; ") if part[0] in text)
    factoring = Factoring(Lifter({}), (), row=False)
    node = split(lower(read(text, given=declared).expr))[1]
    return factoring, list(candidates(node, (), factoring.reading))


@pytest.mark.parametrize("text", SHARED)
def test_what_all_terms_share_is_cheaper_outside(text: str) -> None:
    factoring, found = ways(text)
    saving = [taken for taken in found if taken.saves]
    assert saving
    for taken in saving:
        assert factoring.weight(taken.whole(taken.inner)) < factoring.weight(taken.node)


@pytest.mark.parametrize("text", WEIGHED)
def test_anything_else_is_weighed(text: str) -> None:
    assert not any(taken.saves for taken in ways(text)[1])
