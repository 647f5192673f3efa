"""Which expressions are analytic and of one branch: two of these that agree near a point agree
wherever both have a value.

Floor 4.  Roots, arc functions and what is made of pieces are left out: sqrt(t^2) is t, and
acos(cos(t)) too, where t is positive.  The branches of a logarithm differ in what is imaginary
only.
"""

from __future__ import annotations

from matgrad.core.complexes import is_complex
from matgrad.core.dims import is_whole
from matgrad.core.expr import CONTRACTION, Expr, walk

_SCALARS = frozenset(
    "exp log sin cos tan sinh cosh tanh sigmoid softplus erf sec csc cot erfc normpdf normcdf"
    " gamma digamma trigamma log1p expm1 log2 log10 logit logaddexp".split()
)
_SERIES = "expm sinm cosm sinhm coshm".split()
ONE_BRANCH = _SCALARS.union(
    [
        *"inv solve det adj adj_frechet adj_frechet2 adj_frechet3 logdet sylv lyap conv".split(),
        *(name + order for name in _SERIES for order in ("", "_frechet", "_frechet2", "_frechet3")),
        *(name + axis for name in ("softmax", "logsumexp", "prod") for axis in ("", "0", "1")),
    ]
)


def is_analytic(*roots: Expr) -> bool:
    """Whether everything under the roots is, as far as is known, and real."""
    return not any(map(is_complex, roots)) and all(map(_has_one_branch, walk(*roots)))


def _has_one_branch(node: Expr) -> bool:
    op = node.op
    if op is CONTRACTION:
        return all(map(is_whole, node.data[2]))
    if op.kind == "contraction":
        return "/" not in op.weights and (op.weights != "data" or is_whole(node.data))
    return op.kind in ("structural", "linear") or op.name in ONE_BRANCH
