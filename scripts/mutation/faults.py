"""One fault: what it changes, in memory, and whether the test that must notice it does, in a
process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from pytest import ExitCode

from matgrad.catalogue.properties import IMPLIED, PROPERTIES
from matgrad.catalogue.structures import STRUCTURES
from matgrad.core.errors import MatgradError
from matgrad.core.expr import Op, clear_caches
from matgrad.rules import RULES
from matgrad.rules.conditions import REDUCTIONS
from matgrad.rules.inference import INFERENCES

# Tables whose rows are tuples, and the test modules that have read them.
TABLES = {
    "RULES": (RULES, "test_rules"),
    "STRUCTURES": (STRUCTURES, "test_structures"),
    "IMPLIED": (IMPLIED, "test_proof_properties"),
    "INFERENCES": (INFERENCES, "test_inference"),
    "REDUCTIONS": (REDUCTIONS, "test_conditions"),
}
# The exit status of a fork in which something else than a test failed.
BROKEN = 99


class Fault(NamedTuple):
    """What is changed: a field of a record, to a value, or what the code makes of an operator, by a
    function that puts the fault there; and the test that must notice."""

    name: str
    record: Any
    field: str
    value: Any
    what: str
    test: str

    def unnoticed(self) -> bool:
        """Whether the test passes all the same."""
        return passes([f"{self.test}[{self.name}]"], self.seed)

    def seed(self) -> None:
        """Put the fault where it belongs."""
        forget()
        if self.field == "code":
            self.value()
        elif isinstance(self.record, Op):
            object.__setattr__(self.record, self.field, self.value)
        elif self.field == "row":
            exchange(self.record, self.value)
        else:
            exchange(self.record, self.record._replace(**{self.field: self.value}))

    def __str__(self) -> str:
        return self.what if self.field == "code" else f"{self.what}: {self.field} = {self.value}"


def exchange(row: Any, changed: Any) -> None:
    """A row is a tuple: the table is another one, and what read it at import reads it again."""
    if row is PROPERTIES.get(getattr(row, "name", "")):
        PROPERTIES[row.name] = changed
    for name, (table, test) in TABLES.items():
        if any(each is row for each in table):
            rows = tuple(changed if each is row else each for each in table)
            for module in list(sys.modules.values()):
                if getattr(module, name, None) is table and module.__name__ != __name__:
                    setattr(module, name, rows)
            del sys.modules[test]


def forget() -> None:
    """Drop what was worked out from the records as they are."""
    clear_caches()
    for module in list(sys.modules.values()):
        if module.__name__.startswith("matgrad"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def passes(tests: list[str], before: Callable[[], None] = lambda: None) -> bool:
    """Whether tests pass, in a fork: what is done before and what they cache ends with it."""
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        status = BROKEN
        try:
            before()
            status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])
        finally:  # nothing but the parent goes on
            # A test that is not found notices nothing; one that cannot be read any more does.
            known = (ExitCode.OK, ExitCode.TESTS_FAILED, ExitCode.INTERRUPTED)
            os._exit(int(status == ExitCode.OK) if status in known else BROKEN)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == BROKEN:
        raise MatgradError(f"{' '.join(tests)}: no test, or a fault that could not be seeded")
    return status == 1
