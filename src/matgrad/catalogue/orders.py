"""Entries in reverse order, and differences of neighbours.

Floor 1.  J = exchange(n) has ones on the antidiagonal: J*x is x from its end.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, composed, contraction, forms, template

_HORN = "Horn & Johnson 2013, Matrix Analysis, sec. 0.9"

exchange = contraction(
    "exchange",
    "->ij",
    forms(template("exchange(#n)"), unicode=template("J#n"), latex=template(r"\mathsf{J}_{#n}")),
    weights="sizes",
    cite=_HORN,
)
flip = composed("flip", "(n)->(n)", "exchange(n)*A", forms(call("flip")), operands=("A",))
flip_down = composed(
    "flip0", "(m,n)->(m,n)", "exchange(m)*A", along("flip", 0), operands=("A",), cite=_HORN
)
flip_across = composed(
    "flip1", "(m,n)->(m,n)", "A*exchange(n)", along("flip", 1), operands=("A",), cite=_HORN
)
diff = composed("diff", "(n)->(n-1)", "A[2:n] - A[1:n-1]", forms(call("diff")), operands=("A",))
diff_down = composed(
    "diff0",
    "(m,n)->(m-1,n)",
    "A[2:m,:] - A[1:m-1,:]",
    along("diff", 0, named=True),
    operands=("A",),
)
diff_across = composed(
    "diff1",
    "(m,n)->(m,n-1)",
    "A[:,2:n] - A[:,1:n-1]",
    along("diff", 1, named=True),
    operands=("A",),
)
