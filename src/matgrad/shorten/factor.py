"""Common factors: the cheapest grouping of a sum's terms that a greedy search finds.

Floor 4.  A factor that several terms share in the same place is taken out when the printed form
gets cheaper by the published cost: x'*B + x'*B' becomes x'*(B + B').  Sums that the input
already had are left as they were grouped.
"""

from __future__ import annotations

from typing import NamedTuple, final

from matgrad.core.dims import Number, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr, walk
from matgrad.normal.build import node as operator_node
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.cost import cost_of
from matgrad.normal.lift import Lifter
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.normal.surface import Stuck
from matgrad.normal.symmetry import group_of

# Sums with more terms than this are left as they are: the search is quadratic in terms.
TERM_LIMIT = 48
# What a term without a matrix form is taken to cost.
_UNWRITABLE = 50

# Where a slot of a factor is: an output position, or a bound label (numbered within the factor).
Slot = tuple[int, int]


class _Term(NamedTuple):
    coefficient: Size
    node: Expr
    out: Labels
    factors: list[Factor]


@final
class Factoring:
    """Takes out common factors, judging by the cost of lifted forms."""

    def __init__(self, lifter: Lifter, given: set[Expr], row: bool) -> None:
        self.lifter = lifter
        self.given = given
        self.row = row
        self.done: dict[Expr, Expr] = {}

    def run(self, root: Expr) -> Expr:
        """`root` with every new sum below it grouped."""
        done: dict[Expr, Expr] = {}
        for node in walk(root):
            done[node] = self.rebuilt(node, tuple(done[arg] for arg in node.args))
        return done[root]

    def rebuilt(self, node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node in self.given or not args:
            return node
        if node.op is SUM:
            total = combine(list(zip(node.data, args, strict=True)), node.shape)
            return self.grouped(total)
        if args == node.args:
            return node
        if node.op is CONTRACTION:
            out, rows, powers = node.data
            sizes = dict(zip(out, node.shape, strict=True))
            return contract(out, list(zip(args, rows, powers, strict=True)), 1, sizes)
        return operator_node(node.op, args, node.data, node.shape)

    def grouped(self, node: Expr) -> Expr:
        """A sum with the factors taken out that make it cheaper."""
        coefficient, inner = split(node)
        if inner.op is not SUM or inner in self.given or not 1 < len(inner.args) <= TERM_LIMIT:
            return node
        if inner not in self.done:
            self.done[inner] = self.search(inner)
        found = self.done[inner]
        return found if coefficient == 1 else combine([(coefficient, found)], node.shape)

    def search(self, node: Expr) -> Expr:
        current = node
        while True:
            better = self.step(current)
            if better is None:
                return current
            current = better
            if split(current)[1].op is not SUM or len(split(current)[1].args) < 2:
                return current

    def step(self, node: Expr) -> Expr | None:
        """One factor taken out of some of the terms, if that is cheaper; the best such."""
        coefficient, node = split(node)
        terms = [_term(c, arg) for c, arg in zip(node.data, node.args, strict=True)]
        places: dict[tuple[Expr, Number, tuple[Slot, ...]], list[tuple[int, int]]] = {}
        for t, term in enumerate(terms):
            for f, factor in enumerate(term.factors):
                for slots in _slots(factor, term.out):
                    for share in _shares(factor[2]):
                        found = places.setdefault((factor[0], share, slots), [])
                        if not found or found[-1][0] != t:
                            found.append((t, f))
        base = self.cost(node)
        best: tuple[int, Expr] | None = None
        tried: set[Expr] = set()
        for (_, share, slots), chosen in places.items():
            if len(chosen) < 2:
                continue
            candidate = self.taken_out(node, terms, slots, share, chosen)
            if candidate is None or candidate in tried:
                continue
            tried.add(candidate)
            cost = self.cost(candidate)
            if cost < base and (best is None or cost < best[0]):
                best = cost, candidate
        if best is None:
            return None
        return combine([(coefficient, best[1])], node.shape)

    def taken_out(
        self,
        node: Expr,
        terms: list[_Term],
        slots: tuple[Slot, ...],
        share: Number,
        chosen: list[tuple[int, int]],
    ) -> Expr | None:
        """The sum with one factor outside the chosen terms."""
        outputs = {position for kind, position in slots if kind == 0}
        kept: Labels | None = None
        inner_terms: list[tuple[Size, Expr]] = []
        first: Factor | None = None
        for t, f in chosen:
            term = terms[t]
            factor = term.factors[f]
            rest = term.factors[:f] + term.factors[f + 1 :]
            if factor[2] != share:
                rest.append((factor[0], factor[1], factor[2] - share))
            row = _arranged(factor, term.out, slots)
            inside = {label for _, labels, _ in rest for label in labels}
            stay = tuple(
                k
                for k, label in enumerate(term.out)
                if k not in outputs or label in inside or term.out.count(label) > 1
            )
            if kept is not None and stay != kept:
                return None
            kept = stay
            if node.order > 1 and outputs & set(stay):
                return None  # diag(x)*(A + B) reads worse than it counts
            holes = _holes(row, slots)
            labels = tuple(term.out[k] for k in stay) + holes
            if len(set(labels)) != len(labels):
                return None
            sizes = dict(zip(term.out, node.shape, strict=True))
            sizes.update(zip(row, factor[0].shape, strict=True))
            inner_sizes = {label: sizes[label] for label in labels}
            inner_terms.append((term.coefficient, contract(labels, rest, 1, inner_sizes)))
            first = factor
        assert kept is not None and first is not None
        inner = combine(inner_terms, inner_terms[0][1].shape)
        inner = self.grouped(inner)
        count = node.order
        row = tuple(position if kind == 0 else count + position for kind, position in slots)
        holes = _holes(row, slots)
        out = tuple(range(count))
        sizes = dict(enumerate(node.shape))
        product = contract(out, [(first[0], row, share), (inner, kept + holes, 1)], 1, sizes)
        outside = {t for t, _ in chosen}
        others = [(term.coefficient, term.node) for t, term in enumerate(terms) if t not in outside]
        return combine([(1, product), *others], node.shape)

    def burden(self, node: Expr) -> tuple[int, int]:
        """What a form weighs on a reader: its cost, then how many of its parts are constants."""
        return self.cost(node), sum(_is_constant(part) for part in walk(node))

    def cost(self, node: Expr) -> int:
        """The cost of a sum's printed form, term by term where one has no matrix form."""
        try:
            return cost_of(self.lifter.lift(node, self.row))
        except Stuck:
            if node.op is SUM:
                return sum(self.cost(arg) for arg in node.args) + len(node.args) - 1
            return _UNWRITABLE + (len(node.args) if node.op is CONTRACTION else 0)


def _is_constant(node: Expr) -> bool:
    """Whether a product shows ones or an identity: an axis that no factor has."""
    if node.op is not CONTRACTION:
        return False
    inside = {label for row in node.data[1] for label in row}
    return any(label not in inside for label in node.data[0])


def _term(coefficient: Size, node: Expr) -> _Term:
    if node.op is CONTRACTION:
        out, rows, powers = node.data
        factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
        return _Term(coefficient, node, out, _scalars_joined(out, factors) if out else factors)
    axes = tuple(range(node.order))
    return _Term(coefficient, node, axes, [(node, axes, 1)])


def _scalars_joined(out: Labels, factors: list[Factor]) -> list[Factor]:
    """The factors of an array with every scalar product among them as one factor."""
    left = list(factors)
    found: list[Factor] = []
    reached = set(out)
    while left:
        part = [f for f in left if not f[1]][:1] or [f for f in left if set(f[1]) & reached]
        if part:
            found += part
            reached.update(label for f in part for label in f[1])
        else:
            part, inside = left[:1], set(left[0][1])
            while more := [f for f in left if f not in part and set(f[1]) & inside]:
                part += more
                inside.update(label for f in more for label in f[1])
            found.append((contract((), part), (), 1))
        left = [f for f in left if f not in part]
    return found


def _shares(power: Number) -> tuple[Number, ...]:
    """The powers of a factor that may be taken out: all of it, or once."""
    if power == int(power) and abs(power) > 1:
        return power, 1 if power > 0 else -1
    return (power,)


def _slots(factor: Factor, out: Labels) -> list[tuple[Slot, ...]]:
    """Where a factor's slots are, for each of its slot symmetries."""
    node, row, _ = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    found = []
    for image in images:
        bound: dict[int, int] = {}
        slots: list[Slot] = []
        for label in image:
            if label in out:
                slots.append((0, out.index(label)))
            else:
                slots.append((1, bound.setdefault(label, len(bound))))
        if tuple(slots) not in found:
            found.append(tuple(slots))
    return found


def _arranged(factor: Factor, out: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The factor's labels in the order in which its slots read as `slots`."""
    node, row, _ = factor
    images = [row]
    images += [tuple(row[s] for s in p) for p, sign in group_of(node) if sign == 1]
    for image in images:
        if _slots((node, image, 1), out)[0] == slots:
            return image
    return row


def _holes(row: Labels, slots: tuple[Slot, ...]) -> Labels:
    """The bound labels of a factor, each once, in slot order."""
    holes: list[int] = []
    for label, (kind, _) in zip(row, slots, strict=True):
        if kind == 1 and label not in holes:
            holes.append(label)
    return tuple(holes)
