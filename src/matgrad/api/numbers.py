"""Answers at numbers, in plain Python.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from matgrad.core.errors import NameProblem
from matgrad.core.expr import symbols_of
from matgrad.proof import evaluate

if TYPE_CHECKING:
    from matgrad.api.result import Result


def at_numbers(
    result: Result,
    *,
    sizes: Mapping[str, int] | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    **values: Any,
) -> Any:
    """The answer at numbers: nested lists (or anything with `tolist`), or a float.

    `sizes` are needed for those that no value shows.  Conditions and declared properties
    are not looked at: the answer says where it holds.

    Raises EvaluationProblem for a missing value or a shape that does not fit, NameProblem
    for a name that the expression does not have.
    """
    known = {node.data[0] for node in symbols_of(result.source)}
    known.update(target.symbol.data[0] for target in result.targets)
    for name in values:
        if name not in known:
            raise NameProblem(
                f"{name} is no symbol of this expression",
                hint=f"the symbols are {', '.join(sorted(known))}",
            )
    return evaluate(result.expression, values, sizes=sizes, functions=functions)
