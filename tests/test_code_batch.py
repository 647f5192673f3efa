"""Arguments with a leading axis: the function of a batch is the batch of its values."""

from __future__ import annotations

from typing import Any

import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError
from matgrad.core.expr import symbols_of

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, sample, unknowns  # noqa: E402
from test_code import ROWS, SIZES, TWICE, statements  # noqa: E402
from test_code_backends import converted  # noqa: E402

BATCH = 8
FURTHER = {
    "logsumexp": ("log(sum(exp(x)))", "x", ""),
    "eigenvalues": ("sum(exp(eigvals(A)))", "A", "A: n n symmetric"),
    "largest eigenvalue": ("eigmax(A)", "A", "A: n n symmetric"),
    "exponential": ("tr(B*expm(A))", "A", "A: n n"),
    "pseudo-inverse": ("tr(B*pinv(A))", "A", "A: m n"),
    "an entry of a map": ("(X.^3)[1,2]", "X", "X: m n"),
    "powers": ("sum(X^k)", "X", "X: n n"),
    "clipped": ("sum(relu(A*x))", "x", "A: m n"),
}
CASES = {**ROWS, **FURTHER}
IN_JAX = ("quadratic form", "inverse between vectors", "log of a determinant", "softmax", "norm")


def compared(name: str, order: int, batch: list[str], backend: str = "numpy") -> None:
    """Compares a batch with its entries, computed one by one in NumPy."""
    convert = converted(backend)
    text, variable, given = CASES[name]
    r = mg.derive(text, [variable] * order, given=given)
    points = [sample(r.source, SIZES, k) | sample(r.expression, SIZES, k) for k in range(BATCH)]
    functions = unknowns(r.expression, SIZES)
    one = r.compile("numpy", form="dense")
    rows = [{key: (p if key in batch else points[0])[key] for key in p} for p in points]
    expected = np.stack([called(one, row | functions | SIZES) for row in rows])
    arrays: dict[str, Any] = {
        key: convert(np.stack([row[key] for row in rows]) if key in batch else value)
        for key, value in points[0].items()
    }
    arrays |= functions | SIZES | {"batch": BATCH}
    found = np.asarray(called(r.compile(backend, batch=batch), arrays))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


def names(name: str) -> list[str]:
    text, variable, given = CASES[name]
    return [node.data[0] for node in symbols_of(mg.derive(text, variable, given=given).source)]


@pytest.mark.parametrize("name", CASES)
def test_batches(name: str) -> None:
    for batch in [names(name), *([one] for one in names(name))]:
        compared(name, 1, batch)


@pytest.mark.parametrize("name", [name for name in TWICE if name != "matrix power"])
def test_batches_of_second_derivatives(name: str) -> None:
    compared(name, 2, names(name))
    compared(name, 2, [CASES[name][1]])


@pytest.mark.parametrize(
    ("name", "backend"),
    [
        *(
            (name, "torch")
            for name in CASES
            if name not in ("trace of a tensor", "unknown function")
        ),
        *((name, "jax") for name in IN_JAX),
        ("quadratic form", "array-api"),
        ("inverse between vectors", "array-api"),
    ],
)
def test_batches_in_other_libraries(name: str, backend: str) -> None:
    compared(name, 1, names(name), backend)


def test_products_are_of_all_entries_at_once() -> None:
    r = mg.derive("x'*A*x", "x")
    assert "x @ (A + A.T)" in statements(r.code(batch=["x"]))
    assert r.code(batch="x") == r.code(batch=["x"])
    r = mg.derive("a'*inv(X)*b", "b")
    body = statements(r.code(batch=["a"]))
    assert body.count("solve(") == 1 and "inv(" not in body


def test_systems_of_a_batch_are_solved() -> None:
    body = statements(mg.derive("a'*inv(X)*b", "b").code(batch=["a", "X"]))
    assert "np.linalg.solve" in body and "inv(" not in body


def test_value_and_gradient_of_a_batch() -> None:
    r = mg.derive("log(sum(exp(A*x)))", "x", given="A: m n")
    x, A = np.random.default_rng(0).standard_normal((BATCH, 4)) * 500, np.ones((3, 4))
    value, gradient = r.compile(orders=(0, 1), batch=["x"])(x=x, A=A)
    for k in range(BATCH):
        one = r.compile(orders=(0, 1))(x=x[k], A=A)
        np.testing.assert_allclose(value[k], one[0])
        np.testing.assert_allclose(gradient[k], one[1])


def test_products_with_a_batch_of_directions() -> None:
    r = mg.derive("sum(log(1 .+ exp(-y.*(A*w))))", ["w", "w"], given="A: m n")
    values = sample(r.source, SIZES)
    v = np.random.default_rng(1).standard_normal((BATCH, SIZES["n"]))
    product = r.compile(form="hvp", batch=["v"])(**values, v=v)
    np.testing.assert_allclose(product, v @ r.compile()(**values))


def test_single_precision_stays() -> None:
    r = mg.derive("a'*inv(X)*b", "X")
    X = np.stack([np.eye(3, dtype=np.float32)] * 2)
    a = np.ones(3, dtype=np.float32)
    assert r.compile(batch=["X"])(X=X, a=a, b=a).dtype == np.float32


WRONG = {
    "an axis": ({"x": np.ones(3)}, r"x should be batch x n, but its shape is \(3,\)"),
    "a size": ({"x": np.ones((5, 4))}, r"A should be n x n \(n = 4 from x\)"),
    "a batch": (
        {"b": np.ones((4, 3))},
        r"b should be batch x n \(batch = 5 from x, n = 3 from x\)",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_wrong_arguments(change: dict[str, Any], message: str) -> None:
    function = mg.derive("x'*A*x + sin(b'*x)", "x").compile(batch=["x", "b"])
    with pytest.raises(ValueError, match=message):
        function(**{"x": np.ones((5, 3)), "A": np.eye(3), "b": np.ones((5, 3))} | change)


def test_refusals() -> None:
    r = mg.derive("x'*A*x", "x")
    with pytest.raises(MatgradError, match="z is no argument, and has no axis for a batch"):
        r.code(batch=["z"])
    with pytest.raises(MatgradError, match="an operator is of one point"):
        r.code(batch=["x"], form="operator")
    family = mg.derive("sum_i (a_i'*x)^2", "x", given="a_i: n; i=1..N")
    with pytest.raises(MatgradError, match="is a family already"):
        family.code(batch=["a"])
