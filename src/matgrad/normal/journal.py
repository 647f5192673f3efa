"""A journal: which named rules fire while something is brought to normal form.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_open: list[dict[str, None]] = []


def note(name: str) -> None:
    """A rule was applied."""
    for names in _open:
        names[name] = None


@contextmanager
def noting() -> Iterator[dict[str, None]]:
    """The names of the rules applied inside the block, in order of first use."""
    names: dict[str, None] = {}
    _open.append(names)
    try:
        yield names
    finally:
        _open.remove(names)
