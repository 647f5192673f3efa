"""Unification of sizes: what the shapes of an expression force.

Floor 0.  Names that the user declared are *rigid*: two different ones clash.  Names
made by `fresh` are *flexible*: an equation that is linear in one of them binds it.
What cannot be solved is kept in `pending` and stated with the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import final

from matgrad.core.dims import Dim, Shape, Size, names_of, simple, substitute, taken_apart


@final
class Unifier:
    """Bindings of flexible sizes, grown by `unify`."""

    def __init__(self) -> None:
        self.bindings: dict[str, Size] = {}
        self.flexible: set[str] = set()
        self.pending: list[tuple[Size, Size]] = []
        self._count = 0

    def fresh(self) -> Dim:
        """A new flexible size.  Its name starts with `?`, which no user can type."""
        self._count += 1
        name = f"?{self._count}"
        self.flexible.add(name)
        return Dim(name)

    def fresh_shape(self, order: int) -> Shape:
        return tuple(self.fresh() for _ in range(order))

    def resolve(self, size: Size) -> Size:
        """`size` with every binding applied."""
        while not self.bindings.keys().isdisjoint(names_of(size)):
            size = substitute(size, self.bindings)
        return size

    def resolve_shape(self, shape: Shape) -> Shape:
        return tuple(map(self.resolve, shape)) if self.bindings else shape

    def unify(self, left: Size, right: Size) -> bool:
        """Make two sizes equal; False when they cannot be."""
        if left is right:
            return True
        left, right = self.resolve(left), self.resolve(right)
        if left == right:
            return True
        difference = _reduced(left - right)
        if not isinstance(difference, Dim):
            return False
        flexible = [name for name in sorted(difference.names) if name in self.flexible]
        for name in flexible:
            value = _solve(difference, name)
            if value is not None:
                if not isinstance(value, Dim) and (value != int(value) or value < 1):
                    return False
                self.bindings[name] = simple(value)
                return True
        if not flexible:
            return False
        self.pending.append((left, right))
        return True

    def unify_shapes(self, left: Shape, right: Shape) -> bool:
        """Make two shapes equal, axis by axis."""
        return len(left) == len(right) and all(map(self.unify, left, right))


def _reduced(difference: Size) -> Size:
    """What vanishes where `difference` does, as sizes are positive: m*n = p*n says that m = p,
    and so does m^2 = p^2."""
    if not isinstance(difference, Dim):
        return difference
    _, rest = taken_apart(difference)
    if not isinstance(rest, Dim) or len(rest.terms) != 2:
        return rest
    (one, factor), (other, opposite) = rest.terms
    power = gcd(*(power for _, power in (*one, *other)))
    if factor != -opposite or power == 1 or not (one and other):
        return rest
    roots = [_product((name, p // power) for name, p in monomial) for monomial in (one, other)]
    return roots[0] - roots[1]


def _product(powers: Iterable[tuple[str, int]]) -> Size:
    product: Size = 1
    for name, power in powers:
        product = Dim(name) ** power * product
    return product


def _solve(difference: Dim, name: str) -> Size | None:
    """The value of `name` that makes `difference` zero, if it occurs once and linearly."""
    found = None
    for monomial, coefficient in difference.terms:
        if any(other == name for other, _ in monomial):
            if found is not None or monomial != ((name, 1),):
                return None
            found = coefficient
    if found is None:
        return None
    rest = difference + Dim(name) * (-found)
    return simple(rest * (Fraction(-1) / found))
