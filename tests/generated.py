"""Runs generated code: an expression as a function of arrays, and random arrays for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from matgrad.codegen import Function, column_of, module
from matgrad.core.dims import evaluate
from matgrad.core.expr import APPLY, SYMBOL, Expr, walk
from matgrad.normal.lower import lower

Array = Any


def function_of(expr: Expr, backend: str = "numpy") -> tuple[Callable[..., Array], str]:
    """An expression as generated code: the function and its source."""
    source = module([Function([lower(expr)], column_of(backend), name="value", title="a value")])
    space: dict[str, Any] = {}
    exec(source.text, space)
    return space["value"], source.text


def called(function: Callable[..., Array], given: Mapping[str, Any]) -> Array:
    """The function at those of its arguments that are given, functions and sizes included.  What
    it may write to is its own: arrays are given to read."""
    wanted = inspect.signature(inspect.unwrap(function)).parameters
    known = {re.sub(r"\W", "_", name): _to_read(value) for name, value in given.items()}
    return function(**{name: known[name if name in known else name.rstrip("_")] for name in wanted})


def _to_read(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def sample(expr: Expr, sizes: Mapping[str, int], seed: int = 0) -> dict[str, Array]:
    """Random arrays for the symbols of an expression, as they are declared."""
    rng = np.random.default_rng(seed)
    found: dict[str, Array] = {}
    for node in walk(expr):
        if node.op is SYMBOL and "constant" not in node.data[1]:
            shape = tuple(int(evaluate(size, sizes)) for size in node.shape)
            found[node.data[0]] = _declared(rng.uniform(0.2, 0.9, shape), node.data[1])
    return found


def _declared(array: Array, properties: frozenset[str]) -> Array:
    if "pd" in properties:
        return array @ array.T + np.eye(len(array))
    if "symmetric" in properties:
        return array + array.T
    for name, keep in (("lower", np.tril), ("upper", np.triu)):
        if name in properties:
            return keep(array) + np.eye(len(array))
    return np.diag(np.diag(array)) if "diagonal" in properties else array


@cache
def tensor(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng(seed).uniform(0.2, 0.9, shape)


def unknowns(expr: Expr, sizes: Mapping[str, int]) -> dict[str, Callable[..., Array]]:
    """A callable for each unknown function and derivative in an expression, by the name that
    evaluation has for it."""
    found: dict[str, Callable[..., Array]] = {}
    for node in walk(expr):
        if node.op is not APPLY:
            continue
        function, slots = node.data
        key = " ".join([*(f"D{slot + 1}" for slot in slots), function.name])
        if function.elementwise:
            power = 3 - len(slots)
            found[key] = lambda z, power=power: np.asarray(z) ** power + power
            continue
        shape = function.value
        for slot in slots:
            shape += function.params[slot]
        extents = tuple(int(evaluate(size, sizes)) for size in shape)
        found[key] = lambda *z, extents=extents: (
            tensor(extents, len(extents)) * sum(np.sum(part) for part in z)
        )
    return found
