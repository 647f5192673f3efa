"""Proofs of rules as derivations: read from their text, shown and checked like any other.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import final

from matgrad.certificate.derivation import Derivation
from matgrad.certificate.step import Move, Rule, Step
from matgrad.core.expr import Expr, replaced, symbol
from matgrad.derivations.proofs import PROOFS, Chain, Line, RuleProof
from matgrad.derivations.rules import STEP_RULES, book_rule
from matgrad.notation.read import read


@cache
def proof_of(op: str) -> Derivation | None:
    """The proof of an operator's differential, where there is one."""
    found = next((proof for proof in PROOFS if proof.op == op), None)
    return None if found is None else _Reader(found).derivation()


@final
class _Reader:
    """A proof being read."""

    def __init__(self, proof: RuleProof) -> None:
        self.proof = proof
        self.given = proof.given
        self.move = Move(self.plain("A"))
        self.moves: dict[Expr, Expr] = {}
        declared = []
        for name, text in proof.moves:
            moved = self.move.of(self.plain(text))
            self.moves[symbol(name, moved.shape)] = moved
            declared.append(f"{name}: {' '.join(map(str, moved.shape)) or 'scalar'}")
        self.given = "; ".join([proof.given, *declared])

    def plain(self, text: str) -> Expr:
        """A text without differentials."""
        target = self.proof.given
        return read(text, given=target).expr

    def expression(self, text: str) -> Expr:
        """A text in which the names of differentials stand for them."""
        return replaced(read(text, given=self.given).expr, self.moves)

    def derivation(self) -> Derivation:
        steps = tuple(step for chain in self.proof.chains for step in self.steps(chain))
        last = self.proof.chains[-1]
        return Derivation(
            f"differential of {self.proof.op}",
            self.expression(last.start),
            (),
            steps[-1].after,
            steps,
        )

    def steps(self, chain: Chain) -> Iterator[Step]:
        before = self.expression(chain.start)
        for line in chain.lines:
            after = self.expression(line.text)
            yield Step("equal", before, after, (self.rule(line),), self.move)
            before = after

    def rule(self, line: Line) -> Rule:
        known = STEP_RULES.get(line.reason) or book_rule(line.reason)
        if known is not None and not line.words:
            return known
        cite = known.cite if known is not None else self.proof.cite
        return Rule(line.reason, words=line.words, cite=cite)
