"""Expressions built in Python, with NumPy's meaning of the operators.

Floor 5.  `@` is the matrix product (of two vectors the inner one), `*` `/` `**` act entry by
entry or with a scalar, `.T` of a vector is the vector.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias, final

from matgrad.catalogue import OPERATORS, algebra, structure
from matgrad.catalogue.complex import conj, ctranspose
from matgrad.core.dims import Shape
from matgrad.core.errors import DeclarationProblem, NameProblem, ShapeProblem
from matgrad.core.expr import Expr, Function, apply, make, number, shape_text, symbols_of
from matgrad.core.signature import build
from matgrad.notation.read import NameInfo, NameKind, Reading, Target, read, read_shape
from matgrad.notation.render import render

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
        """The transpose; of a vector or a scalar the thing itself."""
        if self.expr.order < 2:
            return self
        return Expression(build(structure.transpose, (self.expr,)))

    @property
    def H(self) -> Expression:
        """The conjugate transpose; of a vector or a scalar the conjugate."""
        op = ctranspose if self.expr.order == 2 else conj
        return Expression(build(op, (self.expr,)))

    def text(self, form: str = "text") -> str:
        """The expression as `text`, `unicode`, `latex` or `numpy`."""
        return render(self.expr, form)

    def reading(self, wrt: Sequence[str]) -> Reading:
        """What a reader would report of this expression, to be differentiated by `wrt`."""
        return reading_of(self.expr, wrt)

    def __matmul__(self, other: Expression) -> Expression:
        return Expression(build(algebra.matmul, (self.expr, other.expr)))

    def __mul__(self, other: Operand) -> Expression:
        left, right = self.expr, _expr(other)
        if left.order == 0:
            return Expression(build(algebra.scale, (left, right)))
        if right.order == 0:
            return Expression(build(algebra.scale, (right, left)))
        return Expression(build(algebra.hadamard, (left, right)))

    def __rmul__(self, other: Operand) -> Expression:
        return Expression(_expr(other)) * self

    def __truediv__(self, other: Operand) -> Expression:
        return Expression(build(algebra.divide, (self.expr, _expr(other))))

    def __rtruediv__(self, other: Operand) -> Expression:
        return Expression(build(algebra.divide, (_filled(_expr(other), self.shape), self.expr)))

    def __add__(self, other: Operand) -> Expression:
        return _sum(algebra.add, self.expr, _expr(other))

    def __radd__(self, other: Operand) -> Expression:
        return _sum(algebra.add, _expr(other), self.expr)

    def __sub__(self, other: Operand) -> Expression:
        return _sum(algebra.sub, self.expr, _expr(other))

    def __rsub__(self, other: Operand) -> Expression:
        return _sum(algebra.sub, _expr(other), self.expr)

    def __neg__(self) -> Expression:
        return Expression(build(algebra.neg, (self.expr,)))

    def __pow__(self, exponent: int | float | Fraction) -> Expression:
        value = _number(exponent)
        return Expression(build(algebra.power, (self.expr,), value))

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


def symbols(declarations: str) -> tuple[Expression, ...] | Expression:
    """Symbols by declaration: `A, X, x = symbols("A: p m; X: m n; x: n")`."""
    names = [part.split(":")[0].split() for part in declarations.split(";")]
    made = tuple(
        Expression(read(name, given=declarations).expr)
        for name in dict.fromkeys(words[0].rstrip(",") for words in names if words)
    )
    if not made:
        raise DeclarationProblem("no symbol is declared", hint='symbols("A: m n; x: n")')
    return made[0] if len(made) == 1 else made


@final
class UnknownFunction:
    """An unknown function: call it on expressions."""

    __slots__ = ("function",)

    def __init__(self, function: Function) -> None:
        self.function = function

    def __call__(self, *args: Expression) -> Expression:
        function = self.function
        given = tuple(arg.expr for arg in args)
        if function.elementwise:
            return Expression(apply(function, given))
        shapes = tuple(arg.shape for arg in given)
        if shapes != function.params:
            wanted = ", ".join(map(shape_text, function.params))
            have = ", ".join(map(shape_text, shapes))
            raise ShapeProblem(f"{function.name} takes ({wanted}), not ({have})")
        return Expression(apply(function, given))


def function(name: str, signature: str) -> UnknownFunction:
    """An unknown function: `function("f", "(m n) -> (p p)")`, or `function("phi",
    "elementwise")` for a scalar function applied entry by entry.

    Raises DeclarationProblem for a signature that cannot be read.
    """
    if signature.strip() == "elementwise":
        return UnknownFunction(Function(name, ((),), (), elementwise=True))
    left, arrow, right = signature.partition("->")
    groups = _GROUP.findall(left)
    if not arrow or not groups or len(_GROUP.findall(right)) != 1:
        raise DeclarationProblem(
            f"`{signature}` is no signature", hint='write it like "(m n) -> (p p)"'
        )
    params = tuple(map(read_shape, groups))
    return UnknownFunction(Function(name, params, read_shape(_GROUP.findall(right)[0])))


_GROUP = re.compile(r"\(([^()]*)\)")
_TARGET = re.compile(r"(\w+)(?:\[([\w\s,]+)\])?$")


def reading_of(expr: Expr, wrt: Sequence[str]) -> Reading:
    """An expression built in Python as a reader would report it, to be differentiated by
    `wrt`: names of its symbols or entries `X[1,2]`.

    Raises NameProblem for a name that does not occur.
    """
    found = {node.data[0]: node for node in symbols_of(expr)}
    targets = []
    for item in wrt:
        match = _TARGET.match(item.strip())
        if match is None or match[1] not in found:
            raise NameProblem(
                f"{item} is no symbol of this expression", hint=f"one of {', '.join(found)}"
            )
        indices = match[2] and tuple(
            int(i) - 1 if i.strip().isdigit() else i.strip() for i in match[2].split(",")
        )
        targets.append(Target(found[match[1]], indices or None))
    names = tuple(
        NameInfo(name, _KINDS.get(node.order, "tensor"), node.shape, node.data[1], True, "")
        for name, node in found.items()
    )
    return Reading(expr, tuple(targets), None, names, (), ())


_KINDS: dict[int, NameKind] = {0: "scalar", 1: "vector", 2: "matrix"}


def operator_call(name: str, *args: Expression | int | float | Fraction) -> Expression:
    """An operator of the catalogue on expressions."""
    op = OPERATORS[name]
    given = tuple(map(_expr, args))
    return Expression(build(op, given))


def _expr(value: Operand) -> Expr:
    if isinstance(value, Expression):
        return value.expr
    return number(_number(value))


def _number(value: object) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise TypeError(f"cannot use {type(value).__name__} in a matrix expression")
    if isinstance(value, float):
        exact = Fraction(repr(value))
        return exact.numerator if exact.denominator == 1 else exact
    return value


def _filled(value: Expr, shape: Shape) -> Expr:
    """A scalar as an array of a shape; anything else as it is."""
    if value.order or not shape:
        return value
    ones = make(structure.ones, (), None, shape)
    return ones if value is number(1) else build(algebra.scale, (value, ones))


def _sum(op: object, left: Expr, right: Expr) -> Expression:
    left, right = _filled(left, right.shape), _filled(right, left.shape)
    return Expression(build(op, (left, right)))  # type: ignore[arg-type]
