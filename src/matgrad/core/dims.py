"""Dimensions: the sizes of axes, known or named.

Floor 0.  A *size* is a positive integer or a `Dim`, a polynomial with rational
coefficients in named sizes (`n`, `m*n`, `n*(n+1)/2`).  The same polynomials serve
as coefficients, because tr(I) = n makes a size a number.  Arithmetic that loses
every name gives back a plain `int` or `Fraction`, so constants stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import final

Number = int | Fraction
Monomial = tuple[tuple[str, int], ...]

_INTERNED: dict[tuple[tuple[Monomial, Number], ...], Dim] = {}


@final
class Dim:
    """A polynomial in named sizes that is not a constant; one object per polynomial."""

    __slots__ = ("names", "terms", "text")

    names: frozenset[str]
    """The names of sizes that occur."""
    terms: tuple[tuple[Monomial, Number], ...]
    text: str

    def __new__(cls, name: str) -> Dim:
        """The size called `name`."""
        return interned(((((name, 1),), 1),))

    # Identity is equality: `interned` makes one object per polynomial.

    def __add__(self, other: Size) -> Size:
        total = dict(self.terms)
        for monomial, coefficient in terms_of(other):
            total[monomial] = total.get(monomial, 0) + coefficient
        return _polynomial(total)

    __radd__ = __add__

    def __neg__(self) -> Size:
        return self * -1

    def __sub__(self, other: Size) -> Size:
        return self + other * -1

    def __rsub__(self, other: Size) -> Size:
        return self * -1 + other

    def __mul__(self, other: Size) -> Size:
        total: dict[Monomial, Number] = {}
        for left, a in self.terms:
            for right, b in terms_of(other):
                monomial = _multiply(left, right)
                total[monomial] = total.get(monomial, 0) + a * b
        return _polynomial(total)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Size:
        return self * Fraction(1, 1) * (Fraction(1) / other)

    def __pow__(self, exponent: int) -> Size:
        if exponent < 0:
            raise ValueError("a size has no negative powers")
        result: Size = 1
        for _ in range(exponent):
            result = self * result
        return result

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Dim({self})"


Size = int | Fraction | Dim
Shape = tuple[Size, ...]


def names_of(size: Size) -> frozenset[str]:
    """The named sizes in `size`; none for a number."""
    return size.names if isinstance(size, Dim) else frozenset()


def substitute(size: Size, values: Mapping[str, Size]) -> Size:
    """Replace named sizes by `values`; names without a value stay."""
    if not isinstance(size, Dim):
        return size
    match size.terms:
        case ((((name, 1),), 1),):
            return values.get(name, size)
    total: Size = 0
    for monomial, coefficient in size.terms:
        product: Size = coefficient
        for name, power in monomial:
            value = values.get(name)
            product = (Dim(name) if value is None else value) ** power * product
        total = total + product
    return total


def evaluate(size: Size, values: Mapping[str, int]) -> Number:
    """The number `size` stands for once every name has a value.

    Raises KeyError for a name without one.
    """
    if not isinstance(size, Dim):
        return size
    total: Number = 0
    for monomial, coefficient in size.terms:
        product: Number = coefficient
        for name, power in monomial:
            product *= values[name] ** power
        total += product
    return int(total) if total == int(total) else total


def content(coefficients: Iterable[Size]) -> Number:
    """The positive rational greatest common divisor of all rational coefficients."""
    numbers: list[Number] = []
    for coefficient in coefficients:
        if isinstance(coefficient, Dim):
            numbers += [number for _, number in coefficient.terms]
        else:
            numbers.append(coefficient)
    numerator = gcd(*[number.numerator for number in numbers]) or 1
    denominator = lcm(*[number.denominator for number in numbers])
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def leading(coefficient: Size) -> Number:
    """The rational coefficient of the first monomial, which decides a polynomial's sign."""
    return coefficient.terms[-1][1] if isinstance(coefficient, Dim) else coefficient


def divide(numerator: Size, denominator: Size) -> Size | None:
    """The exact quotient of two polynomials, or None when there is a remainder."""
    if not isinstance(denominator, Dim):
        return simple(numerator * (Fraction(1) / denominator))
    quotient: Size = 0
    remainder = numerator
    lead, factor = denominator.terms[-1]
    while remainder != 0:
        terms = terms_of(remainder)
        monomial, coefficient = terms[-1]
        ratio = _ratio(monomial, lead)
        if ratio is None:
            return None
        piece = _polynomial({ratio: Fraction(coefficient) / factor})
        quotient = quotient + piece
        remainder = remainder + denominator * piece * -1
    return quotient


def taken_apart(size: Dim) -> tuple[Monomial, Size]:
    """The names that divide a size, with their powers, and the quotient."""
    powers = [dict(monomial) for monomial, _ in size.terms]
    shared = {name: min(p.get(name, 0) for p in powers) for name in sorted(size.names)}
    common = tuple((name, power) for name, power in shared.items() if power)
    rest = {_ratio(monomial, common) or (): c for monomial, c in size.terms}
    return common, _polynomial(rest)


def is_monomial(size: Size) -> bool:
    """Whether a size is a number or a product of names."""
    return not isinstance(size, Dim) or len(size.terms) == 1


def coefficients(size: Size, name: str) -> dict[int, Size]:
    """A polynomial by the powers of one of its names: what each power of it is multiplied by."""
    found: dict[int, Size] = {}
    for monomial, coefficient in terms_of(size):
        power = dict(monomial).get(name, 0)
        rest = tuple(item for item in monomial if item[0] != name)
        found[power] = found.get(power, 0) + _polynomial({rest: coefficient})
    return {power: value for power, value in found.items() if value != 0}


def is_nonnegative(size: Size) -> bool:
    """Whether a polynomial is nonnegative by what it shows: no name is negative, nor is any
    coefficient."""
    return all(coefficient >= 0 for _, coefficient in terms_of(size))


def constant_part(size: Size) -> Number:
    """The term of a polynomial that has no name."""
    return dict(terms_of(size)).get((), 0)


def is_whole(size: Size) -> bool:
    """Whether a polynomial has whole coefficients, so that it is an integer at integers."""
    return all(coefficient == int(coefficient) for _, coefficient in terms_of(size))


def sign_at_large(size: Size) -> int:
    """The sign that a polynomial has for large names: minus where all terms of the highest degree
    pull down (1 - k), else plus (k - 1, k - j), which is a condition on the names."""
    if not isinstance(size, Dim):
        return (size > 0) - (size < 0)
    degrees = [(sum(power for _, power in monomial), c) for monomial, c in size.terms]
    highest = max(degree for degree, _ in degrees)
    return -1 if all(c < 0 for degree, c in degrees if degree == highest) else 1


def positive_first(size: Dim) -> list[tuple[Monomial, Number]]:
    """The terms of a polynomial as they are printed: k - r - 1, not -r + k - 1; m*n + p + q + 1."""
    return sorted(size.terms, key=lambda term: (term[1] < 0, -_order(term)[0], term[0]))


def simple(number: Size) -> Size:
    """The same size with an integral Fraction written as an int."""
    if type(number) is Fraction and number.denominator == 1:
        return number.numerator
    return number


def terms_of(size: Size) -> tuple[tuple[Monomial, Number], ...]:
    """A size as a sum of products of names, each with its coefficient."""
    return size.terms if isinstance(size, Dim) else (((), size),)


def _order(term: tuple[Monomial, Number]) -> tuple[int, Monomial]:
    return sum(power for _, power in term[0]), term[0]


def _polynomial(total: Mapping[Monomial, Number]) -> Size:
    kept = [
        (monomial, c.numerator if type(c) is Fraction and c.denominator == 1 else c)
        for monomial, c in total.items()
        if c != 0
    ]
    if not kept:
        return 0
    if len(kept) == 1 and not kept[0][0]:
        return kept[0][1]
    return interned(tuple(sorted(kept, key=_order)))


def interned(terms: tuple[tuple[Monomial, Number], ...]) -> Dim:
    """The one polynomial with these terms, ordered as `Dim.terms` are."""
    found = _INTERNED.get(terms)
    if found is None:
        found = object.__new__(Dim)
        found.names = frozenset(name for monomial, _ in terms for name, _ in monomial)
        found.terms = terms
        found.text = _text(positive_first(found))
        _INTERNED[terms] = found
    return found


def _multiply(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _ratio(numerator: Monomial, denominator: Monomial) -> Monomial | None:
    powers = dict(numerator)
    for name, power in denominator:
        left = powers.get(name, 0) - power
        if left < 0:
            return None
        powers[name] = left
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _text(terms: Sequence[tuple[Monomial, Number]]) -> str:
    parts: list[str] = []
    for monomial, coefficient in terms:
        sign = "-" if coefficient < 0 else "+"
        size = abs(Fraction(coefficient))
        factors = [name if power == 1 else f"{name}^{power}" for name, power in monomial]
        if size.numerator != 1 or not factors:
            factors.insert(0, str(size.numerator))
        text = "*".join(factors)
        if size.denominator != 1:
            text += f"/{size.denominator}"
        parts.append(f" {sign} {text}" if parts else ("-" if sign == "-" else "") + text)
    return "".join(parts)
