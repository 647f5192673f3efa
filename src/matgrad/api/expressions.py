"""Expressions built in Python, with NumPy's meaning of the operators.

Floor 5.  `@` is the matrix product (of two vectors the inner one), `*` `/` `**` act entry by
entry or with a scalar, `.T` of a vector is the vector; arrays with more axes take part in `@` with
their last two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from math import isfinite
from typing import TypeAlias, final

from matgrad.catalogue import OPERATORS, algebra, structure
from matgrad.catalogue.complex import conj, ctranspose
from matgrad.core.dims import Shape
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import Expr, Op, make, number, shape_text
from matgrad.core.signature import build
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft
from matgrad.notation.kinds import of_order
from matgrad.notation.misfit import excerpt
from matgrad.notation.render import render
from matgrad.notation.tensors import ARRAY_PRODUCT, REVERSED

Operand: TypeAlias = "Expression | int | float | Fraction"


@final
class Expression:
    """A matrix expression.  `str()` and `repr()` are its text, `shape` its sizes."""

    __slots__ = ("expr",)
    # NumPy must not broadcast over an expression.
    __array_ufunc__ = None

    def __init__(self, expr: Expr) -> None:
        self.expr = expr

    @property
    def shape(self) -> Shape:
        """The sizes of the axes."""
        return self.expr.shape

    @property
    def T(self) -> Expression:
        """The transpose, with all axes in reverse; of a vector or a scalar the thing itself."""
        if self.expr.order < 2:
            return self
        if self.expr.order > 2:
            return _drafted(REVERSED, self.expr)
        return _built(structure.transpose, self.expr)

    @property
    def H(self) -> Expression:
        """The conjugate transpose; of a vector or a scalar the conjugate."""
        op = ctranspose if self.expr.order == 2 else conj
        return _built(op, self.expr)

    def text(self, form: str = "text") -> str:
        """The expression as `text`, `unicode`, `latex` or `numpy`."""
        return render(self.expr, form)

    def __matmul__(self, other: Expression) -> Expression:
        if not isinstance(other, Expression):
            return NotImplemented
        if max(self.expr.order, other.expr.order) > 2:
            return _drafted(ARRAY_PRODUCT, self.expr, other.expr)
        return _built(algebra.matmul, self.expr, other.expr)

    def __mul__(self, other: Operand) -> Expression:
        left, right = self.expr, as_expr(other)
        if left.order == 0:
            return _built(algebra.scale, left, right)
        if right.order == 0:
            return _built(algebra.scale, right, left)
        return _built(algebra.hadamard, left, right)

    def __rmul__(self, other: Operand) -> Expression:
        return Expression(as_expr(other)) * self

    def __truediv__(self, other: Operand) -> Expression:
        return _built(algebra.divide, self.expr, as_expr(other))

    def __rtruediv__(self, other: Operand) -> Expression:
        return _built(algebra.divide, _filled(as_expr(other), self.shape), self.expr)

    def __add__(self, other: Operand) -> Expression:
        return _sum(algebra.add, self.expr, as_expr(other))

    def __radd__(self, other: Operand) -> Expression:
        return _sum(algebra.add, as_expr(other), self.expr)

    def __sub__(self, other: Operand) -> Expression:
        return _sum(algebra.sub, self.expr, as_expr(other))

    def __rsub__(self, other: Operand) -> Expression:
        return _sum(algebra.sub, as_expr(other), self.expr)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return operator_call("abs", self)

    def __neg__(self) -> Expression:
        return _built(algebra.neg, self.expr)

    def __pow__(self, exponent: int | float | Fraction) -> Expression:
        value = _number(exponent)
        return _built(algebra.power, self.expr, data=value)

    def __eq__(self, other: object) -> bool:
        """Whether both are written alike; `mg.equal` says whether they are equal."""
        return isinstance(other, Expression) and self.expr is other.expr

    def __hash__(self) -> int:
        return hash(self.expr)

    def __bool__(self) -> bool:
        raise TypeError("an expression has no truth value; compare with mg.equal(left, right)")

    def __float__(self) -> float:
        raise TypeError("an expression is no number; evaluate a derivative with r(X=...)")

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.text('latex')}$"


def operator_call(name: str, *args: Operand) -> Expression:
    """An operator of the catalogue on expressions.

    Raises ShapeProblem, with what would fit, when the operands do not.
    """
    return _built(OPERATORS[name], *map(as_expr, args))


def _built(op: Op, *args: Expr, data: object = None) -> Expression:
    try:
        return Expression(build(op, args, data))
    except ShapeProblem:
        shapes = ", ".join(f"{_shown(arg)} is {shape_text(arg.shape)}" for arg in args)
        hint = next((f"`{_shown(made)}` would fit" for made in _fitting(op, args, data)), None)
        raise ShapeProblem(f"{op.name}: shapes do not fit: {shapes}", hint=hint) from None


def _drafted(rule: Rule, *args: Expr) -> Expression:
    """What the NumPy dialect makes of arrays with any number of axes."""
    draft = Draft()
    kinds = tuple(of_order(arg.order) for arg in args)
    if not rule.outcome(kinds, False):
        raise ShapeProblem(f"shapes do not fit: {', '.join(shape_text(arg.shape) for arg in args)}")
    row = rule.emit(draft, tuple(map(draft.known, args)), kinds)
    return Expression(draft.finish(lambda size: size)[row])


def _fitting(op: Op, args: tuple[Expr, ...], data: object) -> Iterator[Expr]:
    """The operator on the same operands, transposed or swapped, where their shapes fit."""
    turned = [build(structure.transpose, (a,)) if a.order == 2 else a for a in args]
    choices: list[tuple[Expr, ...]] = []
    if len(args) == 1 and args[0].order == 2:
        choices = [(build(algebra.matmul, (turned[0], args[0])),)]
    elif len(args) == 2:
        choices = [(turned[0], args[1]), (args[0], turned[1]), args[::-1]]
    for choice in choices:
        with suppress(ShapeProblem):
            yield build(op, choice, data)


def _shown(expr: Expr) -> str:
    return excerpt(render(expr, "numpy"))


def as_expr(value: Operand) -> Expr:
    """An expression, or a number as one.  Raises TypeError for anything else."""
    if isinstance(value, Expression):
        return value.expr
    return number(_number(value))


def _number(value: object) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise TypeError(f"cannot use {type(value).__name__} in a matrix expression")
    if isinstance(value, float):
        if not isfinite(value):
            raise TypeError(f"cannot use {value} in a matrix expression")
        exact = Fraction(repr(value))
        return exact.numerator if exact.denominator == 1 else exact
    return value


def _filled(value: Expr, shape: Shape) -> Expr:
    """A scalar as an array of a shape; anything else as it is."""
    if value.order or not shape:
        return value
    ones = make(structure.ones, (), None, shape)
    return ones if value is number(1) else build(algebra.scale, (value, ones))


def _sum(op: Op, left: Expr, right: Expr) -> Expression:
    left, right = _filled(left, right.shape), _filled(right, left.shape)
    return _built(op, left, right)
