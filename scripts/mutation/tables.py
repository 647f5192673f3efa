"""Faults in rows of tables: rules, gradients on structures, properties and what follows from them,
inference, conditions by parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import test_structures
from held import EQUATIONS, INEQUALITIES
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import PROPERTIES, Property, closure, record_of
from matgrad.catalogue.structures import Structure
from matgrad.core.dims import Dim
from matgrad.core.expr import Expr, symbol
from matgrad.notation.read import read, read_expression
from matgrad.rules import Rule
from matgrad.rules.conditions import Reduction
from matgrad.rules.inference import Inference
from mutation.faults import Fault
from mutation.variants import differs, faulty

RULE = "tests/test_rules.py::test_both_sides_are_equal"
STRUCTURE = "tests/test_structures.py::test_a_structure_is_differentiated_by_its_parameters"
_PROPERTIES = "tests/test_proof_properties.py::"
SAYS = f"{_PROPERTIES}test_the_equation_of_a_property_holds_of_what_is_drawn"
ENTRIES = f"{_PROPERTIES}test_the_entries_of_what_is_drawn_lie_where_the_record_says"
STAYS = f"{_PROPERTIES}test_what_stays_of_a_property_holds_nearby"
KEPT = f"{_PROPERTIES}test_the_transpose_and_multiples_have_what_the_record_says"
IMPLIES = f"{_PROPERTIES}test_what_follows_from_properties_holds"
INFERENCE = "tests/test_inference.py::test_a_row_holds_by_its_definition"
CONDITION = "tests/test_conditions.py::test_the_parts_of_a_row_imply_its_condition"
# Properties of which numbers show whether they have them.
HELD = EQUATIONS.keys() | INEQUALITIES.keys()


def of_rule(rule: Rule) -> Iterator[Fault]:
    """Another right side; and one that holds for less than the rule is said to."""
    _, right = sides(rule)
    for text, what in faulty(right).items():
        yield Fault(rule.name, rule, "right", text, what, RULE)
    for given in with_less(rule.given):
        less = rule._replace(given=given)
        if differs(*sides(less)):
            yield Fault(rule.name, rule, "given", given, "property dropped", RULE)


def sides(rule: Rule) -> tuple[Expr, Expr]:
    reading = read(f"{rule.left} = {rule.right}", given=rule.given)
    assert reading.equals is not None
    return reading.expr, reading.equals


def with_less(given: str) -> Iterator[str]:
    """Declarations with one property dropped."""
    words = given.replace(";", " ;").split(" ")
    for place, word in enumerate(words):
        if word in PROPERTIES:
            yield " ".join(words[:place] + words[place + 1 :]).replace(" ;", ";")


def of_structure(row: Structure) -> Iterator[Fault]:
    square = any(record_of(name).of == "square" for name in row.properties.split())
    m, n = Dim("n" if square else "m"), Dim("n")
    shape = (n,) if row.order == 1 else (m, n)
    held = {"X": symbol("X", shape, row.properties.split()), "G": symbol("G", shape)}
    for text, what in faulty(read_expression(row.gradient, held)).items():
        yield Fault(test_structures.name(row), row, "gradient", text, what, STRUCTURE)


def of_property(record: Property) -> Iterator[Fault]:
    """Another equation, entries elsewhere, something else that stays; of multiples and transposes,
    too."""
    if record.says:
        square = record.of == "square"
        reading = read(record.says, given="A: n n" if square else "A: m n")
        left, _, _ = record.says.partition(" = ")
        for text, what in faulty(reading.equals).items():
            # A pattern is that of the transpose, too.
            if what != "transposed":
                yield Fault(record.name, record, "says", f"{left} = {text}", what, SAYS)
    if record.entries:
        other = "[2, 3]" if record.entries[0] == "[" else "(2, 3)"
        yield Fault(record.name, record, "entries", other, "entries", ENTRIES)
    if record.name in record.stays:
        yield Fault(record.name, record, "stays", (), "nothing stays", STAYS)
    elif record.name in HELD:
        stays = (*record.stays, record.name)
        yield Fault(record.name, record, "stays", stays, "more stays", STAYS)
    if not record.linear and record.name in HELD:
        yield Fault(record.name, record, "linear", True, "of multiples", KEPT)
    if record.turned != "same" and record.name in HELD:
        yield Fault(record.name, record, "turned", "same", "of transposes", KEPT)


def name_of_row(row: tuple[str, str]) -> str:
    return ": ".join(row)


def of_implied(row: tuple[str, str]) -> Iterator[Fault]:
    """Less that it should follow from, and what contradicts what follows, or nearly."""
    left, right = row
    words = left.split()
    for place in range(len(words)) if len(words) > 1 else ():
        less = " ".join(words[:place] + words[place + 1 :]), right
        yield Fault(name_of_row(less), row, "row", less, "less to follow from", IMPLIES)
    other = left, "negative" if {"nonnegative", "psd"} & closure(frozenset(row)) else "positive"
    yield Fault(name_of_row(other), row, "row", other, "property", IMPLIES)


def of_inference(row: Inference) -> Iterator[Fault]:
    """A property that contradicts what the row gives, or nearly; and less that it asks for."""
    given = closure(frozenset({row.gives}))
    other = "negative" if {"nonnegative", "psd"} & given else "positive"
    yield Fault(row.name, row, "gives", other, "property", INFERENCE)
    for less in with_less(row.given):
        yield Fault(row.name, row, "given", less, "property dropped", INFERENCE)


def of_condition(row: Reduction) -> Iterator[Fault]:
    """A part missing, unless the condition is defined only where that holds; and a condition that
    the parts do not imply."""
    outer = OPERATORS.get(row.condition.split("(")[0])
    for place, part in enumerate(row.means):
        if not (outer and part.endswith("nonsingular") and part in outer.conditions):
            means = row.means[:place] + row.means[place + 1 :]
            yield Fault(row.name, row, "means", means, "part missing", CONDITION)
    left = re.sub(r" (nonsingular|!= 0|> 0)$", "", row.condition)
    yield Fault(row.name, row, "condition", f"-({left}) > 0", "sign", CONDITION)
