"""What each property says of an array of numbers: equations, and inequalities of floats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from matgrad.catalogue.properties import closure

Array = Any
# Values of ill-conditioned products lie a little outside of where they should.
ROUNDING = 1e-6

# What is zero where the property holds, for arrays of any numbers.
EQUATIONS: dict[str, Callable[[Array], Array]] = {
    "hermitian": lambda M: M - M.conj().T,
    "hpd": lambda M: M - M.conj().T,
    "unitary": lambda M: M.conj().T.dot(M) - one(M),
    "symmetric": lambda M: M - M.T,
    "psd": lambda M: M - M.T,
    "pd": lambda M: M - M.T,
    "correlation": lambda M: np.concatenate([(M - M.T).ravel(), np.diag(M) - 1]),
    "skew": lambda M: M + M.T,
    "diagonal": lambda M: M - np.diag(np.diag(M)),
    "lower": lambda M: np.triu(M, 1),
    "upper": lambda M: np.tril(M, -1),
    "unit_diagonal": lambda M: np.diag(M) - 1,
    "hollow": np.diag,
    "orthogonal": lambda M: M.T.dot(M) - one(M),
    "orthonormal": lambda M: M.T.dot(M) - one(M),
    "idempotent": lambda M: M.dot(M) - M,
    "involutory": lambda M: M.dot(M) - one(M),
    "toeplitz": lambda M: M[1:, 1:] - M[:-1, :-1],
    "permutation": lambda M: np.concatenate([(M * M - M).ravel(), M.sum(0) - 1, M.sum(1) - 1]),
    "binary": lambda M: M * M - M,
    "sign": lambda M: M * M - 1,
    "unit": lambda M: (M * M).sum() - 1,
    "simplex": lambda M: M.sum() - 1,
    "onehot": lambda M: np.append((M * M - M).ravel(), M.sum() - 1),
    "onehot_rows": lambda M: np.append((M * M - M).ravel(), M.sum(1) - 1),
    "row_stochastic": lambda M: M.sum(1) - 1,
    "column_stochastic": lambda M: M.sum(0) - 1,
    "centered": lambda M: M.sum(0),
}
# What is true of floats where the property holds.
INEQUALITIES: dict[str, Callable[[Array], bool]] = {
    "hpd": lambda M: least_eigenvalue(M) > 1e-9,
    "pd": lambda M: least_eigenvalue(M) > 1e-9,
    "psd": lambda M: least_eigenvalue(M) > -1e-9,
    "correlation": lambda M: least_eigenvalue(M) > 1e-9,
    "invertible": lambda M: M.shape[0] == M.shape[1] and rank(M) == len(M),
    "full_column_rank": lambda M: rank(M) == M.shape[1],
    "full_row_rank": lambda M: rank(M) == M.shape[0],
    "full_rank": lambda M: rank(M) == min(M.shape),
    "positive": lambda M: M.min() > 0,
    "constant": lambda M: M.min() > 0,
    "nonnegative": lambda M: M.min() > -ROUNDING,
    "negative": lambda M: M.max() < 0,
    "nonpositive": lambda M: M.max() < ROUNDING,
    "unit_interval": lambda M: M.min() > 0 and M.max() < 1,
    "bounded": lambda M: abs(M).max() < 1 + ROUNDING,
    "nonzero": lambda M: abs(M).max() > 1e-9,
    "simplex": lambda M: M.min() > -ROUNDING,
    "row_stochastic": lambda M: M.min() > -ROUNDING,
    "column_stochastic": lambda M: M.min() > -ROUNDING,
}


def one(matrix: Array) -> Array:
    return np.eye(matrix.shape[1]).astype(int)


def least_eigenvalue(matrix: Array) -> float:
    return float(np.linalg.eigvalsh((matrix + matrix.conj().T) / 2).min())


def rank(matrix: Array) -> int:
    return int(np.linalg.matrix_rank(matrix, tol=1e-7))


def failed(array: Array, properties: Iterable[str], prime: int | None = None) -> list[str]:
    """Those properties that an array of floats, or of numbers modulo a prime, does not have."""
    return [name for name in sorted(properties) if not _holds(np.asarray(array), name, prime)]


def _holds(array: Array, name: str, prime: int | None) -> bool:
    rest = np.ravel(EQUATIONS[name](array)) if name in EQUATIONS else np.zeros(1)
    if prime is not None:
        return all(entry % prime == 0 for entry in rest)
    small = bool(abs(rest).max(initial=0) < 1e-8 * (1 + abs(array).max() ** 2))
    return small and (name not in INEQUALITIES or INEQUALITIES[name](array))


def all_of(declared: str) -> frozenset[str]:
    """Properties written with blanks between them, and all that follows from them."""
    return closure(frozenset(declared.split()))
