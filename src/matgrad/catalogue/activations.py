"""The activation functions of neural networks.

Floor 1, data only: a line each.  All are abbreviations.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, composed, forms
from matgrad.core.expr import Op

_GOODFELLOW = "Goodfellow, Bengio & Courville 2016, Deep Learning, sec. 6.3"


def _activation(name: str, definition: str, cite: str) -> Op:
    return composed(name, "(...)->(...)", definition, forms(call(name)), operands=("A",), cite=cite)


gelu = _activation("gelu", "A.*normcdf.(A)", "Hendrycks & Gimpel 2016, Gaussian error linear units")
silu = _activation(
    "silu", "A.*sigmoid.(A)", "Elfwing, Uchibe & Doya 2018, Sigmoid-weighted linear units"
)
mish = _activation("mish", "A.*tanh.(softplus.(A))", "Misra 2019, Mish")
log_sigmoid = _activation("logsigmoid", "-softplus.(-A)", _GOODFELLOW)
# The slope, or the limit, on the left is the second operand.
leaky_relu = composed(
    "leaky_relu",
    "(...),()->(...)",
    "relu.(A) - a*relu.(-A)",
    forms(call("leaky_relu")),
    operands=("A", "a"),
    cite=_GOODFELLOW,
)
elu = composed(
    "elu",
    "(...),()->(...)",
    "relu.(A) + a*expm1.(-relu.(-A))",
    forms(call("elu")),
    operands=("A", "a"),
    cite="Clevert, Unterthiner & Hochreiter 2016, Exponential linear units",
)
