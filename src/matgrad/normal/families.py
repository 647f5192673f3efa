"""Operators along indices: built for one member, by all the rules there are, then for the family.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.expr import Expr, Op
from matgrad.normal.along import along
from matgrad.normal.build import node, provide_families, whole_power
from matgrad.normal.indices import POWER, is_affine_op, names_in
from matgrad.normal.joining import provide_members
from matgrad.normal.members import member
from matgrad.normal.product import contract
from matgrad.normal.symmetry import permute

Spans = tuple[tuple[str, Size], ...]


def spans_of(args: Sequence[Expr], lengths: Shape) -> Spans:
    """Names for leading axes of these lengths that do not occur in `args`."""
    taken = frozenset().union(*map(names_in, args))
    free = (name for name in map("#{}".format, count()) if name not in taken)
    return tuple(zip(free, lengths, strict=False))


def fixed(value: Expr, spans: Spans, first: int = 0) -> Expr:
    """The member of a family at the names of its indices, the axes from `first` on."""
    for name, _ in spans:
        value = member(value, first, Dim(name))
    return value


def spread(value: Expr, spans: Spans, first: int = 0) -> Expr:
    """The family of a member at the names of its indices, which it has also where all members are
    the same; they are the axes from `first` on."""
    for name, length in reversed(spans):
        found = along(value, name, 0, length)
        if found.order == value.order:
            axes = tuple(range(value.order + 1))
            sizes = dict(enumerate((length, *value.shape)))
            found = contract(axes, [(value, axes[1:], 1)], 1, sizes)
        value = found
    if not first or not spans:
        return value
    axes = tuple(range(value.order))
    count = len(spans)
    return permute(value, axes[count : count + first] + axes[:count] + axes[count + first :])


def family(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """`op` along the leading axes that `data` says, in normal form."""
    if not is_affine_op(op):
        lead, data = data
        spans = spans_of(args, shape[:lead])
        members = tuple(fixed(arg, spans) for arg in args)
        return spread(node(op, members, data, shape[lead:]), spans)
    exponent, steps = data
    own = len(steps)
    spans = spans_of(args, shape[: own + (args[0].order - 2 if op is POWER else 0)])
    for step, (name, _) in zip(steps, spans, strict=False):
        exponent = exponent + step * Dim(name)
    return spread(whole_power(op, fixed(args[0], spans[own:]), exponent), spans)


def _fixed(power: Expr, exponent: Size) -> Expr:
    """A power without an index of its own; its operand may have indices."""
    (base,) = power.args
    if power.op is POWER and base.order > 2:
        return family(POWER, (base,), (exponent, ()), base.shape)
    return whole_power(power.op, base, exponent)


provide_families(family)
provide_members(_fixed, member)
