"""The inverse of a diagonal and a product over one label: Woodbury's.

Floor 4.  (D + c U W V')^-1 = D^-1 - c D^-1 U (I + c W V' D^-1 U)^-1 W V' D^-1; where there is no
label, and the product is one of a column and a row, Sherman and Morrison's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from matgrad.catalogue.linalg import inv
from matgrad.core.dims import Dim, Number, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.build import node as build
from matgrad.normal.build import reached
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import FUSE
from matgrad.normal.inference import known_of
from matgrad.normal.product import contract
from matgrad.normal.sums import ONE, combine, is_zero, scaled, split

_ROW, _COLUMN, _LEFT, _RIGHT, _MIDDLE = range(5)


class Updated(NamedTuple):
    """The terms of an inverse; and the rank and the size, of which the rank has to be the lesser if
    this is to be less work than without; None where it always is."""

    terms: Sequence[tuple[Number, Expr]]
    sizes: tuple[Size, Size] | None


class _Update(NamedTuple):
    """U, V and the factors between: U is n x p, or n where there is no label."""

    left: Expr
    right: Expr
    middle: list[Factor]


def updated(matrix: Expr) -> Updated | None:
    """The inverse of a sum of diagonals and of one product of low rank."""
    front, matrix = split(matrix)
    if matrix.op is not SUM or isinstance(front, Dim):
        return None
    terms = list(zip(matrix.data, matrix.args, strict=True))
    low = [(c, arg) for c, arg in terms if not _is_diagonal(arg)]
    parts = _parts(low[0][1]) if len(low) == 1 < len(terms) else None
    if parts is None:
        return None
    size = matrix.shape[0]
    entries = [(c, contract((0,), [(a, (0, 0), 1)])) for c, a in terms if _is_diagonal(a)]
    diagonal = combine(entries, (size,))
    if not known_of(diagonal).entries.nonzero:
        return None
    change = _change(diagonal, low[0][0], parts)
    if change is None:
        return None
    whole = contract((_ROW, _ROW), [(diagonal, (_ROW,), -1)], 1, {_ROW: size})
    one = 1 / Fraction(front)
    found = [(one, whole), (-one, scaled(low[0][0], change))]
    return Updated(found, (parts.left.shape[1], size) if parts.left.order == 2 else None)


def _change(diagonal: Expr, coefficient: Size, parts: _Update) -> Expr | None:
    """What is taken from the inverse of the diagonal; nothing where there is no inverse at all."""
    left, right, middle = parts
    ends: list[Factor] = [(diagonal, (_ROW,), -1), (diagonal, (_COLUMN,), -1)]
    between: Factor = (diagonal, (_MIDDLE,), -1)
    if left.order == 1:
        inner = contract((), [*middle, (left, (_MIDDLE,), 1), (right, (_MIDDLE,), 1), between])
        one = combine([(1, ONE), (coefficient, inner)], ())
        if is_zero(one):
            return None
        outer: list[Factor] = [(left, (_ROW,), 1), (right, (_COLUMN,), 1), (one, (), -1)]
        return contract((_ROW, _COLUMN), [*outer, *middle, *ends])
    rank = left.shape[1]

    def weights(label: int) -> list[Factor]:
        return [(node, (label,) * len(row), power) for node, row, power in middle]

    inner = contract(
        (_LEFT, _RIGHT),
        [*weights(_LEFT), (right, (_MIDDLE, _LEFT), 1), (left, (_MIDDLE, _RIGHT), 1), between],
    )
    eye = contract((0, 0), [], 1, {0: rank})
    system = combine([(1, eye), (coefficient, inner)], (rank, rank))
    inverse = inverted(system)
    outer = [(left, (_ROW, _LEFT), 1), (inverse, (_LEFT, _RIGHT), 1), *weights(_RIGHT)]
    return contract((_ROW, _COLUMN), [*outer, (right, (_COLUMN, _RIGHT), 1), *ends])


def inverted(matrix: Expr) -> Expr:
    """The inverse of a normal expression."""
    return build(inv, (matrix,), None, matrix.shape)


def _is_diagonal(term: Expr) -> bool:
    return term.op is CONTRACTION and term.data[0][0] == term.data[0][1]


def _parts(term: Expr) -> _Update | None:
    """A product as U W V', of which one label or none holds U and V together."""
    if term.op is not CONTRACTION or any(arg.op is FUSE for arg in term.args):
        return None
    (row, column), rows, powers = term.data
    factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
    sizes = {
        x: size for arg, labels, _ in factors for x, size in zip(labels, arg.shape, strict=True)
    }
    for middle in (None, *sorted(sizes.keys() - {row, column})):
        ends = () if middle is None else (middle,)
        left = reached((row,), factors, ends) - set(ends)
        right = reached((column,), factors, ends) - set(ends)
        if left & right:
            continue
        inside = [factor for factor in factors if left.isdisjoint(factor[1])]
        inside = [factor for factor in inside if right.isdisjoint(factor[1])]
        if all(set(labels) <= set(ends) for _, labels, _ in inside):
            return _Update(
                _side((row, *ends), factors, left, sizes),
                _side((column, *ends), factors, right, sizes),
                inside,
            )
    return None


def _side(out: Labels, factors: list[Factor], labels: set[int], sizes: dict[int, Size]) -> Expr:
    chosen = [factor for factor in factors if not labels.isdisjoint(factor[1])]
    return contract(out, chosen, 1, {label: sizes[label] for label in out})
