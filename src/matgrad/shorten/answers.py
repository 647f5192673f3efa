"""Rules for answers, which are too dear or say too much before: adj(A) is det(A)*inv(A).

Floor 4.
"""

from __future__ import annotations

from matgrad.core.expr import CONTRACTION, SUM, Expr, operators, walk
from matgrad.normal.book import answer_operators, patterns, product_rules
from matgrad.normal.build import instantiate, rebuilt
from matgrad.normal.entrywise import rewrite
from matgrad.normal.journal import note
from matgrad.normal.rank import is_deficient


def apply_answer_rules(root: Expr) -> tuple[Expr, tuple[tuple[str, Expr], ...]]:
    """Rewrite by the rules for answers: adj(A) is det(A)*inv(A) unless A is singular by
    construction."""
    if answer_operators().isdisjoint([op.name for op in operators(root)]):
        return root, ()
    used: list[tuple[str, Expr]] = []
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = _ruled(node, tuple([done[arg] for arg in node.args]), used)
    return done[root], tuple(used)


def _ruled(node: Expr, args: tuple[Expr, ...], used: list[tuple[str, Expr]]) -> Expr:
    if node.op is CONTRACTION:
        return rewrite(rebuilt(node, args), product_rules())[0]
    for rule in patterns(node.op, args, "answer") if args and node.op is not SUM else ():
        found = rule.match(args)
        if found is not None and not is_deficient(args[0]):
            used.append((rule.name, args[0]))
            note(rule.name)
            return instantiate(rule.result, found.nodes, found.sizes)
    return rebuilt(node, args)


def restore(root: Expr, values: dict[Expr, Expr]) -> Expr:
    """Put symbols back with the properties they were declared with."""
    return instantiate(root, values, {}) if values else root
