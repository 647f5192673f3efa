"""Powers of products and of numbers: what opens, and what is rational.

Floor 3.
"""

from __future__ import annotations

from fractions import Fraction

from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.dims import Dim, Number, Size, content, leading, taken_apart
from matgrad.core.expr import Expr
from matgrad.normal.canon import Labels

_UNIT: tuple[Expr, Labels] = (IMAGINARY, ())
# A product inside a product is spliced in up to this many factors; beyond it stays a factor,
# so that work grows with the graph (X², (X²)², …) and not with the tree.
SPLICE_LIMIT = 64
# Scalar parts with at least so many factors are labelled by themselves.
LARGE_PART = 8
# Up to this power a product is multiplied out (x'*A*A*x and the square of A*x agree).
POWER_LIMIT = 4


def copies(node: Expr, exponent: Number) -> int:
    """How often a product opens under an exponent: 0 stays shut, -1 opens with the exponent."""
    out, rows, exponents = node.data
    if not node.args and len(set(out)) == len(out):
        return -1
    if exponent == 1:
        return 1 if len(node.args) <= SPLICE_LIMIT else 0
    outputs = set(out)
    monomial = len(outputs) == len(out) and all(label in outputs for row in rows for label in row)
    if monomial:
        if exponent == int(exponent):
            return -1
        if len(node.args) == 1 and (exponents[0] != int(exponents[0]) or exponents[0] % 2):
            return -1
        return 0
    if out and exponent == int(exponent) and 1 < exponent <= POWER_LIMIT:
        return int(exponent) if len(node.args) * exponent <= SPLICE_LIMIT else 0
    return 0


def parts_of(value: Size, exponent: Number) -> tuple[Number, list[tuple[Size, Number]]]:
    """A power of a number: its rational part, and powers of other numbers.  Names of sizes, which
    are positive, stand alone, so that 1/(m*n) is 1/m/n."""
    if not isinstance(value, Dim):
        root = _root(value, exponent)
        return (1, [(value, exponent)]) if root is None else (root, [])
    names, rest = taken_apart(value)
    parts = [(Dim(name), power * exponent) for name, power in names]
    common: Number = content([rest])
    if leading(rest) < 0 and exponent == int(exponent):
        common = -common
    number, roots = parts_of(common, exponent)
    rest = rest * (1 / Fraction(common))
    return number, parts + roots + ([(rest, exponent)] if rest != 1 else [])


def _root(value: Number, exponent: Number) -> Number | None:
    """value ** exponent where that is rational."""
    if exponent == int(exponent):
        return Fraction(value) ** int(exponent)
    if value <= 0:
        return None
    fraction, power = Fraction(value), Fraction(exponent)
    top = _integer_root(fraction.numerator, power.denominator)
    bottom = _integer_root(fraction.denominator, power.denominator)
    if top is None or bottom is None:
        return None
    return Fraction(top, bottom) ** power.numerator


def _integer_root(value: int, degree: int) -> int | None:
    root = round(value ** (1 / degree))
    return next((r for r in (root - 1, root, root + 1) if r >= 0 and r**degree == value), None)


def turn(factors: dict[tuple[Expr, Labels], Number]) -> int:
    """Reduce a power of the imaginary unit among factors: its square is the sign it leaves."""
    power = factors.pop(_UNIT, 0)
    if power == int(power):
        if power % 2:
            factors[_UNIT] = 1
        return -1 if power % 4 >= 2 else 1
    factors[_UNIT] = power
    return 1
