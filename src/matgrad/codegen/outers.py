"""Sums of outer products as one product of matrices, so that a large array is written once.

Floor 4.  a ⊗ b + c ⊗ d, all of the same axes, is [a c] [b d]' with everything made a column.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.codegen.products import Products, product_of
from matgrad.codegen.program import Program, Value
from matgrad.core.dims import Size

_Axes = tuple[int, ...]
# A term: the parts of its outer product, each with the axes of the sum that its own are.
_Outer = tuple[tuple[Value, _Axes], tuple[Value, _Axes]]


def joined_outers(
    program: Program, coefficients: Sequence[Size], terms: Sequence[Value]
) -> tuple[Value, list[Value]] | None:
    """The sum of those terms that are outer products split alike, if there are several; and which
    they are."""
    found: list[_Outer] = []
    used: list[Value] = []
    factors: list[Size] = []
    for coefficient, term in zip(coefficients, terms, strict=True):
        outer = _outer(term)
        if outer is None:
            continue
        if found and set(outer[0][1]) != set(found[0][0][1]):
            outer = outer[::-1]
            if set(outer[0][1]) != set(found[0][0][1]):
                continue
        found.append(outer)
        used.append(term)
        factors.append(coefficient)
    if len(found) < 2:
        return None
    rows, columns = tuple(sorted(found[0][0][1])), tuple(sorted(found[0][1][1]))
    shape = used[0].shape
    lefts = [
        program.scaled(c, _column(program, left, rows))
        for c, (left, _) in zip(factors, found, strict=True)
    ]
    rights = [_column(program, right, columns) for _, right in found]
    a, b = (
        program.make("stack", tuple(parts), None, (len(parts), *parts[0].shape))
        for parts in (lefts, rights)
    )
    turned = program.permuted(a, (1, 0))
    product = program.make("matmul", (turned, b), None, (a.shape[1], b.shape[1]))
    whole = Products(program).reshaped(product, tuple(shape[k] for k in rows + columns))
    order = rows + columns
    return program.permuted(whole, tuple(order.index(k) for k in range(len(order)))), used


def _outer(value: Value) -> _Outer | None:
    """The parts of an outer product, with the axes at which theirs stand."""
    order: _Axes = tuple(range(value.order))
    if value.op == "permute":
        order, value = value.data, value.args[0]
    left, right = value.args if len(value.args) == 2 else (value, value)
    if value.op == "multiply" and left.op == "expand" and left.data == (True, False):
        # That of two vectors.
        (left,) = left.args
        if right.order != 1:
            return None
    elif value.op != "outer" or min(left.order, right.order) < 2:
        return None
    places = tuple(map(order.index, range(len(order))))
    return (left, places[: left.order]), (right, places[left.order :])


def _column(program: Program, part: tuple[Value, _Axes], axes: _Axes) -> Value:
    """An array with its axes in order, made one."""
    value, places = part
    value = program.permuted(value, tuple(map(places.index, axes)))
    return Products(program).reshaped(value, (product_of(value.shape),))
