"""Complex values: the imaginary unit, conjugates and what is made of them.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, composed, conjugate, forms, postfix, template
from matgrad.core.expr import symbol

# Squared it is -1 (`normal.product`); its conjugate is its negative.
IMAGINARY = symbol("1i", (), {"imaginary"})

conj = conjugate("conj", forms(call("conj"), latex=template(r"\overline{#1}")))
ctranspose = composed(
    "ctranspose",
    "(m,n)->(n,m)",
    "conj(A)'",
    forms(
        postfix("^H"), unicode=postfix("ᴴ"), latex=postfix(r"^{\mathsf{H}}"), numpy=postfix(".H")
    ),
    operands=("A",),
)
real = composed(
    "real",
    "(...)->(...)",
    "(A + conj(A))/2",
    forms(call("real"), unicode=call("Re"), latex=call(r"\operatorname{Re}")),
    operands=("A",),
)
imag = composed(
    "imag",
    "(...)->(...)",
    "(conj(A) - A)*1i/2",
    forms(call("imag"), unicode=call("Im"), latex=call(r"\operatorname{Im}")),
    operands=("A",),
)
