"""The living cookbook: every identity is derived, proved, and compared with its source.

The ids are the sources' own numbers: `cookbook-57` is equation 57 of the Matrix Cookbook; where
a source has none, a section's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import matgrad as mg
from matgrad.api.identities import Entry, identities
from matgrad.normal.cost import cost_of

ROOT = Path(__file__).resolve().parent.parent

# Answers that are longer than the source's form, by source and input, each with the reason.
INVERSE = "a determinant's derivative is printed with the inverse, not the adjugate"
NO_PINV = "an answer has no pseudo-inverse that the input does not have"
KRONECKER = "sums inside Kronecker products are not collected"
TURNED = "transposes of powers in a sum stand at the factors"
LONGER = {
    "cookbook: d/dt det(X(t))": INVERSE,
    "cookbook: d/dX log(det(X'*X))": NO_PINV,
    "cookbook: d/dX tr(A*X^k)": TURNED,
    "wikipedia: d/dX tr(A*X^n)": TURNED,
    "magnus: d2/dXdX a'*X*X'*b": KRONECKER,
    "magnus: d/dt adj(X(t))": INVERSE,
    "wikipedia: d/dX det(X)": INVERSE,
    "wikipedia: d/dX log(det(X'*X))": NO_PINV,
    "manifolds: d/dX a'*X*b": "a triangle of an outer product is written with a mask",
}


def asked(entry: Entry) -> str:
    return f"{entry.source.key}: {entry.input}"


every_entry = pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=entry.name) for entry in identities()]
)


@every_entry
def test_an_identity_is_what_its_source_says(entry: Entry) -> None:
    derived = entry.derive()
    result = derived.result
    assert result.proof is not None
    assert result.proof.ok, result.proof
    assert derived.agrees.ok, f"{result} is not {entry.identity.right}: {derived.agrees}"
    if derived.refutation is not None:
        assert derived.refutation.ok is False, f"{entry.identity.wrong} is right"
    if cost_of(result.expression) > cost_of(derived.right):
        assert asked(entry) in LONGER, f"{result}\nsource: {entry.identity.right}"
    # What the source says must not be what makes the answer what it is.
    alone = mg.derive(
        entry.input,
        given=entry.identity.given,
        layout=entry.layout,
        structure=entry.identity.structure,
        metric=entry.identity.metric,
        check=False,
    )
    assert str(alone) == str(result)


def test_the_list_of_longer_answers_is_needed() -> None:
    longer = set()
    for entry in identities():
        if asked(entry) in LONGER:
            derived = entry.derive(check=False)
            if cost_of(derived.result.expression) > cost_of(derived.right):
                longer.add(asked(entry))
    assert longer == set(LONGER), "what is short by now comes off the list"


def test_names_and_numbers_are_taken_once() -> None:
    numbers = [(e.source.key, e.identity.number) for e in identities() if e.identity.number]
    assert len(numbers) == len({*numbers})
    names = [entry.name for entry in identities()]
    assert len(names) == len({*names})


def test_the_page_is_what_the_table_says() -> None:
    done = subprocess.run([sys.executable, "scripts/cookbook", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "docs/cookbook.md is stale: run scripts/cookbook"


# Finding


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("5.103", "mml-5.103"),
        ("57", "cookbook-57"),
        ("2.1", "cookbook-49"),
        ("2.1.", "cookbook-49"),
        ("mml", "mml-5.99"),
        ("determinant", "mml-5.101"),
        ("Determinant cookbook", "cookbook-46"),
        ("trace", "mml-5.100"),
        ("pseudo-inverse", "cookbook-56"),
        ("manifolds canonical", "manifolds-matrices-with-orthonormal-columns-2"),
    ],
)
def test_words_find_identities(words: str, name: str) -> None:
    assert name in {entry.name for entry in identities(words)}


@pytest.mark.parametrize("words", ["mml 5.10", "mml 5.1", "mml 103"])
def test_a_number_is_not_part_of_another(words: str) -> None:
    with pytest.raises(mg.MatgradError, match="nothing under"):
        identities(words)


def test_words_narrow_what_is_found() -> None:
    both = set(identities("cookbook determinant"))
    assert both == set(identities("cookbook")) & set(identities("determinant"))


# The command


def test_the_command_lists_every_identity(run: Any) -> None:
    ran = run("cookbook")
    assert (ran.status, ran.err) == (0, "")
    assert all(entry.claim in ran.out for entry in identities())
    listed = json.loads(run("cookbook", "--json").out)
    assert [found["name"] for found in listed] == [entry.name for entry in identities()]


def test_the_command_derives_what_is_asked_for(run: Any) -> None:
    ran = run("cookbook", "mml", "5.103", "--to", "unicode")
    assert (ran.status, ran.err) == (0, "")
    assert "(5.103)  d/dX a'*inv(X)*b" in ran.out
    assert "−(X⁻¹)ᵀ a bᵀ (X⁻¹)ᵀ" in ran.out
    assert "X nonsingular" in ran.out
    assert "checked exactly" in ran.out
    assert "1 of 1 derived, checked and equal" in ran.out


def test_an_answer_without_the_form_asked_for_says_why(run: Any) -> None:
    ran = run("cookbook", "wikipedia", "matrix-by-scalar", "--to", "kron")
    assert (ran.status, ran.err) == (0, "")
    assert (
        "(not as kron: the vec layout holds first derivatives and Hessians of scalars)" in ran.out
    )


def test_the_command_shows_the_form_of_the_source_and_what_is_refuted(run: Any) -> None:
    ran = run("cookbook", "2.1.2")
    assert ran.status == 0
    assert "det(A*X*B)*(B*inv(A*X*B)*A)'\n               equal" in ran.out
    assert "    refuted    det(A*X*B)*pinv(X)'" in ran.out


def test_json_has_the_answer_and_the_comparison(run: Any) -> None:
    (found,) = json.loads(run("cookbook", "5.108", "--json").out)
    assert found["name"] == "mml-5.108"
    assert found["ok"] is found["agrees"] is found["proof"]["ok"] is True
    assert found["text"] == found["right"] == "-2*(x - A*s)'*W*A"
    assert found["wrong"] is found["refuted"] is None


def test_the_exit_status_is_that_of_the_worst(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = identities("5.106")
    wrong = entry.identity._replace(right="b*a'", given="a: n; X: n n; b: n")
    monkeypatch.setattr(
        "matgrad.cli.cookbook.identities",
        lambda words: (entry, Entry("wrong", entry.source, entry.section, wrong)),
    )
    ran = run("cookbook", "5.106")
    assert (ran.status, ran.err) == (1, "")
    assert "NOT EQUAL" in ran.out
    assert "1 of 2 derived" in ran.out


def test_what_the_cookbook_does_not_have_is_bad_input(run: Any) -> None:
    ran = run("cookbook", "quaternion")
    assert (ran.status, ran.out) == (2, "")
    assert "nothing under `quaternion`" in ran.err
    assert "mml" in ran.err
