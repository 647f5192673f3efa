"""Operators of the user's own, with the same record as those of the catalogue.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matgrad.api.expressions import Expression, operator_call
from matgrad.calculus.cells import check_cells
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.record import call, composed, elementwise, forms, primitive
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.normal import book
from matgrad.proof import define


def operator(
    name: str,
    *,
    derivative: str = "",
    signature: str = "",
    operands: Sequence[str] = ("A",),
    differential: str = "",
    definition: str = "",
    value: Callable[..., Any] | None = None,
    conditions: Sequence[str] = (),
    latex: str = "",
    cite: str = "the user",
) -> Callable[..., Expression]:
    """Register an operator; the result applies it to expressions, and text may use its name.

    Give one of: `derivative`, the derivative at x of a scalar function applied entry by entry
    (`"exp(x)"`); `definition`, in our notation, of an abbreviation (`"sum(A.^2)"`);
    `differential`, linear in `dA`, of anything else (`"tr(inv(A)*dA)"`).  The last two take a
    `signature` in NumPy's gufunc notation (`"(n,n)->()"`) and the names of the `operands`.
    `value` computes it, from a float for an entrywise function, from nested lists otherwise; a
    proof needs it.

    Raises DeclarationProblem for a name that is taken or cells that contradict each other, and
    the reader's errors for cells that cannot be read.
    """
    if not name.isidentifier():
        raise DeclarationProblem(f"`{name}` is no name for an operator")
    if sum(map(bool, (derivative, differential, definition))) != 1:
        raise DeclarationProblem(
            f"{name} needs exactly one of derivative, differential and definition"
        )
    if not derivative and not signature:
        raise DeclarationProblem(f"{name} needs a signature", hint='such as "(n,n)->()"')
    spelled = latex or rf"\operatorname{{{name}}}"
    if derivative:
        op = elementwise(name, derivative, latex=spelled, conditions=tuple(conditions), cite=cite)
    elif differential:
        op = primitive(
            name,
            signature,
            forms(call(name), latex=call(spelled)),
            operands=tuple(operands),
            differential=differential,
            conditions=tuple(conditions),
            cite=cite,
        )
    else:
        op = composed(
            name,
            signature,
            definition,
            forms(call(name), latex=call(spelled)),
            operands=tuple(operands),
            conditions=tuple(conditions),
            cite=cite,
        )
    try:
        check_cells(op)
    except MatgradError:
        del OPERATORS[name]
        raise
    book.clear()
    if value is not None:
        define(name, value)
    return lambda *args: operator_call(name, *args)
