"""What the command reads and writes, whatever the locale and however its streams end.

Floor 6.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import Any

from matgrad.core.errors import BudgetExceeded, NoForm, SyntaxProblem

# Standard input beyond this is refused before it is read further.
INPUT_LIMIT = 1_000_000
# What mathematics is written with, besides ASCII.
_SAMPLE = "∂ᵀ⁻₁⊙‖"


def file_or_input(name: str) -> str:
    """The text of a file, or standard input for `-`.

    Raises OSError for a file that cannot be read.
    """
    if name == "-":
        return standard_input()
    with open(name, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def standard_input() -> str:
    """All of standard input, without a byte order mark.

    Raises BudgetExceeded where there is too much, OSError where it is closed.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    data = sys.stdin.buffer.read(INPUT_LIMIT + 1)
    text = data.decode("utf-8", "surrogateescape")
    if len(data) > INPUT_LIMIT:
        raise BudgetExceeded(
            f"standard input is longer than {INPUT_LIMIT} bytes",
            text=text,
            span=(len(text) - 1, len(text)),
            hint="an expression this long is hardly typed by hand; split it",
        )
    return text.removeprefix("\ufeff").strip()


def decoded(text: str) -> str:
    """The text as UTF-8 whatever the locale: bytes that were not understood are surrogates.

    Raises SyntaxProblem for what is not UTF-8.
    """
    if not any(map(_is_surrogate, text)):
        return text
    text = os.fsencode(text).decode("utf-8", "surrogateescape")
    for position, character in enumerate(text):
        if _is_surrogate(character):
            raise SyntaxProblem("this is not valid UTF-8", text=text, span=(position, position + 1))
    return text


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def json_text(data: Any) -> str:
    """Plain data as JSON, in ASCII where standard output has no more."""
    return json.dumps(data, ensure_ascii=bool(_unwritable(_SAMPLE)))


def write(text: str) -> None:
    """Write a text and the end of its line to standard output, and see it arrive.

    Raises NoForm where the output's encoding lacks a character, OSError where it is closed.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    missing = _unwritable(text)
    if missing:
        raise NoForm(
            f"the output is {sys.stdout.encoding}, which has no `{missing}`",
            hint="set PYTHONIOENCODING=utf-8, or ask for `--to text`, which is ASCII",
        )
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def abandon_output() -> None:
    """Keep the interpreter from writing again, as it exits, what could not be written."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unwritable(text: str) -> str:
    """The first character that standard output cannot show, or nothing."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError as problem:
        return text[problem.start]
    return ""
