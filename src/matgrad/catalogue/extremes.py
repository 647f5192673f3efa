"""Largest and smallest entries, where they stand, and products of entries.

Floor 1, data only.  `argmax1` is an array with a one where the largest entry stands; it does not
change while that is so.
"""

from __future__ import annotations

from matgrad.catalogue.record import along, call, forms, primitive

_DANSKIN = "Danskin's theorem; Bertsekas 1999, Nonlinear Programming, prop. B.25"
_PRODUCT = "product rule"
# Where all entries lie, the largest does.
_KEPT = tuple(
    f"{name} if A {name}"
    for name in "positive nonnegative negative nonpositive unit_interval bounded".split()
)
# And so does their product, but for its sign.
_SIGNED = tuple(
    f"{name} if A {name}" for name in "positive nonnegative unit_interval bounded".split()
)

argmax = primitive(
    "argmax1",
    "(n)->(n); (m,n)->(m,n)",
    forms(call("argmax1")),
    operands=("A",),
    differential="0*dA",
    gives=("onehot",),
    conditions=("the maximum of A is attained once",),
    cite=_DANSKIN,
)
argmax_columns = primitive(
    "argmax10",
    "(m,n)->(m,n)",
    along("argmax1", 0),
    operands=("A",),
    differential="0*dA",
    gives=("binary", "column_stochastic"),
    conditions=("the maximum of each column of A is attained once",),
    cite=_DANSKIN,
)
argmax_rows = primitive(
    "argmax11",
    "(m,n)->(m,n)",
    along("argmax1", 1),
    operands=("A",),
    differential="0*dA",
    gives=("onehot_rows",),
    conditions=("the maximum of each row of A is attained once",),
    cite=_DANSKIN,
)
maximum = primitive(
    "max",
    "(n)->(); (m,n)->()",
    forms(call("max"), latex=call(r"\max")),
    operands=("A",),
    differential="sum(argmax1(A).*dA)",
    gives=_KEPT,
    conditions=("the maximum of A is attained once",),
    cite=_DANSKIN,
)
column_maxima = primitive(
    "max0",
    "(m,n)->(n)",
    along("max", 0, r"\max"),
    operands=("A",),
    differential="sum(argmax1(A, 1).*dA, 1)'",
    gives=_KEPT,
    row=True,
    conditions=("the maximum of each column of A is attained once",),
    cite=_DANSKIN,
)
row_maxima = primitive(
    "max1",
    "(m,n)->(m)",
    along("max", 1, r"\max"),
    operands=("A",),
    differential="sum(argmax1(A, 2).*dA, 2)",
    gives=_KEPT,
    conditions=("the maximum of each row of A is attained once",),
    cite=_DANSKIN,
)
argmin = primitive(
    "argmin1",
    "(n)->(n); (m,n)->(m,n)",
    forms(call("argmin1")),
    operands=("A",),
    differential="0*dA",
    gives=("onehot",),
    conditions=("the minimum of A is attained once",),
    cite=_DANSKIN,
)
argmin_columns = primitive(
    "argmin10",
    "(m,n)->(m,n)",
    along("argmin1", 0),
    operands=("A",),
    differential="0*dA",
    gives=("binary", "column_stochastic"),
    conditions=("the minimum of each column of A is attained once",),
    cite=_DANSKIN,
)
argmin_rows = primitive(
    "argmin11",
    "(m,n)->(m,n)",
    along("argmin1", 1),
    operands=("A",),
    differential="0*dA",
    gives=("onehot_rows",),
    conditions=("the minimum of each row of A is attained once",),
    cite=_DANSKIN,
)
minimum = primitive(
    "min",
    "(n)->(); (m,n)->()",
    forms(call("min"), latex=call(r"\min")),
    operands=("A",),
    differential="sum(argmin1(A).*dA)",
    gives=_KEPT,
    conditions=("the minimum of A is attained once",),
    cite=_DANSKIN,
)
column_minima = primitive(
    "min0",
    "(m,n)->(n)",
    along("min", 0, r"\min"),
    operands=("A",),
    differential="sum(argmin1(A, 1).*dA, 1)'",
    gives=_KEPT,
    row=True,
    conditions=("the minimum of each column of A is attained once",),
    cite=_DANSKIN,
)
row_minima = primitive(
    "min1",
    "(m,n)->(m)",
    along("min", 1, r"\min"),
    operands=("A",),
    differential="sum(argmin1(A, 2).*dA, 2)",
    gives=_KEPT,
    conditions=("the minimum of each row of A is attained once",),
    cite=_DANSKIN,
)
# Where an entry is zero the quotient of the differential does not exist, but the product does.
product = primitive(
    "prod",
    "(n)->(); (m,n)->()",
    forms(call("prod")),
    operands=("A",),
    differential="prod(A)*sum(dA./A)",
    gives=_SIGNED,
    cite=_PRODUCT,
)
column_products = primitive(
    "prod0",
    "(m,n)->(n)",
    along("prod", 0),
    operands=("A",),
    differential="(prod(A, 1).*sum(dA./A, 1))'",
    gives=_SIGNED,
    row=True,
    cite=_PRODUCT,
)
row_products = primitive(
    "prod1",
    "(m,n)->(m)",
    along("prod", 1),
    operands=("A",),
    differential="prod(A, 2).*sum(dA./A, 2)",
    gives=_SIGNED,
    cite=_PRODUCT,
)
