"""Reading: the public entry points, from text to expressions.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Mapping

from matgrad.core.expr import Expr, Function
from matgrad.notation.draft import Unknown
from matgrad.notation.interpret import Interpreter
from matgrad.notation.parse import Node, Parser
from matgrad.notation.scope import Scope
from matgrad.notation.sheet import Sheet
from matgrad.notation.tokens import Syntax, tokenize


def read_expression(
    text: str, symbols: Mapping[str, Expr | Function], syntax: Syntax = "matrix"
) -> Expr:
    """The expression that `text` is, when `symbols` declares every name.

    Raises NameProblem for any other name.
    """
    scope = Scope(closed=True)
    scope.declare({name: s for name, s in symbols.items() if isinstance(s, Expr)})
    for name, function in symbols.items():
        if isinstance(function, Function):
            scope.functions[name] = Unknown(
                name,
                function.value,
                None if function.elementwise else function.params,
                function.elementwise,
                function.properties,
                function,
            )
    tokens = tokenize(text, syntax)
    nodes: list[Node] = []
    parser = Parser(text, tokens, syntax, nodes, scope.symbols, scope.functions)
    root = parser.parse(0, len(tokens) - 1)
    interpreter = Interpreter(Sheet(nodes, scope, syntax))
    interpreter.type(root, None, ())
    interpreter.write()
    return interpreter.draft.finish(interpreter.settle().size)[interpreter.rows[root]]
