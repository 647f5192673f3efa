"""The command as a process: its streams, their encodings, what it imports."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import matgrad as mg
from commands import command

ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
# A locale that Python takes at its word: arguments arrive as bytes that are not understood.
POSIX = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_the_command_imports_the_standard_library_only() -> None:
    code = (
        "import sys; known = set(sys.modules); from matgrad import cli\n"
        "status = cli.main(['d/dX log(det(X))'])\n"
        "print(status, *{name.split('.')[0] for name in set(sys.modules) - known})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *loaded = done.stdout.splitlines()[-1].split()
    assert status == "0"
    assert set(loaded) <= sys.stdlib_module_names | {"matgrad"}
    assert "matgrad" in loaded


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "matgrad", "d/dX tr(X)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize(
    ("redirection", "message"),
    [
        pytest.param("'d/dx x*y' >&-", "standard output is closed", id="no output"),
        pytest.param("- <&-", "standard input is closed", id="no input"),
        pytest.param("'d/dx x*y' >/dev/full", "No space left on device", id="full disk"),
    ],
)
def test_a_stream_that_fails_is_told(redirection: str, message: str) -> None:
    line = f"'{sys.executable}' -m matgrad {redirection}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"matgrad: {message}\n")


def test_an_output_without_the_characters_is_told_what_to_do() -> None:
    ran = command("d/dX X*A", "--to", "unicode", environment=ASCII)
    assert (ran.status, ran.out) == (2, "")
    assert "the output is ascii, which has no" in ran.err
    assert "PYTHONIOENCODING=utf-8" in ran.err
    ran = command("∂/∂Σ tr(Σ*A)", environment=ASCII)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "A'"


def test_json_is_ascii_where_the_output_is() -> None:
    found = [json.loads(command("d/dX tr(A*X)", "--json", environment=e).out) for e in (ASCII, {})]
    assert found[0]["unicode"] == found[1]["unicode"] == "Aᵀ"


def test_utf_8_is_read_whatever_the_locale() -> None:
    arguments = ("xᵀ*Σ*x", "--wrt", "x", "--given", "x: ν")
    ran = command(*arguments, environment=POSIX)
    assert (ran.status, ran.err) == (0, "")
    assert ran == command(*arguments)


@pytest.mark.parametrize("option", ["--wrt", "--given"])
def test_options_that_are_not_utf_8(option: str) -> None:
    ran = command("d/dx x*y", option, b"x\xff")
    assert (ran.status, ran.out) == (2, "")
    assert "this is not valid UTF-8" in ran.err


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"d/dX tr(A*X)\r\n", id="line end"),
        pytest.param(b"\xef\xbb\xbfd/dX tr(A*X)", id="byte order mark"),
        pytest.param(b"d/dX\r\n  tr(A\r\n\t*X)\r\n", id="several lines"),
    ],
)
def test_standard_input_as_editors_leave_it(text: bytes) -> None:
    assert command("-", stdin=text) == command("d/dX tr(A*X)")


def test_version() -> None:
    assert command("--version") == (0, f"matgrad {mg.__version__}\n", "")
