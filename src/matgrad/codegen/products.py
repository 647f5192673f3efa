"""Products of two labelled arrays as array instructions.

Floor 4.  Matrices and vectors multiply by `matmul`, products of entries broadcast, an inverse
solves.  The axes of a product stand in whatever order comes without work.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, final

from matgrad.codegen.order import Shaped, is_solve
from matgrad.codegen.program import Program, Value
from matgrad.core.dims import Shape, Size
from matgrad.normal.canon import Labels

# The sum of the products of the entries of two vectors, and of two arrays with more axes.
_INNER = ("matmul", "inner")


class Operand(NamedTuple):
    """An array with a label for every axis.

    One that is `below` divides; one that `solves` stands for the inverse of its value.
    """

    value: Value
    row: Labels
    below: bool = False
    solves: bool = False

    @property
    def shaped(self) -> Shaped:
        return Shaped(self.row, self.solves)


@final
class Products:
    """Builds products into a program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    # One array

    def arranged(self, operand: Operand, row: Labels) -> Value:
        """The array with its axes in another order."""
        return self.program.permuted(operand.value, tuple(map(operand.row.index, row)))

    def summed(self, operand: Operand, kept: frozenset[int]) -> Operand:
        """Sums over all labels but some."""
        loose = tuple(k for k, label in enumerate(operand.row) if label not in kept)
        if not loose:
            return operand
        operand = self.above(self.built(operand))
        squares = operand.value.op == "power" and operand.value.data == 2
        row = tuple(label for label in operand.row if label in kept)
        shape = tuple(size for k, size in enumerate(operand.value.shape) if k not in loose)
        if squares and (not row or (len(row) == 1 and loose == (1,))):
            pair = operand.value.args * 2
            op = "rowdot" if row else _INNER[len(loose) > 1]
            return Operand(self.program.make(op, pair, None, shape), row)
        return Operand(self.program.make("total", (operand.value,), loose, shape), row)

    def above(self, operand: Operand) -> Operand:
        """The operand as one that multiplies."""
        if not operand.below:
            return operand
        return Operand(self.program.power(operand.value, -1), operand.row)

    def built(self, operand: Operand) -> Operand:
        """An inverse with its entries."""
        if not operand.solves:
            return operand
        count, shape = len(operand.row) - 2, operand.value.shape
        if count:
            value = self.program.make("each", (operand.value,), ("inv", None, count), shape)
        else:
            value = self.program.make("inv", (operand.value,), None, shape)
        return Operand(value, operand.row)

    def reshaped(self, value: Value, shape: Shape) -> Value:
        if value.shape == shape:
            return value
        return self.program.make("reshape", (value,), shape, shape)

    def diagonal(self, operand: Operand) -> Operand:
        """An array without repeated labels: their diagonals."""
        while len(set(operand.row)) < len(operand.row):
            operand = self.built(operand)
            row = operand.row
            first, second = next(
                (i, j) for i in range(len(row)) for j in range(i + 1, len(row)) if row[i] == row[j]
            )
            left = [k for k in range(len(row)) if k not in (first, second)]
            shape = (*[operand.value.shape[k] for k in left], operand.value.shape[first])
            value = self.program.make("diagonal", (operand.value,), (first, second), shape)
            operand = operand._replace(value=value, row=(*[row[k] for k in left], row[first]))
        return operand

    # Two arrays

    def product(self, left: Operand, right: Operand, kept: frozenset[int]) -> Operand:
        """The product of two operands, summed over the labels that are not kept."""
        for solver, other in ((left, right), (right, left)):
            if solver.solves and is_solve(solver.shaped, other.shaped, kept):
                return self.solved(solver, other, kept)
        left, right = self.built(left), self.built(right)
        both = frozenset(left.row) & frozenset(right.row)
        left = self.summed(left, both | kept)
        right = self.summed(right, both | kept)
        bound = both - kept
        if not bound:
            return self.entrywise(left, right)
        left, right = self.above(left), self.above(right)
        if both == bound:
            return self.contracted(left, right, bound)
        return self.batched(left, right, both & kept, bound)

    def entrywise(self, left: Operand, right: Operand) -> Operand:
        """A product of entries, or an outer product."""
        if left.below and not right.below:
            left, right = right, left
        below = left.below and right.below
        if right.below and not below and not set(right.row) <= set(left.row):
            right = self.above(right)
        if len(right.row) > len(left.row) and (not right.below or below):
            left, right = right, left
        if not set(left.row) & set(right.row) and len(left.row) + len(right.row) > 2:
            if right.below != left.below:
                right = self.above(right)
            if right.row:
                shape = left.value.shape + right.value.shape
                value = self.program.make("outer", (left.value, right.value), None, shape)
                return Operand(value, left.row + right.row, below)
        row = left.row + tuple(label for label in right.row if label not in left.row)
        op = "divide" if right.below and not below else "multiply"
        a, b = self.spread(left, row), self.spread(right, row)
        lengths = dict(zip(left.row, left.value.shape, strict=True))
        lengths |= dict(zip(right.row, right.value.shape, strict=True))
        shape = tuple(lengths[label] for label in row)
        return Operand(self.program.make(op, (a, b), None, shape), row, below)

    def spread(self, operand: Operand, row: Labels) -> Value:
        """The array as it broadcasts against axes with these labels."""
        held = tuple(label for label in row if label in operand.row)
        value = self.arranged(operand, held)
        if held == row[len(row) - len(held) :]:
            return value
        present = tuple(label in held for label in row)
        present = present[present.index(True) :] if held else ()
        sizes = iter(value.shape)
        shape = tuple(next(sizes) if there else 1 for there in present)
        return self.program.make("expand", (value,), present, shape)

    def contracted(self, left: Operand, right: Operand, bound: frozenset[int]) -> Operand:
        """A product of matrices, vectors and tensors over labels that nothing else has."""
        inner = tuple(label for label in left.row if label in bound)
        rows = tuple(label for label in left.row if label not in bound)
        columns = tuple(label for label in right.row if label not in bound)
        if not rows and not columns:
            value = self.program.make(
                _INNER[len(inner) > 1],
                (left.value, self.arranged(right, left.row)),
            )
            return Operand(value, ())
        if len(inner) == 1 and len(left.row) <= 2 and len(right.row) <= 2:
            if not rows and columns:
                # A' x and x' A are one; the matrix stands first.
                left, right, rows, columns = right, left, columns, rows
            a, b = self.arranged(left, rows + inner), self.arranged(right, inner + columns)
            shape = a.shape[:-1] + b.shape[1:]
            turned = self.program.find(
                "matmul", (self.turned(b), self.turned(a)), None, shape[::-1]
            )
            if turned is not None:
                return Operand(turned, columns + rows)
            return Operand(self.program.make("matmul", (a, b), None, shape), rows + columns)
        flat = self.flattened(left, inner, last=True), self.flattened(right, inner, last=False)
        if flat[0] is not None and flat[1] is not None:
            a, b = flat[0], flat[1]
            value = self.program.make("matmul", (a, b), None, (a.shape[0], b.shape[1]))
            lengths = dict(zip(left.row, left.value.shape, strict=True))
            lengths |= dict(zip(right.row, right.value.shape, strict=True))
            row = rows + columns
            return Operand(self.reshaped(value, tuple(lengths[label] for label in row)), row)
        places = tuple(map(left.row.index, inner)), tuple(map(right.row.index, inner))
        shape = tuple(s for x, s in zip(left.row, left.value.shape, strict=True) if x in rows)
        shape += tuple(s for x, s in zip(right.row, right.value.shape, strict=True) if x in columns)
        value = self.program.make("tensordot", (left.value, right.value), places, shape)
        return Operand(value, rows + columns)

    def flattened(self, operand: Operand, inner: Labels, *, last: bool) -> Value | None:
        """An array as a matrix, the labels that are summed over last or first, where they stand
        together at one end of it, so that nothing is copied."""
        row, count = operand.row, len(inner)
        shape = operand.value.shape
        if row[:count] == inner:
            sizes = product_of(shape[:count]), product_of(shape[count:])
            matrix = self.reshaped(operand.value, sizes)
            return self.turned(matrix) if last else matrix
        if row[len(row) - count :] == inner:
            sizes = product_of(shape[: len(row) - count]), product_of(shape[len(row) - count :])
            matrix = self.reshaped(operand.value, sizes)
            return matrix if last else self.turned(matrix)
        return None

    def turned(self, value: Value) -> Value:
        return self.program.permuted(value, (1, 0)) if value.order == 2 else value

    def batched(
        self, left: Operand, right: Operand, batch: frozenset[int], bound: frozenset[int]
    ) -> Operand:
        """Products for every value of some labels."""
        first = tuple(label for label in left.row if label in batch)
        inner = tuple(label for label in left.row if label in bound)
        rows = tuple(label for label in left.row if label not in batch | bound)
        columns = tuple(label for label in right.row if label not in batch | bound)
        a = self.arranged(left, first + rows + inner)
        b_row = first + inner + columns
        if not rows and not columns and len(inner) == 1:
            b = self.arranged(right, b_row)
            value = self.program.make("rowdot", (a, b), None, a.shape[: len(first)])
            return Operand(value, first)
        b = self.arranged(right, b_row)
        lengths = dict(zip(first + rows + inner, a.shape, strict=True))
        lengths |= dict(zip(b_row, b.shape, strict=True))

        def joined(labels: Labels) -> Size:
            return product_of(lengths[label] for label in labels)

        outer = tuple(lengths[label] for label in first)
        a = self.reshaped(a, (*outer, joined(rows), joined(inner)))
        b = self.reshaped(b, (*outer, joined(inner), joined(columns)))
        shape = (*outer, a.shape[-2], b.shape[-1])
        value = self.program.make("matmul", (a, b), None, shape)
        row = first + rows + columns
        return Operand(self.reshaped(value, tuple(lengths[label] for label in row)), row)

    def solved(self, solver: Operand, other: Operand, kept: frozenset[int]) -> Operand:
        """The solution of a system: an inverse times an array."""
        other = self.above(self.summed(other, kept | frozenset(solver.row)))
        if len(solver.row) > 2:
            return self.solved_each(solver, other, kept)
        near = solver.row[1] if solver.row[1] in other.row else solver.row[0]
        far = solver.row[0] if near == solver.row[1] else solver.row[1]
        transposed = near == solver.row[0]
        rest = tuple(label for label in other.row if label != near)
        value = self.arranged(other, (near, *rest))
        shape = value.shape
        if value.order > 2:
            value = self.reshaped(value, (shape[0], product_of(shape[1:])))
        solution = self.program.make("solve", (solver.value, value), transposed, value.shape)
        solution = self.reshaped(solution, shape)
        if far not in rest:
            return Operand(solution, (far, *rest))
        return self.summed(self.diagonal(Operand(solution, (far, *rest))), kept)

    def solved_each(self, solver: Operand, other: Operand, kept: frozenset[int]) -> Operand:
        """The solutions of systems along axes that the matrices have in front."""
        *axes, row, column = solver.row
        near, far = (column, row) if column in other.row else (row, column)
        matrix = self.arranged(solver, (*axes, far, near))
        rest = [label for label in other.row if label not in (*axes, near)]
        wanted = (*axes, near, *rest)
        present = tuple(label in other.row for label in wanted)
        value = self.arranged(other, tuple(label for label in wanted if label in other.row))
        sizes = iter(value.shape)
        shape = tuple(next(sizes) if there else 1 for there in present)
        if not all(present):
            value = self.program.make("expand", (value,), present, shape)
        count, many = len(axes), shape[len(axes) + 1 :]
        right = self.reshaped(value, (*shape[: count + 1], product_of(many)))
        lengths = matrix.shape[:-1]
        flat = (*lengths, product_of(many))
        solution = self.program.make("solve_stack", (matrix, right), None, flat)
        solution = self.reshaped(solution, (*lengths, *many))
        return self.summed(Operand(solution, (*axes, far, *rest)), kept)


def product_of(sizes: Iterable[Size]) -> Size:
    """The product of sizes."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result
