"""Members of families and the sums over them, laid out: `sum_i x_i'*A*x_i`.

Floor 2.
"""

from __future__ import annotations

from typing import final

from matgrad.catalogue.properties import indices_of
from matgrad.catalogue.structure import entry
from matgrad.core.expr import SYMBOL, Expr, walk
from matgrad.notation.bound import over_members, sums_under
from matgrad.notation.cells import by_cell, cell_token
from matgrad.notation.compose import Composer
from matgrad.notation.layout import Layout


@final
class MemberForm:
    """What the sums of one expression run over, and which of its entries have names."""

    def __init__(self, root: Expr, around: frozenset[str] = frozenset()) -> None:
        """`around` are the indices of sums in which the expression stands."""
        self._over_members = over_members(root)
        self._bound = around.union([node.data[0] for node in sums_under(root)])
        self._taken = {node.data[0] for node in walk(root) if node.op is SYMBOL}

    def name(self, compose: Composer, node: Expr) -> str:
        """The name of an entry as a member, `x_i`; none for one at other positions."""
        array = node.args[0]
        named = node.op is entry and array.op is SYMBOL
        if not named or compose.spelling.notation not in ("text", "unicode"):
            return ""
        letters = bool(indices_of(array.data[1]))
        if not letters and array.order > len(node.data):
            return ""
        indices: list[str] = []
        for at in node.data:
            index = str(at if isinstance(at, str) else at + 1)
            if index not in self._bound and not (letters and isinstance(at, str)):
                return ""
            indices.append(index)
        name = f"{array.data[0]}_{''.join(indices)}"
        single = len(indices) == 1 or max(map(len, indices)) == 1
        return name if single and name not in self._taken else ""

    def summed(self, compose: Composer, node: Expr, body: Layout) -> Layout:
        """A sum over an index, which runs along all members of what has it or from a first to a
        last value."""
        if node in self._over_members and compose.spelling.notation == "text":
            return compose.index_sum(f"sum_{compose.spelling.name(node.data[0])} ", body)
        if node.op.form(compose.spelling.notation).style == "prefix":
            return compose.index_sum(cell_token(compose, node), body)
        return by_cell(compose, node, [body])
