"""Operators of matrices at stacks of them, as NumPy has it: read, differentiated, printed, checked
and computed."""

from __future__ import annotations

import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError, NoRule, ShapeProblem
from matgrad.core.expr import symbol
from matgrad.notation.read import read
from matgrad.proof import prove, same
from matgrad.proof.evaluation import evaluate
from matgrad.proof.nested import flatten

NAMES = {
    "T": "N n n",
    "U": "N M n n",
    "B": "N n h",
    "A": "n n",
    "C": "n h",
    "x": "n",
    "w": "N",
    "G": "N M",
    **{f"of_{size}": size for size in ("N", "M", "n", "h")},
}
# In the NumPy dialect: what is differentiated, by what, and what is printed.
ANSWERS = [
    ("sum(np.linalg.slogdet(T)[1])", "T", "[i,j,k]: inv(T)[i,k,j]"),
    ("sum(np.log(np.linalg.det(T)))", "T", "[i,j,k]: inv(T)[i,k,j]"),
    ("np.linalg.slogdet(T)[1]", "T", "[i,j,k,l]: delta[i,j]*inv(T)[i,l,k]"),
    ("np.linalg.slogdet(A)[1]", "A", "inv(A)'"),
    ("w @ np.linalg.det(T)", "w", "det(T)'"),
    ("w @ np.linalg.det(T)", "T", "[i,j,k]: (w.*det(T))[i]*inv(T)[i,k,j]"),
    ("np.linalg.inv(T) @ x", "x", "inv(T)"),
    ("sum(np.linalg.inv(T))", "T", "[i,j,k]: -inv(T)[i,l,j]*inv(T)[i,k,p]"),
    ("sum(np.linalg.inv(U))", "U", "[i,j,k,l]: -inv(U)[i,j,p,k]*inv(U)[i,j,l,q]"),
    ("np.linalg.inv(T)", "T", "[i,j,k,l,p,q]: -delta[i,l]*inv(T)[i,j,p]*inv(T)[i,q,k]"),
    ("np.linalg.inv(T @ A)", "A", "[i,j,k,l,p]: -inv(T)[i,q,k]*inv(A)[j,l]*inv(A)[p,q]"),
    ("np.linalg.solve(T, C)", "C", "[i,j,k,l,p]: delta[k,p]*inv(T)[i,j,l]"),
    ("sum(np.linalg.solve(T, x)**2)", "x", "2*sum_r x'*inv(T[r]*T[r]')"),
    ("sum(np.linalg.solve(T, B)**2)", "B", "[i,j,k]: 2*inv(T)[i,l,j]*B[i,p,k]*inv(T)[i,l,p]"),
    ("np.linalg.solve(A, T) @ x", "x", None),
    ("sum(np.linalg.solve(A, B)**2)", "A", None),
    ("sum(np.linalg.pinv(B)*B.mT)", "B", None),
    ("sum(np.linalg.cholesky(T))", "T", None),
    ("np.trace(np.linalg.inv(T), axis1=1, axis2=2) @ w", "T", None),
    ("sum(eigvals(T)**2)", "T", None),
    ("sum(expm(T))", "T", None),
    ("expm(einsum('ij,ikl->jkl', G, T)) @ x", "G", None),
]


@pytest.mark.parametrize(("text", "by", "answer"), ANSWERS, ids=[f"{a[0]} {a[1]}" for a in ANSWERS])
def test_an_answer_is_right_and_reads_back(text: str, by: str, answer: str | None) -> None:
    result = mg.derive(mg.read(text, syntax="numpy", symbols=NAMES), by)
    if answer is not None:
        assert result.text() == answer
    assert result.proof is not None
    assert result.proof.ok is True, result.proof
    shape = " ".join(map(str, result.shape))
    for syntax, print_ in (("matrix", result.text()), ("numpy", result.text("numpy"))):
        back = read(print_, syntax=syntax, symbols=NAMES, shape=shape).expr
        assert same(back, result.expression).ok is True


def test_conditions_are_told_of_every_matrix() -> None:
    text = "sum(np.log(np.linalg.det(T)))"
    result = mg.derive(mg.read(text, syntax="numpy", symbols=NAMES), "T")
    assert result.conditions == ("det(T) > 0", "T[i] nonsingular")


def test_every_matrix_has_its_value() -> None:
    """Against the operator at each of the matrices; those without axes in front are repeated."""
    stack = [[[2.0, 1.0], [0.5, 3.0]], [[1.0, -1.0], [2.0, 5.0]]]
    for text in ("inv(T)", "det(T)", "slogdet(T)[1]", "solve(T, x)", "sylv(T, A, C)"):
        one = text.replace("T", "A").replace("sylv(A, A", "sylv(A, D")
        names = {"T": "2 2 2", "A": "2 2", "D": "2 2", "C": "2 2", "x": "2"}
        whole = read(text, syntax="numpy", symbols=names).expr
        each = read(one, syntax="numpy", symbols=names).expr
        values = {"x": [1.0, 2.0], "C": [[1.0, 0.0], [3.0, 1.0]], "A": [[3.0, 1.0], [1.0, 4.0]]}
        got = evaluate(whole, {**values, "T": stack})
        wanted = [evaluate(each, {**values, "A": matrix, "D": values["A"]}) for matrix in stack]
        assert flatten(got)[1] == pytest.approx(flatten(wanted)[1])


def test_a_right_side_with_more_axes_is_solved_as_numpy_does() -> None:
    """For its last two axes; what is solved for the first is no `solve` in NumPy."""
    matrix, right = [[2.0, 1.0], [1.0, 3.0]], [[[1.0, 0.0], [2.0, 1.0]], [[0.0, 4.0], [5.0, 1.0]]]
    names = {"A": "2 2", "T": "2 2 2"}
    values = {"A": matrix, "T": right}
    numpy = read("solve(A, T)", syntax="numpy", symbols=names).expr
    each = [read("solve(A, C)", syntax="numpy", symbols={"A": "2 2", "C": "2 2"}).expr] * 2
    wanted = [
        evaluate(one, {"A": matrix, "C": part}) for one, part in zip(each, right, strict=True)
    ]
    assert flatten(evaluate(numpy, values))[1] == pytest.approx(flatten(wanted)[1])
    result = mg.derive("A\\f(x)", "x", given="f(x): n p")
    assert result.text() == "A\\D(f, x)"
    assert result.text("numpy") == "einsum('il,ljk->ijk', inv(A), D(f, x))"


@pytest.mark.parametrize("wrong", ["inv(T)", "einsum('ijk->ikj', inv(T @ T))"])
def test_a_wrong_derivative_is_refuted(wrong: str) -> None:
    expr = read("sum(slogdet(T)[1])", syntax="numpy", symbols=NAMES).expr
    claim = read(wrong, syntax="numpy", symbols=NAMES).expr
    assert prove(expr, [symbol("T", claim.shape)], claim).ok is False


def test_conditions_are_about_every_matrix() -> None:
    def stated(text: str, by: str) -> tuple[str, ...]:
        return mg.derive(mg.read(text, syntax="numpy", symbols=NAMES), by, check=False).conditions

    assert stated("sum(inv(T))", "T") == ("T[i] nonsingular",)
    assert stated("sum(inv(T @ A))", "A") == ("T[r] nonsingular", "A nonsingular")
    assert stated("sum(solve(T, x)**2)", "x") == ("T[r] nonsingular",)


@pytest.mark.parametrize("text", ["inv(B)", "det(B)", "solve(T, w)", "inv(T) @ w"])
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ShapeProblem):
        read(text, syntax="numpy", symbols={**NAMES, "B": "4 3 2", "T": "4 3 3", "w": "4"})


def test_nothing_is_a_stack_that_may_be_a_matrix() -> None:
    """Without a declaration, what is inverted is a matrix."""
    assert len(mg.derive("tr(inv(T))", "T", check=False).shape) == 2
    with pytest.raises(MatgradError):
        mg.derive("inv(t)", "t", given="t: n")


@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_code(backend: str) -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip(backend)
    stack = np.random.default_rng(0).normal(size=(4, 3, 3))
    result = mg.derive(mg.read("sum(solve(T, x)**2)", syntax="numpy", symbols=NAMES), "x")
    x = np.array([1.0, -2.0, 0.5])
    inverses = np.linalg.inv(stack)
    wanted = 2 * np.einsum("aij,aik,k->j", inverses, inverses, x)
    found = result.compile(backend)(T=stack, x=x)
    assert np.allclose(found, wanted, rtol=1e-4)


def test_stacks_of_complex_matrices_are_refused_by_name() -> None:
    text, names = "sum(np.linalg.slogdet(Z)[1])", {"Z": "N n n complex"}
    with pytest.raises(NoRule, match="logdet of a stack of complex matrices"):
        mg.derive(mg.read(text, syntax="numpy", symbols=names), "Z")


def test_stacks_in_sums_over_members() -> None:
    """The index of a sum may be called by another name where it is printed."""
    symbols = {"w": "N", "F_i": "N n n, i=1..q", "R": "N n n"}
    result = mg.derive("d/dw exp(sum_r w'*det(F_r + R))", symbols=symbols)
    assert str(result).endswith("*sum_i det(F_i + R)'")
    assert result.proof is not None and result.proof.ok
    inside = mg.derive("d/dt logdet(sum_r t*F_r + R)", symbols={**symbols, "t": "scalar"})
    assert inside.proof is not None and inside.proof.ok
