"""The rules that steps cite: an operator's differential, a row of the rule book, a law of products.

Floor 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.certificate.step import Rule, line
from matgrad.core.expr import APPLY, NUMBER, Expr, make
from matgrad.derivations.cells import Cell
from matgrad.notation.read import read
from matgrad.notation.render import render
from matgrad.rules import RULES

_MN = "Magnus & Neudecker 2019, ch. 8, sec. 2"


def _stated(name: str, left: str, right: str, given: str, cite: str, condition: str = "") -> Rule:
    """A rule whose two sides are text."""
    reading = read(f"{left} = {right}", given=given)
    return Rule(name, reading.expr, reading.equals, cite, condition)


_DEF = "definition"
CHAIN_CITE = "Magnus & Neudecker 2019, ch. 5, sec. 11"

CONSTANT = Rule("constant", words="what the variable does not occur in does not change", cite=_MN)
LINEAR = Rule(
    "linearity",
    words="term by term; constant factors stay where they are",
    cite=_MN,
)
ONE_ENTRY = Rule("one-entry-varies", words="the other entries stand still", cite=_DEF)
CHAIN = Rule("chain-rule", words="dF/ds is dF/dz times dz/ds", cite=CHAIN_CITE)
READ_OFF = Rule(
    "read-off",
    words="what stands before the differential is the derivative",
    cite="Magnus & Neudecker 2019, ch. 9, sec. 2",
)
PRODUCT = Rule("product-rule", words="one factor at a time, the others as they are", cite=_MN)


def rule_of(cell: Cell) -> Rule:
    """The differential of an operator as a rule, stated at the names of its record."""
    op = cell.node.op
    d = {slot: _differential(slot) for slot in cell.slots}
    moved = {k: d[cell.slots[k]] for k, _ in cell.moves}
    left, right = _differential(cell.node), cell.at(cell.slots, moved)
    if op is APPLY:
        words = "a function varies by its derivative tensor"
        return Rule("differential-of-a-function", left, right, _DEF, words=words)
    return Rule(
        f"differential-of-{op.name}",
        left,
        right,
        op.cite,
        "; ".join(op.conditions),
    )


def asked(part: Expr) -> list[str]:
    """What an operator asks of its operands, in their own names: `X nonsingular`."""
    found = []
    slots = [*zip(part.op.operands, part.args, strict=False)]
    for condition in part.op.conditions:
        if any(arg.op is NUMBER and name in condition.split() for name, arg in slots):
            continue
        for name, arg in slots:
            text = render(arg, "text")
            condition = text.join(re.split(rf"\b{re.escape(name)}\b", condition))
        found.append(condition)
    return found


def _differential(part: Expr) -> Expr:
    return make(DIFFERENTIAL, (part,), ("", None), part.shape)


# Laws of products that hold by representation in the normal form, by name.
_LAWS: dict[str, tuple[str, str, str, str]] = {
    "inverse-cancels": ("inv(A)*A", "eye(n)", "A: n n", _DEF),
    "trace-rearranged": ("tr(A*B)", "tr(B*A)", "A: m n; B: n m", _DEF),
    "trace-transposed": ("tr(A')", "tr(A)", "A: n n", _DEF),
    "product-as-trace": ("a'*b", "tr(b*a')", "a: n; b: n", _DEF),
    "scalar-transposed": ("x'*A*y", "y'*A'*x", "A: m n; x: m; y: n", _DEF),
    "terms-collected": ("A*B + C*B", "(A + C)*B", "A: m n; C: m n; B: n p", _DEF),
    "diagonal-product": ("x.*y", "diag(x)*y", "x: n; y: n", _DEF),
    "product-transposed": ("(A*B)'", "B'*A'", "A: m n; B: n p", _DEF),
    "scalars-in-front": ("A*(c*B)", "c*(A*B)", "A: m n; B: n p; c: scalar", _DEF),
    "scalars-cancel": ("c*(A/c)", "A", "A: m n; c: scalar", _DEF),
    "common-factor": ("A*B + A*C", "A*(B + C)", "A: m n; B: n p; C: n p", _DEF),
    "multiplied-out": ("A*(B + C)", "A*B + A*C", "A: m n; B: n p; C: n p", _DEF),
}


@cache
def law(name: str) -> Rule:
    """A law of products by name."""
    return _stated(name, *_LAWS[name])


@cache
def book_rule(name: str) -> Rule | None:
    """A row of the rule book, or a law of products, as a rule to cite."""
    if name in _LAWS:
        return law(name)
    row = next((row for row in RULES if row.name == name), None)
    if row is None:
        return None
    return _stated(row.name, row.left, row.right, row.given, row.cite, row.condition)


def book_rules(names: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these names that can be cited."""
    found = map(book_rule, names)
    return tuple(rule for rule in found if rule is not None)


def law_names() -> list[str]:
    """The laws of products that steps cite."""
    return list(_LAWS)


def statement(rule: Rule) -> tuple[str, str]:
    """The two sides of a rule as text."""
    assert rule.left is not None and rule.right is not None
    return line(rule.left), line(rule.right)


# What steps cite that is no identity.
STEP_RULES = {rule.name: rule for rule in (CONSTANT, LINEAR, PRODUCT, ONE_ENTRY, CHAIN, READ_OFF)}
