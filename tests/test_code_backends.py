"""The same answers in JAX, PyTorch and a namespace of the array API standard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import matgrad as mg

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, sample, unknowns  # noqa: E402
from test_code import ROWS, SIZES  # noqa: E402


def converted(backend: str) -> Callable[[Any], Any]:
    """What makes arrays of a backend, in double precision; a skip where it is missing."""
    if backend == "jax":
        jax = pytest.importorskip("jax", reason="JAX is not installed")
        jax.config.update("jax_enable_x64", True)
        return jax.numpy.asarray
    if backend == "torch":
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        return lambda array: torch.from_numpy(np.array(array))
    if backend == "array-api":
        strict = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
        return lambda array: strict.asarray(np.array(array, dtype=float))
    return np.asarray


@pytest.mark.parametrize("backend", ["jax", "torch", "array-api"])
@pytest.mark.parametrize("name", ROWS)
def test_backends_agree(name: str, backend: str) -> None:
    convert = converted(backend)
    text, variable, given = ROWS[name]
    r = mg.derive(text, variable, given=given)
    values, functions = sample(r.source, SIZES), unknowns(r.expression, SIZES)
    expected = called(r.compile("numpy", form="dense"), values | functions | SIZES)
    arrays = {key: convert(value) for key, value in values.items()}
    calls = {key: lambda *x, f=f: convert(f(*map(np.asarray, x))) for key, f in functions.items()}
    if functions and backend == "jax":
        pytest.skip("the unknown functions of these tests are no functions of JAX")
    if backend == "array-api":
        calls["xp"] = pytest.importorskip("array_api_strict")
    found = called(r.compile(backend, form="dense"), arrays | calls | SIZES)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-9, atol=1e-12)
