"""What can be explained is explained, with what is run on the spot; proofs of rules hold."""

from __future__ import annotations

import pytest

from commands import command
from matgrad.api.explain import error_codes, everything, explain, names_of_rules
from matgrad.catalogue import OPERATORS
from matgrad.certificate.check import break_of, findings
from matgrad.certificate.reader import read
from matgrad.certificate.writer import written
from matgrad.core.errors import NameProblem
from matgrad.derivations.cells import cell_of
from matgrad.derivations.proofs import PROOFS
from matgrad.derivations.proving import proof_of
from matgrad.derivations.rules import STEP_RULES, book_rule, law_names, rule_of
from matgrad.proof import same


@pytest.mark.parametrize("op", [proof.op for proof in PROOFS])
def test_the_proof_of_a_rule_holds_line_by_line(op: str) -> None:
    proof = proof_of(op)
    assert proof is not None
    assert break_of(proof) is None
    assert [finding for finding in findings(proof, seed=1) if not finding.ok] == []


@pytest.mark.parametrize("op", [proof.op for proof in PROOFS])
def test_a_proof_ends_with_what_the_record_says(op: str) -> None:
    proof = proof_of(op)
    assert proof is not None
    (source,) = proof.source.args
    rule = rule_of(cell_of(source, (0,)))
    # The rule moves its operand under no name, the proof under the name A.
    move = proof.steps[0].move
    stated = cell_of(source, (0,)).at(source.args, {0: move.of(source.args[0])})
    assert same(stated, proof.answer, seed=1).ok
    assert rule.name == f"differential-of-{op}"


@pytest.mark.parametrize("op", [proof.op for proof in PROOFS])
def test_a_proof_is_replayed_from_a_file(op: str) -> None:
    proof = proof_of(op)
    assert proof is not None
    assert read(written(proof)).steps == proof.steps


@pytest.mark.parametrize("name", law_names())
def test_a_law_that_steps_cite_holds(name: str) -> None:
    law = book_rule(name)
    assert law is not None and law.left is not None and law.right is not None
    assert same(law.left, law.right, seed=1).ok


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_an_operator_is_explained(name: str) -> None:
    shown = explain(name)
    assert shown.startswith(f"{name}, an operator")
    assert "FAILED" not in shown
    assert "failed" not in shown


@pytest.mark.parametrize("name", sorted({*names_of_rules()[::5], *STEP_RULES}))
def test_a_rule_is_explained(name: str) -> None:
    shown = explain(name)
    assert shown.startswith(f"{name}, a rule")
    assert "failed" not in shown


@pytest.mark.parametrize("code", sorted(set(error_codes()) - {"error"}))
def test_an_error_is_explained_by_making_it(code: str) -> None:
    shown = explain(code)
    kind = error_codes()[code]
    assert shown.startswith(f"{code}, an error ({kind.__name__})")
    assert "Example: matgrad" in shown


def test_a_name_that_means_nothing_is_refused_with_what_is_near() -> None:
    with pytest.raises(NameProblem, match="inv"):
        explain("invv")
    assert len(everything()) == len(set(everything()))


def test_the_command_explains() -> None:
    shown = command("explain", "inv")
    assert shown.status == 0
    assert "d(inv(A)) = -inv(A)*dA*inv(A)" in shown.out
    assert command("explain", "nothing").status == 2
