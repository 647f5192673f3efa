"""Last improvements of a program: multiples where there is least to multiply, products that come
out the right way round, products around a symmetric matrix.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.codegen.outers import joined_outers
from matgrad.codegen.products import product_of
from matgrad.codegen.program import SUM, Program, Value, is_square, rebuilt, used_once
from matgrad.codegen.sizes import nominal
from matgrad.core.dims import Size

_BILINEAR = frozenset(("matmul", "multiply", "outer", "tensordot", "divide"))


def polished(program: Program, roots: Sequence[Value]) -> tuple[list[Value], dict[Value, Value]]:
    """The roots, and what every value has become."""
    once = used_once(roots)

    def rule(value: Value, args: tuple[Value, ...]) -> Value | None:
        if value.op == SUM:
            return _sum(program, value, args, once)
        if value.op == "permute" and value.args[0] in once:
            return _turned(program, args[0], value.data)
        if value.op == "matmul":
            return _congruence(program, value, args, once)
        return None

    return rebuilt(program, roots, rule)


def _sum(program: Program, value: Value, args: tuple[Value, ...], once: set[Value]) -> Value:
    """A sum whose coefficients stand inside its terms where that is less work."""
    # Terms with what they were before, which says whether they are used once.
    terms = list(zip(value.data, args, value.args, strict=True))
    single = [(coefficient, arg) for coefficient, arg, old in terms if old in once]
    joined = joined_outers(program, *zip(*single, strict=True)) if len(single) > 1 else None
    if joined is not None:
        product, used = joined
        terms = [term for term in terms if term[1] not in used]
        if not terms:
            return product
        terms.append((1, product, product))
    flat: list[tuple[Size, Value, Value]] = []
    for coefficient, arg, old in terms:
        if old in once and arg.op == SUM and old.op == SUM and len(arg.args) == len(old.args):
            inner = zip(arg.data, arg.args, old.args, strict=True)
            flat += [(coefficient * c, part, before) for c, part, before in inner]
        else:
            flat.append((coefficient, arg, old))
    if len(flat) == 1:
        coefficient, arg, old = flat[0]
        return (_scaled if old in once else Program.scaled)(program, coefficient, arg)
    coefficients, parts = [], []
    for coefficient, arg, old in flat:
        inside = old in once and coefficient not in (1, -1)
        coefficients.append(1 if inside else coefficient)
        parts.append(_scaled(program, coefficient, arg) if inside else arg)
    return program.make(SUM, tuple(parts), tuple(coefficients), value.shape)


def _scaled(program: Program, coefficient: Size, value: Value) -> Value:
    """A multiple, of the smaller operand of a product that is larger than it."""
    if value.op in ("expand", "permute", "reshape", "spread"):
        inner = _scaled(program, coefficient, value.args[0])
        return program.make(value.op, (inner,), value.data, value.shape)
    if value.op in ("add_diagonal", "add_spread"):
        both = tuple(_scaled(program, coefficient, arg) for arg in value.args)
        return program.make(value.op, both, value.data, value.shape)
    if value.op in _BILINEAR:
        left, right = value.args
        if is_square(left, right):
            return program.scaled(coefficient, value)
        smaller = left if _size(left) <= _size(right) or value.op == "divide" else right
        if 2 * _size(smaller) < _size(value):
            part = _scaled(program, coefficient, smaller)
            args = (part, right) if smaller is left else (left, part)
            return program.make(value.op, args, value.data, value.shape)
    return program.scaled(coefficient, value)


def _congruence(
    program: Program, value: Value, args: tuple[Value, ...], once: set[Value]
) -> Value | None:
    """A' S A of a symmetric matrix S, which is symmetric."""
    for k, inner in enumerate(args):
        if inner.op == "matmul" and value.args[k] in once and inner.order == 2:
            left, middle, right = (*inner.args, args[1]) if k == 0 else (args[0], *inner.args)
            if middle in program.symmetric and is_square(left, right):
                return program.make("congruence", (middle, right), None, value.shape)
    return None


def _turned(program: Program, value: Value, order: tuple[int, ...]) -> Value:
    """A transpose; that of a product of matrices is one of their transposes."""
    if value.op == "matmul" and all(arg.order == 2 for arg in value.args):
        left, right = value.args
        args = (program.permuted(right, (1, 0)), program.permuted(left, (1, 0)))
        return program.make("matmul", args, None, value.shape[::-1])
    return program.permuted(value, order)


def _size(value: Value) -> float:
    return nominal(product_of(value.shape))
