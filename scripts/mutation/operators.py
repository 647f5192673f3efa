"""Faults in the records of operators, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

import test_differentials
import test_inference
from matgrad.catalogue.properties import closure
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import Expr, Op, symbol
from matgrad.core.signature import alternatives, build, operand_symbols
from matgrad.notation.read import read_expression
from matgrad.proof import evaluate
from matgrad.proof.definitions import is_defined
from mutation.faults import Fault
from mutation.variants import faulty

_DIFFERENTIALS = "tests/test_differentials.py::"
DERIVATIVE = f"{_DIFFERENTIALS}test_derivative"
INSIDE = f"{_DIFFERENTIALS}test_derivative_of_something_inside"
TURNED = f"{_DIFFERENTIALS}test_operands_transposed"
SINGULAR = f"{_DIFFERENTIALS}test_derivative_where_an_operand_is_singular"
UNDER_VEC = f"{_DIFFERENTIALS}test_a_matrix_is_the_operator_under_vec"
VALUE = "tests/test_proof_definitions.py::test_a_definition_is_what_numpy_says"
COMPLEX = "tests/test_complex.py::test_an_operator_at_complex_operands"
NEEDS = "tests/test_conditions.py::test_an_answer_has_conditions_where_its_operator_is_not_smooth"
GIVES = "tests/test_inference.py::test_a_record_gives_what_it_says"


def cell(op: Op, text: str, *, properties: frozenset[str] = frozenset()) -> Expr:
    """A cell of an operator as an expression: in its operands, their changes and a cotangent."""
    orders = tuple(len(spec.axes) for spec in alternatives(op.signature)[0].inputs)
    operands = operand_symbols(op, orders)
    names = {o.data[0]: symbol(o.data[0], o.shape, properties) for o in operands}
    moves = {f"d{name}": symbol(f"d{name}", o.shape, properties) for name, o in names.items()}
    if op.adjoint:
        moves["C"] = symbol("C", operands[-1].shape)
    return read_expression(text, names | moves)


def _texts(op: Op, field: str, test: str) -> Iterator[Fault]:
    """The faults of a cell that is an expression."""
    text = getattr(op, field)
    # Without the values that it is about, a conjugate is no more than what it is of.
    properties = frozenset({"complex"} if "conj(" in text else ())
    if text:
        for other, what in faulty(cell(op, text, properties=properties)).items():
            yield Fault(op.name, op, field, other, what, test)


def of_derivative(op: Op) -> Iterator[Fault]:
    yield from _texts(op, "differential", DERIVATIVE)


def of_singular(op: Op) -> Iterator[Fault]:
    yield from _texts(op, "singular", SINGULAR)


def of_adjoint(op: Op) -> Iterator[Fault]:
    yield from _texts(op, "adjoint", INSIDE)


def of_matrix(op: Op) -> Iterator[Fault]:
    yield from _texts(op, "matrix", UNDER_VEC)


def of_definition(op: Op) -> Iterator[Fault]:
    """Abbreviations.  One that proof writes out as the calculus does shows in its value."""
    derived = COMPLEX if "conj(" in op.definition else DERIVATIVE
    yield from _texts(op, "definition", derived if is_defined(op) else VALUE)


def of_complex(op: Op) -> Iterator[Fault]:
    """Another definition at complex operands, or none where there is one."""
    if op.complex == "analytic":
        yield Fault(op.name, op, "complex", "", "complex operands refused", COMPLEX)
    else:
        yield from _texts(op, "complex", COMPLEX)


def of_transposition(op: Op) -> Iterator[Fault]:
    """Another way that transposing the operands goes.  What is invariant is mostly a number, of
    which nothing else can be said."""
    others = {"equivariant": "invariant", "reversed": "equivariant"}
    if op.transpose in others:
        yield Fault(op.name, op, "transpose", others[op.transpose], "transposition", TURNED)


def of_needs(op: Op) -> Iterator[Fault]:
    """No conditions, where nothing else that the derivative is made of has any."""
    stated, some = op.conditions, list(islice(test_differentials.cases(op), 4))
    if not stated or not some:
        return
    object.__setattr__(op, "conditions", ())
    try:
        bare = any(not case.derive(check=False).conditions for case in some)
    finally:
        object.__setattr__(op, "conditions", stated)
    if bare:
        yield Fault(op.name, op, "conditions", (), "conditions dropped", NEEDS)


def of_gives(op: Op) -> Iterator[Fault]:
    """A property that contradicts what a cell gives, or nearly; and one given with less asked."""
    if op.weights == "index":
        return
    for place, text in enumerate(op.gives):
        stated, _, asked = text.partition(" if ")
        wanted = asked.split(" and ") if asked else []
        bounded = stated[0] in "([" or {"nonnegative", "psd"} & closure(frozenset({stated}))
        others = [("property", "negative" if bounded else "positive", wanted)]
        others += [
            ("less asked", stated, [other for other in wanted if other != one])
            for one in wanted
            if has_value_without(op, *one.split())
        ]
        for what, name, needs in others:
            other = f"{name} if {' and '.join(needs)}" if needs else name
            cells = (*op.gives[:place], other, *op.gives[place + 1 :])
            yield Fault(op.name, op, "gives", cells, f"{what} for {text}", GIVES)


def has_value_without(op: Op, name: str, held: str) -> bool:
    """Whether an operator has a value where an operand lacks a property: at some point, or where
    it is zero."""
    alternative = alternatives(op.signature)[-1]
    expr = build(op, tuple(test_inference.given_operands(op, alternative, ())))
    sizes = test_inference.SIZES[-1]
    for factor in (1, 0):
        values = test_inference.drawn(expr, sizes, 0)
        values[name] = factor * values[name]
        try:
            if test_inference.failed(values[name], [held]):
                evaluate(expr, values, sizes=sizes, functions=test_inference.FUNCTIONS)
                return True
        except EvaluationProblem:
            continue
    return False


def of_signature(op: Op) -> Iterator[Fault]:
    """Another pair of axes, weights of the other sign, ones for zeros, one triangle for the
    other."""
    if op.kind not in ("contraction", "linear"):
        return
    first, *more = op.signature.split(";")
    pair = re.search(r"[a-z]{2}", first)
    if pair is not None and not op.weights:
        a, b = pair[0]
        swapped = first[: pair.start()] + (b + a if a != b else "xy") + first[pair.end() :]
        yield Fault(op.name, op, "signature", ";".join([swapped, *more]), "axes", VALUE)
    if re.fullmatch(r"-?[\d/]+(,-?[\d/]+)?", op.weights):
        weights = ",".join(str(-Fraction(weight) or 1) for weight in op.weights.split(","))
        yield Fault(op.name, op, "weights", weights, "weights", VALUE)
    others = {"zero": "", "below": "above", "above": "below"}
    if op.weights in others:
        yield Fault(op.name, op, "weights", others[op.weights], "weights", VALUE)
