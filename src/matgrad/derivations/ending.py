"""From a line that is linear in dX to the derivative: brought to a form, read off.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.certificate.step import Move, Step
from matgrad.core.complexes import is_complex
from matgrad.core.expr import Expr, make, walk
from matgrad.core.signature import build
from matgrad.derivations.reasons import rearranging
from matgrad.derivations.rules import READ_OFF
from matgrad.normal.lift import Lifter
from matgrad.normal.symmetry import permute

_FACTOR = "the factor of the differential"


def read_off(line: Expr, tensor: Expr, move: Move, lifter: Lifter, *, row: bool) -> Iterator[Step]:
    """The line rearranged so that the derivative can be read off, and the derivative; `tensor`
    is the derivative in normal form, axes of the result first."""
    moved = moved_of(move)
    derivative = _before(line, moved) if moved.order < 2 else None
    if derivative is not None:
        yield _read(line, derivative, move, _FACTOR)
        return
    lifted = lifter.lift(tensor, row)
    form, words = _form(line, tensor, lifted, moved, lifter)
    if form is not None and form is not line and line is not moved:
        yield Step("equal", line, form, rearranging(line, form, moved.args[0]), move)
        line = form
    yield _read(line, lifted, move, words)


def _read(line: Expr, derivative: Expr, move: Move, words: str) -> Step:
    return Step("read", line, derivative, (replace(READ_OFF, words=words),), move)


def moved_of(move: Move) -> Expr:
    """The differential that is left at the end."""
    if move.entry is None:
        return move.of(move.symbol)
    return move.of(
        make(structure.entry, (move.symbol,), move.entry, move.symbol.shape[len(move.entry) :])
    )


def _before(line: Expr, moved: Expr) -> Expr | None:
    """What stands before the differential in a product that ends with it, if the line is one."""
    outside: list[tuple[Expr, int]] = []
    while line is not moved:
        if line.op is algebra.matmul and line.args[0].order < 3:
            outside.append((line, 1))
        elif line.op is algebra.neg or (line.op is algebra.divide and not line.args[1].order):
            outside.append((line, 0))
        elif line.op is algebra.scale:
            outside.append((line, 1))
        else:
            return None
        line = line.args[outside[-1][1]]
    if not outside or any(moved in walk(arg) for part, k in outside for arg in _rest(part, k)):
        return None
    inner: Expr | None = None
    for part, k in reversed(outside):
        if inner is not None:
            args = (*part.args[:k], inner, *part.args[k + 1 :])
            inner = build(part.op, args, part.data)
        elif part.op is algebra.matmul or (part.op is algebra.scale and moved.order == 0):
            inner = part.args[0]
        else:
            return None
    return inner


def _rest(part: Expr, k: int) -> tuple[Expr, ...]:
    return part.args[:k] + part.args[k + 1 :]


def _form(
    line: Expr, tensor: Expr, lifted: Expr, moved: Expr, lifter: Lifter
) -> tuple[Expr | None, str]:
    """The form to read a derivative off, where there is one, and how it is read."""
    result = tensor.order - moved.order
    pending = [node for node in walk(line) if node.op is DIFFERENTIAL and node is not moved]
    if is_complex(moved.args[0]):
        return None, "what is linear in the differential, its conjugate held fixed"
    if pending:
        return None, "an unknown function varies by its derivative tensor"
    if moved not in walk(line):
        return None, "nothing varies"
    if moved.order == 0:
        return build(algebra.scale, (moved, lifted) if result else (lifted, moved)), _FACTOR
    if moved.order == 1 and result < 2:
        return build(algebra.matmul, (lifted, moved)), _FACTOR
    if moved.order == 2 and result == 0:
        turned = lifter.lift(permute(tensor, (1, 0)))
        return _trace(turned, moved), "df = tr(M*dX) says that df/dX = M'"
    return None, "axes of the result first, then those of the variable"


def _trace(matrix: Expr, moved: Expr) -> Expr:
    """The trace of a matrix times the differential, with numbers and scalars in front."""
    outside: list[tuple[Expr, int]] = []
    while True:
        by_scalar = matrix.op is algebra.divide and not matrix.args[1].order
        if not by_scalar and matrix.op not in (algebra.neg, algebra.scale):
            break
        outside.append((matrix, 1 if matrix.op is algebra.scale else 0))
        matrix = matrix.args[outside[-1][1]]
    whole = build(structure.trace, (build(algebra.matmul, (matrix, moved)),))
    for part, k in reversed(outside):
        whole = build(part.op, (*part.args[:k], whole, *part.args[k + 1 :]))
    return whole
