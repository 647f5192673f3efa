"""Layouts: how the axes of a derivative are laid out on the page.

Floor 4, and the only place that knows.  Inside, a derivative has the axes of the result first,
then those of each variable; a layout is a last permutation or reshaping.  `book` is MML's,
`gradient` matrixcalculus.org's, `numerator` and `denominator` Wikipedia's, `vec` Magnus and
Neudecker's ∂vec F/∂(vec X)'.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.core.dims import Shape, Size
from matgrad.core.errors import NoForm
from matgrad.core.expr import SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.expand import expand
from matgrad.normal.fusion import fuse_node
from matgrad.normal.images import unfolded
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split
from matgrad.normal.symmetry import permute

LAYOUTS = ("book", "gradient", "numerator", "denominator", "vec")


class LaidOut(NamedTuple):
    """A derivative in a layout; `row` when a result of one axis is read as a row."""

    node: Expr
    row: bool
    turned: bool = False


def arrange(node: Expr, result: Shape, variables: tuple[Shape, ...], layout: str) -> LaidOut:
    """`node`, with the axes of `result` and then of `variables`, in a layout.

    Raises NoForm where the layout is not defined.
    """
    if layout == "vec":
        return _vec(node, result, variables)
    orders = (len(result), *(len(shape) for shape in variables))
    by_vector = not result and len(variables) == 1 and orders[1] == 1
    if layout in ("numerator", "denominator"):
        return _wikipedia(node, orders, layout)
    return LaidOut(node, row=layout == "book" and by_vector)


def _wikipedia(node: Expr, orders: tuple[int, ...], layout: str) -> LaidOut:
    if node.order > 2:
        raise NoForm(
            f"the {layout} layout is defined for results of at most two axes; this one has "
            f"{node.order}",
            hint="use the layout book, or vec for a matrix",
        )
    numerator = layout == "numerator"
    match orders:
        case (0, 1):
            return LaidOut(node, row=numerator)
        case (1, 0):
            return LaidOut(node, row=not numerator)
        case (0, 2):
            return _turned(node) if numerator else LaidOut(node, row=False)
        case (2, 0) | (1, 1):
            return LaidOut(node, row=False) if numerator else _turned(node)
        case _:
            return LaidOut(node, row=False)


def _turned(node: Expr) -> LaidOut:
    return LaidOut(permute(node, (1, 0)), row=False, turned=True)


def _vec(node: Expr, result: Shape, variables: tuple[Shape, ...]) -> LaidOut:
    """Axes of the result stacked into rows, of the variable into columns; the Hessian of a
    scalar by its two variables."""
    groups = [result, *variables]
    if len(variables) == 2 and not result:
        groups = [variables[0], variables[1]]
    elif len(variables) != 1:
        raise NoForm(
            "the vec layout holds first derivatives and Hessians of scalars",
            hint="use the layout book",
        )
    if any(len(shape) > 2 for shape in groups):
        raise NoForm("vec stacks matrices; this derivative has an operand with more axes")
    node = unfolded(node)
    axes = tuple(range(node.order))
    out: list[int] = []
    factors: list[Factor] = []
    position = 0
    shape: list[Size] = []
    for group in groups:
        labels: Labels = axes[position : position + len(group)]
        position += len(group)
        if len(group) == 2:
            joined = fuse_node(group[::-1])
            factors.append((joined, (node.order + position, *labels[::-1]), 1))
            out.append(node.order + position)
            shape.append(joined.shape[0])
        else:
            out.extend(labels)
            shape.extend(group)
    # Every term by itself may be a Kronecker product.
    front, inner = split(expand(node))
    terms = zip(inner.data, inner.args, strict=True) if inner.op is SUM else [(1, inner)]
    sizes = dict(enumerate(node.shape))
    parts = [
        (front * c, contract(tuple(out), [(term, axes, 1), *factors], 1, sizes))
        for c, term in terms
    ]
    laid = expand(combine(parts, tuple(shape)))
    return LaidOut(laid, row=not result and len(variables) == 1)
