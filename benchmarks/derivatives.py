"""The derivatives that code is timed on: formulas as people type them, random arguments, the same
formula for automatic differentiation, and the expert's form of the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, lu_factor, lu_solve
from scipy.special import expit, softmax

Arrays = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A derivative: the formula as typed, random arguments for a size, the same formula as a
    function of arrays in a namespace, and the expert's form of the result."""

    text: str
    wrt: tuple[str, ...]
    given: str
    sizes: tuple[int, ...]
    arrays: Callable[[int], Arrays]
    loss: Callable[[Any, Arrays], Any]
    expert: Callable[[Arrays], Any]
    kind: str = "dense"
    # The array by hand, where the expert's form is something smaller.
    array: Callable[[Arrays], Any] | None = None


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def normal(*shape: int) -> Any:
    return rng().standard_normal(shape)


def definite(n: int) -> Any:
    A = normal(n, n)
    return A @ A.T / n + np.eye(n)


def logistic(n: int) -> Arrays:
    return {"X": normal(2 * n, n), "y": np.sign(normal(2 * n)), "w": normal(n) / n**0.5}


def logistic_hessian(v: Arrays) -> Any:
    s = expit(-v["y"] * (v["X"] @ v["w"]))
    Z = v["X"] * np.sqrt(s * (1 - s))[:, None]
    return Z.T @ Z


def inverse_jacobian(v: Arrays) -> Any:
    Y = np.linalg.inv(v["X"])
    return np.transpose(np.multiply.outer(-Y, Y), (0, 3, 1, 2))


def logdet_gradient(v: Arrays) -> Any:
    X = v["X"]
    return 2 * cho_solve(cho_factor(X @ X.T + np.eye(len(X)), check_finite=False), X)


def between_gradient(v: Arrays) -> Any:
    lu = lu_factor(v["X"], check_finite=False)
    return np.outer(-lu_solve(lu, v["a"], trans=1), lu_solve(lu, v["b"]))


def softmax_hessian(v: Arrays) -> Any:
    X, P = v["X"], softmax(v["X"] @ v["W"], axis=1)
    d, K = v["W"].shape
    Z = (X[:, :, None] * P[:, None, :]).reshape(len(X), d * K)
    H = (-(Z.T @ Z)).reshape(d, K, d, K)
    for k in range(K):
        H[:, k, :, k] += X.T @ (X * P[:, k, None])
    return H


def mlp_hessian(v: Arrays) -> Any:
    X, V, W, Y = v["X"], v["V"], v["W"], v["Y"]
    T = np.tanh(X @ V)
    D = 1 - T**2
    d, h = V.shape
    Z = (X[:, :, None] * D[:, None, :]).reshape(len(X), d * h)
    H = (Z.T @ Z).reshape(d, h, d, h) * (2 * (W @ W.T))[:, None, :]
    R = -4 * (T @ W - Y) @ W.T * T * D
    for k in range(h):
        H[:, k, :, k] += X.T @ (X * R[:, k, None])
    return H


def nll_hessian(v: Arrays) -> Any:
    n = len(v["S"])
    P = np.linalg.inv(v["S"])
    M = P @ v["C"] @ P
    left = np.stack([(M - P).ravel(), P.ravel()], axis=1)
    right = np.stack([P.ravel(), M.ravel()])
    return np.transpose((left @ right).reshape((n,) * 4), (1, 2, 3, 0))


def nll_gradient(v: Arrays) -> Any:
    P = np.linalg.inv(v["S"])
    return P - P @ v["C"] @ P


def gls_hessian(v: Arrays) -> Any:
    return 2 * (v["A"].T @ (v["W"] @ v["A"]))


def chain_gradient(v: Arrays) -> Any:
    left = v["a"] @ v["A_1"] @ v["A_2"]
    return np.outer(left, v["A_4"] @ (v["A_5"] @ (v["A_6"] @ v["x"])))


def chain(n: int) -> Arrays:
    found = {f"A_{k}": normal(n, n) / n**0.5 for k in range(1, 7)}
    return found | {"a": normal(n), "x": normal(n)}


def chain_loss(xp: Any, v: Arrays) -> Any:
    middle = v["A_1"] @ v["A_2"] @ v["A_3"] @ v["A_4"] @ v["A_5"] @ v["A_6"]
    return v["a"] @ (middle @ v["x"])


def factorisation_hessian(v: Arrays) -> Any:
    m, k = v["U"].shape
    H = np.zeros((m, k, m, k))
    np.einsum("ikil->ikl", H)[...] = 2 * (v["V"].T @ v["V"])
    return H


def masked_hessian(v: Arrays) -> Any:
    m, k = v["U"].shape
    V, H = v["V"], np.zeros((m, k, m, k))
    pairs = (V[:, :, None] * V[:, None, :]).reshape(len(V), k * k)
    np.einsum("ikil->ikl", H)[...] = 2 * (v["M"] ** 2 @ pairs).reshape(m, k, k)
    return H


def eye(xp: Any, like: Any) -> Any:
    return xp.eye(len(like), dtype=like.dtype)


def softplus(xp: Any, z: Any) -> Any:
    return xp.logaddexp(z, 0 * z)


def logistic_loss(xp: Any, v: Arrays) -> Any:
    return softplus(xp, -v["y"] * (v["X"] @ v["w"])).sum()


def cross_entropy(xp: Any, v: Arrays) -> Any:
    Z = v["X"] @ v["W"]
    top = Z.max()
    return (xp.log(xp.exp(Z - top).sum(1)) + top).sum() - (v["Y"] * Z).sum()


def nll_loss(xp: Any, v: Arrays) -> Any:
    return xp.linalg.slogdet(v["S"])[1] + xp.trace(xp.linalg.inv(v["S"]) @ v["C"])


def gls_loss(xp: Any, v: Arrays) -> Any:
    r = v["y"] - v["A"] @ v["s"]
    return r @ v["W"] @ r


_NLL = ("logdet(S) + tr(inv(S)*C)", "S: n n pd; C symmetric")
_LOGISTIC = ("sum(log(1 .+ exp(-y.*(X*w))))", "X: m n")
_GLS = "(y - A*s)'*W*(y - A*s)"
_FACTORS = ("sum((T - U*V').^2)", "U: m k; V: n k")

_FACTORISATION = Problem(
    _FACTORS[0],
    ("U", "U"),
    _FACTORS[1],
    (50, 100, 300),
    lambda n: {"T": normal(n, n), "U": normal(n, 5), "V": normal(n, 5)},
    lambda xp, v: ((v["T"] - v["U"] @ v["V"].T) ** 2).sum(),
    factorisation_hessian,
)

_INVERSE = Problem(
    "inv(X)",
    ("X",),
    "X: n n",
    (20, 40, 60),
    lambda n: {"X": normal(n, n) + n * np.eye(n)},
    lambda xp, v: xp.linalg.inv(v["X"]),
    inverse_jacobian,
)

PROBLEMS = {
    "quad": Problem(
        "x'*A*x",
        ("x", "x"),
        "",
        (100, 400, 1600),
        lambda n: {"A": normal(n, n), "x": normal(n)},
        lambda xp, v: v["x"] @ v["A"] @ v["x"],
        lambda v: v["A"] + v["A"].T,
    ),
    "logistic gradient": Problem(
        _LOGISTIC[0],
        ("w",),
        _LOGISTIC[1],
        (50, 200, 800),
        logistic,
        logistic_loss,
        lambda v: -(v["X"].T @ (v["y"] * expit(-v["y"] * (v["X"] @ v["w"])))),
    ),
    "logistic Hessian": Problem(
        _LOGISTIC[0],
        ("w", "w"),
        _LOGISTIC[1],
        (50, 200, 800),
        logistic,
        logistic_loss,
        logistic_hessian,
    ),
    "factorisation": _FACTORISATION,
    "factorisation, operator": replace(
        _FACTORISATION,
        expert=lambda v: 2 * (v["V"].T @ v["V"]),
        kind="operator",
        array=factorisation_hessian,
    ),
    "masked factorisation": Problem(
        "sum((M.*(T - U*V')).^2)",
        ("U", "U"),
        "U: m k; V: n k",
        (50, 100, 200),
        lambda n: {
            "T": normal(n, n),
            "U": normal(n, 5),
            "V": normal(n, 5),
            "M": 1.0 * (normal(n, n) > 0),
        },
        lambda xp, v: ((v["M"] * (v["T"] - v["U"] @ v["V"].T)) ** 2).sum(),
        masked_hessian,
    ),
    "log-determinant": Problem(
        "logdet(X*X' + eye(n))",
        ("X",),
        "X: n n",
        (50, 200, 600),
        lambda n: {"X": normal(n, n) / n**0.5},
        lambda xp, v: xp.linalg.slogdet(v["X"] @ v["X"].T + eye(xp, v["X"]))[1],
        logdet_gradient,
    ),
    "a'X⁻¹b": Problem(
        "a'*inv(X)*b",
        ("X",),
        "",
        (50, 200, 600),
        lambda n: {"X": normal(n, n) + n * np.eye(n), "a": normal(n), "b": normal(n)},
        lambda xp, v: v["a"] @ xp.linalg.inv(v["X"]) @ v["b"],
        between_gradient,
    ),
    "inverse": _INVERSE,
    "inverse, operator": replace(
        _INVERSE, expert=lambda v: lu_factor(v["X"]), kind="operator", array=inverse_jacobian
    ),
    "softmax": Problem(
        "sum(logsumexp(X*W, 2)) - sum(Y.*(X*W))",
        ("W", "W"),
        "X: N d; W: d K",
        (10, 30, 100),
        lambda d: {
            "X": normal(10 * d, d),
            "W": normal(d, 10) / d**0.5,
            "Y": np.eye(10)[rng().integers(10, size=10 * d)],
        },
        cross_entropy,
        softmax_hessian,
    ),
    "network": Problem(
        "sum((tanh.(X*V)*W - Y).^2)",
        ("V", "V"),
        "X: N d; V: d h; W: h o",
        (10, 20, 30),
        lambda d: {
            "X": normal(16 * d, d),
            "V": normal(d, d) / d**0.5,
            "W": normal(d, 10) / d**0.5,
            "Y": normal(16 * d, 10),
        },
        lambda xp, v: ((xp.tanh(v["X"] @ v["V"]) @ v["W"] - v["Y"]) ** 2).sum(),
        mlp_hessian,
    ),
    "Gaussian likelihood gradient": Problem(
        _NLL[0],
        ("S",),
        _NLL[1],
        (50, 200, 600),
        lambda n: {"S": definite(n), "C": definite(n) ** 2},
        nll_loss,
        nll_gradient,
    ),
    "Gaussian likelihood Hessian": Problem(
        _NLL[0],
        ("S", "S"),
        _NLL[1],
        (10, 20, 40),
        lambda n: {"S": definite(n), "C": definite(n) ** 2},
        nll_loss,
        nll_hessian,
    ),
    "least squares": Problem(
        _GLS,
        ("s", "s"),
        "A: m n; W pd",
        (50, 200, 500),
        lambda n: {"A": normal(2 * n, n), "W": definite(2 * n), "y": normal(2 * n), "s": normal(n)},
        gls_loss,
        gls_hessian,
    ),
    "weighted least squares": Problem(
        _GLS,
        ("s", "s"),
        "A: m n; W diagonal",
        (50, 200, 500),
        lambda n: {
            "A": normal(2 * n, n),
            "W": np.diag(rng().uniform(0.5, 2, 2 * n)),
            "y": normal(2 * n),
            "s": normal(n),
        },
        gls_loss,
        lambda v: 2 * (v["A"].T @ (v["A"] * np.diagonal(v["W"])[:, None])),
    ),
    "chain": Problem(
        "a'*A_1*A_2*A_3*A_4*A_5*A_6*x",
        ("A_3",),
        "; ".join(f"A_{k}: n n" for k in range(1, 7)),
        (200, 500, 1000),
        chain,
        chain_loss,
        chain_gradient,
    ),
}
