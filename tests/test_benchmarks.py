"""The benchmarks ask what they say they ask; nothing is timed here."""

from __future__ import annotations

import sys

import pytest

import matgrad
from engine import exponent
from problems import FAMILIES, IDENTITIES, problem
from worker import Worker


@pytest.mark.parametrize("name", IDENTITIES)
def test_every_identity_is_answered(name: str) -> None:
    text, wrt, given = IDENTITIES[name]
    assert matgrad.derive(text, wrt, given=given, check=True).proof.ok


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_grows_with_its_size(family: str) -> None:
    small, large = problem(family, 6), problem(family, 12)
    assert len(large.text) > len(small.text)
    assert matgrad.derive(*small[:2], given=small.given, check=True).proof.ok


def test_a_worker_answers_in_its_own_process() -> None:
    worker = Worker("ours", sys.executable, timeout=60)
    try:
        assert "matgrad" in worker.versions
        assert worker.ask("5.106")["text"] == "a*b'"
        assert "KeyError" in worker.ask("no such problem")["refused"]
    finally:
        worker.stop()


def test_a_rival_that_is_not_installed_says_so() -> None:
    with pytest.raises(RuntimeError, match="can't open file"):
        Worker("with_nobody", sys.executable, timeout=60)


def test_growth_is_the_exponent() -> None:
    assert exponent([(2.0, 12.0), (4.0, 48.0), (8.0, 192.0)]) == pytest.approx(2.0)


def test_generated_code_is_what_the_expert_writes() -> None:
    pytest.importorskip("scipy", reason="SciPy is not installed")
    from autodiff import PROBLEMS, TOLERANCE, ours

    for name, row in PROBLEMS.items():
        values = row.arrays(row.sizes[0])
        _, whole, _ = ours(row, values)
        if row.kind == "dense":
            expected = row.expert(values)
            error = abs(whole() - expected).max() / abs(expected).max()
            assert error < TOLERANCE, name
