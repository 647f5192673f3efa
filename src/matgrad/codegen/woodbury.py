"""Systems with the sum of something structured and a product of low rank: Woodbury's formula.

Floor 4.  (B + c U W V')^-1 G = B^-1 G - c B^-1 U (I + c W V' B^-1 U)^-1 W V' B^-1 G, where B is a
diagonal or a Kronecker product that is known to have an inverse; where U and V share no label, and
the product is one of a column and a row, it is Sherman and Morrison's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from matgrad.codegen.inverses import Structure, inverted
from matgrad.codegen.products import product_of
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.directions import reached
from matgrad.normal.fusion import FUSE
from matgrad.normal.product import contract
from matgrad.normal.sums import ONE, combine, is_zero, split


class Update(NamedTuple):
    """What is structured, its copies with other labels; the product beside it, U, V and the factors
    between, each with the label that holds them together as its last, if there is one; what it is
    multiplied by; what the whole is."""

    base: Structure
    left: Expr
    right: Expr
    middle: list[Factor]
    coefficient: Size
    front: Fraction

    @property
    def sizes(self) -> tuple[Size, Size] | None:
        """The rank and the size, of which the rank has to be the lesser if this is to be less work
        than without; None where it always is."""
        if self.left.order == self.base.count:
            return None
        return self.left.shape[-1], product_of(self.left.shape[:-1])

    def solution(self, right: Expr, given: Labels, out: Labels) -> Expr | None:
        """The solution for a right side whose axes are called `given`, rows 0, 1, 2 … of the array
        among them, with axes `out`, columns behind the rows among them; None where there is none.
        """
        inner = self._inner()
        if inner is None:
            return None
        count = self.base.count
        names = dict(zip(range(count, 2 * count), self.base.out, strict=True))
        out = tuple(names.get(label, label) for label in out)
        held = dict(zip(given, right.shape, strict=True))
        sizes = {label: held.get(label, self.base.sizes.get(label, 1)) for label in out}
        apart = {k: self._shifted((k,), 1)[0] for k in range(count)}
        moved: Factor = (right, tuple(apart.get(label, label) for label in given), 1)
        near = (self.left, (*range(count), *self._ends(0)), 1)
        far = (self.right, (*self._shifted(self.base.out, 1), *self._ends(1)), 1)
        whole = contract(out, [*self._base(0), (right, given, 1)], 1, sizes)
        factors = [*self._base(0), near, inner, *self._weights(1), far, *self._base(1), moved]
        change = contract(out, factors, 1, sizes)
        one = 1 / self.front
        shape = tuple(sizes[label] for label in out)
        return combine([(one, whole), (self.coefficient * -one, change)], shape)

    def _inner(self) -> Factor | None:
        """The inverse between U and V."""
        near = (self.left, (*self._shifted(range(self.base.count), 2), *self._ends(1)), 1)
        far = (self.right, (*self._shifted(self.base.out, 2), *self._ends(0)), 1)
        ends = (*self._ends(0), *self._ends(1))
        inner = contract(ends, [*self._weights(0), far, *self._base(2), near])
        if not ends:
            one = combine([(1, ONE), (self.coefficient, inner)], ())
            return None if is_zero(one) else (one, (), -1)
        eye = contract((0, 0), [], 1, {0: inner.shape[0]})
        system = combine([(1, eye), (self.coefficient, inner)], inner.shape)
        return inverted(system), ends, 1

    def _base(self, copy: int) -> list[Factor]:
        """The factors of the inverse of what is structured."""
        assert self.base.inverse is not None
        return [(node, self._shifted(row, copy), power) for node, row, power in self.base.inverse]

    def _shifted(self, labels: Sequence[int], copy: int) -> Labels:
        return tuple(label - 1000 * copy for label in labels)

    def _ends(self, copy: int) -> Labels:
        """The label that holds U and V together, in either place."""
        return () if self.left.order == self.base.count else (-5000 - copy,)

    def _weights(self, copy: int) -> list[Factor]:
        return [(node, self._ends(copy)[: len(row)], power) for node, row, power in self.middle]


def update_of(node: Expr, count: int) -> Update | None:
    """A square array, rows first, as something structured and one product of low rank."""
    front, node = split(node)
    if node.op is not SUM or isinstance(front, Dim):
        return None
    terms = list(zip(node.data, node.args, strict=True))
    for k, (coefficient, term) in enumerate(terms):
        parts = _parts(term, count)
        if parts is None:
            continue
        base = Structure(combine(terms[:k] + terms[k + 1 :], node.shape), count)
        if base.inverse is not None and base.certain:
            return Update(base, *parts, coefficient, Fraction(front))
    return None


def _parts(term: Expr, count: int) -> tuple[Expr, Expr, list[Factor]] | None:
    """A product as U, V and what is between, of which one label or none holds U and V together."""
    if term.op is not CONTRACTION or any(arg.op is FUSE for arg in term.args):
        return None
    out, rows, powers = term.data
    factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
    sizes = dict(zip(out, term.shape, strict=True))
    for arg, labels, _ in factors:
        sizes.update(zip(labels, arg.shape, strict=True))
    for middle in (None, *sorted(sizes.keys() - set(out))):
        ends = () if middle is None else (middle,)
        left = reached(out[:count], factors, ends) - set(ends)
        right = reached(out[count:], factors, ends) - set(ends)
        if left & right or len(set(out)) < len(out):
            continue
        inside = [factor for factor in factors if left.isdisjoint(factor[1])]
        inside = [factor for factor in inside if right.isdisjoint(factor[1])]
        if all(row in ((), ends) for _, row, _ in inside):
            return (
                _side((*out[:count], *ends), factors, left, sizes),
                _side((*out[count:], *ends), factors, right, sizes),
                inside,
            )
    return None


def _side(out: Labels, factors: list[Factor], labels: set[int], sizes: dict[int, Size]) -> Expr:
    chosen = [factor for factor in factors if not labels.isdisjoint(factor[1])]
    return contract(out, chosen, 1, {label: sizes[label] for label in out})
