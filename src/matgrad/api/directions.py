"""Derivatives along directions: differentials, bilinear forms, and what a layout claims.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from matgrad.calculus.derivative import differential
from matgrad.calculus.layout import LaidOut
from matgrad.catalogue import algebra, structure
from matgrad.core.dims import Shape
from matgrad.core.expr import Expr, make, symbol, symbols_of
from matgrad.core.signature import build
from matgrad.normal.build import instantiate

# What directions are called, by the number of axes of the variable.
_NAMES = {2: "HKLMNP", 1: "hklmnp", 0: "hklmnp"}
_LETTERS = "ijklmnopqrst"


def named(variables: Sequence[Expr], taken: frozenset[str]) -> tuple[Expr, ...]:
    """A direction for each variable, H and K for matrices, h and k for vectors and scalars, with
    no name that is `taken`."""
    found: list[Expr] = []
    used = set(taken)
    for variable in variables:
        name = next(name for name in _names(variable.order) if name not in used)
        used.add(name)
        found.append(symbol(name, variable.shape))
    return tuple(found)


def _names(order: int) -> Iterator[str]:
    letters = _NAMES.get(order, _NAMES[2])
    yield from letters
    yield from (f"{letters[0]}_{number}" for number in count(1))


def along(
    root: Expr, variables: Sequence[Expr], moves: Sequence[Expr], back: Mapping[Expr, Expr]
) -> Expr:
    """The derivative of a normal expression along one direction for each variable in turn; `back`
    are the variables as they were declared."""
    for variable, move in zip(variables, moves, strict=True):
        root = differential(root, variable, move)
    return instantiate(root, back, {}) if back else root


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
    tensor: Expr, laid: LaidOut, expression: Expr, groups: tuple[Shape, ...]
) -> tuple[Expr, Expr] | None:
    """Two surface expressions that are equal if `expression` is `tensor` in its layout; None
    where the layout moves nothing.  `groups` are the shapes whose axes vec stacks."""
    if laid.turned:
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
