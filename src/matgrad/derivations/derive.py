"""A whole derivation: the differential taken, the derivative read off, shortened, laid out.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from matgrad.catalogue.differential import CHAINED, QUOTIENT
from matgrad.certificate.step import Move, Rule, Step, joined
from matgrad.core.expr import Expr, make, replaced
from matgrad.derivations.ending import moved_of, read_off
from matgrad.derivations.intermediate import opened
from matgrad.derivations.reasons import shortening
from matgrad.derivations.rules import CHAIN
from matgrad.derivations.taking import Taking
from matgrad.normal.lift import Lifter


class Stage(NamedTuple):
    """One derivative to take: of which expression, by what, and the derivative in normal form as
    it comes out."""

    source: Expr
    move: Move
    tensor: Expr


def staged(
    stage: Stage, lifter: Lifter, names: Mapping[Expr, str], *, row: bool = False
) -> Iterator[Step]:
    """The steps from the differential of an expression to its derivative; a vector is read as a
    `row` or not."""
    taking = Taking(stage.source, stage.move)
    held, chain = list(names), []
    while held:
        yield from taking.steps(held)
        part = held.pop(0)
        collected = list(opened(taking, part, lifter))
        yield from collected
        if collected:
            yield from _chained(taking, part, held)
            chain.append(part)
    yield from taking.steps()
    *before, last = read_off(taking.line, stage.tensor, stage.move, lifter, row=row)
    yield from before
    yield replace(last, rules=(*last.rules, *_quotients(stage, chain)))


def _quotients(stage: Stage, chain: Sequence[Expr]) -> Iterator[Rule]:
    """The chain rule for what was read off: df/ds = df/dz * dz/ds."""
    if len(chain) != 1 or stage.source.order + chain[0].order + stage.move.symbol.order > 2:
        return
    whole, (part,), by = stage.source, chain, moved_of(stage.move).args[0]
    left, outer, inner = (
        make(QUOTIENT, pair, None, pair[0].shape + pair[1].shape)
        for pair in ((whole, by), (whole, part), (part, by))
    )
    product = make(CHAINED, (outer, inner), None, left.shape)
    yield Rule(CHAIN.name, left, product, CHAIN.cite)


def _chained(taking: Taking, part: Expr, held: Sequence[Expr]) -> Iterator[Step]:
    """The differential of a named part put in: one step where it is linear."""
    steps = list(taking.steps(held))
    if not steps or not all(step.minor for step in steps):
        yield from steps
        return
    inner = Taking(part, taking.move)
    list(inner.steps(held))
    left = taking.move.of(part)
    chain = Rule(CHAIN.name, left, inner.line, CHAIN.cite)
    yield replace(reduce(joined, steps), rules=(chain,), minor=False, changed=((left, inner.line),))


def shortened(before: Expr, after: Expr, move: Move, used: Mapping[str, None]) -> Iterator[Step]:
    """The step from a derivative to its shorter form, if they differ."""
    if before is not after:
        yield Step("equal", before, after, shortening(before, after, used), move)


def declared(steps: Sequence[Step], back: Mapping[Expr, Expr]) -> tuple[Step, ...]:
    """Steps about freed variables as steps about the variables as they were declared."""
    if not back:
        return tuple(steps)

    def at(expr: Expr) -> Expr:
        return replaced(expr, back)

    return tuple(
        replace(
            step,
            before=at(step.before),
            after=at(step.after),
            move=replace(step.move, symbol=at(step.move.symbol)),
            changed=tuple((at(old), at(new)) for old, new in step.changed),
        )
        for step in steps
    )
