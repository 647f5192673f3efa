"""SymPy as a system under measurement: `diff`, `refine` where a property is declared, `str`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Determinant, Function, Inverse, MatrixSymbol, Q, Trace, refine, symbols
from sympy.core.cache import clear_cache

from worker import serve


def unknown(name: str) -> str:
    X = MatrixSymbol("X", *symbols("m n"))
    value: Any = Function("f")(X)
    taken = {
        "5.99": lambda: value.T,
        "5.100": lambda: Trace(value),
        "5.101": lambda: Determinant(value),
        "5.102": lambda: Inverse(value),
    }[name]()
    return str(taken.diff(X))


def bilinear_inverse() -> str:
    n = symbols("n")
    a, b, X = MatrixSymbol("a", n, 1), MatrixSymbol("b", n, 1), MatrixSymbol("X", n, n)
    return str((a.T * X.I * b).diff(X))


def inner(left: str, right: str) -> str:
    n = symbols("n")
    x = MatrixSymbol("x", n, 1)
    return str((MatrixSymbol(left, n, 1).T * MatrixSymbol(right, n, 1)).diff(x))


def bilinear() -> str:
    m, n = symbols("m n")
    a, b, X = MatrixSymbol("a", m, 1), MatrixSymbol("b", n, 1), MatrixSymbol("X", m, n)
    return str((a.T * X * b).diff(X))


def quadratic() -> str:
    n = symbols("n")
    x, B = MatrixSymbol("x", n, 1), MatrixSymbol("B", n, n)
    return str((x.T * B * x).diff(x))


def least_squares(symmetric: bool) -> str:
    m, n = symbols("m n")
    x, s = MatrixSymbol("x", m, 1), MatrixSymbol("s", n, 1)
    A, W = MatrixSymbol("A", m, n), MatrixSymbol("W", m, m)
    answer = ((x - A * s).T * W * (x - A * s)).diff(s)
    return str(refine(answer, Q.symmetric(W)) if symmetric else answer)


def chain(k: int) -> str:
    m, n = symbols("m n")
    X = MatrixSymbol("X", m, n)
    product = X * MatrixSymbol("A1", n, m)
    for i in range(2, k + 1):
        product = product * X * MatrixSymbol(f"A{i}", n, m)
    return str(Trace(product).diff(X))


def network(layers: int) -> str:
    h, n = symbols("h n")
    value: Any = MatrixSymbol("x", n, 1)
    weights = [MatrixSymbol("W1", h, n)]
    weights += [MatrixSymbol(f"W{layer}", h, h) for layer in range(2, layers + 1)]
    for weight in weights:
        value = (weight * value).applyfunc(sympy.tanh)
    return str((MatrixSymbol("v", h, 1).T * value).diff(weights[0]))


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
    serve({"SymPy": sympy.__version__}, solve, clear_cache)
