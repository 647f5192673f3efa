"""Functions of matrices and sums along lines, in the array API standard.

Floor 4, data only.  Libraries have functions of their own for some of it: each imports `expm` under
that name.
"""

# Of each derivative of a function what follows its name, and its operands.
FRECHET = (("", "{0}, {1}"), ("2", "{0}, {1}, {2}"), ("3", "{0}, {1}, {2}, {3}"))

MATRICES = {
    "diagsums": "_passing(_line_sums, lambda i, j, n: i - j, {0})",
    "antisums": "_passing(_line_sums, lambda i, j, n: i + j, {0})",
    "cyclesums": "_passing(_line_sums, lambda i, j, n: (i - j) % n, {0})",
    "sylv": "_passing(_sylvester, {0}, {1}, {2})",
    "expm": "expm({0})",
    **{f"{name}m": f"_{name}m({{0}})" for name in ("sin", "cos", "sinh", "cosh")},
    **{
        f"{name}m_frechet{times}": f"_passing(_along, {function}, {operands})"
        for name, function in (
            ("exp", "expm"),
            ("sin", "_sinm"),
            ("cos", "_cosm"),
            ("sinh", "_sinhm"),
            ("cosh", "_coshm"),
        )
        for times, operands in FRECHET
    },
    "logm_frechet": "_passing(_logm_along, {0}, {1})",
}

MATRIX_HELPERS = {
    "_passing": '''
def _passing(function: Callable[..., Array], *operands: Any) -> Array:
    """A function of matrices at operands whose further axes pass through, in their order."""
    at = [k for k, operand in enumerate(operands) if len(getattr(operand, "shape", ())) > 2]
    if not at:
        return function(*operands)
    before, last, after = operands[: at[-1]], operands[at[-1]], operands[at[-1] + 1 :]
    parts = xp.reshape(last, (*last.shape[:2], -1))
    images = [
        _passing(function, *before, parts[:, :, k], *after) for k in range(parts.shape[2])
    ]
    return xp.reshape(xp.stack(images, axis=-1), (*images[0].shape, *last.shape[2:]))
''',
    "_line_sums": '''
def _line_sums(line: Callable[[Any, Any, int], Any], matrix: Array) -> Array:
    """Every entry replaced by the sum of those on its line."""
    rows, columns = matrix.shape
    on = line(xp.arange(rows)[:, None], xp.arange(columns), columns)
    total = zero = 0 * matrix
    for d in range(-columns, rows + columns):
        total = total + xp.where(on == d, xp.sum(xp.where(on == d, matrix, zero)), zero)
    return total
''',
    "_along": '''
def _along(function: Callable[[Array], Array], matrix: Array, *directions: Array) -> Array:
    """The derivative of a function of matrices along directions: the last block in the first row
    of its value at [[A, E], [0, A]], once for each."""
    n, waiting = matrix.shape[0], list(directions)
    while waiting:
        zero = xp.zeros_like(matrix)
        parts = [(matrix, waiting.pop(0)), *((direction, zero) for direction in waiting)]
        rows = [(xp.concat(pair, axis=1), xp.concat([zero, pair[0]], axis=1)) for pair in parts]
        matrix, *waiting = (xp.concat(pair, axis=0) for pair in rows)
    return function(matrix)[:n, -n:]
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

# What only libraries have functions for: the exponential, and complex numbers.
STANDARD_HELPERS = {
    "expm": '''
def expm(matrix: Array) -> Array:
    """The exponential of a matrix: the series at a small fraction of it, squared."""
    norm = float(xp.max(xp.sum(xp.abs(matrix), axis=0)))
    squarings = max(0, math.frexp(norm)[1] + 1) if math.isfinite(norm) else 0
    eye = xp.eye(matrix.shape[0], dtype=matrix.dtype)
    result, part = eye, matrix / 2**squarings
    for k in range(18, 0, -1):
        result = eye + part @ result / k
    for _ in range(squarings):
        result = result @ result
    return result
''',
    "_turns": '''
def _turns(matrix: Array) -> Array:
    """The exponential of [0 -A; A 0], which is [cos(A) -sin(A); sin(A) cos(A)]."""
    zero = 0 * matrix
    upper, lower = xp.concat([zero, -matrix], axis=1), xp.concat([matrix, zero], axis=1)
    return expm(xp.concat([upper, lower], axis=0))
''',
    "_sinm": '''
def _sinm(matrix: Array) -> Array:
    """The sine of a matrix."""
    n = matrix.shape[0]
    return _turns(matrix)[n:, :n]
''',
    "_cosm": '''
def _cosm(matrix: Array) -> Array:
    """The cosine of a matrix."""
    n = matrix.shape[0]
    return _turns(matrix)[:n, :n]
''',
    "_digamma": '''
def _digamma(values: Array) -> Array:
    """The derivative of log(gamma(x)): its series at large numbers, to which the others are moved;
    from the left of zero they are reflected."""
    left = values < 0
    z, shift = xp.where(left, 1 - values, values), 0 * values
    for _ in range(10):
        shift = shift + xp.where(z < 10, 1 / z, 0 * z)
        z = xp.where(z < 10, z + 1, z)
    square = z**-2
    series = 1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132)))
    found = xp.log(z) - 0.5 / z - square * (1 / 12 - square * series) - shift
    return xp.where(left, found - math.pi / xp.tan(math.pi * values), found)
''',
    "_trigamma": '''
def _trigamma(values: Array) -> Array:
    """The second derivative of log(gamma(x)), as its first."""
    left = values < 0
    z, shift = xp.where(left, 1 - values, values), 0 * values
    for _ in range(10):
        shift = shift + xp.where(z < 10, z**-2, 0 * z)
        z = xp.where(z < 10, z + 1, z)
    square = z**-2
    series = 1 / 30 - square * (1 / 42 - square * (1 / 30 - square * (5 / 66)))
    found = 1 / z + 0.5 * square + (1 / 6 - square * series) * square / z + shift
    return xp.where(left, math.pi**2 / xp.sin(math.pi * values) ** 2 - found, found)
''',
}
