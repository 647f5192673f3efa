"""The benchmarks ask what they say they ask; nothing is timed here."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

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
    from autodiff import TOLERANCE
    from derivatives import PROBLEMS
    from systems import Device, ours

    for name, row in PROBLEMS.items():
        values = row.arrays(row.sizes[0])
        whole = ours(row, values, Device()).whole()
        expected = (row.array or row.expert)(values)
        error = abs(whole - expected).max() / abs(expected).max()
        assert error < TOLERANCE, name


def test_a_device_that_is_not_there_is_told() -> None:
    pytest.importorskip("scipy", reason="SciPy is not installed")
    from systems import Device

    with contextlib.suppress(ImportError):
        import torch

        if torch.cuda.is_available():
            pytest.skip("there is a CUDA device")
    with pytest.raises(SystemExit, match="--device cuda"):
        Device("cuda")


@pytest.mark.parametrize("backend", ["numpy", "jax", "torch"])
def test_ours_is_timed_in_every_library(backend: str) -> None:
    if backend != "numpy":
        pytest.importorskip(backend, reason=f"{backend} is not installed")
    pytest.importorskip("scipy", reason="SciPy is not installed")
    import numpy as np

    from derivatives import PROBLEMS
    from systems import Device, expert, ours

    row = PROBLEMS["logistic gradient"]
    values = row.arrays(20)
    found = ours(row, values, Device(), backend)
    assert found.first > 0
    np.testing.assert_allclose(found.whole(), expert(row, values, Device()).whole(), rtol=1e-9)


def test_figures_become_a_table_and_a_picture() -> None:
    pytest.importorskip("scipy", reason="SciPy is not installed")
    from xml.etree import ElementTree

    from autodiff import measured, table
    from derivatives import PROBLEMS
    from plot import picture

    rows = [measured(PROBLEMS["quad"], size, []) for size in (20, 40)]
    lines = table({"quad": rows}).splitlines()
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1
    root = ElementTree.fromstring(picture({"quad & more": rows}))
    names = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"quad & more", "matgrad", "by hand", "n = 40"} <= set(names)
    lines_drawn = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert len(lines_drawn) == 2


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")
def test_memory_is_measured_in_a_process_of_its_own() -> None:
    pytest.importorskip("scipy", reason="SciPy is not installed")
    from peak import measured

    size, entries = 40, 40**4 * 8
    dense = measured("ours", "inverse", size)
    operator = measured("ours", "inverse, operator", size)
    if dense is None or operator is None:
        pytest.skip("the highest mark cannot be set here")
    assert dense >= 0.9 * entries
    assert operator < 0.2 * entries
