"""Small pieces of surface notation: coefficients, signs, powers, products, constants.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from matgrad.catalogue import algebra, linalg, structure
from matgrad.catalogue.complex import conj, ctranspose
from matgrad.catalogue.orders import exchange
from matgrad.catalogue.scalar import absolute
from matgrad.core.dims import Dim, Number, Size, leading, sign_at_large
from matgrad.core.expr import CONTRACTION, NUMBER, Expr, make, number
from matgrad.core.signature import build


class Stuck(Exception):
    """A graph that has no form in the notation of matrices."""


def zeros(node: Expr) -> Expr:
    """The zero of a shape as users write it."""
    return make(structure.zeros, (), None, node.shape) if node.shape else number(0)


def constant(node: Expr) -> Expr:
    """An array of ones, or an identity."""
    out = node.data[0]
    if len(set(out)) == len(out):
        return make(structure.ones, (), None, node.shape)
    if len(out) == 2:
        return make(structure.eye, (), None, node.shape)
    raise Stuck("a product of identities has no matrix form")


def is_constant(node: Expr) -> bool:
    """Whether a normal expression is an array of ones, an identity, or one."""
    return node.op is CONTRACTION and not node.args


def strip_sign(expr: Expr) -> tuple[int, Expr]:
    """A leading minus sign, taken off."""
    if expr.op is algebra.neg:
        return -1, expr.args[0]
    if expr.op is NUMBER and not isinstance(expr.data, Dim) and expr.data < 0:
        return -1, number(-expr.data)
    if expr.op is algebra.scale and expr.args[0].op is NUMBER:
        sign, positive = strip_sign(expr.args[0])
        if sign < 0:
            rest = expr.args[1]
            one = positive.data == 1
            return -1, rest if one else build(algebra.scale, (positive, rest))
    if expr.op is algebra.divide and expr.args[1].op is NUMBER:
        sign, inner = strip_sign(expr.args[0])
        if sign < 0:
            return -1, build(algebra.divide, (inner, expr.args[1]))
    return 1, expr


def weigh(coefficient: Size, expr: Expr) -> Expr:
    """coefficient · expr: 2*A, -A, A/2, 3*A/2, (n + 1)*A."""
    if coefficient == 1:
        return expr
    if expr.op is NUMBER:
        return number(coefficient * expr.data)
    top, bottom = _fraction(coefficient)
    if expr.op is algebra.divide and not expr.args[1].order and top not in (1, -1):
        above = weigh(top, expr.args[0])
        return weigh(Fraction(1, bottom), build(algebra.divide, (above, expr.args[1])))
    if not isinstance(coefficient, Dim) and coefficient < 0:
        inner = weigh(-coefficient, expr)
        if coefficient == -1 or inner.op is algebra.divide:
            if expr.op is algebra.scale and expr.args[0].op is NUMBER:
                value = number(-1 * expr.args[0].data)
                return build(algebra.scale, (value, expr.args[1]))
            return build(algebra.neg, (inner,))
        return build(algebra.scale, (number(coefficient), expr))
    if top != 1:
        expr = build(algebra.scale, (number(top), expr))
    if bottom != 1:
        expr = build(algebra.divide, (expr, number(bottom)))
    return expr


def added(terms: Sequence[tuple[Size, Expr]]) -> Expr:
    """A sum of terms with their coefficients, as they stand; sums over the same index are one."""
    coefficient, expr = terms[0]
    total = weigh(coefficient, expr)
    for coefficient, expr in terms[1:]:
        if leading(coefficient) < 0:
            total = build(algebra.sub, (total, weigh(-coefficient, expr)))
        else:
            total = build(algebra.add, (total, weigh(coefficient, expr)))
    return total


def _fraction(coefficient: Size) -> tuple[Size, int]:
    """A coefficient as numerator and denominator."""
    if isinstance(coefficient, Dim):
        return coefficient, 1
    return coefficient.numerator, coefficient.denominator


def raised(expr: Expr, exponent: Number) -> Expr:
    """An elementwise power as users write it."""
    if exponent == 1:
        return expr
    if exponent * 2 % 2 == 1 and (value := _conjugates(expr)) is not None:
        return raised(build(absolute, (value,)), exponent * 2)
    if exponent * 2 == 1:
        return build(algebra.sqrt, (expr,))
    return build(algebra.power, (expr,), exponent)


def hadamard(left: Expr, right: Expr) -> Expr:
    """The Hadamard product of two matrices; a negative power is a denominator, equal factors
    are a power."""
    if (product := _as_power(left, right) or _as_power(right, left)) is not None:
        return product
    if _is_below(left) and not _is_below(right):
        left, right = right, left
    if _is_below(right) and not _is_below(left):
        return build(algebra.divide, (left, raised(right.args[0], -right.data)))
    return build(algebra.hadamard, (left, right))


def _as_power(whole: Expr, factor: Expr) -> Expr | None:
    """A Hadamard product as a power, where the factor is what `whole` is, or multiplies."""
    if (power := _joined_powers(whole, factor)) is not None:
        return power
    if whole.op not in (algebra.hadamard, algebra.divide):
        return None
    left, right = whole.args
    if (power := _joined_powers(left, factor)) is not None:
        return build(whole.op, (power, right))
    if whole.op is algebra.hadamard and (power := _joined_powers(right, factor)) is not None:
        return build(whole.op, (left, power))
    return None


def _joined_powers(left: Expr, right: Expr) -> Expr | None:
    (one, first), (other, second) = _whole_power(left), _whole_power(right)
    return raised(one, first + second) if one is other and first > 0 < second else None


def _whole_power(expr: Expr) -> tuple[Expr, int]:
    """An array and the whole number its entries are raised to."""
    if expr.op is algebra.power and isinstance(expr.data, int):
        return expr.args[0], expr.data
    return expr, 1


def _is_below(expr: Expr) -> bool:
    return expr.op is algebra.power and sign_at_large(expr.data) < 0


def _conjugates(expr: Expr) -> Expr | None:
    """z in the entrywise product of z and its conjugate, which is abs(z)^2."""
    if expr.op in (algebra.hadamard, algebra.scale):
        for value, other in (expr.args, expr.args[::-1]):
            if other.op is conj and other.args[0] is value:
                return value
    return None


def turn(expr: Expr) -> Expr:
    """The transpose of a matrix expression, never twice."""
    if expr.op is structure.eye or expr.op is exchange:
        return expr
    if expr.op is conj:
        return build(ctranspose, expr.args)
    if expr.op is ctranspose:
        return build(conj, expr.args)
    return expr.args[0] if expr.op is structure.transpose else build(structure.transpose, (expr,))


def multiply(parts: Sequence[Expr], *, counted: bool = False, solving: bool = False) -> Expr:
    """A product of matrices, written left to right: runs of equal factors become powers and
    neighbouring inverses one inverse; where transposes count, A'*B' is (B*A)'; `solving` writes
    inv(A)*B as A\\B, unless an inverse remains at the end.  The last part may be a vector."""
    if solving and not _inverted(parts[-1]):
        for k, part in enumerate(parts[:-1]):
            if found := _inverted(part):
                matrix, turned = found
                rest = multiply(parts[k + 1 :], counted=counted, solving=True)
                solved = build(linalg.solve, (turn(matrix) if turned else matrix, rest))
                return multiply([*parts[:k], solved], counted=counted)
    runs: list[tuple[Expr, int]] = []
    for part in parts:
        if runs and runs[-1][0] is part:
            runs[-1] = (part, runs[-1][1] + 1)
        else:
            runs.append((part, 1))
    powers = _joined_inverses([_power(base, count) for base, count in runs])
    powers = _weighted_entries(powers)
    if counted:
        powers = _joined_transposes(powers)
    total = powers[0]
    for part in powers[1:]:
        total = build(algebra.matmul, (total, part))
    return total


def _weighted_entries(parts: list[Expr]) -> list[Expr]:
    """diag(x)*A*diag(y) as x*y' .* A."""
    for k in range(len(parts) - 2):
        left, middle, right = parts[k : k + 3]
        diagonals = left.op is structure.diag and right.op is structure.diag
        if diagonals and middle.op is not structure.diag and middle.order == 2:
            weights = build(algebra.outer, (left.args[0], right.args[0]))
            return [*parts[:k], hadamard(weights, middle), *_weighted_entries(parts[k + 3 :])]
    return parts


def _joined_transposes(parts: list[Expr]) -> list[Expr]:
    joined: list[Expr] = []
    for is_turned, run in groupby(parts, lambda part: part.op is structure.transpose):
        group = list(run)
        if is_turned and len(group) > 1 and all(part.order == 2 for part in group):
            group = [turn(multiply([turn(part) for part in reversed(group)]))]
        joined += group
    return joined


def _power(base: Expr, count: int) -> Expr:
    if count == 1:
        return base
    if base.op is structure.transpose:
        return turn(_power(base.args[0], count))
    return make(linalg.matpow, (base,), count, base.shape)


def _joined_inverses(parts: list[Expr]) -> list[Expr]:
    """inv(B)*inv(A) as inv(A*B), and so for their transposes."""
    joined: list[Expr] = []
    for part in parts:
        if joined:
            merged = _join(joined[-1], part)
            if merged is not None:
                joined[-1] = merged
                continue
        joined.append(part)
    return joined


def _join(left: Expr, right: Expr) -> Expr | None:
    first, second = _inverted(left), _inverted(right)
    if first is None or second is None:
        return None
    if first[1] and second[1]:
        product = multiply([*_factors(first[0]), *_factors(second[0])])
        return turn(build(linalg.inv, (product,)))
    left_arg = turn(first[0]) if first[1] else first[0]
    right_arg = turn(second[0]) if second[1] else second[0]
    return build(linalg.inv, (multiply([*_factors(right_arg), *_factors(left_arg)]),))


def _inverted(expr: Expr) -> tuple[Expr, bool] | None:
    """What an inverse, or a transposed inverse, inverts, and whether it is transposed."""
    if expr.op is linalg.inv:
        return expr.args[0], False
    if expr.op is structure.transpose and expr.args[0].op is linalg.inv:
        return expr.args[0].args[0], True
    return None


def _factors(expr: Expr) -> list[Expr]:
    if expr.op is algebra.matmul and expr.args[0].order == 2 and expr.args[1].order == 2:
        return [*_factors(expr.args[0]), expr.args[1]]
    return [expr]
