"""SymPy as a system under measurement: `diff`, `refine` where a property is declared, `str`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Determinant, Function, Inverse, MatrixSymbol, Q, Trace, refine, symbols
from sympy.core.cache import clear_cache

from worker import Call, serve, stated_then_answered

m, n, h = symbols("m n h")


def vector(name: str, size: Any) -> Any:
    return MatrixSymbol(name, size, 1)


def unknown(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    X = MatrixSymbol("X", m, n)
    return make(Function("f")(X)), X


def bilinear_inverse() -> tuple[Any, Any]:
    X = MatrixSymbol("X", n, n)
    return vector("a", n).T * X.I * vector("b", n), X


def inner(left: str, right: str) -> tuple[Any, Any]:
    return vector(left, n).T * vector(right, n), vector("x", n)


def bilinear() -> tuple[Any, Any]:
    X = MatrixSymbol("X", m, n)
    return vector("a", m).T * X * vector("b", n), X


def quadratic() -> tuple[Any, Any]:
    x = vector("x", n)
    return x.T * MatrixSymbol("B", n, n) * x, x


def least_squares() -> tuple[Any, Any]:
    s = vector("s", n)
    residual = vector("x", m) - MatrixSymbol("A", m, n) * s
    return residual.T * MatrixSymbol("W", m, m) * residual, s


def chain(k: int) -> tuple[Any, Any]:
    X = MatrixSymbol("X", m, n)
    product = X * MatrixSymbol("A1", n, m)
    for i in range(2, k + 1):
        product = product * X * MatrixSymbol(f"A{i}", n, m)
    return Trace(product), X


def network(layers: int) -> tuple[Any, Any]:
    value = vector("x", n)
    weights = [MatrixSymbol("W1", h, n)]
    weights += [MatrixSymbol(f"W{layer}", h, h) for layer in range(2, layers + 1)]
    for weight in weights:
        value = (weight * value).applyfunc(sympy.tanh)
    return vector("v", h).T * value, weights[0]


def solve(name: str, size: int) -> Call:
    state: Callable[[], tuple[Any, Any]] = {
        "chain": lambda: chain(size),
        "network": lambda: network(size),
        "5.99": lambda: unknown(lambda value: value.T),
        "5.100": lambda: unknown(Trace),
        "5.101": lambda: unknown(Determinant),
        "5.102": lambda: unknown(Inverse),
        "5.103": bilinear_inverse,
        "5.104": lambda: inner("x", "a"),
        "5.105": lambda: inner("a", "x"),
        "5.106": bilinear,
        "5.107": quadratic,
        "5.108": least_squares,
        "5.108 general": least_squares,
    }[name]

    def answer(stated: tuple[Any, Any]) -> str:
        expression, variable = stated
        derivative = expression.diff(variable)
        if name == "5.108":
            derivative = refine(derivative, Q.symmetric(MatrixSymbol("W", m, m)))
        return str(derivative)

    return stated_then_answered(state, answer)


if __name__ == "__main__":
    serve({"SymPy": sympy.__version__}, solve, clear_cache)
