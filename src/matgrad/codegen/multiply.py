"""Products of labelled arrays, two at a time in the order of least work.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from matgrad.codegen.order import Shaped, Steps, Work, least, order
from matgrad.codegen.products import Operand, Products
from matgrad.codegen.program import NUMBER
from matgrad.codegen.sizes import Scale
from matgrad.core.dims import Size, names_of
from matgrad.normal.canon import Labels

# Products of more factors than so many are not planned in several ways.
_FEW = 5


class Choice(NamedTuple):
    """Factors that are to be multiplied, the labels that are kept, the sizes of all."""

    factors: list[Shaped]
    kept: frozenset[int]
    sizes: Mapping[int, Size]

    def steps(self, scale: Scale) -> Steps:
        """The order of least work."""
        return order(self.factors, self.kept, Work(self.sizes, scale))

    @property
    def names(self) -> frozenset[str]:
        """The names among the sizes of the factors."""
        labels = {label for factor in self.factors for label in factor.row}
        return frozenset().union(*(names_of(self.sizes[label]) for label in labels))


def multiplied(
    products: Products,
    operands: Sequence[Operand],
    out: Labels,
    sizes: Mapping[int, Size],
    scale: Scale,
    choices: list[Choice],
) -> Operand:
    """The product of operands, summed over what is no output; where there is a choice of orders, it
    is added to the `choices`."""
    kept = frozenset(out)
    if not operands:
        return Operand(products.program.number(1), ())
    counts: dict[int, int] = {}
    for operand in operands:
        for label in set(operand.row):
            counts[label] = counts.get(label, 0) + 1
    shared = kept | {label for label, count in counts.items() if count > 1}
    parts = [products.summed(operand, shared) for operand in operands]
    scalars = [part for part in parts if not part.row]
    parts = _reused(products, [part for part in parts if part.row], kept, Work(sizes, scale))
    if parts:
        choice = Choice([_shaped(products, part) for part in parts], kept, sizes)
        steps = choice.steps(scale)
        if 2 < len(parts) <= _FEW:
            choices.append(choice)
        alive = dict(enumerate(parts))
        for k, (left, right) in enumerate(steps, len(parts)):
            a, b = alive.pop(left), alive.pop(right)
            if not alive and out and out[0] in b.row and out[0] not in a.row:
                a, b = b, a  # The rows of the result are those of the first.
            needed = kept.union(*[part.row for part in alive.values()])
            alive[k] = products.product(a, b, needed)
        (result,) = alive.values()
        result = products.built(result)
        result = products.above(result) if len(scalars) == 0 else result
    else:
        result, *scalars = scalars
    for scalar in scalars:
        result = times(products, result, scalar)
    return products.above(result)


def _reused(
    products: Products, parts: list[Operand], kept: frozenset[int], work: Work
) -> list[Operand]:
    """The factors, with a product that is made already in place of two of them where that is less
    work, and would be hardly more if nothing else wanted it after all."""
    while len(parts) > 2:
        now = least([_shaped(products, part) for part in parts], kept, work)
        better: list[tuple[float, list[Operand]]] = []
        for left, right in combinations(parts, 2):
            rest = [part for part in parts if part is not left and part is not right]
            made = _made(products, left, right, kept.union(*[part.row for part in rest]))
            if made is not None:
                fewer = [made, *rest]
                then = least([_shaped(products, part) for part in fewer], kept, work)
                own = work.size(*sorted({*left.row, *right.row}))
                if then < now and own <= now:
                    better.append((then, fewer))
        if not better:
            break
        parts = min(better, key=lambda found: found[0])[1]
    return parts


def _made(
    products: Products, left: Operand, right: Operand, kept: frozenset[int]
) -> Operand | None:
    """The product of two matrices, or of one and a vector, if the program has it."""
    both = set(left.row).intersection(right.row)
    plain = not (left.below or left.solves or right.below or right.solves)
    if not plain or len(both) != 1 or both & kept or max(map(len, (left.row, right.row))) > 2:
        return None
    for one, other in ((left, right), (right, left)):
        rows = tuple(label for label in one.row if label not in both)
        columns = tuple(label for label in other.row if label not in both)
        a, b = products.arranged(one, (*rows, *both)), products.arranged(other, (*both, *columns))
        found = products.program.find("matmul", (a, b), None, a.shape[:-1] + b.shape[1:])
        if found is not None:
            return Operand(found, rows + columns)
    return None


def _shaped(products: Products, part: Operand) -> Shaped:
    program = products.program
    prepared = bool(program.names) and part.value not in program.moving
    return Shaped(part.row, part.solves, prepared)


def times(products: Products, value: Operand, scalar: Operand) -> Operand:
    """A scalar multiple."""
    if value.value.op == NUMBER and value.value.data == 1 and not value.below:
        return products.above(scalar) if scalar.below else scalar
    if scalar.value.op == NUMBER and not scalar.below and not value.below:
        return value._replace(value=products.program.scaled(scalar.value.data, value.value))
    return products.entrywise(value, scalar)
