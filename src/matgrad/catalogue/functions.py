"""Functions of matrices, their Fréchet derivatives, and Sylvester's equation.

Floor 1, data only.  The Fréchet derivative f_frechet(A, E) of f at A along E is linear in E, but
no contraction: it carries its adjoint.  The square root and the logarithm are the principal ones
and read only the symmetric part of their operand, so that a derivative in any direction exists.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, composed, forms, primitive

_HIGHAM = "Higham 2008, Functions of Matrices"

expm = primitive(
    "expm",
    "(n,n)->(n,n)",
    forms(call("expm")),
    operands=("A",),
    differential="expm_frechet(A, dA)",
    transpose="equivariant",
    gives=(
        "invertible",
        "pd if A symmetric",
        "orthogonal if A skew",
        "lower if A lower",
        "upper if A upper",
    ),
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 10",
)
expm_frechet = primitive(
    "expm_frechet",
    "(n,n),(n,n)->(n,n)",
    forms(call("expm_frechet")),
    operands=("A", "E"),
    differential="",
    adjoint="expm_frechet(A', C)",
    transpose="equivariant",
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 10",
)
sinm = primitive(
    "sinm",
    "(n,n)->(n,n)",
    forms(call("sinm")),
    operands=("A",),
    differential="sinm_frechet(A, dA)",
    transpose="equivariant",
    gives=("skew if A skew", "lower if A lower", "upper if A upper"),
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 12",
)
sinm_frechet = primitive(
    "sinm_frechet",
    "(n,n),(n,n)->(n,n)",
    forms(call("sinm_frechet")),
    operands=("A", "E"),
    differential="",
    adjoint="sinm_frechet(A', C)",
    transpose="equivariant",
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 12",
)
cosm = primitive(
    "cosm",
    "(n,n)->(n,n)",
    forms(call("cosm")),
    operands=("A",),
    differential="cosm_frechet(A, dA)",
    transpose="equivariant",
    gives=("symmetric if A skew", "lower if A lower", "upper if A upper"),
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 12",
)
cosm_frechet = primitive(
    "cosm_frechet",
    "(n,n),(n,n)->(n,n)",
    forms(call("cosm_frechet")),
    operands=("A", "E"),
    differential="",
    adjoint="cosm_frechet(A', C)",
    transpose="equivariant",
    complex="analytic",
    cite=f"{_HIGHAM}, ch. 12",
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
logm_frechet = primitive(
    "logm_frechet",
    "(n,n),(n,n)->(n,n)",
    forms(call("logm_frechet")),
    operands=("A", "E"),
    differential="",
    adjoint="logm_frechet(A, C)",
    conditions=("A symmetric positive definite unless A pd",),
    transpose="equivariant",
    cite=f"{_HIGHAM}, ch. 11",
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
    "(m,m),(n,n),(m,n)->(m,n)",
    forms(call("sylv")),
    operands=("A", "B", "Q"),
    differential="-sylv(A, B, dA*sylv(A, B, Q) + sylv(A, B, Q)*dB)",
    adjoint="sylv(A', B', C)",
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
