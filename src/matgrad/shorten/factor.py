"""Common factors: the cheapest grouping of a sum's terms that a greedy search finds.

Floor 4.  A factor that several terms share in the same place is taken out when the printed form
gets cheaper by the published cost: x'*B + x'*B' becomes x'*(B + B').  Sums that the input
already had are left as they were grouped.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, islice
from typing import final

from matgrad.core.dims import leading
from matgrad.core.errors import NoForm
from matgrad.core.expr import CONTRACTION, SUM, Expr, walk
from matgrad.normal.build import rebuilt
from matgrad.normal.indices import has_powers, index_axes
from matgrad.normal.lift import Lifter
from matgrad.normal.sums import scaled, split
from matgrad.normal.surface import strip_sign
from matgrad.shorten.absorb import absorbed, absorbs
from matgrad.shorten.denominators import has_denominator, over_common_denominators
from matgrad.shorten.taken import Taken, candidates
from matgrad.shorten.terms import is_bare

# Sums with more terms than this are left as they are: the search is quadratic in terms.
TERM_LIMIT = 48
# At most this many ways of taking a factor out are weighed at a time.
CANDIDATE_LIMIT = 40
# Of these the best so many are followed further.
WIDTH = 2


@final
class Factoring:
    """Takes out common factors, judging by the cost of lifted forms."""

    def __init__(self, lifter: Lifter, given: Collection[Expr], row: bool) -> None:
        self.lifter = lifter
        self.given = given
        self.sums = sorted((node for node in given if node.op is SUM), key=lambda node: node.key)
        self.row = row
        self.done: dict[Expr, Expr] = {}

    def run(self, root: Expr, *, absorbing: bool = True) -> Expr:
        """`root` with every new sum below it grouped."""
        done: dict[Expr, Expr] = {}
        for node in walk(root):
            args = tuple([done[arg] for arg in node.args])
            done[node] = self.rebuilt(node, args, absorbing=absorbing)
        return done[root]

    def rebuilt(self, node: Expr, args: tuple[Expr, ...], *, absorbing: bool) -> Expr:
        if node in self.given or not args:
            return node
        new = rebuilt(node, args)
        if node.op is SUM:
            return self.grouped(new)
        return self.absorbed(new) if absorbing else new

    def absorbed(self, node: Expr) -> Expr:
        """A product with factors multiplied into the sums beside them while that is cheaper."""
        while absorbs(node) and not index_axes(node):
            changed = [self.run(form, absorbing=False) for form in absorbed(node)]
            if not changed:
                return node
            best = min(changed, key=self.rank)
            if self.cost(best) >= self.cost(node):
                return node
            node = best
        return node

    def rank(self, node: Expr) -> tuple[int, tuple[int, ...]]:
        """The cost of a form; ties go by what is printed, so that no letter decides."""
        draft = self.lifter.draft(node, self.row)
        return self.lifter.cost(draft), self.lifter.order(draft)[0]

    def grouped(self, node: Expr, width: int = WIDTH) -> Expr:
        """A sum with the factors taken out that make it cheaper."""
        coefficient, inner = split(node)
        if inner.op is not SUM or inner in self.given or not 1 < len(inner.args) <= TERM_LIMIT:
            return node
        if all([is_bare(arg) and not has_denominator(arg) for arg in inner.args]):
            return node
        if index_axes(inner) and not self.has_form(inner):
            return node
        # The sign belongs to what is weighed, the size of the coefficient does not.
        sign = -1 if leading(coefficient) < 0 else 1
        start = scaled(sign, inner)
        if start not in self.done:
            self.done[start] = self.search(start, width)
        return scaled(coefficient * sign, self.done[start])

    def has_form(self, node: Expr) -> bool:
        """Whether a family has a form of its own to be weighed: powers of a matrix have none."""
        if has_powers(node):
            return False
        try:
            self.cost(node)
        except NoForm:
            return False
        return True

    def search(self, node: Expr, width: int) -> Expr:
        current = node
        while True:
            better = self.step(current, width)
            if better is None:
                return current
            current = better
            if split(current)[1].op is not SUM or len(split(current)[1].args) < 2:
                return current

    def step(self, node: Expr, width: int) -> Expr | None:
        """One factor taken out of some of the terms, if that is cheaper; the best such.

        What is left inside is grouped in turn for the `width` best only, and there for one: a few
        paths through the search, not all.
        """
        coefficient, node = split(node)
        ways = chain(candidates(node, self.sums, self.reading), over_common_denominators(node))
        found = list(islice(ways, CANDIDATE_LIMIT))
        if len(found) == 1 and found[0].saves and not self.lifter.counted:
            return scaled(coefficient, found[0].whole(found[0].inner))
        weighed: list[tuple[tuple[int, tuple[int, ...]], Taken, Expr]] = []
        base = None
        for taken in found:
            whole = scaled(coefficient, taken.whole(taken.inner))
            base = base or self.weight(scaled(coefficient, node))
            weight = self.weight(whole)
            if weight <= base:
                # Ties go by what is printed, so that no letter decides.
                rank = weight, self.lifter.order(self.lifter.draft(whole, self.row))[0]
                weighed.append((rank, taken, whole))
        weighed.sort(key=lambda item: item[0])
        best: Expr | None = None
        for (weight, _), taken, whole in weighed[:width]:
            inner = self.grouped(taken.inner, 1)
            if inner is not taken.inner:
                whole = scaled(coefficient, taken.whole(inner))
                weight = self.weight(whole)
            if base is not None and weight < base:
                best, base = whole, weight
        return best

    def reading(self, factor: Expr) -> tuple[int, tuple[int, ...]]:
        """What a factor costs to write, and where it first appears."""
        if index_axes(factor):
            return 1, ()
        draft = self.lifter.draft(factor)
        return self.lifter.cost(draft), self.lifter.order(draft)[0]

    def weight(self, node: Expr) -> int:
        """The cost of a part, without a sign in front: that goes into what stands around it."""
        return self.lifter.cost(strip_sign(self.lifter.draft(node, self.row))[1])

    def cost(self, node: Expr) -> int:
        """The published cost of a printed form."""
        return self.lifter.cost(self.lifter.draft(node, self.row))


def shows_constant(node: Expr) -> bool:
    """Whether a matrix shows ones or an identity: an axis that no factor has."""
    if node.op is not CONTRACTION or node.order < 2:
        return False
    out, rows, _ = node.data
    return not set().union(*rows).issuperset(out)
