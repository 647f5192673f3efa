"""Sums whose terms are all the pieces of one: tril(X, -1) + triu(X) is X, X[1,1] + X[2,2] a trace.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.catalogue.structure import unit
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor
from matgrad.normal.gather import unit_vector
from matgrad.normal.masks import MASK, complement
from matgrad.normal.product import contract
from matgrad.normal.sums import combine

PIECES = frozenset({MASK, unit})
"""What cuts a piece out of an array."""

# Axes of more entries than this are not looked for in sums of entries.
_LONGEST = 8


def completed(node: Expr) -> Expr:
    """A sum with every whole in place of its pieces, those weighed alike."""
    while node.op is SUM:
        terms = dict(zip(node.args, node.data, strict=True))
        for term, coefficient in terms.items():
            found = next(
                (
                    (whole, pieces)
                    for whole, pieces in _wholes(term)
                    if len({*pieces}) > 1 and all(terms.get(p) == coefficient for p in pieces)
                ),
                None,
            )
            if found:
                whole, pieces = found
                others = [(c, arg) for arg, c in terms.items() if arg not in pieces]
                node = combine([*others, (coefficient, whole)], node.shape)
                break
        else:
            break
    return node


def _wholes(term: Expr) -> Iterator[tuple[Expr, list[Expr]]]:
    """What a product may be a piece of, with all the pieces of that."""
    if term.op is not CONTRACTION:
        return
    out, rows, powers = term.data
    factors: list[Factor] = list(zip(term.args, rows, powers, strict=True))
    sizes = {x: size for node, row, _ in factors for x, size in zip(row, node.shape, strict=True)}
    sizes |= dict(zip(out, term.shape, strict=True))
    for mask in factors:
        if mask[0].op is MASK and mask[2] == 1:
            others = [factor for factor in factors if factor != mask]
            kept = {x: sizes[x] for x in (*out, *mask[1])}
            whole, rest = (contract(out, f, 1, kept) for f in (others, [*others, complement(mask)]))
            yield whole, [term, rest]
    units = [factor for factor in factors if factor[0].op is unit and factor[2] == 1]
    for position, size in dict.fromkeys((node.data, node.shape[0]) for node, _, _ in units):
        if not isinstance(position, int) or not isinstance(size, int) or size > _LONGEST:
            continue
        here = unit_vector(position, size)
        labels = [row[0] for node, row, _ in units if node is here]
        others = [factor for factor in factors if factor[0] is not here]
        if len(labels) < 2 and size > 1:
            continue
        kept = {x: sizes[x] for x in out}
        pieces = [
            contract(out, [*others, *((unit_vector(k, size), (x,), 1) for x in labels)], 1, kept)
            for k in range(size)
        ]
        one = dict.fromkeys(labels, labels[0])
        merged = [(node, tuple(one.get(x, x) for x in row), p) for node, row, p in others]
        yield contract(tuple(one.get(x, x) for x in out), merged, 1, {labels[0]: size}), pieces
