"""Cancellation inside a product: inverse pairs, unit vectors, and properties of factors.

Floor 3.  inv(N)[a,b] meets N[b,c] as a subgraph, so the pair is found wherever it stands:
inv(X*X')*X*X' is the identity also in the middle of a trace.
"""

from __future__ import annotations

from matgrad.catalogue.complex import conj
from matgrad.catalogue.linalg import inv
from matgrad.core.expr import CONTRACTION, SYMBOL, Expr
from matgrad.normal.canon import Labels
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.symmetry import group_of


def cancel(factors: Factors, out: Labels) -> Change | None:
    """One cancellation that applies, or None."""
    interesting = [key for key in factors if _interesting(key[0])]
    if not interesting:
        return None
    counts = occurrences(factors, out)
    units = [key for key in interesting if key[0].op.weights == "index"]
    if units:
        change = _unit(factors, units, counts)
        if change is not None:
            return change
    for key in interesting:
        node, labels = key
        if factors[key] != 1:
            continue
        if node.op.simplex:
            change = _simplex(key, counts)
        elif len(labels) == 2:
            law = _inverse if node.op is inv else _property
            change = law(factors, key, counts)
        else:
            continue
        if change is not None:
            return change
    return None


def _interesting(node: Expr) -> bool:
    if node.op is SYMBOL:
        return bool(node.data[1] & _PAIRED)
    return node.op is inv or node.op.weights == "index" or bool(node.op.simplex)


def _unit(
    factors: Factors, units: list[tuple[Expr, Labels]], counts: dict[int, int]
) -> Change | None:
    """Unit vectors: squares are themselves, two different ones on a label vanish, a lone sum
    is one."""
    at: dict[int, tuple[Expr, Labels]] = {}
    for key in units:
        node, (label,) = key
        if factors[key] != 1:
            return Change([key], [], [(node, (label,), 1)], [])
        other = at.get(label)
        if other is not None and isinstance(node.data, int) and isinstance(other[0].data, int):
            return Change([], [], [], [], 0)
        at[label] = key
        if counts[label] == 1:
            return Change([key], [], [], [label])
    return None


def _simplex(key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    """Entries that add up to one: softmax(x), and each row of softmax(X, 2)."""
    node, labels = key
    over = labels if node.op.simplex == "all" else (labels[int(node.op.simplex)],)
    if all(counts[label] == 1 for label in over):
        return Change([key], [], [], list(over))
    return None


_PAIRED = frozenset({"orthogonal", "unitary", "idempotent"})


def _property(factors: Factors, key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    """Q'*Q = I and Q*Q' = I for orthogonal Q; the same with conj(U)' for unitary U; P*P = P for
    idempotent P."""
    node, (row, column) = key
    properties = node.data[1]
    if "unitary" in properties:
        return _unitary(factors, key, counts)
    symmetric = bool(group_of(node))
    for other in factors:
        if other[0] is not node or other == key or factors[other] != 1:
            continue
        first, second = other[1]
        pairs: list[tuple[int, int, int]] = []
        if "orthogonal" in properties:
            pairs += [(row, first, 0), (column, second, 1)]
        if "idempotent" in properties or ("orthogonal" in properties and symmetric):
            pairs += [(column, first, 2), (row, second, 3)]
            if symmetric:
                pairs += [(row, first, 0), (column, second, 1)]
        for mine, theirs, case in pairs:
            if mine != theirs or counts[mine] != 2:
                continue
            left = row if case in (1, 2) else column
            right = second if case in (0, 2) else first
            if "orthogonal" in properties:
                return Change([key, other], [(left, right)], [], [mine])
            ends = (left, right) if case in (1, 2) else (right, left)
            return Change([key, other], [], [(node, ends, 1)], [mine])
    return None


def _unitary(factors: Factors, key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    node, (row, column) = key
    for other, power in factors.items():
        if other[0].op is not conj or other[0].args[0] is not node or power != 1:
            continue
        first, second = other[1]
        if row == first and counts[row] == 2:
            return Change([key, other], [(column, second)], [], [row])
        if column == second and counts[column] == 2:
            return Change([key, other], [(row, first)], [], [column])
    return None


def _inverse(factors: Factors, key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    """inv(N)·N = I: looks for N at either end of its inverse."""
    node, (row, column) = key
    inverted = node.args[0]
    for label, end, other in ((column, 0, row), (row, 1, column)):
        if counts[label] != 2 or row == column:
            continue
        if inverted.op is CONTRACTION:
            out, rows, powers = inverted.data
            if len(set(out)) != 2 or not inverted.args:
                continue
            parts = list(zip(inverted.args, rows, powers, strict=True))
            for found, mapping in embeddings(parts, out, factors, counts, start={out[end]: label}):
                used = [(part, row) for part, row, _ in found]
                bound = [outer for inner, outer in mapping.items() if inner not in out]
                if key not in used:
                    merged = [(other, mapping[out[1 - end]])]
                    return Change([key, *used], merged, [], [label, *bound])
            continue
        for candidate in factors:
            if candidate[0] is not inverted or factors[candidate] != 1 or candidate == key:
                continue
            near, far = candidate[1][end], candidate[1][1 - end]
            if near != label and group_of(inverted):
                near, far = far, near
            if near == label:
                return Change([key, candidate], [(other, far)], [], [label])
    return None
