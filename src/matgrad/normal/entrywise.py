"""Rules for entrywise products: sinh(x)/cosh(x) is tanh(x) wherever both stand on one label.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, final

from matgrad.core.dims import Number
from matgrad.core.expr import CONTRACTION, Expr, Op
from matgrad.normal.build import spread
from matgrad.normal.canon import Factor
from matgrad.normal.journal import note
from matgrad.normal.product import contract


@final
class ProductRule(NamedTuple):
    """A compiled rule: scalar factors with their exponents, their variable, the result.  Without
    the operator of the first factor, `head`, it has nothing to say."""

    name: str
    head: Op
    factors: tuple[tuple[Expr, Number], ...]
    variable: Expr
    result: Expr


def rewrite(node: Expr, rules: Sequence[ProductRule]) -> tuple[Expr, list[str]]:
    """A product with the rules applied until none fits, and the names of those applied."""
    used: list[str] = []
    while node.op is CONTRACTION:
        ops = {factor.op for factor in node.args}
        fitting = [rule for rule in rules if rule.head in ops]
        found = next((new for rule in fitting for new in _applied(node, rule)), None)
        if found is None:
            break
        name, node = found
        used.append(name)
        note(name)
    return node, used


def _applied(node: Expr, rule: ProductRule) -> Iterator[tuple[str, Expr]]:
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    (head, power), *others = rule.factors
    for first in factors:
        value = _argument(first[0], head)
        if value is None or not _holds(first[2], power):
            continue
        wanted = [(_instance(part, rule.variable, value), p) for part, p in others]
        rest = [_less(first, power), *(f for f in factors if f is not first)]
        for part, p in wanted:
            match = next(
                (f for f in rest if f[0] is part and f[1] == first[1] and _holds(f[2], p)), None
            )
            if match is None:
                break
            rest = [_less(f, p) if f is match else f for f in rest]
        else:
            result = spread(rule.result, {rule.variable: value}, value.shape)
            sizes = dict(zip(out, node.shape, strict=True))
            yield (
                rule.name,
                contract(out, [f for f in rest if f[2]] + [(result, first[1], 1)], 1, sizes),
            )


def _holds(power: Number, wanted: Number) -> bool:
    """Whether a power contains the wanted one: x^3 and x^2 hold x, x^-1 does not."""
    return power >= wanted if wanted > 0 else power <= wanted


def _less(factor: Factor, power: Number) -> Factor:
    return factor[0], factor[1], factor[2] - power


def _argument(node: Expr, pattern: Expr) -> Expr | None:
    """What a function of the rule's variable is applied to."""
    return node.args[0] if node.op is pattern.op and len(node.args) == 1 else None


def _instance(pattern: Expr, variable: Expr, value: Expr) -> Expr:
    """A scalar pattern at an array, entry by entry."""
    return spread(pattern, {variable: value}, value.shape)
