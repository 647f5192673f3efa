"""Symmetric products as squares: half the work where a library notices Z' Z.

Floor 4.  X' diag(d) X with d >= 0 is Z' Z with Z = diag(sqrt(d)) X; and what is summed over one
label in Σ_p X[p,i] P[p,j] X[p,k] P[p,l] is Z' Z with Z[p,(i,j)] = X[p,i] P[p,j].
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from matgrad.codegen.products import Operand, Products, product_of
from matgrad.core.dims import Number
from matgrad.core.expr import Expr
from matgrad.core.interval import interval
from matgrad.normal.canon import Labels
from matgrad.normal.inference import known_of

_NONNEGATIVE = interval("[0, inf)")
# The operands of Z, those of its copy, and the weights in between, by their places.
_Square = tuple[list[int], list[int], list[int]]


def is_nonnegative(node: Expr, power: Number) -> bool:
    """Whether no entry of a factor is negative."""
    return power % 2 == 0 or known_of(node).entries.within(_NONNEGATIVE)


def squared(
    products: Products, operands: Sequence[Operand], nonnegative: Sequence[bool], out: Labels
) -> list[Operand]:
    """The operands with a square in place of those that make one."""
    for label in dict.fromkeys(label for operand in operands for label in operand.row):
        found = _square(operands, nonnegative, label, out) if label not in out else None
        if found is None:
            continue
        left, right, weights = found
        half = reduce(products.entrywise, [operands[k] for k in left])
        copy = reduce(products.entrywise, [operands[k] for k in right])
        if weights:
            weight = products.above(reduce(products.entrywise, [operands[k] for k in weights]))
            root = Operand(products.program.power(weight.value, Fraction(1, 2)), weight.row)
            half, copy = products.entrywise(half, root), products.entrywise(copy, root)
        used = {*left, *right, *weights}
        rest = [operand for k, operand in enumerate(operands) if k not in used]
        return [_product(products, half, copy, label), *rest]
    return list(operands)


def _product(products: Products, half: Operand, copy: Operand, label: int) -> Operand:
    """Z' Z of matrices, summed over one label."""
    rows = tuple(x for x in half.row if x != label)
    columns = tuple(x for x in copy.row if x != label)
    value = products.arranged(half, (label, *rows))
    shape = value.shape
    flat = products.reshaped(value, (shape[0], product_of(shape[1:])))
    make, turned = products.program.make, products.program.permuted(flat, (1, 0))
    product = make("matmul", (turned, flat), None, (flat.shape[1], flat.shape[1]))
    return Operand(products.reshaped(product, shape[1:] * 2), rows + columns)


def _square(
    operands: Sequence[Operand], nonnegative: Sequence[bool], label: int, out: Labels
) -> _Square | None:
    """How the operands with a label make a square, if they do and it is no plain product."""
    waiting = [k for k, operand in enumerate(operands) if label in operand.row]
    if any(operands[k].solves or operands[k].below for k in waiting):
        return None
    left: list[int] = []
    right: list[int] = []
    weights = [k for k in waiting if operands[k].row == (label,)]
    waiting = [k for k in waiting if k not in weights]
    while waiting:
        first = waiting.pop(0)
        twin = next((k for k in waiting if _twins(operands[first], operands[k], label, out)), None)
        if twin is None:
            return None
        waiting.remove(twin)
        left.append(first)
        right.append(twin)
    names = [x for k in (*left, *right) for x in operands[k].row if x != label]
    if len(set(names)) < len(names) or not all(nonnegative[k] for k in weights):
        return None
    return (left, right, weights) if left and len(left) + len(weights) > 1 else None


def _twins(one: Operand, other: Operand, label: int, out: Labels) -> bool:
    """Whether two operands are the same array, with a label in common and all others results."""
    if one.value is not other.value:
        return False
    for a, b in zip(one.row, other.row, strict=True):
        if (a == label) != (b == label):
            return False
        if a != label and (a == b or a not in out or b not in out):
            return False
    return True
