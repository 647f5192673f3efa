"""What NumPy, JAX and PyTorch have beyond the standard: eigenvalues of general matrices, the
exponential of a matrix, complex numbers.

Floor 4, data only.  `expm` is imported by each under that name.
"""

from __future__ import annotations

from matgrad.codegen.columns.matrices import FRECHET

LIBRARY = {
    "rowdot": "xp.einsum('...i,...i->...', {0}, {1})",
    "lul": "_eliminated({0})[0]",
    "luu": "_eliminated({0})[1]",
    "eigval": "_nearest({0}, {1})[0]",
    "eigvec": "_nearest({0}, {1})[1]",
    "geigval": "_of_pair({0}, {1}, {2})[0]",
    "geigvec": "_of_pair({0}, {1}, {2})[1]",
    "eigsum": "_top({0}, {1})[0]",
    "eigproj": "_top({0}, {1})[1]",
    "perron": "_perron({0})[0]",
    "perronvec": "_perron({0})[1]",
    "matrix_power": "xp.linalg.matrix_power({0}, {data})",
    "sylv": "_passing(solve_sylvester, {0}, {1}, {2})",
    **{
        f"adj_frechet{times}": f"xp.real(_passing(_adjugate_along, {operands}))"
        for times, operands in FRECHET
    },
    "cross": "_cross({0}, {1})",
    "conv": "_conv({0}, {1})",
    "toeplitz": "_toeplitz({0}, {1})",
    "hankel": "_hankel({0}, {1})",
    "circulant": "_toeplitz({0}, xp.concat([{0}[:1], xp.flip({0}[1:], (0,))]))",
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
    "_of_pair": '''
def _of_pair(first: Array, second: Array, number: Array | float) -> tuple[Array, Array]:
    """The eigenvalue of a pair of symmetric matrices nearest to a number, and its eigenvector, of
    length one by the second matrix."""
    weight = _symmetric(second)
    value, vector = _nearest(xp.linalg.solve(weight, _symmetric(first)), number)
    return value, vector / xp.sqrt(vector @ (weight @ vector))
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
def _adjugate_along(matrix: Array, *directions: Array) -> Array:
    """The derivative of the adjugate along directions, also at a singular matrix; along all but the
    last by the values of this polynomial at roots of unity."""
    *others, direction = directions
    if others:
        count, total = matrix.shape[0] + 1, 0 * (1j * matrix)
        step = xp.linalg.matrix_norm(matrix) / xp.linalg.matrix_norm(others[0])
        step = xp.where(step > 0, step, xp.ones_like(step))
        for k in range(count):
            root = cmath.exp(2j * cmath.pi * k / count)
            moved = matrix + step * root * others[0]
            total = total + _adjugate_along(moved, *others[1:], direction + 0j) / root
        return total / (count * step)
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
    "_cross": '''
def _cross(first: Array, second: Array) -> Array:
    """The vector product; further axes of the second operand pass through."""
    (a, b, c), (x, y, z) = first, second
    return xp.stack([b * z - c * y, c * x - a * z, a * y - b * x])
''',
    "_hankel": '''
def _hankel(column: Array, row: Array) -> Array:
    """The matrix with this first column and last row, and one number along each antidiagonal."""
    m, n = column.shape[0], row.shape[0]
    entries = xp.concat([column, row[1:]])
    return xp.stack([entries[i : i + n] for i in range(m)])
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
}
