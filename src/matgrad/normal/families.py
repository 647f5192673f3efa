"""Operators along indices: built for one member, by all the rules there are, then for the family.

Floor 3.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Op
from matgrad.normal.along import along
from matgrad.normal.build import node, provide_families, whole_power
from matgrad.normal.indices import POWER, is_affine_op, names_in
from matgrad.normal.joining import provide_builder
from matgrad.normal.members import member
from matgrad.normal.product import contract


def family(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """`op` along the leading axes that `data` says, in normal form."""
    taken = frozenset().union(*map(names_in, args))
    free = (Dim(name) for name in map("#{}".format, count()) if name not in taken)
    exponent: Size = 0
    names: list[Dim] = []
    if is_affine_op(op):
        exponent, steps = data
        for step, name in zip(steps, free, strict=False):
            exponent = exponent + step * name
            names.append(name)
        lead = args[0].order - 2 if op is POWER else 0
    else:
        lead, data = data
    for name in (next(free) for _ in range(lead)):
        args = tuple(member(arg, 0, name) for arg in args)
        names.append(name)
    inner = shape[len(names) :]
    powers = is_affine_op(op)
    value = whole_power(op, args[0], exponent) if powers else node(op, args, data, inner)
    for name, length in reversed(list(zip(names, shape, strict=False))):
        value = _with_axis(along(value, str(name), 0, length), value, length)
    return value


def _with_axis(found: Expr, value: Expr, length: Size) -> Expr:
    """A family with its axis, also where all members are the same."""
    if found.order > value.order:
        return found
    axes = tuple(range(value.order + 1))
    return contract(axes, [(value, axes[1:], 1)], 1, dict(enumerate((length, *value.shape))))


def _fixed(power: Expr, exponent: Size) -> Expr:
    """A power without an index of its own; its operand may have indices."""
    (base,) = power.args
    if power.op is POWER and base.order > 2:
        return family(POWER, (base,), (exponent, ()), base.shape)
    return whole_power(power.op, base, exponent)


provide_families(family)
provide_builder(_fixed)
