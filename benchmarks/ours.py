"""matgrad as a system under measurement: text in, text out."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version

import matgrad as mg
from problems import problem
from worker import serve


def solve(name: str, size: int) -> Callable[[], str]:
    """Read, differentiate, shorten, print; a name that ends in `+check` is checked too."""
    check = name.endswith("+check")
    text, wrt, given = problem(name.removesuffix("+check"), size)
    return lambda: mg.derive(text, wrt, given=given, check=check).text()


if __name__ == "__main__":
    serve(
        {"matgrad": version("matgrad"), "Python": platform.python_version()},
        solve,
        mg.clear_caches,
    )
