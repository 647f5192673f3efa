"""Derived derivatives as other tools take them: JAX, PyTorch, what SciPy minimises.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matgrad.api.code import as_operator, of_order, run, said_of
from matgrad.core.complexes import is_complex
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr

if TYPE_CHECKING:
    from matgrad.api.result import Result
    from matgrad.codegen import Source, Structured


def differentiable_code(result: Result, backend: str = "numpy", *, rule: str | None = None) -> str:
    """The source of `differentiable`.  Raises NoForm as that does."""
    return _differentiable(result, backend, rule).text


def differentiable_of(
    result: Result, backend: str = "numpy", *, rule: str | None = None
) -> Callable[..., Any]:
    """A scalar as a function that the backend's own machinery differentiates by the derived
    gradient, and that by the derived Hessian if this is one.  Given the other arguments by name,
    it is

    - for JAX a function with a custom rule: `rule="vjp"`, as if None, for reverse mode, or `"jvp"`
      for both modes;
    - for PyTorch a function of `torch.autograd`; further derivatives are PyTorch's own;
    - for NumPy, given also a first guess, what `scipy.optimize.minimize` takes: an object `o` with
      `fun`, `x0` and `jac`, of a Hessian also `hess`, `hessp` and Newton's `step`, used as
      `minimize(**o.arguments("hessp"), method="trust-ncg")`.

    Raises NoForm for what is no gradient of a scalar by one whole variable and no Hessian by one,
    and for a rule that the backend does not have.
    """
    return run(_differentiable(result, backend, rule))


def _differentiable(result: Result, backend: str, rule: str | None) -> Source:
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import JOINT, SECOND, Function, Wrapper, column_of, module

    target, column = result.targets[0], column_of(backend)
    count = len(result.targets)
    whole = not (target.indices or target.conjugate or result.rows)
    whole = whole and count <= 2 and result.targets == (target,) * count
    if result.source.shape or not whole or is_complex(result.node):
        raise NoForm("a gradient of a scalar by one whole variable is wanted, or its Hessian")
    if not column.wrappers:
        raise NoForm(f"{backend} differentiates nothing")
    text = column.wrappers.get((rule or "", count))
    if text is None:
        rules = [name for name, order in column.wrappers if name and order == count]
        known = f"one of {', '.join(rules)}" if rules else "leave it out"
        raise NoForm(f"{backend} has no rule `{rule}`", hint=known)
    wrapper = Wrapper(text, str(target.symbol.data[0]))
    nodes: dict[str, list[Expr | Structured]] = {
        JOINT: [of_order(result, order, laid=False) for order in (0, 1)]
    }
    if count == 2:
        nodes[SECOND] = [as_operator(result, 2)]
    titles = {JOINT: "value and gradient", SECOND: result.text("unicode")}
    told = said_of(result)
    functions = [
        Function(each, column, name=name, title=titles[name], reserved=wrapper.words, **told)
        for name, each in nodes.items()
    ]
    return module(functions, wrapper)
