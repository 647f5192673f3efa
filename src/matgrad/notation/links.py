"""A claim `a = b = c`, taken apart into the equalities it is made of.

Floor 2.
"""

from __future__ import annotations

import re

from matgrad.notation.relation import RELATIONS
from matgrad.notation.statement import beginning_of_definitions, depths_of, refuse
from matgrad.notation.tokens import Syntax, tokenize


def links(text: str, syntax: Syntax = "matrix") -> tuple[str, ...]:
    """The equalities of a claim, each with the definitions and at its place in the text: what
    belongs to the others is blank.

    Raises SyntaxProblem for an inequality and for a text without `=`.
    """
    tokens = tokenize(text, syntax)
    depth = depths_of(tokens)
    where = beginning_of_definitions(tokens, depth)
    last = tokens[-1 if where is None else where]
    sides = [token for token, open_ in zip(tokens, depth, strict=True) if open_ == 0]
    sides = sides[: sides.index(last)]
    for token in sides:
        if token.kind == "sign" and token.text in RELATIONS:
            refuse(
                text,
                f"`{token.text}` makes an inequality; equalities are checked",
                token,
                hint="write a claim with `=`",
            )
    signs = [token for token in sides if token.kind == "sign" and token.text == "="]
    if not signs:
        refuse(
            text,
            "a claim has two sides with `=` between them",
            last,
            hint='as in "d/dX tr(A*X) = A\'"',
        )
    starts = [0, *(sign.end for sign in signs[:-1])]
    ends = [*(sign.start for sign in signs[1:]), last.start]
    return tuple(
        _blank(text[:start]) + text[start:end] + _blank(text[end : last.start]) + text[last.start :]
        for start, end in zip(starts, ends, strict=True)
    )


def _blank(text: str) -> str:
    return re.sub(r"\S", " ", text)
