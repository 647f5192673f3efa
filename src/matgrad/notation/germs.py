"""Calls whose first argument is a scalar function: `funm(f, A)`, `loewner(f', x)`.

Floor 2.  The function is unknown, or one whose matrix function has a record: `funm(exp, A)` is
`expm(A)`.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.germs import ARGUMENT, PRIME
from matgrad.core.errors import NameProblem, NoRule, SyntaxProblem
from matgrad.core.expr import make
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule, arities, catalogued
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node
from matgrad.notation.vocabulary import operator_named

NAMES = ("funm", "funm_frechet", "funm_frechet2", "funm_frechet3", "loewner")
_SHAPELESS = make(ARGUMENT, (), None, ())


def function_named(nodes: Sequence[Node], node: Node) -> str | None:
    """The unknown function that such a call names first, if it does."""
    if node.name not in NAMES or not node.args:
        return None
    first = nodes[_stem(nodes, node.args[0])[0]]
    return first.name if first.head == "name" and not operator_named(first.name) else None


def at_function(sheet: Sheet, node: Node) -> Planned:
    """Plan `funm(f, A)`; in the NumPy dialect f' is `prime(f)`."""
    if len(node.args) not in arities(OPERATORS[node.name]):
        count = ", ".join(OPERATORS[node.name].operands)
        raise SyntaxProblem(f"{node.name} takes {count}", hint=f"{node.name}({count})")
    own, *others = node.args
    base, times = _stem(sheet.nodes, own)
    stem = sheet.nodes[base]
    if stem.head != "name":
        raise SyntaxProblem(
            f"{node.name} takes the name of a scalar function first", hint=f"{node.name}(f, A)"
        )
    if operator_named(stem.name):
        return _of_known(sheet, node, times)
    rule = catalogued(node.name, dotted=True)
    if stem.name in sheet.scope.symbols:  # a record's own f
        for part in range(base + 1, own + 1):
            sheet.silent[part] = 1
        return whole(_at_symbol(rule, times), base, *others)
    unknown = sheet.scope.function(stem.name)
    if not unknown.elementwise:
        raise NameProblem(
            f"{stem.name} is not a scalar function", hint=f"declare `{stem.name} elementwise`"
        )
    sheet.silence(own)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        return rule.outcome((k.SCALAR, *kinds), lenient)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        row = draft.apply(unknown, (draft.known(_SHAPELESS),), ())
        return rule.emit(draft, (_primed(draft, row, times), *rows), (k.SCALAR, *kinds))

    return whole(Rule(outcome, emit), *others)


def _of_known(sheet: Sheet, node: Node, times: int) -> Planned:
    """`funm(exp, A)`: the function of matrices that has a record."""
    own, *others = node.args
    sheet.silence(own)
    function = sheet.nodes[_stem(sheet.nodes, own)[0]].name
    name = node.name.replace("funm", f"{operator_named(function)}m")
    if times or name not in OPERATORS or name == node.name:
        raise NoRule(
            f"operator {node.name} has no rule for {sheet.nodes[own].source}",
            hint="a name that is no operator's stands for any function",
        )
    return whole(catalogued(name, dotted=True), *others)


def _at_symbol(rule: Rule, times: int) -> Rule:
    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        return rule.emit(draft, (_primed(draft, rows[0], times), *rows[1:]), kinds)

    return Rule(rule.outcome, emit)


def _primed(draft: Draft, row: RowId, times: int) -> RowId:
    for _ in range(times):
        row = draft.place(PRIME, (row,), None, ())
    return row


def _stem(nodes: Sequence[Node], own: int) -> tuple[int, int]:
    """Where the name stands in f'' or prime(prime(f)), and how many primes it has."""
    times = 0
    while len(nodes[own].args) == 1 and (
        nodes[own].head == "transpose" or (nodes[own].head == "call" and nodes[own].name == "prime")
    ):
        own, times = nodes[own].args[0], times + 1
    return own, times
