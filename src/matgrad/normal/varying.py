"""The axes along which an array is constant by construction, such as those of `ones`.

Floor 3.
"""

from __future__ import annotations

from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Labels
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, is_zero


def varying(arg: Expr) -> Labels:
    """The axes along which an array is not constant by construction."""
    if is_zero(arg):
        return ()
    if arg.op is SUM:
        used: set[int] = set()
        for term in arg.args:
            used.update(varying(term))
        return tuple(sorted(used))
    if arg.op is CONTRACTION:
        out, rows, _ = arg.data
        inside = {label for row in rows for label in row}
        return tuple(k for k, label in enumerate(out) if label in inside or out.count(label) > 1)
    return tuple(range(arg.order))


def restrict(arg: Expr, kept: Labels) -> Expr:
    """An array without the axes along which it is constant."""
    shape = tuple(arg.shape[k] for k in kept)
    if arg.op is SUM:
        terms = zip(arg.data, arg.args, strict=True)
        return combine([(c, restrict(term, kept)) for c, term in terms], shape)
    out, rows, powers = arg.data
    factors = list(zip(arg.args, rows, powers, strict=True))
    labels = tuple(out[k] for k in kept)
    return contract(labels, factors, 1, dict(zip(labels, shape, strict=True)))
