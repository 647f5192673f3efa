"""Conditions: where an answer holds, collected from the operators used.

Floor 4.  Each operator's record says what it needs of its operands.  Conditions are told in the
user's notation, once each, and left out where the operand meets them by construction or another
condition says more: x != 0 stands for x'*x != 0 and for norm(x) != 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.linalg import det
from matgrad.catalogue.properties import closure
from matgrad.core.dims import Dim, leading
from matgrad.core.expr import CONTRACTION, NUMBER, SYMBOL, Expr, make, walk
from matgrad.core.signature import build, choose
from matgrad.normal.build import is_real
from matgrad.normal.lower import lower
from matgrad.normal.squares import modulus, square_root
from matgrad.normal.sums import ONE, split
from matgrad.normal.symmetry import orient
from matgrad.notation.render import render
from matgrad.notation.shared import shared_parts
from matgrad.shorten.exponents import demands, is_inverse, lower_bounds

_WORD = re.compile(r"[A-Za-z]\w*")
# Relations by strength: a condition falls when a stronger one on the same thing is there.
_OFF_CUT = "outside (-inf, 0]"
_STRENGTH = {"> 0": 2, _OFF_CUT: 2, "!= 0": 1, "nonsingular": 1}
_DEFINITE = "positive definite"
# Relations between two operands, as relations of their difference.
_BETWEEN = {" != ": "!= 0", " > ": "> 0"}


class _Condition(NamedTuple):
    """`subject relation`; `about` is what decides whether two say the same."""

    about: Expr
    relation: str
    text: str


def conditions(
    roots: Sequence[Expr],
    nonsingular: Iterable[Expr] = (),
    names: Mapping[Expr, str] | None = None,
    least: Mapping[str, int | None] | None = None,
) -> tuple[str, ...]:
    """What the surface expressions `roots` need, in order of appearance; `nonsingular` are
    matrices that a rule inverted on the way, `least` the least values of sizes and integers.
    Conditions that hold `nearby` are for what is differentiated, the first root."""
    collector = _Collector(names or {})
    squared = _squared(roots)
    differentiated = set(walk(*roots[:1]))
    for node in walk(*roots):
        for text in node.op.conditions:
            if " nearby" in text and node not in differentiated:
                continue
            if not (node in squared and text.endswith("!= 0")):
                collector.add_cell(node, text)
        if node.op.weights == "data":
            collector.add_power(node)
        elif node.op.weights == "matpow" and is_inverse(node.data):
            collector.add(node.args[0], "nonsingular")
    for matrix in nonsingular:
        collector.add(matrix, "nonsingular")
    demanded = [
        size
        for base, size in demands(roots)
        if base is None or not (is_inverse(size) or (is_nonsingular(base) or is_positive(base)))
    ]
    bounds = lower_bounds(demanded, least or {})
    return tuple([*(condition.text for condition in collector.kept()), *bounds])


def _squared(roots: Sequence[Expr]) -> set[Expr]:
    """The nodes that occur in even powers only: norm(x)^2 is smooth where norm(x) is not."""
    even: set[Expr] = set()
    other: set[Expr] = set(roots)
    for node in walk(*roots):
        is_power = node.op.kind == "contraction" and node.op.weights == "data"
        is_power &= not isinstance(node.data, Dim)
        (even if is_power and node.data > 0 and node.data % 2 == 0 else other).update(node.args)
    return even - other


@final
class _Collector:
    def __init__(self, names: Mapping[Expr, str]) -> None:
        self.names = names
        self.found: list[_Condition] = []

    def add_cell(self, node: Expr, cell: str) -> None:
        """A condition as a record states it, about the operand it names; `A … unless A, B pd`
        falls where the operands named last have the property."""
        operands = dict(zip(node.op.operands, node.args, strict=False))
        cell, _, exception = cell.partition(" unless ")
        if exception:
            *names, wanted = _WORD.findall(exception)
            if all(has_property(operands[name], wanted) for name in names):
                return
        named = [operands[word] for word in _WORD.findall(cell) if word in operands]
        for sign, relation in _BETWEEN.items():
            if sign in cell and len(named) == 2:
                self.add(_difference(*named), relation)
                return
        subject = named[0]
        stated = next((r for r in _STRENGTH if cell == f"{_name(node, subject)} {r}"), None)
        if stated is not None:
            self.add(subject, stated)
            return
        if node.op.complex == "analytic" and not is_real(lower(subject)):
            self.found.append(_Condition(lower(node), cell, f"{self.text(node)} off branch cuts"))
            return
        text = _WORD.sub(
            lambda word: (
                self.text(operands[word.group()]) if word.group() in operands else word.group()
            ),
            cell,
        )
        self.found.append(_Condition(lower(subject), cell, text))

    def add_power(self, node: Expr) -> None:
        exponent = node.data
        if isinstance(exponent, Dim):
            return
        if exponent != int(exponent):
            self.add(node.args[0], "> 0")
        elif exponent < 0:
            self.add(node.args[0], "!= 0")

    def add(self, subject: Expr, relation: str) -> None:
        while relation == "nonsingular" and subject.op is structure.transpose:
            (subject,) = subject.args
        if relation == "> 0" and not is_real(lower(subject)):
            relation = _OFF_CUT
        subject = _bare(subject, relation)
        holds = is_nonsingular(subject) if relation == "nonsingular" else is_positive(subject)
        normal = lower(subject)
        value, inner = split(normal)
        if not holds and not (inner is ONE and not isinstance(value, Dim) and value > 0):
            about = _about(normal, relation)
            self.found.append(_Condition(about, relation, f"{self.text(subject)} {relation}"))

    def text(self, expr: Expr) -> str:
        """The answer tells what the user's names stand for."""
        text = render(expr, "text", names=self.names)
        return text if shared_parts(expr, {}) else text.partition(" where ")[0]

    def kept(self) -> list[_Condition]:
        best: dict[tuple[Expr, str], _Condition] = {}
        for condition in self.found:
            known = condition.relation in _STRENGTH
            key = (condition.about, "" if known else condition.relation)
            other = best.get(key)
            if other is None or _strength(condition) > _strength(other):
                best[key] = condition
        invertible = {about.args[0] for about, _ in best if about.op is det}
        invertible |= {orient(about)[0] for about, relation in best if relation.endswith(_DEFINITE)}
        return [
            condition
            for condition in best.values()
            if not (condition.relation == "nonsingular" and condition.about in invertible)
        ]


def _difference(left: Expr, right: Expr) -> Expr:
    """left - right, a scalar spread over the other."""
    if right.op is NUMBER and right.data == 0:
        return left
    shape = left.shape or right.shape
    ones = make(structure.ones, (), None, shape)
    sides = (s if s.shape == shape else build(algebra.scale, (s, ones)) for s in (left, right))
    return build(algebra.sub, tuple(sides))


def _name(node: Expr, subject: Expr) -> str:
    return node.op.operands[node.args.index(subject)]


def _strength(condition: _Condition) -> int:
    return _STRENGTH.get(condition.relation, 3)


def _bare(subject: Expr, relation: str) -> Expr:
    """A subject without the number in front and the power it is in, where those do not matter:
    s for 2*s^2 != 0, X for a nonsingular X^2."""
    while relation in ("!= 0", "nonsingular"):
        scaled = subject.op is algebra.scale and subject.args[0].op is NUMBER
        power = subject.data if subject.op.weights in ("data", "matpow") else 0
        named = isinstance(power, Dim) and relation == "nonsingular"
        raised = named or (isinstance(power, int | Fraction) and power > 0)
        if not scaled and not raised and subject.op is not algebra.neg:
            break
        subject = subject.args[-1]
    return subject


def _about(node: Expr, relation: str) -> Expr:
    """What a condition is about: signs, factors and powers that do not matter are taken off."""
    coefficient, inner = split(node)
    if relation != "> 0" or leading(coefficient) > 0:
        node = inner
    if relation == "nonsingular":
        return orient(node)[0]
    while node.op is CONTRACTION and node is not ONE:
        root = square_root(node) or modulus(node)
        if root is not None:
            node = split(root)[1]
        elif len(node.args) == 1 and node.data[1][0] == node.data[0]:
            node = split(node.args[0])[1]
        else:
            break
    return node


def has_property(operand: Expr, wanted: str) -> bool:
    """Whether a property is declared of an operand, or its operator always gives it."""
    while operand.op is structure.transpose:
        (operand,) = operand.args
    return wanted in (operand.data[1] if operand.op is SYMBOL else operand.op.gives)


def is_nonsingular(operand: Expr) -> bool:
    """Whether a matrix is nonsingular by what it is."""
    if operand.op is SYMBOL:
        return "invertible" in closure(operand.data[1])
    return "invertible" in operand.op.gives


def is_positive(operand: Expr) -> bool:
    """Whether every entry is positive by what it is: sums and products of positive entries are."""
    if operand.op is NUMBER:
        return isinstance(operand.data, Dim) or operand.data > 0
    if operand.op is SYMBOL:
        return bool(operand.data[1] & {"positive", "constant"})
    if "positive" in operand.op.gives:
        return True
    if not operand.args or not _adds_up(operand):
        return False
    if operand.op.kind == "linear":
        return any(map(is_positive, operand.args)) and all(map(is_nonnegative, operand.args))
    return all(map(is_positive, operand.args))


def is_nonnegative(operand: Expr) -> bool:
    """Whether no entry is negative by what it is: squares are not, nor what they add up to."""
    if is_positive(operand):
        return True
    if operand.op.weights == "data" and operand.op.kind == "contraction":
        even = not isinstance(operand.data, Dim) and operand.data % 2 == 0
        return even or is_nonnegative(operand.args[0])
    same = len(operand.args) == 2 and operand.args[0] is operand.args[1]
    if same and operand.op.kind == "contraction" and not operand.shape:
        return True
    return bool(operand.args) and _adds_up(operand) and all(map(is_nonnegative, operand.args))


def _adds_up(node: Expr) -> bool:
    """Whether a node's entries are sums of products of its operands' entries, none of them empty
    and none with a minus sign."""
    op = node.op
    if op.kind == "linear":
        return "-" not in op.weights
    if op.kind != "contraction" or (op.weights[:1].isalpha() and op.weights != "data"):
        return False
    output = choose(op, tuple(arg.order for arg in node.args)).output.axes
    return len(set(output)) == len(output)
