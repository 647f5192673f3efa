"""Inverse, determinant and what is made of them.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.frechet import derivatives
from matgrad.catalogue.record import (
    PREFIXED,
    PRODUCT,
    call,
    composed,
    contraction,
    forms,
    infix,
    postfix,
    primitive,
    template,
)

inv = primitive(
    "inv",
    "(n,n)->(n,n)",
    forms(call("inv"), unicode=postfix("⁻¹"), latex=postfix("^{-1}")),
    operands=("A",),
    differential="-inv(A)*dA*inv(A)",
    conditions=("A nonsingular",),
    transpose="equivariant",
    gives=(
        "invertible",
        "pd if A pd",
        "skew if A skew",
        "lower if A lower",
        "upper if A upper",
        "unit_diagonal if A lower and A unit_diagonal",
        "unit_diagonal if A upper and A unit_diagonal",
    ),
    complex="analytic",
    cite="Magnus & Neudecker 2019, ch. 8, sec. 4; MML (5.102)",
)
det = primitive(
    "det",
    "(n,n)->()",
    forms(call("det"), latex=call(r"\det")),
    operands=("A",),
    differential="det(A)*tr(inv(A)*dA)",
    singular="tr(adj(A)*dA)",
    transpose="invariant",
    gives=(
        "positive if A pd",
        "nonnegative if A psd",
        "nonzero if A invertible",
        "sign if A orthogonal",
        "sign if A involutory",
        "binary if A idempotent",
    ),
    complex="analytic",
    cite="Jacobi's formula; Magnus & Neudecker 2019, ch. 8, sec. 3; MML (5.101)",
)
logdet = primitive(
    "logdet",
    "(n,n)->()",
    forms(call("logdet"), latex=template(r"\log\left|\det\left(#1\right)\right|", PREFIXED)),
    operands=("A",),
    differential="tr(inv(A)*dA)",
    conditions=("A nonsingular",),
    transpose="invariant",
    complex="(log(det(A)) + log(det(conj(A))))/2",
    cite="Magnus & Neudecker 2019, ch. 8, sec. 3",
)
# Where A is nonsingular adj(A) = det(A)*inv(A), whose differential this is.  Everywhere it is a
# polynomial, of which adj_frechet(A, E) is the derivative along E; its trace with C, the second
# derivative of the determinant, is symmetric in E and C.
adj = primitive(
    "adj",
    "(n,n)->(n,n)",
    forms(call("adj"), latex=call(r"\operatorname{adj}")),
    operands=("A",),
    differential="tr(adj(A)*dA)*inv(A) - adj(A)*dA*inv(A)",
    singular="adj_frechet(A, dA)",
    transpose="equivariant",
    gives=(
        "psd if A psd",
        "invertible if A invertible",
        "lower if A lower",
        "upper if A upper",
    ),
    complex="analytic",
    cite="Magnus & Neudecker 2019, ch. 8, sec. 6",
)
_ADJUGATE = "Magnus & Neudecker 2019, ch. 8, sec. 6"
derivatives("adj", _ADJUGATE, complex="analytic", further=_ADJUGATE)
cof = composed(
    "cof",
    "(n,n)->(n,n)",
    "adj(A)'",
    forms(call("cof")),
    operands=("A",),
    cite="Magnus & Neudecker 2019, ch. 1, sec. 9",
)
solve = composed(
    "solve",
    "(n,n),(n,...)->(n,...)",
    "inv(A)*B",
    forms(infix("\\", PRODUCT), latex=call(r"\operatorname{solve}"), numpy=call("solve")),
    operands=("A", "B"),
    conditions=("A nonsingular",),
)
# `matpow` carries its exponent, an integer, as data.
matpow = contraction(
    "matpow",
    "ii->ii",
    forms(postfix("^"), latex=postfix("^"), numpy=template("matpow(#1, #k)")),
    weights="matpow",
    cite="definition",
)
