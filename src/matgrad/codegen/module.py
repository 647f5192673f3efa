"""Programs as source text: one module with one function that runs alone.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matgrad.codegen.columns.column import Column
from matgrad.codegen.draft import Draft
from matgrad.codegen.layout import decorator, definition, docstring, whole
from matgrad.core.expr import Expr


class Source(NamedTuple):
    """A module's text and the name of its function."""

    text: str
    name: str


def module(
    nodes: Sequence[Expr],
    column: Column,
    *,
    name: str,
    title: str,
    notes: Sequence[str] = (),
    order: Sequence[Expr] = (),
    parts: Sequence[tuple[Expr, Expr]] = (),
    variable: str = "",
) -> Source:
    """The source of one function whose results are normal expressions; see `Draft`.  With a
    `variable` of the function comes what the backend's machinery takes, as `differentiable`.

    Raises NoForm for an operator that the backend's column lacks.
    """
    draft = Draft(nodes, column, (name,), order, parts)
    sig = draft.signature()
    statements = draft.statements(sig)
    results = statements.write(draft.roots)
    body = [*draft.opening(sig), *statements.lines, f"return {', '.join(results)}"]
    several = f"tuple[{', '.join([column.array] * len(nodes))}]"
    head = definition(name, sig.parameters(column), several if len(nodes) > 1 else column.array)
    text = "\n".join([*head, *docstring(title, notes, sig), *(f"    {line}" for line in body)])
    if column.decorator:
        text = f"{decorator(column, sig)}\n{text}"
    if variable:
        wrapper = column.wrapper.strip().format(variable=sig.known[variable], joint=name)
        text = f"{text}\n\n\n{wrapper}"
        name = "differentiable"
    return Source(whole(column, text), name)
