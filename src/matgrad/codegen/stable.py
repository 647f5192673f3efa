"""Forms that keep their digits where the written ones lose them or overflow.

Floor 4.  log(1 + x), exp(x) - 1, log(1 + exp(x)), log(sum(exp(x))), log(det A),
1/(1 + exp(x)), roots of sums of squares.
"""

from __future__ import annotations

from collections.abc import Callable

from matgrad.catalogue.linalg import det
from matgrad.catalogue.scalar import exp, log, sigmoid
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Number, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.build import mapped
from matgrad.normal.canon import Factor
from matgrad.normal.sums import combine, scaled

# coefficient * op(arg), entry by entry or over all entries.
Form = tuple[Size, str, Expr]


def stable(node: Expr) -> Form | None:
    """A better form of a node, if there is one."""
    for row in _ROWS:
        form = row(node)
        if form is not None:
            return form
    return None


def _log_of_one_more(node: Expr) -> Form | None:
    if node.op is not log or node.args[0].op is not SUM:
        return None
    (inner,) = node.args
    terms = list(zip(inner.data, inner.args, strict=True))
    rest = [(c, arg) for c, arg in terms if not (c == 1 and _is_ones(arg))]
    if len(rest) == len(terms) or not rest:
        return None
    if len(rest) == 1 and rest[0][0] == 1 and rest[0][1].op is exp:
        return 1, "softplus", rest[0][1].args[0]
    return 1, "log1p", combine(rest, inner.shape)


def _exp_less_one(node: Expr) -> Form | None:
    if node.op is not SUM or len(node.args) != 2:
        return None
    for (c, arg), (other, one) in (
        zip(node.data, node.args, strict=True),
        zip(node.data[::-1], node.args[::-1], strict=True),
    ):
        if arg.op is exp and c == -other and _is_ones(one):
            return c, "expm1", arg.args[0]
    return None


def _log_of_exps(node: Expr) -> Form | None:
    if node.op is not log or node.args[0].op is not CONTRACTION or node.order > 1:
        return None
    (inner,) = node.args
    if len(inner.args) == 1 and inner.args[0].op is exp and inner.data[2] == (1,):
        (row,), out = inner.data[1], inner.data[0]
        if len(set(row)) == len(row) and not out:
            return 1, "logsumexp", inner.args[0].args[0]
        if len(set(row)) == len(row) == 2 and out[0] in row:
            return 1, f"logsumexp{1 - row.index(out[0])}", inner.args[0].args[0]
    return None


def _log_of_det(node: Expr) -> Form | None:
    if node.op is log and node.args[0].op is det:
        return 1, "log_det", node.args[0].args[0]
    return None


def stabilised(factors: list[Factor]) -> list[Factor]:
    """Factors of a product with sigmoid(-z) in place of 1/(1 + exp(z))."""
    for k, (node, row, power) in enumerate(factors):
        z = _logit(node) if power < 0 and power == int(power) else None
        if z is None:
            continue
        rest = factors[:k] + factors[k + 1 :]
        over = next((f for f in rest if f[0].op is exp and f[0].args[0] is z and f[1] == row), None)
        shared: Number = 0
        if over is not None and over[2] > 0:
            shared = min(over[2], -power)
            rest.remove(over)
            if over[2] != shared:
                rest.append((over[0], row, over[2] - shared))
            rest.append((mapped(sigmoid, z), row, shared))
        if shared != -power:
            rest.append((mapped(sigmoid, scaled(-1, z)), row, -power - shared))
        return stabilised(rest)
    return factors


def _logit(node: Expr) -> Expr | None:
    """z of 1 + exp(z)."""
    if node.op is SUM and len(node.args) == 2 and node.data == (1, 1):
        for arg, one in (node.args, node.args[::-1]):
            if arg.op is exp and _is_ones(one):
                return arg.args[0]
    return None


def norm_of(node: Expr) -> Expr | None:
    """What a scalar is the sum of the squares of."""
    if node.op is not CONTRACTION or node.shape or is_complex(node):
        return None
    _, rows, powers = node.data
    (arg, *others) = node.args or (None,)
    same = all(other is arg for other in others) and len(set(rows)) == 1
    if arg is None or not same or sum(powers) != 2 or len(set(rows[0])) < len(rows[0]):
        return None
    return arg if rows[0] else None


def _is_ones(node: Expr) -> bool:
    return node.op is CONTRACTION and not node.args and len(set(node.data[0])) == node.order


_ROWS: tuple[Callable[[Expr], Form | None], ...] = (
    _log_of_one_more,
    _exp_less_one,
    _log_of_exps,
    _log_of_det,
)
