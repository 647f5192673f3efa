"""Powers with a symbolic exponent, and sums over an index: answers, laws, conditions."""

from __future__ import annotations

import re
from typing import Any

import pytest

import matgrad as mg
from matgrad.core.dims import Dim
from matgrad.core.errors import MatgradError, NoRule, ShapeProblem
from matgrad.core.expr import Expr
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.proof import evaluate


def rows(names: str, table: dict[str, Any]) -> pytest.MarkDecorator:
    """Parametrise by a table whose keys are the first argument and the ids."""
    cases = [
        (key, *(value if isinstance(value, tuple) else (value,))) for key, value in table.items()
    ]
    return pytest.mark.parametrize(names, cases, ids=list(table))


GIVEN = "j: integer; k: integer; t: scalar"


@rows(
    "text, answer, conditions",
    {
        "d/dX tr(X^k)": ("k*(X^(k-1))'", ["k >= 1"]),
        "d/dX a'*X^k*b": ("sum(r=0..k-1, (X^r)'*a*b'*(X^(k-r-1))')", ["k >= 0"]),
        "d/dX X^k": ("[i,j,l,p]: sum(r=0..k-1, (X^r)[i,l]*(X^(k-r-1))[p,j])", ["k >= 0"]),
        "d/dX tr(X^(-k)*A)": (
            "-sum(r=0..k-1, (X^(-r-1))'*A'*(X^(r-k))')",
            ["X nonsingular", "k >= 0"],
        ),
        "d/dX tr(A*X^(j-k))": (
            "sum(r=0..j-k-1, (X^r)'*A'*(X^(j-k-r-1))')",
            ["j - k >= 0"],
        ),
        "d/dX det(X^k)": ("k*det(X)^k*inv(X)'", ["X nonsingular", "k >= 0"]),
        "d/dX logdet(X^k)": ("k*inv(X)'", ["X nonsingular", "k >= 0"]),
        "d/dX det(X^p)": ("p*det(X)^p*inv(X)'", ["X nonsingular", "p >= 0"]),
        "d/dX tr(X*X^k)": ("(k + 1)*(X^k)'", ["k >= 0"]),
        "d/dX tr((A*X)^k)": ("k*A'*(X'*A')^(k-1)", ["k >= 1"]),
        "d/dX a'*(X^k)'*X^k*b": (
            "sum(r=0..k-1, (X^r)'*X^k*(a*b' + b*a')*(X^(k-r-1))')",
            ["k >= 0"],
        ),
        "d/dt (A + t*B)^k": ("sum(r=0..k-1, (A + t*B)^r*B*(A + t*B)^(k-r-1))", ["k >= 0"]),
        "d/dt t^k": ("k*t^(k-1)", ["k >= 1"]),
        "d/dt sum(r=0..k, t^r/(r + 1))": ("sum(r=1..k, r*t^(r-1)/(r + 1))", ["k >= 0"]),
        "d/dt sum(r=0..k, exp(r*t))": ("sum(r=0..k, r*exp(r*t))", ["k >= -1"]),
        "d/dt sum(r=1..k, sum(s=1..r, t^s))": (
            "sum(r=1..k, r*(k + 1 - r)*t^(r-1))",
            ["k >= 0"],
        ),
        "d/dX sum(r=0..k, r^2*tr(X^r*A))": (
            "sum(r=1..k, r^2*sum(s=0..r-1, (X^s)'*A'*(X^(r-s-1))'))",
            ["k >= 0"],
        ),
        "d/dX sum(r=0..3, tr(X^r))": ("sum(r=1..3, r*(X^(r-1))')", []),
        "d2/dxdx sum(r=0..k-1, sin((r + 1)*sum(exp(x))))^2": (
            "2*(s1^2*exp(x)*exp(x)' + sum(r=0..k-1, sin((r + 1)*sum(exp(x))))"
            "*(s1*diag(exp(x)) - sum(r=1..k, r^2*sin(r*sum(exp(x))))*exp(x)*exp(x)'))"
            " where s1 = sum(r=1..k, r*cos(r*sum(exp(x))))",
            ["k >= 0"],
        ),
        "d2/dXdX tr(X^k)": (
            "[i,j,l,p]: k*sum(r=0..k-2, (X^r)[p,i]*(X^(k-r-2))[j,l])",
            ["k >= 1"],
        ),
    },
)
def test_answers(text: str, answer: str, conditions: list[str]) -> None:
    result = mg.derive(text, given=GIVEN)
    assert result.text() == answer
    assert list(result.conditions) == conditions
    assert result.proof is not None
    assert result.proof.ok is True


@rows(
    "text, layout, form, answer",
    {
        "d/dX X^k": ("vec", "text", "sum(r=0..k-1, kron((X^r)', X^(k-r-1)))"),
        "d/dX a'*X^k*b": (
            "book",
            "numpy",
            "msum(r, 0, k-1, outer(matpow(X, r).T @ a, matpow(X, k-r-1) @ b))",
        ),
        "d/dX  a'*X^k*b": ("book", "unicode", "∑_{r=0}^{k−1} (X^r)ᵀ a bᵀ (X^(k−r−1))ᵀ"),
        "d/dX tr(X^k)": ("book", "latex", r"k\,\left(X^{k - 1}\right)^{\top}"),
        "d/dt sum(r=0..k, a + r*t*a)": ("book", "unicode", "(∑_{r=1}^{k} r) a"),
        "d/da sum(r=0..k, (t^r + 1)*a'*a)": ("book", "unicode", "2 (∑_{r=0}^{k} (1 + t^r)) aᵀ"),
    },
)
def test_forms(text: str, layout: str, form: str, answer: str) -> None:
    assert mg.derive(text, given=GIVEN, layout=layout).text(form) == answer


def test_a_positive_exponent_needs_no_condition() -> None:
    assert mg.derive("d/dX tr(X^k)", given="k >= 1").conditions == ()
    assert mg.derive("d/dX tr(X^k)", given="k: positive integer").conditions == ()
    assert mg.derive("d/dX tr(X^k)", given="X invertible; k: integer").conditions == ()


@rows(
    "left, right",
    {
        "X^j*X^k": "X^(j+k)",
        "X*X^k": "X^(k+1)",
        "X^k*X^2": "X^(2+k)",
        "X^k*inv(X)": "X^(k-1)",
        "X^k*X^(-k)": "eye(n)",
        "X^k*X^(1-k)": "X",
        "inv(X^k)": "X^(-k)",
        "inv(X)^k": "X^(-k)",
        "(X')^k": "(X^k)'",
        "(X^j)^k": "X^(j*k)",
        "(X'*X)^k*X'*X": "(X'*X)^(k+1)",
        "X'*(X*X')^k*X": "(X'*X)^0*X'*(X*X')^k*X",
        "eye(n)^k": "eye(n)",
        "det(X^k)*eye(n)": "det(X)^k*eye(n)",
        "t^k*t*X": "t^(k+1)*X",
        "t^j*t^k*X": "t^(j+k)*X",
        "sum(r=0..k, X^r)": "sum(s=1..k+1, X^(k+1-s))",
        "sum(r=0..k-1, X^r*A*X^(k-1-r))": "sum(r=1..k, X^(k-r)*A*X^(r-1))",
        "sum(r=0..k, X^r*X^(k-r))": "(k + 1)*X^k",
        "sum(r=0..k, A)": "(k + 1)*A",
        "sum(r=0..k, sum(s=0..r, X^s*A*X^(r-s)))": "sum(s=0..k, sum(r=s..k, X^(r-s)*A*X^s))",
        "sum(r=0..k, sum(s=0..r, X^s*A*X^(k-r)))": "sum(r=0..k, sum(s=0..k-r, X^r*A*X^s))",
        "sum(r=0..k, r*X^r)": "sum(r=1..k, r*X^r)",
        "A*sum(r=0..k, X^r)": "sum(r=0..k, A*X^r)",
    },
)
def test_laws(left: str, right: str) -> None:
    """Both sides have one normal form: the law needs no proof by points."""
    given = {name: "n n" for name in "XA"} | {"t": "", "j": "integer", "k": "integer"}
    one, other = (lower(read(side, symbols=given).expr) for side in (left, right))
    assert one is other


@pytest.mark.parametrize("exponent", [0, 1, 2, 4])
@pytest.mark.parametrize("text", ["a'*X^k*b", "tr(A*X^k*A*X^(k+1))", "sum(r=0..k, r*tr(X^r*A))"])
def test_a_symbolic_exponent_agrees_with_a_number(text: str, exponent: int) -> None:
    symbolic = mg.derive(f"d/dX {text}", given="k: integer")
    written = mg.derive(f"d/dX {text.replace('k', str(exponent))}", given="X, A: n n")
    matrix, other = [[0.3, 1.1], [-0.7, 0.4]], [[1.0, 0.2], [0.5, -0.6]]
    values = {"X": matrix, "A": other, "a": [0.5, -1.0], "b": [1.5, 2.0]}
    known = {name: value for name, value in values.items() if name in text}
    found = symbolic(**known, sizes={"k": exponent})
    wanted = evaluate(written.expression, values, sizes={"n": 2})
    for row, expected in zip(found, wanted, strict=True):
        assert row == pytest.approx(expected)


RENAMED = {"X": "B", "a": "w", "b": "c", "k": "h", "A": "Z"}


def renamed(text: str) -> str:
    return re.sub(r"\b[XabkA]\b", lambda name: RENAMED[name.group()], text.replace("dX", "d(X)"))


@pytest.mark.parametrize(
    "text", ["a'*X^k*b", "tr(X^k*A)", "tr(X^(-k)*A)", "sum(r=0..k, r*tr(X^r*A))"]
)
def test_no_letter_decides(text: str) -> None:
    answer = mg.derive(text, "X").text()
    assert renamed(answer) == mg.derive(renamed(text), "B").text()


@rows(
    "text, error, message",
    {
        "d/dX sum(r=0..k, tr(X^(r*r)))": (NoRule, "products of indices"),
        "d/dX sum(r=0..k, sum(s=0..k, tr(X^(r*s))))": (NoRule, "products of indices"),
        "d/dt sum(r=1..k, t*det(2*eye(r)))": (ShapeProblem, "cannot be the size of an array"),
        "d/dk X^k": (MatgradError, "k is a size"),
    },
)
def test_refusals(text: str, error: type[MatgradError], message: str) -> None:
    with pytest.raises(error, match=message):
        mg.derive(text)


def test_an_empty_sum_is_zero() -> None:
    expr: Expr = read("sum(r=1..k, X^r)", given="X: 2 2; k: integer").expr
    assert evaluate(expr, {"X": [[1.0, 2.0], [3.0, 4.0]]}, sizes={"k": 0}) == [[0, 0], [0, 0]]


def test_integers_are_reported() -> None:
    kinds = {name.name: (name.kind, name.note) for name in mg.derive("d/dX tr(X^k)").symbols}
    assert kinds["k"] == ("integer", "assumed integer")
    assert kinds["n"][0] == "dimension"
    assert isinstance(read("tr(X^k)").expr.args[0].data, Dim)
