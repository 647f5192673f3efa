"""Derivations: every step holds by itself, and the steps are a chain to the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

import matgrad as mg
from commands import command
from matgrad.api.identities import identities
from matgrad.certificate.check import break_of, check_step, findings
from matgrad.certificate.derivation import DETAILS, Derivation
from matgrad.certificate.reader import read
from matgrad.certificate.writer import written
from matgrad.core.errors import NoForm
from random_expressions import problem

IDENTITIES = identities("mml 5.5")
# Further questions: (input, given).
QUESTIONS = [
    ("d/dX logdet(X*X')", ""),
    ("d/dSigma -logdet(Sigma)/2 - (x - mu)'*inv(Sigma)*(x - mu)/2", ""),
    ("d/dx norm(A*x - b)^2", ""),
    ("d/dA[i,j] (A*x)[k]", "A: m n"),
    ("d/dX f(X*X)", "f(X): p p"),
    ("d/dx exp(a'*x)/(1 + exp(a'*x))", ""),
    ("d/dx tanh(A*x + b)", ""),
    ("d/dX X*A*X", ""),
    ("d2/dxdx x'*B*x", ""),
    ("d2/dxdx norm(x)", "x: n"),
    ("d/dX tr(X*A)", "X symmetric"),
    ("d/dX tr(X*X)", "X symmetric"),
    ("d2/dXdX tr(X*X)", "X symmetric"),
    ("d/dx x", "x: n"),
    ("d/dx y'*y", "x: n"),
    ("d/dX tr(A*X*X*X*B)", ""),
    ("d/dX expm(X)", ""),
    ("d/dconj(x) norm(A*x - b)^2", "x complex; A complex; b complex"),
    ("d/dz x'*z", "z complex"),
    ("d/dX tr(Q'*X*Q)", "Q: n n orthogonal"),
    ("d/dx sum(softmax(x).*a)", ""),
    ("d/dX tr(X*dX)", "X: n n; dX: n n"),
    ("d/dX X'*X", ""),
    ("d/dx x/norm(x)", ""),
    ("d/dW norm(tanh(W*x + b) - y)^2", ""),
    ("d/dx (a'*x)[1]*x", "x: n"),
    ("d/dX tr(A*where(X > 0, X, 0))", ""),
    ("d/dt expm(t*A)", ""),
    ("d/dX [X, A]*[B; C]", ""),
    ("d/dX normF([A, X; B, C])", ""),
    ("d/dY sum(r=0..2, (r + 1)*tr(A*Y^r))", "Y: n n"),
    ("d/dY sum(r=0..k, tr(Y^r*B))", "Y: n n; k: integer"),
    ("d2/dxdx norm(A*x - b)^2", ""),
    ("d2/dxdx exp(-norm(x - y)^2/(2*l^2))", "x: n; l: scalar"),
    ("d/dx conj(A*x - b)'*(A*x - b)", "A complex; b complex; x: n"),
    ("d/dX real(tr((X + 1i*Y)*(X + 1i*Y)^H))", ""),
    ("d2/dXdX logdet(X)", "X symmetric"),
    ("d/dX det(A*X*B)^3", ""),
]
FORMS = ("text", "unicode", "latex", "markdown", "html")


def derivation(text: str, given: str = "", layout: str = "book") -> Derivation:
    return mg.derive(text, given=given, layout=layout, check=False).steps


def sound(steps: Derivation) -> bool:
    found = list(findings(steps, seed=1))
    assert [finding for finding in found if not finding.ok] == []
    return bool(found)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("entry", IDENTITIES, ids=lambda entry: entry.name)
def test_every_step_of_the_ten_identities_holds(entry, detail) -> None:
    steps = entry.derive(check=False).result.steps
    assert sound(steps.at(detail))


@pytest.mark.parametrize("detail", ("full", "normal"))
@pytest.mark.parametrize(("text", "given"), QUESTIONS, ids=[text for text, _ in QUESTIONS])
def test_every_step_holds(text: str, given: str, detail: str) -> None:
    assert sound(derivation(text, given).at(detail))


@pytest.mark.parametrize("layout", ("gradient", "numerator", "denominator", "vec"))
@pytest.mark.parametrize("text", ("d/dx x'*B*x", "d/dX tr(A*X)", "d/dX A*X*B", "d/dx A*x"))
def test_the_last_step_lands_on_the_layout(text: str, layout: str) -> None:
    assert sound(derivation(text, layout=layout))


def test_the_ten_identities_take_few_steps() -> None:
    counts = [len(entry.derive(check=False).result.steps.at("normal")) for entry in IDENTITIES]
    assert len(counts) == 10
    assert median(counts) <= 6
    assert max(counts) <= 6


@pytest.mark.parametrize(("text", "given"), QUESTIONS, ids=[text for text, _ in QUESTIONS])
def test_no_step_is_merely_called_simplify(text: str, given: str) -> None:
    for step in derivation(text, given):
        assert step.rule
        assert "simplif" not in step.rule
        assert step.cite


def test_a_step_that_is_changed_is_refuted() -> None:
    steps = derivation("d/dX a'*inv(X)*b").at("normal").steps
    (first, *_) = steps
    other = derivation("d/dX a'*inv(X)'*b").steps[-2]
    assert check_step(first).ok
    wrong = type(first)("equal", first.before, other.after, first.rules, first.move)
    assert check_step(wrong).ok is False


def test_a_missing_step_breaks_the_chain() -> None:
    whole = derivation("d/dX a'*inv(X)*b")
    for k in range(len(whole)):
        cut = Derivation(
            whole.input,
            whole.source,
            whole.moves,
            whole.answer,
            whole.steps[:k] + whole.steps[k + 1 :],
        )
        assert break_of(cut) is not None
    assert break_of(whole) is None


def test_the_slide_comes_out_line_by_line() -> None:
    shown = command(
        "steps", "d/ds (x - A*s)'*W*(x - A*s)", "--given", "W symmetric", "--to", "unicode"
    )
    lines = [line.strip() for line in shown.out.splitlines()]
    wanted = [
        "with z = x − A s",
        "= 2 zᵀ W dz",
        "chain rule: dz = −A ds  [Magnus & Neudecker 2019, ch. 5, sec. 11]",
        "= 2 (x − A s)ᵀ W (−A)",
        "= −2 (x − A s)ᵀ W A",
    ]
    assert [line for line in lines if line in wanted] == wanted


@pytest.mark.parametrize("form", FORMS)
def test_a_derivation_is_written_in_every_form(form: str) -> None:
    shown = command("steps", "d/dX logdet(X*X')", "--to", form)
    assert shown.status == 0
    assert not set("\ue000\ue001") & set(shown.out)


# Files.


@pytest.mark.parametrize(("text", "given"), QUESTIONS, ids=[text for text, _ in QUESTIONS])
def test_a_file_holds_the_whole_derivation(text: str, given: str) -> None:
    whole = derivation(text, given)
    again = read(written(whole))
    assert again.steps == whole.steps
    assert (again.source, again.answer, again.moves) == (whole.source, whole.answer, whole.moves)


def file_of(text: str) -> dict[str, Any]:
    return json.loads(written(derivation(text).at("normal")))


def test_a_file_is_replayed() -> None:
    shown = command("replay", "-", stdin=json.dumps(file_of("d/dX logdet(X*X')")).encode())
    assert shown.status == 0
    assert "all 4 steps hold" in shown.out


def test_a_line_that_was_changed_is_refused_by_its_number() -> None:
    file = file_of("d/dX logdet(X*X')")
    file["steps"][1]["after_text"] = "tr(X)"
    shown = command("replay", "-", stdin=json.dumps(file).encode())
    assert (shown.status, shown.out) == (2, "")
    assert "step 2 is tampered with" in shown.err


def test_a_step_that_was_changed_is_refuted_by_its_number() -> None:
    """Text and nodes are changed alike, and the step after begins where this one ends."""
    whole = derivation("d/dX a'*inv(X)*b").at("normal")
    first, second, third = whole.steps
    wrong = replace(second, after=derivation("d/dX a'*inv(X)'*b").steps[-2].after)
    bad = replace(whole, steps=(first, wrong, replace(third, before=wrong.after)))
    shown = command("replay", "-", stdin=written(bad).encode())
    assert shown.status == 1
    (refused,) = [line for line in shown.out.splitlines() if "step 2" in line]
    assert "REFUSED" in refused


def test_a_node_that_was_changed_is_refused() -> None:
    file = file_of("d/dX a'*inv(X)*b")
    turned = next(node for node in file["nodes"] if node["op"] == "inv")
    turned["shape"] = turned["shape"][:1]
    shown = command("replay", "-", stdin=json.dumps(file).encode())
    assert (shown.status, shown.out) == (2, "")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "matgrad derivation", "version": 9}'])
def test_what_is_no_derivation_is_refused(text: str) -> None:
    shown = command("replay", "-", stdin=text.encode())
    assert (shown.status, shown.out) == (2, "")
    assert shown.err.startswith("matgrad: this ")
    assert "Error" not in shown.err and "indices" not in shown.err


def test_a_file_that_is_not_there_is_named() -> None:
    shown = command("replay", "no-such-derivation.json")
    assert (shown.status, shown.out) == (2, "")
    assert "no-such-derivation.json: No such file" in shown.err


def test_the_main_command_lists_the_steps() -> None:
    answer = json.loads(command("d/dx x'*B*x", "--json").out)
    assert [step["after"] for step in answer["steps"]][-1]
    assert answer["steps"][0]["before"] == "d(x'*B*x)"
    assert answer["steps"][0]["rule"] == "product-rule"


def test_full_detail_proves_the_rules_it_cites() -> None:
    shown = command("steps", "d/dX inv(f(X))", "--given", "f(X): p p; X: m n", "--detail", "full")
    lines = [line.strip() for line in shown.out.splitlines()]
    wanted = ["zeros(n, n)", "= d(eye(n))", "= d(inv(A)*A)", "= d(inv(A))*A + inv(A)*dA"]
    assert [line for line in lines if line in wanted] == wanted


def test_a_page_folds_the_smaller_steps() -> None:
    question = ("steps", "d/dX tr(A*inv(X)*B)", "--to", "html")
    assert "smaller steps</summary>" in command(*question).out
    assert "<summary>differential of inv" in command(*question, "--detail", "full").out


def test_an_unknown_detail_is_refused() -> None:
    assert command("steps", "d/dx x'*x", "--detail", "some").status == 2


def test_a_differential_has_no_name_that_is_taken() -> None:
    shown = command("steps", "d/dX tr(X*dX)", "--given", "X: n n; dX: n n")
    assert "= tr(dX*d(X))" in shown.out


def test_a_tensor_shows_the_shapes_of_every_factor() -> None:
    shown = command("steps", "d/dX X'*A*X", "--given", "X: m n")
    assert "shapes d/dX: n x n x m x n; A: m x m; X: m x n" in shown.out


def test_a_large_expression_has_a_derivation_too() -> None:
    terms = " + ".join(f"a{k}'*x" for k in range(300))
    assert sound(derivation(f"d/dx {terms}", "x: n").at("normal"))


def test_a_derivation_in_python() -> None:
    steps = derivation("d/dx x'*B*x")
    first = steps[0]
    assert str(first) == "d(x'*B*x) = d(B'*x)'*x + x'*B*dx (product-rule)"
    assert str(steps).splitlines()[0] == "d/dx x'*B*x"
    assert steps.latex() == steps.text("latex")
    assert len(list(steps)) == len(steps) == len(steps.steps)
    with pytest.raises(NoForm, match="markdown"):
        steps.text("braille")


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_derivations_of_random_expressions_hold(first: int) -> None:
    for number in range(first, first + 10):
        asked = problem(number)
        steps = mg.derive(mg.Expression(asked.root), asked.names, check=False).steps.at("normal")
        assert [f for f in findings(steps, seed=1) if f.ok is False] == [], number


def test_a_name_that_was_given_is_used_wherever_it_occurs() -> None:
    shown = command("steps", "d/dx norm(r)^2 where r = A*x - b").out
    lines = [line.strip() for line in shown.splitlines()]
    assert "with r = A*x - b" in lines
    assert "d(norm(r)^2)" in lines
    assert "= 2*r'*A" in lines


@pytest.mark.parametrize("text", ["det(x*x')", "tr(adj(x*x' + y*y'))"])
def test_no_step_inverts_what_is_singular_by_construction(text: str) -> None:
    steps = mg.derive(text, "x").steps
    assert [finding for finding in findings(steps, seed=1) if not finding.ok] == []
    assert "inv(" not in str(steps)
