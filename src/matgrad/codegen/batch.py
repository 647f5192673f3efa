"""Arguments with a leading axis, along which everything is done for each entry.

Floor 4.  An argument with such an axis is a family, and an expression of it is the family of its
values along that axis: a further label in contractions, which are planned with it like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matgrad.catalogue.properties import family_of, indices_of
from matgrad.core.dims import Dim
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, symbol
from matgrad.normal.along import along
from matgrad.normal.build import instantiate
from matgrad.normal.indices import member_node
from matgrad.normal.product import contract

# The index of an entry; no name that can be typed.
_INDEX = "#batch"


def batched(
    nodes: Sequence[Expr], symbols: Collection[Expr], parts: Sequence[tuple[Expr, Expr]], size: Dim
) -> tuple[list[Expr], dict[Expr, Expr]]:
    """Expressions with a leading axis more, along which some symbols have one, too; and what those
    symbols have become.  Symbols that stand for parts are replaced by them.

    Raises NoRule for an operator that has no rule along an axis, NoForm for a symbol that is a
    family already.
    """
    families = {node: _family(node, size) for node in symbols}
    members: dict[Expr, Expr] = {
        node: member_node(family, (Dim(_INDEX),)) for node, family in families.items()
    }
    for name, part in parts:
        members[name] = instantiate(part, members, {})
    return [_along(instantiate(node, members, {}), size) for node in nodes], families


def _family(node: Expr, size: Dim) -> Expr:
    name, properties = node.data
    if indices_of(properties):
        raise NoForm(f"{name} is a family already, and has no further axis for a batch")
    return symbol(name, (size, *node.shape), properties | family_of((_INDEX,)))


def _along(node: Expr, size: Dim) -> Expr:
    found = along(node, _INDEX, 0, size)
    if found.order > node.order:
        return found
    axes = tuple(range(node.order + 1))
    return contract(axes, [(node, axes[1:], 1)], 1, dict(enumerate((size, *node.shape))))
