"""Shape rules: reading a signature and applying it to operands.

Floor 0.  Two spellings, one meaning.  `ik,kj->ij` is a contraction's einsum string, in
which `[ik]` is one axis made of two (`ij,kl->[ik][jl]` is the Kronecker product) and a
repeated output label is a diagonal (`i->ii`).  `(m,n),(n)->(m)` is NumPy's gufunc notation.
A trailing `...` stands for further axes, the same in all operands that have it; with a name,
`(n,n,p...),(n,n,q...)->(n,n,p...,q...)`, for those of one operand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, final

from matgrad.core.along import lead_in
from matgrad.core.dims import Dim, Shape, Size, substitute
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import NUMBER, SYMBOL, Expr, Op, make, number, shape_text, transform
from matgrad.core.unify import Unifier

Axis = str | tuple[str, ...]


@final
class Spec(NamedTuple):
    """The axes of one operand or of the result; `rest` are the names of further axes that it may
    have, none if it has no others."""

    axes: tuple[Axis, ...]
    rest: tuple[str, ...]

    def accepts(self, order: int) -> bool:
        return order >= len(self.axes) if self.rest else order == len(self.axes)


@final
class Alternative(NamedTuple):
    """One shape rule: the operands' axes and the result's."""

    inputs: tuple[Spec, ...]
    output: Spec


@cache
def alternatives(signature: str) -> tuple[Alternative, ...]:
    """The shape rules that a signature lists."""
    read = _gufunc_specs if "(" in signature else _einsum_specs
    rules = []
    for text in signature.split(";"):
        left, right = text.replace(" ", "").split("->")
        rules.append(Alternative(read(left) if left else (), read(right)[0]))
    return tuple(rules)


@cache
def choose(op: Op, orders: tuple[int, ...], result: int | None = None) -> Alternative:
    """The first rule of `op` for operands of these orders (and, for constants, this result).

    Raises ShapeProblem when there is none.
    """
    for rule in alternatives(op.signature):
        if len(rule.inputs) == len(orders) and all(
            spec.accepts(order) for spec, order in zip(rule.inputs, orders, strict=True)
        ):
            if result is not None and not rule.inputs and not rule.output.accepts(result):
                continue
            return rule
    given = ", ".join(_ORDERS.get(order, f"a tensor with {order} axes") for order in orders)
    raise ShapeProblem(f"{op.name} is not defined for {given or 'no operand'} ({op.signature})")


@cache
def acts_entrywise(op: Op) -> bool:
    """Whether `op` acts on every entry by itself: its operands have the axes of its value."""
    return all(
        rule.output.rest and rule.inputs and not any(s.axes for s in (*rule.inputs, rule.output))
        for rule in alternatives(op.signature)
    )


def own_axes(op: Op) -> int:
    """How many axes an operator makes; further axes of its operands may follow."""
    return len(alternatives(op.signature)[0].output.axes)


@cache
def directions(op: Op) -> tuple[int, ...]:
    """The operands in which a linear operator that is no contraction is linear, in the order in
    which their further axes follow its own: the last one, and what has such axes, too."""
    if not op.adjoint:
        return ()
    *others, _ = alternatives(op.signature)[0].inputs
    return (*(k for k, spec in enumerate(others) if spec.rest), len(others))


def further_of(op: Op, args: tuple[Expr, ...]) -> tuple[int, ...]:
    """How many axes pass through a linear operator from each of its directions."""
    inputs = alternatives(op.signature)[0].inputs
    return tuple([args[k].order - len(inputs[k].axes) for k in directions(op)])


def infer(op: Op, shapes: tuple[Shape, ...], unifier: Unifier) -> Shape:
    """The shape of `op` applied to operands of these shapes, unifying sizes on the way.

    Raises ShapeProblem when the shapes do not fit.
    """
    rule = choose(op, tuple(len(shape) for shape in shapes))
    sizes: dict[str, Size] = {}
    rests: dict[str, Shape] = {}
    for spec, shape in zip(rule.inputs, shapes, strict=True):
        for axis, size in zip(spec.axes, shape, strict=False):
            if not isinstance(axis, str):
                raise ShapeProblem(f"{op.name}: an operand axis cannot be a group")
            if axis.isdigit():
                fits = unifier.unify(int(axis), size)
            else:
                fits = axis not in sizes or unifier.unify(sizes[axis], size)
                sizes.setdefault(axis, size)
            if not fits:
                raise _clash(op, shapes, unifier)
        for name in spec.rest:
            tail, rest = shape[len(spec.axes) :], rests.get(name, ())
            if tail and rest and not unifier.unify_shapes(rest, tail):
                raise _clash(op, shapes, unifier)
            rests[name] = rest or tail
    own = tuple(_size(axis, sizes) for axis in rule.output.axes)
    return sum([rests.get(name, ()) for name in rule.output.rest], own)


_SHAPE = attrgetter("shape")


def build(op: Op, args: tuple[Expr, ...], data: Any = None, shape: Shape | None = None) -> Expr:
    """Apply an operator, its shape inferred (or given, for constants such as `ones`).

    Raises ShapeProblem when the operands do not fit.
    """
    if shape is None:
        lead = lead_in(data)
        if lead:
            members = _inferred(op, tuple([arg.shape[lead:] for arg in args]))
            shape = args[0].shape[:lead] + members
        else:
            shape = _inferred(op, tuple(map(_SHAPE, args)))
    return make(op, args, data, shape)


@lru_cache(maxsize=1 << 14)
def _inferred(op: Op, shapes: tuple[Shape, ...]) -> Shape:
    return infer(op, shapes, Unifier())


def operand_symbols(op: Op, orders: tuple[int, ...]) -> tuple[Expr, ...]:
    """Symbols named as the operator's operands, with the sizes its signature gives them."""
    rule = choose(op, orders)
    symbols = []
    for name, spec, order in zip(op.operands, rule.inputs, orders, strict=False):
        shape: list[Size] = [
            int(axis) if isinstance(axis, str) and axis.isdigit() else Dim(str(axis))
            for axis in spec.axes
        ]
        rest = "".join(spec.rest) or "r"
        shape += [Dim(f"{rest}{k}") for k in range(order - len(shape))]
        symbols.append(make(SYMBOL, (), (name, frozenset()), tuple(shape)))
    return tuple(symbols)


def sizes_at(symbols: Iterable[Expr], args: Iterable[Expr]) -> dict[str, Size]:
    """What the sizes of a record's operands are at these operands."""
    sizes: dict[str, Size] = {}
    for slot, arg in zip(symbols, args, strict=False):
        for size, actual in zip(slot.shape, arg.shape, strict=True):
            if isinstance(size, Dim):
                sizes[str(size)] = actual
    return sizes


def at_operands(template: Expr, symbols: tuple[Expr, ...], args: tuple[Expr, ...]) -> Expr:
    """A surface expression in symbols, at other operands; its sizes are those of the operands."""
    values = dict(zip(symbols, args, strict=True))
    sizes = sizes_at(symbols, args)

    def visit(node: Expr, parts: tuple[Expr, ...]) -> Expr:
        if node.op is SYMBOL:
            return values.get(node, node)
        if node.op is NUMBER:
            return number(substitute(node.data, sizes))
        shape = tuple(substitute(size, sizes) for size in node.shape)
        return make(node.op, parts, resized(node.data, sizes), shape)

    return transform(template, visit)


def resized(data: Any, sizes: Mapping[str, Size]) -> Any:
    """A node's data with the sizes in it replaced."""
    if isinstance(data, tuple):
        items = (resized(item, sizes) for item in data)
        # A named tuple takes its fields one by one.
        return type(data)(*items) if hasattr(data, "_fields") else tuple(items)
    return substitute(data, sizes) if isinstance(data, Dim) else data


_ORDERS = {0: "a scalar", 1: "a vector", 2: "a matrix"}


def _size(axis: Axis, sizes: dict[str, Size]) -> Size:
    if isinstance(axis, str):
        if axis.isdigit():
            return int(axis)
        if axis in sizes:
            return sizes[axis]
        # A sum such as m+n-1.
        total: Size = 0
        for sign, term in re.findall(r"([+-]?)(\w+)", axis):
            total = total + _size(term, sizes) * (-1 if sign == "-" else 1)
        return total
    product: Size = 1
    for label in axis:
        product = product * sizes[label]
    return product


def _clash(op: Op, shapes: tuple[Shape, ...], unifier: Unifier) -> ShapeProblem:
    given = ", ".join(shape_text(unifier.resolve_shape(shape)) for shape in shapes)
    return ShapeProblem(f"{op.name}: shapes do not fit ({given}); it takes {op.signature}")


def _einsum_specs(text: str) -> tuple[Spec, ...]:
    specs = []
    for part in text.split(","):
        rest = part.endswith("...")
        axes: list[Axis] = []
        position, body = 0, part.removesuffix("...")
        while position < len(body):
            if body[position] == "[":
                end = body.index("]", position)
                axes.append(tuple(body[position + 1 : end]))
                position = end + 1
            else:
                axes.append(body[position])
                position += 1
        specs.append(Spec(tuple(axes), ("",) if rest else ()))
    return tuple(specs)


def _gufunc_specs(text: str) -> tuple[Spec, ...]:
    specs = []
    for part in text[1:-1].split("),("):
        names = [name for name in part.split(",") if name]
        rest = tuple(name[:-3] for name in names if name.endswith("..."))
        specs.append(Spec(tuple(names[: len(names) - len(rest)]), rest))
    return tuple(specs)
