"""What scalar functions of two operands mean, entry by entry over dual numbers.

Floor 4.  Where a function has cases, the real parts choose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from matgrad.core.errors import NoRule
from matgrad.proof.dual import Dual, combine
from matgrad.proof.point import Point
from matgrad.proof.ring import BadPoint
from matgrad.proof.scalars import real_power

Definition = Callable[[Point, Sequence[Dual]], Dual]


def spread(scalar: Dual, like: Dual) -> Dual:
    """A scalar in every entry of a shape; an array as it is."""
    if scalar.shape:
        return scalar
    width = len(like.real)
    return Dual(like.ring, like.shape, {s: part * width for s, part in scalar.parts.items()})


def _choose(mask: Sequence[bool], yes: Dual, no: Dual) -> Dual:
    """Entries of one array or the other."""
    parts = {
        s: [a if take else b for take, a, b in zip(mask, yes.part(s), no.part(s), strict=True)]
        for s in {*yes.parts, *no.parts}
    }
    return Dual(yes.ring, yes.shape, parts)


def _angle(point: Point, args: Sequence[Dual]) -> Dual:
    """The angle of the point (x, y): an arc tangent of y/x or of x/y, and a constant."""
    y, x = args
    y, x = spread(y, x), spread(x, y)
    if point.ring.prime is not None:
        raise NoRule("the elements of a field have no order")
    if any(a == b == 0 for a, b in zip(x.real, y.real, strict=True)):
        raise BadPoint("the angle of the origin")
    flat = [abs(b) <= abs(a) for a, b in zip(x.real, y.real, strict=True)]
    one = x.constant(1)
    low = point.scalar("atan", _choose(flat, y, one) / _choose(flat, x, one))
    high = -point.scalar("atan", _choose(flat, one, x) / _choose(flat, one, y))
    angle = _choose(flat, low, high)
    turned = [
        math.atan2(b, a) - entry for a, b, entry in zip(x.real, y.real, angle.real, strict=True)
    ]
    return angle + Dual(x.ring, x.shape, {0: turned})


def _threshold(x: Dual, given: Dual) -> Dual:
    """A positive scalar in every entry."""
    if x.ring.prime is not None:
        raise NoRule("the elements of a field have no order")
    if given.real[0] <= 0:
        raise BadPoint("a threshold that is not positive")
    return spread(given, x)


def _huber(point: Point, args: Sequence[Dual]) -> Dual:
    """x^2/2 where |x| <= t, and t*(|x| - t/2) elsewhere."""
    x, t = args[0], _threshold(*args)
    size = point.scalar("abs", x)
    half = Fraction(1, 2)
    beyond = t * (size - combine(((half, t),)))
    return _choose(_exceeds(t, size), combine(((half, x * x),)), beyond)


def _soft_threshold(point: Point, args: Sequence[Dual]) -> Dual:
    """x - t above t, x + t below -t, zero between."""
    x, t = args[0], _threshold(*args)
    near = _choose(_exceeds(-t, x), x + t, x.constant(0))
    return _choose(_exceeds(x, t), x - t, near)


def _exceeds(left: Dual, right: Dual) -> list[bool]:
    """Where one array is greater.  Raises BadPoint where both agree, for that is a kink."""
    if left.ring.prime is not None:
        raise NoRule("the elements of a field have no order")
    if any(a == b for a, b in zip(left.real, right.real, strict=True)):
        raise BadPoint("at a kink")
    return [a > b for a, b in zip(left.real, right.real, strict=True)]


def _together(function: Callable[..., Dual]) -> Definition:
    """A function of arrays of one shape, of which some may be scalars."""

    def definition(point: Point, args: Sequence[Dual]) -> Dual:
        like = max(args, key=lambda arg: len(arg.shape))
        return function(point, *(spread(arg, like) for arg in args))

    return definition


def _larger(point: Point, a: Dual, b: Dual) -> Dual:
    return _choose(_exceeds(a, b), a, b)


def _clip(point: Point, x: Dual, low: Dual, high: Dual) -> Dual:
    """The middle one of three."""
    if any(not a < b for a, b in zip(low.real, high.real, strict=True)):
        raise BadPoint("an empty interval")
    return _choose(_exceeds(low, x), low, _choose(_exceeds(x, high), high, x))


def _logaddexp(point: Point, a: Dual, b: Dual) -> Dual:
    """log(exp(a) + exp(b)), without overflow."""
    return b + point.scalar("softplus", a - b)


def _power(point: Point, base: Dual, exponent: Dual) -> Dual:
    """exp(b*log(a))."""
    return point.scalar("exp", exponent * point.scalar("log", base))


PAIRS: dict[str, Definition] = {
    "atan2": _angle,
    "clip": _together(_clip),
    "huber": _huber,
    "hypot": _together(lambda point, a, b: real_power(a * a + b * b, Fraction(1, 2))),
    "logaddexp": _together(_logaddexp),
    "maximum": _together(_larger),
    "minimum": _together(lambda point, a, b: -_larger(point, -a, -b)),
    "pow": _together(_power),
    "soft_threshold": _soft_threshold,
    "where": _together(lambda point, x, y, a, b: _choose(_exceeds(x, y), a, b)),
}
