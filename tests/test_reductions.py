"""Softmax, log-sum-exp, extreme entries, triangles and stacking matrices: answers and laws."""

from __future__ import annotations

import pytest

import matgrad as mg
from matgrad.core.errors import (
    AmbiguityProblem,
    EvaluationProblem,
    MatgradError,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.core.expr import Expr
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.proof import evaluate

# What is asked, by which variable, declarations, layout, and the answer.
ANSWERS = [
    ("logsumexp(x)", "x", "x: n", "gradient", "softmax(x)"),
    ("softmax(x)", "x", "x: n", "book", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("logsumexp(K*q) - k'*q", "q", "K: m n", "gradient", "K'*softmax(K*q) - k"),
    ("log(sum(exp(K*q)))", "q", "K: m n", "gradient", "K'*softmax(K*q)"),
    ("log(softmax(x))", "x", "x: n", "book", "eye(n) - ones(n)*softmax(x)'"),
    ("sum(softmax(x))", "x", "x: n", "gradient", "zeros(n)"),
    ("logsumexp(X)", "X", "X: m n", "book", "unvec(softmax(vec(X)), m, n)"),
    ("sum(logsumexp(X, 2))", "X", "X: m n", "book", "softmax(X, 2)"),
    ("sum(logsumexp(X, 1))", "X", "X: m n", "book", "softmax(X, 1)"),
    ("max(A*x)", "x", "A: m n", "gradient", "A'*argmax1(A*x)"),
    ("max(-x)", "x", "x: n", "gradient", "-argmin1(x)"),
    ("min(X)", "X", "X: m n", "book", "argmin1(X)"),
    ("mean(X)", "X", "X: m n", "book", "ones(m, n)/(m*n)"),
    ("mean((A*x - b).^2)", "x", "A: m n", "gradient", "2*A'*(A*x - b)/m"),
    ("b'*mean(X, 2)", "X", "X: m n", "book", "b*ones(n)'/n"),
    ("mean(X, 1)*b", "X", "X: m n", "book", "ones(m)*b'/m"),
    ("numel(X)*tr(X)", "X", "X: n n", "book", "n^2*eye(n)"),
    ("sum(prod(X, 2))", "X", "X: m n", "book", "diag(prod(X, 2))*X.^(-1)"),
    ("sum(max(X, 2))", "X", "X: m n", "book", "argmax1(X, 2)"),
    ("norm(x, inf)", "x", "x: n", "gradient", "sign(x).*argmax1(abs(x))"),
    ("norm(x, 4)", "x", "x: n", "gradient", "x.^3/sum(x.^4)^(3/4)"),
    ("inner(Y, log_softmax(X, 2))", "X", "X: m n", "book", "Y - diag(sum(Y, 2))*softmax(X, 2)"),
    ("sum(maximum(X, 0))", "X", "X: m n", "book", "step.(X)"),
    (
        "sum(clip(x, -t, t))",
        "x",
        "x: n; t scalar",
        "gradient",
        "step(x + t*ones(n)).*step(t*ones(n) - x)",
    ),
    ("sum(where(x > 0, x.^2, y))", "x", "x: n; y: n", "gradient", "2*(x.*step(x))"),
    ("sum(huber(A*x, t))", "x", "A: m n; t: scalar", "gradient", "A'*clip(A*x, -t, t)"),
    ("logaddexp(s, t)", "s", "s: scalar; t: scalar", "book", "sigmoid(s - t)"),
    ("sum(gelu(x))", "x", "x: n", "gradient", "normcdf(x) + x.*normpdf(x)"),
    ("sum(A.*tril(X))", "X", "A: m n", "book", "tril(A)"),
    ("sum(A.*triu(X, 1))", "X", "A: m n", "book", "triu(A, 1)"),
    ("sum(tril(X*B).*C)", "X", "X: m n; C: m p", "book", "tril(C)*B'"),
    ("X'", "X", "X: m n", "vec", "commutation(m, n)"),
    ("B*X'*A", "X", "X: m n; A: m p", "vec", "commutation(p, q)*kron(B, A')"),
    ("X*X'", "X", "X: m n", "vec", "(eye(m^2) + commutation(m, m))*kron(X, eye(m))"),
    ("X'*X", "X", "X: m n", "vec", "(eye(n^2) + commutation(n, n))*kron(eye(n), X')"),
    ("vech(X)", "X", "X: n n", "vec", "elimination(n)"),
    ("a'*vech(X)", "a", "X: n n", "gradient", "vech(X)"),
    (
        "tr(B*cof(X))",
        "X",
        "X: n n",
        "book",
        "det(X)*(tr(B'*inv(X))*eye(n) - inv(X)'*B)*inv(X)'",
    ),
    ("sum(lgamma(a))", "a", "a: n", "gradient", "digamma(a)"),
    ("sum(log(normcdf(x)))", "x", "x: n", "gradient", "normpdf(x)./normcdf(x)"),
]


@pytest.mark.parametrize(("text", "by", "given", "layout", "answer"), ANSWERS)
def test_answers(text: str, by: str, given: str, layout: str, answer: str) -> None:
    result = mg.derive(text, by, given=given, layout=layout)
    assert result.proof is not None and result.proof.ok is True
    assert result.text() == answer


def normal(text: str) -> Expr:
    return lower(read(text, given="A: m m; X: m n; v: n; a: m").expr)


# Pairs that are one expression in the normal form.
SAME = [
    ("tril(tril(A), -1)", "tril(A, -1)"),
    ("tril(A, 2).*tril(A, 1)", "tril(A, 1).*A"),
    ("tril(A').*A", "triu(A)'.*A"),
    ("tril(triu(A))", "A.*eye(m)"),
    ("tril(triu(A, 1))", "zeros(m, m)"),
    ("diagvec(tril(A))", "diagvec(A)"),
    ("tr(tril(A, -1))", "0"),
    ("commutation(m, n)*vec(X)", "vec(X')"),
    ("commutation(m, n)*commutation(n, m)", "eye(m*n)"),
    ("commutation(m, n)'", "commutation(n, m)"),
    ("commutation(m, m)*kron(A, A)", "kron(A, A)*commutation(m, m)"),
    ("vech(A)", "elimination(m)*vec(A)"),
    ("sum(softmax(X, 2), 2)", "ones(m)"),
    ("sum(softmax(X, 1), 1)'", "ones(n)"),
    ("sum(argmax1(X))", "1"),
    ("log(softmax(v))", "v - ones(n)*logsumexp(v)"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_two_spellings_are_one(left: str, right: str) -> None:
    assert normal(left) is normal(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum(softmax(X, 2), 1)'", "ones(n)"),
        ("tril(A, -1)", "tril(A)"),
        ("tril(A)", "triu(A)"),
        ("log(sum(exp(v)))", "log(sum(v))"),
        ("commutation(m, m)", "eye(m*m)"),
    ],
)
def test_two_that_differ(left: str, right: str) -> None:
    assert normal(left) is not normal(right)


@pytest.mark.parametrize(
    ("matrix", "array"),
    [
        ("softmax(X, 1)", "softmax(X, 0)"),
        ("softmax(X, 2)", "softmax(X, 1)"),
        ("logsumexp(X, 2)", "logsumexp(X, 1)"),
        ("logsumexp(X, 1)'", "logsumexp(X, 0)"),
        ("mean(X)", "mean(X)"),
        ("mean(X, 2)", "mean(X, 1)"),
        ("mean(X, 1)'", "mean(X, 0)"),
        ("max(X, 2)", "max(X, 1)"),
        ("argmax1(X, 1)", "argmax1(X, 0)"),
        ("where(X > 0, 1, X)", "where(X > 0, 1, X)"),
        ("maximum(X, 0)", "maximum(X, 0)"),
        ("gelu(X)", "gelu(X)"),
        ("tril(X, -1)", "tril(X, -1)"),
        ("argmax1(X)", "argmax1(X)"),
        ("commutation(m, n)", "commutation(m, n)"),
    ],
)
def test_both_dialects(matrix: str, array: str) -> None:
    """The matrix language counts axes from 1, the NumPy dialect from 0."""
    symbols = {"X": "m n"}
    first = read(matrix, symbols=symbols).expr
    assert read(array, symbols=symbols, syntax="numpy").expr is first
    assert mg.Expression(first).text("numpy") == array


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("np.sum(X, axis=1)", "sum(X, 1)"),
        ("softmax(X, -1)", "softmax(X, 1)"),
        ("np.where(X <= 0, X, 1)", "where(0 > X, X, 1)"),
        ("np.arctan2(X, 1)", "arctan2(X, 1)"),
        ("np.var(X)", "mean((X - mean(X))**2)"),
        ("np.std(X)", "sqrt(mean((X - mean(X))**2))"),
        ("np.linalg.norm(X, 'fro')", "normF(X)"),
        ("np.linalg.norm(mean(X, 0), 1)", "norm1(mean(X, 0))"),
    ],
)
def test_what_numpy_writes(written: str, meant: str) -> None:
    symbols = {"X": "m n"}
    first, second = (read(text, symbols=symbols, syntax="numpy").expr for text in (written, meant))
    assert first is second


def test_an_extreme_entry_must_stand_alone() -> None:
    result = mg.derive("max(A*x)", "x", given="A: m n")
    assert result.conditions == ("the maximum of A*x is attained once",)
    expr = read("max(x)", given="x: 3").expr
    with pytest.raises(EvaluationProblem, match="twice"):
        evaluate(expr, {"x": [1.0, 2.0, 2.0]})


def test_large_arguments_do_not_overflow() -> None:
    expr = read("logsumexp(x)", given="x: 2").expr
    assert evaluate(expr, {"x": [1000.0, 1000.0]}) == pytest.approx(1000.6931471805599)
    rows = read("softmax(X, 2)", given="X: 2 2").expr
    assert evaluate(rows, {"X": [[900.0, 900.0], [-900.0, -900.0]]}) == [[0.5, 0.5], [0.5, 0.5]]


def test_the_end_of_a_chain_of_derivatives_is_refused_by_name() -> None:
    with pytest.raises(NoRule, match="trigamma"):
        mg.derive("sum(trigamma(x))", "x")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("softmax(X)", AmbiguityProblem),
        ("softmax(X, 3)", SyntaxProblem),
        ("tril(X, t)", SyntaxProblem),
        ("vech(X)", ShapeProblem),
        ("commutation(m)", SyntaxProblem),
        ("max(X, 0)", SyntaxProblem),
        ("X > 0", SyntaxProblem),
        ("where(X, 1, 2)", SyntaxProblem),
        ("where(X > 0, 1)", SyntaxProblem),
        ("maximum(X, X')", ShapeProblem),
        ("norm(X, 3)", AmbiguityProblem),
        ("norm(mean(X, 1), 1/2)", SyntaxProblem),
        ("var(X)", AmbiguityProblem),
        ("median(X)", NoRule),
    ],
)
def test_what_is_refused(text: str, error: type[MatgradError]) -> None:
    with pytest.raises(error):
        read(text, given="X: 2 3; t: scalar")
