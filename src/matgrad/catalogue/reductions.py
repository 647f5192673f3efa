"""Reductions that are no sums: softmax, log-sum-exp.

Floor 1, data only.  An operator along an axis is a record of its own, as `sum0` and `sum1` are;
the matrix language counts axes from 1, the NumPy dialect from 0.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, composed, forms, primitive

_MURPHY = "Murphy 2022, Probabilistic Machine Learning, sec. 2.5"
_BOYD = "Boyd & Vandenberghe 2004, Convex Optimization, sec. 3.1.5"

softmax = primitive(
    "softmax",
    "(n)->(n)",
    forms(call("softmax")),
    operands=("A",),
    differential="softmax(A).*dA - (softmax(A)'*dA)*softmax(A)",
    gives=("positive", "simplex"),
    cite=_MURPHY,
)
softmax_columns = primitive(
    "softmax0",
    "(m,n)->(m,n)",
    along("softmax", 0),
    operands=("A",),
    differential="softmax(A, 1).*dA - softmax(A, 1)*diag(sum(softmax(A, 1).*dA, 1)')",
    gives=("positive", "column_stochastic"),
    cite=_MURPHY,
)
softmax_rows = primitive(
    "softmax1",
    "(m,n)->(m,n)",
    along("softmax", 1),
    operands=("A",),
    differential="softmax(A, 2).*dA - diag(sum(softmax(A, 2).*dA, 2))*softmax(A, 2)",
    gives=("positive", "row_stochastic"),
    cite=_MURPHY,
)
logsumexp = primitive(
    "logsumexp",
    "(n)->()",
    forms(call("logsumexp")),
    operands=("A",),
    differential="softmax(A)'*dA",
    cite=_BOYD,
)
logsumexp_columns = primitive(
    "logsumexp0",
    "(m,n)->(n)",
    along("logsumexp", 0),
    operands=("A",),
    differential="sum(softmax(A, 1).*dA, 1)'",
    row=True,
    cite=_BOYD,
)
logsumexp_rows = primitive(
    "logsumexp1",
    "(m,n)->(m)",
    along("logsumexp", 1),
    operands=("A",),
    differential="sum(softmax(A, 2).*dA, 2)",
    cite=_BOYD,
)
log_softmax = composed(
    "log_softmax",
    "(n)->(n)",
    "A - ones(n)*logsumexp(A)",
    forms(call("log_softmax")),
    operands=("A",),
    cite=_MURPHY,
)
log_softmax_columns = composed(
    "log_softmax0",
    "(m,n)->(m,n)",
    "A - ones(m)*logsumexp(A, 1)",
    along("log_softmax", 0),
    operands=("A",),
    cite=_MURPHY,
)
log_softmax_rows = composed(
    "log_softmax1",
    "(m,n)->(m,n)",
    "A - logsumexp(A, 2)*ones(n)'",
    along("log_softmax", 1),
    operands=("A",),
    cite=_MURPHY,
)
