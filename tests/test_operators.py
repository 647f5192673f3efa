"""Operators of the user's own: what they do in answers, and which are refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

import matgrad as mg
from matgrad.catalogue import OPERATORS
from matgrad.core.errors import DeclarationProblem, MatgradError, NoRule
from matgrad.normal import book
from matgrad.notation.vocabulary import REFUSED as NO_RECORD


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    known = set(OPERATORS)
    yield
    for name in set(OPERATORS) - known:
        del OPERATORS[name]
    book.clear()


def test_a_scalar_function_entry_by_entry() -> None:
    squash = mg.operator(
        "squash",
        derivative="sigmoid(x)*(1 + x*(1 - sigmoid(x)))",
        value=lambda x: x / (1 + math.exp(-x)),
    )
    x = mg.symbols("x: n")
    for answer in (mg.derive(mg.sum(squash(x)), x), mg.derive("sum(squash(x))", "x")):
        assert answer.text() == "(sigmoid(x).*(ones(n) + x.*(ones(n) - sigmoid(x))))'"
        assert answer.proof.ok
    assert mg.derive("d2/dx2 sum(squash(x))").proof.ok
    assert mg.derive("d/dx squash(x)'*y").latex().count("sigma") == 2


def test_an_abbreviation() -> None:
    mg.operator("quad", signature="(n),(n,n)->()", definition="x'*W*x", operands=("x", "W"))
    answer = mg.derive("d/dx quad(x - y, W)")
    assert answer.text() == "(x - y)'*(W + W')"
    assert answer.proof.ok and answer.proof.method == "exact"


def test_a_primitive_with_a_condition() -> None:
    mg.operator(
        "volume",
        signature="(n,n)->()",
        differential="volume(A)*tr(inv(A)*dA)",
        conditions=("A nonsingular",),
        value=lambda rows: sum(
            rows[0][i]
            * (
                rows[1][(i + 1) % 3] * rows[2][(i + 2) % 3]
                - rows[1][(i + 2) % 3] * rows[2][(i + 1) % 3]
            )
            for i in range(3)
        ),
    )
    answer = mg.derive("d/dX log(volume(X))", given="X: 3 3")
    assert (answer.text(), answer.conditions[0]) == ("inv(X)'", "X nonsingular")
    assert answer.proof.ok


def test_a_wrong_derivative_is_refuted_and_no_value_leaves_it_undecided() -> None:
    mg.operator("wrong", derivative="sigmoid(x)", value=lambda x: x / (1 + math.exp(-x)))
    assert mg.derive("d/dx sum(wrong(x))").proof.ok is False
    mg.operator("vague", derivative="tanh(x)")
    assert mg.derive("d/dx sum(vague(x))").proof.ok is None


def test_a_name_without_a_record_may_be_taken() -> None:
    name = min(NO_RECORD)
    with pytest.raises(NoRule, match="no record"):
        mg.derive(f"d/dx {name}(x)")
    mg.operator(name, signature="(n)->()", definition="A'*A")
    assert mg.derive(f"d/dx {name}(x)").text() == "2*x'"


def test_an_operator_that_failed_leaves_nothing_behind() -> None:
    with pytest.raises(MatgradError):
        mg.operator("first", derivative="y")
    mg.operator("second", derivative="exp(x)", value=math.exp)
    assert mg.derive("d/dx second(x)").text() == "exp(x)"
    assert mg.derive("d/dx first(x)").text() == "D(first, x)'"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no identifier": ({"name": "my op", "derivative": "x"}, "no name"),
    "read as another": ({"name": "ψ", "derivative": "x"}, "no name"),
    "text name": ({"name": "tr", "derivative": "x"}, "exists already"),
    "alias": ({"name": "Tr", "derivative": "x"}, "exists already"),
    "construct": ({"name": "norm", "derivative": "x"}, "exists already"),
    "word": ({"name": "where", "derivative": "x"}, "a meaning of its own"),
    "derivative tensor": ({"name": "D2", "derivative": "x"}, "a meaning of its own"),
    "nothing": ({}, "exactly one of"),
    "two": ({"derivative": "x", "definition": "A"}, "exactly one of"),
    "no signature": ({"definition": "A"}, "needs a signature"),
    "einsum": ({"signature": "n->n", "definition": "A"}, "no signature"),
    "no arrow": ({"signature": "(n,n)", "definition": "A"}, "no signature"),
    "open bracket": ({"signature": "(n,n->()", "definition": "A"}, "no signature"),
    "size from nowhere": ({"signature": "(n)->(p)", "definition": "A"}, "shows the size p"),
    "operands": ({"signature": "(n),(n)->()", "definition": "A'*A"}, "for 2 operands"),
    "definition of another shape": ({"signature": "(n,n)->()", "definition": "A"}, "is n x n"),
    "differential of another shape": ({"signature": "(n,n)->()", "differential": "dA"}, "n x n"),
    "derivative that is no scalar": ({"derivative": "x*ones(3)"}, "is 3"),
    "not linear": ({"signature": "(n,n)->()", "differential": "tr(dA*dA)"}, "not linear"),
    "no differential": ({"signature": "(n,n)->()", "differential": "tr(A)"}, "not linear"),
    "stranger": ({"signature": "(n,n)->()", "differential": "tr(B*dA)"}, "B is not declared"),
    "itself": ({"signature": "(n,n)->()", "definition": "tr(A)*mine(A)"}, "itself"),
    "condition": ({"derivative": "x", "conditions": ("never",)}, "about no operand"),
    "one condition": ({"derivative": "x", "conditions": "x > 0"}, "a list"),
    "value": ({"derivative": "x", "value": 3}, "by a function"),
}


@pytest.mark.parametrize(("cells", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(cells: dict[str, Any], message: str) -> None:
    before = dict(OPERATORS)
    with pytest.raises(MatgradError, match=message):
        mg.operator(**{"name": "mine", **cells})
    assert before == OPERATORS


def test_a_name_is_taken_once() -> None:
    mg.operator("mine", derivative="exp(x)")
    with pytest.raises(DeclarationProblem, match="exists already"):
        mg.operator("mine", derivative="exp(x)")
