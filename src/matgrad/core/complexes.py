"""Which expressions are complex, by the symbols in them.

Floor 0.  Everything is real but symbols declared otherwise and the imaginary unit.
"""

from __future__ import annotations

from matgrad.core.expr import SYMBOL, Expr, walk

COMPLEX = frozenset({"complex", "hermitian", "hpd", "unitary", "imaginary"})


def is_complex(root: Expr) -> bool:
    """Whether a complex symbol, or the imaginary unit, occurs in an expression."""
    found: bool | None = root.memo.get("complex")
    if found is None:
        known = [arg.memo.get("complex") for arg in root.args]
        for node in walk(root) if None in known else (root,):
            if "complex" not in node.memo:
                own = node.op is SYMBOL and not COMPLEX.isdisjoint(node.data[1])
                node.memo["complex"] = own or True in [arg.memo["complex"] for arg in node.args]
        found = root.memo["complex"]
    return found
