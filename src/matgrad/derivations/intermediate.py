"""The chain rule with named intermediates: z for x - A*s, where s occurs in nothing else.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.certificate.step import Step
from matgrad.core.complexes import is_complex
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import APPLY, Expr, depends, replaced, symbol, walk
from matgrad.derivations.reasons import rearranging
from matgrad.derivations.taking import Taking
from matgrad.normal.lift import Lifter
from matgrad.normal.lower import lower
from matgrad.notation.shared import used_names

# What a part is called, by the number of its axes.
_LETTERS = {0: "uvwt", 1: "zuvw", 2: "ZUVW"}
# Graphs with more nodes than this, and more candidates, are not searched.
_LARGE, _MANY = 400, 12


def intermediates(
    source: Expr, variable: Expr, known: Mapping[Expr, str], taken: frozenset[str]
) -> dict[Expr, str]:
    """The parts that get a name, outermost first: the variable occurs in nothing else, and they
    are used more than once.  `known` are names that the user gave."""
    active = depends(source, {variable})
    if source not in active or len(active) > _LARGE:
        return {}
    uses: dict[Expr, int] = {}
    for node in active:
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + 1
    found: dict[Expr, str] = {}
    names = taken | used_names(source)
    candidates = [node for node in reversed(walk(source)) if node in active and node.args]
    repeated = [n for n in candidates if uses.get(n, 0) > 1 and _is_large(n, variable)]
    for part in repeated[:_MANY]:
        if variable in depends_without(source, part, active):
            continue
        free = (letter for letter in _LETTERS.get(part.order, "TUVW") if letter not in names)
        name = known.get(part) or next(free, None)
        if name is not None:
            found[part] = name
            names = names | {name}
    return found


def _is_large(part: Expr, variable: Expr) -> bool:
    """Whether a part is worth a name: more than one operator on the variable alone."""
    if part.op is APPLY:
        return False
    return len(part.args) > 1 or part.args[0] is not variable


def depends_without(source: Expr, part: Expr, active: set[Expr]) -> set[Expr]:
    """The nodes in which the variable occurs that are reached from the top without a part."""
    seen: set[Expr] = set()
    stack = [source]
    while stack:
        node = stack.pop()
        if node is part or node in seen or node not in active:
            continue
        seen.add(node)
        stack += node.args
    return seen


def opened(taking: Taking, part: Expr, lifter: Lifter) -> Iterator[Step]:
    """Terms in the differential of a named part collected, before it is opened."""
    moved = taking.move.of(part)
    line = taking.line
    if _occurrences(line, moved) < 2:
        return
    field = ["complex"] if is_complex(part) else []
    stand_in, turning = (symbol(name, part.shape, field) for name in ("z part", "dz part"))
    hidden = replaced(replaced(line, {moved: turning}), {part: stand_in})
    if any(node.op is DIFFERENTIAL for node in walk(hidden)):
        return
    ranks = {**lifter.ranks, "z part": len(lifter.ranks), "dz part": len(lifter.ranks) + 1}
    local = Lifter(ranks, lifter.available, (), source=lifter.source)
    try:
        collected = local.lift(lower(hidden))
    except BudgetExceeded:
        return
    after = replaced(collected, {turning: moved, stand_in: part})
    if _occurrences(after, moved) < _occurrences(line, moved):
        rules = rearranging(line, after, part)
        taking.line = after
        yield Step("equal", line, after, rules, taking.move)


def _occurrences(line: Expr, moved: Expr) -> int:
    """How often a node stands in a line, as a tree."""
    counts: dict[Expr, int] = {}
    for node in walk(line):
        counts[node] = 1 if node is moved else sum(counts[arg] for arg in node.args)
    return counts[line]
