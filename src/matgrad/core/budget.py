"""The work budget: endless work becomes an error that says what grew.

Floor 0.  Work is counted in steps of the engine, not in seconds, so the same input always ends
the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from matgrad.core.errors import BudgetExceeded

# A few seconds; ordinary inputs, chains of thousands of nodes among them, take a hundredth.
LIMIT = 6_000_000

_spent: ContextVar[list[int]] = ContextVar("matgrad_work")


@contextmanager
def budget(limit: int = LIMIT) -> Iterator[None]:
    """Count the work done inside; `spend` raises when it passes `limit`."""
    token = _spent.set([limit])
    try:
        yield
    finally:
        _spent.reset(token)


def spend(amount: int, what: str) -> None:
    """Account for work on `what`.

    Raises BudgetExceeded, naming `what`, when the budget is gone.
    """
    left = _spent.get(None)
    if left is None:
        return
    left[0] -= amount
    if left[0] < 0:
        raise BudgetExceeded(
            f"this takes too much work: {what} grew past the budget",
            hint="split the expression, or differentiate a part of it",
        )
