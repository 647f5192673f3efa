"""Derived derivatives in the hands of SciPy, which minimises, of JAX and PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError

np = pytest.importorskip("numpy", reason="NumPy is not installed")
optimize = pytest.importorskip("scipy.optimize", reason="SciPy is not installed")

from generated import sample  # noqa: E402
from test_code import SIZES  # noqa: E402
from test_code_backends import converted  # noqa: E402

Loss = Callable[..., Any]


def logistic(w: Any, A: Any, y: Any, c: Any) -> Any:
    return np.logaddexp(0, -y * (A @ w)).sum() + c * w @ w


def softmax(W: Any, X: Any, Y: Any, c: Any) -> Any:
    Z = X @ W
    return np.log(np.exp(Z).sum(1)).sum() - (Y * Z).sum() + c * (W**2).sum()


def factorisation(U: Any, T: Any, V: Any, c: Any) -> Any:
    return ((T - U @ V.T) ** 2).sum() + c * (U**2).sum()


# Text, variable, declarations, sizes, the function by hand.
LOSSES = {
    "logistic regression": (
        "sum(log(1 .+ exp(-y.*(A*w)))) + c*w'*w",
        "w",
        "A: m n; c > 0",
        {"m": 30, "n": 4},
        logistic,
    ),
    "logistic regression with few samples": (
        "sum(log(1 .+ exp(-y.*(A*w)))) + c*w'*w",
        "w",
        "A: m n; c > 0",
        {"m": 5, "n": 12},
        logistic,
    ),
    "softmax regression": (
        "sum(logsumexp(X*W, 2)) - sum(Y.*(X*W)) + c*sum(W.^2)",
        "W",
        "X: m n; W: n k; c > 0",
        {"m": 20, "n": 4, "k": 3},
        softmax,
    ),
    "matrix factorisation": (
        "sum((T - U*V').^2) + c*sum(U.^2)",
        "U",
        "U: m k; V: n k; c > 0",
        {"m": 7, "n": 6, "k": 3},
        factorisation,
    ),
}


def problem(name: str, order: int) -> tuple[mg.Result, dict[str, Any], Any, Loss]:
    """The derivative, the other arguments, a first guess, and the function by hand."""
    text, variable, given, sizes, loss = LOSSES[name]
    r = mg.derive(text, [variable] * order, given=given)
    values = sample(r.source, sizes)
    values["c"] = np.asarray(0.3)
    if "y" in values:
        values["y"] = np.where(np.arange(len(values["y"])) % 3, 1.0, -1.0)
    if "Y" in values:
        values["Y"] = np.eye(sizes["k"])[np.arange(sizes["m"]) % sizes["k"]]
    return r, values, values.pop(variable), loss


def is_least(loss: Loss, point: Any, values: dict[str, Any]) -> bool:
    """Whether a point is better than those around it, by the function alone."""
    rng = np.random.default_rng(0)
    steps = 1e-4 * rng.standard_normal((200, *point.shape))
    here = loss(point, **values)
    return all(loss(point + step, **values) > here for step in steps)


METHODS = {
    "BFGS": "",
    "L-BFGS-B": "",
    "CG": "",
    "Newton-CG": "hessp",
    "trust-ncg": "hessp",
    "trust-krylov": "hessp",
    "trust-exact": "hess",
    "dogleg": "hess",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", LOSSES)
def test_scipy_minimizes(name: str, method: str) -> None:
    second = METHODS[method]
    r, values, start, loss = problem(name, 2 if second else 1)
    o = r.differentiable("numpy")(**{r.wrt[0]: start}, **values)
    assert o.fun(o.x0)[0] == pytest.approx(loss(start, **values), rel=1e-12)
    best = optimize.minimize(**o.arguments(second), method=method, options={"maxiter": 500})
    assert np.abs(o.fun(best.x)[1]).max() < 1e-3
    assert loss(best.x.reshape(start.shape), **values) <= loss(start, **values)
    if second:
        assert is_least(loss, best.x.reshape(start.shape), values)


@pytest.mark.parametrize("name", LOSSES)
def test_newton_steps_reach_the_minimum(name: str) -> None:
    r, values, start, loss = problem(name, 2)
    o = r.differentiable("numpy")(**{r.wrt[0]: 0 * start}, **values)
    x, sizes = o.x0, []
    for _ in range(8):
        x = x + o.step(x)
        sizes.append(np.abs(o.fun(x)[1]).max())
    assert sizes[-1] < 1e-10
    assert is_least(loss, x.reshape(start.shape), values)
    if name == "matrix factorisation":
        assert sizes[0] < 1e-10  # quadratic in U
    np.testing.assert_allclose(o.hess(x), o.hess(x).T)
    p = np.arange(x.size, dtype=float)
    np.testing.assert_allclose(o.hess(x) @ p, o.hessp(x, p))


def test_what_an_objective_has_not_is_told() -> None:
    r, values, start, _ = problem("logistic regression", 1)
    o = r.differentiable("numpy")(w=start, **values)
    assert sorted(o.arguments()) == ["fun", "jac", "x0"]
    for second in ("hess", "hessp", "step", "nothing"):
        with pytest.raises(ValueError, match=f"there is no {second}: it takes a second derivative"):
            o.arguments(second)


# Words that the functions around generated code use themselves.
@pytest.mark.parametrize("name", ["gradient", "value", "x", "shape", "others", "hessian", "fun"])
def test_a_variable_may_have_any_name(name: str) -> None:
    x, A = mg.symbols(f"{name}: n; A: n n")
    r = mg.derive(x.T @ A @ x, [x, x])
    given = {"A": np.diag([1.0, 2.0])}
    function = r.differentiable("numpy")
    own = function.__code__.co_varnames[0]
    assert own.startswith(name) and own.isidentifier()
    o = function(**{own: np.ones(2)}, **given)
    np.testing.assert_allclose(o.fun(np.array([1.0, 3.0]))[1], [2.0, 12.0])
    np.testing.assert_allclose(o.step(np.array([1.0, 3.0])), [-1.0, -3.0])


REFUSED = {
    "no scalar": (("A*x", "x"), {}, "a gradient of a scalar"),
    "two variables": (("x'*A*y", ["x", "y"]), {}, "a gradient of a scalar"),
    "an entry": (("x'*A*x", "x[1]"), {}, "a gradient of a scalar"),
    "a rule of another backend": (("x'*A*x", "x"), {"rule": "jvp"}, "numpy has no rule `jvp`"),
    "a rule of none": (("x'*A*x", "x"), {"backend": "jax", "rule": "hvp"}, "no rule `hvp`"),
    "no machinery": (("x'*A*x", "x"), {"backend": "array-api"}, "differentiates nothing"),
}


@pytest.mark.parametrize(("what", "options", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(what: tuple[Any, Any], options: dict[str, str], message: str) -> None:
    with pytest.raises(MatgradError, match=message):
        mg.derive(*what).differentiable(**options)


SMOOTH = {
    "logistic": ("sum(log(1 .+ exp(-y.*(A*w)))) + c*w'*w", "w", "A: m n"),
    "log-determinant": ("logdet(X*X' + eye(m))", "X", "X: m n"),
    "inverse": ("tr(A*inv(X))", "X", "X: n n"),
    "factorisation": ("sum((T - U*V').^2)", "U", "U: m k; V: n k"),
}


def function_of(name: str, order: int, backend: str, **options: Any) -> tuple[Any, Any]:
    """The function to differentiate and a point, as arrays of the backend."""
    convert = converted(backend)
    text, variable, given = SMOOTH[name]
    r = mg.derive(text, [variable] * order, given=given)
    values = {key: convert(value) for key, value in sample(r.source, SIZES).items()}
    if name == "inverse":
        values["X"] = values["X"] + 2 * convert(np.eye(SIZES["n"]))
    point = values.pop(variable)
    return r.differentiable(backend, **options)(**values), point


@pytest.mark.parametrize("name", SMOOTH)
def test_jax_differentiates_by_the_derived_gradient(name: str) -> None:
    converted("jax")
    from jax.test_util import check_grads

    function, point = function_of(name, 1, "jax")
    check_grads(function, (point,), order=1, modes=["rev"])
    function, point = function_of(name, 1, "jax", rule="jvp")
    check_grads(function, (point,), order=2, modes=["fwd", "rev"])


@pytest.mark.parametrize("name", SMOOTH)
def test_jax_differentiates_by_the_derived_hessian(name: str) -> None:
    converted("jax")
    import jax
    from jax.test_util import check_grads

    function, point = function_of(name, 2, "jax")
    check_grads(function, (point,), order=2, modes=["rev"])
    forward, point = function_of(name, 2, "jax", rule="jvp")
    check_grads(forward, (point,), order=2, modes=["fwd", "rev"])
    compiled = jax.jit(jax.hessian(forward))(point)
    np.testing.assert_allclose(compiled, jax.jacrev(jax.grad(function))(point), atol=1e-10)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", SMOOTH)
def test_torch_differentiates_by_what_was_derived(name: str, order: int) -> None:
    converted("torch")
    import torch

    function, point = function_of(name, order, "torch")
    point = point.requires_grad_()
    assert torch.autograd.gradcheck(function, (point,))
    assert torch.autograd.gradgradcheck(function, (point,))


def test_torch_is_told_of_what_has_no_gradient() -> None:
    convert = converted("torch")
    r = mg.derive("x'*A*x", "x")
    A = convert(np.eye(2)).requires_grad_()
    with pytest.raises(ValueError, match="A requires a gradient, but only x has one here"):
        r.differentiable("torch")(A=A)
