"""The check of a derivation: every step by itself, and that the steps are a chain.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.complex import IMAGINARY, conj
from matgrad.certificate.derivation import Derivation
from matgrad.certificate.layouts import applied, layout_claim
from matgrad.certificate.step import Move, Step
from matgrad.core.budget import budget
from matgrad.core.complexes import is_complex
from matgrad.core.errors import MatgradError
from matgrad.core.expr import Expr, make, number, replaced
from matgrad.core.signature import build
from matgrad.proof import Proof, same
from matgrad.proof.readings import directions, image, paired


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one step, counted from 1; 0 is the chain as a whole."""

    number: int
    rule: str
    ok: bool | None
    detail: str


def findings(derivation: Derivation, *, seed: int | None = None) -> Iterator[Finding]:
    """The chain, then every step in turn."""
    broken = break_of(derivation)
    if broken is not None:
        yield broken
    for number_, step in enumerate(derivation.steps, 1):
        proof = check_step(step, seed=seed)
        yield Finding(number_, step.rule, proof.ok, str(proof))
    for lemma in derivation.lemmas:
        for found in findings(lemma, seed=seed):
            yield replace(found, rule=f"{lemma.input}: {found.rule}")


def check_step(step: Step, *, seed: int | None = None) -> Proof:
    """Whether what a step claims is so."""
    try:
        with budget():
            proofs = [same(left, right, seed=seed) for left, right in claims(step)]
    except MatgradError as problem:
        return Proof(None, "exact", detail=problem.message)
    except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
        # A file may hold nodes that make no sense together.
        return Proof(None, "exact", detail=f"the step makes no sense: {problem!r}")
    return next((proof for proof in proofs if not proof.ok), proofs[0])


def claims(step: Step) -> list[tuple[Expr, Expr]]:
    """The equalities that a step claims.  Raises MatgradError for one that makes no sense."""
    if step.kind == "read":
        return [_read(step)]
    if step.kind == "layout" and step.laying is not None:
        laying = step.laying
        claim = layout_claim(step.before, laying.turned, step.after, laying.groups)
        return [claim or (step.before, step.after)]
    if step.kind == "structure" and step.structured is not None:
        return _on_structure(step)
    return [(step.before, step.after)]


def _read(step: Step) -> tuple[Expr, Expr]:
    """That a line linear in the differential is the derivative contracted with it."""
    move, line = step.move, step.before
    variable = move.symbol
    if move.entry is not None:
        variable = make(structure.entry, (variable,), move.entry, variable.shape[len(move.entry) :])
    moved = move.of(variable)
    if is_complex(variable):
        line = _wirtinger(line, move)
        moved = build(conj, (moved,)) if move.conjugate else moved
    return line, applied(step.after, (moved,))


def _wirtinger(line: Expr, move: Move) -> Expr:
    """The part of a line that is linear in the differential, or in its conjugate."""
    whole = move.of(move.symbol)
    turned = replaced(line, {whole: build(algebra.scale, (IMAGINARY, whole))})
    turned = build(algebra.scale, (IMAGINARY, turned))
    both = build(algebra.add if move.conjugate else algebra.sub, (line, turned))
    return build(algebra.scale, (number(Fraction(1, 2)), both))


def _on_structure(step: Step) -> list[tuple[Expr, Expr]]:
    """Along every direction of the structure the free derivative, across them nothing."""
    held = step.structured
    assert held is not None
    variable = step.move.symbol
    along, across = directions(variable, held.properties, "K step")
    if held.first:
        pair = along
    else:
        pair = image(variable, along, held.metric, held.properties, held.reading)
    left = paired(step.before, along, first=held.first)
    nothing = paired(step.after, across, first=held.first)
    zero = make(structure.zeros, (), None, nothing.shape) if nothing.order else number(0)
    return [(left, paired(step.after, pair, first=held.first)), (nothing, zero)]


def break_of(derivation: Derivation) -> Finding | None:
    """Where the steps are no chain from the input to the answer, if anywhere."""
    if not derivation.moves:
        return _break_of_proof(derivation)
    stages = iter(derivation.moves)
    move = next(stages, None)
    at: Expr | None = None  # what the line before ended with
    taken = False  # whether that is a derivative, or a differential still
    for number_, step in enumerate(derivation.steps, 1):
        if at is None:
            begins = move is not None and step.before is move.of(derivation.source)
        elif taken and step.before is not at:
            move = next(stages, None)
            begins, taken = move is not None and step.before is move.of(at), False
        else:
            begins = step.before is at
        if not begins:
            return _broken(number_, step, "it does not begin where the step before it ended")
        if step.move != move:
            return _broken(number_, step, "it is by another variable")
        if (step.kind == "read" and taken) or (step.kind in ("layout", "structure") and not taken):
            return _broken(number_, step, "it does not stand where it may")
        taken = taken or step.kind == "read"
        at = step.after
    if not taken or next(stages, None) is not None:
        return Finding(0, "", False, "the derivation does not come to an end")
    if at is not derivation.answer:
        return Finding(0, "", False, "the last step is not the answer")
    return None


def _break_of_proof(derivation: Derivation) -> Finding | None:
    """Where a proof of an identity comes to no end: every chain is a lemma, and the last leads from
    one side to the other."""
    start = at = None
    for number_, step in enumerate(derivation.steps, 1):
        if step.kind != "equal":
            return _broken(number_, step, "it is no equality")
        start = start if step.before is at else step.before
        at = step.after
    if start is not derivation.source or at is not derivation.answer:
        return Finding(0, "", False, "the last chain does not lead from one side to the other")
    return None


def _broken(number_: int, step: Step, why: str) -> Finding:
    return Finding(number_, step.rule, False, why)
