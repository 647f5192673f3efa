"""What NumPy makes of the neutral language: a namespace to evaluate printed expressions in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from math import erf, lgamma, sqrt
from typing import Any

import numpy as np

from decompositions import DECOMPOSITIONS
from matgrad.catalogue import OPERATORS
from matgrad.proof.scalars import SCALARS

ELEMENTWISE = "exp log sqrt sin cos tan arcsin arccos arctan sinh cosh tanh abs sign"
Array = Any


def namespace(values: Mapping[str, Array], functions: Mapping[str, Callable[..., Array]]) -> Any:
    """Names for `eval`; `functions` has each unknown function and its derivatives `D1 f` …"""
    names: dict[str, Any] = {name: getattr(np, name) for name in ELEMENTWISE.split()}
    names |= {name: getattr(np, name) for name in "einsum eye kron outer ones zeros sum".split()}
    names |= {
        "eye": lambda n: np.eye(int(n)),
        "ones": lambda *shape: np.ones(shape),
        "zeros": lambda *shape: np.zeros(shape),
        "inv": np.linalg.inv,
        "det": np.linalg.det,
        "logdet": lambda M: np.linalg.slogdet(M)[1],
        "adj": lambda M: np.linalg.det(M) * np.linalg.inv(M),
        "conj": np.conj,
        "real": np.real,
        "imag": np.imag,
        "cof": lambda M: np.linalg.det(M) * np.linalg.inv(M).T,
        "tr": np.trace,
        "solve": _solve,
        "matpow": np.linalg.matrix_power,
        "msum": lambda first, last, body: sum(body(r) for r in range(first, last + 1)),
        "diag": np.diag,
        "diagvec": np.diag,
        "vec": lambda M: np.swapaxes(M, 0, 1).reshape(-1, *M.shape[2:]),
        "unvec": lambda v, m, n: v.reshape(n, m).T,
        "norm1": lambda M: np.abs(M).sum(),
        "norm2": np.linalg.norm,
        "normF": np.linalg.norm,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "softplus": lambda x: np.log1p(np.exp(x)),
        "relu": lambda x: np.maximum(x, 0.0),
        "step": lambda x: 1.0 * (x > 0),
        "softmax": softmax,
        "logsumexp": lambda x, axis=None: np.log(np.exp(x).sum(axis)),
        "numel": np.size,
        "block": np.block,
        "concatenate": np.concatenate,
        "mean": np.mean,
        "max": np.max,
        "min": np.min,
        "prod": np.prod,
        "argmax1": lambda x, axis=None: 1.0 * (x == np.max(x, axis, keepdims=True)),
        "argmin1": lambda x, axis=None: 1.0 * (x == np.min(x, axis, keepdims=True)),
        "log_softmax": lambda x, axis=None: np.log(softmax(x, axis)),
        "norminf": lambda x: np.abs(x).max(),
        "vecnorm": lambda x, axis: np.linalg.norm(x, axis=axis),
        "where": np.where,
        "maximum": np.maximum,
        "minimum": np.minimum,
        "clip": lambda x, a, b: a + np.maximum(x - a, 0) - np.maximum(x - b, 0),
        "logaddexp": np.logaddexp,
        "hypot": np.hypot,
        "arctan2": np.arctan2,
        "lbeta": np.vectorize(lambda a, b: lgamma(a) + lgamma(b) - lgamma(a + b)),
        "huber": lambda x, t: np.where(abs(x) < t, x * x / 2, t * (abs(x) - t / 2)),
        "soft_threshold": lambda x, t: np.maximum(x - t, 0) - np.maximum(-x - t, 0),
        "gelu": np.vectorize(lambda x: x * (1 + erf(x / sqrt(2))) / 2),
        "silu": lambda x: x / (1 + np.exp(-x)),
        "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
        "logsigmoid": lambda x: -np.log1p(np.exp(-x)),
        "leaky_relu": lambda x, a: np.where(x > 0, x, a * x),
        "elu": lambda x, a: np.where(x > 0, x, a * np.expm1(x)),
        "tril": np.tril,
        "triu": np.triu,
        "diagsums": layers(diagsums),
        "antisums": layers(antisums),
        "cyclesums": layers(cyclesums),
        "toeplitz": toeplitz,
        "hankel": hankel,
        "convolve": np.convolve,
        "cross": lambda a, b: np.cross(a, b, axisb=0, axisc=0),
        "skewmat": lambda a: np.cross(a, np.eye(3), axisb=0, axisc=0),
        "circulant": circulant,
        **{name: getattr(np, name) for name in ("cumsum", "cumprod")},
        "khatri_rao": lambda A, B: np.stack(list(map(np.kron, A.T, B.T)), 1),
        "face_split": lambda A, B: np.stack(list(map(np.kron, A, B))),
        "kronsum": lambda A, B: np.kron(A, np.eye(len(B))) + np.kron(np.eye(len(A)), B),
        "vech": lambda M: M.T[np.triu_indices(len(M))],
        **FUNCTIONS,
        "tanm": lambda M: np.linalg.solve(cosm(M), sinm(M)),
        "tanhm": tanhm,
        "signm": lambda M: by_eigenvalues(lambda x: np.sign(x.real), M),
        **{
            f"{name}_frechet{order}": layers(derivative(function))
            for name, function in FUNCTIONS.items()
            for order, derivative in (("", frechet), ("2", frechet2), ("3", frechet3))
        },
        "logm": logm,
        "logm_frechet": layers(logm_frechet),
        "logm_frechet2": layers(logm_frechet2),
        "logm_frechet3": layers(logm_frechet3),
        "sqrtm": sqrtm,
        "adj_frechet": layers(adj_frechet),
        "adj_frechet2": layers(adj_frechet2),
        "adj_frechet3": layers(adj_frechet3),
        "sylv": layers(sylv),
        "lyap": lambda A, Q: sylv(A, A.T, Q),
        **DECOMPOSITIONS,
        "commutation": commutation,
        "exchange": lambda n: np.eye(n)[::-1],
        "flip": np.flip,
        "diff": np.diff,
        "duplication": duplication,
        "elimination": elimination,
        "pi": np.pi,
    }
    for op in OPERATORS.values():
        if op.name in SCALARS:
            names.setdefault(op.form("numpy").token, np.vectorize(SCALARS[op.name].value))
    names |= {name: call for name, call in functions.items() if " " not in name}
    for times in (1, 2):
        names["D" if times == 1 else f"D{times}"] = _derivative(functions, times)
        names[f"d{times}"] = _derivative(functions, times)
    return names | dict(values)


def value(text: str, names: Mapping[str, Any]) -> Array:
    """What an expression in the neutral language evaluates to; the body of `msum` is evaluated
    once for each value of its index."""
    return eval(compile(_Lazy().visit(ast.parse(text, mode="eval")), text, "eval"), dict(names))


class _Lazy(ast.NodeTransformer):
    """`msum(r, lo, hi, body)` with its index as the argument of a function."""

    def visit_Call(self, node: ast.Call) -> ast.AST:  # ast names it
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "msum"):
            return node
        index, first, last, body = node.args
        assert isinstance(index, ast.Name)
        argument = ast.arguments([], [ast.arg(index.id)], None, [], [], None, [])
        call = ast.Call(node.func, [first, last, ast.Lambda(argument, body)], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def softmax(x: Array, axis: int | None = None) -> Array:
    grown = np.exp(x)
    return grown / grown.sum(axis, keepdims=axis is not None)


def commutation(m: int, n: int) -> Array:
    """The vec of each unit matrix's transpose, by the vec of the unit matrix."""
    units = np.eye(m * n).reshape(n, m, n, m).transpose(1, 0, 2, 3)
    return units.reshape(m * n, m * n)


def elimination(n: int) -> Array:
    """Row k has its one where vec has the k-th entry of the lower triangle."""
    return np.eye(n * n)[np.tril(np.ones((n, n))).T.reshape(-1) > 0]


def duplication(n: int) -> Array:
    both = elimination(n).T + commutation(n, n) @ elimination(n).T
    return np.minimum(both, 1)


def diagsums(M: Array) -> Array:
    """The sums of all diagonals, each spread along its own."""
    m, n = M.shape
    return sum(M.trace(k) * np.eye(m, n, k=k) for k in range(-m, n))


def antisums(M: Array) -> Array:
    """The sums of all antidiagonals, each spread along its own."""
    return diagsums(M[:, ::-1])[:, ::-1]


def cyclesums(M: Array) -> Array:
    """The sums along diagonals that go on at the other edge."""
    n = len(M)
    shifts = [np.roll(np.eye(n), k, 0) for k in range(n)]
    return sum((M * S).sum() * S for S in shifts)


def toeplitz(c: Array, r: Array) -> Array:
    """Column by column, each the one before moved down."""
    columns = [np.r_[r[j:0:-1], c][: len(c)] for j in range(len(r))]
    return np.stack(columns, 1)


def hankel(c: Array, r: Array) -> Array:
    return toeplitz(c[::-1], np.r_[c[-1:], r[1:]])[::-1]


def circulant(c: Array) -> Array:
    return np.stack([np.roll(c, j) for j in range(len(c))], 1)


def expm(M: Array) -> Array:
    """The power series, with scaling and squaring."""
    scaled, total, term = M / 256, np.eye(len(M)), np.eye(len(M))
    for k in range(1, 20):
        term = term @ scaled / k
        total = total + term
    return np.linalg.matrix_power(total, 256)


def sinm(M: Array) -> Array:
    return expm(1j * M).imag


def cosm(M: Array) -> Array:
    return expm(1j * M).real


def sinhm(M: Array) -> Array:
    return (expm(M) - expm(-M)) / 2


def coshm(M: Array) -> Array:
    return (expm(M) + expm(-M)) / 2


def tanhm(M: Array) -> Array:
    """By the formula for the double argument, from a small one."""
    found = np.linalg.solve(coshm(M / 1024), sinhm(M / 1024))
    for _ in range(10):
        found = np.linalg.solve(np.eye(len(M)) + found @ found, 2 * found)
    return found


FUNCTIONS = {"expm": expm, "sinm": sinm, "cosm": cosm, "sinhm": sinhm, "coshm": coshm}


def by_eigenvalues(function: Callable[[Array], Array], M: Array) -> Array:
    """A function of a matrix from its eigenvalues, which may be complex."""
    values, vectors = np.linalg.eig(M)
    return (vectors @ np.diag(function(values)) @ np.linalg.inv(vectors)).real


def frechet(function: Callable[[Array], Array]) -> Callable[[Array, Array], Array]:
    """The derivative of a matrix function at A along E, from one value at [[A, E], [0, A]]."""

    def along(A: Array, E: Array) -> Array:
        n = len(A)
        return function(np.block([[A, E], [np.zeros((n, n)), A]]))[:n, n:]

    return along


def frechet2(function: Callable[[Array], Array]) -> Callable[[Array, Array, Array], Array]:
    """The second derivative along D and E: the same of [[A, D], [0, A]], along E in both places."""

    def along(A: Array, D: Array, E: Array) -> Array:
        n, zero = len(A), np.zeros_like(A)
        whole = frechet(function)(np.block([[A, D], [zero, A]]), np.block([[E, zero], [zero, E]]))
        return whole[:n, n:]

    return along


def frechet3(function: Callable[[Array], Array]) -> Callable[..., Array]:
    """The third derivative along B, D and E: the second of [[A, B], [0, A]], along D and along E in
    both places."""

    def along(A: Array, B: Array, D: Array, E: Array) -> Array:
        n, zero = len(A), np.zeros_like(A)
        twice = [np.block([[X, zero], [zero, X]]) for X in (D, E)]
        return frechet2(function)(np.block([[A, B], [zero, A]]), *twice)[:n, n:]

    return along


def layers(function: Callable[..., Array]) -> Callable[..., Array]:
    """A function of matrices, at tensors: at each of the matrices that their first two axes are;
    further axes come last, those of the first operand first."""

    def at(*args: Array) -> Array:
        k = max((k for k, arg in enumerate(args) if np.ndim(arg) > 2), default=None)
        if k is None:
            return function(*args)
        flat = args[k].reshape(*args[k].shape[:2], -1)
        found = [at(*args[:k], flat[:, :, j], *args[k + 1 :]) for j in range(flat.shape[2])]
        return np.stack(found, -1).reshape(*found[0].shape, *args[k].shape[2:])

    return at


def cofactors(M: Array) -> Array:
    """The adjugate entry by entry, from minors."""
    at = range(len(M))
    minors = [[np.delete(np.delete(M, j, 0), i, 1) for j in at] for i in at]
    return np.array([[(-1) ** (i + j) * np.linalg.det(minors[i][j]) for j in at] for i in at])


def linear_part(polynomial: Callable[[float], Array], degree: int) -> Array:
    """The coefficient of t in a polynomial, from its values."""
    at = np.arange(degree + 1.0)
    values = np.stack([polynomial(t) for t in at])
    return np.tensordot(np.linalg.inv(np.vander(at, increasing=True))[1], values, 1)


def adj_frechet(A: Array, E: Array) -> Array:
    return linear_part(lambda t: cofactors(A + t * E), max(1, len(A) - 1))


def adj_frechet2(A: Array, D: Array, E: Array) -> Array:
    return linear_part(lambda t: adj_frechet(A + t * D, E), max(1, len(A) - 1))


def adj_frechet3(A: Array, B: Array, D: Array, E: Array) -> Array:
    return linear_part(lambda t: adj_frechet2(A + t * B, D, E), max(1, len(A) - 1))


def logm(M: Array) -> Array:
    """The logarithm of the symmetric part."""
    values, vectors = np.linalg.eigh((M + M.T) / 2)
    return vectors @ np.diag(np.log(values)) @ vectors.T


def logm_frechet(A: Array, E: Array) -> Array:
    """Daleckii and Krein: divided differences of the logarithm between eigenvalues."""
    values, vectors = np.linalg.eigh((A + A.T) / 2)
    gaps = values[:, None] - values
    same = np.isclose(gaps, 0)
    logs = np.log(values)[:, None] - np.log(values)
    slopes = np.where(same, 1 / values, logs / np.where(same, 1, gaps))
    return vectors @ (slopes * (vectors.T @ E @ vectors)) @ vectors.T


def logm_frechet2(A: Array, D: Array, E: Array) -> Array:
    return frechet2(by_quadrature)((A + A.T) / 2, D, E)


def logm_frechet3(A: Array, B: Array, D: Array, E: Array) -> Array:
    return frechet3(by_quadrature)((A + A.T) / 2, B, D, E)


def by_quadrature(M: Array) -> Array:
    """log M, the integral of (M - I)*inv(t*(M - I) + I) over t from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(80)
    unit = np.eye(len(M))
    terms = (
        w / 2 * np.linalg.solve((t + 1) / 2 * (M - unit) + unit, M - unit)
        for t, w in zip(nodes, weights, strict=True)
    )
    return sum(terms)


def sqrtm(M: Array) -> Array:
    """The square root of the symmetric part."""
    values, vectors = np.linalg.eigh((M + M.T) / 2)
    return vectors @ np.diag(np.sqrt(values)) @ vectors.T


def sylv(A: Array, B: Array, Q: Array) -> Array:
    """The X with A*X + X*B = Q, as one linear system for its columns."""
    m, n = Q.shape
    system = np.kron(np.eye(n), A) + np.kron(B.T, np.eye(m))
    return np.linalg.solve(system, Q.T.reshape(-1)).reshape(n, m).T


def _solve(A: Array, B: Array) -> Array:
    return np.linalg.solve(A, B.reshape(len(B), -1)).reshape(B.shape)


def _derivative(functions: Mapping[str, Callable[..., Array]], times: int) -> Callable[..., Array]:
    def at(function: Callable[..., Array], *args: Array) -> Array:
        (name,) = (name for name, known in functions.items() if known is function)
        return functions["D1 " * times + name](*args)

    return at
