"""Eigenvalues of general matrices, of pairs of matrices, and sums of eigenvalues.

Floor 1, data only.  `eigval(A, s)` is the eigenvalue of A nearest to the number s, `eigvec(A, s)`
its right eigenvector, of length one; the left one is eigvec(A', s).  `geigval(A, B, s)` and
`geigvec(A, B, s)` solve A*x = lambda*B*x with x'*B*x = 1 for the symmetric parts of A and B.
`eigsum(A, k)` is the sum of the k largest eigenvalues of the symmetric part of A, `eigproj(A, k)`
the projection on their eigenvectors.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, forms, primitive

_MAGNUS = "Magnus 1985, Econometric Theory 1, 179-191"
_OVERTON = "Overton & Womersley 1993, Math. Program. 62, 321-357"
_PARLETT = "Parlett 1998, The Symmetric Eigenvalue Problem, ch. 15"
_HIGHAM = "Higham 2008, Functions of Matrices, ch. 5"

_SIMPLE = "the eigenvalue of A nearest to s is real and simple"
eigval = primitive(
    "eigval",
    "(n,n),()->()",
    forms(call("eigval"), latex=call(r"\lambda")),
    operands=("A", "s"),
    differential="eigvec(A', s)'*dA*eigvec(A, s)/(eigvec(A', s)'*eigvec(A, s)) + 0*ds",
    conditions=(_SIMPLE,),
    transpose="invariant",
    cite=_MAGNUS,
)
eigvec = primitive(
    "eigvec",
    "(n,n),()->(n)",
    forms(call("eigvec")),
    operands=("A", "s"),
    differential="pinv(eigval(A, s)*eye(n) - A)*dA*eigvec(A, s)"
    " - pinv(eigval(A, s)*eye(n) - A)*eigvec(A, s)*(eigvec(A', s)'*dA*eigvec(A, s))"
    "/(eigvec(A', s)'*eigvec(A, s)) + 0*ds*eigvec(A, s)",
    conditions=(_SIMPLE,),
    gives=("unit",),
    cite=_MAGNUS,
)

_PAIR = ("B symmetric positive definite unless B pd", "the eigenvalue nearest to s is simple")
geigval = primitive(
    "geigval",
    "(n,n),(n,n),()->()",
    forms(call("geigval"), latex=call(r"\lambda")),
    operands=("A", "B", "s"),
    differential="geigvec(A, B, s)'*dA*geigvec(A, B, s)"
    " - geigval(A, B, s)*(geigvec(A, B, s)'*dB*geigvec(A, B, s)) + 0*ds",
    conditions=_PAIR,
    transpose="invariant",
    cite=_PARLETT,
)
# What is changed leaves x; A - lambda*B, with B*x*x'*B added, is nonsingular and maps x to B*x.
_X = "geigvec(A, B, s)"
_SHIFTED = f"((A + A')/2 - geigval(A, B, s)*(B + B')/2 + ((B + B')/2*{_X})*((B + B')/2*{_X})')"
geigvec = primitive(
    "geigvec",
    "(n,n),(n,n),()->(n)",
    forms(call("geigvec")),
    operands=("A", "B", "s"),
    differential=f"-inv({_SHIFTED})*dA*{_X}/2 - inv({_SHIFTED})*dA'*{_X}/2"
    f" + geigval(A, B, s)*(inv({_SHIFTED})*dB*{_X})/2"
    f" + geigval(A, B, s)*(inv({_SHIFTED})*dB'*{_X})/2"
    f" + ({_X}'*dA*{_X})*{_X} - (geigval(A, B, s) + 1/2)*({_X}'*dB*{_X})*{_X} + 0*ds*{_X}",
    conditions=_PAIR,
    transpose="invariant",
    cite=_PARLETT,
)

_GAP = "the eigenvalues of A numbered k and k + 1 from above differ"
eigsum = primitive(
    "eigsum",
    "(n,n),()->()",
    forms(call("eigsum")),
    operands=("A", "k"),
    differential="inner(eigproj(A, k), dA)",
    conditions=(_GAP,),
    transpose="invariant",
    cite=_OVERTON,
)
# With S = 2*P - eye(n), the sign of A - c*eye(n) for any c in the gap, S*(A - c*eye(n)) is positive
# definite; dP = dS/2 as for the sign of a matrix.
_SIGN = "(2*eigproj(A, k) - eye(n))"
_DISTANCE = f"((A + A' - (eigsum(A, k + 1) - eigsum(A, k - 1))*eye(n))*{_SIGN}/2)"
eigproj = primitive(
    "eigproj",
    "(n,n),()->(n,n)",
    forms(call("eigproj")),
    operands=("A", "k"),
    differential=f"sylv({_DISTANCE}, {_DISTANCE}, dA + dA' - {_SIGN}*(dA + dA')*{_SIGN})/4",
    conditions=(_GAP,),
    transpose="invariant",
    gives=("symmetric", "idempotent"),
    cite=_HIGHAM,
)
