"""Writing: an expression as text, Unicode, LaTeX or NumPy.

Floor 2.  The expression is printed as it is given: nothing is reordered or simplified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr
from matgrad.notation.array_form import ArrayForm
from matgrad.notation.layout import Layout, text
from matgrad.notation.matrix_form import MatrixForm
from matgrad.notation.shared import shared_parts
from matgrad.notation.spelling import NUMPY, SPELLINGS, Spelling

Notation = Literal["text", "unicode", "latex", "numpy"]


def render(
    expr: Expr,
    notation: str,
    *,
    row: bool = False,
    names: Mapping[Expr, str] | None = None,
    explained: bool = True,
    around: frozenset[str] = frozenset(),
    beside: Expr | None = None,
) -> str:
    """`expr` in one notation; a vector as a column, or with `row` as a row.

    The subexpressions in `names` keep the names the user gave them; large repeated ones get
    names of their own.  Both are explained after a `where`, except in NumPy, which is always
    one expression; `explained` false leaves that to another place.  `around` are the indices of
    the sums that `expr` is a part of, and no letter of an index form is called as what is used in
    the expression `beside` it.

    Raises NoForm for a notation that does not exist or cannot write the expression.
    """
    spelling = SPELLINGS.get(notation)
    if spelling is None:
        raise NoForm(f"there is no notation `{notation}`", hint=f"one of {', '.join(SPELLINGS)}")
    if spelling is NUMPY:
        return text(ArrayForm().whole(expr))
    if not explained:
        return text(MatrixForm(expr, spelling, names or {}, around).whole(expr, row))
    named = shared_parts(expr, names or {})
    return _with_definitions(expr, row, spelling, MatrixForm(expr, spelling, named, around, beside))


def _with_definitions(expr: Expr, row: bool, spelling: Spelling, form: MatrixForm) -> str:
    opening, equals, comma = spelling.where
    pieces: list[str | Layout] = [form.whole(expr, row)]
    definitions: list[tuple[str, Layout]] = []
    # The last first, since each may use earlier ones.
    for part, name in reversed([*form.named.items()]):
        if part in form.referenced:
            definitions.append((spelling.name(name), form.definition(part)))
    for name, definition in reversed(definitions):
        pieces += (opening, name, equals, definition)
        opening = comma
    return text(Layout(tuple(pieces)))
