"""Conditions: where an answer holds, collected from the operators used.

Floor 4.  Each operator's record says what it needs of its operands.  Conditions are told in the
user's notation, of the smallest parts, once each, and left out where what is known of the operand
or another condition implies them: x > 0 stands for x != 0 and for 1 + x > 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, final

from matgrad.catalogue import OPERATORS, algebra
from matgrad.catalogue.linalg import det
from matgrad.core.dims import Dim, leading
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import CONTRACTION, NUMBER, SYMBOL, Expr, symbol, walk
from matgrad.core.interval import Interval, interval
from matgrad.core.signature import build
from matgrad.normal.build import instantiate, is_real
from matgrad.normal.inference import known_of
from matgrad.normal.lower import lower
from matgrad.normal.squares import modulus, square_root
from matgrad.normal.sums import ONE, is_number, split
from matgrad.normal.symmetry import orient
from matgrad.notation.bound import sums_under
from matgrad.notation.render import render
from matgrad.shorten.exponents import demands, is_inverse, lower_bounds
from matgrad.shorten.reduction import Demand, difference, operands_of, reduced

_WORD = re.compile(r"[A-Za-z]\w*")
# `cos(x) != 0`: a relation of what a function makes of an operand.
_APPLIED = re.compile(r"(\w+)\((\w+)\) (.*)")
# Relations by strength: a condition falls when a stronger one on the same thing is there.
_OFF_CUT = "outside (-inf, 0]"
_STRENGTH = {"> 0": 3, _OFF_CUT: 3, "has no zeros": 2, "!= 0": 1, "nonsingular": 1}
# What has this property satisfies the relation.
_MET = {
    "> 0": "positive",
    _OFF_CUT: "positive",
    "!= 0": "nonzero",
    "nonsingular": "invertible",
}
_DEFINITE = "symmetric positive definite"
# Relations between two operands, as relations of their difference.
_BETWEEN = {" != ": "!= 0", " > ": "> 0"}


class _Condition(NamedTuple):
    """What must hold of a subject; `about` is what decides whether two say the same."""

    subject: Expr
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
    around = frozenset(sum_.data[0] for root in roots for sum_ in sums_under(root))
    collector = _Collector(names or {}, around)
    squared = _squared(roots)
    differentiated = set(walk(*roots[:1]))
    for node in walk(*roots):
        for text in node.op.conditions:
            beyond = " nearby" in text and node not in differentiated
            if not beyond and not (node in squared and text.endswith("!= 0")):
                collector.add_cell(node, text)
        if node.op.weights == "data":
            collector.add_power(node)
        elif node.op.weights == "matpow" and is_inverse(node.data):
            collector.add(Demand(node.args[0], "nonsingular"))
    for matrix in nonsingular:
        collector.add(Demand(matrix, "nonsingular"))
    demanded = [
        size
        for base, size in demands(roots)
        if base is None or not (is_inverse(size) or is_regular(base))
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
    def __init__(self, names: Mapping[Expr, str], around: frozenset[str]) -> None:
        self.names = names
        self.around = around
        self.found: list[_Condition] = []

    def add_cell(self, node: Expr, cell: str) -> None:
        """A condition as a record states it, about the operand it names; `A … unless A, B pd`
        falls where the operands named last have the property."""
        operands = operands_of(node, self.around)
        cell, _, exception = cell.partition(" unless ")
        if exception:
            *names, wanted = _WORD.findall(exception)
            if all(wanted in known_of(lower(operands[name])).properties for name in names):
                return
        named = [operands[word] for word in _WORD.findall(cell) if word in operands]
        for sign, relation in _BETWEEN.items():
            if sign in cell and len(named) == 2:
                gap = difference(*named)
                self.add(Demand(gap, _of_entries(gap, relation)))
                return
        name = next(word for word in _WORD.findall(cell) if word in operands)
        subject, relation = operands[name], cell.removeprefix(f"{name} ")
        applied = _APPLIED.fullmatch(cell)
        if applied and applied[2] == name and applied[3] in _STRENGTH:
            subject, relation = build(OPERATORS[applied[1]], (subject,)), applied[3]
        if relation in _STRENGTH:
            apart = node.op.kind == "contraction" or node.op.kind == "elementwise"
            self.add(Demand(subject, _of_entries(subject, relation) if apart else relation))
            return
        where = _bounds(relation, cell)
        if where and known_of(lower(subject)).entries.within(where):
            return
        if node.op.complex == "analytic" and not is_real(lower(subject)):
            text = f"{self.text(node)} off branch cuts"
            self.found.append(_Condition(node, lower(node), cell, text))
            return
        text = _WORD.sub(
            lambda word: (
                self.text(operands[word.group()]) if word.group() in operands else word.group()
            ),
            cell,
        )
        self.found.append(_Condition(subject, lower(subject), cell.replace(name, "#"), text))

    def add_power(self, node: Expr) -> None:
        exponent, (base,) = node.data, node.args
        if isinstance(exponent, Dim):
            return
        if exponent != int(exponent):
            self.add(Demand(base, "> 0"))
        elif exponent < 0:
            self.add(Demand(base, _of_entries(base, "!= 0")))

    def add(self, demand: Demand) -> None:
        """A condition, as those on parts that imply it."""
        waiting = [demand]
        while waiting:
            subject, relation = waiting.pop()
            subject = _bare(subject, relation)
            normal = lower(subject)
            if relation == "> 0" and not is_real(normal):
                relation = _OFF_CUT
            if _holds(subject, normal, relation):
                continue
            if normal.order == 0 and is_number(normal):
                needed = f"{self.text(subject)} {relation}"
                raise EvaluationProblem(f"there is no point where this exists: it needs {needed}")
            parts = reduced(Demand(subject, relation))
            if parts is None:
                text = f"{self.text(subject)} {relation}"
                self.found.append(_Condition(subject, _about(normal, relation), relation, text))
            else:
                waiting += reversed(parts)

    def text(self, expr: Expr) -> str:
        return render(expr, "text", names=self.names, explained=False, around=self.around)

    def kept(self) -> Iterator[_Condition]:
        """The conditions that no other implies."""
        best: dict[tuple[Expr, str], _Condition] = {}
        for condition in self.found:
            known = condition.relation in _STRENGTH
            key = (condition.about, "" if known else condition.relation)
            if key not in best or _strength(condition) > _strength(best[key]):
                best[key] = condition
        square = [a.args[0] for a, _ in best if a.op is det and a.args[0].order == 2]
        invertible = {orient(split(matrix)[1])[0] for matrix in square}
        invertible |= {orient(about)[0] for about, relation in best if relation.endswith(_DEFINITE)}
        nonzero = {part for c in best.values() if c.relation == "> 0" for part in _parts(c.about)}
        assumed = dict(_assumed(best.values()))
        for condition in best.values():
            if condition.relation == "nonsingular" and condition.about in invertible:
                continue
            if condition.relation in ("!= 0", "has no zeros") and condition.about in nonzero:
                continue
            if condition.subject.op is SYMBOL or not _follows(condition, assumed):
                yield condition


def _parts(node: Expr) -> Iterator[Expr]:
    """What is not zero where a node is not: the node without its coefficient, and its factors."""
    node = split(node)[1]
    yield node
    if node.op is CONTRACTION and not node.shape:
        yield from (arg for arg in node.args if not arg.shape)


def _bounds(relation: str, cell: str) -> Interval | None:
    """The interval that a cell names: `x > 1`, `0 < x < 1`, `abs(x) < 1`."""
    if match := re.fullmatch(r"> (\S+)", relation):
        return interval(f"({match[1]}, inf)")
    if match := re.fullmatch(r"(\S+) < \w+ < (\S+)", cell):
        return interval(f"({match[1]}, {match[2]})")
    if match := re.fullmatch(r"abs\(\w+\) < (\S+)", cell):
        return interval(f"(-{match[1]}, {match[1]})")
    return None


def _of_entries(subject: Expr, relation: str) -> str:
    """The relation as it is meant of every entry."""
    return "has no zeros" if relation == "!= 0" and subject.shape else relation


def _holds(subject: Expr, normal: Expr, relation: str) -> bool:
    """Whether what is known of an expression satisfies a relation."""
    properties, entries = known_of(normal)
    if relation != "has no zeros":
        return _MET[relation] in properties
    return entries.nonzero or (subject.op is SYMBOL and "nonzero" in properties)


def _assumed(found: Iterable[_Condition]) -> Iterator[tuple[Expr, Expr]]:
    """The symbols that conditions are about, each with one for which these are known to hold."""
    for condition in found:
        subject, met = condition.subject, _MET.get(condition.relation)
        if condition.relation == f"# {_DEFINITE}":
            met = "pd"
        if subject.op is SYMBOL and met:
            name, properties = subject.data
            yield subject, symbol(name, subject.shape, properties | {met})


def _follows(condition: _Condition, assumed: Mapping[Expr, Expr]) -> bool:
    """Whether a condition follows from those on symbols."""
    if condition.relation not in _STRENGTH or not assumed:
        return False
    normal = instantiate(lower(condition.subject), assumed, {})
    return _holds(condition.subject, normal, condition.relation)


def _strength(condition: _Condition) -> int:
    return _STRENGTH.get(condition.relation, 4)


def _bare(subject: Expr, relation: str) -> Expr:
    """A subject without the number in front and the power it is in, where those do not matter:
    s for 2*s^2 != 0, X for a nonsingular X^2."""
    while relation in ("!= 0", "has no zeros", "nonsingular"):
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


def is_regular(base: Expr) -> bool:
    """Whether every power of an expression exists, by what is known of it."""
    return not known_of(lower(base)).properties.isdisjoint(("invertible", "positive"))
