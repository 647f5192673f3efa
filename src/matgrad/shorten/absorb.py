"""Factors multiplied into the sum beside them, where they cancel there.

Floor 4.  1/(u*(1 + q/u)) is 1/(u + q), and inv(A)*inv(I + inv(A)) is inv(A + I).
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.catalogue.linalg import inv
from matgrad.core.dims import Number
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.build import node as operator_node
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.fusion import occurrences
from matgrad.normal.indices import lead
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split


def absorbs(node: Expr) -> bool:
    """Whether a product has a factor that others could go into."""
    inner = split(node)[1]
    return inner.op is CONTRACTION and any(
        [arg.op is SUM or (arg.op is inv and arg.args[0].op is SUM) for arg in inner.args]
    )


def absorbed(node: Expr) -> Iterator[Expr]:
    """The products in which one factor of a product has gone into a sum beside it."""
    coefficient, inner = split(node)
    if inner.op is not CONTRACTION:
        return
    out, rows, powers = inner.data
    factors: list[Factor] = list(zip(inner.args, rows, powers, strict=True))
    for target in factors:
        if target[0].op is SUM and target[2] in (1, -1):
            found = _entrywise(factors, target)
        elif _is_inverse(target) and target[0].args[0].op is SUM:
            found = _inverses(factors, target, out)
        else:
            continue
        for changed in found:
            yield contract(out, changed, coefficient, dict(zip(out, node.shape, strict=True)))


def _is_inverse(factor: Factor) -> bool:
    """Whether a factor is an inverse, and not a family of them."""
    return factor[0].op is inv and factor[2] == 1 and not lead(factor[0])


def _entrywise(factors: list[Factor], target: Factor) -> Iterator[list[Factor]]:
    """A factor with labels of the sum only, to a power of the same sign."""
    total, labels, exponent = target
    for factor in factors:
        part, row, power = factor
        alike = power >= 1 if exponent > 0 else power <= -1
        if factor is target or not alike or set(row) - set(labels):
            continue
        if any(_has(term, part, -1) for term in total.args):
            inside = _multiplied(total, labels, [(part, row, 1)], labels)
            rest = [f for f in factors if f is not factor and f is not target]
            if power != exponent:
                rest.append((part, row, power - exponent))
            yield [*rest, (inside, labels, exponent)]


def _inverses(factors: list[Factor], target: Factor, out: Labels) -> Iterator[list[Factor]]:
    """An inverse next to the inverse of a sum: inv(A)*inv(S) is inv(S*A)."""
    inverted, ends, _ = target
    (total,) = inverted.args
    counts = occurrences({(part, row): power for part, row, power in factors}, out)
    for factor in factors:
        part, row, _ = factor
        if factor is target or not _is_inverse(factor):
            continue
        # Two matrices one after the other: a label between them and one at each end.
        if len({*row, *ends}) != 3 or len(set(row)) < 2 or len(set(ends)) < 2:
            continue
        if not any(_has(term, part, 1) for term in total.args):
            continue
        (shared,) = set(row) & set(ends)
        (far,) = set(row) - {shared}
        if counts[shared] != 2:
            continue
        # S has the axes of inv(S) the other way round; A is entered from where inv(A) was left.
        inner = (ends[1], ends[0])
        way = (shared, far) if row[0] == far else (far, shared)
        labels = tuple(far if label == shared else label for label in inner)
        matrix = _multiplied(total, inner, [(part.args[0], way, 1)], labels)
        whole = operator_node(inv, (matrix,), None, matrix.shape)
        rest = [f for f in factors if f is not factor and f is not target]
        yield [*rest, (whole, labels[::-1], 1)]


def _multiplied(total: Expr, labels: Labels, by: list[Factor], out: Labels) -> Expr:
    """A sum with every term multiplied by a factor."""
    sizes = dict(zip(labels, total.shape, strict=True))
    terms = zip(total.data, total.args, strict=True)
    parts = [(c, contract(out, [(term, labels, 1), *by], 1, sizes)) for c, term in terms]
    return combine(parts, parts[0][1].shape)


def _has(term: Expr, factor: Expr, power: Number) -> bool:
    """Whether a term has a factor to a power, or more of its sign."""
    if term.op is not CONTRACTION:
        return term is factor and power == 1
    return any(
        arg is factor and (p >= power if power > 0 else p <= power)
        for arg, p in zip(term.args, term.data[2], strict=True)
    )
