"""Factors of a matrix: QR, LU, the absolute value, the projection on a range.

Floor 1, data only.  They are unique as chosen: R has a positive diagonal, the lower factor of LU
ones on its own.  With M = Q'*dA*inv(R), Q'*dQ is the skew matrix that agrees with M below the
diagonal, and what is left of M is dR*inv(R).
"""

from __future__ import annotations

from matgrad.catalogue.record import call, composed, forms, primitive

_GILES = "Giles 2008, Collected matrix derivative results for forward and reverse mode AD"
_WALTER = "Walter & Lehmann 2010, Algorithmic differentiation of linear algebra functions"
_HIGHAM = "Higham 2008, Functions of Matrices, ch. 8"

_FULL = "A of full column rank"
qrq = primitive(
    "qrq",
    "(m,n)->(m,n)",
    forms(call("qrq")),
    operands=("A",),
    differential="(eye(m) - qrq(A)*qrq(A)')*dA*inv(qrr(A))"
    " + qrq(A)*tril(qrq(A)'*dA*inv(qrr(A)), -1) - qrq(A)*triu(inv(qrr(A))'*dA'*qrq(A), 1)",
    conditions=(_FULL,),
    gives=("orthonormal",),
    cite=_WALTER,
)
qrr = primitive(
    "qrr",
    "(m,n)->(n,n)",
    forms(call("qrr")),
    operands=("A",),
    differential="triu(qrq(A)'*dA*inv(qrr(A)))*qrr(A) + triu(inv(qrr(A))'*dA'*qrq(A), 1)*qrr(A)",
    conditions=(_FULL,),
    gives=("upper", "invertible"),
    cite=_WALTER,
)
_MINORS = "the leading principal minors of A are not zero"
lul = primitive(
    "lul",
    "(n,n)->(n,n)",
    forms(call("lul")),
    operands=("A",),
    differential="lul(A)*tril(inv(lul(A))*dA*inv(luu(A)), -1)",
    conditions=(_MINORS,),
    gives=("lower", "unit_diagonal", "invertible"),
    cite=_WALTER,
)
luu = primitive(
    "luu",
    "(n,n)->(n,n)",
    forms(call("luu")),
    operands=("A",),
    differential="triu(inv(lul(A))*dA*inv(luu(A)))*luu(A)",
    conditions=(_MINORS,),
    gives=("upper", "invertible"),
    cite=_WALTER,
)
# A = polar(A)*absm(A).
absm = composed(
    "absm",
    "(m,n)->(n,n)",
    "sqrtm(A'*A)",
    forms(call("absm")),
    operands=("A",),
    conditions=(_FULL,),
    cite=_HIGHAM,
)
proj = composed(
    "proj",
    "(m,n)->(m,m)",
    "A*pinv(A)",
    forms(call("proj")),
    operands=("A",),
    conditions=("rank of A constant nearby unless A full_rank",),
    cite="Golub & Pereyra 1973, SIAM J. Numer. Anal. 10, 413-432",
)
cond = composed(
    "cond",
    "(n,n)->()",
    "normspec(A)*normspec(inv(A))",
    forms(call("cond"), latex=call(r"\kappa")),
    operands=("A",),
    cite="Golub & Van Loan 2013, Matrix Computations, sec. 2.6",
)
