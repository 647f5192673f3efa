"""Conditions on parts: what `A*B nonsingular` says of A and of B.

Floor 4.  The rows of `rules.conditions`, matched against surface expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from string import ascii_letters
from typing import NamedTuple

from matgrad.catalogue import algebra, structure
from matgrad.core.along import lead_in
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import NUMBER, SYMBOL, Expr, make, symbols_of
from matgrad.core.signature import build
from matgrad.normal.inference import known_of
from matgrad.normal.lift import Lifter
from matgrad.normal.lower import lower
from matgrad.normal.members import member
from matgrad.notation.read import read
from matgrad.notation.shared import used_names
from matgrad.rules.conditions import REDUCTIONS

_LETTERS = "ijkl" + ascii_letters
RELATIONS = ("> 0", "!= 0", "has no zeros", "nonsingular")


class Demand(NamedTuple):
    """An expression and the relation in which it must stand."""

    subject: Expr
    relation: str


class _Row(NamedTuple):
    pattern: Expr
    means: tuple[tuple[str, str], ...]


def reduced(demand: Demand) -> list[Demand] | None:
    """The conditions on parts that imply one; None where no row says."""
    for row in _rows(demand.relation):
        found = _bound(row.pattern, demand.subject)
        if found is not None:
            return [Demand(found[name], relation) for name, relation in row.means]
    return None


@cache
def _rows(relation: str) -> tuple[_Row, ...]:
    rows = []
    for reduction in REDUCTIONS:
        text, found = _parted(reduction.condition)
        if found == relation:
            pattern = read(text, given=reduction.given).expr
            rows.append(_Row(pattern, tuple(map(_parted, reduction.means))))
    return tuple(rows)


def _parted(condition: str) -> tuple[str, str]:
    relation = next(r for r in RELATIONS if condition.endswith(r))
    return condition.removesuffix(relation).strip(), relation


def _bound(pattern: Expr, target: Expr) -> dict[str, Expr] | None:
    """What the symbols of a pattern stand for in an expression that has its form."""
    found: dict[str, Expr] = {}
    sizes: dict[str, Size] = {}
    stack = [(pattern, target)]
    while stack:
        wanted, node = stack.pop()
        if wanted.order != node.order:
            return None
        if wanted.op is SYMBOL:
            name, properties = wanted.data
            if found.setdefault(name, node) is not node:
                return None
            for size, actual in zip(wanted.shape, node.shape, strict=True):
                if isinstance(size, Dim) and sizes.setdefault(str(size), actual) != actual:
                    return None
            if properties and not properties <= known_of(lower(node)).properties:
                return None
        elif wanted.op is node.op and wanted.data == node.data:
            stack += zip(wanted.args, node.args, strict=True)
        else:
            return None
    return found


def operands_of(node: Expr, indices: Iterable[str]) -> dict[str, Expr]:
    """A node's operands by their names in its record; of stacks any part, at these indices of sums
    or at letters: a condition on it is one on every part."""
    lead = lead_in(node.data)
    args = tuple([_part(arg, lead, indices) for arg in node.args]) if lead else node.args
    return dict(zip(node.op.operands, args, strict=False))


def _part(array: Expr, lead: int, indices: Iterable[str]) -> Expr:
    part, taken = lower(array), used_names(array)
    bound: Iterator[Size | str] = (Dim(index) - 1 for index in sorted(indices))
    free = (letter for letter in _LETTERS if letter not in taken)
    for position in islice(chain(bound, free), lead):
        part = member(part, 0, position)
    ranks = {node.data[0]: rank for rank, node in enumerate(symbols_of(array))}
    return Lifter(ranks).lift(part)


def difference(left: Expr, right: Expr) -> Expr:
    """left - right, a scalar spread over the other."""
    if right.op is NUMBER and right.data == 0:
        return left
    shape = left.shape or right.shape
    ones = make(structure.ones, (), None, shape)
    sides = (s if s.shape == shape else build(algebra.scale, (s, ones)) for s in (left, right))
    return build(algebra.sub, tuple(sides))
