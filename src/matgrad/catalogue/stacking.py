"""The matrices that rearrange stacked columns, and the stack of a lower triangle.

Floor 1, data only.  A constant's data are the sizes it is named by: K = commutation(m, n) has
K*vec(X) = vec(X') for X of m rows and n columns, D = duplication(n) has D*vech(A) = vec(A) for
symmetric A, and L = elimination(n) has L*vec(A) = vech(A).
"""

from __future__ import annotations

from matgrad.catalogue.record import call, contraction, forms, template

_CITE = "Magnus & Neudecker 2019, ch. 3, secs. 7-8"

commutation = contraction(
    "commutation",
    "->[ij][ji]",
    forms(template("commutation(#n)"), unicode=template("K#n"), latex=template(r"\mathsf{K}_{#n}")),
    weights="sizes",
    cite=_CITE,
)
duplication = contraction(
    "duplication",
    "->ph",
    forms(template("duplication(#n)"), unicode=template("D#n"), latex=template(r"\mathsf{D}_{#n}")),
    weights="sizes",
    cite=_CITE,
)
elimination = contraction(
    "elimination",
    "->hp",
    forms(template("elimination(#n)"), unicode=template("L#n"), latex=template(r"\mathsf{L}_{#n}")),
    weights="sizes",
    cite="Magnus & Neudecker 1980, The elimination matrix, SIAM J. Alg. Disc. Meth. 1",
)
# `vech` carries the shape it gives as its own shape.
vech = contraction(
    "vech",
    "ij->h",
    forms(call("vech"), latex=call(r"\operatorname{vech}")),
    weights="vech",
    cite=_CITE,
)
