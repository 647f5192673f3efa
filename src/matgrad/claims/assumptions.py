"""Assumption discovery: the weakest properties under which two expressions are equal.

Floor 4.  What holds under a property holds under every stronger one, so that the strongest are
tried first and what they imply only where they succeed; of the weakest that succeed the claim is
proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.properties import PROPERTIES, closure
from matgrad.claims import faults
from matgrad.claims.points import Points
from matgrad.core.complexes import COMPLEX
from matgrad.core.dims import Size, names_of
from matgrad.core.errors import MatgradError
from matgrad.core.expr import (
    APPLY,
    SYMBOL,
    Expr,
    Function,
    apply,
    make,
    symbol,
    transform,
    walk,
)
from matgrad.core.signature import build
from matgrad.proof import same

# More symbols than this are not examined.
_MOST = 8
# What may be found, by what it is a property of.  Whatever the identity has fails at once when a
# claim does not hold there.
_AT_IDENTITY = tuple(
    sorted(
        name
        for name in closure(frozenset("diagonal permutation idempotent correlation".split()))
        if PROPERTIES[name].of == "square"
    )
)
_APART = ("skew",)
_OF_VECTORS = ("onehot", "unit", "simplex", "sign", "binary", "centered")
_OF_MATRICES = (
    "orthonormal",
    "onehot_rows",
    "row_stochastic",
    "column_stochastic",
    "full_column_rank",
    "full_row_rank",
    "centered",
)
_INEQUALITIES = ("positive", "negative")
# What a claim that holds only then has left out; elsewhere the formula is another.
_FAULTS = {
    "symmetric": (faults.SYMMETRY, 1.1),
    "psd": (faults.SYMMETRY, 1.2),
    "pd": (faults.SYMMETRY, 1.2),
    "skew": (faults.SIGN, 1.8),
    "diagonal": (faults.ORDER, 1.8),
    "unit": (faults.FACTOR, 2.2),
    "orthogonal": (faults.FACTOR, 2.2),
    "orthonormal": (faults.FACTOR, 2.2),
    "idempotent": (faults.FACTOR, 2.2),
    "simplex": (faults.FACTOR, 2.2),
    "positive": (faults.SIGN, 2.2),
}


@final
@dataclass(frozen=True, slots=True)
class Assumption:
    """What has to hold besides, in words, and what it says of a claim that does not say it."""

    texts: tuple[str, ...]
    fault: str
    cost: float


def assumptions(left: Expr, right: Expr, *, floating: bool) -> Assumption | None:
    """The weakest thing found under which two expressions of one shape are equal, or None.

    Inequalities, such as positive entries, matter in `floating` point only.
    """
    search = _Search(left, right, floating)
    for kind in (search.one, search.symmetric, search.commuting, search.square):
        found = kind()
        if found is not None:
            return found
    return None


@final
class _Search:
    def __init__(self, left: Expr, right: Expr, floating: bool) -> None:
        self.left = left
        self.right = right
        nodes = walk(left, right)
        self.symbols = [
            node
            for node in nodes
            if node.op is SYMBOL and not node.data[1] & (COMPLEX | {"constant", "imaginary"})
        ]
        self.functions = list(
            dict.fromkeys(
                node.data[0] for node in nodes if node.op is APPLY and _square(node.data[0].value)
            )
        )
        self.extra = _INEQUALITIES if floating else ()

    # One symbol with one property.

    def one(self) -> Assumption | None:
        """The weakest property of one symbol or function, the weakest of all first."""
        found: list[tuple[int, str, str]] = []
        for each in self.symbols[:_MOST]:
            found += ((len(closure(frozenset({p}))), each.data[0], p) for p in self._of(each))
        for function in self.functions:
            if self._holds(self._with_function(function)):
                found.append((len(closure(frozenset({"symmetric"}))), function.name, "symmetric"))
        for _, name, held in sorted(
            found, key=lambda row: (row[0], list(PROPERTIES).index(row[2]))
        ):
            if self._proved(self._with_names({name: held})):
                return Assumption((f"{name} {held}",), *_FAULTS.get(held, (faults.FUNCTION, 2.2)))
        return None

    def _of(self, node: Expr) -> Iterator[str]:
        """The properties of a symbol with which the claim holds at a point."""
        declared = closure(node.data[1])
        square = _square(node.shape)
        names = list(self.extra)
        if square:
            unit = make(structure.eye, (), None, node.shape)
            names += _APART
            if self._holds({node: unit}):
                names += _AT_IDENTITY
        elif node.order == 1:
            names += _OF_VECTORS
        elif node.order == 2:
            names += _OF_MATRICES
        failed: list[str] = []
        for name in sorted(names, key=lambda name: -len(closure(frozenset({name})))):
            if name in declared or any(name in closure(frozenset({other})) for other in failed):
                continue
            held = with_property(node, name)
            if self._holds({node: held}):
                # An idempotent matrix that has an inverse says nothing new: it is the identity.
                if not self._holds({node: held}, held):
                    yield name
            else:
                failed.append(name)

    # Several at once.

    def symmetric(self) -> Assumption | None:
        """Several symmetric matrices, as few as will do."""
        names = [
            node.data[0]
            for node in self.symbols
            if _square(node.shape) and not closure(node.data[1]) & {"symmetric", "skew"}
        ]
        names += [function.name for function in self.functions]
        if len(names) < 2 or not self._holds(self._with_names(dict.fromkeys(names, "symmetric"))):
            return None
        for name in tuple(names):
            fewer = [other for other in names if other != name]
            if self._holds(self._with_names(dict.fromkeys(fewer, "symmetric"))):
                names = fewer
        if not self._proved(self._with_names(dict.fromkeys(names, "symmetric"))):
            return None
        texts = tuple(f"{name} symmetric" for name in names)
        return Assumption(texts, faults.SYMMETRY, 1.3)

    def commuting(self) -> Assumption | None:
        """Two matrices that commute: one of them a polynomial in the other."""
        squares = [node for node in self.symbols if _square(node.shape)]
        for first, second in combinations(squares[:_MOST], 2):
            if first.shape != second.shape or (first.data[1] | second.data[1]) - {"invertible"}:
                continue
            values = {second: _polynomial(first)}
            if self._holds(values) and self._proved(values):
                text = f"{first.data[0]}*{second.data[0]} = {second.data[0]}*{first.data[0]}"
                return Assumption((text,), faults.ORDER, 1.4)
        return None

    def square(self) -> Assumption | None:
        """Two sizes that are equal, or all of them."""
        sizes = [size for node in (self.left, self.right) for size in _sizes(node)]
        names = list(dict.fromkeys(name for size in sizes for name in sorted(names_of(size))))
        if not 2 <= len(names) <= _MOST:
            return None
        for some in (*combinations(names, 2), tuple(names)):
            tied = dict.fromkeys(some[1:], some[0])
            if same(self.left, self.right, tied=tied).ok:
                return Assumption((" = ".join(some),), faults.FUNCTION, 1.7)
        return None

    # Trying.

    def _with_function(self, function: Function) -> dict[Expr, Expr]:
        return self._with_names({function.name: "symmetric"})

    def _with_names(self, held: Mapping[str, str]) -> dict[Expr, Expr]:
        """Symbols and functions in place of those of these names, with a property more."""
        values: dict[Expr, Expr] = {}
        for node in walk(self.left, self.right):
            if node.op is SYMBOL and node.data[0] in held:
                values[node] = with_property(node, held[node.data[0]])
            elif node.op is APPLY and node.data[0].name in held:
                function, slots = node.data
                more = replace(function, properties=function.properties | {held[function.name]})
                values[node] = apply(more, node.args, slots)
        return values

    def _sides(self, values: Mapping[Expr, Expr]) -> tuple[Expr, Expr]:
        left, right = (_replaced(side, values) for side in (self.left, self.right))
        return left, right

    def _holds(self, values: Mapping[Expr, Expr], identity: Expr | None = None) -> bool:
        """Whether the sides agree at points, or whether a matrix is the identity there."""
        try:
            left, right = self._sides(values)
            if identity is None:
                return left is right or Points(left, right).holds(right)
            if not _square(identity.shape):
                return False
            unit = make(structure.eye, (), None, identity.shape)
            return Points(left, right).same(identity, unit)
        except (MatgradError, ArithmeticError):
            return False

    def _proved(self, values: Mapping[Expr, Expr]) -> bool:
        return bool(same(*self._sides(values)).ok)


def _replaced(root: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """Nodes replaced, those below others first."""

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node in values:
            found = values[node]
            return found if args == node.args else make(found.op, args, found.data, found.shape)
        return node if args == node.args else make(node.op, args, node.data, node.shape)

    return transform(root, visit)


def _square(shape: Sequence[Size]) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def with_property(node: Expr, name: str) -> Expr:
    """A symbol with one property more."""
    return symbol(node.data[0], node.shape, node.data[1] | {name})


def _polynomial(matrix: Expr) -> Expr:
    """c0 + c1*A + c2*A^2, with which A commutes."""
    constant, linear, square = (symbol(f"c{k} ", ()) for k in range(3))
    unit = make(structure.eye, (), None, matrix.shape)
    total = build(algebra.scale, (constant, unit))
    total = build(algebra.add, (total, build(algebra.scale, (linear, matrix))))
    power = build(algebra.matmul, (matrix, matrix))
    return build(algebra.add, (total, build(algebra.scale, (square, power))))


def _sizes(root: Expr) -> list[Size]:
    return [size for node in walk(root) for size in node.shape]
