"""Systems whose matrix is a derivative, as in Newton's method: what structure saves.

Floor 4.  Axes of the rows that always equal one of the columns are blocks, which are solved one by
one, or divided by where nothing else is left; a single product that falls apart along pairs of a
row and a column is a Kronecker product, solved in turn along each; a diagonal and a product over a
short label is Woodbury's.  Anything else is one matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import final

from matgrad.codegen.assemble import Assembly
from matgrad.codegen.products import Operand, product_of
from matgrad.codegen.program import Value
from matgrad.codegen.woodbury import Updated, inverted, updated
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.build import reached
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.normal.varying import restrict, varying


@final
class Solution:
    """The X with H·X = G, where the first half of H's axes are G's; called with what makes
    values, it makes X, and where sizes decide what is best X in another way."""

    def __init__(self, node: Expr, right: Expr) -> None:
        self.right = right
        count = right.order
        self.sizes: dict[int, Size] = dict(enumerate(node.shape))
        # Row axes and the columns that always equal them.
        self.paired = {k: v for k, v in _diagonal(node).items() if k < count <= v}
        labels = list(range(node.order))
        for row, column in self.paired.items():
            labels[column] = row
        self.labels = tuple(labels)
        rows = [k for k in range(count) if k not in self.paired]
        columns = [k for k in range(count, node.order) if labels[k] == k]
        axes = (*self.paired, *rows, *columns)
        block = _joined(node, self.labels, axes, {k: self.sizes[k] for k in axes})
        moving = varying(block)
        # Blocks that are all alike are one.
        kept = tuple(k for k, label in enumerate(axes) if label not in self.paired or k in moving)
        self.block = block if len(kept) == len(axes) else restrict(block, kept)
        self.blocks = tuple(axes[k] for k in kept if axes[k] in self.paired)
        self.rows, self.columns = tuple(rows), tuple(columns)
        # How a system with a diagonal and something of low rank is solved.
        self.update: Updated | None = None
        if not self.blocks and len(self.rows) == 1:
            self.update = updated(self.block)

    def __call__(self, assembly: Assembly) -> list[Value]:
        if not self.rows:
            return [self.divided(assembly)]
        factors = self.factors()
        if factors is None:
            return [self.solved(assembly)]
        found = [assembly.add(self.product(factors))]
        if self.update is not None:
            other = assembly.add(self.updated(self.update))
            found = [other, found[0]] if self.update.sizes is not None else [other]
        return found

    @property
    def sizes_compared(self) -> tuple[Size, Size] | None:
        """The sizes of which the first has to be the lesser for the first of two ways."""
        return None if self.update is None else self.update.sizes

    @property
    def out(self) -> Labels:
        """The axes of X."""
        return self.labels[self.right.order :]

    def product(self, factors: list[Factor]) -> Expr:
        """Inverses times the right side."""
        rows = tuple(range(self.right.order))
        coefficient, _ = split(self.block) if len(factors) > 1 else (1, self.block)
        return contract(
            self.out,
            [*factors, (self.right, rows, 1)],
            1 if isinstance(coefficient, Dim) else 1 / Fraction(coefficient),
            {k: self.sizes[k] for k in self.out},
        )

    def updated(self, update: Updated) -> Expr:
        """The solution by a change of low rank, in which no inverse is made."""
        (row,), (column,) = self.rows, self.columns
        rows = tuple(range(self.right.order))
        sizes = {k: self.sizes[k] for k in self.out}
        terms = [
            (c, contract(self.out, [(term, (column, row), 1), (self.right, rows, 1)], 1, sizes))
            for c, term in update.terms
        ]
        return combine(terms, tuple(sizes.values()))

    def divided(self, assembly: Assembly) -> Value:
        """The quotient by a diagonal."""
        below = Operand(assembly.add(self.block), self.blocks, below=True)
        above = Operand(assembly.add(self.right), tuple(range(self.right.order)))
        return assembly.products.arranged(assembly.products.entrywise(above, below), self.out)

    def factors(self) -> list[Factor] | None:
        """The inverse as a product of inverses of matrices, each with its column and row."""
        if self.blocks:
            return None
        if len(self.rows) == 1:
            (row,), (column,) = self.rows, self.columns
            inverse = inverted(self.block)
            return [(inverse, (column, row), 1)]
        coefficient, core = split(self.block)
        if core.op is not CONTRACTION or isinstance(coefficient, Dim):
            return None
        out, rows, powers = core.data
        waiting: list[Factor] = list(zip(core.args, rows, powers, strict=True))
        if len(set(out)) < len(out) or any(node.op is FUSE for node, _, _ in waiting):
            return None
        names = dict(zip(out, (*self.rows, *self.columns), strict=True))
        found: list[Factor] = []
        while waiting:
            labels = reached(waiting[0][1], waiting)
            part = [f for f in waiting if labels.issuperset(f[1]) and (f[1] or f is waiting[0])]
            waiting = [factor for factor in waiting if factor not in part]
            held = [label for label in out if label in labels]
            if not held:
                found.append((contract((), part), (), -1))
                continue
            sides = [names[label] in self.rows for label in held]
            if sides != [True, False]:
                return None
            matrix = contract(tuple(held), part)
            if matrix.shape[0] != matrix.shape[1]:
                return None
            inverse = inverted(matrix)
            found.append((inverse, (names[held[1]], names[held[0]]), 1))
        return found

    def solved(self, assembly: Assembly) -> Value:
        """The solution with matrices made of all axes that are no blocks."""
        products, make = assembly.products, assembly.program.make
        side = product_of(self.sizes[k] for k in self.rows)
        lengths = tuple(self.sizes[k] for k in self.blocks)
        matrix = products.reshaped(assembly.add(self.block), (*lengths, side, side))
        alike = tuple(k for k in self.paired if k not in self.blocks)
        axes = (*self.blocks, *self.rows, *alike)
        right = products.arranged(
            Operand(assembly.add(self.right), tuple(range(self.right.order))), axes
        )
        shape = right.shape
        more = (product_of(self.sizes[k] for k in alike),) if alike or lengths else ()
        flat = products.reshaped(right, (*lengths, side, *more))
        op = "solve_stack" if lengths else "solve"
        result = products.reshaped(make(op, (matrix, flat), None, flat.shape), shape)
        row = (*self.blocks, *self.columns, *alike)
        return products.arranged(Operand(result, row), self.out)


def _joined(node: Expr, labels: Labels, out: Labels, sizes: Mapping[int, Size]) -> Expr:
    """An array with the axes that have one label made one, term by term."""
    if node.op is not SUM:
        return contract(out, [(node, labels, 1)], 1, sizes)
    terms = zip(node.data, node.args, strict=True)
    parts = [(c, _joined(term, labels, out, sizes)) for c, term in terms]
    return combine(parts, tuple(sizes[label] for label in out))


def _diagonal(node: Expr) -> dict[int, int]:
    """Axes and later ones that are equal wherever an array is not zero."""
    if node.op is SUM:
        found = [_diagonal(arg) for arg in node.args]
        return (
            {k: v for k, v in found[0].items() if all(f.get(k) == v for f in found)}
            if found
            else {}
        )
    if node.op is not CONTRACTION:
        return {}
    out = node.data[0]
    return {k: out.index(label, k + 1) for k, label in enumerate(out) if label in out[k + 1 :]}
