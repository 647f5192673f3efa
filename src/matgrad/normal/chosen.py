"""Lifting members of families: x_i, and what an index is called.

Floor 3.
"""

from __future__ import annotations

from string import ascii_letters
from typing import TYPE_CHECKING

from matgrad.catalogue import structure
from matgrad.catalogue.properties import indices_of
from matgrad.core.dims import Dim
from matgrad.core.errors import NoForm
from matgrad.core.expr import APPLY, SUM, Expr, make, walk
from matgrad.normal.along import along
from matgrad.normal.indices import MEMBER, family_axes, index_axes, names_in
from matgrad.normal.lower import lower
from matgrad.normal.members import member
from matgrad.normal.symmetry import permute
from matgrad.notation.bound import outside_sums, sums_under

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter


def own_sums(source: Expr) -> set[Expr]:
    """The sums that an input writes inside its sums over an index, as families along it."""
    found: set[Expr] = set()
    for node in sums_under(source):
        index, first, last = node.data
        for part in outside_sums(node.args[0]):
            value = lower(part) if part.op.kind == "linear" else part
            if value.op is SUM and index in names_in(value):
                found.add(along(value, index, first, last - first + 1))
    return found


def choose_own(lifter: Lifter, index: str) -> None:
    """Let the input's own sums keep their signs at an index, too."""
    if index in lifter.wanted:
        return
    lifter.wanted[index] = ""
    for family in list(lifter.given):
        if family.op is SUM:
            lifter.given.update(member(family, axis, Dim(index)) for axis in index_axes(family))


def any_member(node: Expr) -> Expr:
    """One member of a family; anything else is itself."""
    while index_axes(node):
        node = member(node, min(index_axes(node)), Dim("#"))
    return node


def chosen(node: Expr) -> Expr:
    """A member of a family."""
    if None in node.data:
        raise no_stack(node.args[0])
    return make(structure.entry, node.args, node.data, node.shape)


def stack(lifter: Lifter, node: Expr) -> Expr:
    """An operator of each of the matrices that arrays have on their last axes."""
    if node.op is APPLY or family_axes(node):
        raise no_stack(node)
    args = tuple([lifter.form(arg, False) for arg in node.args])
    if node.op.transpose in ("equivariant", "invariant") and len(args) == 1:
        (arg,) = args
        *head, row, column = range(node.args[0].order)
        other = lifter.form(permute(node.args[0], (*head, column, row)), False)
        if lifter.reading(other) < lifter.reading(arg):
            if node.op.transpose == "invariant":
                return make(node.op, (other,), node.data, node.shape)
            letters = ascii_letters[: node.order]
            turned = (*node.shape[:-2], *node.shape[:-3:-1])
            inner = make(node.op, (other,), node.data, turned)
            spec = f"{letters[:-2]}{letters[:-3:-1]}->{letters}"
            return make(structure.einsum, (inner,), spec, node.shape)
    return make(node.op, args, node.data, node.shape)


def no_stack(node: Expr) -> NoForm:
    """The error for all the members of a family at once."""
    return NoForm(
        "the members of a family side by side have no form of their own",
        hint="differentiate by one member, as in d/dx_j",
    )


def tells_position(lifter: Lifter, body: Expr, index: str) -> bool:
    """Whether an index tells positions on a page, where they are counted from 1; it is called as a
    family in which it does."""
    found = False
    for node in walk(body):
        if node.op is MEMBER:
            names = indices_of(node.args[0].data[1])
            for at, name in zip(node.data, names, strict=True):
                if isinstance(at, Dim) and index in at.names:
                    found = True
                    lifter.wanted[index] = lifter.wanted[index] or name
        elif node.op is structure.unit and isinstance(node.data, Dim):
            found |= index in node.data.names
    return found and not lifter.counted
