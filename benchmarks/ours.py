"""matgrad as a system under measurement: text in, text out."""

from __future__ import annotations

import platform
from importlib.metadata import version

import matgrad as mg
from problems import problem
from worker import Call, serve


def solve(name: str, size: int) -> Call:
    """Read; differentiate, shorten, print.  A name that ends in `+check` is checked too."""
    check = name.endswith("+check")
    text, wrt, given = problem(name.removesuffix("+check"), size)

    def call() -> tuple[str, float]:
        result = mg.derive(text, wrt, given=given, check=check)
        return result.text(), result.timings["read"]

    return call


if __name__ == "__main__":
    serve(
        {"matgrad": version("matgrad"), "Python": platform.python_version()},
        solve,
        mg.clear_caches,
    )
