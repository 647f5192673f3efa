"""Helpers in NumPy and SciPy.

Floor 4, data only.
"""

NUMPY_HELPERS = {
    "_fits": '''
def _fits(out: np.ndarray, shape: tuple[int, ...]) -> None:
    """Whether a result may be written into an array."""
    if np.shape(out) != shape:
        raise ValueError(f"out should have the shape {shape}, but has {np.shape(out)}")
    if out.dtype.kind not in "fc":
        raise TypeError(f"out should hold real numbers, but its dtype is {out.dtype}")
''',
    "_matmul_into": '''
def _matmul_into(left: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """A product of matrices, written into an array that has further axes."""
    if out.flags.c_contiguous:
        np.matmul(left, right, out=out.reshape(len(left), -1))
    else:
        out[...] = (left @ right).reshape(out.shape)
''',
    "_step": '''
def _step(values: np.ndarray) -> np.ndarray:
    """One where a value is positive, zero elsewhere, in the values' own precision."""
    return np.greater(values, 0).astype(np.asarray(values).dtype)
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
    """A matrix with something added to its diagonal, in place where its type holds the sum."""
    matrix = matrix.astype(np.result_type(matrix, diagonal), copy=False)
    matrix.flat[:: len(matrix) + 1] += diagonal
    return matrix
''',
    "_inner": '''
def _inner(left: np.ndarray, right: np.ndarray) -> np.floating:
    """The sum of the products of entries."""
    if left.flags.c_contiguous and right.flags.c_contiguous:
        return np.ravel(left) @ np.ravel(right)
    return np.sum(left * right)
''',
    "_logsumexp": '''
def _logsumexp(values: np.ndarray, axis: int | None) -> np.ndarray:
    """log(sum(exp(x))), without overflow."""
    largest = np.max(values, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0.0)
    return np.log(np.sum(np.exp(values - largest), axis=axis)) + np.squeeze(largest, axis=axis)
''',
    "_add_spread": '''
def _add_spread(
    array: np.ndarray, values: np.ndarray | float, pattern: tuple[int, ...]
) -> np.ndarray:
    """An array with values added where those of its axes are equal that have one number in the
    pattern, in place where its type holds the sum."""
    array = array.astype(np.result_type(array, values), copy=False)
    diagonal = np.einsum(array, list(pattern), sorted(set(pattern)))
    diagonal += values
    return array
''',
    "_into": '''
def _into(function: np.ufunc, array: np.ndarray, other: np.ndarray | float) -> np.ndarray:
    """A sum or product of entries, in place where the type of the array holds it."""
    held = np.result_type(array, other) == array.dtype
    return function(array, other, out=array if held else None)
''',
    "_congruence": '''
def _congruence(middle: np.ndarray, right: np.ndarray) -> np.ndarray:
    """right.T @ middle @ right of a symmetric matrix: that of its lower triangle, with half the
    diagonal, and the transpose of this.  The work is two thirds, more where right is narrow."""
    if len(middle) < 128:
        return right.T @ (middle @ right)
    (trmm,) = get_blas_funcs(("trmm",), (middle, right))
    half = trmm(1.0, middle.T, right.T, side=True).T
    half -= right * (np.diagonal(middle) / 2)[:, None]
    product = right.T @ half
    return product + product.T
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
    getri, lwork = get_lapack_funcs(("getri", "getri_lwork"), (lu,))
    # With less memory it works column by column.
    inverse, info = getri(lu, pivots, lwork=int(lwork(len(lu))[0].real))
    if info:
        raise np.linalg.LinAlgError("Singular matrix")
    return inverse
''',
    "_cholesky": '''
def _cholesky(matrix: np.ndarray) -> np.ndarray:
    """The upper triangular U with U'U = matrix, column by column in memory, as LAPACK has it."""
    (potrf,) = get_lapack_funcs(("potrf",), (matrix,))
    factor, info = potrf(matrix.T, lower=False, clean=True)
    if info:
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    return factor
''',
    "_chol_solve": '''
def _chol_solve(factor: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The solution of U'U x = right."""
    (potrs,) = get_lapack_funcs(("potrs",), (factor, right))
    return potrs(factor, right, lower=False)[0]
''',
    "_chol_inv": '''
def _chol_inv(factor: np.ndarray) -> np.ndarray:
    """The inverse of U'U."""
    (potri,) = get_lapack_funcs(("potri",), (factor,))
    inverse = potri(factor, lower=False)[0]
    inverse = inverse + inverse.T
    inverse.flat[:: len(inverse) + 1] /= 2
    return inverse
''',
    "_logm": '''
def _logm(matrix: np.ndarray) -> np.ndarray:
    """The logarithm of a matrix with positive eigenvalues."""
    return np.real(logm(matrix))
''',
}
