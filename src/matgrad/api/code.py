"""Answers as code: source for a backend, and the function that it defines.

Floor 5.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypedDict

from matgrad.calculus.derivative import derivative
from matgrad.calculus.layout import arrange
from matgrad.calculus.wirtinger import independent
from matgrad.core.complexes import is_complex
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, symbols_of
from matgrad.normal.lower import lower
from matgrad.shorten.answers import apply_answer_rules, restore
from matgrad.shorten.rank import without_zero_determinants
from matgrad.shorten.search import shorten

if TYPE_CHECKING:
    from matgrad.api.result import Result
    from matgrad.codegen import Source

_NUMBER = count(1)


def code_of(result: Result, backend: str = "numpy", orders: Sequence[int] | None = None) -> str:
    """The answer as source for a backend: one function that needs no matgrad.

    `orders` are the orders of differentiation wanted, if they are more than the answer: 0 is the
    value, 1 the derivative by the first variable, 2 that by the first two, all of one function.

    Raises NoForm for a backend or an order that does not exist, and for an operator that the
    backend has no code for.
    """
    return source(result, backend, orders).text


def source(result: Result, backend: str, orders: Sequence[int] | None) -> Source:
    """The source and the name of its function."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import column_of, module

    wanted = (len(result.targets),) if orders is None else tuple(orders)
    if not wanted or any(not 0 <= order <= len(result.targets) for order in wanted):
        raise NoForm(
            f"orders go from 0, the value, to {len(result.targets)}, this derivative's own",
            hint="differentiate once more for one of higher order",
        )
    nodes = [_node(result, order) for order in wanted]
    name = "_and_".join(_name(result, order) for order in wanted)
    title = result.text("unicode") if len(wanted) == 1 else name.replace("_", " ")
    return module(nodes, column_of(backend), name=name, title=title, **_told(result))


def compiled(
    result: Result, backend: str = "numpy", orders: Sequence[int] | None = None
) -> Callable[..., Any]:
    """The function that `code` is the source of; its arguments are arrays by name."""
    return _run(source(result, backend, orders))


def operator_code(result: Result, backend: str = "numpy") -> str:
    """The answer as an operator: the source of a function of the arguments, which gives an object
    with `matvec`, `rmatvec`, `dense` and `shape`.  Products with directions never build the array.

    Raises NoForm as `code` does.
    """
    return _operator(result, backend).text


def operator_of(result: Result, backend: str = "numpy") -> Callable[..., Any]:
    """The function that `operator_code` is the source of."""
    return _run(_operator(result, backend))


def differentiable_code(result: Result, backend: str = "numpy") -> str:
    """The source of `differentiable`.  Raises NoForm as that does."""
    return _differentiable(result, backend).text


def differentiable_of(result: Result, backend: str = "numpy") -> Callable[..., Any]:
    """A scalar as a function that the backend's own machinery differentiates by the derived
    gradient: given the other arguments by name, a `jax.custom_vjp` or a function of
    `torch.autograd`; for NumPy, given also a first guess, what `scipy.optimize.minimize` takes.

    Raises NoForm for what is no gradient of a scalar by one whole variable.
    """
    return _run(_differentiable(result, backend))


def _differentiable(result: Result, backend: str) -> Source:
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import column_of, module

    target, column = result.targets[0], column_of(backend)
    whole = len(result.targets) == 1 and not (target.indices or target.conjugate or result.rows)
    if result.source.shape or not whole or result.shape != target.symbol.shape:
        raise NoForm("a gradient of a scalar by one whole variable is wanted")
    if not column.wrapper:
        raise NoForm(f"{backend} differentiates nothing")
    nodes = [_node(result, 0), _node(result, 1)]
    name, variable = "value_and_gradient", str(target.symbol.data[0])
    told = _told(result)
    return module(nodes, column, name=name, title=result.text("unicode"), variable=variable, **told)


def _operator(result: Result, backend: str) -> Source:
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import column_of, operator_module

    if is_complex(result.node):
        raise NoForm("operators are of real derivatives")
    columns = len(result.variables[-1])
    return operator_module(
        result.node,
        result.node.order - columns,
        column_of(backend),
        title=result.text("unicode"),
        **_told(result),
    )


class _Told(TypedDict):
    notes: list[str]
    order: list[Expr]
    parts: list[tuple[Expr, Expr]]


def _told(result: Result) -> _Told:
    """What generated code says of where it comes from, its symbols in order, its named parts.

    Raises NoForm for an answer that failed its check.
    """
    if result.proof is not None and result.proof.ok is False:
        raise NoForm(f"this answer did not pass its check, so it has no code: {result.proof}")
    notes = [f"Of {result.input}, by {', '.join(result.wrt)}."]
    if result.conditions:
        notes.append(f"Holds where {'; '.join(result.conditions)}.")
    parts = [(part.symbol, part.normal) for part in result.names.names]
    return _Told(notes=[*notes, ""], order=symbols_of(result.source), parts=parts)


def _run(made: Source) -> Callable[..., Any]:
    """The function that a source defines."""
    file = f"<matgrad {next(_NUMBER)}>"
    # Tracebacks show the lines.
    linecache.cache[file] = (len(made.text), None, made.text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"__name__": file}
    exec(compile(made.text, file, "exec"), space)
    function: Callable[..., Any] = space[made.name]
    return function


def _node(result: Result, order: int) -> Expr:
    """The derivative of an order, in normal form and laid out as the answer is."""
    if order == len(result.targets):
        return result.laid.node
    if order == 0:
        return lower(result.source)
    node = restore(without_zero_determinants(result.normal), independent(result.moving))
    if result.rows or any(t.indices or t.conjugate for t in result.targets):
        raise NoForm("lower orders are of free derivatives by whole variables")
    for variable in result.moving[:order]:
        node, _ = apply_answer_rules(derivative(node, variable))
    back = {free: target.symbol for free, target in zip(result.moving, result.targets, strict=True)}
    node = shorten(restore(node, back), result.names, result.lifter, row=False)
    variables = tuple(target.symbol.shape for target in result.targets[:order])
    return arrange(node, result.source.shape, variables, result.layout).node


def _name(result: Result, order: int) -> str:
    scalar = not result.source.shape
    if order == 0:
        return "value"
    if order == 1:
        return "gradient" if scalar else "jacobian"
    return "hessian" if order == 2 and scalar else "derivative"
