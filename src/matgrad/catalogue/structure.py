"""Rearranging and adding up entries: transpose, trace, diagonals, sums, vec, constants.

Floor 1, data only.  All of these are contractions: none needs a rule of its own.
"""

from __future__ import annotations

from matgrad.catalogue.record import CALL, along, call, contraction, forms, postfix, template

transpose = contraction(
    "transpose",
    "ij->ji; ij...->ji...",
    forms(
        postfix("'"),
        unicode=postfix("ᵀ"),
        latex=postfix(r"^{\top}"),
        numpy=postfix(".T"),
    ),
    cite="MML (5.99)",
)
trace = contraction(
    "trace",
    "ii->; ii...->...",
    forms(call("tr"), latex=call(r"\operatorname{tr}")),
    cite="MML (5.100)",
)
diag = contraction("diag", "i->ii", forms(call("diag"), latex=call(r"\operatorname{diag}")))
diagvec = contraction(
    "diagvec", "ii->i", forms(call("diagvec"), latex=call(r"\operatorname{diagvec}"))
)
total = contraction("sum", "...->", forms(call("sum"), latex=call(r"\operatorname{sum}")))
column_sums = contraction("sum0", "ij->j", along("sum", 0), row=True)
row_sums = contraction("sum1", "ij->i", along("sum", 1))
vec = contraction(
    "vec", "ij->[ji]; ij...->[ji]...", forms(call("vec"), latex=call(r"\operatorname{vec}"))
)
# `unvec` carries the shape it gives as its own shape.
unvec = contraction(
    "unvec",
    "[ji]->ij",
    forms(template("unvec(#1, #n)"), latex=template(r"\operatorname{unvec}_{#n}\left(#1\right)")),
)
eye = contraction(
    "eye",
    "->ii",
    forms(template("eye(#n)"), unicode=template("I#n"), latex=template("I_{#n}")),
)
ones = contraction(
    "ones",
    "->i; ->ij; ->...",
    forms(template("ones(#n)"), unicode=template("1#n"), latex=template(r"\mathbf{1}_{#n}")),
)
zeros = contraction(
    "zeros",
    "->i; ->ij; ->...",
    forms(template("zeros(#n)"), unicode=template("0#n"), latex=template(r"\mathbf{0}_{#n}")),
    weights="zero",
)
# `unit` carries the position of its one (an int counted from 0, or the name of an index).
unit = contraction(
    "unit",
    "->i",
    forms(
        template("unit(#i, #n)"),
        unicode=template("e#i"),
        latex=template("e_{#i}"),
        numpy=template("eye(#n)[#i]"),
    ),
    weights="index",
    gives=("onehot",),
)
# `entry` and `component` carry a tuple of positions: of the first axes, of the last ones.
entry = contraction(
    "entry",
    "...->...",
    forms(postfix("[#i]", CALL), latex=postfix("_{#i}", CALL)),
    weights="entry",
)
component = contraction(
    "component",
    "...->...",
    forms(
        postfix("[...,#i]", CALL),
        latex=postfix(r"_{\cdots #i}", CALL),
        numpy=postfix("[..., #i]", CALL),
    ),
    weights="component",
)
# `einsum` carries its string, such as `ik,lj->ijkl`.
einsum = contraction(
    "einsum",
    "...->...",
    forms(call("einsum"), latex=call(r"\operatorname{einsum}")),
    weights="einsum",
)
# `fuse` joins two axes: fuse(m, n)[p, i, j] is one where p counts the pair (i, j) row by row.
fuse = contraction(
    "fuse",
    "->[ij]ij",
    forms(
        template("fuse(#n)"),
        unicode=template("fuse#n"),
        latex=template(r"\operatorname{fuse}\left(#n\right)"),
    ),
)
