"""Reading text as an expression.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Mapping

from matgrad.api.expressions import Expression
from matgrad.core.errors import SyntaxProblem
from matgrad.notation import read as notation
from matgrad.notation.tokens import Syntax


def read(
    text: str,
    *,
    syntax: Syntax = "matrix",
    symbols: Mapping[str, str] | None = None,
    let: Mapping[str, str] | None = None,
    given: str = "",
    shape: str | None = None,
) -> Expression:
    """The expression that `text` is, in the `matrix` language, the `numpy` dialect or in `latex`.

    >>> import matgrad as mg
    >>> mg.read(r"\\mathbf{a}^\\top \\mathbf{X}^{-1} \\mathbf{b}", syntax="latex")
    a'*inv(X)*b

    `symbols` declares names (`{"W": "q q symmetric", "t": "", "f": "(m n) -> (p p)"}`), `let`
    names parts of the text (`{"r": "y - X @ w"}`), `shape` says which shape it has where the
    text leaves that open.

    Raises MatgradError for what cannot be read, with the place.
    """
    reading = notation.read(
        text, given=given, symbols=symbols, lets=let, syntax=syntax, shape=shape
    )
    if reading.targets or reading.equals is not None:
        derivative = reading.equals is None
        raise SyntaxProblem(
            f"this is a {'derivative' if derivative else 'claim'}; an expression is read here",
            text=text,
            span=(0, len(text)),
            hint=f"mg.{'derive derives it' if derivative else 'equal compares two expressions'}",
        )
    return Expression(reading.expr)
