"""Values of the first two derivatives of log|gamma|, which Python's math has not.

Floor 4.  An argument is raised by the recurrence until the asymptotic series (Abramowitz &
Stegun 1964, 6.3.18 and 6.4.12) is exact to rounding; a negative one is reflected first.
"""

from __future__ import annotations

import math

# From here on the terms kept of the series, up to x^-16, leave less than rounding.
_LARGE = 12.0
# Bernoulli numbers B_2, B_4, … B_14.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def digamma(x: float) -> float:
    """The derivative of log|gamma|.  Raises ValueError at a pole."""
    if x <= 0:
        return digamma(1 - x) - math.pi / math.tan(math.pi * _no_pole(x))
    lifted = []
    while x < _LARGE:
        lifted.append(1 / x)
        x += 1
    terms = [b / (2 * k * x ** (2 * k)) for k, b in enumerate(_BERNOULLI, 1)]
    return math.fsum([math.log(x), -0.5 / x, *(-term for term in terms), *(-t for t in lifted)])


def trigamma(x: float) -> float:
    """The second derivative of log|gamma|.  Raises ValueError at a pole."""
    if x <= 0:
        return (math.pi / math.sin(math.pi * _no_pole(x))) ** 2 - trigamma(1 - x)
    lifted = []
    while x < _LARGE:
        lifted.append(1 / x**2)
        x += 1
    terms = [b / x ** (2 * k + 1) for k, b in enumerate(_BERNOULLI, 1)]
    return math.fsum([1 / x, 0.5 / x**2, *terms, *lifted])


def _no_pole(x: float) -> float:
    if x == math.floor(x):
        raise ValueError("a pole")
    return x
