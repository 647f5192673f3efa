"""Which expressions are complex, by the symbols in them.

Floor 0.  Everything is real but symbols declared otherwise and the imaginary unit.
"""

from __future__ import annotations

from matgrad.core.expr import SYMBOL, Expr, inherited

COMPLEX = frozenset({"complex", "hermitian", "hpd", "unitary", "imaginary"})


def is_complex(root: Expr) -> bool:
    """Whether a complex symbol, or the imaginary unit, occurs in an expression."""
    found: bool | None = root.memo.get("complex")
    return bool(inherited(root, "complex", _is_complex) if found is None else found)


def _is_complex(node: Expr) -> bool:
    if node.op is SYMBOL:
        return not COMPLEX.isdisjoint(node.data[1])
    return True in [arg.memo["complex"] for arg in node.args]
