"""Helpers in NumPy and SciPy.

Floor 4, data only.
"""

NUMPY_HELPERS = {
    "_array": '''
def _array(name: str, value: object, *shape: str) -> np.ndarray:
    """The argument as an array of real numbers with as many axes as it has sizes."""
    array = np.asarray(value)
    if array.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {array.shape}")
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind not in "iub":
        raise TypeError(f"{name} should hold real numbers, but its dtype is {array.dtype}")
    return array.astype(float)
''',
    "_complex_array": '''
def _complex_array(name: str, value: object, *shape: str) -> np.ndarray:
    """The argument as an array of complex numbers with as many axes as it has sizes."""
    array = np.asarray(value)
    if array.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {array.shape}")
    if array.dtype.kind not in "iubfc":
        raise TypeError(f"{name} should hold numbers, but its dtype is {array.dtype}")
    return array if array.dtype.kind in "fc" else array.astype(float)
''',
    "_add_diagonal": '''
def _add_diagonal(matrix: np.ndarray, diagonal: np.ndarray | float) -> np.ndarray:
    """A matrix with something added to its diagonal."""
    result = np.array(matrix)
    result.flat[:: len(result) + 1] += diagonal
    return result
''',
    "_spread": '''
def _spread(
    values: np.ndarray | float, pattern: tuple[int, ...], shape: tuple[int, ...]
) -> np.ndarray:
    """Values on a diagonal: axis k of the result is axis pattern[k] of the values."""
    values = np.asarray(values, dtype=float) if np.isscalar(values) else np.asarray(values)
    result = np.zeros(shape, dtype=values.dtype)
    np.einsum(result, list(pattern), sorted(set(pattern)))[...] = values
    return result
''',
    "_log_det": '''
def _log_det(matrix: np.ndarray) -> np.floating:
    """The logarithm of a determinant; not a number where it is negative."""
    sign, logarithm = np.linalg.slogdet(matrix)
    return logarithm if sign > 0 else logarithm + np.log(sign)
''',
    "_lu_det": '''
def _lu_det(factors: tuple[np.ndarray, np.ndarray]) -> np.floating:
    """The determinant of a matrix with a factorisation LU and row exchanges."""
    lu, pivots = factors
    exchanges = np.count_nonzero(pivots != np.arange(len(pivots)))
    return np.prod(np.diagonal(lu)) * (-1) ** exchanges
''',
    "_lu_inv": '''
def _lu_inv(factors: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The inverse of a matrix with a factorisation LU."""
    lu, pivots = factors
    (getri,) = get_lapack_funcs(("getri",), (lu,))
    inverse, info = getri(lu, pivots)
    if info:
        raise np.linalg.LinAlgError("Singular matrix")
    return inverse
''',
    "_chol_inv": '''
def _chol_inv(factor: np.ndarray) -> np.ndarray:
    """The inverse of L L' from L."""
    (potri,) = get_lapack_funcs(("potri",), (factor,))
    inverse, info = potri(factor, lower=True)
    if info:
        raise np.linalg.LinAlgError("Singular matrix")
    return np.tril(inverse) + np.tril(inverse, -1).T
''',
    "_doolittle": '''
def _doolittle(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The factors of A = LU without row exchanges, where L has a unit diagonal."""
    upper = np.array(matrix)
    lower = np.eye(len(upper), dtype=upper.dtype)
    for k in range(len(upper) - 1):
        lower[k + 1 :, k] = upper[k + 1 :, k] / upper[k, k]
        upper[k + 1 :, k:] -= np.outer(lower[k + 1 :, k], upper[k, k:])
    return lower, np.triu(upper)
''',
    "_nearest": '''
def _nearest(matrix: np.ndarray, number: float) -> tuple[np.floating, np.ndarray]:
    """The eigenvalue nearest to a number and its unit eigenvector, both real."""
    values, vectors = np.linalg.eig(matrix)
    place = np.argmin(np.abs(values - number))
    vector = np.real(vectors[:, place])
    vector = vector / np.linalg.norm(vector)
    return np.real(values[place]), vector * (1 if np.sum(vector) >= 0 else -1)
''',
    "_top_projection": '''
def _top_projection(matrix: np.ndarray, count: float) -> np.ndarray:
    """The projection on the eigenvectors of the largest eigenvalues of the symmetric part."""
    vectors = np.linalg.eigh(_symmetric(matrix))[1][:, len(matrix) - round(float(count)) :]
    return vectors @ vectors.T
''',
    "_perron": '''
def _perron(matrix: np.ndarray) -> tuple[np.floating, np.ndarray]:
    """The eigenvalue of largest real part, and its eigenvector whose entries add up to one."""
    values, vectors = np.linalg.eig(matrix)
    place = np.argmax(np.real(values))
    vector = np.real(vectors[:, place])
    return np.real(values[place]), vector / np.sum(vector)
''',
    "_adjugate_along": '''
def _adjugate_along(matrix: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The derivative of the adjugate along a direction, also at a singular matrix."""
    u, s, v = np.linalg.svd(matrix)
    n = len(s)
    others = np.array(
        [[np.prod(np.delete(s, [i, j])) if i != j else 0.0 for j in range(n)] for i in range(n)]
    )
    inner = np.conj(u.T) @ direction @ np.conj(v.T)
    change = np.diag(others @ np.diag(inner)) - others * inner
    return np.linalg.det(u) * np.linalg.det(v) * (np.conj(v.T) @ change @ np.conj(u.T))
''',
    "_adjugate_along2": '''
def _adjugate_along2(
    matrix: np.ndarray, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """The second derivative of the adjugate, a polynomial: its values at roots of unity say it."""
    roots = np.exp(2j * np.pi * np.arange(len(matrix) + 1) / (len(matrix) + 1))
    step = max(np.linalg.norm(matrix), 1e-300) / max(np.linalg.norm(first), 1e-300)
    values = [_adjugate_along(matrix + step * root * first, second) / root for root in roots]
    return np.real(np.mean(values, axis=0)) / step
''',
    "_passing": '''
def _passing(function: Callable[..., np.ndarray], *operands: Any) -> np.ndarray:
    """A linear operator of its last operand, whose further axes pass through."""
    *fixed, last = operands
    if np.ndim(last) == 2:
        return function(*fixed, last)
    parts = last.reshape(*last.shape[:2], -1)
    images = [function(*fixed, parts[:, :, k]) for k in range(parts.shape[2])]
    return np.stack(images, axis=-1).reshape(last.shape)
''',
    "_along": '''
def _along(
    function: Callable[[np.ndarray], np.ndarray], matrix: np.ndarray, direction: np.ndarray
) -> np.ndarray:
    """The derivative of a function of matrices along a direction."""
    n = len(matrix)
    return function(np.block([[matrix, direction], [np.zeros_like(matrix), matrix]]))[:n, n:]
''',
    "_along2": '''
def _along2(
    function: Callable[[np.ndarray], np.ndarray],
    matrix: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
) -> np.ndarray:
    """The second derivative of a function of matrices along two directions."""
    n = len(matrix)
    block = np.kron(np.eye(4), matrix)
    block[:n, n : 2 * n] = block[2 * n : 3 * n, 3 * n :] = first
    block[:n, 2 * n : 3 * n] = block[n : 2 * n, 3 * n :] = second
    return function(block)[:n, 3 * n :]
''',
    "_sinm": '''
def _sinm(matrix: np.ndarray) -> np.ndarray:
    """The sine of a real matrix."""
    return np.imag(expm(1j * matrix))
''',
    "_cosm": '''
def _cosm(matrix: np.ndarray) -> np.ndarray:
    """The cosine of a real matrix."""
    return np.real(expm(1j * matrix))
''',
    "_sinhm": '''
def _sinhm(matrix: np.ndarray) -> np.ndarray:
    """The hyperbolic sine of a matrix."""
    return (expm(matrix) - expm(-matrix)) / 2
''',
    "_coshm": '''
def _coshm(matrix: np.ndarray) -> np.ndarray:
    """The hyperbolic cosine of a matrix."""
    return (expm(matrix) + expm(-matrix)) / 2
''',
    "_logm": '''
def _logm(matrix: np.ndarray) -> np.ndarray:
    """The logarithm of a matrix with positive eigenvalues."""
    return np.real(logm(matrix))
''',
}
