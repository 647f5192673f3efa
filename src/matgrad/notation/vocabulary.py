"""Words: other names of catalogue operators, and operators that have no record yet.

Floor 2, data and one look-up.
"""

from __future__ import annotations

from functools import cache

from matgrad.catalogue import OPERATORS

ALIASES = {
    "Diag": "diag",
    "Tr": "trace",
    "adjugate": "adj",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "artanh": "atanh",
    "cholesky": "chol",
    "determinant": "det",
    "diagonal": "diagvec",
    "dot": "inner",
    "expit": "sigmoid",
    "gammaln": "lgamma",
    "hadamard": "hadamard",
    "inner": "inner",
    "inverse": "inv",
    "ln": "log",
    "logistic": "sigmoid",
    "matmul": "matmul",
    "norm2": "norm2",
    "norm_F": "normF",
    "outer": "outer",
    "lyapunov": "lyap",
    "sgn": "sign",
    "sigma": "sigmoid",
    "solve": "solve",
    "sylvester": "sylv",
    "trace": "trace",
    "transpose": "transpose",
}

# What a user may reasonably try.  Each is refused by name, never taken for an unknown function.
UNRECORDED = frozenset(
    """
    argmax argmin commutator cond conj conv corr cov cross cummax cumprod cumsum eig eigh eigvec
    eigvalsh fft floor gamma ceil hessenberg hermitian imag khatri_rao kernel logaddexp lu
    maximum median minimum nullspace permanent prod qr range rank real round schur std svd
    tanhm var coshm sinhm tanm signm
    """.split()
)


def called_names() -> frozenset[str]:
    """Every name that is called as an operator, those without a record included."""
    return UNRECORDED.union(_calls(len(OPERATORS)))


def operator_named(name: str) -> str | None:
    """The catalogue's name for what a call of `name` means, or None."""
    return _calls(len(OPERATORS)).get(name)


@cache
def _calls(size: int) -> dict[str, str]:
    """Called names; `size` only marks the state of a catalogue that users may extend."""
    found = {alias: name for alias, name in ALIASES.items() if name in OPERATORS}
    for notation in ("text", "numpy"):
        for op in OPERATORS.values():
            form = op.form(notation)
            if form.style == "call":
                found.setdefault(form.token, op.name)
    return found
