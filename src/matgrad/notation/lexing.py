"""Lexing: a text in any of the three languages as tokens of the grammar.

Floor 2.  In LaTeX what a letter stands for depends on what is declared of it.
"""

from __future__ import annotations

from matgrad.core.complexes import is_complex
from matgrad.notation import kinds as k
from matgrad.notation.latex.names import Known
from matgrad.notation.latex.writer import translate
from matgrad.notation.scope import Scope, Symbol
from matgrad.notation.statement import Variable, read_variable
from matgrad.notation.tokens import Syntax, Token, tokenize


def tokens_of(
    text: str,
    syntax: Syntax,
    scope: Scope,
    others: tuple[str, ...] = (),
    *,
    derives: bool = False,
) -> list[Token]:
    """The tokens of `text`; `others` are names that stand for values besides those of the scope,
    `derives` says that the text asks for a derivative.

    What a LaTeX text says of names by its fonts, and how it was taken, is noted in the scope.
    """
    if syntax != "latex":
        return tokenize(text, syntax)
    found = translate(text, _known(scope, others, derives))
    for name, below in found.bold.items():
        if name[0].islower():
            scope.bold.setdefault(name, set()).update(below)
    scope.matrices |= found.matrices
    scope.remarks |= dict.fromkeys(found.remarks)
    return found.tokens


def signs_of(text: str, syntax: Syntax) -> list[Token]:
    """The tokens of a text of which only the signs are looked at, so that nobody is asked."""
    return (
        translate(text, Known(asks=False)).tokens if syntax == "latex" else tokenize(text, syntax)
    )


def variable_of(text: str, syntax: Syntax) -> Variable:
    """A variable of differentiation that stands beside a text; in LaTeX `\\Sigma` and Sigma are one
    name."""
    is_latex = syntax == "latex" and not text.isidentifier()
    return read_variable(text, signs_of(text, "latex") if is_latex else None)


def _known(scope: Scope, others: tuple[str, ...], derives: bool) -> Known:
    orders = {name: _order(symbol) for name, symbol in scope.symbols.items()}
    names = dict.fromkeys((*scope.sizes, *scope.fixed, *scope.lets, *others))
    complex_names = {
        name
        for name, symbol in scope.symbols.items()
        if "complex" in symbol.properties or (symbol.expr is not None and is_complex(symbol.expr))
    }
    return Known(
        {**names, **orders},
        set(scope.functions),
        set(scope.families()),
        complex_names,
        derives=derives,
    )


def _order(symbol: Symbol) -> int | None:
    kinds = list(k.members(symbol.kinds))
    return k.order_of(kinds[0]) if len(kinds) == 1 else None
