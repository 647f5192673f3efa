"""Images under linear operators that are no contractions, inside a product.

Floor 3.  An operator such as a Fréchet derivative maps the first axes of its last operand, or of
several in which it is linear, its directions; further axes of these pass through it, and come in
the same order after its own.  What those are summed with it takes in, since L(T)·v = L(T·v); and
where all axes that it maps are summed, the adjoint at what they are summed with has the same
value, <C, L(T)> = <L*(C), T>, and stands in its place if fewer axes pass through it, or if a rule
knows its value.
"""

from __future__ import annotations

from functools import cache

from matgrad.core.expr import CONTRACTION, Expr, Op, symbol, walk
from matgrad.core.signature import (
    build,
    directions,
    further_of,
    operand_symbols,
    own_axes,
    sizes_at,
)
from matgrad.normal.build import instantiate, node
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.directions import reached
from matgrad.normal.exchange import exchanged
from matgrad.normal.expand import expand
from matgrad.normal.fusion import Change, Factors, fuse_node, occurrences
from matgrad.normal.indices import lead
from matgrad.normal.laws import provide_moves
from matgrad.normal.lower import lower
from matgrad.normal.product import contract
from matgrad.normal.sums import split, zero
from matgrad.notation.read import read_expression

Key = tuple[Expr, Labels]


@cache
def adjoint_of(op: Op, orders: tuple[int, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """An operator's adjoint cell, and the symbols of its operands and of the cotangent."""
    symbols = operand_symbols(op, orders)
    last = further_of(op, symbols)[-1]
    shape = build(op, symbols).shape
    cotangent = symbol("C", shape[: own_axes(op)] + shape[len(shape) - last :])
    names = {slot.data[0]: slot for slot in (*symbols, cotangent)}
    return lower(read_expression(op.adjoint, names)), (*symbols, cotangent)


def adjoint(image: Expr, cotangent: Expr) -> Expr:
    """The adjoint of an image's operator at a cotangent of its own axes.  The further axes of its
    other directions pass through, then those of the cotangent."""
    own = own_axes(image.op)
    operands = (*image.args[:-1], zero(image.args[-1].shape[:own] + cotangent.shape[own:]))
    template, symbols = adjoint_of(image.op, tuple(operand.order for operand in operands))
    values = dict(zip(symbols, (*operands, cotangent), strict=True))
    return instantiate(template, values, sizes_at(symbols, operands))


def pulled(image: Expr, cotangent: Expr) -> Expr:
    """The adjoint of an image's operator at a cotangent of all its axes, in its last direction;
    further axes of the cotangent come last."""
    share, own = adjoint(image, cotangent), own_axes(image.op)
    others = sum(further_of(image.op, image.args)[:-1])
    if not others:
        return share
    # What passes through from the other directions stands in the cotangent, too.
    acted = share.order - (cotangent.order - own) - others
    passed = tuple(range(acted, acted + others))
    out = (*range(acted), *range(acted + others, share.order - others))
    return contract(out, [(share, (*out[:acted], *passed, *passed, *out[acted:]), 1)])


def with_last(image: Expr, place: int) -> tuple[Expr, Expr, Labels]:
    """An image with one of the directions in which its operator is symmetric last, that direction,
    and which axes of it are those of the image, in order."""
    order = [*(k for k in range(len(directions(image.op))) if k != place), place]
    turned, axes = exchanged(image, order)
    return turned, turned.args[-1], tuple(map(axes.index, range(image.order)))


@cache
def _matrix_of(op: Op, orders: tuple[int, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """An operator's matrix cell, and the symbols of its operands."""
    symbols = operand_symbols(op, orders)
    names = {slot.data[0]: slot for slot in symbols}
    return lower(read_expression(op.matrix, names)), symbols


def unfolded(root: Expr) -> Expr:
    """A tensor with the images that axes pass through written as products with vec, where the
    operator's record has its matrix."""
    while True:
        images = (part for part in walk(root) if part.op.matrix and further_axes(part))
        image = next(images, None)
        if image is None:
            return root
        root = instantiate(root, {image: _unfolded(image)}, {})


def _unfolded(image: Expr) -> Expr:
    operand = image.args[-1]
    args = (*image.args[:-1], zero(operand.shape[:2]))
    template, symbols = _matrix_of(image.op, tuple(arg.order for arg in args))
    values = dict(zip(symbols, args, strict=True))
    matrix = instantiate(template, values, sizes_at(symbols, args))
    axes = tuple(range(image.order))
    i, j, row, column = range(image.order, image.order + 4)
    joined = fuse_node(image.shape[1::-1]), fuse_node(operand.shape[1::-1])
    factors: list[Factor] = [
        (joined[0], (row, axes[1], axes[0]), 1),
        (matrix, (row, column), 1),
        (joined[1], (column, j, i), 1),
        (operand, (i, j, *axes[2:]), 1),
    ]
    return contract(axes, factors)


def further_axes(node: Expr) -> int:
    """How many axes pass through a linear operator, the last ones of its image."""
    return node.order - own_axes(node.op) if node.op.adjoint and not lead(node) else 0


def moved(key: Key, factors: Factors, out: Labels) -> Change | None:
    """How the image `key` takes in what its further axes are summed with, or gives way to an
    image under the adjoint; None if it stays."""
    image, row = key
    if lead(image):
        return None
    own = own_axes(image.op)
    start = own
    for k, count in zip(directions(image.op), further_of(image.op, image.args), strict=True):
        change = _taken_in(image, row, own, k, range(start, start + count), factors, out)
        if change is not None:
            return change
        start += count
    return _turned_over(image, row, own, factors, out)


def _taken_in(
    image: Expr, row: Labels, own: int, k: int, axes: range, factors: Factors, out: Labels
) -> Change | None:
    """The image with what one of the further axes of its direction `k` is summed with inside."""
    counts = occurrences(factors, out)
    further = row[axes.start : axes.stop]
    before, after = row[: axes.start], row[axes.stop :]
    fixed = {*before, *after}
    others = {other: power for other, power in factors.items() if other != (image, row)}
    for label in further:
        used = [other for other in others if label in other[1]]
        taken = {x for _, labels in used for x in labels} - {label}
        here = sum(labels.count(label) for _, labels in used) + further.count(label)
        if label in fixed or counts[label] != here or taken.intersection(fixed):
            continue
        rest = tuple(x for x in further if x != label)
        passed = rest + tuple(sorted(taken.difference(rest)))
        fresh = _fresh(factors, out, own)
        inner: list[Factor] = [(image.args[k], fresh + further, 1)]
        inner += ((*other, others[other]) for other in used)
        operand = expand(contract(fresh + passed, inner))
        shape = image.shape[: axes.start] + operand.shape[own:] + image.shape[axes.stop :]
        args = (*image.args[:k], operand, *image.args[k + 1 :])
        value = node(image.op, args, image.data, shape)
        return Change([(image, row), *used], [], [(value, before + passed + after, 1)], [label])
    return None


def _turned_over(
    image: Expr, row: Labels, own: int, factors: Factors, out: Labels
) -> Change | None:
    mapped, last = row[:own], further_of(image.op, image.args)[-1]
    if not set(mapped).isdisjoint((*out, *row[own:])):
        return None
    other, further = row[own : len(row) - last], row[len(row) - last :]
    rest: list[Factor] = [(*key, power) for key, power in factors.items() if key != (image, row)]
    ends = set(out).union(row[own:])
    inside = reached(mapped, rest, ends)
    attached = [factor for factor in rest if inside.intersection(factor[1])]
    passed = tuple(sorted(ends.intersection(x for _, labels, _ in attached for x in labels)))
    if len(passed) > len(further):
        return None
    sizes = dict(zip(mapped, image.shape, strict=False))
    value = adjoint(image, contract(mapped + passed, attached, 1, sizes))
    if len(passed) == len(further) and image.op in _made_of(value):
        return None
    fresh = _fresh(factors, out, own)
    added: list[Factor] = [
        (value, fresh + other + passed, 1),
        (image.args[-1], fresh + further, 1),
    ]
    removed = [(image, row), *((value, labels) for value, labels, _ in attached)]
    return Change(removed, [], added, [*inside])


def _made_of(node: Expr) -> set[Op]:
    """The operators of an array, or of the factors of a product."""
    node = split(node)[1]
    return {arg.op for arg in node.args} if node.op is CONTRACTION else {node.op}


def _fresh(factors: Factors, out: Labels, count: int) -> Labels:
    top = 1 + max(label for labels in (out, *(row for _, row in factors)) for label in labels)
    return tuple(range(top, top + count))


provide_moves(moved)
