"""Derivatives along directions: differentials and bilinear forms.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from matgrad.calculus.derivative import differential
from matgrad.core.expr import Expr, symbol
from matgrad.normal.build import instantiate

# What directions are called, by the number of axes of the variable.
_NAMES = {2: "HKLMNP", 1: "hklmnp", 0: "hklmnp"}


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
