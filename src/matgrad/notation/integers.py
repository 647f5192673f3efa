"""Integers in a text: exponents of matrices, and sums over an index.

Floor 2.  Exponents, sizes and indices share one namespace.  An index is bound: it is an integer
within what is summed, and nothing outside.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.dims import Size
from matgrad.core.errors import NameProblem, SyntaxProblem
from matgrad.notation.constructs import constant_power
from matgrad.notation.members import Range, index_sum
from matgrad.notation.sheet import Binder, Planned, Sheet, whole
from matgrad.notation.tree import Node


def is_over_index(sheet: Sheet, node: Node) -> bool:
    """Whether a node is a sum over an index: `sum(r=0..k-1, body)`, `msum(r, 0, k - 1, body)`,
    `sum_i body`."""
    if node.head == "summed":
        return True
    if node.head != "call" or not node.args:
        return False
    first = sheet.nodes[node.args[0]].head
    return node.name == "msum" or (node.name == "sum" and first == "assigned")


def over_index(sheet: Sheet, node: Node) -> Planned:
    """The plan of a sum over an index."""
    return whole(index_sum(*enter_sum(sheet, node)), node.args[-1])


def index_of(sheet: Sheet, node: Node) -> str:
    """The name of the index of a sum; none where it has no name."""
    if node.head == "summed":
        return str(node.data[0])
    first = sheet.nodes[node.args[0]]
    index = sheet.nodes[first.args[0]] if first.head == "assigned" else first
    return index.name if index.head == "name" else ""


def enter_sum(sheet: Sheet, node: Node) -> tuple[str, Size, Size | Range]:
    """Bind the index of a sum: its name, its first value and its last."""
    body = node.args[-1]
    first: Size | None = 1
    last: Size | Range | None
    if node.head == "summed":
        index = index_of(sheet, node)
        last = sheet.scope.range(index)
    else:
        index, bounds = (_call if node.name == "msum" else _range)(sheet, node)
        first, last = (sheet.whole(bound, sheet.scope.integer) for bound in bounds)
    if first is None or last is None:
        raise SyntaxProblem("the bounds of a sum are sums of integers, such as k - 1")
    if any(binder.name == index and binder.reaches(body) for binder in sheet.binders):
        raise NameProblem(f"{index} is the index of two sums, one inside the other")
    sheet.scope.bind(index)
    sheet.binders.append(Binder(index, sheet.nodes[body].first, body, first, last))
    return index, first, last


def _range(sheet: Sheet, node: Node) -> tuple[str, Sequence[int]]:
    """The index and the bounds in `r=0..k-1`."""
    index, span = (sheet.nodes[part] for part in sheet.nodes[node.args[0]].args)
    if index.head != "name" or span.head != "range" or len(node.args) != 2:
        raise SyntaxProblem(
            "a sum over an index has a range and what is summed",
            hint="for instance sum(r=0..k-1, X^r)",
        )
    sheet.silence(node.args[0])
    return index.name, span.args


def _call(sheet: Sheet, node: Node) -> tuple[str, Sequence[int]]:
    """The index and the bounds in `msum(r, 0, k - 1, …)`."""
    if len(node.args) != 4 or sheet.nodes[node.args[0]].head != "name":
        raise SyntaxProblem(
            "msum takes an index, its first value, its last value and what is summed",
            hint="msum(r, 0, k - 1, matpow(X, r))",
        )
    sheet.silence(node.args[0])
    return sheet.nodes[node.args[0]].name, node.args[1:3]


def integer_power(sheet: Sheet, node: Node) -> Planned:
    """`X^k` for a matrix X: the names in the exponent are integers."""
    base, exponent = node.args
    value = sheet.whole(exponent, sheet.scope.integer)
    if value is None:
        raise SyntaxProblem("the exponent of a matrix is a sum of integers, such as k - 1")
    return whole(constant_power(value, elementwise=False), base)
