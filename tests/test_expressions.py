"""Expressions built in Python: NumPy's meaning, readable text, evaluation, and errors that help."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import matgrad as mg
from matgrad.api.pickling import operator_called
from matgrad.core.errors import (
    DeclarationProblem,
    EvaluationProblem,
    MatgradError,
    NameProblem,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)

A, B, X, Y, a, x, y, t = mg.symbols("A: p m; B: p n; X: m n; Y: n n; a: m; x: n; y: n; t: scalar")
f = mg.function("f", "(m n) -> (p p)")
phi = mg.function("phi", "elementwise")

TEXT: dict[str, tuple[mg.Expression, str]] = {
    "matrix product": (A @ X, "A*X"),
    "matrix times vector": (X @ x, "X*x"),
    "vector times matrix": (a @ X, "X'*a"),
    "inner product": (x @ y, "x'*y"),
    "entrywise product": (X * X, "X.*X"),
    "multiple": (t * X, "t*X"),
    "multiple from the right": (X * 2, "2*X"),
    "fraction": (X * Fraction(1, 2), "X/2"),
    "float": (0.5 * X, "X/2"),
    "quotient by a scalar": (X / t, "X/t"),
    "entrywise quotient": (x / y, "x./y"),
    "one over an array": (1 / x, "ones(n)./x"),
    "power": (x**2, "x.^2"),
    "root": (x**0.5, "x.^(1/2)"),
    "sum": (A @ X + B, "A*X + B"),
    "sum with a number": (X + 1, "X + ones(m, n)"),
    "number less an array": (1 - x, "ones(n) - x"),
    "negation": (-X, "-X"),
    "transpose": (X.T, "X'"),
    "transpose of a vector": (x.T, "x"),
    "trace": (mg.tr(Y @ Y), "tr(Y*Y)"),
    "determinant": (mg.det(Y), "det(Y)"),
    "inverse": (mg.inv(Y), "inv(Y)"),
    "solve": (mg.solve(Y, x), "Y\\x"),
    "norm": (mg.norm2(x), "norm(x)"),
    "function": (mg.sin(X), "sin.(X)"),
    "outer product": (mg.outer(a, x), "a*x'"),
    "Kronecker product": (mg.kron(X, Y), "kron(X, Y)"),
    "identity": (mg.eye("n") - Y, "eye(n) - Y"),
    "ones": (mg.ones("m", "n") + X, "ones(m, n) + X"),
    "zeros": (mg.zeros(2) + mg.ones(2), "zeros(2) + ones(2)"),
    "unknown function": (f(X), "f(X)"),
    "unknown entrywise function": (phi(X), "phi.(X)"),
}


@pytest.mark.parametrize(("expr", "text"), TEXT.values(), ids=TEXT)
def test_text(expr: mg.Expression, text: str) -> None:
    assert str(expr) == repr(expr) == expr.text() == text


@pytest.mark.parametrize(("expr", "text"), TEXT.values(), ids=TEXT)
def test_what_is_built_is_what_is_read(expr: mg.Expression, text: str) -> None:
    declared = {
        "A": "p m",
        "B": "p n",
        "X": "m n",
        "Y": "n n",
        "a": "m",
        "x": "n",
        "y": "n",
        "t": "",
    }
    functions = {"f": "(m n) -> (p p)", "phi": "elementwise"}
    again = mg.read(text, symbols=declared | functions, shape=" ".join(map(str, expr.shape)))
    assert mg.equal(expr, again).by == "normal form"


def test_a_derivative_is_an_answer_like_that_of_text() -> None:
    error = A @ X - B
    built = mg.derive(mg.tr(error.T @ error), X)
    written = mg.derive("tr((A*X - B)'*(A*X - B))", "X")
    assert built.text() == written.text() == "2*A'*(A*X - B)"
    assert built.proof is not None
    assert built.proof.ok is True
    assert built.wrt == ("X",)
    assert built.input == "tr((A*X - B)'*(A*X - B))"


def test_several_variables_and_entries() -> None:
    assert mg.derive(x @ Y @ x, [x, x]).text() == "Y + Y'"
    assert mg.derive(a @ X @ x, [a, x]).text() == "X"
    assert mg.derive(mg.tr(Y @ Y), "Y[1,2]").text() == "2*Y[2,1]"
    assert mg.derive(f(X), X).text() == "D(f, X)"


def test_properties_are_declared_with_the_symbol() -> None:
    S, v = mg.symbols("S: n n symmetric; v: n")
    assert mg.derive(v @ S @ v, v).text() == "2*v'*S"


def test_one_declaration_gives_one_symbol() -> None:
    W = mg.symbols("W: q q")
    assert isinstance(W, mg.Expression)
    assert " ".join(map(str, W.shape)) == "q q"


def test_one_declaration_may_name_several() -> None:
    p, q, c = mg.symbols("p, q: n; c: scalar; n = 3; p positive")
    assert [str(each) for each in (p, q, c)] == ["p", "q", "c"]
    assert [each.shape for each in (p, q, c)] == [(3,), (3,), ()]


def test_a_symbol_that_does_not_occur_gives_zero() -> None:
    result = mg.derive(A @ X, B)
    assert result.text() == "zeros(p, n, p, n)"
    assert result.remarks == ("B does not occur, so the derivative is zero",)


def test_what_was_declared_is_reported() -> None:
    names = {info.name: info for info in mg.derive(mg.tr(f(X)), X).symbols}
    assert list(names) == ["X", "f", "m", "n", "p"]
    assert names["f"].note == "(m n) -> (p p)" == repr(f).removeprefix("f: ")
    assert {info.kind for info in names.values()} == {"matrix", "function", "dimension"}


# Identity: an expression is the same wherever it comes from.


def test_expressions_written_alike_are_equal() -> None:
    assert A @ mg.symbols("X: m n") == A @ X
    assert A @ X != X.T @ A.T
    assert len({A @ X, A @ X, A}) == 2
    assert +X is X and abs(x) == mg.abs(x)


def test_text_beside_an_expression_means_its_symbols() -> None:
    S = mg.symbols("S: n n symmetric")
    assert mg.equal("x'*S*y", y @ S @ x)
    assert not mg.equal("x'*S*y", "y'*S*x")
    assert mg.equal(mg.tr(f(X)), "tr(f(X)')")


@pytest.mark.parametrize(
    "answer",
    [
        mg.derive("a'*inv(X)*b", "X"),
        mg.derive("norm(tanh(W*x + b) - y)^2", "W"),
        mg.derive(mg.det(f(X)), X),
        mg.derive("X^2", "X[1,2]", given="X: n+1 n+1"),
    ],
    ids=str,
)
def test_answers_are_copied_and_pickled(answer: mg.Result) -> None:
    for twin in (copy.copy(answer), copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
        for form in ("text", "latex", "numpy"):
            assert twin.text(form) == answer.text(form)
        assert (twin.shape, twin.conditions) == (answer.shape, answer.conditions)
        assert str(twin.proof) == str(answer.proof)
        assert twin.differential == answer.differential


def test_pickling_does_not_recurse() -> None:
    chain = x
    for _ in range(10_000):
        chain = mg.sin(chain)
    assert pickle.loads(pickle.dumps(chain)) == chain == copy.deepcopy(chain)


def test_an_operator_that_is_not_registered_here_is_no_pickle() -> None:
    with pytest.raises(NoRule, match="squish is not registered"):
        operator_called("squish", False)


# Evaluation


def test_an_answer_is_a_function_of_its_symbols() -> None:
    result = mg.derive("tr((A*X - B)'*(A*X - B))", "X")
    rng = np.random.default_rng(3)
    values = {
        "A": rng.normal(size=(3, 2)),
        "X": rng.normal(size=(2, 4)),
        "B": rng.normal(size=(3, 4)),
    }
    expected = 2 * values["A"].T @ (values["A"] @ values["X"] - values["B"])
    np.testing.assert_allclose(result(**values), expected)
    lists = {name: value.tolist() for name, value in values.items()}
    assert result(**lists) == result(**values)


def test_an_unknown_function_and_its_derivative_may_be_given() -> None:
    result = mg.derive("sum(phi(x))", "x", given="x: n; phi elementwise")
    assert result(x=[1.0, 2.0], functions={"D1 phi": lambda entry: 10 * entry}) == [10.0, 20.0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"A": [[1.0]]}, "x has no value", id="missing"),
        pytest.param({"A": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0]}, "should be", id="shape"),
        pytest.param({"A": [1.0, 2.0], "x": [1.0, 2.0]}, "should be", id="order"),
    ],
)
def test_numbers_that_do_not_fit(values: dict[str, Any], message: str) -> None:
    result = mg.derive("x'*A*x", "x")
    with pytest.raises(EvaluationProblem, match=message):
        result(**values)


def test_a_singular_matrix_has_no_value() -> None:
    with pytest.raises(EvaluationProblem, match="no value at these numbers"):
        mg.derive("logdet(X)", "X")(X=[[1.0, 1.0], [1.0, 1.0]])


# Notebooks


@pytest.mark.parametrize(
    "shown", [mg.derive("x'*A*x", "x"), x @ Y @ x], ids=["a result", "an expression"]
)
def test_mathematics_is_shown_and_no_markup(shown: Any) -> None:
    latex = shown._repr_latex_()
    assert latex.startswith(r"$\displaystyle ")
    assert latex.endswith("$")
    assert r"^{\top}" in latex
    assert not hasattr(shown, "_repr_html_")
    assert repr(shown) == str(shown) == shown.text()


# Errors

ERRORS: dict[str, tuple[type[Exception], str, Callable[[], object]]] = {
    "shapes of a product": (ShapeProblem, "matmul", lambda: X @ A),
    "shapes of a sum": (ShapeProblem, "add", lambda: X + Y),
    "trace of a vector": (ShapeProblem, "trace", lambda: mg.tr(x)),
    "determinant": (ShapeProblem, "det", lambda: mg.det(X)),
    "argument of a function": (ShapeProblem, r"f takes \(m x n\), not \(n x n\)", lambda: f(Y)),
    "name that does not occur": (NameProblem, "Z is no symbol", lambda: mg.derive(A @ X, "Z")),
    "another symbol of that name": (
        NameProblem,
        "another symbol",
        lambda: mg.derive(A @ X, mg.symbols("X: n n")),
    ),
    "an expression for a variable": (SyntaxProblem, "a symbol", lambda: mg.derive(A @ X, A @ X)),
    "an entry with too many places": (
        ShapeProblem,
        "no entry",
        lambda: mg.derive(A @ X, "X[1,2,3]"),
    ),
    "an entry before the first": (ShapeProblem, "from 1", lambda: mg.derive(A @ X, "X[0,1]")),
    "a mend for a product": (ShapeProblem, "`A @ X` would fit", lambda: X @ A),
    "a mend for a determinant": (ShapeProblem, r"`det\(X.T @ X\)` would", lambda: mg.det(X)),
    "declarations beside an expression": (
        DeclarationProblem,
        "for text",
        lambda: mg.derive(A @ X, X, given="A symmetric"),
    ),
    "name of a function": (DeclarationProblem, "no name", lambda: mg.function("1f", "(n) -> ()")),
    "operator as a function": (
        DeclarationProblem,
        "is an operator",
        lambda: mg.function("tr", "(n n) -> ()"),
    ),
    "two arguments entry by entry": (ShapeProblem, "phi takes", lambda: phi(x, y)),
    "a derivative to be read": (SyntaxProblem, "derive derives", lambda: mg.read("d/dx x'*x")),
    "a claim to be read": (SyntaxProblem, "equal compares", lambda: mg.read("x = y")),
    "a syntax": (
        DeclarationProblem,
        "one of matrix, numpy, latex",
        lambda: mg.read("x", syntax="typst"),  # type: ignore[arg-type]
    ),
    "an input that is no text": (TypeError, "not int", lambda: mg.derive(3, "x")),  # type: ignore[arg-type]
    "not a number": (TypeError, "cannot use nan", lambda: X + float("nan")),
    "product with a number": (TypeError, "unsupported", lambda: X @ 3),  # type: ignore[operator]
    "no variable": (NameProblem, "by which variable", lambda: mg.derive(A @ X)),
    "signature": (DeclarationProblem, "declared like", lambda: mg.function("g", "m n -> p")),
    "no signature": (DeclarationProblem, "no signature", lambda: mg.function("g", "m n")),
    "no declaration": (DeclarationProblem, "no symbol", lambda: mg.symbols("")),
    "truth value": (TypeError, "no truth value", lambda: bool(X)),
    "number": (TypeError, "no number", lambda: float(t)),
    "array": (TypeError, "cannot use ndarray", lambda: X + np.ones((2, 2))),
    "text as an operand": (TypeError, "cannot use str", lambda: X * "Y"),
    "layout": (DeclarationProblem, "no layout", lambda: mg.derive(A @ X, X, layout="row")),
}


@pytest.mark.parametrize(("error", "message", "call"), ERRORS.values(), ids=ERRORS)
def test_errors(error: type[Exception], message: str, call: Callable[[], object]) -> None:
    with pytest.raises(error, match=message):
        call()


def test_numpy_does_not_broadcast_over_an_expression() -> None:
    with pytest.raises(TypeError):
        np.ones(3) @ X


def test_every_refusal_of_matgrad_is_one_class() -> None:
    for error, _, call in ERRORS.values():
        if error is not TypeError:
            with pytest.raises(MatgradError):
                call()
