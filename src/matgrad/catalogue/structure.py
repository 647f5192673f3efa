"""Rearranging and adding up entries: transpose, trace, diagonals, sums, vec, constants.

Floor 1, data only.  All of these are contractions: none needs a rule of its own.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, contraction, forms, postfix, template

transpose = contraction(
    "transpose",
    "ij->ji; ij...->ji...",
    forms(
        postfix("'"),
        unicode=postfix("ᵀ"),
        latex=postfix(r"^{\top}"),
        numpy=postfix(".T"),
    ),
)
trace = contraction(
    "trace",
    "ii->; ii...->...",
    forms(call("tr"), latex=call(r"\operatorname{tr}")),
)
diag = contraction("diag", "i->ii", forms(call("diag"), latex=call(r"\operatorname{diag}")))
diagvec = contraction(
    "diagvec", "ii->i", forms(call("diagvec"), latex=call(r"\operatorname{diagvec}"))
)
total = contraction("sum", "...->", forms(call("sum"), latex=call(r"\operatorname{sum}")))
column_sums = contraction(
    "sum0",
    "ij->j",
    forms(
        template("sum(#1, 1)"),
        latex=template(r"\operatorname{sum}_{1}\left(#1\right)"),
        numpy=template("sum(#1, 0)"),
    ),
)
row_sums = contraction(
    "sum1",
    "ij->i",
    forms(
        template("sum(#1, 2)"),
        latex=template(r"\operatorname{sum}_{2}\left(#1\right)"),
        numpy=template("sum(#1, 1)"),
    ),
)
vec = contraction("vec", "ij->[ji]", forms(call("vec"), latex=call(r"\operatorname{vec}")))
# `unvec` carries the shape it gives as its own shape.
unvec = contraction("unvec", "[ji]->ij", forms(call("unvec"), latex=call(r"\operatorname{unvec}")))
eye = contraction("eye", "->ii", forms(call("eye"), unicode=call("I"), latex=call("I")))
ones = contraction(
    "ones", "->i; ->ij; ->...", forms(call("ones"), unicode=call("1"), latex=call(r"\mathbf{1}"))
)
zeros = contraction(
    "zeros",
    "->i; ->ij; ->...",
    forms(call("zeros"), unicode=call("0"), latex=call("0")),
    weights="zero",
)
# `unit` carries the position of its one (an int counted from 0, or the name of an index).
unit = contraction(
    "unit", "->i", forms(call("unit"), unicode=call("e"), latex=call("e")), weights="index"
)
# `entry` and `component` carry a tuple of positions: of the first axes, of the last ones.
entry = contraction(
    "entry",
    "...->...",
    forms(template("#1[#i]"), latex=template("#1_{#i}"), numpy=template("#1[#i]")),
    weights="entry",
)
component = contraction(
    "component",
    "...->...",
    forms(template("#1[..., #i]"), latex=template("#1_{#i}"), numpy=template("#1[..., #i]")),
    weights="component",
)
# `einsum` carries its string, such as `ik,lj->ijkl`.
einsum = contraction(
    "einsum",
    "...->...",
    forms(call("einsum"), latex=call(r"\operatorname{einsum}")),
    weights="einsum",
)
