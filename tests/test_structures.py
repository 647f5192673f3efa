"""Derivatives on structures, against derivatives by the free parameters themselves.

Each structure is written out in NumPy as a function of parameters that vary freely; what the
answer must be follows from central differences in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matgrad as mg
from matgrad.catalogue.structures import STRUCTURES, Structure
from matgrad.core.errors import DeclarationProblem, NoForm

Array = Any
N = 3
RNG = np.random.default_rng(5)


def filled(places: tuple[Array, Array], sign: int, diagonal: float) -> Callable[[Array], Array]:
    """Parameters at places of a square matrix and, with a sign, mirrored."""

    def matrix(theta: Array) -> Array:
        made = np.zeros((N, N))
        made[places] = theta
        mirrored = sign * made.T
        np.fill_diagonal(mirrored, 0)
        return made + mirrored + diagonal * np.eye(N)

    return matrix


def rotated(theta: Array) -> Array:
    """The Cayley transform of a skew matrix, times orthonormal columns."""
    made = np.zeros((N + 1, N + 1))
    made[np.tril_indices(N + 1, -1)] = theta
    skew = made - made.T
    eye = np.eye(N + 1)
    return np.linalg.solve(eye - skew, eye + skew) @ BASE


BASE = np.linalg.qr(RNG.normal(size=(N + 1, N - 1)))[0]
LOWER, STRICT = np.tril_indices(N), np.tril_indices(N, -1)
OFF = tuple(np.nonzero(1 - np.eye(N)))
DISTANCES = np.subtract.outer(range(N), range(N))
PARAMETERS: dict[tuple[str, int], tuple[int, Callable[[Array], Array]]] = {
    ("diagonal", 2): (N, np.diag),
    ("diagonal toeplitz", 2): (1, lambda theta: theta * np.eye(N)),
    ("symmetric toeplitz", 2): (N, lambda theta: theta[abs(DISTANCES)]),
    ("skew toeplitz", 2): (2, lambda theta: np.sign(DISTANCES) * theta[abs(DISTANCES) - 1]),
    ("lower toeplitz", 2): (N, lambda theta: np.tril(theta[DISTANCES])),
    ("upper toeplitz", 2): (N, lambda theta: np.triu(theta[-DISTANCES])),
    ("toeplitz", 2): (2 * N - 1, lambda theta: theta[DISTANCES]),
    ("correlation", 2): (3, lambda theta: filled(STRICT, 1, 1.0)(theta / 5)),
    ("symmetric hollow", 2): (3, filled(STRICT, 1, 0)),
    ("symmetric", 2): (6, filled(LOWER, 1, 0)),
    ("pd", 2): (6, filled(LOWER, 1, 5.0)),
    ("skew", 2): (3, filled(STRICT, -1, 0)),
    ("hollow", 2): (6, filled(OFF, 0, 0)),
    ("lower unit_diagonal", 2): (3, filled(STRICT, 0, 1.0)),
    ("upper unit_diagonal", 2): (3, lambda theta: filled(STRICT, 0, 1.0)(theta).T),
    ("unit_diagonal", 2): (6, filled(OFF, 0, 1.0)),
    ("lower", 2): (6, filled(LOWER, 0, 0)),
    ("upper", 2): (6, lambda theta: filled(LOWER, 0, 0)(theta).T),
    ("orthonormal", 2): (6, rotated),
    ("orthogonal", 2): (3, lambda theta: cayley(theta)),
    ("unit", 1): (N, lambda theta: theta / np.linalg.norm(theta)),
    ("unit", 2): (6, lambda theta: theta.reshape(2, 3) / np.linalg.norm(theta)),
    ("simplex", 1): (N, lambda theta: np.exp(theta) / np.exp(theta).sum()),
    ("centered", 1): (N, lambda theta: theta - theta.mean()),
    ("centered", 2): (6, lambda theta: theta.reshape(3, 2) - theta.reshape(3, 2).mean(0)),
    ("row_stochastic", 2): (6, lambda theta: rows(theta.reshape(2, 3))),
    ("column_stochastic", 2): (6, lambda theta: rows(theta.reshape(2, 3)).T),
}
METRIC = {
    "embedded": lambda X, E: E,
    "canonical": lambda X, E: E - X @ X.T @ E / 2,
    "affine-invariant": lambda X, E: np.linalg.inv(X) @ E @ np.linalg.inv(X),
}


def cayley(theta: Array) -> Array:
    skew = filled(STRICT, -1, 0)(theta)
    return np.linalg.solve(np.eye(N) - skew, np.eye(N) + skew)


def rows(matrix: Array) -> Array:
    return np.exp(matrix) / np.exp(matrix).sum(1, keepdims=True)


def slopes(function: Callable[[Array], Array], theta: Array, step: float = 1e-5) -> list[Array]:
    units = step * np.eye(len(theta))
    return [(function(theta + e) - function(theta - e)) / (2 * step) for e in units]


def stands_at(move: Array) -> tuple[int, ...]:
    """The place, or one of the places, of the entry that a parameter is."""
    return tuple(map(int, np.unravel_index(np.argmax(abs(move)), move.shape)))


def problem(row: Structure) -> tuple[str, str, dict[str, Array], Callable[[Array], Array], Array]:
    """An expression in X, its declarations and numbers, the structure and a point of it."""
    count, matrix = PARAMETERS[row.properties, row.order]
    theta = RNG.uniform(0.2, 0.9, count)
    shape = matrix(theta).shape
    sizes = " ".join(map(str, shape))
    words = " ".join(row.properties.split())
    given = f"X: {sizes} {words}; F: {sizes}; H: {shape[-1]} {shape[-1]}"
    numbers = {"F": RNG.normal(size=shape), "H": RNG.normal(size=(shape[-1],) * 2)}
    text = "F'*X + X'*H*X" if row.order == 1 else "sum(F.*X) + normF(X*H)^2"
    return text, given, numbers, matrix, theta


def value(text: str, numbers: dict[str, Array]) -> Callable[[Array], float]:
    F, H = numbers["F"], numbers["H"]
    if "norm" in text:
        return lambda X: float((F * X).sum() + ((X @ H) ** 2).sum())
    return lambda X: float(F @ X + X @ H @ X)


def name(row: Structure) -> str:
    return f"{row.properties} {row.order} {row.reading} {row.metric}"


@pytest.mark.parametrize("row", STRUCTURES, ids=name)
def test_a_structure_is_differentiated_by_its_parameters(row: Structure) -> None:
    text, given, numbers, matrix, theta = problem(row)
    result = mg.derive(text, "X", given=given, structure=row.reading, metric=row.metric)
    assert result.proof is not None
    assert result.proof.ok is True, result.proof.detail
    X = matrix(theta)
    answer = np.array(result(X=X, **numbers))
    f = value(text, numbers)
    moves = slopes(matrix, theta)
    wanted = slopes(lambda at: np.array(f(matrix(at))), theta)
    for move, slope in zip(moves, wanted, strict=True):
        if row.reading == "entries":
            place = stands_at(move)
            assert np.isclose(answer[place] * move[place], slope, atol=1e-6)
        else:
            assert np.isclose((answer * METRIC[row.metric](X, move)).sum(), slope, atol=1e-6)
    span = np.array([move.ravel() for move in moves]).T
    rest = answer.ravel() - span @ np.linalg.lstsq(span, answer.ravel(), rcond=None)[0]
    assert abs(rest).max() < 1e-6


@pytest.mark.parametrize(
    "row", [row for row in STRUCTURES if row.metric == "embedded" and row.order == 2], ids=name
)
def test_a_second_derivative_is_that_of_the_first_along_the_structure(row: Structure) -> None:
    """The derivative of the first along a parameter, projected again where the space turns."""
    text, given, numbers, matrix, theta = problem(row)
    first = mg.derive(text, "X", given=given, structure=row.reading)
    second = mg.derive(text, ["X", "X"], given=given, structure=row.reading)
    assert second.proof is not None
    assert second.proof.ok is True, second.proof.detail
    X = matrix(theta)
    hessian = np.array(second(X=X, **numbers))
    moves = slopes(matrix, theta)
    turned = slopes(lambda at: np.array(first(X=matrix(at), **numbers)), theta)
    for move, change in zip(moves, turned, strict=True):
        if row.reading == "entries":
            place = stands_at(move)
            found = hessian[..., place[0], place[1]] * move[place]
            assert np.allclose(found, change, atol=1e-5)
            continue
        found = np.einsum("ijkl,kl->ij", hessian, move)
        for other in moves:
            assert np.isclose((found * other).sum(), (change * other).sum(), atol=1e-5)


TABLE = {
    "Cookbook (137)": ("d/dS tr(A*S)", "entries", "embedded", "A + A' - A.*eye(n)"),
    "Cookbook (141)": ("d/dS logdet(S)", "entries", "embedded", "2*inv(S) - inv(S).*eye(n)"),
    "Cookbook (144)": (
        "d/dT tr(A*T)",
        "entries",
        "embedded",
        "diagsums(A) + diagsums(A)' - tr(A)*eye(n)",
    ),
    "projection": ("d/dS x'*S*y", "tangent", "embedded", "(x*y' + y*x')/2"),
    "skew": ("d/dK x'*K*y", "tangent", "embedded", "(x*y' - y*x')/2"),
    "orthogonal": ("d/dQ tr(A*Q)", "tangent", "embedded", "(A' - Q*A*Q)/2"),
    "orthogonal, canonical": ("d/dQ tr(A*Q)", "tangent", "canonical", "A' - Q*A*Q"),
    "log det, affine-invariant": ("d/dP logdet(P)", "tangent", "affine-invariant", "P"),
    "triangular": ("d/dL tr(A*L)", "entries", "embedded", "tril(A')"),
    "Rayleigh": ("d/du u'*S*u", "tangent", "embedded", "2*(u'*S - (u'*S*u)*u')"),
    "entropy": ("d/dw -sum(w.*log(w))", "tangent", "embedded", "sum(log(w))*ones(n)'/n - log(w)'"),
}
GIVEN = (
    "S: n n symmetric; T: n n symmetric toeplitz; P: n n pd; K: n n skew; L: n n lower;"
    "Q: n n orthogonal; A: n n; u: n unit; w: n simplex; x: n; y: n"
)


@pytest.mark.parametrize("name", TABLE)
def test_what_is_printed(name: str) -> None:
    text, structure, metric, expected = TABLE[name]
    result = mg.derive(text, given=GIVEN, structure=structure, metric=metric)
    assert result.text() == expected
    assert result.proof is not None
    assert result.proof.ok is True


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "no structure": ("d/dA tr(A)", {"structure": "tangent"}, "for A with no structure"),
    "no entries of a curved one": ("d/dQ tr(A*Q)", {"structure": "entries"}, "Q with orthogonal"),
    "metric": (
        "d/dP logdet(P)",
        {"structure": "tangent", "metric": "canonical"},
        "take the metric affine-invariant or embedded",
    ),
    "metric without a structure": ("d/dP logdet(P)", {"metric": "canonical"}, "structure free"),
    "an entry": ("d/dS[1,2] tr(A*S)", {"structure": "tangent"}, "whole variables, not entries"),
    "two curved ones": ("d2/dudQ u'*Q*u", {"structure": "tangent"}, "Hessians of scalars"),
    "another equation beside": ("d/dM tr(A*M)", {"structure": "tangent"}, "idempotent, symmetric"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, options, message = REFUSED[name]
    with pytest.raises((NoForm, DeclarationProblem)) as caught:
        mg.derive(text, given=GIVEN + "; M: n n symmetric idempotent", **options)  # type: ignore[arg-type]
    assert message in str(caught.value)
