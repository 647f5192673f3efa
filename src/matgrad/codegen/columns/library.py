"""What NumPy, JAX and PyTorch have beyond the standard: eigenvalues of general matrices, the
exponential of a matrix, complex numbers.

Floor 4, data only.  `expm` is imported by each under that name.
"""

LIBRARY = {
    "rowdot": "xp.einsum('...i,...i->...', {0}, {1})",
    "lul": "_eliminated({0})[0]",
    "luu": "_eliminated({0})[1]",
    "eigval": "_nearest({0}, {1})[0]",
    "eigvec": "_nearest({0}, {1})[1]",
    "eigsum": "_top({0}, {1})[0]",
    "eigproj": "_top({0}, {1})[1]",
    "perron": "_perron({0})[0]",
    "perronvec": "_perron({0})[1]",
    "matrix_power": "xp.linalg.matrix_power({0}, {data})",
    "sylv": "_passing(solve_sylvester, {0}, {1}, {2})",
    "adj_frechet": "_passing(_adjugate_along, {0}, {1})",
    "adj_frechet2": "_passing(_adjugate_along2, {0}, {1}, {2})",
    "diagsums": "_passing(_line_sums, lambda i, j, n: i - j, {0})",
    "antisums": "_passing(_line_sums, lambda i, j, n: i + j, {0})",
    "cyclesums": "_passing(_line_sums, lambda i, j, n: (i - j) % n, {0})",
    "conv": "_conv({0}, {1})",
    "toeplitz": "_toeplitz({0}, {1})",
    "hankel": "_hankel({0}, {1})",
    "circulant": "_toeplitz({0}, xp.concat([{0}[:1], xp.flip({0}[1:], (0,))]))",
    "expm": "expm({0})",
    **{f"{name}m": f"_{name}m({{0}})" for name in ("sin", "cos", "sinh", "cosh")},
    **{
        f"{name}m_frechet{times}": f"_passing(_along{times}, {function}, {operands})"
        for name, function in (
            ("exp", "expm"),
            ("sin", "_sinm"),
            ("cos", "_cosm"),
            ("sinh", "_sinhm"),
            ("cosh", "_coshm"),
        )
        for times, operands in (("", "{0}, {1}"), ("2", "{0}, {1}, {2}"))
    },
    "logm_frechet": "_passing(_logm_along, {0}, {1})",
}

LIBRARY_HELPERS = {
    "_eliminated": '''
def _eliminated(matrix: Array) -> tuple[Array, Array]:
    """The factors of A = LU without row exchanges, where L has a unit diagonal."""
    rows, columns, rest = [], [], matrix
    for k in range(matrix.shape[0]):
        zeros = xp.zeros((k,), dtype=matrix.dtype)
        row, column = rest[0, :], rest[:, 0] / rest[0, 0]
        rows.append(xp.concat([zeros, row]))
        columns.append(xp.concat([zeros, column]))
        rest = rest[1:, 1:] - column[1:, None] * row[None, 1:]
    return xp.stack(columns).T, xp.stack(rows)
''',
    "_nearest": '''
def _nearest(matrix: Array, number: Array | float) -> tuple[Array, Array]:
    """The eigenvalue nearest to a number and its unit eigenvector, both real."""
    values, vectors = xp.linalg.eig(matrix)
    place = xp.argmin(xp.abs(values - number))
    vector = xp.real(vectors[:, place])
    vector = vector / xp.sqrt(xp.sum(vector**2))
    return xp.real(values[place]), xp.where(xp.sum(vector) < 0, -vector, vector)
''',
    "_top": '''
def _top(matrix: Array, count: Array | float) -> tuple[Array, Array]:
    """The sum of the largest eigenvalues of the symmetric part; the projection on their
    eigenvectors."""
    values, vectors = xp.linalg.eigh(_symmetric(matrix))
    chosen = xp.astype(xp.arange(matrix.shape[0]) > matrix.shape[0] - count - 0.5, matrix.dtype)
    return xp.sum(chosen * values), (vectors * chosen) @ vectors.T
''',
    "_perron": '''
def _perron(matrix: Array) -> tuple[Array, Array]:
    """The eigenvalue of largest real part, and its eigenvector whose entries add up to one."""
    values, vectors = xp.linalg.eig(matrix)
    place = xp.argmax(xp.real(values))
    vector = xp.real(vectors[:, place])
    return xp.real(values[place]), vector / xp.sum(vector)
''',
    "_adjugate_along": '''
def _adjugate_along(matrix: Array, direction: Array) -> Array:
    """The derivative of the adjugate along a direction, also at a singular matrix."""
    u, s, v = xp.linalg.svd(matrix)
    at = xp.arange(matrix.shape[0])
    apart = at[:, None] != at
    kept = (at[:, None, None] != at) & (at[None, :, None] != at)
    others = xp.prod(xp.where(kept, s, xp.ones_like(s)), axis=-1)
    others = xp.where(apart, others, 0 * others)
    inner = xp.conj(u.T) @ direction @ xp.conj(v.T)
    diagonal = xp.sum(others * xp.linalg.diagonal(inner), axis=-1)
    change = xp.where(apart, -others * inner, diagonal[:, None])
    return xp.linalg.det(u) * xp.linalg.det(v) * (xp.conj(v.T) @ change @ xp.conj(u.T))
''',
    "_adjugate_along2": '''
def _adjugate_along2(matrix: Array, first: Array, second: Array) -> Array:
    """The second derivative of the adjugate, a polynomial: its values at roots of unity say it."""
    count = matrix.shape[0] + 1
    step = xp.linalg.matrix_norm(matrix) / xp.linalg.matrix_norm(first)
    step = xp.where(step > 0, step, xp.ones_like(step))
    total = 0 * (1j * matrix)
    for k in range(count):
        root = cmath.exp(2j * cmath.pi * k / count)
        total = total + _adjugate_along(matrix + step * root * first, second + 0j) / root
    return xp.real(total) / (count * step)
''',
    "_passing": '''
def _passing(function: Callable[..., Array], *operands: Any) -> Array:
    """A linear operator of its last operand, whose further axes pass through."""
    *fixed, last = operands
    if len(last.shape) == 2:
        return function(*fixed, last)
    parts = xp.reshape(last, (*last.shape[:2], -1))
    images = [function(*fixed, parts[:, :, k]) for k in range(parts.shape[2])]
    return xp.reshape(xp.stack(images, axis=-1), last.shape)
''',
    "_line_sums": '''
def _line_sums(line: Callable[[Any, Any, int], Any], matrix: Array) -> Array:
    """Every entry replaced by the sum of those on its line."""
    rows, columns = matrix.shape
    on = line(xp.arange(rows)[:, None], xp.arange(columns), columns)
    first = -columns
    sums = [xp.sum(xp.where(on == d, matrix, 0 * matrix)) for d in range(first, rows + columns)]
    return xp.stack(sums)[on - first]
''',
    "_toeplitz": '''
def _toeplitz(column: Array, row: Array) -> Array:
    """The matrix with this first column and first row, and one number along each diagonal."""
    m, n = column.shape[0], row.shape[0]
    entries = xp.concat([xp.flip(column, (0,)), row[1:]])
    return xp.stack([entries[m - 1 - i : m - 1 - i + n] for i in range(m)])
''',
    "_conv": '''
def _conv(first: Array, second: Array) -> Array:
    """All products of two entries, added up where their positions add up to the same."""
    zeros = xp.zeros_like(second[1:])
    return _toeplitz(xp.concat([first, zeros]), xp.zeros_like(second)) @ second
''',
    "_hankel": '''
def _hankel(column: Array, row: Array) -> Array:
    """The matrix with this first column and last row, and one number along each antidiagonal."""
    m, n = column.shape[0], row.shape[0]
    entries = xp.concat([column, row[1:]])
    return xp.stack([entries[i : i + n] for i in range(m)])
''',
    "_along": '''
def _along(function: Callable[[Array], Array], matrix: Array, direction: Array) -> Array:
    """The derivative of a function of matrices along a direction."""
    n = matrix.shape[0]
    upper = xp.concat([matrix, direction], axis=1)
    lower = xp.concat([xp.zeros_like(matrix), matrix], axis=1)
    return function(xp.concat([upper, lower], axis=0))[:n, n:]
''',
    "_along2": '''
def _along2(
    function: Callable[[Array], Array], matrix: Array, first: Array, second: Array
) -> Array:
    """The second derivative of a function of matrices along two directions."""
    n = matrix.shape[0]
    zero = xp.zeros_like(matrix)
    rows = [
        [matrix, first, second, zero],
        [zero, matrix, zero, second],
        [zero, zero, matrix, first],
        [zero, zero, zero, matrix],
    ]
    block = xp.concat([xp.concat(row, axis=1) for row in rows], axis=0)
    return function(block)[:n, 3 * n :]
''',
    "_logm_along": '''
def _logm_along(matrix: Array, direction: Array) -> Array:
    """The derivative of the logarithm of a positive definite matrix along a direction."""
    values, vectors = xp.linalg.eigh(_symmetric(matrix))
    ratio = (values[:, None] - values) / values
    flat = xp.abs(ratio) < 1e-12
    slope = xp.log1p(ratio) / xp.where(flat, xp.ones_like(ratio), ratio)
    slope = xp.where(flat, 1 - ratio / 2, slope) / values
    return vectors @ (slope * (vectors.T @ direction @ vectors)) @ vectors.T
''',
    "_sinm": '''
def _sinm(matrix: Array) -> Array:
    """The sine of a real matrix."""
    return xp.imag(expm(1j * matrix))
''',
    "_cosm": '''
def _cosm(matrix: Array) -> Array:
    """The cosine of a real matrix."""
    return xp.real(expm(1j * matrix))
''',
    "_sinhm": '''
def _sinhm(matrix: Array) -> Array:
    """The hyperbolic sine of a matrix."""
    return (expm(matrix) - expm(-matrix)) / 2
''',
    "_coshm": '''
def _coshm(matrix: Array) -> Array:
    """The hyperbolic cosine of a matrix."""
    return (expm(matrix) + expm(-matrix)) / 2
''',
    "_sylvester": '''
def _sylvester(left: Array, right: Array, matrix: Array) -> Array:
    """The X with A X + X B = Q, as one system."""
    m, n = matrix.shape
    inner, outer = xp.eye(n, dtype=left.dtype), xp.eye(m, dtype=left.dtype)
    system = left[:, None, :, None] * inner[:, None, :]
    system = system + outer[:, None, :, None] * right.T[:, None, :]
    system = xp.reshape(system, (m * n, m * n))
    return xp.reshape(xp.linalg.solve(system, xp.reshape(matrix, (-1, 1))), (m, n))
''',
}
