"""tensorgrad as a system under measurement: `Derivative`, `full_simplify`, `str`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from tensorgrad import Derivative, Variable, function, structure, symbols
from tensorgrad import functions as F

from worker import Call, serve, stated_then_answered

h, m, n, p = symbols("h m n p")


def unknown(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    X = Variable("X", i=m, j=n)
    return make(function("f", {"a": p, "b": p}, (X, "i", "j"))), X


def bilinear_inverse() -> tuple[Any, Any]:
    a, b, X = Variable("a", i=n), Variable("b", j=n), Variable("X", i=n, j=n)
    return a @ F.inverse(X) @ b, X


def inner(left: str, right: str) -> tuple[Any, Any]:
    return Variable(left, i=n) @ Variable(right, i=n), Variable("x", i=n)


def bilinear() -> tuple[Any, Any]:
    a, b, X = Variable("a", i=m), Variable("b", j=n), Variable("X", i=m, j=n)
    return a @ X @ b, X


def quadratic() -> tuple[Any, Any]:
    x, B = Variable("x", i=n), Variable("B", i=n, j=n)
    return x @ B @ x.rename(i="j"), x


def least_squares(symmetric: bool) -> tuple[Any, Any]:
    W = Variable("W", i=m, j=m)
    if symmetric:
        W = W.with_symmetries("i j")
    A, s, x = Variable("A", i=m, k=n), Variable("s", k=n), Variable("x", i=m)
    residual = x - A @ s
    return residual @ W @ residual.rename(i="j"), s


def chain(k: int) -> tuple[Any, Any]:
    X = Variable("X", i=m, j=n)
    factors = []
    for i in range(1, k + 1):
        factors += [X, Variable(f"A{i}", i=n, j=m)]
    return F.trace(F.multi_dot(factors, ("i", "j"))), X


def network(layers: int) -> tuple[Any, Any]:
    value: Any = Variable("x", i=n)
    weights = [Variable("W1", o=h, i=n)]
    weights += [Variable(f"W{layer}", o=h, i=h) for layer in range(2, layers + 1)]
    for weight in weights:
        value = F.tanh(weight @ value).rename(o="i")
    return Variable("v", i=h) @ value, weights[0]


def solve(name: str, size: int) -> Call:
    state: Callable[[], tuple[Any, Any]] = {
        "chain": lambda: chain(size),
        "network": lambda: network(size),
        "5.99": lambda: unknown(lambda value: value.rename(a="b", b="a")),
        "5.100": lambda: unknown(F.trace),
        "5.101": lambda: unknown(F.det),
        "5.102": lambda: unknown(F.inverse),
        "5.103": bilinear_inverse,
        "5.104": lambda: inner("x", "a"),
        "5.105": lambda: inner("a", "x"),
        "5.106": bilinear,
        "5.107": quadratic,
        "5.108": lambda: least_squares(symmetric=True),
        "5.108 general": lambda: least_squares(symmetric=False),
    }[name]

    def answer(stated: tuple[Any, Any]) -> str:
        return str(Derivative(*stated).full_simplify())

    return stated_then_answered(state, answer)


if __name__ == "__main__":
    serve(
        {"tensorgrad": version("tensorgrad"), "torch": version("torch")},
        solve,
        structure.size_key.cache_clear,
    )
