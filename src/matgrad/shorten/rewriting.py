"""Rules that may make an answer shorter, at the operators of that answer.

Floor 4.  An operator in the left side that has all of the rule's variables, or two that have them
together, say at which operands the rule applies; both sides are then expressions without
variables, and one takes the place of the other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from matgrad.core.expr import SUM, Expr, Op, operators, symbols_of, walk
from matgrad.normal.build import instantiate, spread
from matgrad.normal.indices import lead
from matgrad.normal.lower import lower_all
from matgrad.normal.match import Match
from matgrad.normal.occurrence import substituted
from matgrad.normal.solutions import solutions
from matgrad.normal.sums import split
from matgrad.normal.symmetry import transposed
from matgrad.notation.read import read
from matgrad.rules import RULES, Rule

# An operator, and what follows; a sum before any bracket closes.
_CALL = re.compile(r"([a-z]\w*)[.]?\((?=(.*))")
_SUM = re.compile(r"[^()]*(\([^()]*\)[^()]*)* [+] ")
_KINDS = ("elementwise", "primitive")


class Shortening(NamedTuple):
    """A compiled rule: the nodes of the left side that have its variables, both sides, whether it
    holds entry by entry, and the operators that only its right side has."""

    name: str
    anchors: tuple[Expr, ...]
    left: Expr
    right: Expr
    entrywise: bool
    brings: frozenset[Op]


class Instance(NamedTuple):
    """A rule at operands of an expression: both sides without variables."""

    name: str
    left: Expr
    right: Expr

    def applied(self, root: Expr) -> Expr:
        """An expression with the right side wherever the left one occurs."""
        return substituted(root, self.left, self.right)


# An expression in which rules could apply at more operands than this is left as it is.
MOST_INSTANCES = 64


def instances(root: Expr, available: Collection[Op] | None) -> list[Instance]:
    """The rules at the operators of an expression, whether or not their left sides occur there;
    none where they would be too many.

    A rule that brings in an operator that is not `available` is left out; None allows all.
    """
    nodes: dict[str, list[Expr]] = {}
    calls: set[str] = set()
    for node in walk(root):
        if node.op.kind in _KINDS and not lead(node):
            nodes.setdefault(node.op.name, []).append(node)
            calls.add(node.op.name)
            if any(split(arg)[1].op is SUM for arg in node.args):
                calls.add(f"{node.op.name} of a sum")
    found: dict[tuple[Expr, Expr], Instance] = {}
    for rule, needed in _rows():
        if not needed <= calls:
            continue
        compiled = compile_shortening(rule)
        if available is not None and not compiled.brings <= operators(root).union(available):
            continue
        for left, right in _instances(compiled, nodes):
            if left is not right:
                found.setdefault((left, right), Instance(rule.name, left, right))
                if len(found) > MOST_INSTANCES:
                    return []
    return list(found.values())


@cache
def _rows() -> tuple[tuple[Rule, frozenset[str]], ...]:
    """The rules, each with the operators that its left side has, and which of them are applied
    to sums: most need no reading to see that they do not apply."""
    rows = []
    for rule in RULES:
        if rule.when == "short":
            calls = [(name, _SUM.match(rest)) for name, rest in _CALL.findall(rule.left)]
            names = {name for name, _ in calls} - {"eye", "ones", "sum"}
            sums = {f"{name} of a sum" for name, found in calls if name in names and found}
            rows.append((rule, frozenset(names | sums)))
    return tuple(rows)


@cache
def compile_shortening(rule: Rule) -> Shortening:
    """One rule in normal form."""
    sides = (read(side, given=rule.given).expr for side in (rule.left, rule.right))
    left, right = lower_all(tuple(sides))
    variables = set(symbols_of(left))
    heads = [node for node in walk(left) if node.op.kind in _KINDS]
    groups = [(head,) for head in reversed(heads)] + list(combinations(heads, 2))
    anchors = next(group for group in groups if set(symbols_of(*group)) == variables)
    entrywise = not any(variable.shape for variable in variables)
    return Shortening(rule.name, anchors, left, right, entrywise, _ops(right) - _ops(left))


def _ops(root: Expr) -> frozenset[Op]:
    return frozenset(op for op in operators(root) if op.kind in _KINDS)


def _instances(rule: Shortening, nodes: dict[str, list[Expr]]) -> Iterator[tuple[Expr, Expr]]:
    """Both sides at every choice of nodes for the anchors."""
    for match in _bound(Match(rule.entrywise), rule.anchors, nodes):
        if rule.entrywise:
            shapes = {node.shape for node in match.nodes.values() if node.shape}
            if len(shapes) > 1:
                continue
            shape = next(iter(shapes), ())
            yield spread(rule.left, match.nodes, shape), spread(rule.right, match.nodes, shape)
        else:
            yield (
                instantiate(rule.left, match.nodes, match.sizes),
                instantiate(rule.right, match.nodes, match.sizes),
            )


def _bound(match: Match, anchors: Sequence[Expr], nodes: dict[str, list[Expr]]) -> Iterator[Match]:
    if not anchors:
        yield match
        return
    anchor, *others = anchors
    several = bool(others or match.nodes)
    for node in nodes[anchor.op.name]:
        ways = [node.args]
        if several:  # They must stand the same way.
            turns = node.op.transpose in ("equivariant", "reversed")
        else:  # A rule of rows applies to columns, too.
            turns = anchor.order == 2 and node.op.kind == "elementwise"
        if turns:
            ways.append(transposed(node.op, node.args))
        for args in ways:
            for found in _operands(match, anchor.args, args):
                yield from _bound(found, others, nodes)


def _operands(match: Match, patterns: Sequence[Expr], targets: Sequence[Expr]) -> Iterator[Match]:
    if not patterns:
        yield match
        return
    for found in solutions(match, patterns[0], targets[0]):
        yield from _operands(found, patterns[1:], targets[1:])
