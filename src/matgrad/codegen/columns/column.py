"""What a backend's column is.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final


@final
@dataclass(frozen=True)
class Column:
    """One backend: cells by instruction, helpers by name, imports by the module they name.

    `array` is the type of arguments.  A column for any library of the standard asks its arguments
    for the `namespace`, which is an argument where no other is an array.  `decorator` stands before
    the function, `decorator_static` before one with arguments that are no arrays, whose names it is
    told.  `dtype` and `like` are what results are like where no argument is an array.  `wrappers`
    are functions `differentiable` around one of value and gradient, for what the library's own
    machinery calls, by rule and by how many derivatives they know.
    """

    name: str
    array: str
    cells: Mapping[str, str]
    helpers: Mapping[str, str]
    imports: Mapping[str, str]
    namespace: str = ""
    decorator: str = ""
    decorator_static: str = ""
    dtype: str = ""
    like: str = ""
    wrappers: Mapping[tuple[str, int], str] = field(default_factory=dict)
