"""Explanations of calls: why a function does not take its operands, with a mend that would fit.

Floor 2.
"""

from __future__ import annotations

from matgrad.catalogue import OPERATORS
from matgrad.core.errors import AmbiguityProblem, MatgradError, ShapeProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import is_scalar_function
from matgrad.notation.misfit import Misfit, bracketed, excerpt
from matgrad.notation.special import PLANNERS
from matgrad.notation.vocabulary import operator_named


def explain_call(misfit: Misfit) -> MatgradError:
    """The error for a function at operands that it does not take."""
    name = misfit.node.name
    inside = ", ".join(excerpt(node.source) for node in misfit.operands)
    if name in _PRINTED:
        what, hint = _PRINTED[name]
        message = f"`{misfit.source}`{what}"
        return AmbiguityProblem(message, hint=hint.replace("#", inside))
    if misfit.node.source[:1] == "|":
        return AmbiguityProblem(
            f"`{misfit.source}` of a matrix has two readings",
            hint=f"`abs.({inside})` is the absolute value of each entry, `det({inside})` the "
            "determinant",
        )
    if misfit.kinds == (k.MATRIX,) and not misfit.problem:
        if operator_named(name) is None and name not in PLANNERS:
            return AmbiguityProblem(
                f"`{misfit.source}`: a function of a matrix has two readings",
                hint=f"`{name}.({inside})` applies it to each entry, `funm({name}, {inside})` is "
                "the matrix function",
            )
        if name == "norm":
            return AmbiguityProblem(
                f"`{misfit.source}`: a matrix has several norms",
                hint=f"`normF({inside})` is the Frobenius norm, `norm1({inside})` the sum of "
                "absolute values",
            )
        operator = OPERATORS.get(operator_named(name) or "")
        if operator is not None and is_scalar_function(operator):
            own = f"{name}m"
            turned = f"`{own}({inside})` is the matrix function"
            if operator_named(own) is None:
                turned = f"there is no matrix function {own}"
            return AmbiguityProblem(
                f"`{misfit.source}`: a function of a matrix has two readings",
                hint=f"`{name}.({inside})` applies it to each entry, {turned}",
            )
        if operator is not None and f"{operator.name}1" in OPERATORS:
            return AmbiguityProblem(
                f"`{misfit.source}`: a matrix has columns and rows",
                hint=f"`{name}({inside}, {misfit.base})` runs down the columns, "
                f"`{name}({inside}, {misfit.base + 1})` along the rows",
            )
    if name in _SQUARE and misfit.kinds == (k.MATRIX,):
        return ShapeProblem(
            f"`{misfit.source}`: {name} needs a square matrix: {misfit.listed()}",
            hint=f"`{name}({bracketed(misfit.operands[0])}'*{bracketed(misfit.operands[0])})` "
            "would fit",
        )
    if name in _SQUARE and len(misfit.kinds) == 1:
        hint = "declare a family of matrices, `A_i: n n, i=1..N`, and write sum_i … of A_i"
        return ShapeProblem(
            f"`{misfit.source}`: {name} needs a square matrix: {misfit.listed()}",
            hint=hint if misfit.kinds[0] > k.MATRIX else None,
        )
    _, takes, signature = misfit.problem.partition("; it takes ")
    message = misfit.problem or "operands of these kinds do not fit"
    if takes:
        message = f"{name} takes {signature}"
    return ShapeProblem(f"`{misfit.source}`: {message}: {misfit.listed()}")


_SQUARE = frozenset(("det", "logdet", "inv", "adj", "tr", "trace", "Tr", "diagvec", "matpow"))
# What printed mathematics writes without a word.
_PRINTED = {
    "e^": (
        ": of scalars and square matrices there are exponentials",
        "`exp(#)` is the exponential of each entry",
    ),
    "|": (
        " of a vector has two readings",
        "`norm(#)` is its length, `abs(#)` the absolute value of each entry",
    ),
    "‖1": (
        ": a matrix has two norms of this sign",
        "`norm1(#)` is the sum of the absolute values of all entries, `max(sum(abs.(#), 1))` the "
        "largest column sum",
    ),
    "‖∞": (
        ": a matrix has two norms of this sign",
        "`max(abs.(#))` is the largest absolute value of an entry, `max(sum(abs.(#), 2))` the "
        "largest row sum",
    ),
    "·": (
        ": a derivative at a matrix has two readings",
        "`f'.(#)` is that at each entry, `funm(f', #)` the matrix function",
    ),
}
