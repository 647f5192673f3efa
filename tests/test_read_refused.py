"""What reading refuses, with which words, and how much text it takes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from matgrad.core.errors import (
    AmbiguityProblem,
    BudgetExceeded,
    MatgradError,
    NameProblem,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.notation.read import Reading, read
from spelled import rows

# Refusals.  Each row: the class, and what the message must say.


@rows(
    "text, error, message, given",
    {
        "tr(X": (SyntaxProblem, "never closed", ""),
        "tr(X))": (SyntaxProblem, "closes nothing", ""),
        "tr(X]": (SyntaxProblem, "is closed by", ""),
        "(|x)": (SyntaxProblem, "is closed by", ""),
        "‖x": (SyntaxProblem, "never closed", ""),
        "d/dx^0 x": (SyntaxProblem, "positive exponent", ""),
        "d/dx⁻¹ x": (SyntaxProblem, "positive exponent", ""),
        "d2/dx^3 x": (SyntaxProblem, "more variables", ""),
        "||x": (SyntaxProblem, "never closed", ""),
        "||x|": (SyntaxProblem, "never closed", ""),
        "|x||": (SyntaxProblem, "closes nothing", ""),
        "[i,k]: k*A[i,k]": (NameProblem, "stands here as a number", "A: m n; k: integer"),
        "[i,n]: A[i,n]/n": (NameProblem, "stands here as a number", "A: m n"),
        "sin x": (SyntaxProblem, "with brackets: `sin(…)`", ""),
        "log det X": (SyntaxProblem, "with brackets: `log(…)`", ""),
        "sum((x - mean(x)).^2)": (AmbiguityProblem, "so does `.-`", ""),
        "(x - mean(x))'*(x - mean(x))": (AmbiguityProblem, "so does `.-`", ""),
        "sum(exp(x) - 1)": (AmbiguityProblem, "exp(x) - ones(n)", ""),
        "A:X": (SyntaxProblem, "inner(A, X)", ""),
        "A*": (SyntaxProblem, "missing after `*`", ""),
        "A + ": (SyntaxProblem, "missing after `+`", ""),
        "*A": (SyntaxProblem, "cannot begin", ""),
        "f(,x)": (SyntaxProblem, "missing", ""),
        "()": (SyntaxProblem, "missing", ""),
        "": (SyntaxProblem, "no expression", ""),
        "   ": (SyntaxProblem, "no expression", ""),
        "A B": (SyntaxProblem, "A*B", ""),
        "Xθ": (SyntaxProblem, "X*theta", ""),
        "2A": (SyntaxProblem, "2*A", ""),
        "(a)(b)": (SyntaxProblem, "operator is missing", ""),
        "A $ B": (SyntaxProblem, "`$`", ""),
        "A @ B": (SyntaxProblem, "the product is `*`", ""),
        "x**2": (SyntaxProblem, "the power is `^`", ""),
        "[i]: sum(x[i:n])": (NameProblem, "i is used as a size", "x: n"),
        "[i]: sum(eye(i))*x[i]": (NameProblem, "i is used as a size", "x: n"),
        "tr(X\x00)": (SyntaxProblem, "U+0000", ""),
        "tr(X\udc80)": (SyntaxProblem, "U+DC80", ""),
        "x, y": (SyntaxProblem, "outside", ""),
        "x = y = z": (SyntaxProblem, "one `=`", ""),
        "x where": (SyntaxProblem, "definition", ""),
        "x where y": (SyntaxProblem, "definitions such as", ""),
        "x where x = x": (NameProblem, "defined by itself", ""),
        "x where y = z, z = y": (NameProblem, "defined by itself", ""),
        "∂f": (SyntaxProblem, "∂f(X)/∂X", ""),
        '"abc"': (SyntaxProblem, "cannot stand", ""),
        "X[1:2:3,2]": (SyntaxProblem, "no step", ""),
        "X[1.5,2]": (SyntaxProblem, "a position is", ""),
        "X[1/2,2]": (SyntaxProblem, "a position is", ""),
        "x[1:x]": (NameProblem, "also a symbol", "x: n"),
        "x[3:2]": (ShapeProblem, "no entries 3 to 2", ""),
        "x[2:6]": (ShapeProblem, "axis of size 5", "x: 5"),
        "x[0:2]": (SyntaxProblem, "counted from 1", ""),
        "[A, B; C]": (ShapeProblem, "blocks do not fit", "A: m p; B: m q; C: k r"),
        "[A, B;]": (SyntaxProblem, "missing after `;`", ""),
        "[]": (SyntaxProblem, "missing after `[`", ""),
        "[A, B": (SyntaxProblem, "never closed", ""),
        "x[0]": (SyntaxProblem, "counted from 1", ""),
        "tr(A, B)": (SyntaxProblem, "takes 1", ""),
        "eye()": (SyntaxProblem, "size", ""),
        "inv.(X)": (SyntaxProblem, "inv(", ""),
        "D(f, A, X)": (SyntaxProblem, "; 1)", ""),
        "d/d(A*X) tr(A*X)": (SyntaxProblem, "not by an expression", ""),
        "d2/dx x^3": (SyntaxProblem, "missing", ""),
        "d/dY tr(X)": (NameProblem, "X", ""),
        "d/dx tr(X)": (NameProblem, "did you mean X?", ""),
        "d/df f(x)": (NameProblem, "function", ""),
        "d/dn tr(eye(n))": (NameProblem, "size", ""),
        "d/dz z'*z where z = A*x": (NameProblem, "expression", ""),
        "x*i + y[i]": (NameProblem, "index", ""),
        "x(y + 1)": (NameProblem, "x*(", "x: scalar"),
        "f + 1": (NameProblem, "without its arguments", "f(X): p p"),
        "A*x": (ShapeProblem, "`A'*x` would fit", "A: m n; x: m"),
        "x*y": (ShapeProblem, "`x'*y` would fit", "x: n; y: n"),
        "A*B": (ShapeProblem, "A is m x n, B is m x n", "A: m n; B: m n"),
        "A + B": (ShapeProblem, "`A + B'` would fit", "A: m n; B: n m"),
        "x + y'": (ShapeProblem, "`x + y` would fit", "x: n; y: n"),
        "det(X)": (ShapeProblem, "X is m x n", "X: m n"),
        "inv(X)": (ShapeProblem, "square", "X: m n"),
        "tr(X)": (ShapeProblem, "square", "X: m n"),
        "solve(X, b)": (ShapeProblem, "solve takes (n,n),(n,...)->(n,...): X is m x n", "X: m n"),
        "cross(x, y)": (ShapeProblem, "x is a vector of 4", "x: 4"),
        "skewmat(x)": (ShapeProblem, "(3)->(3,3)", "x: 4"),
        "unvec(X, m, n)": (ShapeProblem, "X is p x q", ""),
        "reshape(X, p, q)": (ShapeProblem, "as many entries as p x q", ""),
        "reshape(X, 4, n)": (ShapeProblem, "as many entries as 4 x n", "X: 2 n"),
        "reshape(X)": (SyntaxProblem, "its sizes", ""),
        "reshape(X, -1)": (SyntaxProblem, "a size is a positive integer", ""),
        "f(X, Y)": (NameProblem, "takes 1", "f(X): p p"),
        "f(X) where f = 2": (NameProblem, "no function", ""),
        "X^2": (ShapeProblem, "X.^2", "X: m n"),
        "x^2": (ShapeProblem, "x.^2", "x: n"),
        "x/y": (ShapeProblem, "x./y", "x: n; y: n"),
        "X[1]": (ShapeProblem, "2 axes", ""),
        "X[3,1]": (ShapeProblem, "no entry 3", "X: 2 2"),
        "d/dX[5,1] tr(X)": (ShapeProblem, "no such entry", "X: 2 2"),
        "X = x": (ShapeProblem, "different shapes", "X: m n; x: n"),
        "f(X) + f(x)": (MatgradError, "f", ""),
        "exp(X)": (AmbiguityProblem, "exp.(X)", ""),
        "exp( X )": (AmbiguityProblem, "expm", ""),
        "A/B": (AmbiguityProblem, "A*inv(B)", ""),
        "1/X": (AmbiguityProblem, "inv(X)", ""),
        "X + 1": (AmbiguityProblem, "X + ones(m, n)", ""),
        "1 - S": (AmbiguityProblem, "eye(n) - S", "S: n n"),
        "1 + x": (AmbiguityProblem, "ones(n) + x", "x: n"),
        "sum(log(1 + exp(-y.*(X*w))))": (AmbiguityProblem, "ones(m) + exp", ""),
        "norm(X)": (AmbiguityProblem, "normF(X)", ""),
        "|X|": (AmbiguityProblem, "det(X)", ""),
        "X^(1/2)": (NoRule, "matpow", ""),
        "X^(k/2)": (SyntaxProblem, "sum of integers", ""),
        "X^k ": (NameProblem, "declare `k: integer`", "k: scalar"),
        "r*sum(r=0..k, X^r)": (NameProblem, "outside of it", ""),
        "sum(r=0..k, sum(r=0..2, X^r))": (NameProblem, "index of two sums", ""),
        "sum(r=0..k, r*X^r)": (NameProblem, "something else too", "r: scalar"),
        "sum(r=0..k)": (SyntaxProblem, "sum(r=0..k-1, X^r)", ""),
        "sum(r=0, X^r)": (SyntaxProblem, "sum(r=0..k-1, X^r)", ""),
        "sum(r=0..x, X^r)": (NameProblem, "declare `x: integer`", "x: n"),
        "sum(r=0..k/2, X^r)": (SyntaxProblem, "sums of integers", ""),
        "tr(X = Y)": (SyntaxProblem, "stands in a sum over an index only", ""),
        "tr(0..k)": (SyntaxProblem, "stands in a sum over an index only", ""),
        "softmax(X)": (AmbiguityProblem, "`softmax(X, 2)` along the rows", ""),
        "schur(X)": (NoRule, "operator schur has no record", ""),
        "fft(x)": (NoRule, "operator fft has no record", ""),
        "median(x)": (NoRule, "operator median has no record", ""),
        "x^(9^9^9^9^9)": (BudgetExceeded, "digits", ""),
        "1" * 1000: (BudgetExceeded, "digits", ""),
        "eye(n^10000)": (BudgetExceeded, "digits", ""),
    },
)
def test_refusals(text: str, error: type[MatgradError], message: str, given: str) -> None:
    with pytest.raises(error) as caught:
        read(text, given=given)
    assert message in str(caught.value)
    assert "?" not in str(caught.value).replace("mean X?", "")


@rows("text, start, end", {"A*x": (0, 3), "  tr(Y)": (2, 7), "1 + A*x": (4, 7)})
def test_the_caret_stands_under_the_fault(text: str, start: int, end: int) -> None:
    with pytest.raises(MatgradError) as caught:
        read(text, given="A: m n; x: m; Y: m n")
    assert caught.value.span == (start, end)


def test_two_declared_variables_of_differentiation() -> None:
    with pytest.raises(SyntaxProblem):
        read("d/dX tr(X)", wrt=["X"])
    with pytest.raises(SyntaxProblem):
        read("tr(X)", wrt=["A*X"])


# Size and depth.


def timed(text: str, **kwargs: Any) -> Reading:
    begun = time.process_time()
    try:
        return read(text, **kwargs)
    finally:
        assert time.process_time() - begun < 20


@rows(
    "what, text",
    {
        "brackets": "(" * 100_000 + "x" + ")" * 100_000,
        "minus signs": "-" * 50_000 + "x",
        "calls": "sin(" * 20_000 + "x" + ")" * 20_000,
        "transposes": "x" + "'" * 50_000,
        "powers": "x" + "^2" * 5_000,
        "a sum": "+".join(f"x{i}" for i in range(10_000)),
        "inner products": "+".join(f"x{i}'*y{i}" for i in range(3_000)),
        "a product": "*".join(f"A{i}" for i in range(3_000)),
        "definitions": "t2 where t0 = x, "
        + ", ".join(f"t{i} = t{i - 1}*t{i - 1}" for i in range(1, 2_000)),
        "an index form": "[i,j]: " + "+".join(f"A{i}[i,k]*B[k,j]" for i in range(1_000)),
        "an exponent": "x^(" + "1+" * 10_000 + "1)",
    },
)
def test_long_and_deep_texts_are_read(what: str, text: str) -> None:
    timed(text)


@rows(
    "what, text, error",
    {
        "open brackets": ("(" * 100_000, SyntaxProblem),
        "closing brackets": (")" * 100_000, SyntaxProblem),
        "one bracket too many": ("(" * 50_000 + "x" + ")" * 50_001, SyntaxProblem),
        "quotes": ("'" * 100_001, SyntaxProblem),
        "fences": ("|" * 10_001, SyntaxProblem),
        "ten megabytes": ("x+" * 5_000_000 + "x", BudgetExceeded),
        "half a million names": ("x+" * 400_000 + "x", BudgetExceeded),
        "many open names": (
            "norm(" + "*".join(f"(a{i} .* b{i})" for i in range(40)) + ")",
            AmbiguityProblem,
        ),
    },
)
def test_endless_work_is_refused(what: str, text: str, error: type[MatgradError]) -> None:
    with pytest.raises(error):
        timed(text)
