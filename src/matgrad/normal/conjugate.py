"""Complex conjugates in normal form: they stand at symbols.

Floor 3.  The conjugate of a sum or product is that of its parts, of an analytic function that of
its operand, and of what is real the thing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matgrad.catalogue.complex import IMAGINARY, conj
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Shape
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr, Op, make, walk
from matgrad.normal.product import contract
from matgrad.normal.sums import combine
from matgrad.normal.symmetry import permute

Build = Callable[[Op, tuple[Expr, ...], Any, Shape], Expr]


def conjugated(root: Expr, build: Build) -> Expr:
    """The conjugate of a normal expression; `build` applies an operator.

    Raises NoRule for an operator of a complex value that is not known to commute with it.
    """
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        if not is_complex(node):
            done[node] = node
        elif node.op is SYMBOL:
            done[node] = _symbol(node)
        elif node.op is conj:
            done[node] = node.args[0]
        elif node.op is SUM:
            terms = zip(node.data, node.args, strict=True)
            done[node] = combine([(c, done[arg]) for c, arg in terms], node.shape)
        elif node.op is CONTRACTION:
            out, rows, powers = node.data
            parts = [done[arg] for arg in node.args]
            sizes = dict(zip(out, node.shape, strict=True))
            done[node] = contract(out, zip(parts, rows, powers, strict=True), 1, sizes)
        else:
            args = tuple(done[arg] for arg in node.args)
            if args != node.args:
                check_analytic(node.op, node.data)
            done[node] = build(node.op, args, node.data, node.shape)
    return done[root]


def check_analytic(op: Op, data: Any) -> None:
    """Raises NoRule for an operator, or an unknown function, that is not known to be analytic."""
    if op is APPLY:
        raise NoRule(
            f"{data[0].name} is an unknown function of real values, and its argument here is "
            "complex"
        )
    if op.complex != "analytic":
        raise NoRule(f"{op.name} of a complex value is not defined here")


def _symbol(node: Expr) -> Expr:
    if node is IMAGINARY:
        return combine([(-1, node)], ())
    if not node.data[1].isdisjoint(("hermitian", "hpd")):
        return permute(node, (1, 0))
    return make(conj, (node,), None, node.shape)
