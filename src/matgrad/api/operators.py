"""Operators of the user's own, with the same record as those of the catalogue.

Floor 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from matgrad.api.expressions import Expression, operator_call
from matgrad.calculus.cells import check_cells
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.record import call, composed, elementwise, forms, primitive
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.core.signature import alternatives
from matgrad.normal import book
from matgrad.notation.special import PLANNERS
from matgrad.notation.tokens import tokenize
from matgrad.notation.vocabulary import RESERVED, operator_named
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
    _check_name(name)
    if sum(map(bool, (derivative, differential, definition))) != 1:
        raise DeclarationProblem(
            f"{name} needs exactly one of derivative, differential and definition"
        )
    if not derivative and not signature:
        raise DeclarationProblem(f"{name} needs a signature", hint='such as "(n,n)->()"')
    if not derivative:
        _check_signature(signature, operands)
    _check_conditions(conditions, ("x",) if derivative else operands)
    if value is not None and not callable(value):
        raise DeclarationProblem(f"the value of {name} is computed by a function")
    if name in {token.text for token in tokenize(definition)}:
        raise DeclarationProblem(f"{name} is defined by itself")
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


def _check_name(name: str) -> None:
    """Raises DeclarationProblem for what a text would not read as this operator."""
    if [token.text for token in tokenize(name)[:-1]] != [name] or not name.isidentifier():
        raise DeclarationProblem(f"`{name}` is no name for an operator")
    if name in RESERVED or _TENSOR.fullmatch(name):
        raise DeclarationProblem(f"`{name}` has a meaning of its own")
    if operator_named(name) or name in PLANNERS:
        raise DeclarationProblem(f"the operator {name} exists already")


def _check_signature(signature: str, operands: Sequence[str]) -> None:
    """Raises DeclarationProblem for no signature, or one for other operands."""
    if not _SIGNATURE.fullmatch(signature.replace(" ", "")):
        raise DeclarationProblem(f"`{signature}` is no signature", hint='such as "(n,n)->()"')
    (rule,) = alternatives(signature)
    known = {axis for spec in rule.inputs for axis in spec.axes}
    for axis in rule.output.axes:
        if axis not in known and not str(axis).isdigit():
            raise DeclarationProblem(f"no operand in `{signature}` shows the size {axis}")
    if len(rule.inputs) != len(operands) or not all(map(str.isidentifier, operands)):
        raise DeclarationProblem(
            f"`{signature}` is for {len(rule.inputs)} operands, named are {len(operands)}",
            hint=f"operands={tuple('ABCE'[: len(rule.inputs)])}",
        )


def _check_conditions(conditions: Sequence[str], operands: Sequence[str]) -> None:
    """Raises DeclarationProblem for a condition that is about no operand."""
    if isinstance(conditions, str):
        raise DeclarationProblem("conditions are a list of texts", hint=f"[{conditions!r}]")
    for condition in conditions:
        if not set(re.findall(r"\w+", condition)) & set(operands):
            raise DeclarationProblem(
                f"the condition `{condition}` is about no operand",
                hint=f"the operands are {', '.join(operands)}",
            )


_GROUP = r"\((?:\w+(?:,\w+)*)?\)"
_SIGNATURE = re.compile(rf"{_GROUP}(?:,{_GROUP})*->{_GROUP}")
_TENSOR = re.compile(r"[dD][0-9]?")
