"""What has one branch needs few points of a floating check; what has several needs more."""

from __future__ import annotations

import pytest

from matgrad.catalogue import OPERATORS
from matgrad.notation.read import read
from matgrad.proof import analytic, same

GIVEN = "x: n; A: n n; X: m n; k integer; z: n complex; f(x): n"
ONE = [
    "x'*A*x + t^3/(1 + t^2)",
    "logdet(A) + log(det(A))",
    "A^k*inv(A)",
    "sum(softmax(f(x)))",
    "tr(expm(A))*tanh(t)^(-2)",
    "sum_i log(x_i^2 + 1)",
]
SEVERAL = [
    "sqrt(t^2)",
    "t^(1/2)",
    "sum(x.^(3/2))",
    "normF(X)",
    "abs(t)",
    "acos(cos(t))",
    "atan(tan(t))",
    "relu(t)",
    "max(x)",
    "round(t)",
    "sum_i abs(x_i)",
    "z'*z",
]


@pytest.mark.parametrize("text", ONE)
def test_has_one_branch(text: str) -> None:
    assert analytic.is_analytic(read(text, given=GIVEN).expr)


@pytest.mark.parametrize("text", SEVERAL)
def test_may_have_several_branches(text: str) -> None:
    assert not analytic.is_analytic(read(text, given=GIVEN).expr)


def test_the_operators_of_one_branch_exist() -> None:
    assert not analytic.ONE_BRANCH.difference(OPERATORS)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    "wrong",
    ["abs(t) = t", "sqrt(t^2) = t", "sum(relu(x)) = sum(x)", "acos(cos(t)) = t", "max(x) = x[1]"],
)
def test_a_branch_is_not_taken_for_the_whole(wrong: str, seed: int) -> None:
    left, right = (read(side, given=GIVEN).expr for side in wrong.split(" = "))
    assert same(left, right, seed=seed).ok is not True
