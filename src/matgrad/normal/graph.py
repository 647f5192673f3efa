"""A product as a graph of labels, reduced to matrix notation.

Floor 3.  Matrices are links between labels, vectors are ends at a label.  Bound labels
disappear one by one: with two links a label is a product, with one a product that ends in a
vector, with none a scalar.  Series-parallel graphs reduce completely; others are Stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, final

from matgrad.catalogue import structure
from matgrad.core.dims import Number, Size
from matgrad.core.expr import SUM, SYMBOL, Expr, make
from matgrad.core.signature import build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fused import unfuse
from matgrad.normal.fusion import FUSE, occurrences
from matgrad.normal.links import End, Link, Step, reverse
from matgrad.normal.networks import identity_of, networks
from matgrad.normal.paths import (
    diagonal,
    entrywise,
    joined,
    total,
    trace,
)
from matgrad.normal.skew import is_skew
from matgrad.normal.squares import squares_of_norms
from matgrad.normal.surface import Stuck, raised, turn
from matgrad.normal.symmetry import is_symmetric
from matgrad.normal.tensors import entries, totals

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter


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
        self.has_skew = False

    # Loading

    def load(self, factors: list[Factor]) -> None:
        for node, row, _ in factors:
            self.sizes.update(zip(row, node.shape, strict=True))
        factors = squares_of_norms(self, self.picked(factors))
        if FUSE in [node.op for node, _, _ in factors]:
            factors = unfuse(self, factors)
        if not self.indexed and max(map(len, (self.out, *(row for _, row, _ in factors)))) > 2:
            factors = entries(self, totals(self, factors))
        for k, (node, row, power) in enumerate(factors):
            if len(row) > 2 and not self.indexed:
                elsewhere = {x for j, f in enumerate(factors) if j != k for x in f[1]}
                row = self.cut_tail(row, power, elsewhere.union(self.ends, self.links))
            self.load_factor(node, row, power)

    def load_parts(self, factors: list[Factor]) -> None:
        """Load a product of many factors, its scalar parts reduced by themselves: each once,
        however many products it stands in."""
        powers = {(node, row): power for node, row, power in factors}
        if len(powers) == len(factors):
            for part in networks(powers, self.out):
                self.scalars += self.reduced([(*key, powers.pop(key)) for key in part])
            factors = [(*key, power) for key, power in powers.items()]
        self.load(factors)

    def reduced(self, part: list[Factor]) -> list[tuple[Expr, Number]]:
        """The scalars that a connected part without outputs is."""
        known = self.lifter.scalars
        identity = identity_of(part)
        if identity not in known:
            alone = Graph(self.lifter, (), {})
            alone.load(part)
            alone.reduce()
            known[identity] = alone.scalars
        return known[identity]

    def picked(self, factors: list[Factor]) -> list[Factor]:
        """Unit vectors on the last axes of a tensor pick its component, the derivative of f(X)
        by one entry of X; on the first axes of one that has a name its part, T[i]."""
        units = {row[0]: k for k, (node, row, _) in enumerate(factors) if node.op is structure.unit}
        if not units:
            return factors
        counts = occurrences({(node, row): power for node, row, power in factors}, self.out)
        dropped: set[int] = set()
        result: list[Factor] = []
        for node, row, power in factors:
            keep = len(row)
            while keep > 2 and row[keep - 1] in units and counts[row[keep - 1]] == 2:
                if node.op is FUSE:
                    break  # it joins them: e_i ⊗ e_j
                keep -= 1
            whole = (
                node.op is SYMBOL
                and keep == 2
                and all(label in units and counts[label] == 2 for label in row)
            )
            if keep < len(row) and whole:
                keep = 0  # T[i,j,k]
            if keep < len(row):
                chosen = [units[label] for label in row[keep:]]
                dropped.update(chosen)
                positions = tuple(factors[k][0].data for k in chosen)
                op = structure.component if keep else structure.entry
                node = make(op, (node,), positions, node.shape[:keep])
            row, begin = row[:keep], 0
            while keep - begin > 2 and row[begin] in units and counts[row[begin]] == 2:
                begin += 1
            if begin and node.op is SYMBOL and power == 1:
                chosen = [units[label] for label in row[:begin]]
                dropped.update(chosen)
                positions = tuple(factors[k][0].data for k in chosen)
                node = make(structure.entry, (node,), positions, node.shape[begin:])
                row = row[begin:]
            result.append((node, row, power))
        for label in (label for label, k in units.items() if k in dropped):
            del self.sizes[label]
        return [factor for k, factor in enumerate(result) if k not in dropped]

    def cut_tail(self, row: Labels, power: Number, elsewhere: set[int]) -> Labels:
        """A tensor whose further axes are the last axes of the result, and stand nowhere else,
        acts as a matrix."""
        tail = row[2:]
        count = len(tail)
        shared = set(tail) & elsewhere.union(row[:2]) or len(set(tail)) < count
        if power != 1 or self.out[len(self.out) - count :] != tail or shared:
            raise Stuck("a tensor's axes are spread over the product")
        self.out = self.out[: len(self.out) - count]
        if set(tail) & set(self.out):
            raise Stuck("a tensor's axes repeat in the result")
        return row[:2]

    def load_factor(self, node: Expr, row: Labels, power: Number) -> None:
        lifter = self.lifter
        if not row:
            norm = lifter.norm(node)
            if norm is not None and (norm.args[0].order > 1 or (power * 2) % 2):
                self.scalars.append((norm, power * 2))
            else:
                self.scalars.append((lifter.form(node, False), power))
        elif len(row) > 2 and self.indexed:
            self.tensors.append((raised(lifter.form(node, False), power), row))
        elif len(row) == 1:
            base = lifter.form(node, False)
            apart = node if node.op is SUM and power == 1 else None
            self.add_end(row[0], End((), base, node.shape[0], power, apart))
        else:
            forward = raised(lifter.form(node, False), power)
            self.has_skew = self.has_skew or is_skew(node)
            if is_symmetric(node) or (is_skew(node) and power % 2 == 0):
                backward = forward
            elif node.order == 2:
                backward = raised(lifter.turned(node), power)
            else:
                backward = turn(forward)
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
        if len(pending) > 1:
            pending.sort(key=self.first_use)
        while pending:
            waiting = [label for label in pending if not self.remove(label)]
            if len(waiting) == len(pending):
                # A vector becomes a diagonal matrix only where nothing else goes: u.*(A*x).
                gone = next((label for label in pending if self.remove(label, weighing=True)), None)
                waiting = [label for label in pending if label != gone]
                if gone is None and not self.merge_parallel():
                    if held is not None:
                        return
                    raise Stuck("the product is not series-parallel")
            pending = waiting

    def first_use(self, label: int) -> list[tuple[int, ...]]:
        """By what stands first in the input among all that meets at a label: letters do not
        decide in which order labels go."""
        steps = [link.chain[0][0] for link in self.links.get(label, {}).values()]
        steps += [end.base for end in self.ends.get(label, ()) if end.base is not None]
        return sorted([self.lifter.order(step)[0] for step in steps])

    def remove(self, label: int, *, weighing: bool = False) -> bool:
        """Sum over one bound label if its surroundings allow it; with `weighing` also where a
        vector stands between two matrices."""
        links = self.links.get(label, {})
        for key, link in list(links.items()):
            if link.start == link.stop:
                if len(links) == 1 and label not in self.ends:
                    del links[key]
                    self.add_scalar(trace(self.lifter, link.chain), 1)
                    return True
                del links[key]
                vector = diagonal(self.lifter, link.chain)
                self.add_end(label, End((), vector, self.sizes[label]))
        if len(links) > 2 or (len(links) == 2 and self.ends.get(label) and not weighing):
            return False
        ends = self.ends.pop(label, [])
        if not links:
            if ends:
                self.add_scalar(*total(self.lifter, ends))
            return True
        (first_key, first), *rest = links.items()
        if not rest:
            far = first.other(label)
            self.unlink(first_key, first)
            end = joined(self.lifter, ends) if ends else End((), None, self.sizes[label])
            self.add_end(far, end.behind(first.toward(label)))
            return True
        ((second_key, second),) = rest
        self.unlink(first_key, first)
        self.unlink(second_key, second)
        middle: tuple[Step, ...] = ()
        if ends:
            weight = build(structure.diag, (joined(self.lifter, ends).column(self.lifter),))
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
                    both = entrywise(self.lifter, [other.chain, link.toward(stop)])
                    self.add_link(Link(other.start, stop, (both,)))
                    return True
                seen[pair] = key, link
        return False
