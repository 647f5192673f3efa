"""What the user names stays named: a part of an answer that equals a named part is its name."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import matgrad as mg


class Row(NamedTuple):
    text: str
    wrt: str
    answer: str
    given: str = ""
    layout: str = "book"


ANSWERS = {
    "a sum": Row("z'*W*z where z = x - A*s", "s", "-2*z'*W*A", "W symmetric"),
    "a sum, not used": Row("(x - A*s)'*(x - A*s) where z = x - A*s", "s", "-2*z'*A"),
    "a sum and its transpose": Row("tr(R'*R) where R = A*B*A' - C", "A", "2*(R'*A*B + R*A*B')"),
    "part of a larger sum": Row("norm2(z + b)^2 where z = x - A*s", "s", "-2*(z + b)'*A"),
    "a multiple of a sum": Row("z'*z where z = 2*x - 2*A*s", "s", "-4*z'*A"),
    "part of a product": Row("x'*S*x/2 where q = S*x", "x", "q'", "S symmetric"),
    "part of a product, turned": Row("tr(A'*X) where P = B*C", "X", "A"),
    "in a product of products": Row("tr(P*X*P) where P = A*B", "X", "(P^2)'"),
    "a function": Row("sum(s) where s = sigmoid(A*x)", "x", "(s.*(ones(m) - s))'*A"),
    "an inverse": Row("logdet(V) where V = X*X'", "X", "2*inv(V)*X"),
    "a root": Row("x'*x/s where s = sqrt(x'*x)", "x", "x'/s"),
    "a power": Row("(v'*v)^2 where v = A*x - b", "x", "4*(v'*v)*v'*A"),
    "names in names": Row("w'*w where z = x - A*s; w = B*z", "s", "-2*w'*B*A"),
    "names in names, the larger first": Row("w'*w where w = B*z; z = x - A*s", "s", "-2*w'*B*A"),
    "in the vec layout": Row("tr(R'*R) where R = A*X - B", "X", "2*vec(A'*R)'", layout="vec"),
    "in index form": Row("R where R = A*inv(X)", "X", "[i,j,k,l]: -R[i,k]*inv(X)[l,j]"),
    "an argument": Row("f(u) where u = x'*x", "x", "2*D(f, u)*x'", "f(u): scalar"),
}


@pytest.mark.parametrize("row", ANSWERS.values(), ids=ANSWERS)
def test_a_named_part_is_its_name(row: Row) -> None:
    result = mg.derive(row.text, row.wrt, given=row.given, layout=row.layout)
    assert str(result).split(" where ")[0] == row.answer
    assert result.proof is not None and result.proof.ok


def test_definitions_are_told_once_and_only_where_used() -> None:
    text = str(mg.derive("w'*w where z = x - A*s; w = B*z; v = A*x", "s"))
    assert text == "-2*w'*B*A where z = x - A*s, w = B*z"


def test_a_definition_counts_in_code() -> None:
    """X^3 is one operation; P*X is two with what P stands for."""
    result = mg.derive("tr(A*X*X*X)", "A", let={"P": "X*X"})
    assert result.text("numpy") == "matpow(X, 3).T"


def test_code_uses_names_given_beside_the_text_only() -> None:
    """They are in the program already; `text` reads back by itself."""
    beside = mg.derive("z'*z", "s", let={"z": "x - A*s"})
    assert beside.text("numpy") == "-2*z @ A"
    assert mg.derive("z'*z where z = x - A*s", "s").text("numpy") == "-2*(x - A @ s) @ A"


def test_names_and_functions_stand_as_they_are_typed() -> None:
    """q is typed after r2, though it begins with what p begins with."""
    text = "log(r1*p + r2*q) where p = exp(a'*x), q = exp(b'*x)"
    answer = str(mg.derive(text, "r1", given="r1: scalar; r2: scalar"))
    assert answer.split(" where ")[0] == "p/(r1*p + r2*q)"
    given = "t: scalar; Z(t): m n; Y(t): m n"
    assert str(mg.derive("Z(t) + Y(t)", "t", given=given)) == "D(Z, t) + D(Y, t)"


@pytest.mark.parametrize("letters", [("p", "q"), ("q", "p")])
def test_no_letter_decides(letters: tuple[str, str]) -> None:
    first, second = letters
    definitions = f"{first} = A*x; {second} = B*x"
    text = str(mg.derive(f"{first}'*{second} where {definitions}", "x"))
    assert text.split(" where ")[0] == f"{first}'*B + {second}'*A"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("norm1(A*s - x)", "sign(A*s - x)'*A"),
        ("sum(abs(A*s - x).^3)", "3*((A*s - x).*abs(A*s - x))'*A"),
        ("sum(tanh(A*s - x))", "(ones(m) - tanh(A*s - x).^2)'*A"),
        ("sum(cos(x - A*s))", "sin(x - A*s)'*A"),
        ("atan(a'*s - c)^2", "2*atan(a'*s - c)*a'/(1 + (a'*s - c)^2)"),
    ],
)
def test_even_and_odd_functions_keep_the_sign_that_reads_naturally(text: str, answer: str) -> None:
    assert str(mg.derive(text, "s", given="A: m n; s: n; c: scalar")) == answer
