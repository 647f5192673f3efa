"""The echo: what a LaTeX text was read as, in the matrix language.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.expr import Expr
from matgrad.notation.reading import Reading, Target
from matgrad.notation.render import render

_LONGEST = 400


def echo(reading: Reading) -> str:
    """The expression, the derivative or the claim that a text is."""
    names = {part: name for name, part in reading.lets}
    shown = _side(reading.expr, reading.targets, names, reading.rows[0])
    if reading.equals is not None:
        shown = f"{shown} = {_side(reading.equals, reading.right, names, reading.rows[1])}"
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


def _side(root: Expr, targets: Sequence[Target], names: dict[Expr, str], row: bool) -> str:
    by = "".join(f"d{_variable(target)}" for target in targets)
    order = str(len(targets)) if len(targets) > 1 else ""
    front = f"d{order}/{by} " if targets else ""
    return front + render(root, "text", row=row, names=names)


def _variable(target: Target) -> str:
    name: str = target.symbol.data[0]
    if target.conjugate:
        return f"(conj({name}))"
    if target.indices is None:
        return name
    return f"{name}[{','.join(i if isinstance(i, str) else str(i + 1) for i in target.indices)}]"
