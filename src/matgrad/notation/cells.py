"""The catalogue's notation cells, laid out.

Floor 2.  This is all there is to most operators, and to users' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matgrad.catalogue.algebra import matmul, sqrt
from matgrad.catalogue.blocks import part
from matgrad.catalogue.record import PRODUCT
from matgrad.catalogue.structure import entry, eye, fuse, unit
from matgrad.core.dims import Size
from matgrad.core.expr import NUMBER, Expr, make
from matgrad.core.signature import build
from matgrad.notation.compose import Composer
from matgrad.notation.layout import Layout, text
from matgrad.notation.orient import is_line


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
        case "prefix":
            return compose.prefix(form.token, operands[0], form.level)
        case "postfix":
            return compose.postfix(operands[0], form.token)
        case _:
            if node.op is sqrt and node.order > 1:  # a root sign over a matrix is its root
                return compose.power(operands[0], Fraction(1, 2), True)
            laid_out = compose.template(cell_token(compose, node), operands)
            return laid_out._replace(level=form.level) if form.level > PRODUCT else laid_out


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
        at = positions(compose, node)
        if is_line(node):
            at, token = _line(compose, node, at), "#i".join(spelling.index)
        token = token.replace("#i", join(at))
    if "#s" in token:
        token = token.replace("#s", spelling.positions(ranges(compose, node)))
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
    return node.op is NUMBER and type(node.data) is Fraction


def positions(compose: Composer, node: Expr) -> list[str]:
    """The positions that a node's data holds, counted as the notation counts."""
    data = node.data if isinstance(node.data, tuple) else (node.data,)
    return [_position(compose, position) for position in data]


def _position(compose: Composer, at: str | Size) -> str:
    if isinstance(at, str):
        return compose.spelling.name(at)
    return compose.integer(at + compose.spelling.base)


def base_of(node: Expr) -> Expr:
    """What an index in brackets stands behind: of X[1:p,:] at column 2 it is X."""
    (base,) = node.args
    if node.op is part or node.order != 1 or base.op is not part or base.order != 2:
        return base
    return base.args[0] if base.data[0 if node.op is entry else 1] is None else base


def _line(compose: Composer, node: Expr, at: list[str]) -> list[str]:
    """The positions of a row or of a column of a matrix, or of a part of one."""
    (base,) = node.args
    axis = 0 if node.op is entry else 1
    rest = ":" if base_of(node) is base else ranges(compose, base)[1 - axis]
    return [*at, rest] if axis == 0 else [rest, *at]


def ranges(compose: Composer, node: Expr) -> list[str]:
    """What a part takes of each axis, counted as the notation counts."""
    found = []
    for begin, length, size in zip(node.data, node.shape, node.args[0].shape, strict=True):
        if begin is None:
            found.append(":")
            continue
        end = begin + length
        first = text(compose.number(begin + compose.spelling.base))
        last = text(compose.number(end))
        if not compose.spelling.base:
            first, last = "" if begin == 0 else first, "" if end == size else last
        found.append(f"{first}:{last}".replace(" ", ""))
    return found


def by_units(node: Expr) -> Expr:
    """An entry, or a row or a column of a matrix, as a product with unit vectors."""
    (array,) = node.args
    first = 0 if node.op is entry else array.order - len(node.data)
    places = zip(node.data, array.shape[first:], strict=False)
    units = [make(unit, (), at, (size,)) for at, size in places]
    tensor = array.order > 2
    if node.op is entry:
        array = build(matmul, (units.pop(0), array))
    for vector in units:
        # A product contracts the first axis of what is at its right.
        array = build(matmul, (vector, array) if tensor else (array, vector))
    return array
