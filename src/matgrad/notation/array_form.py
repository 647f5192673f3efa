"""Array notation: an expression as one line of NumPy.

Floor 2.
"""

from __future__ import annotations

from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr
from matgrad.notation.layout import Task


class ArrayForm:
    """Lays out the nodes of one expression."""

    def begin(self, node: Expr) -> Task[Expr]:
        raise NoForm(f"the NumPy notation cannot write {node.op.name}")
