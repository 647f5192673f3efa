"""Arrays as sums of products of smaller arrays, which is how a derivative with many axes is kept.

Floor 4.  A term is its factors, an array each, and which axes of the result theirs are, written as
einsum writes it; a letter that the result has twice is a diagonal, one that no factor has repeats.
What a product is summed over is summed where that leaves a matrix, as in V'V, and stays a further
letter where it leaves more, as in low rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from string import ascii_letters
from typing import final

from matgrad.codegen.assemble import Assembly
from matgrad.codegen.multiply import times
from matgrad.codegen.products import Operand
from matgrad.codegen.program import Value
from matgrad.core.dims import Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.sums import split

# Sums over a label are made where they leave no more axes than so many.
_KEPT = 2


@final
class Factors:
    """The factors of an array, term by term; called with what makes values, it makes them."""

    def __init__(self, node: Expr) -> None:
        self.node = node
        # For every term its subscripts, and how many factors it has.
        self.terms: list[tuple[str, int]] = []

    def __call__(self, assembly: Assembly) -> list[Value]:
        found: list[Value] = []
        whole, node = split(self.node)
        terms = zip(node.data, node.args, strict=True) if node.op is SUM else [(1, node)]
        for coefficient, term in terms:
            operands, out = self.term(assembly, whole * coefficient, term)
            self.terms.append((_subscripts([o.row for o in operands], out), len(operands)))
            found += [operand.value for operand in operands]
        return found

    def term(
        self, assembly: Assembly, coefficient: Size, node: Expr
    ) -> tuple[list[Operand], Labels]:
        """The factors of one term, the number in front in the first of them."""
        program = assembly.program
        if node.op is not CONTRACTION or any(arg.op is FUSE for arg in node.args):
            axes = tuple(range(node.order))
            assembly.prepare(node)
            return [Operand(program.scaled(coefficient, assembly.whole(node)), axes)], axes
        out, rows, powers = node.data
        sizes = dict(zip(out, node.shape, strict=True))
        operands: list[Operand] = []
        for arg, row, power in zip(node.args, rows, powers, strict=True):
            assembly.prepare(arg)
            sizes.update(zip(row, arg.shape, strict=True))
            operand = assembly.products.diagonal(assembly.operand(arg, row, power))
            operands.append(assembly.products.above(assembly.products.built(operand)))
        held = {label for operand in operands for label in operand.row}
        for label in sorted({x for row in rows for x in row}.difference(held, out)):
            # Along it what is left of the factors repeats.
            coefficient = coefficient * sizes[label]
        for label in sorted(held.difference(out)):
            operands = _summed(assembly, operands, label, out, sizes)
        first, *others = [o for o in operands if o.row] or [Operand(program.number(1), ())]
        for scalar in [operand for operand in operands if not operand.row]:
            first = times(assembly.products, first, scalar)
        return [first._replace(value=program.scaled(coefficient, first.value)), *others], out


def _summed(
    assembly: Assembly, operands: list[Operand], label: int, out: Labels, sizes: dict[int, Size]
) -> list[Operand]:
    """The factors with those that have a label made one, where that is a matrix at most."""
    joined = [operand for operand in operands if label in operand.row]
    others = [operand for operand in operands if label not in operand.row]
    outside = set(out).union(*(operand.row for operand in others))
    kept = sorted({x for operand in joined for x in operand.row} & outside)
    if not joined or len(kept) > _KEPT:
        return operands
    return [assembly.multiplied(joined, tuple(kept), sizes), *others]


def _subscripts(rows: Iterable[Labels], out: Labels) -> str:
    """Rows of labels as einsum writes them, the letters of the result in order from i."""
    letters = (ascii_letters[(8 + k) % 52] for k in count())
    names = {label: next(letters) for label in dict.fromkeys(out)}
    parts = []
    for row in rows:
        for label in row:
            if label not in names:
                names[label] = next(letters)
        parts.append("".join(names[label] for label in row))
    return f"{','.join(parts)}->{''.join(names[label] for label in out)}"
