"""Faults in rows of tables: rules, gradients on structures, inference, conditions by parts."""

from __future__ import annotations

from collections.abc import Iterator

import test_structures
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import closure, record_of
from matgrad.catalogue.structures import Structure
from matgrad.core.dims import Dim
from matgrad.core.expr import symbol
from matgrad.notation.read import read, read_expression
from matgrad.rules import Rule
from matgrad.rules.conditions import Reduction
from matgrad.rules.inference import Inference
from mutation.faults import Fault
from mutation.variants import faulty

RULE = "tests/test_rules.py::test_both_sides_are_equal"
STRUCTURE = "tests/test_structures.py::test_a_structure_is_differentiated_by_its_parameters"
INFERENCE = "tests/test_inference.py::test_a_row_holds_by_its_definition"
CONDITION = "tests/test_conditions.py::test_the_parts_of_a_row_imply_its_condition"


def of_rule(rule: Rule) -> Iterator[Fault]:
    reading = read(f"{rule.left} = {rule.right}", given=rule.given)
    assert reading.equals is not None
    for text, what in faulty(reading.equals).items():
        yield Fault(rule.name, rule, "right", text, what, RULE)


def of_structure(row: Structure) -> Iterator[Fault]:
    square = any(record_of(name).of == "square" for name in row.properties.split())
    m, n = Dim("n" if square else "m"), Dim("n")
    shape = (n,) if row.order == 1 else (m, n)
    held = {"X": symbol("X", shape, row.properties.split()), "G": symbol("G", shape)}
    for text, what in faulty(read_expression(row.gradient, held)).items():
        yield Fault(test_structures.name(row), row, "gradient", text, what, STRUCTURE)


def of_inference(row: Inference) -> Iterator[Fault]:
    """A property that contradicts what the row gives, or nearly."""
    given = closure(frozenset({row.gives}))
    other = "negative" if {"nonnegative", "psd"} & given else "positive"
    yield Fault(row.name, row, "gives", other, "property", INFERENCE)


def of_condition(row: Reduction) -> Iterator[Fault]:
    """A part missing, unless the condition is defined only where that holds."""
    outer = OPERATORS.get(row.condition.split("(")[0])
    for place in range(len(row.means)):
        if outer and row.means[place] in outer.conditions:
            continue
        means = row.means[:place] + row.means[place + 1 :]
        yield Fault(row.name, row, "means", means, "part missing", CONDITION)
