"""Generated code does no work twice, copies nothing that it may overwrite, and overwrites no
argument."""

from __future__ import annotations

from typing import Any

import pytest

import matgrad as mg

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, sample  # noqa: E402
from test_code import SIZES, checked, statements  # noqa: E402

_NLL = ("logdet(S) + tr(inv(S)*C)", "S: n n pd; C: n n symmetric")
# Expression, variables, declarations; what the code does, and what it does not.
ROWS = {
    "diagonal blocks are added in place": (
        "sum(logsumexp(X*W, 2)) - sum(Y.*(X*W))", "W W", "X: m n; W: n p",
        ["_add_spread(", ".T @ t)"], ["_spread(t", "np.array("],
    ),
    "large products too": (
        "sum((tanh.(X*V)*W - Y).^2)", "V V", "X: m n; V: n p; W: p k",
        ["_into(np.multiply, (t2.T @ t2)"], [],
    ),
    "blocks on one diagonal are added first": (
        "sum(exp.(A*X)) + sum((A*X).^3) + (a'*X*b)^2", "X X", "A: m n; X: n p",
        ["_add_spread("], [],
    ),
    "what was made is overwritten": (
        "logdet(X*X' + eye(m))", "X", "X: m n", ["_add_diagonal(X @ X.T, 1)"], [],
    ),
    "an argument is not": (
        "a'*inv(A + eye(n))*b", "b", "A: n n", ["_add_diagonal(np.array(A"], [],
    ),
    "an inverse that is built multiplies": (
        _NLL[0], "S S", _NLL[1], ["_chol_inv(chol)", "t @ (C @ t)"], ["_chol_solve", "_add_diag"],
    ),
    "one that is not solves": (_NLL[0], "S", _NLL[1], ["_chol_solve("], ["_inv("]),
    "around a symmetric matrix": (
        "(y - A*s)'*W*(y - A*s)", "s s", "A: m n; W pd", ["return 2 * _congruence(W, A)"], [],
    ),
    "around one that is not": (
        "(y - A*s)'*W*(y - A*s)", "s s", "A: m n", ["A.T @"], ["_congruence"],
    ),
    "symmetric matrices have no transposes": (
        "sum((W*x).^3)", "x", "W: n n symmetric", ["W @ "], [".T"],
    ),
    "a sum of matrices times a vector": (
        "x'*A*x", "x", "", ["A.T @ x + A @ x"], ["A.T)", "A + A"],
    ),
    "with one product where two sums meet": (
        "(y - A*s)'*W*(y - A*s)", "s", "A: m n", ["A.T @ (W"], ["W.T)", "W + W"],
    ),
    "a sum of matrices times a matrix": ("tr(X'*A*X)", "X", "", ["(A + A.T) @ X"], []),
    "squares are multiplied and added at once": (
        "t*sum((A - B).^2)", "t", "A: m n", ["return _inner(t, t)"], ["sum"],
    ),
    "squares of rows": (
        "sum(sqrt.(sum(X.^2, 2)))", "X", "X: m n", ["einsum('...i,...i->...', X, X)"], ["**"],
    ),
    "powers are products": ("sum((A*x).^4)", "x", "A: m n", ["t * t * t"], ["** 3"]),
    "outer products of vectors are added up in one": (
        "a'*X'*X*b", "X", "X: m n", [")).T @ np.array(("], ["None"],
    ),
    "beside other terms, too": (
        "a'*X'*X*b + sum(A.*X)", "X", "X: m n", [")).T @ np.array((", "A"], ["None"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "given", "does", "does_not"), ROWS.values(), ids=ROWS)
def test_work(text: str, wrt: str, given: str, does: list[str], does_not: list[str]) -> None:
    r = mg.derive(text, wrt.split(), given=given)
    body = statements(r.code(form="dense"))
    assert [part for part in does if part not in body] == [], body
    assert [part for part in does_not if part in body] == [], body
    checked(r, form="dense")


def value(name: str, types: dict[str, str], order: str = "C") -> tuple[Any, Any]:
    """The result of a row for arguments of some types, and in double precision."""
    text, wrt, given, *_ = ROWS[name]
    r = mg.derive(text, wrt.split(), given=given, check=False)
    sizes = {"m": 150, "n": 6, "p": 5, "k": 2}
    values = sample(r.source, sizes)
    function = r.compile("numpy", form="dense")
    cast = {key: np.array(v, types.get(key, "f8"), order=order) for key, v in values.items()}
    return called(function, cast), called(function, values)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("single", ["", "A", "W", "A W"])
def test_products_around_large_symmetric_matrices(single: str, order: Any) -> None:
    found, expected = value("around a symmetric matrix", dict.fromkeys(single.split(), "f4"), order)
    assert found.dtype == ("f4" if single == "A W" else "f8")
    np.testing.assert_allclose(found, expected, rtol=1e-4 if single else 1e-12)


@pytest.mark.parametrize("single", ["X V", "W Y", "X V W Y"])
def test_what_is_overwritten_holds_the_result(single: str) -> None:
    found, expected = value("large products too", dict.fromkeys(single.split(), "f4"))
    assert found.dtype == ("f4" if single == "X V W Y" else "f8")
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-2)


def test_a_complex_diagonal_on_a_real_matrix() -> None:
    r = mg.derive("a'*(A*A' + c*eye(n))*b", "a", given="A: n n; c complex", check=False)
    values = sample(r.source, {"n": 4}) | {"c": np.asarray(2 + 1j)}
    A, b = values["A"], values["b"]
    np.testing.assert_allclose(called(r.compile("numpy"), values), A @ A.T @ b + (2 + 1j) * b)


def test_a_matrix_that_is_not_positive_definite_is_refused() -> None:
    function = mg.derive("logdet(S)", "S", given="S: n n pd").compile("numpy")
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        function(S=np.diag([1.0, -1.0]))


PREPARED = {
    "a sum with a diagonal": ("x'*x/exp(sum(abs.(x + b)))", "x x", ""),
    "a large product": ("sylv(B, B, Y^3)", "Y", "B: n n; Y: n n"),
    **{name: ROWS[name][:3] for name in ROWS if " " in ROWS[name][1]},
}


@pytest.mark.parametrize(("text", "wrt", "given"), PREPARED.values(), ids=PREPARED)
def test_operators_keep_what_they_prepared(text: str, wrt: str, given: str) -> None:
    r = mg.derive(text, wrt.split(), given=given)
    values = sample(r.source, SIZES)
    expected = called(r.compile("numpy", form="dense"), values | SIZES)
    found = called(r.compile("numpy", form="operator"), values | SIZES)
    direction = np.random.default_rng(2).standard_normal(found.columns)
    along = np.tensordot(expected, direction, direction.ndim)
    out = np.full(expected.shape, np.nan)
    for _ in range(2):
        np.testing.assert_allclose(found.dense(), expected, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.dense(out=out), expected, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.matvec(direction), along, rtol=1e-9, atol=1e-9)


def test_complex_arrays_are_multiplied_as_they_are() -> None:
    r = mg.derive("t*sum(A.*B)", "t", given="A: m n complex; B: m n complex", check=False)
    rng = np.random.default_rng(0)
    A, B = (rng.standard_normal((2, 3)) + 1j * rng.standard_normal((2, 3)) for _ in "AB")
    np.testing.assert_allclose(called(r.compile("numpy"), {"A": A, "B": B}), np.sum(A * B))
    np.testing.assert_allclose(
        called(r.compile("numpy"), {"A": A.T.copy().T, "B": B}), np.sum(A * B)
    )


@pytest.mark.parametrize("orders", [(0,), (0, 1)])
@pytest.mark.parametrize("top", [1000.0, -1000.0, -np.inf, 0.0])
def test_logsumexp(top: float, orders: tuple[int, ...]) -> None:
    r = mg.derive("sum(logsumexp(X, 2))", "X", given="X: m n")
    X = np.random.default_rng(0).standard_normal((3, 4))
    X[0] = top, *X[0, 1:]
    found = r.compile("numpy", orders=orders)(X=X)
    value, *gradient = found if len(orders) > 1 else (found,)
    np.testing.assert_allclose(value, np.logaddexp.reduce(X, axis=1).sum(), rtol=1e-12)
    weights = np.exp(X - np.logaddexp.reduce(X, axis=1)[:, None])
    for part in gradient:
        np.testing.assert_allclose(part, weights, atol=1e-12)


def test_a_product_that_is_made_already_is_used() -> None:
    r = mg.derive("sum(logsumexp(X*W, 2)) - sum(Y.*(X*W))", "W", given="X: m n; W: n p")
    body = statements(r.code(orders=(0,)))
    assert body.count("X @ W") == 1
    assert "X.T @ Y" not in body
    values = sample(r.source, SIZES)
    X, W, Y = (values[name] for name in "XWY")
    expected = np.sum(np.logaddexp.reduce(X @ W, axis=1)) - np.sum(Y * (X @ W))
    np.testing.assert_allclose(called(r.compile(orders=(0,)), values), expected)
