"""Reductions that are no sums: softmax, log-sum-exp, largest and smallest entries.

Floor 1, data only.  An operator along an axis is a record of its own, as `sum0` and `sum1` are;
the matrix language counts axes from 1, the NumPy dialect from 0.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, forms, primitive

_MURPHY = "Murphy 2022, Probabilistic Machine Learning, sec. 2.5"
_BOYD = "Boyd & Vandenberghe 2004, Convex Optimization, sec. 3.1.5"
_DANSKIN = "Danskin's theorem; Bertsekas 1999, Nonlinear Programming, prop. B.25"

softmax = primitive(
    "softmax",
    "(n)->(n)",
    forms(call("softmax")),
    operands=("A",),
    differential="softmax(A).*dA - (softmax(A)'*dA)*softmax(A)",
    gives=("positive",),
    simplex="all",
    cite=_MURPHY,
)
softmax_columns = primitive(
    "softmax0",
    "(m,n)->(m,n)",
    along("softmax", 0),
    operands=("A",),
    differential="softmax(A, 1).*dA - softmax(A, 1)*diag(sum(softmax(A, 1).*dA, 1)')",
    gives=("positive",),
    simplex="0",
    cite=_MURPHY,
)
softmax_rows = primitive(
    "softmax1",
    "(m,n)->(m,n)",
    along("softmax", 1),
    operands=("A",),
    differential="softmax(A, 2).*dA - diag(sum(softmax(A, 2).*dA, 2))*softmax(A, 2)",
    gives=("positive",),
    simplex="1",
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
# An array with a one where the largest entry stands; it does not change while that is so.
argmax1 = primitive(
    "argmax1",
    "(n)->(n); (m,n)->(m,n)",
    forms(call("argmax1")),
    operands=("A",),
    differential="0*dA",
    simplex="all",
    conditions=("the maximum of A is attained once",),
    cite=_DANSKIN,
)
argmin1 = primitive(
    "argmin1",
    "(n)->(n); (m,n)->(m,n)",
    forms(call("argmin1")),
    operands=("A",),
    differential="0*dA",
    simplex="all",
    conditions=("the minimum of A is attained once",),
    cite=_DANSKIN,
)
maximum = primitive(
    "max",
    "(n)->(); (m,n)->()",
    forms(call("max"), latex=call(r"\max")),
    operands=("A",),
    differential="sum(argmax1(A).*dA)",
    conditions=("the maximum of A is attained once",),
    cite=_DANSKIN,
)
minimum = primitive(
    "min",
    "(n)->(); (m,n)->()",
    forms(call("min"), latex=call(r"\min")),
    operands=("A",),
    differential="sum(argmin1(A).*dA)",
    conditions=("the minimum of A is attained once",),
    cite=_DANSKIN,
)
