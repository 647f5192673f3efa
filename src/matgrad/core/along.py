"""Operators along axes that their operands have in front.

Floor 0.  `inv` of an N x n x n array with the data `Along(1, None)` is the N x n x n array of the
inverses of its matrices.
"""

from __future__ import annotations

from typing import Any, NamedTuple, final


@final
class Along(NamedTuple):
    """The data of an operator that is applied along `lead` leading axes of its operands, which all
    have them; `inner` are its own data."""

    lead: int
    inner: Any


def lead_in(data: Any) -> int:
    """How many leading axes an operator with these data is applied along."""
    return data.lead if isinstance(data, Along) else 0
