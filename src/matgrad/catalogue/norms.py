"""Norms, by definition.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, composed, forms, template

norm2 = composed(
    "norm2",
    "(n)->()",
    "sqrt(sum(A.*conj(A)))",
    forms(
        call("norm"),
        unicode=template("‖#1‖"),
        latex=template(r"\left\lVert #1\right\rVert"),
        numpy=call("norm2"),
    ),
    operands=("A",),
    conditions=("A != 0",),
)
norm_frobenius = composed(
    "normF",
    "(m,n,...)->()",
    "sqrt(sum(A.*conj(A)))",
    forms(
        call("normF"),
        unicode=template("‖#1‖_F"),
        latex=template(r"\left\lVert #1\right\rVert_{F}"),
    ),
    operands=("A",),
    conditions=("A != 0",),
)
norm1 = composed(
    "norm1",
    "(...)->()",
    "sum(abs.(A))",
    forms(
        call("norm1"),
        unicode=template("‖#1‖₁"),
        latex=template(r"\left\lVert #1\right\rVert_{1}"),
    ),
    operands=("A",),
)
norm_infinity = composed(
    "norminf",
    "(n)->()",
    "max(abs(A))",
    forms(
        call("norminf"),
        unicode=template("‖#1‖_∞"),
        latex=template(r"\left\lVert #1\right\rVert_{\infty}"),
    ),
    operands=("A",),
)
# The lengths of the columns, or of the rows.
column_norms = composed(
    "vecnorm0",
    "(m,n)->(n)",
    "sqrt.(sum(A.^2, 1)')",
    along("vecnorm", 0),
    operands=("A",),
    row=True,
    conditions=("no column of A is zero",),
)
row_norms = composed(
    "vecnorm1",
    "(m,n)->(m)",
    "sqrt.(sum(A.^2, 2))",
    along("vecnorm", 1),
    operands=("A",),
    conditions=("no row of A is zero",),
)
