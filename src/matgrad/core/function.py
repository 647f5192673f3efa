"""Unknown functions, known by their shapes alone.

Floor 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from matgrad.core.dims import Shape


@final
@dataclass(frozen=True, slots=True)
class Function:
    """An unknown function: its name, the shapes of its arguments and of its value.

    An `elementwise` one maps a scalar to a scalar and is applied entry by entry.
    """

    name: str
    params: tuple[Shape, ...]
    value: Shape
    elementwise: bool = False
    properties: frozenset[str] = frozenset()
