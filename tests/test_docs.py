"""The pages say what is so: their commands and sessions run and print what stands there."""

from __future__ import annotations

import ast
import contextlib
import doctest
import re
import shlex
from pathlib import Path

import pytest

import matgrad
from matgrad import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str, start: str) -> dict[str, str]:
    """The fenced blocks in a language that hold `start`, by page and number."""
    return {
        f"{page.name}:{number}": text
        for page in PAGES
        for number, (kind, text) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")), 1)
        if kind == language and start in text
    }


SHELL, SESSIONS = blocks("console", "$ "), blocks("python", ">>> ")


@pytest.mark.parametrize("text", SHELL.values(), ids=SHELL)
def test_commands_print_what_the_page_shows(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    for session in text.split("$ ")[1:]:
        command, _, expected = session.partition("\n")
        words = shlex.split(command)
        assert words[0] == "matgrad"
        with contextlib.suppress(SystemExit):
            cli.main(words[1:])
        shown = capsys.readouterr()
        printed = shown.out + shown.err
        assert doctest.OutputChecker().check_output(
            expected.strip() + "\n", printed.strip() + "\n", doctest.ELLIPSIS
        ), printed


@pytest.mark.parametrize("text", SESSIONS.values(), ids=SESSIONS)
def test_sessions_print_what_the_page_shows(text: str) -> None:
    example = doctest.DocTestParser().get_doctest(text, {}, "page", None, None)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0


ROW = re.compile(
    r"^\| ([\d. ]*)\| `d/d(\w+) (.*?)` \| (.*?) ?\| `(.*?)` \| (.*?) \|$", re.MULTILINE
)
ROWS = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readme_shows_ten_identities_and_both_readings_of_the_last() -> None:
    assert len(ROWS) == 11


@pytest.mark.parametrize(
    ("wrt", "text", "given", "answer", "shape"),
    [row[1:] for row in ROWS],
    ids=[row[0].strip() or "general" for row in ROWS],
)
def test_the_table_of_identities_is_what_matgrad_answers(
    wrt: str, text: str, given: str, answer: str, shape: str
) -> None:
    result = matgrad.derive(text, wrt, given=given.strip("`"))
    assert result.text("unicode") == answer
    assert " × ".join(map(str, result.shape)) == shape


def test_the_worked_example_is_the_record_in_the_catalogue() -> None:
    """CONTRIBUTING shows an operator as it stands in the catalogue, comments apart."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (shown,) = [text for kind, text in FENCE.findall(page) if kind == "python"]
    source = (ROOT / "src/matgrad/catalogue/linalg.py").read_text(encoding="utf-8")
    records = {ast.dump(statement) for statement in ast.parse(source).body}
    assert ast.dump(ast.parse(shown).body[0]) in records
