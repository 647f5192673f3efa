"""What the next few tokens say: `[i,j]:` from `[A, B]`, `sum_i` from other names, and which sign
stands behind an operand.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matgrad.notation.grammar import Grammar
from matgrad.notation.tokens import Token
from matgrad.notation.tree import Position

_SUM = "sum_"


def index_axes(tokens: Sequence[Token], at: int, stop: int) -> tuple[Position, ...] | None:
    """The axes in `i,j]:`, which stands at `at`; None where it does not."""
    axes: list[Position] = []
    texts = [token.text for token in tokens[at:stop]]
    if texts[:2] == ["]", ":"]:
        return ()
    for place in range(0, len(texts) - 2, 2):
        name, after = tokens[at + place], texts[place + 1]
        if name.kind != "name" or after not in (",", "]"):
            return None
        axes.append(name.text)
        if after == "]":
            return tuple(axes) if texts[place + 2] == ":" else None
    return None


def summed_over(name: Token, following: Token | None, known: Collection[str]) -> str:
    """The index in `sum_i`, where an operand follows; empty for any other name."""
    if not name.text.startswith(_SUM) or name.text in known or following is None:
        return ""
    operand = following.kind in ("name", "number", "imaginary") or following.text in "([|‖"
    return name.text.removeprefix(_SUM) if operand else ""


def typed(text: str, token: Token) -> str:
    """A token as it stands in the text."""
    return text[token.start : token.end] or token.text


def length(axes: tuple[Position, ...]) -> int:
    """How many tokens `i,j]:` has."""
    return max(2 * len(axes), 1) + 1


def postfix(
    grammar: Grammar, sign: str, following: Token | None, declared: Collection[str]
) -> tuple[str, int]:
    """A postfix operator and of how many tokens it is made: `'`, `^T`, `^'`, `^H`; `^T` is a power
    where T is declared, `^(H)` by a number H."""
    if sign in grammar.postfix:
        return grammar.postfix[sign], 1
    if sign == "^" and following is not None:
        head = {"'": "transpose", "T": "transpose", "H": "hermitian"}.get(following.text)
        if head and not (following.text == "T" and "T" in declared):
            return head, 2
    return "", 0
