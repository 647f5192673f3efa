"""The command run by tests, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple


class Ran(NamedTuple):
    """What one call of the command left behind."""

    status: int
    out: str
    err: str


def command(
    *arguments: str | bytes, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> Ran:
    """The command in a process of its own, with what `environment` adds to this one's."""
    done = subprocess.run(
        [sys.executable, "-m", "matgrad", *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
