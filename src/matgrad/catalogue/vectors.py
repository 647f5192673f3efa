"""The vector product of two vectors of size 3, and the matrix that it multiplies by.

Floor 1, data only.  Further axes of the second operand pass through.
"""

from __future__ import annotations

from matgrad.catalogue.record import PRODUCT, call, composed, forms, infix, primitive

_GIBBS = "Gibbs & Wilson 1901, Vector Analysis, ch. 2"

cross = primitive(
    "cross",
    "(3),(3,...)->(3,...)",
    forms(call("cross"), unicode=infix(" × ", PRODUCT), latex=infix(r" \times ", PRODUCT)),
    operands=("A", "B"),
    differential="-cross(B, dA)",
    adjoint="-cross(A, C)",
    cite=_GIBBS,
)
skewmat = composed(
    "skewmat",
    "(3)->(3,3)",
    "[0, -A[3], A[2]; A[3], 0, -A[1]; -A[2], A[1], 0]",
    forms(call("skewmat")),
    operands=("A",),
    cite=_GIBBS,
)
