"""What a layout claims of a derivative.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.catalogue import algebra, structure
from matgrad.core.dims import Shape
from matgrad.core.expr import Expr, make, symbol, symbols_of
from matgrad.core.signature import build

_LETTERS = "ijklmnopqrst"


def applied(tensor: Expr, moves: Sequence[Expr]) -> Expr:
    """A derivative contracted with directions: its last axes with theirs."""
    orders = [move.order for move in moves]
    lead = tensor.order - sum(orders)
    letters = _LETTERS[: tensor.order]
    inputs, at = [letters], lead
    for order in orders:
        inputs.append(letters[at : at + order])
        at += order
    spec = f"{','.join(inputs)}->{letters[:lead]}"
    return make(structure.einsum, (tensor, *moves), spec, tensor.shape[:lead])


def layout_claim(
    tensor: Expr, turned: bool, expression: Expr, groups: tuple[Shape, ...]
) -> tuple[Expr, Expr] | None:
    """Two surface expressions that are equal if `expression` is `tensor` laid out, `turned` or
    stacked; None where the layout moves nothing.  `groups` are the shapes whose axes vec stacks."""
    if turned:
        return expression, build(structure.transpose, (tensor,))
    if expression.shape == tensor.shape:
        return None
    # vec: both sides applied to arbitrary vectors, unstacked on the right.
    taken = {s.data[0] for s in symbols_of(tensor)}
    left, args, axes = expression, [tensor], 0
    spec = _LETTERS[: tensor.order]
    inputs = [spec]
    for k, group in enumerate(shape for shape in groups if shape):
        name = next(n for n in (f"probe{k}" + "_" * j for j in range(9)) if n not in taken)
        probe = symbol(name, (left.shape[0],))
        left = build(algebra.matmul, (probe, left))
        args.append(make(structure.unvec, (probe,), None, group) if len(group) == 2 else probe)
        inputs.append(spec[axes : axes + len(group)])
        axes += len(group)
    return left, make(structure.einsum, tuple(args), ",".join(inputs) + "->", ())
