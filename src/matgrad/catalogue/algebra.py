"""Sums, products, quotients and powers.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import (
    ADD,
    PRODUCT,
    call,
    contraction,
    forms,
    infix,
    linear,
    postfix,
    prefix,
    template,
)

add = linear("add", "...,...->...", "1,1", forms(infix(" + ", ADD), latex=infix(" + ", ADD)))
sub = linear(
    "sub",
    "...,...->...",
    "1,-1",
    forms(infix(" - ", ADD), unicode=infix(" − ", ADD), latex=infix(" - ", ADD)),
)
neg = linear("neg", "...->...", "-1", forms(prefix("-"), unicode=prefix("−"), latex=prefix("-")))

scale = contraction(
    "scale",
    ",...->...",
    forms(infix("*", PRODUCT), unicode=infix(" ", PRODUCT), latex=infix(r"\,", PRODUCT)),
)
matmul = contraction(
    "matmul",
    "ik,kj->ij; ik,k->i; k,kj->j; k,k->; "
    "ik,k...->i...; ik...,kj->ij...; k,k...->...; ik...,k->i...",
    forms(
        infix("*", PRODUCT),
        unicode=infix(" ", PRODUCT),
        latex=infix(r"\,", PRODUCT),
        numpy=infix(" @ ", PRODUCT),
    ),
)
hadamard = contraction(
    "hadamard",
    "...,...->...",
    forms(
        infix(".*", PRODUCT),
        unicode=infix(" ⊙ ", PRODUCT),
        latex=infix(r" \odot ", PRODUCT),
        numpy=infix("*", PRODUCT),
    ),
)
divide = contraction(
    "divide",
    "...,->...; ...,...->...",
    forms(
        infix("./", PRODUCT),
        unicode=infix(" ⊘ ", PRODUCT),
        latex=infix(r" \oslash ", PRODUCT),
        numpy=infix("/", PRODUCT),
    ),
    weights="1,-1",
    conditions=("B != 0",),
)
outer = contraction(
    "outer",
    "i,j->ij",
    forms(
        template("#1*#2'", PRODUCT),
        unicode=template("#1 #2ᵀ", PRODUCT),
        latex=template(r"#1\,#2^{\top}", PRODUCT),
        numpy=call("outer"),
    ),
)
inner = contraction(
    "inner",
    "ij,ij->; i,i->; ijk,ijk->; ijkl,ijkl->",
    forms(
        call("inner"),
        latex=template(r"\left\langle #1,\,#2\right\rangle"),
        numpy=call("sum"),
    ),
)
# Beside a matrix a vector is a column.  NumPy would take it for a row there, so that notation
# writes it as a matrix of one column.
kron = contraction(
    "kron",
    "ij,kl->[ik][jl]; i,k->[ik]; ij,k->[ik]j; i,kl->[ik]l",
    forms(
        call("kron"),
        unicode=infix(" ⊗ ", PRODUCT),
        latex=infix(r" \otimes ", PRODUCT),
        numpy=call("kron"),
    ),
)
# `power` carries its exponent, a rational number, as data.
power = contraction(
    "power",
    "...->...",
    forms(postfix("^"), latex=postfix("^"), numpy=postfix("**")),
    weights="data",
)
sqrt = contraction(
    "sqrt",
    "...->...",
    forms(call("sqrt"), unicode=call("√"), latex=template(r"\sqrt{#1}")),
    weights="1/2",
    conditions=("A > 0",),
)
