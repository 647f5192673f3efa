"""Compile the derivative of every record of a corpus file and compare what the code computes
with the corpus's own numerical derivative.

    python benchmarks/generated.py FILE… [--backends numpy,jax,torch,array-api] [--every N]

Needs PyYAML, the corpus's evaluator beside the first file, and the backends.  Exit status 1 where
a result differs by more than 1e-9, or an answer has no code.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import matgrad as mg
from corpus import Record, derived, evaluator, records

TOLERANCE = 1e-9
# How arrays are given to a backend, and results taken from it.
Convert = Callable[[Any], Any]


def conversion(backend: str) -> Convert:
    """What makes an argument of an array.  Raises ImportError where the backend is missing."""
    if backend == "jax":
        import jax.numpy as jnp

        return lambda value: jnp.asarray(value)
    if backend == "torch":
        import torch

        return lambda value: torch.from_numpy(np.array(value))
    if backend == "array-api":
        import array_api_strict

        return lambda value: array_api_strict.asarray(np.array(value))
    return np.asarray


def callables(
    name: str, function: Any, convert: Convert, *, traced: bool
) -> dict[str, Callable[..., Any]]:
    """An unknown function of the evaluator and its derivatives, as generated code calls them:
    those of the evaluator are functions of JAX."""

    def plain(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return method if traced else lambda x: convert(method(np.asarray(x)))

    found = {name: plain(function)}
    names = ("d1", "d2") if function.kind == "elementwise" else ("D", "D2")
    for order, method in enumerate(names, 1):
        found["_".join(["D1"] * order + [name])] = plain(getattr(function, method))
    return found


def arguments(
    function: Callable[..., Any], env: dict[str, Any], convert: Convert, *, traced: bool
) -> dict[str, Any]:
    """The arguments of a generated function from an instance of the corpus."""
    given: dict[str, Any] = {}
    for name, value in env.items():
        if hasattr(value, "kind"):
            given |= callables(name, value, convert, traced=traced)
        else:
            given[name] = value if isinstance(value, int) else convert(value)
    wanted = inspect.signature(function).parameters
    if "xp" in wanted:
        # No argument says which library it is.
        given["xp"] = convert(0.0).__array_namespace__()
    return {name: given[name if name in given else name.rstrip("_")] for name in wanted}


def judged(module: ModuleType, record: Record, backend: str, convert: Convert) -> str:
    """What is wrong with the code of one record, or nothing."""
    try:
        result = derived(record)
    except mg.MatgradError:
        return ""
    try:
        function = result.compile(backend, form="dense")
    except mg.MatgradError as refusal:
        return f"refused: {refusal.message}"
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    for trial in (0, 1):
        _, env = module.instance(record, module.rng_for(record, trial, 1))
        truth = module.numeric(record, env, [])[0]
        try:
            value = function(**arguments(function, env, convert, traced=backend == "jax"))
        except Exception as problem:
            return f"{type(problem).__name__}: {problem}\n{result.code(backend, form='dense')}"
        error, message = module.compare(np.asarray(value), "", truth)
        if error is None or error > TOLERANCE:
            return f"{message or error}\n{result.code(backend, form='dense')}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--backends", default="numpy")
    parser.add_argument("--every", type=int, default=1, help="take every N-th record")
    options = parser.parse_args()
    module = evaluator(options.files[0].resolve().parent)
    if module is None:
        return 1
    failed = 0
    for backend in options.backends.split(","):
        convert = conversion(backend)
        chosen = [r for path in options.files for r in records(path)][:: options.every]
        for record in chosen:
            wrong = judged(module, record, backend, convert)
            if wrong:
                failed += 1
                print(f"{backend} {record['id']}: {wrong}", flush=True)
        print(f"{backend}: {len(chosen)} records, {failed} wrong or without code so far")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
