"""Derivatives as operators: a function that prepares what does not depend on a direction, and
gives products with directions in either sense, and the whole array on demand.

Floor 4.  The products are contracted like any other product, so the array is never built.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from matgrad.codegen.arguments import Signature, check
from matgrad.codegen.cells import Sizes, Text
from matgrad.codegen.columns.column import Column
from matgrad.codegen.draft import Draft
from matgrad.codegen.layout import definition, docstring, whole
from matgrad.codegen.module import Source
from matgrad.codegen.program import Value, reachable
from matgrad.codegen.sizes import size_text
from matgrad.core.expr import SUM, Expr, symbol, symbols_of
from matgrad.normal.canon import Labels
from matgrad.normal.product import contract
from matgrad.normal.sums import combine

NAME = "operator"


def operator_module(
    node: Expr,
    rows: int,
    column: Column,
    *,
    title: str,
    notes: Sequence[str] = (),
    order: Sequence[Expr] = (),
    parts: Sequence[tuple[Expr, Expr]] = (),
) -> Source:
    """The source of the operator of a derivative, whose first axes, so many, are the result's.

    Raises NoForm for an operator that the backend's column lacks.
    """
    taken = {s.data[0] for s in (*order, *symbols_of(node, *(part for _, part in parts)))}
    axes = tuple(range(node.order))
    right = symbol(_free("V", taken), node.shape[rows:])
    left = symbol(_free("U", taken), node.shape[:rows])
    forward = _along(node, right, axes[rows:])
    backward = _along(node, left, axes[:rows])
    draft = Draft(
        (forward, backward, node),
        column,
        (NAME, "matvec", "rmatvec", "dense", "Derivative"),
        order,
        parts,
        (right, left),
    )
    sig = draft.signature((right, left))
    known = _prepared(draft, sig)
    lines = [*draft.opening(sig), *known[0], ""]
    functions = (("matvec", right), ("rmatvec", left), ("dense", None))
    for (name, direction), root in zip(functions, draft.roots, strict=True):
        lines += [*_function(draft, sig, name, direction, root, known[1]), ""]
    shapes = (
        f"{Sizes(size_text(size, sig.known) for size in part)}"
        for part in (node.shape[:rows], node.shape[rows:])
    )
    lines.append(f"return Derivative({', '.join(shapes)}, matvec, rmatvec, dense)")
    head = definition(NAME, sig.parameters(column), "Derivative")
    body = [f"    {line}".rstrip() for line in lines]
    text = "\n".join([*head, *docstring(title, notes, sig), *body])
    return Source(whole(column, text), NAME)


def _free(name: str, taken: set[str]) -> str:
    names = (name + "_" * more for more in count())
    return next(found for found in names if found not in taken)


def _along(node: Expr, direction: Expr, labels: Labels) -> Expr:
    """The contraction of an array with a direction on some of its axes, term by term."""
    axes = tuple(range(node.order))
    out = tuple(label for label in axes if label not in labels)
    if node.op is SUM and node.order > 2:
        terms = [
            (c, _along(arg, direction, labels)) for c, arg in zip(node.data, node.args, strict=True)
        ]
        return combine(terms, tuple(node.shape[label] for label in out))
    return contract(out, [(node, axes, 1), (direction, labels, 1)], 1, dict(enumerate(node.shape)))


def _prepared(draft: Draft, sig: Signature) -> tuple[list[str], dict[Value, Text]]:
    """What products with directions need that does not depend on them: the lines, and the names."""
    moving = draft.moving
    order = reachable(draft.roots[:2])
    ends = [
        arg
        for value in order
        if value in moving
        for arg in value.args
        if arg not in moving and arg.op not in ("number", "eye")
    ]
    ends += [root for root in draft.roots[:2] if root not in moving]
    statements = draft.statements(sig)
    texts = statements.made(tuple(dict.fromkeys(ends)), {}, frozenset(ends))
    return statements.lines, {end: texts[end] for end in ends}


def _function(
    draft: Draft,
    sig: Signature,
    name: str,
    direction: Expr | None,
    root: Value,
    given: dict[Value, Text],
) -> list[str]:
    array = draft.column.array
    statements = draft.statements(sig)
    (result,) = statements.write((root,), given)
    if root in given:
        result = statements.cell(root, "copy", [given[root]]).text
    if direction is None:
        head = f"def {name}() -> {array}:"
        lines = ['"""All of the derivative."""']
    else:
        here = sig.known[direction.data[0]]
        head = f"def {name}({here}: {array}) -> {array}:"
        shape = " x ".join(map(str, direction.shape)) or "a scalar"
        lines = [f'"""The product with a direction, {shape}."""', *check(sig, direction)]
    return [head, *(f"    {line}" for line in [*lines, *statements.lines, f"return {result}"])]
