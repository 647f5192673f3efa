"""Functions of matrices, their Fréchet derivatives, and Sylvester's equation.

Floor 1, data only.  The Fréchet derivatives of f, f_frechet(A, E) along E and further ones, are
records, too (`catalogue.frechet`).  The square root and the logarithm are the principal ones
and read only the symmetric part of their operand, so that a derivative in any direction exists.
"""

from __future__ import annotations

from matgrad.catalogue.frechet import derivatives
from matgrad.catalogue.record import call, composed, forms, primitive

_HIGHAM = "Higham 2008, Functions of Matrices"


def _entire(name: str, chapter: int, gives: tuple[str, ...]) -> None:
    """The records of a function with an everywhere convergent series and of its derivatives."""
    cite = f"{_HIGHAM}, ch. {chapter}"
    primitive(
        name,
        "(n,n)->(n,n)",
        forms(call(name)),
        operands=("A",),
        differential=f"{name}_frechet(A, dA)",
        transpose="equivariant",
        gives=gives,
        complex="analytic",
        cite=cite,
    )
    derivatives(name, cite, complex="analytic")


_TRIANGULAR = ("lower if A lower", "upper if A upper")
_entire("expm", 10, ("invertible", "pd if A symmetric", "orthogonal if A skew", *_TRIANGULAR))
_entire("sinm", 12, ("skew if A skew", *_TRIANGULAR))
_entire("cosm", 12, ("symmetric if A skew", *_TRIANGULAR))
_entire("sinhm", 12, ("skew if A skew", *_TRIANGULAR))
_entire("coshm", 12, ("pd if A symmetric", "symmetric if A skew", *_TRIANGULAR))
tanm = composed(
    "tanm",
    "(n,n)->(n,n)",
    "inv(cosm(A))*sinm(A)",
    forms(call("tanm")),
    operands=("A",),
    cite=f"{_HIGHAM}, ch. 12",
)
tanhm = composed(
    "tanhm",
    "(n,n)->(n,n)",
    "inv(coshm(A))*sinhm(A)",
    forms(call("tanhm")),
    operands=("A",),
    cite=f"{_HIGHAM}, ch. 12",
)
# S = signm(A) commutes with A and S*S = eye(n); the eigenvalues of S*A have positive real parts.
signm = primitive(
    "signm",
    "(n,n)->(n,n)",
    forms(call("signm")),
    operands=("A",),
    differential="sylv(A*signm(A), A*signm(A), dA - signm(A)*dA*signm(A))",
    conditions=("no eigenvalue of A has real part zero",),
    transpose="equivariant",
    gives=("involutory",),
    cite=f"{_HIGHAM}, ch. 5",
)
logm = primitive(
    "logm",
    "(n,n)->(n,n)",
    forms(call("logm")),
    operands=("A",),
    differential="(logm_frechet(A, dA) + logm_frechet(A, dA)')/2",
    conditions=("A symmetric positive definite unless A pd",),
    transpose="invariant",
    gives=("symmetric",),
    cite=f"{_HIGHAM}, ch. 11",
)
derivatives(
    "logm",
    f"{_HIGHAM}, ch. 11",
    symmetric=True,
    conditions=("A symmetric positive definite unless A pd",),
)
# The square root solves S*S = A, so that S*dS + dS*S = dA.
sqrtm = primitive(
    "sqrtm",
    "(n,n)->(n,n)",
    forms(call("sqrtm")),
    operands=("A",),
    differential="(sylv(sqrtm(A), sqrtm(A), dA) + sylv(sqrtm(A), sqrtm(A), dA)')/2",
    conditions=("A symmetric positive definite unless A pd",),
    transpose="invariant",
    gives=("pd",),
    cite=f"{_HIGHAM}, ch. 6",
)
# The X with A*X + X*B = Q.
sylv = primitive(
    "sylv",
    "(m,m),(n,n),(m,n,...)->(m,n,...)",
    forms(call("sylv")),
    operands=("A", "B", "Q"),
    differential="-sylv(A, B, dA*sylv(A, B, Q) + sylv(A, B, Q)*dB)",
    adjoint="sylv(A', B', C)",
    matrix="inv(kron(eye(n), A) + kron(B', eye(m)))",
    conditions=("A and -B have no common eigenvalue unless A, B pd",),
    transpose="reversed",
    complex="analytic",
    cite=f"{_HIGHAM}, sec. B.14",
)
lyap = composed(
    "lyap",
    "(n,n),(n,n)->(n,n)",
    "sylv(A, A', Q)",
    forms(call("lyap")),
    operands=("A", "Q"),
    conditions=("A and -A' have no common eigenvalue unless A pd",),
    cite=f"{_HIGHAM}, sec. B.14",
)
