"""The command run by tests, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import NamedTuple


class Ran(NamedTuple):
    """What one call of the command left behind."""

    status: int
    out: str
    err: str


def command(*arguments: str | bytes, stdin: bytes = b"") -> Ran:
    """The command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "matgrad", *arguments], input=stdin, capture_output=True, timeout=60
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
