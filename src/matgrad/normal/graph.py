"""A product as a graph of labels, reduced to matrix notation.

Floor 3.  Matrices are links between labels, vectors are ends at a label.  Bound labels
disappear one by one: with two links a label is a product, with one a product that ends in a
vector, with none a scalar.  Series-parallel graphs reduce completely; others are Stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from matgrad.catalogue import algebra, structure
from matgrad.core.dims import Dim, Number, Size
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import Expr, Op, make, number
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.cost import print_order
from matgrad.normal.fused import unfuse
from matgrad.normal.fusion import FUSE, occurrences
from matgrad.normal.surface import Stuck, raised, turn, weigh

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

# A matrix in a chain, as it stands and transposed.
Step = tuple[Expr, Expr]


@final
@dataclass(frozen=True, slots=True)
class Link:
    """A product of matrices from label `start` to label `stop`."""

    start: int
    stop: int
    chain: tuple[Step, ...]

    def toward(self, label: int) -> tuple[Step, ...]:
        """The chain read so that it stops at `label`."""
        return self.chain if self.stop == label else reverse(self.chain)

    def other(self, label: int) -> int:
        return self.start if self.stop == label else self.stop


@final
@dataclass(frozen=True, slots=True)
class End:
    """A vector at a label: a chain of matrices leading to a base vector, or to ones (None)."""

    chain: tuple[Step, ...]
    base: Expr | None
    size: Size
    power: Number = 1

    def column(self, lifter: Lifter) -> Expr:
        """The vector read as a column; in code, where it has no orientation, as is cheaper."""
        if lifter.counted and self.chain:
            readings = (self.as_column(lifter), self.as_row(lifter))
            return min(readings, key=lifter.cost)
        return self.as_column(lifter)

    def row(self, lifter: Lifter) -> Expr:
        """The vector read as a row."""
        return self.column(lifter) if lifter.counted else self.as_row(lifter)

    def as_column(self, lifter: Lifter) -> Expr:
        parts = [forward for forward, _ in self.chain]
        if self.base is None:
            return _summed(lifter.multiply(parts), structure.row_sums) if parts else self.ones()
        return build(algebra.matmul, (lifter.multiply(parts), self.base)) if parts else self.base

    def as_row(self, lifter: Lifter) -> Expr:
        parts = [backward for _, backward in reversed(self.chain)]
        if self.base is None:
            return _summed(lifter.multiply(parts), structure.column_sums) if parts else self.ones()
        return build(algebra.matmul, (self.base, lifter.multiply(parts))) if parts else self.base

    def ones(self) -> Expr:
        return make(structure.ones, (), None, (self.size,))


def _summed(matrix: Expr, op: Op) -> Expr:
    """The sums of a matrix along an axis; of a transpose along the other axis."""
    if matrix.op is structure.transpose and matrix.order == 2:
        other = structure.row_sums if op is structure.column_sums else structure.column_sums
        return build(other, matrix.args)
    return build(op, (matrix,))


def reverse(chain: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple((backward, forward) for forward, backward in reversed(chain))


@final
class Graph:
    """One product on its way to matrix notation."""

    def __init__(
        self, lifter: Lifter, out: Labels, sizes: Mapping[int, Size], *, indexed: bool = False
    ) -> None:
        self.lifter = lifter
        self.out = out
        self.sizes: dict[int, Size] = dict(sizes)
        self.scalars: list[tuple[Expr, Number]] = []
        self.ends: dict[int, list[End]] = {}
        self.links: dict[int, dict[int, Link]] = {}
        self.count = 0
        self.tensor: Expr | None = None
        self.indexed = indexed
        self.tensors: list[tuple[Expr, Labels]] = []

    # Loading

    def load(self, factors: list[Factor]) -> None:
        for node, row, _ in factors:
            for label, size in zip(row, node.shape, strict=True):
                self.sizes[label] = size
        factors = self.picked(factors)
        if any(node.op is FUSE for node, _, _ in factors):
            factors = unfuse(self, factors)
        for node, row, power in factors:
            if len(row) > 2 and not self.indexed:
                row = self.cut_tail(node, row, power)
            self.load_factor(node, row, power)

    def picked(self, factors: list[Factor]) -> list[Factor]:
        """Unit vectors on the last axes of a tensor pick its component: the derivative of f(X)
        by one entry of X."""
        units = {row[0]: k for k, (node, row, _) in enumerate(factors) if _is_unit(node)}
        if not units:
            return factors
        counts = occurrences({(node, row): power for node, row, power in factors}, self.out)
        dropped: set[int] = set()
        result: list[Factor] = []
        for node, row, power in factors:
            keep = len(row)
            while keep > 2 and row[keep - 1] in units and counts[row[keep - 1]] == 2:
                keep -= 1
            if keep < len(row):
                chosen = [units[label] for label in row[keep:]]
                dropped.update(chosen)
                positions = tuple(factors[k][0].data for k in chosen)
                node = make(structure.component, (node,), positions, node.shape[:keep])
            result.append((node, row[:keep], power))
        for label in (label for label, k in units.items() if k in dropped):
            del self.sizes[label]
        return [factor for k, factor in enumerate(result) if k not in dropped]

    def cut_tail(self, node: Expr, row: Labels, power: Number) -> Labels:
        """A tensor whose further axes are the last axes of the result acts as a matrix."""
        tail = row[2:]
        count = len(tail)
        if power != 1 or self.out[len(self.out) - count :] != tail or set(tail) & set(row[:2]):
            raise Stuck("a tensor's axes are spread over the product")
        self.out = self.out[: len(self.out) - count]
        if set(tail) & set(self.out):
            raise Stuck("a tensor's axes repeat in the result")
        return row[:2]

    def load_factor(self, node: Expr, row: Labels, power: Number) -> None:
        lifter = self.lifter
        if not row:
            norm = lifter.norm(node) if (power * 2) % 2 else None
            if norm is not None:
                self.scalars.append((norm, power * 2))
            else:
                self.scalars.append((lifter.form(node, False), power))
        elif len(row) > 2 and self.indexed:
            self.tensors.append((raised(lifter.form(node, False), power), row))
        elif len(row) == 1:
            base = lifter.form(node, False)
            self.add_end(row[0], End((), base, node.shape[0], power))
        else:
            forward = raised(lifter.form(node, False), power)
            backward = lifter.turned(node) if node.order == 2 else turn(forward)
            if node.order == 2 and power != 1:
                backward = raised(backward, power)
            self.add_link(Link(row[0], row[1], ((forward, backward),)))

    def add_vector(self, label: int, vector: Expr) -> None:
        self.sizes.setdefault(label, vector.shape[0])
        self.add_end(label, End((), vector, vector.shape[0]))

    def add_matrix(self, start: int, stop: int, forward: Expr, backward: Expr) -> None:
        self.add_link(Link(start, stop, ((forward, backward),)))

    def add_end(self, label: int, end: End) -> None:
        self.ends.setdefault(label, []).append(end)

    def add_link(self, link: Link) -> None:
        self.count += 1
        for label in {link.start, link.stop}:
            self.links.setdefault(label, {})[self.count] = link

    # Reducing

    def reduce(self, held: set[int] | None = None) -> None:
        """Remove every bound label, or with `held` all that can be but those held."""
        outputs = set(self.out) | (held or set())
        pending = [label for label in self.sizes if label not in outputs]
        while pending:
            waiting: list[int] = []
            for label in pending:
                if not self.remove(label):
                    waiting.append(label)
            if len(waiting) == len(pending) and not self.merge_parallel():
                if held is not None:
                    return
                raise Stuck("the product is not series-parallel")
            pending = waiting

    def remove(self, label: int) -> bool:
        """Sum over one bound label if its surroundings allow it."""
        links = self.links.get(label, {})
        for key, link in list(links.items()):
            if link.start == link.stop:
                if len(links) == 1 and label not in self.ends:
                    del links[key]
                    self.add_scalar(self.trace(link.chain), 1)
                    return True
                del links[key]
                diagonal = build(structure.diagvec, (self.cycle(link.chain, fixed=True),))
                self.add_end(label, End((), diagonal, self.sizes[label]))
        if len(links) > 2:
            return False
        ends = self.ends.pop(label, [])
        if not links:
            if ends:
                self.add_scalar(*self.total(ends))
            return True
        (first_key, first), *rest = links.items()
        if not rest:
            far = first.other(label)
            self.unlink(first_key, first)
            end = self.joined(ends) if ends else End((), None, self.sizes[label])
            self.add_end(far, End(first.toward(label) + end.chain, end.base, end.size))
            return True
        ((second_key, second),) = rest
        self.unlink(first_key, first)
        self.unlink(second_key, second)
        middle: tuple[Step, ...] = ()
        if ends:
            weight = build(structure.diag, (self.joined(ends).column(self.lifter),))
            middle = ((weight, weight),)
        chain = first.toward(label) + middle + reverse(second.toward(label))
        self.add_link(Link(first.other(label), second.other(label), chain))
        return True

    def add_scalar(self, expr: Expr, power: Number) -> None:
        """A part without labels left: a scalar, or what a traced tensor leaves."""
        if expr.order:
            self.tensor = expr
        else:
            self.scalars.append((expr, power))

    def unlink(self, key: int, link: Link) -> None:
        for label in {link.start, link.stop}:
            self.links[label].pop(key, None)

    def merge_parallel(self) -> bool:
        """Two links between the same labels become a Hadamard product."""
        for links in self.links.values():
            seen: dict[frozenset[int], tuple[int, Link]] = {}
            for key, link in links.items():
                pair = frozenset((link.start, link.stop))
                if pair in seen and len(pair) == 2:
                    other_key, other = seen[pair]
                    self.unlink(key, link)
                    self.unlink(other_key, other)
                    stop = other.stop
                    forward = self.entrywise([other.chain, link.toward(stop)], 0)
                    backward = self.entrywise([other.chain, link.toward(stop)], 1)
                    self.add_link(Link(other.start, stop, ((forward, backward),)))
                    return True
                seen[pair] = key, link
        return False

    def entrywise(self, chains: list[tuple[Step, ...]], side: int) -> Expr:
        sides = chains if side == 0 else [reverse(chain) for chain in chains]
        parts = [self.lifter.multiply([forward for forward, _ in chain]) for chain in sides]
        parts.sort(key=lambda part: print_order(part, self.lifter.ranks))
        return build(algebra.hadamard, (parts[0], parts[1]))

    # Vectors and scalars

    def joined(self, ends: list[End]) -> End:
        """The Hadamard product of the vectors at a label, as one vector."""
        if len(ends) == 1 and ends[0].power == 1:
            return ends[0]
        powers: dict[Expr, Number] = {}
        for end in ends:
            column = end.column(self.lifter)
            powers[column] = powers.get(column, 0) + end.power
        parts = sorted(
            powers.items(), key=lambda p: (p[1] < 0, print_order(p[0], self.lifter.ranks))
        )
        total: Expr | None = None
        for column, power in parts:
            if total is None:
                if power < 0:
                    ones = make(structure.ones, (), None, column.shape)
                    total = build(algebra.divide, (ones, raised(column, -power)))
                else:
                    total = raised(column, power)
            elif power < 0:
                total = build(algebra.divide, (total, raised(column, -power)))
            else:
                total = build(algebra.hadamard, (total, raised(column, power)))
        if total is None:
            raise Stuck("an empty product of vectors")
        return End((), total, ends[0].size)

    def total(self, ends: list[End]) -> tuple[Expr, Number]:
        """The sum over a label that only vectors carry."""
        if len(ends) == 1 and ends[0].power == 2:
            base = End(ends[0].chain, ends[0].base, ends[0].size)
            return self.path(base, base), 1
        ends = sorted(
            ends,
            key=lambda end: (
                end.power != 1,
                print_order(end.column(self.lifter), self.lifter.ranks),
            ),
        )
        if len(ends) == 1 or ends[0].power != 1 or all(end.power < 0 for end in ends[1:]):
            end = self.joined(ends)
            return self.path(End((), None, end.size), end), 1
        return self.path(ends[0], self.joined(ends[1:])), 1

    def path(self, left: End, right: End) -> Expr:
        """left' * right, read from the cheaper side."""
        chain = reverse(left.chain) + right.chain
        readings = [
            self.walk(left.base, chain, right.base),
            self.walk(right.base, reverse(chain), left.base),
        ]
        return min(readings, key=self.preference)

    def walk(self, left: Expr | None, chain: tuple[Step, ...], right: Expr | None) -> Expr:
        parts = [forward for forward, _ in chain]
        if any(part.order > 2 for part in parts):
            if left is None or right is None:
                raise Stuck("a tensor summed over an axis")
            # left'*T*right with a tensor T: products act on the first two axes, so use a trace.
            outer = build(algebra.outer, (right, left))
            return build(structure.trace, (self.lifter.multiply([outer, *parts]),))
        if left is None and right is None:
            return build(structure.total, (self.lifter.multiply(parts),))
        if left is None or right is None:
            if left is None:
                assert right is not None  # both are None above
                product = (
                    build(algebra.matmul, (self.lifter.multiply(parts), right)) if parts else right
                )
            else:
                product = self.applied(left, parts)
            return build(structure.total, (product,))
        if left.op is structure.unit and right.op is structure.unit and parts:
            return make(
                structure.entry, (self.lifter.multiply(parts),), (left.data, right.data), ()
            )
        if not parts and structure.unit in (left.op, right.op):
            vector, position = (right, left) if left.op is structure.unit else (left, right)
            return make(structure.entry, (vector,), (position.data,), ())
        return build(algebra.matmul, (self.applied(left, parts), right))

    def applied(self, vector: Expr, parts: list[Expr]) -> Expr:
        """vector' * parts, as a product that reads from the left."""
        if not parts:
            return vector
        return build(algebra.matmul, (vector, self.lifter.multiply(parts)))

    def trace(self, chain: tuple[Step, ...]) -> Expr:
        return build(structure.trace, (self.cycle(chain, fixed=False),))

    def cycle(self, chain: tuple[Step, ...], *, fixed: bool) -> Expr:
        """A closed chain as a product: of all rotations (unless fixed) and both directions the
        preferred one.  A tensor stands last: tr(inv(f(X))*D(f, X))."""
        readings = [chain, reverse(chain)]
        tensors = [k for k, (forward, _) in enumerate(chain) if forward.order > 2]
        if not fixed and tensors:
            (last,) = tensors
            readings = [chain[last + 1 :] + chain[: last + 1]]
            readings += [reverse(chain[last:] + chain[:last])]
        elif not fixed and len(chain) > 1:
            ranks = self.lifter.ranks
            orders = [print_order(forward, ranks)[0] for forward, _ in chain]
            least = min(orders)
            starts = [k for k, order in enumerate(orders) if order == least]
            readings = [chain[k:] + chain[:k] for k in starts]
            readings += [reverse(chain[k + 1 :] + chain[: k + 1]) for k in starts]
        products = [
            self.lifter.multiply([forward for forward, _ in reading]) for reading in readings
        ]
        return min(products, key=self.preference)

    def preference(self, expr: Expr) -> tuple[int, int, tuple[int, ...]]:
        order, turned, _ = print_order(expr, self.lifter.ranks)
        return self.lifter.cost(expr), turned, order

    # The result

    def result(self, coefficient: Size, row: bool) -> Expr:
        try:
            self.reduce()
            core = self.core(row)
        except ShapeProblem as problem:
            raise Stuck(str(problem)) from problem
        return self.weighted(coefficient, core)

    def core(self, row: bool) -> Expr | None:
        out = self.out
        if not out:
            return self.tensor
        if len(out) == 1:
            end = self.at(out[0])
            return end.row(self.lifter) if row else end.column(self.lifter)
        if len(out) > 2:
            raise Stuck("more than two axes")
        i, j = out
        if i == j:
            if not self.ends.get(i) and not self.links.get(i):
                return make(structure.eye, (), None, (self.sizes[i], self.sizes[i]))
            column = self.at(i).column(self.lifter)
            if column.op is structure.diagvec:
                unit = make(structure.eye, (), None, (self.sizes[i], self.sizes[i]))
                return build(algebra.hadamard, (column.args[0], unit))
            return build(structure.diag, (column,))
        return self.matrix(i, j)

    def at(self, label: int) -> End:
        """Everything at an output label as one vector."""
        for key, link in list(self.links.get(label, {}).items()):
            if link.start == link.stop:
                self.unlink(key, link)
                product = self.cycle(link.chain, fixed=True)
                self.add_end(
                    label, End((), build(structure.diagvec, (product,)), self.sizes[label])
                )
        if self.links.get(label):
            raise Stuck("links remain at an output")
        ends = self.ends.get(label)
        return self.joined(ends) if ends else End((), None, self.sizes[label])

    def matrix(self, i: int, j: int) -> Expr:
        for label in (i, j):
            for key, link in list(self.links.get(label, {}).items()):
                if link.start == link.stop:
                    self.unlink(key, link)
                    product = build(structure.diagvec, (self.cycle(link.chain, fixed=True),))
                    self.add_end(label, End((), product, self.sizes[label]))
        while len(self.links.get(i, {})) > 1:
            self.merge_parallel()
        links = list(self.links.get(i, {}).values())
        if not links:
            return self.outer(i, j)
        parts = [forward for forward, _ in links[0].toward(j)]
        if i in self.ends and j in self.ends:
            weights = build(
                algebra.outer,
                tuple(self.joined(self.ends[label]).column(self.lifter) for label in (i, j)),
            )
            return build(algebra.hadamard, (weights, self.lifter.multiply(parts)))
        if i in self.ends:
            parts.insert(0, build(structure.diag, (self.joined(self.ends[i]).column(self.lifter),)))
        if j in self.ends:
            parts.append(build(structure.diag, (self.joined(self.ends[j]).column(self.lifter),)))
        return self.lifter.multiply(parts)

    def outer(self, i: int, j: int) -> Expr:
        left, right = self.at(i), self.at(j)
        if left.base is None and right.base is None and not left.chain and not right.chain:
            return make(structure.ones, (), None, (self.sizes[i], self.sizes[j]))
        if left.base is None and left.chain:
            left = End((), left.column(self.lifter), left.size)
        if right.base is None and right.chain:
            right = End((), right.column(self.lifter), right.size)
        base = build(
            algebra.outer,
            (
                End((), left.base, left.size).column(self.lifter),
                End((), right.base, right.size).column(self.lifter),
            ),
        )
        parts = [forward for forward, _ in left.chain]
        after = [backward for _, backward in reversed(right.chain)]
        if parts:
            base = build(algebra.matmul, (self.lifter.multiply(parts), base))
        return build(algebra.matmul, (base, self.lifter.multiply(after))) if after else base

    def weighted(self, coefficient: Size, core: Expr | None) -> Expr:
        """Scalars in front, denominators behind."""
        powers: dict[Expr, Number] = {}
        for expr, power in self.scalars:
            powers[expr] = powers.get(expr, 0) + power
        ordered = sorted(powers.items(), key=lambda p: print_order(p[0], self.lifter.ranks))
        tops = [raised(expr, power) for expr, power in ordered if power > 0]
        bottoms = [raised(expr, -power) for expr, power in ordered if power < 0]
        bottom: Expr | None = None
        for part in bottoms:
            bottom = part if bottom is None else build(algebra.scale, (bottom, part))
        if bottom is not None and not isinstance(coefficient, (int, Dim)):
            bottom = weigh(coefficient.denominator, bottom)
            coefficient = coefficient.numerator
        if core is not None:
            tops.append(core)
        if not tops:
            total = number(coefficient)
            return total if bottom is None else build(algebra.divide, (total, bottom))
        total = tops[0]
        for part in tops[1:]:
            total = build(algebra.scale, (total, part))
        if bottom is None:
            return weigh(coefficient, total)
        if coefficient == -1:
            return build(algebra.neg, (build(algebra.divide, (total, bottom)),))
        return build(algebra.divide, (weigh(coefficient, total), bottom))


def _is_unit(node: Expr) -> bool:
    return node.op is structure.unit
