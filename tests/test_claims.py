"""Claims: verdicts, counterexamples recomputed with NumPy, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import matgrad as mg

# claim, what is declared, verdict
VERDICTS = {
    "trace of a product": ("d/dX tr(A*X*B) = A'*B'", "", "true"),
    "the derivative at the right": ("A' = d/dX tr(A*X)", "", "true"),
    "a derivative on either side": ("d/dX sum(X.*X) = d/dX tr(X'*X)", "", "true"),
    "cyclic": ("tr(A*B) = tr(B*A)", "", "true"),
    "Woodbury": (
        "inv(A + U*C*V) = inv(A) - inv(A)*U*inv(inv(C) + V*inv(A)*U)*V*inv(A)",
        "",
        "true",
    ),
    "in floating point": ("sin(x).^2 + cos(x).^2 = ones(n)", "", "true"),
    "book 5.108": ("d/ds (x - A*s)'*W*(x - A*s) = -2*(x - A*s)'*W*A", "W symmetric", "true"),
    "a chain": ("d/dx x'*A*x = x'*(A + A') = x'*A + x'*A'", "", "true"),
    "a name below": ("d/dx z'*z = 2*z'*A where z = A*x - b", "", "true"),
    "an unknown function": ("d/dX tr(f(X)) = tr(D(f, X))", "f(X): p p; X: m n", "true"),
    "a second derivative": ("d2/dx2 x'*A*x = A + A'", "", "true"),
    "an entry": ("d/dX[1,2] tr(X*X) = 2*X[2,1]", "", "true"),
    "another layout": ("d/dX tr(A*X*B) = B*A", "", "true-if"),
    "a factor": ("d/dX tr(X'*X) = X", "", "false"),
    "no identity": ("det(A + B) = det(A) + det(B)", "A, B: n n", "false"),
    "a difference no float shows": ("exp(x) = exp(x) + 1e-30*x", "", "undecided"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(name: str) -> None:
    claim, given, verdict = VERDICTS[name]
    found = mg.check(claim, given=given)
    assert found.verdict == verdict, found
    assert bool(found) is (verdict == "true")
    assert found.proof.ok is {"true": True, "undecided": True}.get(verdict, False)


def test_a_chain_names_the_broken_link() -> None:
    found = mg.check("d/dx x'*A*x = x'*(A + A') = 2*x'*A = x'*A*2")
    assert found.verdict != "true"
    assert found.claim == "x'*(A + A') = 2*x'*A"


def test_a_layout_that_reconciles_the_shapes_is_named() -> None:
    found = mg.check("d/dX tr(A*X*B) = B*A", given="A: p m; X: m n; B: n p")
    assert found.shapes is not None
    assert [list(map(str, shape)) for shape in found.shapes] == [["m", "n"], ["n", "m"]]
    assert (found.layout, found.correct) == ("numerator", "A'*B'")


# A claim and NumPy's word for both sides at the numbers that are to refute it.
EXAMPLES: dict[str, tuple[str, str, Any, Any]] = {
    "factor": (
        "d/dX tr(X'*X) = X",
        "",
        lambda X: 2 * X,
        lambda X: X,
    ),
    "symmetric": (
        "d/dx x'*A*x = 2*x'*A",
        "",
        lambda A, x: x @ (A + A.T),
        lambda A, x: 2 * x @ A,
    ),
    "inverse": (
        "d/dX tr(A*inv(X)) = -inv(X)*A*inv(X)",
        "",
        lambda A, X: -(np.linalg.inv(X) @ A @ np.linalg.inv(X)).T,
        lambda A, X: -np.linalg.inv(X) @ A @ np.linalg.inv(X),
    ),
    "tall": (
        "d/dX logdet(X'*A*X) = 2*A*X*inv(X'*A*X)",
        "X: m n; A invertible",
        lambda A, X: A @ X @ np.linalg.inv(X.T @ A @ X) + A.T @ X @ np.linalg.inv(X.T @ A @ X).T,
        lambda A, X: 2 * A @ X @ np.linalg.inv(X.T @ A @ X),
    ),
    "determinants": (
        "det(A + B) = det(A) + det(B)",
        "A, B: n n",
        lambda A, B: np.linalg.det(A + B),
        lambda A, B: np.linalg.det(A) + np.linalg.det(B),
    ),
    "positive definite": (
        "d/dX logdet(X) = 2*inv(X) - inv(X).*eye(n)",
        "X pd",
        lambda X: np.linalg.inv(X),
        lambda X: 2 * np.linalg.inv(X) - np.linalg.inv(X) * np.eye(len(X)),
    ),
    "domain": (
        "d/dt log(t)*tr(A) = tr(A)",
        "t > 0",
        lambda t, A: np.trace(A) / t,
        lambda t, A: np.trace(A),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_counterexample_is_one_by_numpy(name: str) -> None:
    claim, given, left, right = EXAMPLES[name]
    example = mg.check(claim, given=given).counterexample
    assert example is not None
    values = {name: np.array(value, float) for name, value in example.values.items()}
    entries = np.concatenate([value.ravel() for value in values.values()])
    assert np.all(entries == np.round(entries))
    assert np.max(np.abs(entries)) <= 5
    assert max(max(value.shape, default=0) for value in values.values()) <= 3
    np.testing.assert_allclose(np.array(example.left, float), left(**values), atol=1e-12)
    np.testing.assert_allclose(np.array(example.right, float), right(**values), atol=1e-12)
    assert np.max(np.abs(left(**values) - right(**values))) > 1e-2


def test_values_of_unknown_functions_are_part_of_a_counterexample() -> None:
    example = mg.check("d/dX tr(inv(f(X))) = -tr(D(f, X))", given="f(X): p p").counterexample
    assert example is not None
    assert list(example.values) == ["X", "f(X)", "D(f, X)"]
    values = {name: np.array(value, float) for name, value in example.values.items()}
    inverse = np.linalg.inv(values["f(X)"])
    wanted = -np.einsum("ab,bcmn,ca->mn", inverse, values["D(f, X)"], inverse)
    np.testing.assert_allclose(np.array(example.left, float), wanted, atol=1e-12)
    wanted = -np.einsum("aamn->mn", values["D(f, X)"])
    np.testing.assert_allclose(np.array(example.right, float), wanted, atol=1e-12)


# Right sides that do not fit together, what is wrong among the first two, and the mend.
MISFITS = {
    "order": ("d/dX tr(A*X*B) = B'*A'", "wrong order", "A'*B'"),
    "order and transpose": ("d/dX tr(A*X*B) = A*B", "wrong transpose", "(B*A)'"),
    "factor and transpose": ("d/dX tr(A*X*B) = 2*A'*B", "wrong transpose", "A'*B'"),
    "nothing small": ("d/dX tr(A*X*B) = X*X*X*B", "wrong shape", None),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_right_side_that_does_not_fit_is_refuted_and_mended(name: str) -> None:
    claim, fault, mend = MISFITS[name]
    found = mg.check(claim, given="A: p m; X: m n; B: n p")
    assert (found.verdict, found.by, found.mend, found.correct) == (
        "false",
        "shapes",
        mend,
        "A'*B'",
    )
    assert fault in found.fault[:2]
    assert "shapes do not fit" in found.proof.detail


REFUSED = {
    "open bracket": ("d/dX tr(X) = inv(X", mg.MatgradError, ""),
    "inequality": ("d/dX tr(X) <= eye(n)", mg.MatgradError, "`<=` makes an inequality"),
    "no claim": ("d/dX tr(X)", mg.MatgradError, "two sides"),
    "shapes": ("tr(A*B) = A*B", mg.MatgradError, "different shapes: scalar and m x m"),
    "stranger": ("d/dX tr(A*X) = B'", mg.MatgradError, "B is on one side of the claim only"),
    "slip of the pen": ("d/dx alpha'*x = alhpa'", mg.MatgradError, "alhpa is on one side"),
    "no right side": ("d/dX tr(X) =", mg.MatgradError, ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    claim, error, message = REFUSED[name]
    with pytest.raises(error) as refusal:
        mg.check(claim)
    assert message in str(refusal.value)
    assert "^" in str(refusal.value)


COMMANDS = {
    "true": (["d/dX tr(A*X*B) = A'*B'"], 0, "true"),
    "false": (["d/dX tr(X'*X) = X"], 1, "false"),
    "layout": (["d/dX tr(A*X*B) = B*A"], 1, "true-if the layout is numerator"),
    "asked for": (["d/dX tr(A*X*B) = B*A", "--layout", "numerator"], 0, "true"),
    "undecided": (["exp(x) = exp(x) + 1e-30*x"], 3, "undecided"),
    "declared": (["d/ds s'*W*s = 2*s'*W", "--given", "W symmetric"], 0, "true"),
    "numpy": (["tr(X.T @ X) = 2*X", "--wrt", "X", "--syntax", "numpy"], 0, "true"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command(name: str, run: Any) -> None:
    arguments, status, first = COMMANDS[name]
    ran = run("check", *arguments)
    assert (ran.status, ran.out.splitlines()[0], ran.err) == (status, first, "")
    data = json.loads(run("check", *arguments, "--json").out)
    assert data["verdict"] == first.split()[0]
    assert {"claim", "fault", "mend", "needs", "correct", "counterexample", "proof"} <= set(data)


def test_command_refuses_with_a_caret(run: Any) -> None:
    ran = run("check", "x < 2")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[2].index("^") == ran.err.splitlines()[1].index("<")


CONDITIONS = {
    "log(x*y) = log(x) + log(y)": ("x > 0", "y > 0"),
    "d/dX log(det(X)) = inv(X)'": ("det(X) > 0",),
    "d/dx norm(x) = x/norm(x)": ("x != 0",),
    "tr(A*B) = tr(B*A)": (),
}


@pytest.mark.parametrize("claim", CONDITIONS)
def test_what_is_true_holds_where_both_sides_exist(claim: str) -> None:
    verdict = mg.check(claim)
    assert verdict.verdict == "true"
    assert verdict.conditions == CONDITIONS[claim]
