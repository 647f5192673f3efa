"""Eigenvalues of general matrices, of pairs of matrices, and sums of eigenvalues.

Floor 1, data only.  `eigval(A, s)` is the eigenvalue of A nearest to the number s, `eigvec(A, s)`
its right eigenvector, of length one; the left one is eigvec(A', s).  `eigsum(A, k)` is the sum of
the k largest eigenvalues of the symmetric part of A, `eigproj(A, k)` the projection on their
eigenvectors.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, forms, primitive

_MAGNUS = "Magnus 1985, Econometric Theory 1, 179-191"
_OVERTON = "Overton & Womersley 1993, Math. Program. 62, 321-357"
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

_GAP = "the eigenvalues of A numbered k and k + 1 from above differ"
eigsum = primitive(
    "eigsum",
    "(n,n),()->()",
    forms(call("eigsum")),
    operands=("A", "k"),
    differential="inner(eigproj(A, k), dA) + 0*dk",
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
    differential=f"sylv({_DISTANCE}, {_DISTANCE}, dA + dA' - {_SIGN}*(dA + dA')*{_SIGN})/4"
    " + 0*dk*eye(n)",
    conditions=(_GAP,),
    transpose="invariant",
    gives=("symmetric", "idempotent"),
    cite=_HIGHAM,
)
