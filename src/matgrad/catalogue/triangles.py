"""Triangles of a matrix.

Floor 1, data only.  The data of a node is the offset of the last diagonal kept, counted
upwards; None is the main one.
"""

from __future__ import annotations

from matgrad.catalogue.record import contraction, forms, template

tril = contraction(
    "tril",
    "ij->ij",
    forms(template("tril(#1#o)"), latex=template(r"\operatorname{tril}\left(#1#o\right)")),
    weights="below",
)
triu = contraction(
    "triu",
    "ij->ij",
    forms(template("triu(#1#o)"), latex=template(r"\operatorname{triu}\left(#1#o\right)")),
    weights="above",
)
