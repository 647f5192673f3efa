"""Reading: the public entry points, from text to expressions.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.core.expr import Expr, Function
from matgrad.notation.assemble import Assembly
from matgrad.notation.declare import declare
from matgrad.notation.declare import read_shape as read_shape
from matgrad.notation.draft import Unknown
from matgrad.notation.grammar import GRAMMARS
from matgrad.notation.interpret import Interpreter
from matgrad.notation.latex.echo import echo
from matgrad.notation.latex.hints import in_latex, plain_names
from matgrad.notation.lexing import tokens_of, variable_of
from matgrad.notation.parse import Parser
from matgrad.notation.reading import NameInfo as NameInfo
from matgrad.notation.reading import NameKind as NameKind
from matgrad.notation.reading import Reading as Reading
from matgrad.notation.reading import Target as Target
from matgrad.notation.scope import Scope
from matgrad.notation.sheet import Sheet
from matgrad.notation.statement import right_side, take_apart
from matgrad.notation.tokens import Syntax
from matgrad.notation.tree import Node


def read(
    text: str,
    *,
    given: str = "",
    symbols: Mapping[str, str] | None = None,
    lets: Mapping[str, str] | None = None,
    wrt: Sequence[str] = (),
    shape: str | None = None,
    syntax: Syntax = "matrix",
    known: Mapping[str, Expr | Function] | None = None,
    named: bool = False,
    derives: bool = False,
) -> Reading:
    """Read an expression, a derivative `d/dX …` or a claim `… = …`.

    `given` and `symbols` declare names, `lets` name intermediates, `wrt` are the variables of
    differentiation when the text does not say them.  `shape` is that of the expression, where
    the text leaves it open (`[i,j]: x[i]`).  `known` are finished symbols and functions.  What a
    text in LaTeX was read as is the first of the remarks; `named` ones may begin with a name for
    the expression, `L = …`; where one `derives`, `\\frac{\\partial f}{\\partial X}` asks for the
    derivative, and is no tensor.

    >>> read("x'*A*x").names[0].note
    'assumed vector'

    Raises SyntaxProblem, DeclarationProblem, NameProblem, ShapeProblem, AmbiguityProblem,
    NoRule or BudgetExceeded, each with a caret under the place.
    """
    if syntax not in GRAMMARS:
        raise DeclarationProblem(
            f"there is no syntax `{syntax}` to read",
            hint=f"one of {', '.join(GRAMMARS)}",
        )
    if syntax == "latex":
        given = plain_names(given)
        symbols = {plain_names(name): facts for name, facts in (symbols or {}).items()}
    scope = Scope(identity=syntax != "numpy")
    _enter(scope, known or {})
    declare(scope, given, symbols or {})
    declared = {*scope.symbols, *scope.functions, *scope.sizes, *(lets or {})}
    try:
        variables = (variable_of(name, syntax).name for name in wrt)
        tokens = tokens_of(text, syntax, scope, (*(lets or {}), *variables), derives=derives)
        statement = take_apart(text, tokens, declared)
        side = right_side(statement) if named and syntax == "latex" else None
        if side is not None:
            name = tokens[statement.body[0]].text
            scope.remarks[f"{name} is the name of what is differentiated"] = None
            statement = side
        clash = sorted({*(lets or {})} & {name for name, _ in statement.lets})
        if clash:
            raise DeclarationProblem(f"{clash[0]} is defined in the text and beside it")
        expected = None if shape is None else read_shape(shape)
        found = Assembly(scope, statement, lets or {}, tuple(wrt), syntax).reading(expected)
        if syntax == "latex":
            found = found._replace(remarks=(f"read as {echo(found)}", *found.remarks))
        return found
    except MatgradError as problem:
        problem.at(text, (0, len(text)))
        if syntax == "latex" and problem.hint:
            problem.hint = in_latex(problem.hint)
        raise


def read_expression(
    text: str, symbols: Mapping[str, Expr | Function], syntax: Syntax = "matrix"
) -> Expr:
    """The expression that `text` is, when `symbols` declares every name; an integer's name stands
    for itself as a number.

    Raises NameProblem for any other name.
    """
    scope = Scope(closed=True)
    _enter(scope, symbols)
    tokens = tokens_of(text, syntax, scope)
    nodes: list[Node] = []
    parser = Parser(text, tokens, syntax, nodes, scope.symbols, scope.functions)
    root = parser.parse(0, len(tokens) - 1)
    interpreter = Interpreter(Sheet(nodes, scope, syntax))
    interpreter.type(root, None, ())
    interpreter.write()
    return interpreter.draft.finish(interpreter.settle().size)[interpreter.rows[root]]


def _enter(scope: Scope, known: Mapping[str, Expr | Function]) -> None:
    """Finished symbols and functions as names of a scope."""
    scope.declare({name: s for name, s in known.items() if isinstance(s, Expr)})
    for name, function in known.items():
        if isinstance(function, Function):
            scope.functions[name] = Unknown(
                name,
                function.value,
                None if function.elementwise else function.params,
                function.elementwise,
                function.properties,
                function,
            )
