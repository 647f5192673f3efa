"""The identities of the book, by equation number, and what its readers asked about them.

A row is an input, the variable, and the answer as `text` and as `unicode`, with its shape.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

import matgrad as mg
from matgrad.core.expr import shape_text
from matgrad.normal.lower import lower
from matgrad.normal.sums import is_zero
from matgrad.proof import prove

F = "f(X): p p; X: m n"
ERROR = "(x - A*s)'*W*(x - A*s)"


class Row(NamedTuple):
    expression: str
    wrt: str
    text: str
    unicode: str
    shape: str
    given: str = ""
    layout: str = "book"
    structure: str = "free"

    def derive(self) -> mg.Result:
        return mg.derive(
            self.expression,
            self.wrt,
            given=self.given,
            layout=self.layout,
            structure=self.structure,
        )


BOOK = {
    "mml-5.99": Row("f(X)'", "X", "D(f, X)'", "(∂f(X)/∂X)ᵀ", "p p m n", F),
    "mml-5.100": Row("tr(f(X))", "X", "tr(D(f, X))", "tr(∂f(X)/∂X)", "m n", F),
    "mml-5.101": Row(
        "det(f(X))",
        "X",
        "det(f(X))*tr(inv(f(X))*D(f, X))",
        "det(f(X)) tr(f(X)⁻¹ ∂f(X)/∂X)",
        "m n",
        F,
    ),
    "mml-5.102": Row(
        "inv(f(X))",
        "X",
        "-inv(f(X))*D(f, X)*inv(f(X))",
        "−f(X)⁻¹ ∂f(X)/∂X f(X)⁻¹",
        "p p m n",
        F,
    ),
    "mml-5.102-entry": Row(
        "inv(f(X))",
        "X[i,j]",
        "-inv(f(X))*D(f, X[i,j])*inv(f(X))",
        "−f(X)⁻¹ ∂f(X)/∂X[i,j] f(X)⁻¹",
        "p p",
        F,
    ),
    "mml-5.103": Row("a'*inv(X)*b", "X", "-inv(X)'*a*b'*inv(X)'", "−(X⁻¹)ᵀ a bᵀ (X⁻¹)ᵀ", "n n"),
    "mml-5.104": Row("x'*a", "x", "a'", "aᵀ", "n"),
    "mml-5.105": Row("a'*x", "x", "a'", "aᵀ", "n"),
    "mml-5.106": Row("a'*X*b", "X", "a*b'", "a bᵀ", "m n"),
    "mml-5.107": Row("x'*B*x", "x", "x'*(B + B')", "xᵀ (B + Bᵀ)", "n"),
    "mml-5.108": Row(ERROR, "s", "-2*(x - A*s)'*W*A", "−2 (x − A s)ᵀ W A", "n", "W symmetric"),
    "mml-5.108-general": Row(ERROR, "s", "-(x - A*s)'*(W + W')*A", "−(x − A s)ᵀ (W + Wᵀ) A", "n"),
    "note-trace-of-a-tensor": Row(
        "tr(F(X))", "X", "tr(D(F, X))", "tr(∂F(X)/∂X)", "E F", "F(X): D D; X: E F"
    ),
}

# What readers of the book asked; the names are the issues of its tracker.
READERS = {
    "issue-491-f-is-X": Row(
        "inv(X)",
        "X",
        "[i,j,k,l]: -inv(X)[i,k]*inv(X)[l,j]",
        "[i,j,k,l]: −(X⁻¹)[i,k] (X⁻¹)[l,j]",
        "n n n n",
    ),
    "issue-491-vec": Row(
        "inv(X)", "X", "-kron(inv(X)', inv(X))", "−((X⁻¹)ᵀ ⊗ X⁻¹)", "n^2 n^2", layout="vec"
    ),
    "issue-491-entry": Row(
        "inv(X)",
        "X[i,j]",
        "-inv(X)*unit(i, n)*unit(j, n)'*inv(X)",
        "−X⁻¹ eᵢ eⱼᵀ X⁻¹",
        "n n",
    ),
    "issue-465-book": Row("x'*a", "x", "a'", "aᵀ", "n"),
    "issue-465-numerator": Row("x'*a", "x", "a'", "aᵀ", "n", layout="numerator"),
    "issue-465-gradient": Row("x'*a", "x", "a", "a", "n", layout="gradient"),
    "issue-465-denominator": Row("x'*a", "x", "a", "a", "n", layout="denominator"),
    "issue-701": Row("det(x*x')", "x", "2*x'*adj(x*x')", "2 xᵀ adj(x xᵀ)", "n"),
    "issue-701-one": Row("det(x*x')", "x", "2*x'", "2 xᵀ", "1", "x: 1"),
    "issue-701-two": Row("det(x*x')", "x", "zeros(2)'", "0₂ᵀ", "2", "x: 2"),
    "math.se-3764596": Row("tr(inv(X))", "X", "-(inv(X)^2)'", "−((X⁻¹)²)ᵀ", "n n"),
}

# SymPy 1.14 answers these with 0 or with something wrong.
RIVALS = {
    "log-det-gram": Row("log(det(X*X'))", "X", "2*inv(X*X')*X", "2 (X Xᵀ)⁻¹ X", "m n"),
    "trace-of-a-projection": Row("tr(inv(X*X')*X*X')", "X", "zeros(m, n)", "0ₘₓₙ", "m n"),
    "frobenius-norm-squared": Row(
        "normF(A*X - B)^2", "X", "2*A'*(A*X - B)", "2 Aᵀ (A X − B)", "n p"
    ),
    "exp-of-trace": Row("exp(tr(X))", "X", "exp(tr(X))*eye(n)", "exp(tr(X)) Iₙ", "n n"),
    "sum-of-traces": Row("tr(X) + tr(X^2)", "X", "eye(n) + 2*X'", "Iₙ + 2 Xᵀ", "n n"),
    "entry": Row("X[1,1]", "X", "unit(1, m)*unit(1, n)'", "e₁ e₁ᵀ", "m n"),
    "trace-of-sine": Row("tr(sin.(X))", "X", "cos.(X).*eye(n)", "cos.(X) ⊙ Iₙ", "n n"),
    "quotient": Row(
        "x/tr(x*x')",
        "x",
        "(eye(n) - 2*x*x'/(x'*x))/(x'*x)",
        "(Iₙ − 2 x xᵀ/(xᵀ x))/(xᵀ x)",
        "n n",
    ),
    "symmetric-variable": Row("tr(X*A)", "X", "A'", "Aᵀ", "n n", "X symmetric"),
    "symmetric-tangent": Row(
        "tr(X*A)", "X", "(A + A')/2", "(A + Aᵀ)/2", "n n", "X symmetric", structure="tangent"
    ),
    "orthogonal-variable": Row("tr(Q'*Q)", "Q", "2*Q", "2 Q", "n n", "Q orthogonal"),
}
TABLE = BOOK | READERS | RIVALS


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_identity(row: Row) -> None:
    result = row.derive()
    assert result.text() == row.text
    assert result.text("unicode") == row.unicode
    assert " ".join(map(str, result.shape)) == row.shape
    assert result.layout == row.layout
    assert result.proof is not None
    assert result.proof.ok is True, result.proof


@pytest.mark.parametrize("row", BOOK.values(), ids=BOOK)
def test_the_check_of_an_identity_is_exact(row: Row) -> None:
    """None of the book's identities needs floating point or a table of scalar functions."""
    proof = row.derive().proof
    assert proof is not None
    assert proof.method == "exact"
    assert proof.bound is not None
    assert proof.bound < 2**-50
    assert len(proof.sizes) == 3


def test_mml_5_102_shows_the_shape_of_each_factor() -> None:
    factors = [(text, shape_text(shape)) for text, shape in BOOK["mml-5.102"].derive().factors()]
    assert factors == [
        ("inv(f(X))", "p x p"),
        ("D(f, X)", "p x p x m x n"),
        ("inv(f(X))", "p x p"),
    ]


def test_issue_212_the_trace_of_the_derivative_is_the_derivative_of_the_trace() -> None:
    inner = mg.derive("f(X)", "X", given=F)
    outer = mg.derive("tr(f(X))", "X", given=F)
    traced = mg.tr(mg.Expression(inner.expression))
    assert lower(traced.expr) is outer.node


def test_issue_491_is_one_result_in_every_form() -> None:
    result = mg.derive("inv(X)", "X")
    assert result.text("index") == "[i,j,k,l]: -inv(X)[i,k]*inv(X)[l,j]"
    assert result.text("kron") == "−((X⁻¹)ᵀ ⊗ X⁻¹)"


def test_issue_701_says_where_the_determinant_vanishes() -> None:
    result = READERS["issue-701"].derive()
    assert "inv(" not in result.text()
    assert not result.conditions
    (remark,) = result.remarks
    assert "rank(x*x') <= 1" in remark
    assert "for n > 1" in remark


@pytest.mark.parametrize(
    "text", ["det(A*B)", "sum(A)*det(B'*A')^2", "det(C*(Y[:,2:n] - Y[:,1:n-1])*B)"]
)
def test_a_determinant_through_fewer_dimensions_is_zero(text: str) -> None:
    """At every size, not only where the bound is a number."""
    symbols = {"A": "n n-1", "B": "n-1 n", "C": "n n", "Y": "n n"}
    result = mg.derive(text, "A" if "A" in text else "Y", symbols=symbols)
    assert is_zero(result.node)
    assert "<= n - 1, so" in result.remarks[1]
    assert result.proof is not None and result.proof.ok


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        pytest.param(BOOK["mml-5.100"], "tr(D(f, X)')*2", id="mml-5.100"),
        pytest.param(BOOK["mml-5.102"], "-inv(f(X))*D(f, X)", id="mml-5.102"),
        pytest.param(BOOK["mml-5.103"], "-inv(X)*a*b'*inv(X)", id="mml-5.103"),
        pytest.param(BOOK["mml-5.108-general"], "-2*(x - A*s)'*W*A", id="mml-5.108-general"),
    ],
)
def test_a_wrong_identity_is_refuted(row: Row, wrong: str) -> None:
    result = row.derive()
    claim = mg.read(wrong, given=row.given)
    assert prove(result.source, [t.symbol for t in result.targets], claim.expr).ok is False


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        pytest.param("x/(2*s^2) where x = s^3", ("s != 0",), id="a power and a factor"),
        pytest.param("s*tr(inv(2*X^2))", ("X nonsingular",), id="a power of a matrix"),
        pytest.param("log(c - p) where p = exp(s)", ("c - p > 0",), id="a named part"),
        pytest.param("log(3*s)", ("s > 0",), id="a positive factor"),
        pytest.param("log(c*s)", ("c*s > 0",), id="a factor that may matter"),
    ],
)
def test_conditions_say_what_matters(text: str, conditions: tuple[str, ...]) -> None:
    assert mg.derive(text, "s", given="s: scalar; X: n n").conditions == conditions
