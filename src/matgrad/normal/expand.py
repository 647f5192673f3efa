"""Distribution: products opened over sums, where that is shorter or nothing else can be written.

Floor 3.  Products are not distributed over sums, but a sum of tensors with more than two axes
can only be printed term by term, and now and then the opened form is the cheaper one.
"""

from __future__ import annotations

from collections.abc import Container

from matgrad.core.dims import Size
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.product import contract
from matgrad.normal.sums import combine

# A tensor with more terms than this is refused rather than printed.
TERM_LIMIT = 2000


def expand(
    root: Expr, *, axes: int = 3, given: Container[Expr] = (), limit: int = TERM_LIMIT
) -> Expr:
    """`root` with its products distributed over sums of at least `axes` axes, but not over the
    sums in `given`.

    Raises BudgetExceeded when there are more than `limit` terms.
    """
    terms: list[tuple[Size, Expr]] = []
    stack: list[tuple[Size, Expr]] = [(1, root)]
    while stack:
        coefficient, node = stack.pop()
        if len(terms) + len(stack) > limit:
            raise BudgetExceeded(f"this expression has more than {limit} terms")
        if node.op is SUM and node not in given:
            stack += [(coefficient * c, arg) for c, arg in zip(node.data, node.args, strict=True)]
            continue
        opened = _opened(node, axes, given)
        if opened is None:
            terms.append((coefficient, node))
        else:
            stack += [(coefficient, term) for term in opened]
    return combine(terms, root.shape)


def _opened(node: Expr, axes: int, given: Container[Expr]) -> list[Expr] | None:
    """A product distributed over its first sum that may be opened."""
    if node.op is not CONTRACTION:
        return None
    out, rows, powers = node.data
    factors = list(zip(node.args, rows, powers, strict=True))
    sizes = dict(zip(out, node.shape, strict=True))
    for k, (factor, row, power) in enumerate(factors):
        if power != 1 or len(row) < axes or factor in given:
            continue
        if factor.op is SUM and len(factor.args) > 1:
            pieces = list(zip(factor.data, factor.args, strict=True))
        else:
            pieces = [(1, piece) for piece in _opened(factor, axes, given) or ()]
        if pieces:
            rest = factors[:k] + factors[k + 1 :]
            return [contract(out, [*rest, (piece, row, 1)], c, sizes) for c, piece in pieces]
    return None
