"""Products: factors with labelled axes, normalised into one interned contraction.

Floor 3.  What happens on the way is the closed list of structural laws: labels are renamed,
deltas merge labels, products of products are one product, factors that agree on every label
add their exponents, a bound label in no factor is a number, and pairs cancel (`normal.cancel`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import final

from matgrad.core.budget import spend
from matgrad.core.dims import Dim, Number, Shape, Size, divide, leading, simple
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.cancel import cancel
from matgrad.normal.canon import Factor, Group, Labels, least
from matgrad.normal.fusion import fuse
from matgrad.normal.joining import join
from matgrad.normal.laws import apply_law, are_inert, has_lawful
from matgrad.normal.masks import restrict
from matgrad.normal.networks import networks, scalar_of, separated
from matgrad.normal.placing import settle
from matgrad.normal.powers import LARGE_PART, copies, parts_of, turn
from matgrad.normal.ranges import bound, in_best_chart
from matgrad.normal.sums import ONE, combine, is_zero, numeral, scaled, split, zero
from matgrad.normal.symmetry import group_of, orient, permute


def contract(
    out: Labels,
    factors: Iterable[Factor],
    coefficient: Size = 1,
    sizes: Mapping[int, Size] | None = None,
) -> Expr:
    """coefficient · Σ over the bound labels of the product of factors.

    A factor is (node, labels of its axes, elementwise exponent).  `sizes` gives the sizes of
    output labels that occur in no factor.
    """
    factors = list(factors)
    if len(factors) == 1:
        node, labels, exponent = factors[0]
        axes = set(out)
        whole = exponent == 1 and len(labels) == len(axes) == len(out) and axes == set(labels)
        if whole and axes.issuperset(sizes or ()):  # nothing but axes in another order
            return scaled(coefficient, permute(node, tuple(map(labels.index, out))))
    return _Product(out, sizes or {}, coefficient).build(factors)


@final
class _Product:
    """A product being normalised."""

    def __init__(self, out: Labels, sizes: Mapping[int, Size], coefficient: Size) -> None:
        self.out = out
        self.sizes: dict[int, Size] = dict(sizes)
        self.coefficient = coefficient
        self.parent: dict[int, int] = {}
        self.fresh = 0  # the next label for what is opened; 0 until something is
        self.given: Sequence[Factor] = ()
        self.vanishes = False
        self.factors: dict[tuple[Expr, Labels], Number] = {}

    def find(self, label: int) -> int:
        parent = self.parent
        while label in parent:
            label = parent[label]
        return label

    def union(self, left: int, right: int) -> None:
        left, right = self.find(left), self.find(right)
        if left != right:
            self.parent[right] = left
            if right in self.sizes:
                self.sizes.setdefault(left, self.sizes[right])

    def build(self, factors: Sequence[Factor]) -> Expr:
        self.given = factors
        atoms = self.splice(factors)
        spend(len(atoms) + 1, "the number of factors in products")
        shape = tuple([self.sizes[self.find(label)] for label in self.out])
        if not self.vanishes:
            self.merge(atoms)
            self.fold_scalars()
            self.reduce()
            self.coefficient = self.coefficient * turn(self.factors)
        if self.vanishes or self.coefficient == 0:
            return zero(shape)
        self.count_free_labels()
        node = self.label(shape)
        return scaled(self.coefficient, node)

    def splice(self, factors: Iterable[Factor]) -> list[Factor]:
        """Products inside the product are opened; what remains are atoms."""
        atoms: list[Factor] = []
        stack, sizes = list(factors)[::-1], self.sizes
        while stack:
            node, labels, exponent = stack.pop()
            for label, size in zip(labels, node.shape, strict=True):
                sizes.setdefault(self.find(label) if self.parent else label, size)
            op = node.op
            if op is SUM:
                if len(node.args) == 1:
                    self.splice_multiple(node, labels, exponent, stack, atoms)
                elif node.args:
                    atoms.append(self.oriented(node, labels, exponent))
                elif exponent > 0:
                    self.vanishes = True
                else:
                    raise EvaluationProblem("division by zero: a denominator is identically zero")
            elif op is CONTRACTION:
                opened = copies(node, exponent)
                if opened == 0:
                    parts = separated(node, exponent, contract) if exponent != 1 else []
                    stack += [
                        (part, tuple([labels[k] for k in at]), exponent) for part, at in parts
                    ]
                    atoms += [] if parts else [self.oriented(node, labels, exponent)]
                elif opened < 0:
                    self.open(node, labels, exponent, stack)
                else:
                    for _ in range(opened):
                        self.open(node, labels, 1, stack)
            else:
                atoms.append((node, labels, exponent))
        return atoms

    def oriented(self, node: Expr, labels: Labels, exponent: Number) -> Factor:
        """A sum or a product raised entrywise: of a matrix and its transpose always the same."""
        if len(labels) == 2:
            node, swapped, sign = orient(node)
            labels = labels[::-1] if swapped else labels
            if sign < 0 and exponent != int(exponent):
                node = combine([(-1, node)], node.shape)
            elif sign < 0 and exponent % 2:
                self.coefficient = self.coefficient * -1
        return node, labels, exponent

    def splice_multiple(
        self,
        node: Expr,
        labels: Labels,
        exponent: Number,
        stack: list[Factor],
        atoms: list[Factor],
    ) -> None:
        """A coefficient times a node: the coefficient leaves the product where it may."""
        value, inner = node.data[0], node.args[0]
        if exponent == int(exponent) and (exponent > 0 or not isinstance(value, Dim)):
            power = value ** int(exponent) if exponent > 0 else Fraction(value) ** int(exponent)
            self.coefficient = simple(self.coefficient * power)
            stack.append((inner, labels, exponent))
        elif inner is ONE:
            number, parts = parts_of(value, exponent)
            self.coefficient = simple(self.coefficient * number)
            for size, power in parts:
                (atoms if size == value else stack).append((numeral(size), (), power))
        elif exponent == int(exponent) or (leading(value) > 0 and not isinstance(value, Dim)):
            stack.append((numeral(value), (), exponent))
            stack.append((inner, labels, exponent))
        else:
            atoms.append((node, labels, exponent))

    def open(self, node: Expr, labels: Labels, exponent: Number, stack: list[Factor]) -> None:
        """Replace a product by its factors; a repeated output label merges outer labels."""
        out, inner_labels, exponents = node.data
        if not self.fresh:  # a part of another product has that one's fresh labels
            self.fresh = min([0, *[label for _, row, _ in self.given for label in row]]) - 1
        names: dict[int, int] = {}
        for inner, outer in zip(out, labels, strict=True):
            if inner in names:
                self.union(names[inner], outer)
            else:
                names[inner] = outer
        for factor, row, power in zip(node.args, inner_labels, exponents, strict=True):
            mapped = []
            for inner in row:
                if inner not in names:
                    names[inner] = self.fresh
                    self.fresh -= 1
                mapped.append(names[inner])
            stack.append((factor, tuple(mapped), power * exponent))

    def merge(self, atoms: Iterable[Factor]) -> None:
        """Resolve merged labels; factors that agree on all labels add their exponents."""
        merged: dict[tuple[Expr, Labels], Number] = {}
        parent = self.parent
        for node, labels, exponent in atoms:
            if parent:
                labels = tuple(self.find(label) for label in labels)
            if len(labels) > 1 and (group := group_of(node)):
                labels = self.arrange(labels, group, exponent)
            key = (node, labels)
            power = merged.get(key, 0) + exponent
            if power == 0:
                merged.pop(key, None)
            else:
                merged[key] = power
        self.factors = merged
        if parent:
            self.out = tuple(self.find(label) for label in self.out)
            # Nothing has these labels any more; a law may take them for new ones.
            for label in parent:
                self.sizes.pop(label, None)
            parent.clear()

    def arrange(self, labels: Labels, group: Group, exponent: Number) -> Labels:
        """The least labels that the factor's slot symmetries allow."""
        best, sign = least(labels, group)
        if sign == 0 and exponent > 0:
            self.vanishes = True
        elif sign < 0 and exponent % 2:
            self.coefficient = self.coefficient * -1
        return best

    def fold_scalars(self) -> None:
        """Equal scalar parts become one factor with an exponent (sum(x)^20 has no 20! ties),
        and large ones beside others one factor each, so that their ties do not multiply."""
        if len(self.factors) < 2:
            return
        parts = networks(self.factors, self.out)
        has_product = any([node.op is CONTRACTION and not row for node, row in self.factors])
        if len(parts) < 2 and not (parts and has_product):
            return
        products = ([(n, row, self.factors[n, row]) for n, row in part] for part in parts)
        nodes = [split(scalar_of(product, contract)) for product in products]
        if any(is_zero(node) for _, node in nodes):
            self.vanishes = True
            return
        counts: dict[Expr, int] = {}
        for _, node in nodes:
            counts[node] = counts.get(node, 0) + 1
        for group, (factor, node) in zip(parts, nodes, strict=True):
            once = counts[node] == 1 and (node, ()) not in self.factors
            if once and min(len(group), len(node.args)) < LARGE_PART:
                continue
            for key in group:
                del self.factors[key]
                for label in key[1]:
                    self.sizes.pop(label, None)
            self.coefficient = simple(self.coefficient * factor)
            if node is ONE:
                continue
            total = self.factors.get((node, ()), 0) + 1
            if total == 0:
                del self.factors[node, ()]
            else:
                self.factors[node, ()] = total

    def reduce(self) -> None:
        """Cancel and fuse until nothing changes."""
        while not self.vanishes and not are_inert(self.factors):
            now, out = self.factors, self.out
            change = None
            if has_lawful(now):
                change = fuse(now, out) or restrict(now) or settle(now, out, contract)
                change = change or join(now, out) or bound(now, out)
            change = change or cancel(now, out) or apply_law(now, out)
            if change is None:
                return
            for key in change.removed:
                del self.factors[key]
            for label in change.consumed:
                self.sizes.pop(label, None)
            self.coefficient = self.coefficient * change.coefficient
            self.vanishes = self.coefficient == 0
            for left, right in change.merged:
                self.union(left, right)
            if change.merged or change.added:
                kept = [(node, row, power) for (node, row), power in self.factors.items()]
                self.merge([*kept, *self.splice(change.added)])

    def count_free_labels(self) -> None:
        """A bound label in no factor counts its values; numbers that divide cancel."""
        used = set(self.out)
        for _, labels in self.factors:
            used.update(labels)
        for label, size in self.sizes.items():
            if label not in used:
                self.coefficient = self.coefficient * size
        if isinstance(self.coefficient, Dim):
            for key in [key for key in self.factors if not key[1]]:
                value, inner = split(key[0])
                while inner is ONE and self.factors.get(key, 0) <= -1:
                    quotient = divide(self.coefficient, value)
                    if quotient is None:
                        break
                    self.coefficient = quotient
                    self.factors[key] += 1
                    if self.factors[key] == 0:
                        del self.factors[key]

    def label(self, shape: Shape) -> Expr:
        """The interned node."""
        sign, node = in_best_chart(self.factors, self.out, shape)
        self.coefficient = self.coefficient * (sign or 1)
        return node if sign else zero(shape)
