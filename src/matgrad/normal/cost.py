"""What a printed form costs, and in which order equals are printed.

Floor 3.  The published cost is the number of operator applications; transposing an atom, a
function value or an inverse is free, transposing a product or a sum costs one.  The counted
cost, for code, counts every transpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.blocks import block
from matgrad.catalogue.complex import conj, ctranspose
from matgrad.catalogue.pairs import pow
from matgrad.core.dims import Dim
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, inherited, operators, walk

_TURNS = frozenset({structure.transpose, ctranspose})
_FREE = frozenset({"structural", "conjugate", "elementwise", "primitive"})
# Index form counts as more than any matrix form of a few factors.
_INDEXED = 20


def cost_of(expr: Expr, *, counted: bool = False) -> int:
    """Operator applications in a surface expression, as printed (a tree)."""
    name, own = _COUNTED if counted else _PUBLISHED
    found: int | None = expr.memo.get(name)
    return int(inherited(expr, name, own)) if found is None else found


def tensor_cost(expr: Expr, *, counted: bool = False) -> int:
    """The cost of what has an index form only, where that is no drawback."""
    cost = cost_of(expr, counted=counted)
    if cost <= _INDEXED or structure.einsum not in operators(expr):
        return cost
    return cost - _INDEXED * sum([node.op is structure.einsum for node in walk(expr)])


def _counted(node: Expr) -> int:
    cost, numbers = 0, True
    for arg in node.args:
        cost += arg.memo["counted cost"]
        numbers = numbers and arg.op is NUMBER
    if numbers:
        return 0
    return cost + (_INDEXED + 1 if node.op is structure.einsum else 1)


def _published(node: Expr) -> int:
    cost, numbers = 0, True
    for arg in node.args:
        cost += arg.memo["cost"]
        numbers = numbers and arg.op is NUMBER
    return cost if numbers else cost + _own(node)


def _own(node: Expr) -> int:
    """The cost of one application, not to numbers only."""
    if node.op is structure.einsum:
        return _INDEXED + 1
    if node.op in _TURNS and node.args[0].op.kind in _FREE:
        return 0
    if node.op is algebra.matmul and node.args[0].op is conj and node.args[0].order == 1:
        return 0  # x^H*A has one operator, as x'*A has
    if node.op is block:  # a[1:n] + a[n+1:2*n] is easier to read than [eye(n), eye(n)]*a
        return 1 + sum([piece.op is structure.eye for piece in node.args])
    return 1


# Where each cost is kept, and what it is of a node.
_PUBLISHED = "cost", _published
_COUNTED = "counted cost", _counted

# How many symbols decide the order of two terms.
_LOOK = 12
# A product rule begins with the derivative of the first factor.
_UNDIFFERENTIATED = (99,)


Mark = tuple[int | Fraction, ...]
PrintOrder = tuple[tuple[int, ...], int, int, tuple[Mark, ...]]


def print_order(expr: Expr, ranks: Mapping[str, int]) -> PrintOrder:
    """The key by which equals are ordered: symbols and functions by first appearance, then size,
    then numbers and the arguments that functions are differentiated by."""
    seen: list[int] = []
    marks: list[Mark] = []
    stack = [expr]
    turned = 0
    while stack and len(seen) < _LOOK:
        node = stack.pop()
        op, args = node.op, node.args
        if op is SYMBOL:
            seen.append(ranks.get(node.data[0], len(ranks)))
        elif op is APPLY:
            function, slots = node.data
            seen.append(ranks.get(function.name, len(ranks)))
            marks.append(slots or _UNDIFFERENTIATED)
        elif op is NUMBER and not isinstance(node.data, Dim):
            marks.append((node.data,))
        elif op is structure.transpose:
            turned += 1
        if args:  # a power goes by its exponent first: n*x^(n-1)
            stack += args if op is pow else args[::-1]
    return tuple(seen), turned, cost_of(expr), tuple(marks)
