"""Even and odd functions: whether f(-x) is f(x) or -f(x), as the rules say.

Floor 3.
"""

from __future__ import annotations

from functools import cache

from matgrad.core.expr import Expr, Op, make, symbol
from matgrad.normal.build import mapped
from matgrad.normal.sums import scaled


@cache
def parity(op: Op) -> int:
    """1 for an even elementwise function, -1 for an odd one, 0 for others."""
    if op.kind != "elementwise":
        return 0
    x = symbol("x", ())
    value, mirrored = mapped(op, x), mapped(op, scaled(-1, x))
    return 1 if mirrored is value else -1 if mirrored is scaled(-1, value) else 0


def mirrored(node: Expr) -> Expr:
    """An elementwise function, or a linear operator, of what has all signs changed: for printing,
    where the normal form has one sign only."""
    return make(node.op, (*node.args[:-1], scaled(-1, node.args[-1])), node.data, node.shape)
