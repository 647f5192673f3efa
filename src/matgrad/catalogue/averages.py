"""Counts and averages.

Floor 1, data only.  `numel` counts entries: it adds up their powers of exponent 0.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, composed, contraction, forms

numel = contraction("numel", "...->", forms(call("numel")), weights="0", gives=("positive",))
mean = composed(
    "mean",
    "(...)->()",
    "sum(A)/numel(A)",
    forms(call("mean")),
    operands=("A",),
)
column_means = composed(
    "mean0", "(m,n)->(n)", "sum(A, 1)'/m", along("mean", 0), operands=("A",), row=True
)
row_means = composed("mean1", "(m,n)->(m)", "sum(A, 2)/n", along("mean", 1), operands=("A",))
