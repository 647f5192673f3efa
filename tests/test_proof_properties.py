"""Samplers: what they draw has the property, and every component of it is reached."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from matgrad.core.errors import NoRule
from matgrad.proof.components import components
from matgrad.proof.ring import PRIMES, BadPoint, Field, Reals, Ring
from matgrad.proof.samplers import STYLES, Source, sample

Matrix = np.ndarray

FACTS: dict[str, Callable[[Matrix, Matrix], Matrix]] = {
    "symmetric": lambda M, unit: M - M.T,
    "skew": lambda M, unit: M + M.T,
    "diagonal": lambda M, unit: M * (1 - unit),
    "lower": lambda M, unit: np.triu(M, 1),
    "upper": lambda M, unit: np.tril(M, -1),
    "orthogonal": lambda M, unit: M.T.dot(M) - unit,
    "idempotent": lambda M, unit: M.dot(M) - M,
    "pd": lambda M, unit: M - M.T,
    "psd": lambda M, unit: M - M.T,
    "unit": lambda M, unit: (M * M).sum() - 1,
    "invertible": lambda M, unit: np.zeros(1),
    "positive": lambda M, unit: np.zeros(1),
}
TOGETHER = [
    *FACTS,
    "symmetric orthogonal",
    "skew orthogonal",
    "diagonal orthogonal",
    "lower orthogonal",
    "symmetric idempotent",
    "psd idempotent",
    "diagonal idempotent",
    "lower idempotent",
    "idempotent invertible",
    "orthogonal idempotent",
    "pd diagonal",
    "pd orthogonal",
    "symmetric invertible",
    "skew invertible",
    "lower upper",
    "symmetric lower",
    "positive symmetric",
    "positive unit",
    "positive pd",
]


def draw(ring: Ring, given: str, size: int, at: int) -> Matrix:
    style = STYLES[at % len(STYLES)] if ring.prime is None else "plain"
    source = Source(ring, Random(f"{given} {size} {at}"), at, style)
    entries = sample(source, (size, size), frozenset(given.split()))
    kind = float if ring.prime is None else object
    return np.array(entries, dtype=kind).reshape(size, size)


@pytest.mark.parametrize("given", TOGETHER)
@pytest.mark.parametrize("exact", [True, False], ids=["field", "floats"])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_samples_have_their_properties(given: str, exact: bool, size: int) -> None:
    ring: Ring = Field(PRIMES[1]) if exact else Reals()
    unit = np.eye(size, dtype=object if exact else float).astype(int)
    for at in range(8):
        try:
            matrix = draw(ring, given, size, at)
        except BadPoint:
            assert "skew" in given and size % 2
            continue
        for name in given.split():
            rest = np.ravel(FACTS[name](matrix, unit))
            if exact:
                assert all(entry % PRIMES[1] == 0 for entry in rest)
            else:
                assert abs(rest).max() < 1e-9
                check_inequality(name, matrix)


def check_inequality(name: str, matrix: Matrix) -> None:
    if name in ("pd", "psd"):
        assert np.linalg.eigvalsh(matrix).min() > (1e-9 if name == "pd" else -1e-9)
    elif name == "positive":
        assert matrix.min() > 0
    elif name == "invertible":
        assert abs(np.linalg.det(matrix)) > 1e-9


def test_every_component_is_reached() -> None:
    determinants = {
        round(float(np.linalg.det(draw(Reals(), "orthogonal", 3, at))))
        for at in range(components(frozenset({"orthogonal"}), (3, 3)))
    }
    assert determinants == {1, -1}
    for given in ("idempotent", "symmetric idempotent"):
        ranks = {
            round(float(np.trace(draw(Reals(), given, 4, at))))
            for at in range(components(frozenset(given.split()), (4, 4)))
        }
        assert ranks == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("shape", [(1,), (2,), (5,)])
@pytest.mark.parametrize("ring", [Field(PRIMES[2]), Reals()], ids=["field", "floats"])
def test_unit_vectors(ring: Ring, shape: tuple[int, ...]) -> None:
    for at in range(6):
        entries = sample(Source(ring, Random(at), at), shape, frozenset({"unit"}))
        square = sum(entry * entry for entry in entries)
        assert square % ring.prime == 1 if ring.prime else square == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ("symmetric skew", (3, 3)),
        ("unit symmetric", (3, 3)),
        ("circulant", (3, 3)),
        ("symmetric", (3,)),
        ("orthogonal positive", (3, 3)),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(given: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(NoRule, match=given.split()[0]):
        sample(Source(Reals(), Random(1)), shape, frozenset(given.split()))


@pytest.mark.parametrize("given", ["symmetric", "pd", "orthogonal", "lower"])
def test_rectangular_shapes_are_refused(given: str) -> None:
    with pytest.raises(NoRule, match=given):
        sample(Source(Reals(), Random(1)), (2, 3), frozenset({given}))


def test_primes() -> None:
    """Fermat's test to a dozen bases: no composite number of 61 bits in the list survives."""
    assert len(PRIMES) >= 8
    for prime in PRIMES:
        assert prime % 4 == 3 and 2**60 < prime < 2**61
        odd, twos = prime - 1, 0
        while odd % 2 == 0:
            odd, twos = odd // 2, twos + 1
        for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
            powers = [pow(base, odd << k, prime) for k in range(twos)]
            assert powers[0] == 1 or prime - 1 in powers
