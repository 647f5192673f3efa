"""The derivation of an answer, made when it is asked for.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matgrad.api.result import Result
from matgrad.api.structured import finished
from matgrad.calculus.derivative import derivative
from matgrad.calculus.entries import at_entry
from matgrad.calculus.structure import project
from matgrad.calculus.wirtinger import independent
from matgrad.catalogue.structures import Structure
from matgrad.certificate.derivation import Derivation
from matgrad.certificate.step import Laying, Move, Rule, Step, Structured
from matgrad.core.budget import budget
from matgrad.core.expr import Expr, replaced
from matgrad.derivations.derive import Stage, declared, shortened, staged
from matgrad.derivations.intermediate import intermediates
from matgrad.derivations.proving import proof_of
from matgrad.normal.build import conjugate
from matgrad.normal.journal import noting
from matgrad.normal.lower import lower
from matgrad.shorten.answers import apply_answer_rules, restore


def derivation(result: Result) -> Derivation:
    """The steps that lead from an expression to its derivative, as it is printed."""
    with budget():
        return _made(result)


def _made(result: Result) -> Derivation:
    moving = {t.symbol: free for t, free in zip(result.targets, result.moving, strict=True)}
    back = {free: symbol for symbol, free in moving.items() if free is not symbol}
    source = replaced(result.source, moving)
    names: dict[Expr, str] = dict(result.names.texts)
    taken = frozenset(name.name for name in result.symbols)
    steps: list[Step] = []
    lifter = result.lifter
    for at, target in enumerate(result.targets):
        free = moving[target.symbol]
        last = at == len(result.targets) - 1
        move = Move(free, target.indices, target.conjugate)
        stage = _stage(source, move)
        named = intermediates(source, free, names, taken)
        found = list(staged(stage, lifter, named, row=last and result.laid.row))
        node = stage.tensor
        if result.rows:
            node = project(node, free, result.rows[at])
            found.append(_projected(found[-1].after, lifter.lift(node), move, result.rows[at]))
        node, used = _ruled(node)
        if not last:
            source = lifter.lift(node)
            found += shortened(found[-1].after, source, move, used)
        elif (whole := finished(node, free, result.rows)) is not node:
            end = found[-1].after
            found.append(_projected(end, lifter.lift(whole), move, result.rows[-1], first=True))
        steps += declared(found, back)
        names |= {replaced(part, back): name for part, name in named.items()}
    end_of = steps[-1]
    steps += shortened(end_of.after, result.tensor, end_of.move, used)
    steps += _laid(result, end_of.move)
    return Derivation(
        result.input,
        result.source,
        tuple(Move(t.symbol, t.indices, t.conjugate) for t in result.targets),
        result.expression,
        tuple(steps),
        names,
        result.conditions,
        result.layout,
        result.laid.row,
        tuple(_lemmas(steps)),
        frozenset(result.names.texts),
    )


def _lemmas(steps: Sequence[Step]) -> Iterator[Derivation]:
    """The proofs of the differentials that steps cite, each once."""
    cited = dict.fromkeys(rule.name for step in steps for rule in step.rules)
    for name in cited:
        found = proof_of(name.removeprefix("differential-of-"))
        if found is not None:
            yield found


def _projected(
    before: Expr, after: Expr, move: Move, row: Structure, *, first: bool = False
) -> Step:
    """The step from a free derivative to the one on a structure."""
    held = Structured(row.properties, row.metric, row.reading, first)
    spoken = row.properties.replace("_", " ")
    words = f"G becomes {row.gradient}, where {move.symbol.data[0]} is {spoken}"
    rule = Rule(f"{row.reading}-derivative", words=words, cite=row.cite)
    return Step("structure", before, after, (rule,), move, structured=held)


def _stage(source: Expr, move: Move) -> Stage:
    """One derivative of a surface expression by a freed variable, as it comes out."""
    normal = lower(source)
    fixed = independent([move.symbol])
    node = restore(normal, fixed)
    variable = fixed[conjugate(move.symbol)] if move.conjugate else move.symbol
    node = derivative(node, variable)
    if move.entry:
        node = at_entry(node, move.symbol.shape, move.entry)
    return Stage(source, move, restore(node, {stood: by for by, stood in fixed.items()}))


def _ruled(node: Expr) -> tuple[Expr, Mapping[str, None]]:
    """A derivative by the rules for answers, and which of them were used."""
    with noting() as used:
        node, _ = apply_answer_rules(node)
    return node, used


def _laid(result: Result, move: Move) -> list[Step]:
    """The step from the tensor to the layout asked for, if that moves anything."""
    if result.expression is result.tensor:
        return []
    words = f"the layout {result.layout}"
    rule = Rule("layout", words=words, cite="definition")
    laying = Laying(result.layout, result.laid.turned, result.groups)
    return [Step("layout", result.tensor, result.expression, (rule,), move, laying=laying)]
