"""Cancellation inside a product: inverse pairs, products and their powers, different unit vectors.

Floor 3.  inv(N)[a,b] meets N[b,c] as a subgraph, so the pair is found wherever it stands:
inv(X*X')*X*X' is the identity also in the middle of a trace.  Entry by entry W*H meets (W*H).^(-2).
"""

from __future__ import annotations

from matgrad.catalogue.linalg import inv
from matgrad.core.expr import CONTRACTION, Expr
from matgrad.normal.canon import Labels
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import Change, Factors, occurrences
from matgrad.normal.journal import note
from matgrad.normal.symmetry import group_of

# The law by which an inverse and its matrix cancel.
INVERSE = "inverse-cancels"


def cancel(factors: Factors, out: Labels) -> Change | None:
    """One cancellation that applies, or None."""
    interesting = [key for key in factors if cancels(key[0])]
    if not interesting:
        return None
    counts = occurrences(factors, out)
    if _apart([key for key in interesting if key[0].op.weights == "index"]):
        return Change([], [], [], [], 0)
    for key in interesting:
        if factors[key] == 1 and key[0].op is inv:
            change = _inverse(factors, key, counts)
            if change is not None:
                note(INVERSE)
                return change
        if factors[key] < 0 and key[0].op is CONTRACTION:
            change = _base(factors, key, counts)
            if change is not None:
                return change
    return None


def cancels(node: Expr) -> bool:
    """Whether a factor may cancel: an inverse, a power of a product, or a unit vector."""
    return node.op is inv or node.op is CONTRACTION or node.op.weights == "index"


def _apart(units: list[tuple[Expr, Labels]]) -> bool:
    """Whether two different unit vectors stand on one label."""
    at: dict[int, Expr] = {}
    for node, (label,) in units:
        other = at.setdefault(label, node)
        if other is not node and isinstance(node.data, int) and isinstance(other.data, int):
            return True
    return False


def _inverse(factors: Factors, key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    """inv(N)·N = I: looks for N at either end of its inverse."""
    node, (*batch, row, column) = key
    inverted = node.args[0]
    for label, end, other in ((column, 0, row), (row, 1, column)):
        if counts[label] != 2 or row == column:
            continue
        if inverted.op is CONTRACTION:
            (*along, first, second), rows, powers = inverted.data
            ends = first, second
            if len({first, second, *along}) != 2 + len(along) or not inverted.args:
                continue
            parts = list(zip(inverted.args, rows, powers, strict=True))
            start = {**dict(zip(along, batch, strict=True)), ends[end]: label}
            out = inverted.data[0]
            for found, mapping in embeddings(parts, out, factors, counts, start=start):
                used = [(part, row) for part, row, _ in found]
                bound = [outer for inner, outer in mapping.items() if inner not in out]
                if key not in used:
                    merged = [(other, mapping[ends[1 - end]])]
                    return Change([key, *used], merged, [], [label, *bound])
            continue
        for candidate in factors:
            if candidate[0] is not inverted or factors[candidate] != 1 or candidate == key:
                continue
            *along, first, second = candidate[1]
            near, far = (first, second) if end == 0 else (second, first)
            if along != batch:
                continue
            if near != label and group_of(inverted):
                near, far = far, near
            if near == label:
                return Change([key, candidate], [(other, far)], [], [label])
    return None


def _base(factors: Factors, key: tuple[Expr, Labels], counts: dict[int, int]) -> Change | None:
    """N.*N.^p = N.^(p + 1), entry by entry, for a product N."""
    node, ends = key
    out, rows, powers = node.data
    start = dict(zip(out, ends, strict=True))
    if len(start) < len(out):
        return None
    parts = list(zip(node.args, rows, powers, strict=True))
    for found, mapping in embeddings(parts, out, factors, counts, start=start):
        used = [(part, row) for part, row, _ in found]
        if key not in used:
            bound = [outer for inner, outer in mapping.items() if inner not in start]
            return Change([key, *used], [], [(node, ends, factors[key] + 1)], bound)
    return None
