"""Joined axes as reshapes: Kronecker products, vec and what undoes it.

Floor 4.  FUSE[p, i, k] is no array here: a factor that has p is reshaped to have i and k, and an
output that has p is joined at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import final

from matgrad.codegen.products import Operand, Products
from matgrad.codegen.program import Value
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE


@final
class Fused:
    """The joined axes of one product."""

    def __init__(self, products: Products, out: Labels, sizes: Mapping[int, Size]) -> None:
        self.products = products
        self.whole = out
        self.out = out
        self.sizes: dict[int, Size] = dict(sizes)
        # What labels p are made of.
        self.parts: dict[int, Labels] = {}

    def loaded(self, factors: list[Factor]) -> Iterator[Factor | Operand]:
        """The factors that are arrays; of joined axes those that no reshape can stand for."""
        held = set(self.whole).union(*[row for node, row, _ in factors if node.op is not FUSE])
        for node, row, power in factors:
            if node.op is not FUSE:
                yield node, row, power
                continue
            joint, *inner = row
            simple = len({joint, *inner}) == len(row) and joint not in self.parts
            if (
                simple
                and joint in held
                and not (joint in self.out and set(inner) & set(self.whole))
            ):
                self.parts[joint] = tuple(inner)
                self.out = tuple(
                    x for label in self.out for x in (inner if label == joint else [label])
                )
            else:
                operand = Operand(self.tensor(node), row)
                yield self.products.diagonal(operand)

    def tensor(self, node: Expr) -> Value:
        """The joining tensor as an array."""
        make = self.products.program.make
        size = node.shape[0]
        eye = make("eye", (), size, (size, size))
        return self.products.reshaped(eye, node.shape)

    def flat(self, label: int) -> Labels:
        """The labels that a label is made of in the end."""
        found: Labels = (label,)
        while any(x in self.parts for x in found):
            found = tuple(y for x in found for y in self.parts.get(x, (x,)))
        return found

    def apart(self, operand: Operand) -> Operand:
        """The operand with joined axes taken apart."""
        if not any(label in self.parts for label in operand.row):
            return operand
        operand = self.products.built(operand)
        row: Labels = ()
        shape: Shape = ()
        for label, size in zip(operand.row, operand.value.shape, strict=True):
            inner = self.flat(label)
            row += inner
            shape += tuple(self.sizes[x] for x in inner) if label in self.parts else (size,)
        value = self.products.reshaped(operand.value, shape)
        return self.products.diagonal(operand._replace(value=value, row=row))
