"""Names in generated code: identifiers that collide with nothing.

Floor 4.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import final


@final
class Identifiers:
    """Gives each name an identifier of its own."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self.taken = set(reserved)

    def of(self, name: str) -> str:
        """An identifier like `name`: what is no letter is left out, a word of Python gets a
        line behind it, and a number tells it from one that is taken."""
        plain = unicodedata.normalize("NFKC", name)
        base = re.sub(r"\W", "_", plain) or "_"
        if base[0].isdigit() or base.startswith("_"):
            base = f"v{base}"
        if keyword.iskeyword(base) or keyword.issoftkeyword(base):
            base += "_"
        found, count = base, 1
        while found in self.taken:
            count += 1
            found = f"{base}_{count}" if base[-1].isdigit() else f"{base}{count}"
        self.taken.add(found)
        return found

    def branch(self) -> Identifiers:
        """The same names taken, for statements beside which others are not run."""
        return Identifiers(self.taken)
