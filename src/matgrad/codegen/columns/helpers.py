"""Helpers in the array API standard, for what it has no function.

Floor 4, data only.  In a column of a library `xp` is that library, and `Array` its type.
"""

from __future__ import annotations

from matgrad.codegen.columns.matrices import MATRIX_HELPERS

GENERIC_HELPERS = {
    "_each": '''
def _each(count: int, function: Callable[..., Array], *arrays: Array) -> Array:
    """A function of the entries along the first axes, so many, of arrays."""
    if not count:
        return function(*arrays)
    return xp.stack([_each(count - 1, function, *parts) for parts in zip(*arrays, strict=True)])
''',
    "_unit": '''
def _unit(position: int, size: int, like: Array) -> Array:
    """A vector with a one at a position."""
    return xp.astype(xp.arange(size) == position, like.dtype)
''',
    "_integers": '''
def _integers(affine: tuple[int, tuple[int, ...]], shape: tuple[int, ...], like: Array) -> Array:
    """start + step_0 * i_0 + step_1 * i_1 + ... along its axes."""
    start, steps = affine
    result = xp.full(shape, start, dtype=like.dtype)
    for axis, step in enumerate(steps):
        column = [-1 if axis == k else 1 for k in range(len(shape))]
        result = result + step * xp.reshape(xp.arange(shape[axis], dtype=like.dtype), column)
    return result
''',
    "_within": '''
def _within(affine: tuple[int, tuple[int, ...]], shape: tuple[int, ...], like: Array) -> Array:
    """One where an integer is not negative, zero elsewhere."""
    return xp.astype(_integers(affine, shape, like) >= 0, like.dtype)
''',
    "_place": '''
def _place(affine: tuple[int, tuple[int, ...]], shape: tuple[int, ...], like: Array) -> Array:
    """One where an integer is zero, zero elsewhere."""
    return xp.astype(_integers(affine, shape, like) == 0, like.dtype)
''',
    "_matrix_power": '''
def _matrix_power(matrix: Array, exponent: int) -> Array:
    """A power of a square matrix, by squaring."""
    if exponent < 0:
        matrix, exponent = xp.linalg.inv(matrix), -exponent
    result = xp.eye(matrix.shape[0], dtype=matrix.dtype)
    while exponent:
        if exponent % 2:
            result = result @ matrix
        matrix = matrix @ matrix
        exponent //= 2
    return result
''',
    "_exponents": '''
def _exponents(affine: tuple[int, tuple[int, ...]], lengths: tuple[int, ...]) -> list[int]:
    """start + step_0 * i_0 + step_1 * i_1 + ... for all indices, row by row."""
    start, steps = affine
    found = [start]
    for step, length in zip(steps, lengths, strict=True):
        found = [value + step * index for value in found for index in range(length)]
    return found
''',
    "_powers": '''
def _powers(
    matrix: Array, affine: tuple[int, tuple[int, ...]], shape: tuple[int, ...]
) -> Array:
    """Powers of a matrix, stacked along their exponents."""
    exponents = _exponents(affine, shape[:-2])
    if len(exponents) == 1:
        return xp.reshape(_matrix_power(matrix, exponents[0]), shape)
    powers = {0: xp.eye(matrix.shape[0], dtype=matrix.dtype)}
    for e in range(max(exponents, default=0)):
        powers[e + 1] = powers[e] @ matrix
    if any(e < 0 for e in exponents):
        inverse = xp.linalg.inv(matrix)
        for e in range(-min(exponents)):
            powers[-e - 1] = powers[-e] @ inverse
    chosen = [powers[e] for e in exponents]
    return xp.reshape(xp.stack(chosen), shape) if chosen else xp.zeros(shape, dtype=matrix.dtype)
''',
    "_raised": '''
def _raised(base: Array, affine: tuple[int, tuple[int, ...]], shape: tuple[int, ...]) -> Array:
    """Powers of every entry, or of a size, stacked along their exponents."""
    own = getattr(base, "shape", ())
    exponents = _exponents(affine, shape[: len(shape) - len(own)])
    if len(exponents) == 1:
        power = base ** exponents[0]
        return xp.reshape(power, shape) if shape else power
    chosen = [base ** float(e) for e in exponents]
    return xp.reshape(xp.stack(chosen), shape) if chosen else xp.zeros(shape, dtype=base.dtype)
''',
    "_duplication": '''
def _duplication(sizes: tuple[int, ...], like: Array) -> Array:
    """The matrix D with D vech(A) = vec(A) for symmetric A."""
    (n,) = sizes
    place = {pair: k for k, pair in enumerate((i, j) for j in range(n) for i in range(j, n))}
    rows = [place[max(i, j), min(i, j)] for j in range(n) for i in range(n)]
    columns = xp.arange(n * (n + 1) // 2)
    return xp.astype(xp.asarray(rows)[:, None] == columns, like.dtype)
''',
    "_elimination": '''
def _elimination(sizes: tuple[int, ...], like: Array) -> Array:
    """The matrix L with L vec(A) = vech(A)."""
    (n,) = sizes
    places = [j * n + i for j in range(n) for i in range(j, n)]
    return xp.astype(xp.asarray(places)[:, None] == xp.arange(n * n), like.dtype)
''',
    "_add_diagonal": '''
def _add_diagonal(matrix: Array, diagonal: Array | float) -> Array:
    """A matrix with something added to its diagonal."""
    return matrix + diagonal * xp.eye(matrix.shape[0], dtype=matrix.dtype)
''',
    "_add_spread": '''
def _add_spread(array: Array, values: Array | float, pattern: tuple[int, ...]) -> Array:
    """An array with values added where those of its axes are equal that have one number in the
    pattern."""
    return array + _spread(values, pattern, array.shape, array)
''',
    "_spread": '''
def _spread(
    values: Array | float, pattern: tuple[int, ...], shape: tuple[int, ...], like: Array
) -> Array:
    """Values on a diagonal: axis k of the result is axis pattern[k] of the values."""
    order = len(shape)
    places = [pattern.index(axis) for axis in sorted(set(pattern))]
    lengths = [shape[k] if k in places else 1 for k in range(order)]
    result = xp.reshape(xp.broadcast_to(
        xp.asarray(values, dtype=like.dtype), tuple(shape[k] for k in places)), tuple(lengths))
    for k, axis in enumerate(pattern):
        first = pattern.index(axis)
        if k != first:
            lengths = [shape[j] if j in (first, k) else 1 for j in range(order)]
            eye = xp.eye(shape[k], dtype=result.dtype)
            result = result * xp.reshape(eye, tuple(lengths))
    return result
''',
    "_log_det": '''
def _log_det(matrix: Array) -> Array:
    """The logarithm of a determinant; not a number where that is negative."""
    sign, logarithm = xp.linalg.slogdet(matrix)
    return xp.where(sign > 0, logarithm, xp.where(sign < 0, math.nan, -math.inf))
''',
    "_log_prod": '''
def _log_prod(values: Array) -> Array:
    """The logarithm of a product; not a number where that is negative."""
    return xp.sum(xp.log(xp.abs(values))) + xp.log(xp.prod(xp.sign(values)))
''',
    "_adjugate": '''
def _adjugate(matrix: Array) -> Array:
    """The adjugate, also of a singular matrix: from the singular value decomposition."""
    u, s, v = xp.linalg.svd(matrix)
    others = [xp.prod(s[:k]) * xp.prod(s[k + 1 :]) for k in range(matrix.shape[0])]
    sign = xp.linalg.det(u) * xp.linalg.det(v)
    return sign * (v.T * xp.stack(others)) @ u.T
''',
    "_norm": '''
def _norm(values: Array) -> Array:
    """The root of a sum of squares, without overflow."""
    size = xp.abs(values)
    largest = xp.max(size)
    scale = xp.where((largest > 0) & (largest < math.inf), largest, xp.ones_like(largest))
    return scale * xp.sqrt(xp.sum((size / scale) ** 2))
''',
    "_cbrt": '''
def _cbrt(values: Array) -> Array:
    """The real cube root."""
    return xp.sign(values) * xp.abs(values) ** (1 / 3)
''',
    "_sigmoid": '''
def _sigmoid(values: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow."""
    small = xp.exp(-xp.abs(values))
    return xp.where(values >= 0, 1.0 + 0 * small, small) / (1 + small)
''',
    "_softplus": '''
def _softplus(values: Array) -> Array:
    """log(1 + exp(x)), without overflow."""
    return xp.where(values > 0, values, 0 * values) + xp.log1p(xp.exp(-xp.abs(values)))
''',
    "_relu": '''
def _relu(values: Array) -> Array:
    """The positive part."""
    return xp.where(values > 0, values, 0 * values)
''',
    "_huber": '''
def _huber(values: Array, threshold: Array | float) -> Array:
    """Half the square near zero, linear beyond the threshold."""
    size = xp.abs(values)
    return xp.where(size <= threshold, values**2 / 2, threshold * (size - threshold / 2))
''',
    "_softmax": '''
def _softmax(values: Array, axis: int | None) -> Array:
    """exp(x) / sum(exp(x)), without overflow."""
    weights = xp.exp(values - xp.max(values, axis=axis, keepdims=True))
    return weights / xp.sum(weights, axis=axis, keepdims=True)
''',
    "_logsumexp": '''
def _logsumexp(values: Array, axis: int | None) -> Array:
    """log(sum(exp(x))), without overflow."""
    largest = xp.max(values, axis=axis, keepdims=True)
    total = xp.sum(xp.exp(values - largest), axis=axis, keepdims=True)
    result = xp.log(total) + largest
    return xp.reshape(result, ()) if axis is None else xp.squeeze(result, axis=axis)
''',
    "_argmax1": '''
def _argmax1(values: Array, axis: int | None) -> Array:
    """One where the largest entry stands, zero elsewhere."""
    if axis is None:
        flat = xp.reshape(values, (-1,))
        hit = xp.arange(flat.shape[0]) == xp.argmax(flat)
        return xp.reshape(xp.astype(hit, values.dtype), values.shape)
    places = xp.argmax(values, axis=axis, keepdims=True)
    count = xp.arange(values.shape[axis])
    return xp.astype((count[:, None] if axis == 0 else count) == places, values.dtype)
''',
    "_argmin1": '''
def _argmin1(values: Array, axis: int | None) -> Array:
    """One where the smallest entry stands, zero elsewhere."""
    return _argmax1(-values, axis)
''',
    "_symmetric": '''
def _symmetric(matrix: Array) -> Array:
    """The symmetric part."""
    return (matrix + matrix.T) / 2
''',
    "_of_symmetric": '''
def _of_symmetric(function: Callable[[Array], Array], matrix: Array) -> Array:
    """A function of a symmetric matrix, by its eigenvalues."""
    values, vectors = xp.linalg.eigh(_symmetric(matrix))
    return (vectors * function(values)) @ vectors.T
''',
    "_polar": '''
def _polar(matrix: Array) -> Array:
    """The factor with orthonormal columns or rows."""
    u, _, v = xp.linalg.svd(matrix, full_matrices=False)
    return u @ v
''',
    "_eigenvector": '''
def _eigenvector(matrix: Array, place: int) -> Array:
    """A unit eigenvector of the symmetric part, whose entries have a positive sum."""
    vector = xp.linalg.eigh(_symmetric(matrix))[1][:, place]
    return vector * xp.sign(xp.sum(vector))
''',
    "_qr": '''
def _qr(matrix: Array) -> tuple[Array, Array]:
    """The factors of A = QR where R has a positive diagonal."""
    q, r = xp.linalg.qr(matrix)
    signs = xp.sign(xp.linalg.diagonal(r))
    return q * signs, signs[:, None] * r
''',
    **MATRIX_HELPERS,
}
