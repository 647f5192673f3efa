"""Samplers: what they draw has the property and all that follows from it, and every component of
it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest

from held import all_of, failed
from matgrad.catalogue.properties import IMPLIED, PROPERTIES, closure
from matgrad.core.errors import NoRule
from matgrad.core.interval import interval, point
from matgrad.notation.read import read
from matgrad.proof import evaluate
from matgrad.proof.components import components, visited, visits
from matgrad.proof.patterns import STYLES, Source
from matgrad.proof.ring import PRIMES, BadPoint, Field, Reals, Ring
from matgrad.proof.samplers import sample

Matrix = Any

TOGETHER = [
    *PROPERTIES,
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
    "symmetric involutory",
    "lower involutory",
    "diagonal involutory",
    "pd diagonal",
    "pd orthogonal",
    "pd lower",
    "pd unit_diagonal",
    "psd invertible",
    "symmetric invertible",
    "skew invertible",
    "lower upper",
    "upper orthogonal",
    "symmetric lower",
    "symmetric upper",
    "lower unit_diagonal",
    "upper unit_diagonal",
    "symmetric hollow",
    "symmetric hollow nonnegative",
    "symmetric hollow binary",
    "symmetric toeplitz",
    "lower toeplitz",
    "symmetric centered",
    "symmetric sign",
    "positive symmetric",
    "positive unit",
    "positive pd",
    "positive simplex",
    "positive row_stochastic",
    "row_stochastic column_stochastic",
    "unit_interval symmetric",
    "bounded skew",
]
SIZES = [(2, 2), (3, 3), (4, 4), (3, 2), (4, 3), (2, 4)]


def draw(ring: Ring, given: str, shape: tuple[int, ...], at: int) -> Matrix:
    style = STYLES[at % len(STYLES)] if ring.prime is None else "plain"
    source = Source(ring, Random(f"{given} {shape} {at}"), at, style)
    entries = sample(source, shape, frozenset(given.split()))
    return np.array(entries, dtype=None if ring.prime is None else object).reshape(shape)


def arrays(given: str, shape: tuple[int, int], count: int) -> Iterator[Matrix]:
    """Arrays that are drawn, and those that have the properties of zeros, ones and identities,
    which lie at the ends of what is allowed."""
    for at in range(count):
        try:
            yield draw(Reals(), given, shape, at)
        except BadPoint:
            continue
    for corner in (np.zeros(shape), np.ones(shape), -np.ones(shape), np.eye(*shape)):
        if failed(corner, given.split()) == []:
            yield corner


def usual_shape(name: str) -> tuple[int, int]:
    if PROPERTIES[name].of == "square":
        return 3, 3
    return (3, 4) if name == "full_row_rank" else (4, 3)


@pytest.mark.parametrize("given", TOGETHER)
@pytest.mark.parametrize("exact", [True, False], ids=["field", "floats"])
def test_samples_have_their_properties(given: str, exact: bool) -> None:
    ring: Ring = Field(PRIMES[1]) if exact else Reals()
    square = any(PROPERTIES[name].of == "square" for name in given.split())
    drawn = 0
    for shape in SIZES[:3] if square else SIZES:
        for at in range(12):
            try:
                matrix = draw(ring, given, shape, at)
            except BadPoint:
                continue
            drawn += 1
            assert failed(matrix, all_of(given), ring.prime) == []
    assert drawn >= 12


@pytest.mark.parametrize("name", [name for name, record in PROPERTIES.items() if record.says])
def test_the_equation_of_a_property_holds_of_what_is_drawn(name: str) -> None:
    """And of nothing else: a matrix in general does not satisfy it."""
    square = PROPERTIES[name].of == "square"
    reading = read(PROPERTIES[name].says, given="A: n n" if square else "A: m n")
    assert reading.equals is not None

    def gap(matrix: Matrix) -> float:
        sizes = {"m": matrix.shape[0], "n": matrix.shape[1]}
        sides = [
            np.array(
                evaluate(side, {"A": matrix}, {k: sizes[k] for k in ("m", "n") if k in str(side)})
            )
            for side in (reading.expr, reading.equals)
        ]
        return float(abs(sides[0] - sides[1]).max())

    shape = (3, 3) if square else (4, 3)
    assert all(gap(draw(Reals(), name, shape, at)) < 1e-9 for at in range(6))
    assert gap(np.random.default_rng(1).uniform(0.2, 0.8, shape)) > 1e-3


@pytest.mark.parametrize(("left", "right"), IMPLIED, ids=[": ".join(row) for row in IMPLIED])
def test_what_follows_from_properties_holds(left: str, right: str) -> None:
    """The row itself, without what else follows: arrays are drawn by the left side only."""
    square = any(PROPERTIES[name].of == "square" for name in left.split())
    for shape in SIZES[:3] if square else SIZES:
        for matrix in arrays(left, shape, 8):
            assert failed(matrix, right.split()) == []


@pytest.mark.parametrize("name", [n for n, record in PROPERTIES.items() if record.entries])
def test_the_entries_of_what_is_drawn_lie_where_the_record_says(name: str) -> None:
    record = PROPERTIES[name]
    where = interval(record.entries)
    matrices = [draw(Reals(), name, usual_shape(name), at) for at in range(24)]
    drawn = np.concatenate([matrix.ravel() for matrix in matrices])
    assert where.low <= drawn.min() and drawn.max() <= where.high
    if record.of == "any" and not record.says:  # entries, and nothing of the whole
        for entry in (-2, -1, Fraction(-1, 2), 0, Fraction(1, 2), 1, 2):
            full = np.full((4, 3), float(entry))
            assert point(entry).within(where) is (failed(full, [name]) == [])
    assert not record.values or set(drawn) == set(record.values)


@pytest.mark.parametrize("name", PROPERTIES)
def test_what_stays_of_a_property_holds_nearby(name: str) -> None:
    """A small step in any direction leaves what is kept of the variable of differentiation: the
    property itself where it leaves that."""
    kept = {stays for held in closure(frozenset({name})) for stays in PROPERTIES[held].stays}
    random = np.random.default_rng(3)
    shape = usual_shape(name)
    near = [a + 1e-5 * random.uniform(-1, 1, shape) for a in arrays(name, shape, 12)]
    assert not any(failed(moved, kept) for moved in near)
    assert (name in closure(frozenset(kept))) is not any(failed(moved, [name]) for moved in near)


@pytest.mark.parametrize("name", PROPERTIES)
def test_the_transpose_and_multiples_have_what_the_record_says(name: str) -> None:
    record = PROPERTIES[name]
    turned = name if record.turned == "same" else record.turned
    shape = usual_shape(name)
    found = list(arrays(name, shape, 12))
    for first, second in pairwise(found):
        assert failed(first.T, [turned] if turned else []) == []
        for factor in (-2, -1, 1j) if np.iscomplexobj(first) else (-2, -1):
            assert failed(factor * first + second, [name] if record.linear else []) == []
        assert failed(first - first, [name] if record.linear else []) == []


@pytest.mark.parametrize(
    ("given", "shape", "seen", "expected"),
    [
        pytest.param("orthogonal", (3, 3), np.linalg.det, {1, -1}, id="determinants"),
        pytest.param("idempotent", (4, 4), np.trace, {0, 1, 2, 3, 4}, id="ranks"),
        pytest.param("symmetric idempotent", (4, 4), np.trace, {0, 1, 2, 3, 4}, id="projections"),
        pytest.param("involutory", (3, 3), np.trace, {3, 1, -1, -3}, id="involutions"),
        pytest.param("onehot", (5,), np.argmax, set(range(5)), id="one-hot"),
        pytest.param("binary", (4,), lambda x: x.dot([1, 2, 4, 8]), set(range(16)), id="binary"),
        pytest.param(
            "sign", (3,), lambda x: x.dot([1, 2, 4]), {-7, -5, -3, -1, 1, 3, 5, 7}, id="signs"
        ),
        pytest.param(
            "permutation",
            (3, 3),
            lambda P: P.dot([1, 10, 100]).dot([1, 7, 13]),
            {
                1 + 70 + 1300,
                1 + 700 + 130,
                10 + 7 + 1300,
                10 + 700 + 13,
                100 + 7 + 130,
                100 + 70 + 13,
            },
            id="permutations",
        ),
        pytest.param(
            "onehot_rows",
            (2, 3),
            lambda E: E.dot([0, 1, 2]).dot([1, 3]),
            set(range(9)),
            id="one-hot rows",
        ),
    ],
)
def test_every_component_is_reached(
    given: str, shape: tuple[int, ...], seen: Any, expected: set[int]
) -> None:
    count = components(all_of(given), shape)
    assert {round(float(seen(draw(Reals(), given, shape, at)))) for at in range(count)} == expected


@pytest.mark.parametrize("counts", [[2, 2], [2, 1, 3], [4, 5, 3], [24, 24]], ids=str)
def test_components_of_symbols_are_independent(counts: list[int]) -> None:
    """All pairs of components of two symbols meet where they are few; each is met where not."""
    random = Random(4)
    met = {tuple(visited(at, counts, random)) for at in range(visits(counts))}
    if np.prod(counts) <= 24:
        assert met == set(product(*map(range, counts)))
    for place, count in enumerate(counts):
        assert {row[place] for row in met} == set(range(count))
    assert len({row[1] - row[0] for row in met}) > 1


@pytest.mark.parametrize("shape", [(1,), (2,), (5,)])
@pytest.mark.parametrize("ring", [Field(PRIMES[2]), Reals()], ids=["field", "floats"])
@pytest.mark.parametrize("given", ["unit", "simplex", "onehot", "centered", "binary", "sign"])
def test_vectors(ring: Ring, shape: tuple[int, ...], given: str) -> None:
    for at in range(6):
        if given != "onehot" or at < shape[0]:
            assert failed(draw(ring, given, shape, at), all_of(given), ring.prime) == []


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ("symmetric skew", (3, 3)),
        ("unit symmetric", (3, 3)),
        ("circulant", (3, 3)),
        ("symmetric", (3,)),
        ("orthogonal positive", (3, 3)),
        ("positive skew", (3, 3)),
        ("negative positive", (3,)),
        ("binary pd", (3, 3)),
        ("pd toeplitz", (3, 3)),
        ("onehot centered", (3,)),
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
