"""From a derivative to the answer one would print: rules for answers, then common factors.

Floor 4.
"""

from __future__ import annotations

from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import CONTRACTION, SUM, Expr, walk
from matgrad.normal.book import patterns, product_rules
from matgrad.normal.build import instantiate, rebuilt
from matgrad.normal.entrywise import rewrite
from matgrad.normal.expand import expand
from matgrad.normal.lift import Lifter
from matgrad.normal.match import Match
from matgrad.shorten.factor import Factoring, shows_constant
from matgrad.shorten.names import Names
from matgrad.shorten.rank import is_deficient


def shorten(root: Expr, names: Names, lifter: Lifter, *, row: bool) -> Expr:
    """The cheapest form found of a derivative, with the user's names where that is no dearer.

    On the page a name is free: the user knows what it stands for.  In code its definition counts.
    """
    best = _shortest(root, lifter, row)
    folded = names.fold(root)
    if folded is root:
        return best
    named = _shortest(folded, lifter, row)
    draft = lifter.draft(named, row)
    used = names.used(draft) if lifter.counted else ()
    cost = lifter.cost(draft) + sum(lifter.cost(name.draft) for name in used)
    return named if cost <= lifter.cost(lifter.draft(best, row)) else best


def _shortest(root: Expr, lifter: Lifter, row: bool) -> Expr:
    if root.order > 2:
        return expand(root)
    given = lifter.given
    factoring = Factoring(lifter, given, row)
    best = factoring.run(root)
    if root.op in (CONTRACTION, SUM) and factoring.cost(best) < LONG:
        return best
    for closed in (given, ()):
        try:
            opened = expand(root, axes=0, given=closed, limit=OPEN_LIMIT)
        except BudgetExceeded:
            continue
        if opened is root:
            continue
        opened = apply_answer_rules(opened)[0]
        if opened is not root and _promising(best, opened):
            best = min(best, factoring.run(opened), key=factoring.burden)
    return best


def _promising(grouped: Expr, opened: Expr) -> bool:
    """Whether opening products did more than spread them: it made fewer factors of them, or the
    grouped form shows constants that the opened one may not."""
    return _factors(opened) <= _factors(grouped) or any(map(shows_constant, walk(grouped)))


def _factors(root: Expr) -> int:
    """The number of factors in all products below a node, as a tree."""
    counts: dict[Expr, int] = {}
    for node in walk(root):
        inside = sum(counts[arg] for arg in node.args)
        counts[node] = inside if node.op in (SUM, CONTRACTION) else 1
    return counts[root]


# Answers with fewer operators than this are short enough.
LONG = 8
# Opening products is tried as long as it makes no more terms than this.
OPEN_LIMIT = 16


def apply_answer_rules(root: Expr) -> tuple[Expr, tuple[tuple[str, Expr], ...]]:
    """Rewrite by the rules for answers: adj(A) is det(A)*inv(A) unless A is singular by
    construction."""
    used: list[tuple[str, Expr]] = []
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = _ruled(node, tuple([done[arg] for arg in node.args]), used)
    return done[root], tuple(used)


def _ruled(node: Expr, args: tuple[Expr, ...], used: list[tuple[str, Expr]]) -> Expr:
    if node.op is CONTRACTION:
        return rewrite(rebuilt(node, args), product_rules())[0]
    for rule in patterns(node.op, "answer") if args and node.op is not SUM else ():
        found = Match(rule.entrywise)
        if all(map(found.match, rule.operands, args)) and not is_deficient(args[0]):
            used.append((rule.name, args[0]))
            return instantiate(rule.result, found.nodes, found.sizes)
    return rebuilt(node, args)


def restore(root: Expr, values: dict[Expr, Expr]) -> Expr:
    """Put symbols back with the properties they were declared with."""
    return instantiate(root, values, {}) if values else root
