"""The catalogue's notation cells, laid out.

Floor 2.  This is all there is to most operators, and to users' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matgrad.catalogue.algebra import sqrt
from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.structure import eye, fuse, unit
from matgrad.core.expr import NUMBER, Expr
from matgrad.notation.compose import Composer
from matgrad.notation.layout import Layout, text


def by_cell(compose: Composer, node: Expr, operands: Sequence[Layout]) -> Layout:
    """A node as its operator's cell says."""
    form = node.op.form(compose.spelling.notation)
    match form.style:
        case "call":
            entrywise = node.order > 1 and (node.op.kind == "elementwise" or node.op is sqrt)
            mark = compose.spelling.entrywise if entrywise else ""
            return compose.call(form.token + mark, operands)
        case "infix":
            return compose.infix(operands, form.token)
        case "prefix" if node.op is index_sum:
            return compose.index_sum(cell_token(compose, node), operands[0])
        case "prefix":
            return compose.prefix(form.token, operands[0], form.level)
        case "postfix":
            return compose.postfix(operands[0], form.token)
        case _:
            return compose.template(cell_token(compose, node), operands)


def cell_token(compose: Composer, node: Expr) -> str:
    """The token of a node's cell with its sizes, positions or exponent filled in."""
    spelling = compose.spelling
    token = node.op.form(spelling.notation).token
    if "#n" in token:
        shape = node.shape[:1] if node.op is eye else node.shape
        if node.op is fuse:
            shape = node.shape[1:]
        elif node.op.weights == "sizes":
            shape = node.data
        token = token.replace("#n", spelling.sizes([text(compose.number(size)) for size in shape]))
    if "#i" in token:
        join = spelling.sizes if node.op is unit else spelling.positions
        token = token.replace("#i", join(positions(compose, node)))
    if "#o" in token:
        token = token.replace("#o", f", {node.data}" if node.data else "")
    if "#x" in token:
        index, first, last = node.data
        token = token.replace("#x", spelling.name(index))
        for mark, bound in (("#a", first), ("#z", last)):
            token = token.replace(mark, compose.integer(bound))
    if "#k" in token:
        token = token.replace("#k", compose.integer(node.data))
    return token


def is_fraction(node: Expr) -> bool:
    """Whether `node` is a number that is not whole, of which a product shows the parts apart."""
    return node.op is NUMBER and isinstance(node.data, Fraction)


def positions(compose: Composer, node: Expr) -> list[str]:
    """The positions that a node's data holds, counted as the notation counts."""
    data = node.data if isinstance(node.data, tuple) else (node.data,)
    spelling = compose.spelling
    return [
        spelling.name(position) if isinstance(position, str) else str(position + spelling.base)
        for position in data
    ]
