"""A claim `a = b = c`, taken apart into the equalities it is made of.

Floor 2.
"""

from __future__ import annotations

import re

from matgrad.notation.lexing import signs_of
from matgrad.notation.relation import RELATIONS
from matgrad.notation.statement import beginning_of_definitions, depths_of, refuse
from matgrad.notation.tokens import Syntax


def links(text: str, syntax: Syntax = "matrix") -> tuple[str, ...]:
    """The equalities of a claim, each with the definitions and at its place in the text: what
    belongs to the others is blank.

    Raises SyntaxProblem for an inequality and for a text without `=`.
    """
    sides, last = _sides(text, syntax)
    starts = [start for start, _ in sides[:-1]]
    ends = [end for _, end in sides[1:]]
    return tuple(_cut(text, start, end, last) for start, end in zip(starts, ends, strict=True))


def sides_of(link: str, syntax: Syntax = "matrix") -> tuple[str, str]:
    """The two sides of an equality, each with the definitions and at its place in the text."""
    (left, right), last = _sides(link, syntax)
    return _cut(link, *left, last), _cut(link, *right, last)


def _sides(text: str, syntax: Syntax) -> tuple[list[tuple[int, int]], int]:
    """Where the sides of a claim begin and end, and where its definitions begin.

    Raises SyntaxProblem for an inequality and for a text without `=`.
    """
    tokens = signs_of(text, syntax)
    depth = depths_of(tokens)
    where = beginning_of_definitions(tokens, depth)
    last = tokens[-1 if where is None else where]
    outside = [
        token
        for token, opened in zip(tokens, depth, strict=True)
        if opened == 0 and token.start < last.start
    ]
    for token in outside:
        if token.kind == "sign" and token.text in RELATIONS:
            refuse(
                text,
                f"`{token.text}` makes an inequality; equalities are checked",
                token,
                hint="write a claim with `=`",
            )
    signs = [token for token in outside if token.kind == "sign" and token.text == "="]
    if not signs:
        refuse(
            text,
            "a claim has two sides with `=` between them",
            last,
            hint='as in "d/dX tr(A*X) = A\'"',
        )
    starts = [0, *(sign.end for sign in signs)]
    ends = [*(sign.start for sign in signs), last.start]
    return list(zip(starts, ends, strict=True)), last.start


def _cut(text: str, start: int, end: int, last: int) -> str:
    return _blank(text[:start]) + text[start:end] + _blank(text[end:last]) + text[last:]


def _blank(text: str) -> str:
    return re.sub(r"\S", " ", text)
