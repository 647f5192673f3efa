"""Helpers in NumPy and SciPy.

Floor 4, data only.
"""

NUMPY_HELPERS = {
    "_fits": '''
def _fits(out: np.ndarray, shape: tuple[int, ...]) -> None:
    """Whether a result may be written into an array."""
    if np.shape(out) != shape:
        raise ValueError(f"out should have the shape {shape}, but has {np.shape(out)}")
''',
    "_matmul_into": '''
def _matmul_into(left: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """A product of matrices, written into an array that has further axes."""
    if out.flags.c_contiguous:
        np.matmul(left, right, out=out.reshape(len(left), -1))
    else:
        out[...] = (left @ right).reshape(out.shape)
''',
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
    values = np.asarray(values, dtype=float if isinstance(values, int) else None)
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
    "_logm": '''
def _logm(matrix: np.ndarray) -> np.ndarray:
    """The logarithm of a matrix with positive eigenvalues."""
    return np.real(logm(matrix))
''',
}
