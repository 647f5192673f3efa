"""Chains: a contraction as the product of matrices that it is, from its first axis to its last.

Floor 3.
"""

from __future__ import annotations

from matgrad.core.dims import Size
from matgrad.core.expr import Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.kronecker import reached
from matgrad.normal.product import contract
from matgrad.normal.symmetry import permute


def parted(node: Expr) -> tuple[list[Expr], list[Factor]]:
    """What multiplies a contraction as a scalar, and the factors that its outputs lead to."""
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    scalars = [contract((), [f]) for f in factors if not f[1]]
    rest = [f for f in factors if f[1]]
    if out:
        inside = reached(rest, *out)
        apart = [f for f in rest if not inside & set(f[1])]
        scalars += [contract((), apart)] if apart else []
        rest = [f for f in rest if f not in apart]
    return scalars, rest


def components(factors: list[Factor]) -> list[list[Factor]]:
    """The parts of a product that share no label."""
    found: list[list[Factor]] = []
    left = list(factors)
    while left:
        labels = reached(left, left[0][1][0])
        found.append([f for f in left if f[1][0] in labels])
        left = [f for f in left if f[1][0] not in labels]
    return found


def chain(out: Labels, factors: list[Factor], sizes: dict[int, Size]) -> list[Expr] | None:
    """The matrices whose product a contraction is, and for one output the vector at the end.

    Factors that share both labels are one link, vectors at a label a diagonal one.  None where
    the graph is no chain.
    """
    links: list[Expr] = []
    left = list(factors)
    sizes = dict(sizes)
    for node, row, _ in factors:
        sizes.update(zip(row, node.shape, strict=True))
    at, goal = out[0], out[-1] if len(out) == 2 else None
    while True:
        here = [f for f in left if at in f[1]]
        ends = [f for f in here if set(f[1]) == {at}]
        onward = [f for f in here if len(f[1]) == 2 and f not in ends]
        left = [f for f in left if f not in here]
        beyond = {label for _, row, _ in onward for label in row} - {at}
        if len(ends) + len(onward) < len(here) or len(beyond) > 1:
            return None
        if not beyond and goal is None:
            links.append(contract((at,), ends, 1, {at: sizes[at]}))
            return None if left else links
        if ends:
            links.append(contract((at, at), ends))
        if not beyond:
            return links if at == goal and not left and links else None
        (after,) = beyond
        links.append(contract((at, after), onward))
        at = after


def halves(out: Labels, factors: list[Factor], sizes: dict[int, Size]) -> list[Expr] | None:
    """The two vectors whose outer product a contraction is; None where its outputs are joined."""
    near = reached(factors, out[0])
    if out[1] in near:
        return None
    parts = [[f for f in factors if (f[1][0] in near) == first] for first in (True, False)]
    return [
        contract((label,), part, 1, {label: sizes[label]})
        for label, part in zip(out, parts, strict=True)
    ]


def palindrome(links: list[Expr]) -> tuple[Expr | None, list[Expr]] | None:
    """The middle and the second half of a chain B'*A*B; None where it is none."""
    count = len(links)
    for k in range(count // 2):
        if permute(links[k], (1, 0)) is not links[count - 1 - k]:
            return None
    return links[count // 2] if count % 2 else None, links[(count + 1) // 2 :]
