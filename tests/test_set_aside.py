"""A property of the variable says where the derivative is taken, not what may vary.

With every property declared, an answer is the free derivative at points that have it: tr(X*A) and
inner(X, A) stay two functions, also where X is symmetric.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

import matgrad as mg
from matgrad.catalogue.properties import PROPERTIES
from matgrad.core.errors import MatgradError
from matgrad.proof.patterns import Source
from matgrad.proof.ring import Reals
from matgrad.proof.samplers import sample

REAL = [name for name in PROPERTIES if name not in ("complex", "hermitian", "hpd", "unitary")]
MATRIX = [*REAL, "symmetric idempotent", "symmetric hollow", "lower unit_diagonal", "pd diagonal"]
VECTOR = [name for name in REAL if PROPERTIES[name].of == "any"]
OF_MATRIX = {
    "tr(X*A)": "A: 3 3",
    "inner(X, A)": "A: 3 3",
    "tr(X'*X)": "",
    "tr(X*A*X*B)": "A: 3 3; B: 3 3",
    "tr(X'*A*X)": "A: 3 3",
    "a'*X*X*b": "a: 3; b: 3",
    "sum(X.^3)": "",
    "inner(diag(diagvec(X)), A)": "A: 3 3",
    "sum(X)^2": "",
    "sum(exp.(X))": "",
    "tr(sin.(abs.(X))*A)": "A: 3 3",
    "det(X)": "",
    "tr(inv(X)*A)": "A: 3 3",
    "logdet(X)": "",
}
OF_VECTOR = {
    "a'*x": "a: 3",
    "x'*x": "",
    "x'*A*x": "A: 3 3",
    "sum(x)^2": "",
    "sum(x.^3)": "",
    "norm(x)": "",
    "sum(exp(x))*a'*x": "a: 3",
    "a'*abs(x)": "a: 3",
}


def points(name: str, shape: tuple[int, ...], count: int = 4) -> list[Any]:
    found = []
    for at in range(1, count + 1):
        entries = sample(
            Source(Reals(), Random(f"{name} {at}"), at), shape, frozenset(name.split())
        )
        found.append(np.array(entries).reshape(shape))
    return found


def compare(text: str, wrt: list[str], shape: tuple[int, ...], given: str, name: str) -> int:
    """Compare with the derivative by a variable without properties; how many points had a value."""
    sizes = " ".join(map(str, shape))
    free = mg.derive(text, wrt, given=f"{wrt[0]}: {sizes}; {given}", check=False)
    told = mg.derive(text, wrt, given=f"{wrt[0]}: {sizes} {name}; {given}")
    assert told.proof is None or told.proof.ok is not False, told.proof
    random = np.random.default_rng(1)
    others = {
        info.name: random.uniform(0.5, 1.5, [int(str(size)) for size in info.shape])
        for info in free.symbols
        if info.name != wrt[0]
    }
    met = 0
    for value in points(name, shape):
        values = {**others, wrt[0]: value}
        asked = [
            {key: array for key, array in values.items() if key in result.lifter.ranks}
            for result in (free, told)
        ]
        try:
            expected, found = free(**asked[0]), told(**asked[1])
        except MatgradError:  # a singular matrix, a zero entry
            continue
        met += 1
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)
    return met


@pytest.mark.parametrize("text", OF_MATRIX)
@pytest.mark.parametrize("name", MATRIX)
def test_by_a_matrix(name: str, text: str) -> None:
    met = compare(text, ["X"], (3, 3), OF_MATRIX[text], name)
    assert met or "inv" in text or "det" in text  # some are singular everywhere


@pytest.mark.parametrize("text", ["tr(X*A*X*B)", "inner(X, A)", "sum(X)^2", "logdet(X)"])
@pytest.mark.parametrize("name", MATRIX)
def test_twice_by_a_matrix(name: str, text: str) -> None:
    compare(text, ["X", "X"], (3, 3), OF_MATRIX[text], name)


@pytest.mark.parametrize("text", OF_VECTOR)
@pytest.mark.parametrize("name", VECTOR)
@pytest.mark.parametrize("times", [1, 2])
def test_by_a_vector(name: str, text: str, times: int) -> None:
    compare(text, ["x"] * times, (3,), OF_VECTOR[text], name)
