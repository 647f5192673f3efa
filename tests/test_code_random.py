"""Random expressions: their derivatives as operators, as products with directions, in batches."""

from __future__ import annotations

import os
from typing import Any

import pytest

import matgrad as mg
from matgrad.api.expressions import Expression
from matgrad.core.errors import MatgradError, NoForm
from matgrad.core.expr import symbols_of
from random_expressions import problem

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, sample, unknowns  # noqa: E402
from test_code import SIZES  # noqa: E402
from test_code_operators import assembled  # noqa: E402

COUNT = int(os.environ.get("MATGRAD_RANDOM_CODE", "80"))
BATCH = 8
# What stands for a letter as an index, counted from 1.
POSITIONS = {"i": 1, "j": 2}


def derived(seed: int) -> mg.Result | None:
    """The derivative, where there is one and code for it."""
    asked = problem(seed, declaring=False)
    try:
        r = mg.derive(Expression(asked.root), [Expression(v) for v in asked.variables], check=False)
        r.code(form="dense")
    except MatgradError:
        return None
    return r


def given(r: mg.Result, seed: int) -> dict[str, Any]:
    values = sample(r.source, SIZES, seed) | sample(r.tensor, SIZES, seed)
    found = POSITIONS | values | SIZES
    for expr in (r.source, r.tensor):
        found |= unknowns(expr, SIZES)
    return found


@pytest.mark.parametrize("first", range(0, COUNT, 20))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_operators(first: int) -> None:
    compared = 0
    for seed in range(first, first + 20):
        r = derived(seed)
        if r is None:
            continue
        values = given(r, seed)
        try:
            tensor, found = (
                np.asarray(called(r.compile(form=form), values))
                if form == "dense"
                else called(r.operator(), values)
                for form in ("dense", "operator")
            )
        except np.linalg.LinAlgError:
            continue
        if not np.isfinite(tensor).all():
            continue
        rng = np.random.default_rng(seed)
        right, left = rng.standard_normal(found.columns), rng.standard_normal(found.rows)
        forward = np.tensordot(tensor, right, right.ndim)
        backward = np.tensordot(left, tensor, left.ndim)
        names = {"v": right, "u": left}
        directions = {
            f"{n}{tail}": d for k, d in names.items() for n in (k, k.upper()) for tail in ("", "_")
        }
        close = {"rtol": 1e-7, "atol": 1e-9 * max(1, np.abs(tensor).max()), "err_msg": str(seed)}
        np.testing.assert_allclose(found.matvec(right), forward, **close)
        np.testing.assert_allclose(found.rmatvec(left), backward, **close)
        np.testing.assert_allclose(found.dense(np.empty(tensor.shape)), tensor, **close)
        np.testing.assert_allclose(assembled(found.factors(), tensor.shape), tensor, **close)
        for form, product in (("jvp", forward), ("vjp", backward)):
            along = called(r.compile(form=form), directions | values)
            np.testing.assert_allclose(along, product, **close)
        if found.rows == found.columns:
            matrix = tensor.reshape(max(1, left.size), -1)
            if np.linalg.cond(matrix) < 1e6:
                product = np.tensordot(tensor, found.solve(left), left.ndim)
                np.testing.assert_allclose(product, left, rtol=1e-5, atol=1e-7, err_msg=str(seed))
        compared += 1
    assert compared > 10


@pytest.mark.parametrize("first", range(0, COUNT, 20))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_batches(first: int) -> None:
    compared = 0
    for seed in range(first, first + 20):
        r = derived(seed)
        if r is None:
            continue
        names = [node.data[0] for node in symbols_of(r.source)]
        points = [given(r, seed + k) for k in range(BATCH)]
        try:
            function = r.compile(batch=names)
            values = [called(r.compile(form="dense"), point) for point in points]
        except (NoForm, np.linalg.LinAlgError):
            continue
        expected = np.stack(values)
        arrays = {
            key: np.stack([point[key] for point in points]) if key in names else value
            for key, value in points[0].items()
        }
        found = called(function, arrays | {"batch": BATCH})
        assert np.shape(found) == expected.shape, seed
        scale = np.nanmax(np.abs(expected), initial=1)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8 * scale, err_msg=str(seed))
        compared += 1
    assert compared > 10
