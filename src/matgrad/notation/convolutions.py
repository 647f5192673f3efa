"""Convolutions: `conv(a, b)`, and parts of them, `convolve(a, b, mode='valid')`.

Floor 2.  Of all m + n - 1 sums of products, `valid` takes the m - n + 1 in which all entries of the
shorter vector have a partner, `same` the m in the middle.  The first vector is the longer one,
unless sizes show otherwise.
"""

from __future__ import annotations

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Size
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.notation.constructs import Rule, catalogued
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node

_MODES = ("full", "same", "valid")


def convolution(sheet: Sheet, node: Node) -> Planned:
    """`conv(a, b)`, `conv(a, b, 'same')`; NumPy may say `mode='same'`."""
    rule = catalogued("conv", dotted=True)
    first, *others = node.args
    if len(others) == 1:
        return whole(rule, first, *others)
    mode = _mode(sheet, others[1]) if len(others) == 2 else ""
    if mode not in _MODES:
        raise SyntaxProblem(
            f"{node.name} takes two vectors and one of the modes {', '.join(_MODES)}",
            hint=f"{node.name}(a, b, 'valid')",
        )
    numpy = sheet.syntax == "numpy"

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        found = rule.emit(draft, rows, kinds)
        sizes = [draft.shape(row)[0] for row in rows]
        if mode == "full":
            return found
        longer, shorter = sizes
        swaps = numpy or mode == "valid"
        if swaps and isinstance(longer, int) and isinstance(shorter, int) and longer < shorter:
            longer, shorter = shorter, longer
        begin = shorter - 1 if mode == "valid" else _middle(shorter, numpy)
        length = longer - shorter + 1 if mode == "valid" else longer
        return draft.place(OPERATORS["part"], (found,), (begin,), (length,))

    return whole(Rule(rule.outcome, emit), first, others[0])


def _mode(sheet: Sheet, own: int) -> str:
    node = sheet.nodes[own]
    if node.head == "assigned" and sheet.nodes[node.args[0]].name == "mode":
        node = sheet.nodes[node.args[1]]
    sheet.silence(own)
    return node.name if node.head == "quoted" else ""


def _middle(size: Size, numpy: bool) -> int:
    """Where the middle begins for a second vector of this size."""
    if not isinstance(size, int):
        raise ShapeProblem(
            "where the middle begins depends on whether the second vector's size is even",
            hint="declare its size as a number",
        )
    if size % 2 == 0 and not numpy:
        raise ShapeProblem(
            "a vector of even size has no middle; NumPy and MATLAB take different ones",
            hint="write the part out: conv(a, b)[2:n]",
        )
    return (size - 1) // 2
