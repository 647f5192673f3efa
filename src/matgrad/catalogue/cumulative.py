"""Cumulative sums and products.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, composed, forms, primitive

cumsum = composed(
    "cumsum", "(n)->(n)", "tril(ones(n, n))*A", forms(call("cumsum")), operands=("A",)
)
cumsum_down = composed(
    "cumsum0", "(m,n)->(m,n)", "tril(ones(m, m))*A", along("cumsum", 0), operands=("A",)
)
cumsum_across = composed(
    "cumsum1", "(m,n)->(m,n)", "A*triu(ones(n, n))", along("cumsum", 1), operands=("A",)
)
cumprod = primitive(
    "cumprod",
    "(n)->(n)",
    forms(call("cumprod")),
    operands=("A",),
    differential="cumprod(A).*(tril(ones(n, n))*(dA./A))",
    conditions=("A != 0",),
    gives=("positive if A positive", "nonzero if A nonzero"),
    cite="definition",
)
