"""Relations in declarations: `t > 0`, `0 < p < 1`, `t != 0`.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.catalogue.properties import PROPERTIES
from matgrad.core.interval import interval
from matgrad.notation.tokens import Token

RELATIONS = frozenset({"<", ">", "<=", ">=", "!="})
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NAMED = {
    interval(record.entries): name
    for name, record in PROPERTIES.items()
    if record.entries and record.of == "any" and not record.says
}


def number_at(tokens: Sequence[Token], at: int, stop: int) -> tuple[str, int] | None:
    """A number, perhaps with a sign, that begins at a token, and where it ends."""
    sign = "-" if at < stop and tokens[at].text == "-" else ""
    at += bool(sign)
    if at < stop and tokens[at].kind == "number":
        return sign + tokens[at].text, at + 1
    return None


def related(relations: Sequence[tuple[str, str]]) -> frozenset[str] | None:
    """The property of what stands in these relations to numbers, `("<", "1")`; None for what no
    number does or no property says."""
    low, high = "(-inf", "inf)"
    for sign, number in relations:
        if sign == "!=":
            return frozenset({"nonzero"}) if len(relations) == 1 and float(number) == 0 else None
        if sign in (">", ">="):
            low = ("(" if sign == ">" else "[") + number
        else:
            high = number + (")" if sign == "<" else "]")
    where = interval(f"{low}, {high}")
    return None if where.empty else frozenset({_NAMED.get(where, f"{low}, {high}")})


def turned(sign: str) -> str:
    """The relation read from right to left."""
    return _TURNED.get(sign, sign)
