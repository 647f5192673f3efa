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
    from matgrad.codegen import Source, Structured

# How results of code may be asked for.
FORMS = ("dense", "operator", "jvp", "vjp", "hvp")
_NUMBER = count(1)


def code_of(
    result: Result,
    backend: str = "numpy",
    orders: Sequence[int] | None = None,
    *,
    form: str | None = None,
) -> str:
    """The answer as source for a backend: one function that needs no matgrad.

    `orders` are the orders of differentiation wanted, if they are more than the answer: 0 is the
    value, 1 the derivative by the first variable, 2 that by the first two, all of one function.

    `form` says how results are given:

    - None: an array; but a derivative with three axes or more as an operator, which keeps its
      structure, unless it is complex or that of a scalar by one variable.
    - `dense`: an array in any case.
    - `operator`: an object with `matvec`, `rmatvec`, `factors`, `solve`, `dense`, `shape`.
    - `jvp`, `vjp`: the product with a direction of the (last) variable's shape, and with one
      of the result's, which is a further argument; `hvp` is the `jvp` of a Hessian.

    Raises NoForm for a backend, a form or an order that does not exist, and for an operator that
    the backend has no code for.
    """
    return source(result, backend, orders, form).text


def source(
    result: Result, backend: str, orders: Sequence[int] | None, form: str | None = None
) -> Source:
    """The source and the name of its function."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import Function, column_of, module

    if form not in (None, *FORMS):
        raise NoForm(f"there is no form of code `{form}`", hint=f"one of {', '.join(FORMS)}")
    if form in ("jvp", "vjp", "hvp"):
        if orders is not None:
            raise NoForm(f"the form {form} is a product with the answer alone, without orders")
        return _along(result, backend, form)
    wanted = (len(result.targets),) if orders is None else tuple(orders)
    if not wanted or any(not 0 <= order <= len(result.targets) for order in wanted):
        raise NoForm(
            f"orders go from 0, the value, to {len(result.targets)}, this derivative's own",
            hint="differentiate once more for one of higher order",
        )
    nodes: list[Expr | Structured] = []
    for order in wanted:
        node = _node(result, order)
        if _is_structured(result, node, order, form):
            nodes.append(_structured(result, order))
        else:
            nodes.append(node)
    name = "_and_".join(_name(result, order) for order in wanted)
    title = result.text("unicode") if len(wanted) == 1 else name.replace("_", " ")
    function = Function(nodes, column_of(backend), name=name, title=title, **_told(result))
    return module([function])


def _is_structured(result: Result, node: Expr, order: int, form: str | None) -> bool:
    """Whether a derivative is given as an operator."""
    if form == "dense" or not order:
        return False
    if form == "operator":
        if is_complex(node):
            raise NoForm("operators are of real derivatives")
        return True
    by_one = order == 1 and not result.source.shape
    return node.order > 2 and not by_one and not is_complex(node)


def _along(result: Result, backend: str, form: str) -> Source:
    """A product with a direction as source."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import Function, along, column_of, direction, module

    node = result.node
    if is_complex(node):
        raise NoForm(f"the form {form} is of real derivatives")
    if form == "hvp" and (len(result.targets) != 2 or result.source.shape):
        raise NoForm(
            "a Hessian-vector product is of a second derivative of a scalar",
            hint="differentiate a scalar twice, or ask for the form jvp",
        )
    axes = tuple(range(node.order))
    rows = node.order - len(result.variables[-1])
    told = _told(result)
    taken = {name.name for name in result.symbols}
    side = axes[:rows] if form == "vjp" else axes[rows:]
    moved = direction("u" if form == "vjp" else "v", tuple(node.shape[k] for k in side), taken)
    told["order"] = [*told["order"], moved]
    product = along(node, moved, side)
    if not side:
        product = node
    title = result.text("unicode")
    told["notes"] = [f"Its product with the direction {moved.data[0]}.", *told["notes"]]
    return module([Function([product], column_of(backend), name=form, title=title, **told)])


def compiled(
    result: Result,
    backend: str = "numpy",
    orders: Sequence[int] | None = None,
    *,
    form: str | None = None,
) -> Callable[..., Any]:
    """The function that `code` is the source of; its arguments are arrays by name.

    Raises NoForm as that does.  The function raises ValueError for an argument whose axes or sizes
    do not fit, TypeError for one of another type.
    """
    return _run(source(result, backend, orders, form))


def operator_code(result: Result, backend: str = "numpy") -> str:
    """The answer as an operator: `code` in the form `operator`.  Raises NoForm as that does."""
    return source(result, backend, None, "operator").text


def operator_of(result: Result, backend: str = "numpy") -> Callable[..., Any]:
    """The function that `operator_code` is the source of.  Of its arguments it makes an object with

    - `shape`, `rows` and `columns`: the result's axes, then those of the (last) variable;
    - `matvec(v)`, `rmatvec(u)`: products with directions of the shapes `columns` and `rows`, for
      which the array is never built;
    - `solve(g)`, where rows and columns are alike: the direction whose product is g, by what the
      structure allows: division, small blocks, Kronecker factors, Woodbury, one factorisation;
    - `factors()`: products of arrays that add up to it; `dense(out=None)`: the whole array;
    - `linear_operator()`: for NumPy an operator of SciPy, for JAX one of lineax, on flat arrays.
    """
    return _run(source(result, backend, None, "operator"))


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
    return _run(_differentiable(result, backend, rule))


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
        JOINT: [_node(result, order, laid=False) for order in (0, 1)]
    }
    if count == 2:
        nodes[SECOND] = [_structured(result, 2)]
    titles = {JOINT: "value and gradient", SECOND: result.text("unicode")}
    told = _told(result)
    functions = [
        Function(each, column, name=name, title=titles[name], reserved=wrapper.words, **told)
        for name, each in nodes.items()
    ]
    return module(functions, wrapper)


def _structured(result: Result, order: int) -> Structured:
    """A derivative as an operator."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import Structured

    node = _node(result, order, laid=False)
    twice = order == 2 and not (result.source.shape or result.rows)
    symmetric = twice and result.targets[0] == result.targets[1]
    return Structured(node, node.order - len(result.targets[order - 1].shape), symmetric)


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
    exec(compile(made.text, file, "exec", dont_inherit=True), space)
    function: Callable[..., Any] = space[made.name]
    return function


def _node(result: Result, order: int, *, laid: bool = True) -> Expr:
    """The derivative of an order, in normal form, and laid out as the answer is."""
    if order == len(result.targets):
        return result.laid.node if laid else result.node
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
    return arrange(node, result.source.shape, variables, result.layout).node if laid else node


def _name(result: Result, order: int) -> str:
    scalar = not result.source.shape
    if order == 0:
        return "value"
    if order == 1:
        return "gradient" if scalar else "jacobian"
    return "hessian" if order == 2 and scalar else "derivative"
