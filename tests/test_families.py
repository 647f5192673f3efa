"""Families and sums over their members: `sum_i x_i'*A*x_i` for data x_1, …, x_N."""

from __future__ import annotations

import re
from typing import Any

import pytest

import matgrad as mg
from matgrad.certificate.check import findings
from matgrad.certificate.page import page
from matgrad.core.errors import (
    DeclarationProblem,
    MatgradError,
    NameProblem,
    NoForm,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.core.expr import symbols_of
from matgrad.normal.lower import lower
from matgrad.notation.read import read, read_expression
from matgrad.notation.render import render
from matgrad.proof import evaluate, same

GAUSS = "x_i: n, i=1..N; S: n n symmetric"
FAMILY = "S_i: n n pd, i=1..N"
SERIES = "x_t: n, t=1..T"


def rows(names: str, table: dict[str, Any]) -> pytest.MarkDecorator:
    """Parametrise by a table whose keys are the first argument and the ids."""
    cases = [
        (key, *(value if isinstance(value, tuple) else (value,))) for key, value in table.items()
    ]
    return pytest.mark.parametrize(names, cases, ids=list(table))


MIXTURE = "sum_i log(sum_k pi_k*exp(-(x_i - mu_k)'*(x_i - mu_k)/2))"
INSIDE = "(sum_k pi_k*exp(-(x_i - mu_k)'*(x_i - mu_k)/2))"


@rows(
    "text, given, answer, conditions",
    {
        "d/dA sum_i x_i'*A*x_i": ("", "sum_i x_i*x_i'", []),
        "d/dt cosh(t)^sum_i tr(A_i)": (
            "A_i: n n, i=1..N; t: scalar",
            "sinh(t)*(sum_i tr(A_i))*cosh(t)^(sum_i tr(A_i)-1)",
            [],
        ),
        "d/dx_j sum_i x_i'*A*x_i": ("", "x_j'*(A + A')", []),
        "d/dx_1 sum_i x_i'*A*x_i": ("", "x[1]'*(A + A')", []),
        "d/dx sum_i x_i'*A*x_i": ("", "x*(A + A')", []),
        "d/dw sum_i log(1 + exp(-y_i*w'*x_i))": (
            "",
            "-sum_i y_i*sigmoid(-y_i*w'*x_i)*x_i'",
            [],
        ),
        "d2/dw2 sum_i log(1 + exp(-y_i*w'*x_i))": (
            "",
            "sum_i y_i^2*sigmoid(y_i*w'*x_i)*sigmoid(-y_i*w'*x_i)*x_i*x_i'",
            [],
        ),
        "d/dmu sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            GAUSS,
            "-2*sum_i (x_i - mu)'*inv(S)",
            ["S nonsingular"],
        ),
        "d2/dmu2 sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (GAUSS, "2*N*inv(S)", ["S nonsingular"]),
        "d/dS sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            GAUSS,
            "-sum_i inv(S)*(x_i - mu)*(x_i - mu)'*inv(S)",
            ["S nonsingular"],
        ),
        "d/dx_j sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            GAUSS,
            "2*(x_j - mu)'*inv(S)",
            ["S nonsingular"],
        ),
        "d/dS_j sum_i log(det(S_i))": (FAMILY, "inv(S_j)", []),
        "d/dS_j sum_i x_i'*inv(S_i)*x_i": (FAMILY, "-inv(S_j)*x_j*x_j'*inv(S_j)", []),
        "d/dx_j sum_i x_i'*inv(S_i)*x_i": (FAMILY, "2*x_j'*inv(S_j)", []),
        "d/dA sum_i f(A*x_i)": ("", "sum_i D(f, A*x_i)*x_i'", []),
        "d/dx_j sum_i f(A*x_i)": ("", "D(f, A*x_j)'*A", []),
        "d/dW sum_i norm2(y_i - W*x_i)^2": ("x_i: n; y_i: m", "-2*sum_i (y_i - W*x_i)*x_i'", []),
        "d/dX sum_i tr(A_i*X*B_i)": ("", "sum_i A_i'*B_i'", []),
        "d/dX log(det(sum_i A_i*X*A_i'))": (
            "X: n n pd; A_i: m n",
            "sum_i A_i'*inv(sum_r A_r*X*A_r')*A_i",
            ["det(sum_i A_i*X*A_i') > 0"],
        ),
        # A sum reaches over the quotient that follows it.
        "d/dX norm(sum_i cos.(X*z_i))*tr(X)": (
            "X: n n; z_i: n",
            "norm(sum_i cos(X*z_i))*eye(n) - (tr(X)*sum_i (sum_r sin(X*z_i).*cos(X*z_r))*z_i')"
            "/norm(sum_i cos(X*z_i))",
            ["sum_i cos(X*z_i) != 0"],
        ),
        "d/db sum_i sum_j exp(x_i'*b*y_j)": (
            "b: m n; x_i: m; y_j: n",
            "sum_i x_i*sum_j exp(x_i'*b*y_j)*y_j'",
            [],
        ),
        "d/du_k sum_i sum_j (R_ij - u_i'*v_j)^2": (
            "R: M N",
            "2*sum_j (u_k'*v_j - R[k,j])*v_j'",
            [],
        ),
        f"d/dpi_j {MIXTURE}": (
            "",
            f"sum_i exp(-(x_i - mu_j)'*(x_i - mu_j)/2)/{INSIDE}",
            [INSIDE[1:-1] + " > 0"],
        ),
        f"d/dmu_j {MIXTURE}": (
            "",
            f"pi[j]*sum_i exp(-(x_i - mu_j)'*(x_i - mu_j)/2)*(x_i - mu_j)'/{INSIDE}",
            [INSIDE[1:-1] + " > 0"],
        ),
        "d/dA sum(t=1..T-1, norm2(x[t+1] - A*x_t)^2)": (
            SERIES,
            "-2*sum(t=1..T-1, (x[t+1] - A*x_t)*x_t')",
            [],
        ),
        "d/dx sum(t=1..T-1, (x[t+1] - A*x_t)'*(x[t+1] - A*x_t))": (
            SERIES,
            "2*(sum(t=1..T-1, unit(t+1, T)*(x[t+1] - A*x_t)') - "
            "sum(t=1..T-1, unit(t, T)*(x[t+1] - A*x_t)'*A))",
            [],
        ),
        "d/dt sum_i i*t^i*a_i": ("", "sum_i i^2*t^(i-1)*a_i", []),
        "d/dp sum_i log(p_i)": ("", "(ones(N)./p)'", ["p_i > 0", "p has no zeros"]),
        "d/dz sum_i y_i*log(p_i) where p = softmax(z)": (
            "",
            "y' - sum(y)*p' where p = softmax(z)",
            ["p[i] > 0"],
        ),
    },
)
def test_answers(text: str, given: str, answer: str, conditions: list[str]) -> None:
    result = mg.derive(text, given=given)
    assert str(result) == answer
    assert list(result.conditions) == conditions
    assert result.proof is not None
    assert result.proof.ok is True


@rows(
    "text, form, answer",
    {
        "d/dmu sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            "latex",
            r"-2\,\sum_{i=1}^{N} \left(x_{i} - \mu\right)^{\top}\,S^{-1}",
        ),
        "d/dmu  sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            "unicode",
            "−2 ∑_{i=1}^{N} (x_i − μ)ᵀ S⁻¹",
        ),
        "d/dS  sum_i (x_i - mu)'*inv(S)*(x_i - mu)": (
            "numpy",
            "-msum(i, 0, N-1, outer(inv(S) @ (x[i] - mu), (x[i] - mu) @ inv(S)))",
        ),
        "d/dx_j  sum_i (x_i - mu)'*inv(S)*(x_i - mu)": ("numpy", "2*inv(S) @ (x[j] - mu)"),
    },
)
def test_forms(text: str, form: str, answer: str) -> None:
    assert mg.derive(text, given=GAUSS).text(form) == answer


@pytest.mark.parametrize(
    "body",
    [
        "x_i'*A*x_i",
        "log(1 + exp(-y_i*w'*x_i))",
        "tr(inv(A + x_i*x_i'))",
        "y_i*sqrt(1 + x_i'*A'*A*x_i)",
        "log(sum_k exp(w'*A*x_k - x_i'*x_k))",
    ],
)
@pytest.mark.parametrize("wrt", ["A", "w", "x_2"])
def test_a_sum_over_members_agrees_with_the_sum_written_out(body: str, wrt: str) -> None:
    """The same with a name for each member, which knows no families."""
    if wrt[0] not in body:
        return
    count = 3

    def at(text: str, index: str, member: int) -> str:
        return re.sub(rf"_{index}\b", str(member), text)

    def written(text: str, index: str) -> str:
        return " + ".join(f"({at(text, index, member)})" for member in range(1, count + 1))

    whole = body
    if "sum_k" in body:
        inner = "exp(w'*A*x_k - x_i'*x_k)"
        whole = body.replace(f"sum_k {inner}", written(inner, "k"))
    given = "x_i: 2, y_i: scalar, i=1..3; A: 2 2; w: 2"
    apart = "x1, x2, x3: 2; y1, y2, y3: scalar; A: 2 2; w: 2"
    result = mg.derive(f"sum_i {body}", wrt, given=given)
    expected = mg.derive(written(whole, "i"), wrt.replace("_", ""), given=apart)
    members = [[0.3, 1.1], [-0.7, 0.4], [0.2, 0.9]]
    labels = [1.0, -1.0, 0.5]
    shared = {"A": [[1.0, 0.2], [0.5, 1.6]], "w": [0.5, -1.0]}
    one: dict[str, Any] = {"x": members, "y": labels, **shared}
    other: dict[str, Any] = {f"x{k}": member for k, member in enumerate(members, 1)}
    other |= {f"y{k}": label for k, label in enumerate(labels, 1)} | shared
    found = evaluate(result.expression, one)
    wanted = evaluate(expected.expression, other)
    assert _flat(found) == pytest.approx(_flat(wanted))


def _flat(value: Any) -> list[float]:
    return [x for part in value for x in _flat(part)] if isinstance(value, list) else [value]


@rows(
    "left, right, given",
    {
        "sum_i x_i'*A*x_i": ("sum(i=1..N, x_i'*A*x_i)", "x_i: n, i=1..N"),
        "sum_i  x_i'*A*x_i": ("tr(x*A*x')", "x_i: n, i=1..N"),
        "sum_i x_i'*y_i": ("sum_j x_j'*y_j", "x_i, y_i: n, i=1..N"),
        "sum(t=1..T-1, x_t'*x[t+1])": ("sum(t=2..T, x_t'*x[t-1])", SERIES),
        "sum_i inv(S_i)*S_i": ("N*eye(n)", FAMILY),
        "sum_i logdet(S_i)": ("-sum_i logdet(inv(S_i))", FAMILY),
        "sum_i sum_j x_i*x_j'": ("(sum_i x_i)*(sum_i x_i)'", "x_i: n, i=1..N"),
        "∑_i x_i": ("sum_i x_i", "x_i: n, i=1..N"),
        "sum_i y_i*z_i": ("y'*z", "y, z: N"),
        "sum_i sum_j X_ij*z_j": ("sum(X*z)", "X: m n; z: n"),
        "2*sum_i x_i + a": ("a + (sum_i x_i)*2", "x_i: n, i=1..N"),
        "-sum_i x_i*t": ("sum_i (-x_i*t)", "x_i: n, i=1..N; t: scalar"),
    },
)
def test_laws(left: str, right: str, given: str) -> None:
    """Both sides have one normal form: the law needs no proof by points."""
    one, other = (lower(read(side, given=given).expr) for side in (left, right))
    assert one is other


@rows(
    "left, right, given",
    {
        "sum(i=1..N, x_i)": ("sum(i=1..N, x[N+1-i])", "x_i: n, i=1..N"),
        "sum_i (x_i + a)": ("sum_i x_i + N*a", "x_i: n, i=1..N"),
        "sum(i=1..3, x_i)": ("x[1] + x[2] + x[3]", "x_i: n, i=1..3"),
        "sum_i inv(S_i)'": ("sum_i inv(S_i)", FAMILY),
        "sum_i det(y_i*S_i)": ("sum_i y_i^2*det(S_i)", "S_i: 2 2, y_i: scalar, i=1..N"),
    },
)
def test_equal_sums(left: str, right: str, given: str) -> None:
    assert mg.equal(left, right, given=given)


@pytest.mark.parametrize("syntax", ["matrix", "numpy"])
@pytest.mark.parametrize(
    "text",
    [
        "sum_i x_i'*A*x_i",
        "2*sum_i x_i*x_i' + A",
        "(sum_i x_i)'*A*x_j",
        "sum(t=1..N-1, x_t'*x[t+1])",
        "sum_i sum_j log(1 + (x_i - x_j)'*(x_i - x_j))",
        "sum_i sum(j=1..i, x_i'*x_j)",
        "tr(x*A*x')*sum_i i*x_i",
    ],
)
def test_what_is_printed_reads_back(text: str, syntax: Any) -> None:
    expr = read(text, given="x_i: n, i=1..N; A: n n").expr
    known = {node.data[0]: node for node in symbols_of(expr)}
    printed = render(expr, "text" if syntax == "matrix" else "numpy")
    assert lower(read_expression(printed, known, syntax)) is lower(expr)


@rows(
    "text, given, error, message",
    {
        "sum_i x": ("", SyntaxProblem, "nothing here tells how many values i takes"),
        "x_i + sum_i x_i": ("", NameProblem, "stands outside of it"),
        "sum_i x_i": ("x: m n", NameProblem, "declare the member instead: `x_i: n`"),
        "sum_i  x_i": ("x: n; x_i: n", DeclarationProblem, "both declared"),
        "sum_i x_i'*y_i": ("x_i: n, i=1..N; y: M", ShapeProblem, "N and M"),
        "sum_i   x_i": ("x_i: n, i=0..N", DeclarationProblem, "counted from 1"),
        "sum(i=1..k, x_i)": ("x_i: n, i=1..N", ShapeProblem, "i <= N"),
        "sum(i=0..N, x_i)": ("x_i: n, i=1..N", ShapeProblem, "i >= 1"),
        "sum(t=1..T, x[t+1])": (SERIES, ShapeProblem, r"t \+ 1 <= T"),
        "sum(i=1..k, x_i) + sum(i=1..m, x_i)": ("", DeclarationProblem, "how long x is"),
        "x_5'*x_1": ("x_i: n, i=1..3", ShapeProblem, "no entry 5"),
        "sum_i x[y+i]": ("x_i: n, i=1..N", ShapeProblem, "not known to be on its axis"),
        "d/dS sum_i log(det(S_i))": (FAMILY, NoForm, "d/dx_j"),
        "d/dx_j sum_i i*x_i'*x_i": ("", NoRule, "named position"),
        "d/dx_7 sum_i x_i'*x_i": ("x_i: n, i=1..3", ShapeProblem, "no such entry"),
        "d/dx_jk sum_i x_i'*x_i": ("", NameProblem, "x_jk"),
    },
)
def test_refusals(text: str, given: str, error: type[MatgradError], message: str) -> None:
    with pytest.raises(error, match=message):
        mg.derive(text, given=given) if text[:2] == "d/" else read(text, given=given)


def test_names_are_reported() -> None:
    result = mg.derive("d/dw sum_k (y_k - w'*x_k)^2", given="x_k: n")
    notes = {
        name.name: (name.kind, list(map(str, name.shape)), name.note) for name in result.symbols
    }
    assert notes["x"] == ("matrix", ["K", "n"], "of all x_k")
    assert notes["y"] == ("vector", ["K"], "y_k assumed scalar")
    assert notes["w"] == ("vector", ["n"], "assumed vector")


def renamed(text: str) -> str:
    for old, new in (("x", "h"), ("mu", "c"), ("S", "B"), ("N", "M"), ("i", "s"), ("j", "u")):
        text = re.sub(rf"(?<![A-Za-z]){old}(?![A-Za-z])", new, text)
    return text


@pytest.mark.parametrize("wrt", ["mu", "S", "x_j"])
def test_no_letter_decides(wrt: str) -> None:
    text, given = "sum_i (x_i - mu)'*inv(S)*(x_i - mu)", "x_i: n, i=1..N; S: n n"
    answer = str(mg.derive(text, wrt, given=given))
    assert renamed(answer) == str(mg.derive(renamed(text), renamed(wrt), given=renamed(given)))


@rows(
    "text, line",
    {
        "d/dx_j sum_i x_i'*A*x_i": ("(A'*x_j + A*x_j)'*d(x_j)",),
        "d/dS_j sum_i logdet(S_i)": ("tr(inv(S_j)*d(S_j))",),
    },
)
def test_steps(text: str, line: str) -> None:
    steps = mg.derive(text, given="x_i: n; S_i: n n, i=1..N").steps
    lines = [re.sub("[\ue000\ue001]", "", row.right) for row in page(steps, "text").rows]
    assert line in lines
    assert all(finding.ok for finding in findings(steps))


def test_code_is_of_all_members() -> None:
    given = "x_i: n; S_i: n n symmetric, i=1..N"
    result = mg.derive("d/dmu sum_i (x_i - mu)'*S_i*(x_i - mu)", given=given)
    text = result.code("numpy")
    assert "S: N x n x n, symmetric\n" in text
    assert "family" not in text
    point = {"x": [[1, 2], [3, 5]], "mu": [1, -1], "S": [[[2, 1], [1, 3]], [[1, 0], [0, 4]]]}
    assert result.compile("numpy")(**point).tolist() == result(**point)


@pytest.mark.parametrize(
    "body",
    ["x_i*x_i'*A", "sigmoid.(x_i*b')", "inv(A + x_i*x_i')"],
    ids=["product", "map", "inverse"],
)
def test_index_forms_are_read_back(body: str) -> None:
    """The index of a sum is no letter of the form it stands in."""
    symbols = {"x_i": "n, i=1..N", "A": "n n", "b": "n"}
    result = mg.derive(mg.read(f"sum(i=1..N-1, {body})", symbols=symbols), "x_j")
    written = result.text()
    assert written.startswith("[k,l,p]: ")
    assert "unit(j, N)[i]" in written
    again = read(written, symbols=symbols, shape="n n n").expr
    assert same(again, result.expression).ok


@rows(
    "text, answer",
    {
        "d/dx sum_r A[r,:]*x": "sum(A, 1)",
        "d/dA sum_r A[:,r]'*b": "b*ones(n)'",
        "d/dA sum_r (A[r,:]*x)^2": "2*A*x*x'",
        "d/dA sum_r norm2(A[r,:])^2": "2*A",
        "d/dA sum_i sum_j W[i,j]*norm(A[i,:] - A[j,:])^2": "4*(diag(sum(W, 2)) - W)*A",
    },
)
def test_an_index_runs_along_the_rows_it_takes(text: str, answer: str) -> None:
    given = "A: m n; b: m; x: n; W: m m symmetric"
    result = mg.derive(text, given=given)
    assert str(result) == answer
    assert result.proof is not None and result.proof.ok
    with pytest.raises(SyntaxProblem, match="how many values r takes"):
        mg.derive("d/dA sum_r A[r+1,:]*x", given=given)


def test_a_normal_form_does_not_depend_on_the_letter() -> None:
    """Whether det is of F_i or of F_i' is decided for all members at once."""
    found = set()
    for letter in "irsuvw":
        text = "sum_i (det(F_i)*sum(F_i*x) + tr(inv(F_i)*A))".replace("_i", f"_{letter}")
        given = f"F_i: n n, i=1..N; A: n n; {letter}=1..N"
        found.add(
            lower(read(text, given=given if letter != "i" else given[: -len("; i=1..N")]).expr)
        )
    assert len(found) == 1
