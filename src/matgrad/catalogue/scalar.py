"""Scalar functions, applied entry by entry.

Floor 1, data only: a line each.  The derivative is written at the scalar x.
"""

from __future__ import annotations

from matgrad.catalogue.record import elementwise

exp = elementwise("exp", "exp(x)", latex=r"\exp", gives=("positive",))
log = elementwise("log", "1/x", latex=r"\log", conditions=("x > 0",))
sin = elementwise("sin", "cos(x)", latex=r"\sin")
cos = elementwise("cos", "-sin(x)", latex=r"\cos")
tan = elementwise("tan", "1 + tan(x)^2", latex=r"\tan", conditions=("cos(x) != 0",))
tanh = elementwise("tanh", "1 - tanh(x)^2", latex=r"\tanh")
sinh = elementwise("sinh", "cosh(x)", latex=r"\sinh")
cosh = elementwise("cosh", "sinh(x)", latex=r"\cosh", gives=("positive",))
asin = elementwise(
    "asin", "1/sqrt(1 - x^2)", latex=r"\arcsin", numpy="arcsin", conditions=("abs(x) < 1",)
)
acos = elementwise(
    "acos", "-1/sqrt(1 - x^2)", latex=r"\arccos", numpy="arccos", conditions=("abs(x) < 1",)
)
atan = elementwise("atan", "1/(1 + x^2)", latex=r"\arctan", numpy="arctan")
sec = elementwise("sec", "sec(x)*tan(x)", latex=r"\sec", conditions=("cos(x) != 0",))
csc = elementwise("csc", "-csc(x)*cot(x)", latex=r"\csc", conditions=("sin(x) != 0",))
cot = elementwise("cot", "-1 - cot(x)^2", latex=r"\cot", conditions=("sin(x) != 0",))
asinh = elementwise("asinh", "1/sqrt(1 + x^2)", latex=r"\operatorname{arsinh}", numpy="arcsinh")
acosh = elementwise(
    "acosh",
    "1/sqrt(x^2 - 1)",
    latex=r"\operatorname{arcosh}",
    numpy="arccosh",
    conditions=("x > 1",),
)
atanh = elementwise(
    "atanh",
    "1/(1 - x^2)",
    latex=r"\operatorname{artanh}",
    numpy="arctanh",
    conditions=("abs(x) < 1",),
)
sigmoid = elementwise(
    "sigmoid", "sigmoid(x)*(1 - sigmoid(x))", latex=r"\sigma", gives=("positive",)
)
softplus = elementwise(
    "softplus", "sigmoid(x)", latex=r"\operatorname{softplus}", gives=("positive",)
)
relu = elementwise("relu", "step(x)", latex=r"\operatorname{relu}", conditions=("x != 0",))
step = elementwise("step", "0", latex=r"\operatorname{step}", conditions=("x != 0",))
absolute = elementwise("abs", "sign(x)", latex=r"\operatorname{abs}", conditions=("x != 0",))
sign = elementwise("sign", "0", latex=r"\operatorname{sign}", conditions=("x != 0",))
erf = elementwise(
    "erf",
    "2*exp(-x^2)/sqrt(pi)",
    latex=r"\operatorname{erf}",
    cite="Abramowitz & Stegun 1964, 7.1.1",
)
