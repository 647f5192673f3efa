"""Filling in a column's cells: operands in brackets where they need them.

Floor 4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

# How strongly a text binds.
SUM, PRODUCT, UNARY, POWER, ATOM = range(5)


class Text(NamedTuple):
    """A piece of Python and how strongly it binds."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text where something at least so strong is wanted."""
        return self.text if self.level >= level else f"({self.text})"


class Sizes(tuple[str, ...]):
    """Sizes as a tuple display; one by one with an index."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return f"({', '.join(self)}{',' if len(self) == 1 else ''})"


_OPERAND = re.compile(r"\{(\d)\}")


@cache
def _parsed(cell: str) -> tuple[tuple[tuple[int, bool], ...], int]:
    """The operands of a cell, whether each stands by itself between commas and brackets; and how
    strongly the whole binds."""
    operands = []
    for match in _OPERAND.finditer(cell):
        before, after = cell[: match.start()].rstrip(), cell[match.end() :].lstrip()
        alone = before[-1:] in ("(", ",", "=") and after[:1] in (")", ",")
        operands.append((int(match[1]), alone))
    depth, level = 0, ATOM
    for k, char in enumerate(cell):
        depth += char in "([{"
        depth -= char in ")]}"
        if depth == 0 and char == " ":
            operator = cell[k + 1 : k + 4].split(" ")[0]
            level = min(level, {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}.get(operator, ATOM))
            if operator == "**":
                level = min(level, POWER)
    return tuple(operands), level


def filled(cell: str, operands: Sequence[Text], **fields: object) -> Text:
    """A cell with its operands and other fields."""
    places, level = _parsed(cell)
    wanted = [SUM] * len(operands)
    for k, alone in places:
        if not alone:
            wanted[k] = ATOM
    texts = [operand.at(want) for operand, want in zip(operands, wanted, strict=True)]
    return Text(cell.format(*texts, **fields), level)
