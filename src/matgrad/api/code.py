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
from matgrad.core.dims import Dim, names_of
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
    batch: str | Sequence[str] = (),
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

    Arguments whose names are in `batch` have one axis more, in front and of one length, and so has
    every result: everything is done for each entry along it, in products of all entries where
    products are what there is to do, by the library where it takes matrices in stacks, and in a
    loop for what is left.  Results are arrays then.

    Raises NoForm for a backend, a form, an order or an argument that does not exist, and for an
    operator that the backend has no code for, NoRule for one without a rule along an axis.
    """
    return source(result, backend, orders, form, batch).text


def source(
    result: Result,
    backend: str,
    orders: Sequence[int] | None,
    form: str | None = None,
    batch: str | Sequence[str] = (),
) -> Source:
    """The source and the name of its function."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import Function, column_of, module

    if form not in (None, *FORMS):
        raise NoForm(f"there is no form of code `{form}`", hint=f"one of {', '.join(FORMS)}")
    if form in ("jvp", "vjp", "hvp"):
        if orders is not None:
            raise NoForm(f"the form {form} is a product with the answer alone, without orders")
        return _along(result, backend, form, batch)
    if batch and form == "operator":
        raise NoForm(
            "an operator is of one point", hint="leave the form out, or ask for jvp or vjp"
        )
    wanted = (len(result.targets),) if orders is None else tuple(orders)
    if not wanted or any(not 0 <= order <= len(result.targets) for order in wanted):
        raise NoForm(
            f"orders go from 0, the value, to {len(result.targets)}, this derivative's own",
            hint="differentiate once more for one of higher order",
        )
    name = "_and_".join(_name(result, order) for order in wanted)
    title = result.text("unicode") if len(wanted) == 1 else name.replace("_", " ")
    told = said_of(result)
    nodes: list[Expr | Structured] = []
    if batch:
        nodes += _batched([of_order(result, order) for order in wanted], told, batch)
    else:
        for order in wanted:
            node = of_order(result, order)
            structured = _is_structured(result, node, order, form)
            nodes.append(as_operator(result, order) if structured else node)
    return module([Function(nodes, column_of(backend), name=name, title=title, **told)])


def _batched(nodes: Sequence[Expr], told: Told, batch: str | Sequence[str]) -> list[Expr]:
    """Expressions along a leading axis of some arguments, and what is told of these."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import batched

    names = {node.data[0]: node for node in told["order"]}
    batch = (batch,) if isinstance(batch, str) else batch
    for name in batch:
        if name not in names:
            raise NoForm(
                f"{name} is no argument, and has no axis for a batch",
                hint=f"one of {', '.join(names)}",
            )
    taken = names.keys() | {n for node in told["order"] for s in node.shape for n in names_of(s)}
    size = next(name for name in map("batch{}".format, ("", *range(2, 99))) if name not in taken)
    moved = [names[name] for name in batch]
    found, families = batched(nodes, moved, told["parts"], Dim(size))
    told["order"] = [families.get(node, node) for node in told["order"]]
    told["parts"] = []
    told["notes"] = [f"For each entry along the first axis of {', '.join(batch)}.", *told["notes"]]
    return found


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


def _along(result: Result, backend: str, form: str, batch: str | Sequence[str]) -> Source:
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
    told = said_of(result)
    taken = {name.name for name in result.symbols}
    side = axes[:rows] if form == "vjp" else axes[rows:]
    moved = direction("u" if form == "vjp" else "v", tuple(node.shape[k] for k in side), taken)
    told["order"] = [*told["order"], moved]
    product = along(node, moved, side)
    title = result.text("unicode")
    told["notes"] = [f"Its product with the direction {moved.data[0]}.", *told["notes"]]
    products = _batched([product], told, batch) if batch else [product]
    return module([Function(products, column_of(backend), name=form, title=title, **told)])


def compiled(
    result: Result,
    backend: str = "numpy",
    orders: Sequence[int] | None = None,
    *,
    form: str | None = None,
    batch: str | Sequence[str] = (),
) -> Callable[..., Any]:
    """The function that `code` is the source of; its arguments are arrays by name.

    Raises NoForm as that does.  The function raises ValueError for an argument whose axes or sizes
    do not fit, TypeError for one of another type.
    """
    return run(source(result, backend, orders, form, batch))


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
    return run(source(result, backend, None, "operator"))


def as_operator(result: Result, order: int) -> Structured:
    """A derivative as an operator."""
    # Here, because an answer alone is to be quick.
    from matgrad.codegen import Structured

    node = of_order(result, order, laid=False)
    twice = order == 2 and not (result.source.shape or result.rows)
    symmetric = twice and result.targets[0] == result.targets[1]
    return Structured(node, node.order - len(result.targets[order - 1].shape), symmetric)


class Told(TypedDict):
    notes: list[str]
    order: list[Expr]
    parts: list[tuple[Expr, Expr]]


def said_of(result: Result) -> Told:
    """What generated code says of where it comes from, its symbols in order, its named parts.

    Raises NoForm for an answer that failed its check.
    """
    if result.proof is not None and result.proof.ok is False:
        raise NoForm(f"this answer did not pass its check, so it has no code: {result.proof}")
    notes = [f"Of {result.input}, by {', '.join(result.wrt)}."]
    if result.conditions:
        notes.append(f"Holds where {'; '.join(result.conditions)}.")
    parts = [(part.symbol, part.normal) for part in result.names.names]
    return Told(notes=[*notes, ""], order=symbols_of(result.source), parts=parts)


def run(made: Source) -> Callable[..., Any]:
    """The function that a source defines."""
    file = f"<matgrad {next(_NUMBER)}>"
    # Tracebacks show the lines.
    linecache.cache[file] = (len(made.text), None, made.text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"__name__": file}
    exec(compile(made.text, file, "exec", dont_inherit=True), space)
    function: Callable[..., Any] = space[made.name]
    return function


def of_order(result: Result, order: int, *, laid: bool = True) -> Expr:
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
