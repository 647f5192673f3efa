"""Tables of texts, and expressions as nested operator names, for the tests of reading."""

from __future__ import annotations

from typing import Any

import pytest

from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, walk


def spelled(expr: Expr) -> str:
    """`matmul(a, inv(X))`; data in angle brackets, derivatives of unknown functions as `f<0>`."""
    done: dict[Expr, str] = {}
    for node in walk(expr):
        operands = ", ".join(done[arg] for arg in node.args)
        if node.op is SYMBOL:
            done[node] = node.data[0]
        elif node.op is NUMBER:
            done[node] = str(node.data)
        elif node.op is APPLY:
            function, slots = node.data
            mark = f"<{','.join(map(str, slots))}>" if slots else ""
            done[node] = f"{function.name}{mark}({operands})"
        else:
            data = node.data
            if isinstance(data, tuple):
                data = ",".join(map(str, data))
            mark = "" if data is None else f"<{data}>"
            done[node] = f"{node.op.name}{mark}({operands})"
    return done[expr]


def sizes(expr: Expr) -> str:
    """The shape of an expression, `m n`; empty for a scalar."""
    return " ".join(map(str, expr.shape))


def rows(names: str, table: dict[str, Any]) -> pytest.MarkDecorator:
    """Parametrise by a table; its keys are the ids and the values of the first of `names`."""
    cases = [
        (key, *(value if isinstance(value, tuple) else (value,))) for key, value in table.items()
    ]
    return pytest.mark.parametrize(names, cases, ids=list(table))
