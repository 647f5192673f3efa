"""Copying and pickling: nodes, sizes and operators are interned, so a copy is the thing itself.

Floor 5.  An operator is pickled by its name, an expression as a list of nodes, operands first,
because neither may pickling recurse on the depth of an expression.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterable
from typing import Any, TypeAlias

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.germs import GERM
from matgrad.core.dims import Dim, Monomial, Number, Shape, interned
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, NUMBER, SUM, SYMBOL, Expr, Op, make, walk

_STRUCTURAL = {op.name: op for op in (APPLY, CONTRACTION, NUMBER, SUM, SYMBOL, *GERM)}

Row: TypeAlias = tuple[Op, tuple[int, ...], Any, Shape]


def operator_called(name: str, structural: bool) -> Op:
    """The operator of this name.  Raises NoRule where nobody has registered it."""
    known = _STRUCTURAL if structural else OPERATORS
    if name not in known:
        raise NoRule(f"operator {name} is not registered here")
    return known[name]


def node_of(rows: Iterable[Row]) -> Expr:
    """The last node of a list, each with the places of its operands."""
    nodes: list[Expr] = []
    for op, args, data, shape in rows:
        nodes.append(make(op, tuple(nodes[at] for at in args), data, shape))
    return nodes[-1]


def _operator(op: Op) -> tuple[object, tuple[str, bool]]:
    return operator_called, (op.name, op.kind == "structural")


def _node(expr: Expr) -> tuple[object, tuple[tuple[Row, ...]]]:
    nodes = list(walk(expr))
    place = {node: at for at, node in enumerate(nodes)}
    rows = (
        (node.op, tuple(place[arg] for arg in node.args), node.data, node.shape) for node in nodes
    )
    return node_of, (tuple(rows),)


def _size(dim: Dim) -> tuple[object, tuple[tuple[tuple[Monomial, Number], ...]]]:
    return interned, (dim.terms,)


copyreg.pickle(Op, _operator)  # type: ignore[arg-type]
copyreg.pickle(Expr, _node)  # type: ignore[arg-type]
copyreg.pickle(Dim, _size)  # type: ignore[arg-type]
