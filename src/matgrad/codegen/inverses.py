"""The structure of square arrays, rows first: blocks, diagonals, Kronecker products.

Floor 4.  Axes of the rows that always equal one of the columns are blocks; blocks that are all
alike are one.  A single product that falls apart along pairs of a row and a column is inverted
pair by pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import final

from matgrad.catalogue.linalg import inv
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.build import node as build
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.directions import reached
from matgrad.normal.fusion import FUSE
from matgrad.normal.inference import known_of
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, numeral, split
from matgrad.normal.varying import restrict, varying


@final
class Structure:
    """Of an array with `count` axes of rows and as many of columns.

    Its axes are labels; `labels` has a column's row in its place where the two are always equal.
    `block` has the axes `blocks` along which blocks differ, then those of `rows` and `columns`.
    """

    def __init__(self, node: Expr, count: int) -> None:
        self.count = count
        self.sizes: dict[int, Size] = dict(enumerate(node.shape))
        self.paired = {k: v for k, v in _diagonal(node).items() if k < count <= v}
        labels = list(range(node.order))
        for row, column in self.paired.items():
            labels[column] = row
        self.labels = tuple(labels)
        rows = [k for k in range(count) if k not in self.paired]
        columns = [k for k in range(count, node.order) if labels[k] == k]
        axes = (*self.paired, *rows, *columns)
        block = joined(node, self.labels, axes, {k: self.sizes[k] for k in axes})
        moving = varying(block)
        kept = tuple(k for k, label in enumerate(axes) if label not in self.paired or k in moving)
        self.block = block if len(kept) == len(axes) else restrict(block, kept)
        self.blocks = tuple(axes[k] for k in kept if axes[k] in self.paired)
        self.rows, self.columns = tuple(rows), tuple(columns)
        # Whether what is inverted is known to have an inverse.
        self.certain = True
        self.inverse = self._inverse()

    @property
    def out(self) -> Labels:
        """The labels of the columns."""
        return self.labels[self.count :]

    def _inverse(self) -> list[Factor] | None:
        """The inverse as factors with labels of columns and rows, where that is a product."""
        if not self.rows:
            self.certain = known_of(self.block).entries.nonzero
            return [(self.block, self.blocks, -1)]
        if self.blocks:
            return None
        if len(self.rows) == 1:
            (row,), (column,) = self.rows, self.columns
            return [(self.inverted(self.block), (column, row), 1)]
        coefficient, core = split(self.block)
        if core.op is not CONTRACTION or isinstance(coefficient, Dim):
            return None
        out, rows, powers = core.data
        waiting: list[Factor] = list(zip(core.args, rows, powers, strict=True))
        if len(set(out)) < len(out) or any(node.op is FUSE for node, _, _ in waiting):
            return None
        names = dict(zip(out, (*self.rows, *self.columns), strict=True))
        found: list[Factor] = [(numeral(1 / Fraction(coefficient)), (), 1)]
        while waiting:
            labels = reached(waiting[0][1], waiting)
            part = [f for f in waiting if labels.issuperset(f[1]) and (f[1] or f is waiting[0])]
            waiting = [factor for factor in waiting if factor not in part]
            held = [label for label in out if label in labels]
            if not held:
                scalar = contract((), part)
                self.certain &= known_of(scalar).entries.nonzero
                found.append((scalar, (), -1))
                continue
            if [names[label] in self.rows for label in held] != [True, False]:
                return None
            matrix = contract(tuple(held), part)
            if matrix.shape[0] != matrix.shape[1]:
                return None
            found.append((self.inverted(matrix), (names[held[1]], names[held[0]]), 1))
        return found

    def inverted(self, matrix: Expr) -> Expr:
        self.certain &= not known_of(matrix).properties.isdisjoint(("invertible", "pd"))
        return inverted(matrix)


def inverted(matrix: Expr) -> Expr:
    """The inverse of a normal expression."""
    return build(inv, (matrix,), None, matrix.shape)


def joined(node: Expr, labels: Labels, out: Labels, sizes: Mapping[int, Size]) -> Expr:
    """An array with the axes that have one label made one, term by term."""
    if node.op is not SUM:
        return contract(out, [(node, labels, 1)], 1, sizes)
    terms = zip(node.data, node.args, strict=True)
    parts = [(c, joined(term, labels, out, sizes)) for c, term in terms]
    return combine(parts, tuple(sizes[label] for label in out))


def _diagonal(node: Expr) -> dict[int, int]:
    """Axes and later ones that are equal wherever an array is not zero."""
    if node.op is SUM:
        first, *others = map(_diagonal, node.args) if node.args else ({},)
        return {k: v for k, v in first.items() if all(other.get(k) == v for other in others)}
    if node.op is not CONTRACTION:
        return {}
    out = node.data[0]
    return {k: out.index(label, k + 1) for k, label in enumerate(out) if label in out[k + 1 :]}
