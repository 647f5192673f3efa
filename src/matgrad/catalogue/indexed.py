"""Sums over an index: a binder, whose data are the index, its first value and its last.

Floor 1, data only.  The index is the name of an integer in the operand: in its coefficients, its
exponents and its positions.
"""

from __future__ import annotations

from matgrad.catalogue.record import PRODUCT, contraction, forms, prefix, template

index_sum = contraction(
    "index_sum",
    "...->...",
    forms(
        template("sum(#x=#a..#z, #1)"),
        unicode=prefix("∑_{#x=#a}^{#z} ", PRODUCT),
        latex=prefix(r"\sum_{#x=#a}^{#z} ", PRODUCT),
        numpy=template("msum(#x, #a, #z, #1)"),
    ),
    weights="index sum",
)
