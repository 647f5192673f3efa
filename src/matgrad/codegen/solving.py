"""Systems whose matrix is a derivative, as in Newton's method: what structure saves.

Floor 4.  A diagonal is divided by, Kronecker products are solved along each side, blocks one by
one, something structured and a product of low rank by Woodbury's formula.  Anything else is one
matrix.
"""

from __future__ import annotations

from typing import final

from matgrad.codegen.assemble import Assembly
from matgrad.codegen.inverses import Structure
from matgrad.codegen.products import Operand, product_of
from matgrad.codegen.program import Value
from matgrad.codegen.woodbury import update_of
from matgrad.core.dims import Size
from matgrad.core.expr import Expr
from matgrad.normal.product import contract

# Labels of axes that a system does not touch.
_ALIKE = 5000


@final
class Solution:
    """The X with H·X = G, where the first half of H's axes are G's; called with what makes
    values, it makes X, and where sizes decide what is best X in another way."""

    def __init__(self, node: Expr, right: Expr) -> None:
        self.right = right
        self.structure = structure = Structure(node, right.order)
        # The solution by a change of low rank, and the sizes of which the first has to be the
        # lesser for that to be the better way, if it is not always.
        self.updated: Expr | None = None
        self.sizes_compared: tuple[Size, Size] | None = None
        count = len(structure.rows)
        update = None if structure.blocks or not count else update_of(structure.block, count)
        if update is not None:
            places = {label: k for k, label in enumerate((*structure.rows, *structure.columns))}
            given = tuple(places.get(k, _ALIKE + k) for k in range(right.order))
            out = tuple(places.get(label, _ALIKE + label) for label in structure.out)
            self.updated = update.solution(right, given, out)
            self.sizes_compared = update.sizes if self.updated is not None else None

    def __call__(self, assembly: Assembly) -> list[Value]:
        if self.updated is not None and self.sizes_compared is None:
            return [assembly.add(self.updated)]
        found = [self.direct(assembly)]
        return [assembly.add(self.updated), *found] if self.updated is not None else found

    def direct(self, assembly: Assembly) -> Value:
        """The solution without a change of low rank."""
        structure = self.structure
        if not structure.rows:
            return self.divided(assembly)
        if structure.inverse is None:
            return self.solved(assembly)
        rows = tuple(range(self.right.order))
        factors = [*structure.inverse, (self.right, rows, 1)]
        sizes = {k: structure.sizes[k] for k in structure.out}
        return assembly.add(contract(structure.out, factors, 1, sizes))

    def divided(self, assembly: Assembly) -> Value:
        """The quotient by a diagonal."""
        structure, products = self.structure, assembly.products
        below = Operand(assembly.add(structure.block), structure.blocks, below=True)
        above = Operand(assembly.add(self.right), tuple(range(self.right.order)))
        return products.arranged(products.entrywise(above, below), structure.out)

    def solved(self, assembly: Assembly) -> Value:
        """The solution with matrices made of all axes that are no blocks."""
        structure, products = self.structure, assembly.products
        side = product_of(structure.sizes[k] for k in structure.rows)
        lengths = tuple(structure.sizes[k] for k in structure.blocks)
        matrix = products.reshaped(assembly.add(structure.block), (*lengths, side, side))
        alike = tuple(k for k in structure.paired if k not in structure.blocks)
        axes = (*structure.blocks, *structure.rows, *alike)
        operand = Operand(assembly.add(self.right), tuple(range(self.right.order)))
        right = products.arranged(operand, axes)
        shape = right.shape
        more = (product_of(structure.sizes[k] for k in alike),) if alike or lengths else ()
        flat = products.reshaped(right, (*lengths, side, *more))
        op = "solve_stack" if lengths else "solve"
        made = assembly.program.make(op, (matrix, flat), None, flat.shape)
        row = (*structure.blocks, *structure.columns, *alike)
        return products.arranged(Operand(products.reshaped(made, shape), row), structure.out)
