"""Programs as source text: one module with one function that runs alone.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matgrad.codegen.columns.column import Column
from matgrad.codegen.draft import Draft
from matgrad.codegen.layout import decorator, definition, docstring, whole
from matgrad.codegen.operators import Operator, Structured, kept, prepared
from matgrad.core.expr import Expr, symbols_of


class Source(NamedTuple):
    """A module's text and the name of its function."""

    text: str
    name: str


def module(
    results: Sequence[Expr | Structured],
    column: Column,
    *,
    name: str,
    title: str,
    notes: Sequence[str] = (),
    order: Sequence[Expr] = (),
    parts: Sequence[tuple[Expr, Expr]] = (),
    wrapper: str = "",
    variable: str = "",
) -> Source:
    """The source of one function whose results are normal expressions, each an array or, if it is
    `Structured`, an operator; see `Draft`.  A `wrapper` is a function `differentiable` of a
    `variable` around it.

    Raises NoForm for an operator that the backend's column lacks.
    """
    nodes = [result.node if isinstance(result, Structured) else result for result in results]
    taken = {s.data[0] for s in (*order, *symbols_of(*nodes, *(part for _, part in parts)))}
    operators: dict[int, Operator] = {}
    for k, result in enumerate(results):
        if isinstance(result, Structured):
            operators[k] = Operator(result, taken)
    found = list(operators.values())
    arrays = [node for k, node in enumerate(nodes) if k not in operators]
    directions = [direction for operator in found for direction in operator.directions]
    draft = Draft(
        [*arrays, *(node for operator in found for node in operator.nodes)],
        column,
        (name, "Derivative"),
        order,
        parts,
        [direction for operator in found for direction in operator.moving],
        [maker for operator in found for maker in operator.makers],
        directions,
    )
    sig = draft.signature(
        directions,
        [size for operator in found for size in operator.sizes_compared],
    )
    plain = draft.roots[: len(arrays)]
    if not operators:
        statements = draft.statements(sig)
        made, lines = statements.write(plain), statements.lines
    else:
        for k, operator in enumerate(found):
            at = len(arrays) + 3 * k
            operator.take(draft.roots[at : at + 3])
        made, lines, known = prepared(draft, sig, plain, found)
        lines = [*kept(draft, sig, plain, known), *lines, ""]
        waiting, parts_made = iter(made), iter(draft.made)
        texts = []
        for k in range(len(results)):
            if k in operators:
                closures, text = operators[k].lines(draft, sig, known, parts_made)
                lines += closures
            else:
                text = next(waiting)
            texts.append(text)
        made = texts
    body = [*draft.opening(sig), *lines, f"return {', '.join(made)}"]
    types = ["Derivative" if k in operators else column.array for k in range(len(results))]
    returned = f"tuple[{', '.join(types)}]" if len(types) > 1 else types[0]
    head = definition(name, sig.parameters(column), returned)
    text = "\n".join([*head, *docstring(title, notes, sig), *(f"    {x}".rstrip() for x in body)])
    if column.decorator and not operators:
        text = f"{decorator(column, sig)}\n{text}"
    if wrapper:
        around = wrapper.strip().replace("JOINT", name).replace("VARIABLE", sig.known[variable])
        text = f"{text}\n\n\n{around}"
        name = "differentiable"
    return Source(whole(column, text), name)
