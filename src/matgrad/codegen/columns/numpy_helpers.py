"""Helpers in NumPy and SciPy.

Floor 4, data only.
"""

NUMPY_HELPERS = {
    "Derivative": '''
class Derivative(NamedTuple):
    """A derivative by what it does: products with directions in both senses, and all of it on
    demand.  The axes of the result come first, then those of the variable."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    matvec: Callable[[np.ndarray], np.ndarray]
    rmatvec: Callable[[np.ndarray], np.ndarray]
    dense: Callable[[], np.ndarray]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of all axes."""
        return self.rows + self.columns

    def linear_operator(self) -> LinearOperator:
        """As an operator of SciPy, on arrays flattened row by row."""
        return LinearOperator(
            (math.prod(self.rows), math.prod(self.columns)),
            matvec=lambda v: np.ravel(self.matvec(np.reshape(v, self.columns))),
            rmatvec=lambda u: np.ravel(self.rmatvec(np.reshape(u, self.rows))),
            dtype=float,
        )
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
    "_logm": '''
def _logm(matrix: np.ndarray) -> np.ndarray:
    """The logarithm of a matrix with positive eigenvalues."""
    return np.real(logm(matrix))
''',
}
