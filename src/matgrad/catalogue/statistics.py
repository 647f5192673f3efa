"""Scalar functions of statistics: the normal distribution, the gamma function, log odds.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import SIGN_KEPT, elementwise

normpdf = elementwise(
    "normpdf",
    "-x*normpdf(x)",
    latex=r"\varphi",
    gives=("unit_interval",),
    cite="Abramowitz & Stegun 1964, 26.2.1",
)
normcdf = elementwise(
    "normcdf",
    "normpdf(x)",
    latex=r"\Phi",
    gives=("unit_interval",),
    cite="Abramowitz & Stegun 1964, 26.2.2",
)
erfc = elementwise(
    "erfc",
    "-2*exp(-x^2)/sqrt(pi)",
    latex=r"\operatorname{erfc}",
    gives=("(0, 2)",),
    cite="Abramowitz & Stegun 1964, 7.1.2",
)
lgamma = elementwise(
    "lgamma",
    "digamma(x)",
    latex=r"\log\Gamma",
    conditions=("x > 0",),
    cite="Abramowitz & Stegun 1964, 6.3.1",
)
gamma = elementwise(
    "gamma",
    "gamma(x)*digamma(x)",
    latex=r"\Gamma",
    gives=("positive",),
    conditions=("x > 0",),
    cite="Abramowitz & Stegun 1964, 6.3.1",
)
digamma = elementwise(
    "digamma",
    "trigamma(x)",
    latex=r"\psi",
    conditions=("x > 0",),
    cite="Abramowitz & Stegun 1964, 6.4.1",
)
# The next polygamma function has no record, so that the derivative is refused by name.
trigamma = elementwise(
    "trigamma",
    "",
    latex=r"\psi'",
    gives=("positive",),
    conditions=("x > 0",),
    cite="Abramowitz & Stegun 1964, 6.4.1",
)
log1p = elementwise(
    "log1p",
    "1/(1 + x)",
    latex=r"\operatorname{log1p}",
    conditions=("x > -1",),
    gives=SIGN_KEPT,
)
expm1 = elementwise(
    "expm1", "exp(x)", latex=r"\operatorname{expm1}", gives=("(-1, inf)", *SIGN_KEPT)
)
logit = elementwise(
    "logit",
    "1/(x*(1 - x))",
    latex=r"\operatorname{logit}",
    conditions=("0 < x < 1",),
    cite="inverse of the logistic function",
)
