"""The rule book compiled: text rows become patterns over normal expressions.

Floor 3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from matgrad.catalogue import OPERATORS
from matgrad.core.expr import Expr, Op, clear_caches, symbols_of
from matgrad.normal import lawbook, triangles  # noqa: F401
from matgrad.normal.build import provide_rules
from matgrad.normal.entrywise import ProductRule
from matgrad.normal.lower import expand, lower, lower_all
from matgrad.normal.match import heads, upright
from matgrad.normal.pattern import Pattern
from matgrad.normal.properties import properties_of
from matgrad.notation.read import read
from matgrad.rules import RULES, Rule

# None while they are being compiled, because a rule's own sides are not rewritten.
_compiled: dict[tuple[Op, str], tuple[Pattern, ...] | None] = {}
# The rules that may match operands with some operators, and those of them that do not ask for
# properties.
_Fitting = tuple[tuple[Pattern, ...], tuple[Pattern, ...]]
_fitting: dict[tuple[Op, str, tuple[Op, ...]], _Fitting] = {}


def patterns(op: Op, args: tuple[Expr, ...], when: str = "always") -> Sequence[Pattern]:
    """The compiled rules whose left side is `op` at operands that have the operators of `args`,
    and properties where they ask for some."""
    heads = tuple([arg.op for arg in args])
    found = _fitting.get((op, when, heads))
    if found is None:
        if (op, when) not in _compiled:
            _compiled[op, when] = None
            rows = [r for r in RULES if r.when == when and OPERATORS.get(_head(r)) is op]
            _compiled[op, when] = tuple(compile_rule(rule) for rule in rows)
        rules = _compiled[op, when]
        if rules is None:
            return ()
        fitting = tuple(rule for rule in rules if rule.fits(heads))
        found = fitting, tuple(rule for rule in fitting if not rule.asks)
        _fitting[op, when, heads] = found
    every, unasking = found
    return every if len(every) == len(unasking) or any(map(properties_of, args)) else unasking


def compile_rule(rule: Rule) -> Pattern:
    """One rule as a pattern; its variables are the symbols of its left side."""
    left = expand(read(rule.left, given=rule.given).expr)
    operands = tuple(map(upright, lower_all(left.args)))
    result = lower(read(rule.right, given=rule.given).expr)
    entrywise = left.op.kind == "elementwise" and not any(s.shape for s in symbols_of(left))
    return Pattern(rule.name, operands, result, entrywise, tuple(map(heads, operands)))


@cache
def product_rules() -> tuple[ProductRule, ...]:
    """The compiled rules for entrywise products."""
    compiled = []
    for rule in RULES:
        if rule.when != "product":
            continue
        reading = read(rule.left, given=rule.given)
        left, right = lower_all((reading.expr, read(rule.right, given=rule.given).expr))
        (variable,) = symbols_of(left)
        factors = list(zip(left.args, left.data[2], strict=True))
        factors.sort(key=lambda factor: factor[0].op.kind != "elementwise")
        compiled.append(ProductRule(rule.name, factors[0][0].op, tuple(factors), variable, right))
    return tuple(compiled)


@cache
def answer_operators() -> frozenset[str]:
    """The names of the operators that rules for answers and for entrywise products speak of."""
    rows = (rule.left for rule in RULES if rule.when in ("answer", "product"))
    return frozenset(name for left in rows for name in re.findall(r"(\w+)\(", left))


def _head(rule: Rule) -> str:
    return rule.left[: rule.left.index("(")]


def clear() -> None:
    """Forget compiled rules (operators may have been registered since), and what they made of
    nodes: a rule compiled again must not be rewritten by its former self."""
    _compiled.clear()
    _fitting.clear()
    lawbook.clear()
    clear_caches()


provide_rules(patterns)
