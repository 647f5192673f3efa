"""Building operators on normal operands: laws of transposition, then the rule book.

Floor 3.  inv(X') is stored as inv(X)', sin.(X') as sin.(X)': of an operand and its transpose
the one with the lesser key stands inside.  A map of a broadcast array is a broadcast map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from matgrad.catalogue.linalg import inv
from matgrad.core.along import Along
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Dim, Shape, Size, substitute
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr, Op, make, walk
from matgrad.core.signature import directions, further_of, own_axes, resized
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.conjugate import conjugated
from matgrad.normal.directions import direction_of
from matgrad.normal.exchange import ordered
from matgrad.normal.indices import RAISED, is_affine_op
from matgrad.normal.journal import note
from matgrad.normal.pattern import Pattern
from matgrad.normal.placing import provide_mapper
from matgrad.normal.product import contract
from matgrad.normal.sums import ONE, combine, is_zero, scaled, zero
from matgrad.normal.symmetry import operands_yield, permute, transposed, turned, yields
from matgrad.normal.varying import restrict, varying

# Matrix powers up to this one are written out as products.
MATRIX_POWER_LIMIT = 32


# Which rules rewrite an operator as soon as it is built; `normal.book` provides it.
_provider: list[Callable[[Op, tuple[Expr, ...]], Sequence[Pattern]]] = []


# How an operator along indices is built from its members; `normal.families` provides it.
_families: list[Callable[[Op, tuple[Expr, ...], Any, Shape], Expr]] = []


def provide_families(build: Callable[[Op, tuple[Expr, ...], Any, Shape], Expr]) -> None:
    """Set how operators along indices are built (by a module above this one)."""
    _families[:] = [build]


def provide_rules(provider: Callable[[Op, tuple[Expr, ...]], Sequence[Pattern]]) -> None:
    """Set where the rules come from (they are compiled by a module above this one)."""
    _provider[:] = [provider]


def node(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """`op` applied to normal operands, in normal form."""
    if op.kind == "elementwise":
        return mapped(op, args[0])
    if op.kind == "conjugate":
        return conjugate(args[0])
    if not args:
        return make(op, args, data, shape)
    if is_affine_op(op) and not data[1] and (op is RAISED or args[0].order == 2):
        return whole_power(op, args[0], data[0])
    if is_affine_op(op) or isinstance(data, Along):
        return _families[0](op, args, data, shape)
    if op is APPLY:
        return make(APPLY, args, data, shape)
    if op.adjoint:
        return _image(op, args, data, shape)
    return _turned(op, args, data, shape)


def _turned(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """A primitive at its operands or at their transposes, whichever come first."""
    if op.transpose and operands_yield(op, args):
        other = transposed(op, args)
        if op.transpose == "invariant":
            return primitive(op, other, data, shape)
        return turned(primitive(op, other, data, (*shape[1::-1], *shape[2:])))
    return primitive(op, args, data, shape)


def conjugate(arg: Expr) -> Expr:
    """The conjugate of a normal expression, in normal form.

    Raises NoRule for an operator of a complex value that is not known to commute with it.
    """
    return conjugated(arg, node)


def is_real(arg: Expr) -> bool:
    """Whether a normal expression is its own conjugate."""
    return not is_complex(arg) or conjugate(arg) is arg


def _image(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """A linear operator at its directions, of which all stands outside that it does not act on:
    the coefficient, scalars, and what hangs on further axes only."""
    if any(is_zero(args[k]) for k in directions(op)):
        return zero(shape)
    own, inner = own_axes(op), list(args)
    coefficient: Size = 1
    out = list(range(own))
    rows: list[Labels] = []
    loose: list[Factor] = []
    start = own
    for k, further in zip(directions(op), further_of(op, args), strict=True):
        direction = direction_of(args[k], args[k].order - further, start)
        inner[k], coefficient = direction.core, coefficient * direction.coefficient
        rows.append(direction.further)
        out += direction.out
        loose += direction.loose
        start = direction.end
    sizes = dict(zip(out, shape, strict=True))
    image, row = _arranged(op, tuple(inner), data, rows, sizes)
    if not loose and row == tuple(out):
        return scaled(coefficient, image)
    return contract(tuple(out), [(image, row, 1), *loose], coefficient, sizes)


def _arranged(
    op: Op, args: tuple[Expr, ...], data: Any, rows: list[Labels], sizes: Mapping[int, Size]
) -> tuple[Expr, Labels]:
    """A linear operator at its operands or at their transposes, its directions in the order of
    their keys; and its labels, of which `rows` are those of each direction's further axes."""
    row = tuple(range(own_axes(op)))
    if op.transpose and operands_yield(op, args):
        args = transposed(op, args)
        row = row if op.transpose == "invariant" else row[::-1]
    args, order = ordered(op, args)
    row = sum([rows[k] for k in order], row)
    return primitive(op, args, data, tuple([sizes[label] for label in row])), row


def mapped(op: Op, arg: Expr) -> Expr:
    """A scalar function applied to every entry of a normal expression."""
    if arg.shape:
        kept = varying(arg)
        if len(kept) < arg.order:
            factor: Factor = (mapped(op, restrict(arg, kept)), kept, 1)
            return contract(tuple(range(arg.order)), [factor], 1, dict(enumerate(arg.shape)))
        if arg.order == 2 and yields(arg):
            other = turned(arg)
            return turned(primitive(op, (other,), None, other.shape))
    return primitive(op, (arg,), None, arg.shape)


def whole_power(op: Op, base: Expr, exponent: Size) -> Expr:
    """A matrix (POWER) or the entries of an array (RAISED), raised to a whole number, known or
    not."""
    if not isinstance(exponent, Dim):
        return written_power(op, base, int(exponent))
    if base.op is op and not base.data[1]:
        return whole_power(op, base.args[0], base.data[0] * exponent)
    if op is RAISED:
        kept = varying(base)
        if base is ONE:
            return ONE
        if len(kept) < base.order:
            inner = whole_power(op, restrict(base, kept), exponent)
            axes = tuple(range(base.order))
            return contract(axes, [(inner, kept, 1)], 1, dict(enumerate(base.shape)))
        return make(op, (base,), (exponent, ()), base.shape)
    if base.op is inv:
        return whole_power(op, base.args[0], exponent * -1)
    if base.op is CONTRACTION and not base.args and len(set(base.data[0])) == 1:
        return base
    if base.op is CONTRACTION and len(set(base.args)) == 1 < len(base.args):
        (inner, *_), count = base.args, len(base.args)
        if inner.order == 2 and written_power(op, inner, count) is base:
            return whole_power(op, inner, exponent * count)
    if yields(base):
        return permute(whole_power(op, permute(base, (1, 0)), exponent), (1, 0))
    return make(op, (base,), (exponent, ()), base.shape)


def written_power(op: Op, base: Expr, exponent: int) -> Expr:
    """A power with a known exponent, as a product.

    Raises BudgetExceeded for a matrix power too large to be written out.
    """
    axes, sizes = tuple(range(base.order)), dict(enumerate(base.shape))
    if op is RAISED:
        return contract(axes, [(base, axes, exponent)] if exponent else [], 1, sizes)
    if exponent == 0:
        return contract((0, 0), [], 1, {0: base.shape[0]})
    if abs(exponent) > MATRIX_POWER_LIMIT:
        raise BudgetExceeded(
            f"the matrix power {exponent} is beyond {MATRIX_POWER_LIMIT}, the largest that is "
            "written out as a product"
        )
    if exponent < 0:
        base = node(inv, (base,), None, base.shape)
    path = [0, *range(2, 1 + abs(exponent)), 1]
    return contract(axes, [(base, pair, 1) for pair in pairwise(path)], 1, sizes)


def primitive(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """`op` on operands in their final orientation: the first rule that matches, or the node."""
    plain = make(op, args, data, shape)
    if "no rule" in plain.memo:
        return plain
    ways = [args]
    if op.transpose == "invariant" and len(args) == 1 and is_turned(args[0]):
        ways.append(transposed(op, args))
    for way in ways if _provider else ():
        for rule in _provider[0](op, way):
            found = rule.match(way)
            if found is not None:
                note(rule.name)
                if rule.entrywise:
                    return spread(rule.result, found.nodes, shape)
                return instantiate(rule.result, found.nodes, found.sizes)
    plain.memo["no rule"] = True
    return plain


def is_turned(node: Expr) -> bool:
    """Whether a node is the transpose of one that is no product."""
    return node.op is CONTRACTION and node.data == ((0, 1), ((1, 0),), (1,))


def rebuilt(old: Expr, args: tuple[Expr, ...]) -> Expr:
    """A normal node with other operands."""
    if args == old.args:
        return old
    if old.op is SUM:
        return combine(list(zip(old.data, args, strict=True)), old.shape)
    if old.op is CONTRACTION:
        out, rows, powers = old.data
        factors = list(zip(args, rows, powers, strict=True))
        return contract(out, factors, 1, dict(zip(out, old.shape, strict=True)))
    return node(old.op, args, old.data, old.shape)


def instantiate(template: Expr, nodes: Mapping[Expr, Expr], sizes: Mapping[str, Size]) -> Expr:
    """A normal template with some nodes, its symbols usually, and its sizes replaced."""
    done: dict[Expr, Expr] = {}
    for part in walk(template):
        if part in nodes or part.op is SYMBOL:
            done[part] = nodes.get(part, part)
            continue
        shape = tuple([substitute(size, sizes) for size in part.shape])
        if part.op is SUM:
            terms = zip(part.data, part.args, strict=True)
            done[part] = combine([(substitute(c, sizes), done[arg]) for c, arg in terms], shape)
        elif part.op is CONTRACTION:
            out, rows, powers = part.data
            factors = [
                (done[arg], row, power)
                for arg, row, power in zip(part.args, rows, powers, strict=True)
            ]
            done[part] = contract(out, factors, 1, dict(zip(out, shape, strict=True)))
        else:
            data = resized(part.data, sizes) if sizes else part.data
            done[part] = node(part.op, tuple(done[arg] for arg in part.args), data, shape)
    return done[template]


def spread(template: Expr, nodes: Mapping[Expr, Expr], shape: Shape) -> Expr:
    """A scalar template evaluated entry by entry on arrays of one shape."""
    labels = tuple(range(len(shape)))
    sizes = dict(enumerate(shape))
    done: dict[Expr, Expr] = {}

    def entry(part: Expr) -> Labels:
        return labels if done[part].shape else ()

    def full(value: Expr) -> Expr:
        if value.shape == shape:
            return value
        return zero(shape) if is_zero(value) else contract(labels, [(value, (), 1)], 1, sizes)

    for part in walk(template):
        if part.op is SYMBOL:
            done[part] = nodes.get(part, part)
        elif part.op is SUM:
            terms = zip(part.data, part.args, strict=True)
            done[part] = combine([(c, full(done[arg])) for c, arg in terms], shape)
        elif part.op is CONTRACTION:
            factors: list[Factor] = [
                (done[arg], entry(arg), power)
                for arg, power in zip(part.args, part.data[2], strict=True)
            ]
            done[part] = contract(labels, factors, 1, sizes)
        else:
            args = tuple(done[arg] for arg in part.args)
            whole = next((arg.shape for arg in args if arg.shape), ())
            done[part] = node(part.op, args, part.data, whole)
    return full(done[template])


provide_mapper(mapped)
