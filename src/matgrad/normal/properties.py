"""The properties that a normal expression is known to have; `normal.inference` finds them.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Callable

from matgrad.core.expr import Expr

_provider: list[Callable[[Expr], frozenset[str]]] = []


def provide_properties(properties: Callable[[Expr], frozenset[str]]) -> None:
    """Set who finds them: a module above those that ask."""
    _provider[:] = [properties]


def properties_of(node: Expr) -> frozenset[str]:
    """What is known of a node, with all that follows from it."""
    return _provider[0](node) if _provider else frozenset()
