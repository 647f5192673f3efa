"""Remarks: what a reader should know besides an answer.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from matgrad.calculus.layout import arrange
from matgrad.catalogue import structure
from matgrad.core.dims import Dim
from matgrad.core.errors import NoForm
from matgrad.core.expr import depends, walk
from matgrad.normal.sums import is_zero
from matgrad.notation.read import Target
from matgrad.notation.render import render
from matgrad.shorten.rank import singular_determinants

if TYPE_CHECKING:
    from matgrad.api.result import Result


def remarks(result: Result) -> Iterator[str]:
    """Sizes forced equal, why an answer is zero, which form there is instead of another."""
    yield from result.reading.remarks
    yield from _zeros(result)
    if result.shortfall:
        yield result.shortfall
    yield from _index_form(result)


def _zeros(result: Result) -> Iterator[str]:
    targets, source = result.targets, result.source
    absent = [t for t in targets if t.symbol not in depends(source, {t.symbol})]
    for target in absent:
        yield f"{target_text(target)} does not occur, so the derivative is zero"
    if is_zero(result.node) and not absent:
        yield "the derivative is zero"
    for matrix, bound in singular_determinants(result.normal):
        text = render(result.lifter.form(matrix, False), "text")
        size = matrix.shape[0]
        named = isinstance(size, Dim) and not isinstance(bound, Dim)
        where = f" for {size} > {bound}" if named else ""
        yield f"rank({text}) <= {bound}, so det({text}) and its derivative are 0{where}"


def _index_form(result: Result) -> Iterator[str]:
    """Which other form of a tensor without matrix notation is written with matrices."""
    order = len(result.shape)
    if order < 3 or not any(node.op is structure.einsum for node in walk(result.expression)):
        return
    others = "the differential" if len(result.targets) < 2 else "the bilinear form"
    with suppress(NoForm):
        arrange(result.node, result.source.shape, result.variables, "vec")
        others += " or the layout vec"
    yield f"no matrix notation writes this tensor of {order} axes; try {others}"


def target_text(target: Target) -> str:
    """A variable, or an entry of one, as users write it."""
    name: str = target.symbol.data[0]
    if not target.indices:
        return name
    return f"{name}[{','.join(i if isinstance(i, str) else str(i + 1) for i in target.indices)}]"
