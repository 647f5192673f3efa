"""The backends: a column each, from instructions to text.

Floor 4.  A cell is a template: `{0}`, `{1}` stand for operands, `{data}`, `{shape}`, `{dtype}` for
what else an instruction has.  Helpers are source text that a cell may call.
"""

from __future__ import annotations

from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.generic import ARRAY_API
from matgrad.codegen.columns.jax import JAX
from matgrad.codegen.columns.numpy import NUMPY
from matgrad.codegen.columns.torch import TORCH
from matgrad.core.errors import NoForm

BACKENDS = {column.name: column for column in (NUMPY, JAX, TORCH, ARRAY_API)}


def column_of(name: str) -> Column:
    """The column of a backend.  Raises NoForm for one that does not exist."""
    if name not in BACKENDS:
        raise NoForm(f"there is no backend `{name}`", hint=f"one of {', '.join(BACKENDS)}")
    return BACKENDS[name]
