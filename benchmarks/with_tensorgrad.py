"""tensorgrad as a system under measurement: `Derivative`, `full_simplify`, `str`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from tensorgrad import Derivative, Variable, function, structure, symbols
from tensorgrad import functions as F

from worker import serve

h, m, n, p = symbols("h m n p")


def derivative(expression: Any, variable: Any) -> str:
    return str(Derivative(expression, variable).full_simplify())


def unknown(name: str) -> str:
    X = Variable("X", i=m, j=n)
    f = function("f", {"a": p, "b": p}, (X, "i", "j"))
    taken = {
        "5.99": lambda: f.rename(a="b", b="a"),
        "5.100": lambda: F.trace(f),
        "5.101": lambda: F.det(f),
        "5.102": lambda: F.inverse(f),
    }[name]()
    return derivative(taken, X)


def bilinear_inverse() -> str:
    a, b, X = Variable("a", i=n), Variable("b", j=n), Variable("X", i=n, j=n)
    return derivative(a @ F.inverse(X) @ b, X)


def inner(left: str, right: str) -> str:
    return derivative(Variable(left, i=n) @ Variable(right, i=n), Variable("x", i=n))


def bilinear() -> str:
    a, b, X = Variable("a", i=m), Variable("b", j=n), Variable("X", i=m, j=n)
    return derivative(a @ X @ b, X)


def quadratic() -> str:
    x, B = Variable("x", i=n), Variable("B", i=n, j=n)
    return derivative(x @ B @ x.rename(i="j"), x)


def least_squares(symmetric: bool) -> str:
    W = Variable("W", i=m, j=m)
    if symmetric:
        W = W.with_symmetries("i j")
    A, s, x = Variable("A", i=m, k=n), Variable("s", k=n), Variable("x", i=m)
    residual = x - A @ s
    return derivative(residual @ W @ residual.rename(i="j"), s)


def chain(k: int) -> str:
    X = Variable("X", i=m, j=n)
    factors = []
    for i in range(1, k + 1):
        factors += [X, Variable(f"A{i}", i=n, j=m)]
    return derivative(F.trace(F.multi_dot(factors, ("i", "j"))), X)


def network(layers: int) -> str:
    value: Any = Variable("x", i=n)
    weights = [Variable("W1", o=h, i=n)]
    weights += [Variable(f"W{layer}", o=h, i=h) for layer in range(2, layers + 1)]
    for weight in weights:
        value = F.tanh(weight @ value).rename(o="i")
    return derivative(Variable("v", i=h) @ value, weights[0])


def solve(name: str, size: int) -> Callable[[], str]:
    return {
        "chain": lambda: chain(size),
        "network": lambda: network(size),
        "5.99": lambda: unknown("5.99"),
        "5.100": lambda: unknown("5.100"),
        "5.101": lambda: unknown("5.101"),
        "5.102": lambda: unknown("5.102"),
        "5.103": bilinear_inverse,
        "5.104": lambda: inner("x", "a"),
        "5.105": lambda: inner("a", "x"),
        "5.106": bilinear,
        "5.107": quadratic,
        "5.108": lambda: least_squares(symmetric=True),
        "5.108 general": lambda: least_squares(symmetric=False),
    }[name]


if __name__ == "__main__":
    serve(
        {"tensorgrad": version("tensorgrad"), "torch": version("torch")},
        solve,
        structure.size_key.cache_clear,
    )
