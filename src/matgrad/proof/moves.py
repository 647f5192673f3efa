"""What moves in the differentials of an expression.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.core.complexes import is_complex
from matgrad.core.expr import SYMBOL, Expr
from matgrad.proof.demands import Target


def moves_of(nodes: Iterable[Expr]) -> list[Target]:
    """What moves in the differentials among these nodes."""
    nodes = list(nodes)
    along = dict.fromkeys(node.data for node in nodes if node.op is DIFFERENTIAL)
    found = {node.data[0]: node for node in nodes if node.op is SYMBOL} if along else {}
    return [
        Target(name, found[name].shape, entry, is_complex(found[name]))
        for name, entry in along
        if name in found
    ]
