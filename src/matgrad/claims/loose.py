"""Claims whose right side does not fit together: read as if all sizes were one, and mended.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as with_changes
from typing import final

from matgrad.claims.places import built
from matgrad.core.dims import Dim
from matgrad.core.expr import APPLY, SYMBOL, Expr, Function, apply, symbol, walk

# A size that no user can type, so that it is no other.
_ONE = Dim("one size")


@final
class Loose:
    """Symbols and functions as if all sizes were one, and the way back."""

    def __init__(self, nodes: Iterable[Expr]) -> None:
        self.names: dict[str, Expr | Function] = {}
        self._real: dict[str, Expr | Function] = {}
        for node in nodes:
            if node.op is SYMBOL:
                name, properties = node.data
                self._real[name] = node
                self.names[name] = symbol(name, (_ONE,) * node.order, properties)
            elif node.op is APPLY:
                function = node.data[0]
                self._real[function.name] = function
                self.names[function.name] = with_changes(
                    function,
                    params=tuple((_ONE,) * len(shape) for shape in function.params),
                    value=(_ONE,) * len(function.value),
                )

    def real(self, root: Expr) -> Expr | None:
        """The same expression in the real symbols, or None where that does not fit together."""
        done: dict[Expr, Expr] = {}
        for node in walk(root):
            args = tuple(done[arg] for arg in node.args)
            found = self._node(node, args)
            if found is None:
                return None
            done[node] = found
        return done[root]

    def _node(self, node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is SYMBOL:
            real = self._real.get(node.data[0])
            return real if isinstance(real, Expr) else node
        if node.op is APPLY:
            function = self._real[node.data[0].name]
            assert isinstance(function, Function)
            fits = tuple(arg.shape for arg in args) == function.params
            return apply(function, args, node.data[1]) if fits or function.elementwise else None
        if not node.args:
            return node
        if args == node.args:
            return node
        return built(node.op, args, node)
