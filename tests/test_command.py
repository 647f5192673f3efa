"""The command: what it prints, in which form, with which exit status."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

import matgrad as mg
from commands import command
from matgrad import cli
from matgrad.proof import Proof

# Answers


def test_the_main_job_in_a_process_of_its_own() -> None:
    ran = command("d/dX log(det(X*X'))")
    assert (ran.status, ran.err) == (0, "")
    answer, blank, *facts = ran.out.splitlines()
    assert (answer, blank) == ("2*inv(X*X')*X", "")
    assert facts[0] == "  shape      m x n, layout book"
    assert any(line.startswith("  holds if   X*X' nonsingular") for line in facts)
    assert any(line.startswith("  proof      checked exactly at sizes") for line in facts)


def test_standard_input_in_a_process_of_its_own() -> None:
    ran = command("-", "--to", "unicode", stdin="∂/∂x xᵀ A x\n".encode())
    assert (ran.status, ran.out) == (2, "")  # juxtaposition is no product, also in Unicode
    ran = command("-", "--to", "unicode", stdin="∂/∂x xᵀ*A*x\n".encode())
    assert ran.out.splitlines()[0] == "xᵀ (A + Aᵀ)"


@pytest.mark.parametrize(
    ("form", "answer"),
    {
        "text": "-inv(X)'*a*b'*inv(X)'",
        "unicode": "−(X⁻¹)ᵀ a bᵀ (X⁻¹)ᵀ",
        "latex": r"-\left(X^{-1}\right)^{\top}\,a\,b^{\top}\,\left(X^{-1}\right)^{\top}",
        "numpy": "-outer(inv(X).T @ a, inv(X) @ b)",
        "index": "[i,j]: -inv(X)[k,i]*inv(X)[j,l]*a[k]*b[l]",
        "kron": "−((X⁻¹ b) ⊗ ((X⁻¹)ᵀ a))ᵀ",
    }.items(),
)
def test_notations(form: str, answer: str, run: Any) -> None:
    ran = run("a'*inv(X)*b", "--wrt", "X", "--to", form)
    assert ran.status == 0
    assert ran.out.splitlines()[0] == answer


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        pytest.param(["x'*A*x", "--wrt", "x", "--wrt", "x"], "A + A'", id="wrt twice"),
        pytest.param(["d2/dxdy x'*A*y"], "A", id="mixed"),
        pytest.param(["d/dx x'*A*x", "--given", "A symmetric"], "2*x'*A", id="given"),
        pytest.param(["d/dx a'*x", "--given", "a: n; x: n", "--layout", "gradient"], "a", id="lay"),
        pytest.param(
            ["d/dX tr(X*A)", "--given", "X symmetric", "--structure", "tangent"],
            "(A + A')/2",
            id="structure",
        ),
        pytest.param(
            ["x @ A @ x", "--wrt", "x", "--syntax", "numpy", "--given", "x: n; A: n n"],
            "x'*(A + A')",
            id="numpy",
        ),
        pytest.param(
            ["d/dx x'*A*x", "--given", "A: n n", "--given", "x: n"], "x'*(A + A')", id="g2"
        ),
    ],
)
def test_options(arguments: list[str], answer: str, run: Any) -> None:
    ran = run(*arguments)
    assert ran.status == 0
    assert ran.out.splitlines()[0] == answer


def test_a_tensor_between_matrices_is_reported_with_the_shape_of_each_factor(run: Any) -> None:
    ran = run("d/dX inv(f(X))", "--given", "f(X): p p; X: m n")
    line = "  factors    inv(f(X)): p x p; D(f, X): p x p x m x n; inv(f(X)): p x p"
    assert line in ran.out.splitlines()
    assert "factors" not in run("d/dX a'*X*b").out


def test_what_was_assumed_is_reported(run: Any) -> None:
    out = run("d/dx x'*A*x").out
    assert "x: n (assumed vector)" in out
    assert "A: n x n (assumed matrix" in out
    assert (
        "structure free (every entry may vary)"
        in run("tr(X*A)", "--wrt", "X", "--given", "X symmetric").out
    )


def test_a_declared_variable_that_does_not_occur(run: Any) -> None:
    ran = run("d/dY tr(X)", "--given", "Y: m n; X: p p")
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "zeros(m, n)"
    assert "Y does not occur, so the derivative is zero" in ran.out


# JSON

KEYS: dict[str, type | tuple[type, ...]] = {
    "input": str,
    "wrt": list,
    "symbols": dict,
    "shape": list,
    "layout": str,
    "structure": str,
    "metric": (str, type(None)),
    "text": str,
    "unicode": str,
    "numpy": (str, type(None)),
    "latex": str,
    "conditions": list,
    "remarks": list,
    "steps": list,
    "proof": dict,
    "timings": dict,
}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["d/dX log(det(X*X'))"], id="exact"),
        pytest.param(["d/dx sum(tanh(A*x))", "--given", "A: m n"], id="floating"),
        pytest.param(["d/dX inv(f(X))", "--given", "f(X): p p; X: m n"], id="tensor"),
        pytest.param(["d/dX inv(X)", "--layout", "vec"], id="vec"),
        pytest.param(["d/dt t^2"], id="scalar"),
    ],
)
def test_json(arguments: list[str], run: Any) -> None:
    ran = run(*arguments, "--json")
    assert (ran.status, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert list(found) == list(KEYS)
    for key, kind in KEYS.items():
        assert isinstance(found[key], kind), key
    for key in ("wrt", "shape", "conditions", "remarks"):
        assert all(isinstance(item, str) for item in found[key])
    for name, symbol in found["symbols"].items():
        assert isinstance(name, str)
        assert set(symbol) == {"kind", "shape", "properties", "declared", "note"}
    proof = found["proof"]
    assert proof["ok"] is True
    assert proof["method"] in ("exact", "exact modulo the scalar table", "floating")
    assert all(isinstance(size, int) for sizes in proof["sizes"] for size in sizes.values())
    assert isinstance(proof["error" if proof["method"] == "floating" else "bound"], float)
    assert {"read", "derive", "check"} <= set(found["timings"])
    assert all(seconds >= 0 for seconds in found["timings"].values())


def test_json_says_what_the_answer_says(run: Any) -> None:
    found = json.loads(run("d/dx x'*A*x", "--json", "--given", "A symmetric").out)
    assert found["input"] == "d/dx x'*A*x"
    assert found["wrt"] == ["x"]
    assert found["shape"] == ["n"]
    assert found["layout"] == "book"
    assert found["text"] == "2*x'*A"
    assert found["unicode"] == "2 xᵀ A"
    assert found["numpy"] == "2*A @ x"
    assert found["symbols"]["A"]["properties"] == ["symmetric"]


# Exit status


@pytest.mark.parametrize(
    ("ok", "status"), [(True, 0), (False, 1), (None, 3)], ids=["checked", "failed", "undecided"]
)
def test_the_exit_status_is_the_outcome_of_the_check(
    ok: bool | None, status: int, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def derive(*args: Any, **options: Any) -> mg.Result:
        found = mg.derive(*args, **options)
        return replace(found, proof=Proof(ok, "floating", seed=7, detail="what was found"))

    monkeypatch.setattr(cli, "derive", derive)
    ran = run("d/dX tr(X)")
    assert (ran.status, ran.err) == (status, "")
    assert ("what was found" in ran.out) is (ok is not True)


def test_an_answer_that_nothing_can_be_said_of_is_undecided(run: Any) -> None:
    ran = run("d/dx sqrt(-x'*x)")
    assert ran.status == 3
    assert "undecided: no point was found where it is defined" in ran.out
