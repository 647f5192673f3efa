"""Scalar functions, applied entry by entry.

Floor 1, data only: a line each.  The derivative is written at the scalar x.
"""

from __future__ import annotations

from matgrad.catalogue.record import SIGN_KEPT, elementwise

exp = elementwise("exp", "exp(x)", latex=r"\exp", gives=("positive",), complex="analytic")
log = elementwise("log", "1/x", latex=r"\log", conditions=("x > 0",), complex="analytic")
sin = elementwise("sin", "cos(x)", latex=r"\sin", complex="analytic", gives=("bounded",))
cos = elementwise("cos", "-sin(x)", latex=r"\cos", complex="analytic", gives=("bounded",))
tan = elementwise(
    "tan", "1 + tan(x)^2", latex=r"\tan", conditions=("cos(x) != 0",), complex="analytic"
)
tanh = elementwise(
    "tanh", "1 - tanh(x)^2", latex=r"\tanh", complex="analytic", gives=("(-1, 1)", *SIGN_KEPT)
)
sinh = elementwise("sinh", "cosh(x)", latex=r"\sinh", complex="analytic", gives=SIGN_KEPT)
cosh = elementwise("cosh", "sinh(x)", latex=r"\cosh", complex="analytic", gives=("[1, inf)",))
asin = elementwise(
    "asin",
    "1/sqrt(1 - x^2)",
    latex=r"\arcsin",
    numpy="arcsin",
    conditions=("abs(x) < 1",),
    complex="analytic",
    gives=SIGN_KEPT,
)
acos = elementwise(
    "acos",
    "-1/sqrt(1 - x^2)",
    latex=r"\arccos",
    numpy="arccos",
    conditions=("abs(x) < 1",),
    complex="analytic",
    gives=("positive",),
)
atan = elementwise(
    "atan", "1/(1 + x^2)", latex=r"\arctan", numpy="arctan", complex="analytic", gives=SIGN_KEPT
)
sec = elementwise(
    "sec", "sec(x)*tan(x)", latex=r"\sec", conditions=("cos(x) != 0",), complex="analytic"
)
csc = elementwise(
    "csc", "-csc(x)*cot(x)", latex=r"\csc", conditions=("sin(x) != 0",), complex="analytic"
)
cot = elementwise(
    "cot", "-1 - cot(x)^2", latex=r"\cot", conditions=("sin(x) != 0",), complex="analytic"
)
asinh = elementwise(
    "asinh",
    "1/sqrt(1 + x^2)",
    latex=r"\operatorname{arsinh}",
    numpy="arcsinh",
    complex="analytic",
    gives=SIGN_KEPT,
)
acosh = elementwise(
    "acosh",
    "1/sqrt(x^2 - 1)",
    latex=r"\operatorname{arcosh}",
    numpy="arccosh",
    conditions=("x > 1",),
    complex="analytic",
    gives=("positive",),
)
atanh = elementwise(
    "atanh",
    "1/(1 - x^2)",
    latex=r"\operatorname{artanh}",
    numpy="arctanh",
    conditions=("abs(x) < 1",),
    complex="analytic",
    gives=SIGN_KEPT,
)
sigmoid = elementwise(
    "sigmoid",
    "sigmoid(x)*(1 - sigmoid(x))",
    latex=r"\sigma",
    complex="analytic",
    gives=("unit_interval",),
)
softplus = elementwise(
    "softplus", "sigmoid(x)", latex=r"\operatorname{softplus}", gives=("positive",)
)
relu = elementwise(
    "relu", "step(x)", latex=r"\operatorname{relu}", conditions=("x != 0",), gives=("nonnegative",)
)
step = elementwise(
    "step", "0", latex=r"\operatorname{step}", conditions=("x != 0",), gives=("binary",)
)
absolute = elementwise(
    "abs",
    "sign(x)",
    latex=r"\operatorname{abs}",
    conditions=("x != 0",),
    complex="sqrt.(x.*conj(x))",
    gives=("nonnegative", "bounded if x bounded"),
)
sign = elementwise(
    "sign", "0", latex=r"\operatorname{sign}", conditions=("x != 0",), gives=("sign",)
)
erf = elementwise(
    "erf",
    "2*exp(-x^2)/sqrt(pi)",
    latex=r"\operatorname{erf}",
    cite="Abramowitz & Stegun 1964, 7.1.1",
    gives=("(-1, 1)", *SIGN_KEPT),
)
cbrt = elementwise("cbrt", "1/(3*cbrt(x)^2)", latex=r"\operatorname{cbrt}", conditions=("x != 0",))
log2 = elementwise("log2", "1/(x*log(2))", latex=r"{\log_{2}}", conditions=("x > 0",))
log10 = elementwise("log10", "1/(x*log(10))", latex=r"{\log_{10}}", conditions=("x > 0",))
floor = elementwise("floor", "0", latex=r"\operatorname{floor}", conditions=("x no whole number",))
ceil = elementwise("ceil", "0", latex=r"\operatorname{ceil}", conditions=("x no whole number",))
rounded = elementwise(
    "round", "0", latex=r"\operatorname{round}", conditions=("x + 1/2 no whole number",)
)
