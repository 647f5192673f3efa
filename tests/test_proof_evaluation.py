"""Evaluation at numbers, and what it says when it cannot."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from matgrad.core.dims import Dim
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import Function, apply
from matgrad.proof import evaluate
from surface import Surface, at, call, dims, eye, num, ones, sym, unknown

A, x, y, t = sym("A", "m", "n"), sym("x", "n"), sym("y", "n"), sym("t")
M = sym("M", "n", "n")
DIAGONAL = [[2, 0], [0, 4]]


def test_numbers_lists_arrays_and_fractions() -> None:
    assert evaluate((A @ x).expr, {"A": [[1, 2], [3, 4]], "x": (1, Fraction(1, 2))}) == [2.0, 5.0]
    assert evaluate((t * x).expr, {"t": 2, "x": np.array([1.0, 2.0])}) == [2.0, 4.0]
    assert evaluate((t * t).expr, {"t": np.float64(3)}) == 9.0
    assert evaluate(call("inv", M).expr, {"M": DIAGONAL}) == [[0.5, 0.0], [0.0, 0.25]]
    assert evaluate(call("outer", x, x).expr, {"x": [2]}) == [[4.0]]


def test_three_axes_nest() -> None:
    cube = call("einsum", x, x, x, data="i,j,k->ijk", shape=dims("n", "n", "n"))
    found = evaluate(cube.expr, {"x": [1.0, 2.0]})
    np.testing.assert_array_equal(found, np.einsum("i,j,k", [1, 2], [1, 2], [1, 2]))


def test_sizes_are_read_off_the_values() -> None:
    n = Dim("n")
    assert evaluate((num(n) * x).expr, {"x": [1, 1, 1]}) == [3.0, 3.0, 3.0]
    long = Surface(sym("v").expr)
    assert evaluate((ones("n") @ x + long).expr, {"x": [1, 2], "v": 1}) == 4.0
    assert evaluate(call("trace", eye("n")).expr, {}, {"n": 7}) == 7.0


def test_sizes_that_are_polynomials() -> None:
    flat = call("unvec", call("vec", A), shape=dims("m", "n"))
    assert evaluate(flat.expr, {"A": [[1, 2, 3]]}) == [[1.0, 2.0, 3.0]]


def test_pi_needs_no_value_and_may_have_one() -> None:
    pi = sym("pi", given="constant")
    assert evaluate((pi * x).expr, {"x": [1]}) == [math.pi]
    assert evaluate((pi * x).expr, {"x": [1], "pi": 3}) == [3.0]


@pytest.mark.parametrize(
    ("expr", "values", "message"),
    [
        pytest.param(A @ x, {"A": [[1]]}, r"x has no value \(n is wanted\)", id="missing"),
        pytest.param(
            A @ x,
            {"A": [[1, 2]], "x": [1, 2, 3]},
            r"x should be n \(n = 2 from A\), but it is 3",
            id="clash",
        ),
        pytest.param(x @ y, {"x": 1.0, "y": [1]}, "x should be n, but it is a scalar", id="order"),
        pytest.param(call("inv", M), {"M": [[1, 2], [2, 4]]}, "a singular matrix", id="singular"),
        pytest.param(
            call("inv", M),
            {"M": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]},
            "a singular matrix",
            id="singular up to rounding",
        ),
        pytest.param(call("log", t), {"t": -1}, "log outside its domain", id="domain"),
        pytest.param(num(1) / t, {"t": 0}, "division by zero", id="zero"),
        pytest.param(call("exp", t), {"t": 1e4}, "too large", id="overflow"),
        pytest.param(x, {"x": [[1], [2, 3]]}, "rows of different lengths", id="ragged"),
        pytest.param(x, {"x": ["a"]}, "must be a number", id="text"),
        pytest.param(ones("q"), {}, "the size q is not known", id="unknown size"),
        pytest.param(
            call("entry", A, data=("i", 0), shape=()),
            {"A": [[1]]},
            "the index i has no value",
            id="unknown index",
        ),
        pytest.param(
            call("entry", A, data=(3, 0), shape=()),
            {"A": [[1]]},
            "there is no entry 4 on an axis of size 1",
            id="outside",
        ),
    ],
)
def test_problems_are_told(expr: Surface, values: dict[str, object], message: str) -> None:
    with pytest.raises(EvaluationProblem, match=message):
        evaluate(expr.expr, values)  # type: ignore[arg-type]


def test_badly_scaled_is_not_singular() -> None:
    assert evaluate(call("inv", M).expr, {"M": [[1, 0], [0, 1e-20]]}) == [[1, 0], [0, 1e20]]


def test_indices() -> None:
    entry = call("entry", A, data=("i", "j"), shape=())
    assert evaluate(entry.expr, {"A": [[1, 2], [3, 4]]}, indices={"i": 1, "j": 0}) == 3.0


def test_unknown_functions_are_brought_along() -> None:
    f = unknown("f", [dims("n"), ()], dims("n"))
    value, slope = at(f, x, t), at(f, x, t, by=(0,))
    functions = {
        "f": lambda v, c: [c * e**2 for e in v],
        "D1 f": lambda v, c: [[2 * c * v[0], 0], [0, 2 * c * v[1]]],
    }
    numbers = {"x": [1.0, 2.0], "t": 3.0}
    assert evaluate(value.expr, numbers, functions=functions) == [3.0, 12.0]
    assert evaluate(slope.expr, numbers, functions=functions) == [[6.0, 0.0], [0.0, 12.0]]
    with pytest.raises(EvaluationProblem, match='give functions\\["D2 f"\\]'):
        evaluate(at(f, x, t, by=(1,)).expr, numbers, functions=functions)
    with pytest.raises(EvaluationProblem, match="the value of f should be 2, but it is 3"):
        evaluate(value.expr, numbers, functions={"f": lambda v, c: [1, 2, 3]})


def test_unknown_entrywise_functions() -> None:
    h = Function("h", ((),), (), elementwise=True)
    expr = apply(h, (x.expr,), (0,))
    assert evaluate(expr, {"x": [1, 2]}, functions={"D1 h": lambda v: 10 * v}) == [10.0, 20.0]


def test_a_large_system() -> None:
    matrix = np.random.default_rng(3).normal(size=(40, 40))
    found = evaluate(call("logdet", M).expr, {"M": matrix * 1e20})
    assert found == pytest.approx(np.linalg.slogdet(matrix * 1e20)[1])
    solved = evaluate(call("solve", M, x).expr, {"M": matrix, "x": matrix[0]})
    np.testing.assert_allclose(solved, np.linalg.solve(matrix, matrix[0]), rtol=1e-8)


def test_a_chain_of_ten_thousand() -> None:
    total = x
    for _ in range(10_000):
        total = total + x
    assert evaluate(total.expr, {"x": [1.0]}) == [10_001.0]
