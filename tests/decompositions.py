"""Decompositions of matrices as NumPy has them, with the signs that matgrad chooses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def upright(vectors: Array) -> Array:
    """Columns whose entries add up to something positive, or to zero and begin so."""
    signs = np.vstack([vectors.sum(0), vectors])
    first = (np.abs(signs) > 1e-9).argmax(0)
    return vectors * np.where(signs[first, np.arange(len(first))] < 0, -1.0, 1.0)


def eigen(M: Array) -> tuple[Array, Array]:
    """Of the symmetric part, ascending."""
    values, vectors = np.linalg.eigh((M + M.T) / 2)
    return values, upright(vectors)


def thin(M: Array) -> tuple[Array, Array, Array]:
    """Left vectors, singular values and right vectors, in columns."""
    left, values, right = np.linalg.svd(M, full_matrices=False)
    vectors = upright(right.T)
    return left * np.where((vectors == right.T).all(0), 1.0, -1.0), values, vectors


def perron(M: Array) -> tuple[float, Array]:
    values, vectors = np.linalg.eig(M)
    at = int(np.argmax(values.real))
    vector = vectors[:, at].real
    return float(values[at].real), vector / vector.sum()


def nearest(M: Array, s: float) -> tuple[float, Array]:
    """The eigenvalue nearest to a number, if it is real, and its eigenvector."""
    values, vectors = np.linalg.eig(M)
    at = int(np.argmin(abs(values - s)))
    return float(values[at].real), upright(vectors[:, [at]].real)[:, 0]


def of_pair(M: Array, B: Array, s: float) -> tuple[float, Array]:
    """With B = L*L', those of inv(L)*A*inv(L)', whose vectors are L'*x."""
    L = np.linalg.cholesky((B + B.T) / 2)
    value, vector = nearest(np.linalg.inv(L) @ ((M + M.T) / 2) @ np.linalg.inv(L).T, s)
    return value, upright(np.linalg.solve(L.T, vector)[:, None])[:, 0]


def largest(M: Array, count: float) -> tuple[float, Array]:
    """The sum of the largest eigenvalues, and the projection on their eigenvectors."""
    values, vectors = eigen(M)
    first = max(0, len(values) - int(count))
    return float(values[first:].sum()), vectors[:, first:] @ vectors[:, first:].T


def triangular(M: Array) -> tuple[Array, Array]:
    """Q and R, the diagonal of R positive."""
    left, right = np.linalg.qr(M)
    signs = np.sign(np.diag(right))
    return left * signs, signs[:, None] * right


def eliminated(M: Array) -> tuple[Array, Array]:
    """L and U from ratios of minors: of U the last row of each leading block's Schur complement."""
    size = len(M)
    upper = np.zeros((size, size))
    for i in range(size):
        block = M[:i, :i]
        upper[i, i:] = M[i, i:] - M[i, :i] @ np.linalg.solve(block, M[:i, i:]) if i else M[0]
    return M @ np.linalg.inv(upper), upper


def polar(M: Array) -> Array:
    left, _, right = np.linalg.svd(M, full_matrices=False)
    return left @ right


DECOMPOSITIONS: dict[str, Callable[..., object]] = {
    "pinv": np.linalg.pinv,
    "chol": lambda M: np.linalg.cholesky((M + M.T) / 2),
    "eigvals": lambda M: eigen(M)[0],
    "eigvecs": lambda M: eigen(M)[1],
    "eigmin": lambda M: eigen(M)[0][0],
    "eigmax": lambda M: eigen(M)[0][-1],
    "eigvecmin": lambda M: eigen(M)[1][:, 0],
    "eigvecmax": lambda M: eigen(M)[1][:, -1],
    "perron": lambda M: perron(M)[0],
    "perronvec": lambda M: perron(M)[1],
    "svdu": lambda M: thin(M)[0],
    "svdvals": lambda M: thin(M)[1],
    "svdv": lambda M: thin(M)[2],
    "lsv": lambda M: thin(M)[0][:, 0],
    "rsv": lambda M: thin(M)[2][:, 0],
    "normspec": lambda M: np.linalg.norm(M, 2),
    "normnuc": lambda M: np.linalg.norm(M, "nuc"),
    "polar": polar,
    "eigval": lambda M, s: nearest(M, s)[0],
    "eigvec": lambda M, s: nearest(M, s)[1],
    "geigval": lambda M, B, s: of_pair(M, B, s)[0],
    "geigvec": lambda M, B, s: of_pair(M, B, s)[1],
    "eigsum": lambda M, k: largest(M, k)[0],
    "eigproj": lambda M, k: largest(M, k)[1],
    "qrq": lambda M: triangular(M)[0],
    "qrr": lambda M: triangular(M)[1],
    "lul": lambda M: eliminated(M)[0],
    "luu": lambda M: eliminated(M)[1],
    "absm": lambda M: polar(M).T @ M,
    "proj": lambda M: M @ np.linalg.pinv(M),
    "cond": np.linalg.cond,
}
