"""Words: other names of catalogue operators, and operators that have no record.

Floor 2, data and one look-up.
"""

from __future__ import annotations

from functools import cache

from matgrad.catalogue import OPERATORS

ALIASES = {
    "Diag": "diag",
    "Tr": "trace",
    "absolute": "abs",
    "add": "add",
    "adjugate": "adj",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "artanh": "atanh",
    "cholesky": "chol",
    "determinant": "det",
    "diagonal": "diagvec",
    "betaln": "lbeta",
    "divide": "divide",
    "dot": "inner",
    "eigvalsh": "eigvals",
    "fabs": "abs",
    "expit": "sigmoid",
    "gammaln": "lgamma",
    "hadamard": "hadamard",
    "heaviside": "step",
    "inner": "inner",
    "inverse": "inv",
    "kron_sum": "kronsum",
    "lambda_max": "eigmax",
    "lambda_min": "eigmin",
    "ln": "log",
    "logistic": "sigmoid",
    "log_sigmoid": "logsigmoid",
    "matmul": "matmul",
    "multiply": "hadamard",
    "negative": "neg",
    "norm2": "norm2",
    "norm_F": "normF",
    "outer": "outer",
    "lyapunov": "lyap",
    "sgn": "sign",
    "sigma": "sigmoid",
    "sigma_max": "normspec",
    "size": "numel",
    "solve": "solve",
    "subtract": "sub",
    "swish": "silu",
    "pow": "pow",
    "power": "pow",
    "product": "prod",
    "sylvester": "sylv",
    "trace": "trace",
    "transpose": "transpose",
    "vdot": "inner",
}

_CONSTANT = "it is constant wherever it has a derivative"
_JUMPS = "its value jumps, so that it has no derivative where it changes"
_COMPLEX = "complex numbers are not supported yet"
_TWICE = "write the products out"
REFUSED = {
    "argsort": _JUMPS,
    "cond": "normspec(A)*normspec(inv(A))",
    "lstsq": "pinv(A)*b",
    "mod": _JUMPS,
    "remainder": _JUMPS,
    "repeat": "kron(x, ones(2))",
    "slogdet": "logdet(A) is the logarithm of the absolute value of det(A)",
    "sort": "its order jumps; max(x), min(x) and eigvals(A) have records",
    "tile": "kron(ones(2), x)",
    "argmax": "argmax1(x) is an array with a one where the maximum stands",
    "argmin": "argmin1(x) is an array with a one where the minimum stands",
    "commutator": "write A*B - B*A",
    "conj": _COMPLEX,
    "corr": "",
    "cov": "write (X - ones(m)*mean(X, 1))'*(X - ones(m)*mean(X, 1))/m, or with m - 1",
    "cummax": "",
    "fliplr": "flip(X, 2)",
    "flipud": "flip(X, 1)",
    "eig": "eigvals(A) and eigvecs(A) are of symmetric matrices, eigval(A, s) of any",
    "eigh": "eigvals(A) and eigvecs(A) are of symmetric matrices, geigval(A, B, s) of pairs",
    "fft": "it is complex: write its real and imaginary parts as matrices",
    "hermitian": _COMPLEX,
    "hessenberg": "a Hessenberg form is not unique",
    "imag": _COMPLEX,
    "kernel": "a basis of a null space is not unique",
    "lu": "lul(A) and luu(A) are its factors, without exchanges of rows",
    "median": "",
    "nullspace": "a basis of a null space is not unique",
    "permanent": "",
    "qr": "qrq(A) and qrr(A) are its factors",
    "range": "a basis of a range is not unique",
    "rank": _CONSTANT,
    "real": _COMPLEX,
    "schur": "a Schur form is not unique",
    "sinc": "it is sin(x)/x in some books and sin(pi*x)/(pi*x) in others; write out which",
    "svd": "svdu(A), svdvals(A) and svdv(A) are its factors",
}
"""What a user may reasonably try, and a mend.  Each is refused by name, never taken for an unknown
function."""

# Words of the language that are no operators.
RESERVED = frozenset("where pi delta T I".split())


def called_names() -> frozenset[str]:
    """Every name that is called as an operator, those without a record included."""
    return frozenset(REFUSED).union(_called())


def operator_named(name: str) -> str | None:
    """The catalogue's name for what a call of `name` means, or None."""
    return _called().get(name)


def _called() -> dict[str, str]:
    return _calls(len(OPERATORS), next(reversed(OPERATORS)))


@cache
def _calls(size: int, newest: str) -> dict[str, str]:
    """Called names; size and newest name mark the state of a catalogue that users may extend."""
    found = {alias: name for alias, name in ALIASES.items() if name in OPERATORS}
    for notation in ("text", "numpy"):
        for op in OPERATORS.values():
            form = op.form(notation)
            if form.style == "call":
                found.setdefault(form.token, op.name)
    return found
