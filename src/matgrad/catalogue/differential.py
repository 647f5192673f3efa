"""The differential of an expression, as a node: what the lines of a derivation are written with.

Floor 1, data only.  It is in no register: users write derivatives, not differentials.
"""

from __future__ import annotations

from matgrad.catalogue.record import PRODUCT, call, forms, infix, template
from matgrad.core.expr import Op

# `data` is the variable that moves: its name, and the positions of the one entry that does, if any.
DIFFERENTIAL = Op(
    "differential",
    "structural",
    "...->...",
    operands=("A",),
    weights="differential",
    complex="analytic",  # along one direction
    forms=forms(call("d"), latex=call(r"\mathrm{d}")),
    cite="definition",
)
# The partial derivatives of one part by another, as a quotient, and the product of two such: for
# the print of the chain rule.
QUOTIENT = Op(
    "derivative",
    "structural",
    "...,...->...",
    operands=("A", "B"),
    weights="quotient",
    forms=forms(
        template("d(#1)/d#2", PRODUCT),
        unicode=template("∂#1/∂#2", PRODUCT),
        latex=template(r"\frac{\partial\,#1}{\partial\,#2}"),
    ),
    cite="definition",
)
CHAINED = Op(
    "chained",
    "structural",
    "...,...->...",
    operands=("A", "B"),
    weights="quotient",
    forms=forms(
        infix(" * ", PRODUCT), unicode=infix(" · ", PRODUCT), latex=infix(r" \cdot ", PRODUCT)
    ),
    cite="definition",
)
