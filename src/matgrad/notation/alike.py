"""Slips of the pen: which known word may have been meant.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from matgrad.notation.special import PLANNERS
from matgrad.notation.tokens import Token
from matgrad.notation.tree import Node
from matgrad.notation.vocabulary import called_names


def suggestion(word: str, known: Sequence[str]) -> str | None:
    """A hint naming the known word most like `word`."""
    close = [other for other in known if other.lower() == word.lower()]
    close = close or get_close_matches(word, known, 1)
    return f"did you mean {close[0]}?" if close else None


def operator_like(name: str) -> str | None:
    """The operator whose name `name` may be a slip of."""
    known = sorted({*called_names(), *PLANNERS})
    for other in known:
        if other.lower() == name.lower() or (len(name) > 2 and sorted(other) == sorted(name)):
            return other
    return next(iter(get_close_matches(name, known, 1, _ALIKE)), None)


_ALIKE = 0.75
"""`deter` is this much like `det`, and `trce` more like `trace`; `loss` is less like `cos`."""


def side_by_side(left: Node, right: Token) -> str:
    """A hint for two operands with nothing between them."""
    if left.head == "name" and (left.name in PLANNERS or left.name in called_names()):
        return f"a function is applied with brackets: `{left.name}(…)`"
    shown = "(…)" if right.kind == "sign" else right.text
    return f"a product is written with `*`: `{left.source[-20:]}*{shown}`"
