"""Wirtinger derivatives: a complex variable and its conjugate vary independently.

Floor 4.  With f written in Z and conj(Z), which `normal.conjugate` does, ∂f/∂Z is the derivative
in which conj(Z) stands for a symbol of its own, and ∂f/∂conj(Z) that by this symbol.
"""

from __future__ import annotations

from collections.abc import Iterable

from matgrad.core.complexes import is_complex
from matgrad.core.expr import Expr, symbol
from matgrad.normal.build import conjugate


def independent(variables: Iterable[Expr]) -> dict[Expr, Expr]:
    """The conjugates of the complex ones among variables, and the symbols they are while one
    differentiates."""
    # No user's symbol has a name with a blank in it.
    return {
        conjugate(variable): symbol(f"conj {variable.data[0]}", variable.shape, {"complex"})
        for variable in variables
        if is_complex(variable)
    }
