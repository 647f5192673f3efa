"""Nested products of tensors as one einsum.

Floor 2.  Labels are integers here; the notations choose letters.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import NamedTuple, final

from matgrad.catalogue.algebra import outer
from matgrad.catalogue.structure import einsum, trace, transpose
from matgrad.core.expr import Expr

Labels = tuple[int, ...]


@final
class Fused(NamedTuple):
    """Factors with the labels of their axes, in the order printed, and the labels left over."""

    factors: tuple[tuple[Expr, Labels], ...]
    out: Labels


def fuse(root: Expr, opens: Callable[[Expr], bool]) -> Fused:
    """Write `root`, and within it every operand that `opens`, as one product of factors.

    `opens` may hold for einsums, matrix products, transposes and traces only.  An outer product is
    two factors.
    """
    fresh = count()
    factors: list[tuple[Expr, Labels]] = []
    merged: dict[int, int] = {}
    out = tuple(next(fresh) for _ in root.shape)
    stack = [(root, out)]
    while stack:
        node, labels = stack.pop()
        if node is not root and node.op is outer:
            factors += zip(node.args, ((label,) for label in labels), strict=True)
        elif opens(node) or (node is root and node.args):
            stack.extend(reversed(_operands(node, labels, fresh, merged)))
        else:
            factors.append((node, labels))
    return Fused(
        tuple((node, tuple(_find(merged, label) for label in labels)) for node, labels in factors),
        tuple(_find(merged, label) for label in out),
    )


def _operands(
    node: Expr, labels: Labels, fresh: count[int], merged: dict[int, int]
) -> list[tuple[Expr, Labels]]:
    if node.op is einsum:
        inputs, output = node.data.split("->")
        named: dict[str, int] = {}
        for letter, label in zip(output, labels, strict=True):
            same = _find(merged, named.setdefault(letter, label))
            if _find(merged, label) != same:
                merged[_find(merged, label)] = same
        operands = []
        for arg, letters in zip(node.args, inputs.split(",") if node.args else (), strict=True):
            for letter in letters:
                if letter not in named:
                    named[letter] = next(fresh)
            operands.append((arg, tuple(named[letter] for letter in letters)))
        return operands
    first = node.args[0]
    if node.op is transpose:
        return [(first, (labels[1], labels[0], *labels[2:]))]
    inner = next(fresh)
    if node.op is trace:
        return [(first, (inner, inner, *labels))]
    left, right = node.args
    return _product(left, right, labels, inner)


def _product(left: Expr, right: Expr, labels: Labels, inner: int) -> list[tuple[Expr, Labels]]:
    """A matrix product: matrices act on the first two axes of a tensor, vectors on one."""
    if left.order > 2:  # ik...,kj->ij... and ik...,k->i...
        row, rest = labels[:1], labels[right.order :]
        return [(left, (*row, inner, *rest)), (right, (inner, *labels[1 : right.order]))]
    rows = left.order - 1
    return [(left, (*labels[:rows], inner)), (right, (inner, *labels[rows:]))]


def _find(merged: dict[int, int], label: int) -> int:
    while label in merged:
        label = merged[label]
    return label
