"""Every LaTeX string is one that KaTeX reads without a complaint."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from matgrad.api.identities import identities
from matgrad.certificate.derivation import DETAILS
from matgrad.certificate.page import page
from matgrad.notation.layout import MARK
from matgrad.notation.render import render
from samples import samples

BARE = str.maketrans("", "", "".join(MARK))
FOLDER = Path(__file__).parent / "katex"


def complaints(formulas: list[str]) -> list[str | None]:
    """What KaTeX says of each formula; None where it is content."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "katex").is_dir():
        missing = "node" if node is None else "katex"
        if os.environ.get("MATGRAD_REQUIRE_KATEX") == "1":
            pytest.fail(f"{missing} is required here and was not found")
        pytest.skip(f"{missing} was not found: (cd tests/katex && npm install)")
    done = subprocess.run(
        [node, "check.js"],
        cwd=FOLDER,
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    answer: list[str | None] = json.loads(done.stdout)
    return answer


def test_katex_reads_what_is_printed() -> None:
    formulas = {
        render(expr, "latex", row=row): name
        for name, expr in samples().items()
        for row in (False, True)
    }
    found = zip(formulas.items(), complaints(list(formulas)), strict=True)
    wrong = [f"{name}: {latex}\n  {said}" for (latex, name), said in found if said]
    assert not wrong, "\n".join(wrong[:10])


def test_katex_reads_the_page_of_the_cookbook() -> None:
    page = (FOLDER.parent.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    formulas = re.findall(r"\$([^$\n]+)\$", page)
    found = zip(formulas, complaints(formulas), strict=True)
    assert formulas
    assert not [(latex, said) for latex, said in found if said]


@pytest.mark.parametrize("detail", DETAILS)
def test_katex_reads_derivations(detail: str) -> None:
    """Every row, its reasons and the names of parts."""
    formulas = []
    for entry in identities("mml"):
        found = page(entry.derive(check=False).result.steps.at(detail), "latex")
        for each in (found, *(lemma for _, lemma in found.lemmas)):
            formulas += [value for _, value in each.names]
            for row in each.rows:
                reasons = [reason.identity for reason in row.reasons]
                formulas += [row.left, row.right.translate(BARE), *reasons]
    found_wrong = zip(formulas, complaints(formulas), strict=True)
    assert len(formulas) > 100
    assert not [(latex, said) for latex, said in found_wrong if said]


def test_katex_refuses_what_is_wrong() -> None:
    assert [said is None for said in complaints(["x^{2}", "x^a^b", r"\undefined"])] == [
        True,
        False,
        False,
    ]
