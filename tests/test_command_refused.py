"""What the command refuses, and with which words; what is merely long or deep, it answers."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest

from commands import command
from matgrad.api import pipeline
from matgrad.core.budget import budget

DEEP = 100_000


# Refusals: arguments, and what the message must say.

REFUSED: dict[str, tuple[list[str], str]] = {
    "open bracket": (["d/dX tr((X)"], "never closed"),
    "closing bracket": (["d/dX tr(X))"], "closes nothing"),
    "crossed brackets": (["d/dX tr(X]"], "is closed by"),
    "unknown variable": (["d/dZ tr(X)"], "Z"),
    "variable in lower case": (["d/dx tr(X)"], "did you mean X?"),
    "unknown variable by option": (["tr(X)", "--wrt", "x"], "did you mean X?"),
    "no variable": (["tr(X)"], "by which variable?"),
    "shapes that clash": (["d/dx A*x", "--given", "A: m n; x: m"], "`A'*x` would fit"),
    "both shapes": (["d/dx A*x", "--given", "A: m n; x: m"], "A is m x n, x is a vector of m"),
    "determinant": (["d/dX det(X)", "--given", "X: m n"], "X is m x n"),
    "open sizes": (["d/dX vec(X)'*kron(A, B)*vec(X)"], "m*n = k*p and l*q = m*n"),
    "open sizes, a mend": (["d/dX norm(unvec(vec(X), p, q)*y)"], "this is true, of X"),
    "expression": (["d/d(A*X) tr(A*X)"], "not by an expression"),
    "expression by option": (["tr(A*X)", "--wrt", "A*X"], "not by an expression"),
    "matrix function": (["d/dX exp(X)"], "exp.(X)"),
    "quotient of matrices": (["d/dX tr(A/X)"], "A*inv(X)"),
    "one over a matrix": (["d/dX 1/X"], "inv(X)"),
    "matrix plus one": (["d/dX tr(X + 1)"], "X + eye("),
    "no record": (["d/dX schur(X)"], "operator schur has no record"),
    "huge exponent": (["d/dx x^(9^9^9^9)"], "digits"),
    "huge number": (["d/dx 1e3000*x*1e3000"], "more than 4,000 digits"),
    "logarithm of zero": (["d/dx x*log(1 - 1)"], "needs 1 - 1 > 0"),
    "root of a negative number": (["d/dx x*sqrt(2 - 3)"], "needs 2 - 3 > 0"),
    "no value": (["d/dx x/(t - t)"], "division by zero"),
    "control byte": (["d/dx x\x01*x"], "U+0001"),
    "null byte by input": (["-"], "U+0000"),
    "declaration": (["d/dX tr(X)", "--given", "X: m n n"], "X"),
    "power": (["d/dX tr(X^1000)"], "beyond 32"),
    "claim": (["d/dX tr(X) = eye(n)"], "matgrad check"),
    "arguments of a function": (["d/dX f(A*X)", "--given", "f(X): p; X: 2 3; A: 4 2"], "(4 x 3)"),
    "circle": (["d/dx z where z = z*x"], "defined by itself"),
    "symbol and size": (["d/dX tr(X)", "--given", "X: m n; m: k k"], "used as a size"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, run: Any) -> None:
    arguments, message = REFUSED[name]
    ran = run(*arguments, stdin=b"d/dx x\x00*x")
    assert (ran.status, ran.out) == (2, ""), ran
    assert message in ran.err
    assert name == "huge number" or "^" in ran.err.splitlines()[2]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [[], ["--layout", "cookbook"], ["x", "--no-such-option"]])
def test_bad_options(arguments: list[str], run: Any) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "usage: matgrad" in ran.err


def test_invalid_utf_8() -> None:
    """Bytes arrive differently as an argument and on standard input; the message is one."""
    argument = command(b"d/dx x\xff*x")
    stdin = command("-", stdin=b"d/dx x\xff*x")
    assert argument == stdin
    assert (argument.status, argument.out) == (2, "")
    message, text, caret = argument.err.splitlines()
    assert message == "matgrad: this is not valid UTF-8"
    assert text.index("�") == caret.index("^")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(b"d/dx " + b"x+" * 5_000_000 + b"x", "longer than", id="ten megabytes"),
        pytest.param(b"d/dx " + b"(" * DEEP, "missing after `(`", id="open brackets"),
        pytest.param(
            b"d/dx " + b"(" * DEEP + b"x" + b")" * (DEEP - 1), "never closed", id="one short"
        ),
        pytest.param(b"d/dx " + b"'" * DEEP, "missing after `dx`", id="quotes"),
    ],
)
def test_endless_input_is_refused_at_once(text: bytes, message: str, run: Any) -> None:
    begun = time.process_time()
    ran = run("-", stdin=text)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert "^" in ran.err
    assert len(ran.err) < 1000
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(b"(" * DEEP + b"x" + b")" * DEEP, "1", id="brackets"),
        pytest.param(b"-" * (DEEP // 4) + b"x", "1", id="signs"),
        pytest.param(b"+".join([b"x"] * 10_000), "10000", id="sum"),
        pytest.param(b"A" + b"'" * 999 + b"*x", "A'", id="transposes"),
    ],
)
def test_deep_input_is_answered(text: bytes, answer: str, run: Any) -> None:
    begun = time.process_time()
    ran = run("-", "--wrt", "x", stdin=text)
    assert ran.status == 0
    assert ran.out.splitlines()[0] == answer
    assert time.process_time() - begun < 30


def test_work_that_grows_ends_with_what_grew(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clique of 24 labels: the search for its symmetries uses up any budget."""
    monkeypatch.setattr(pipeline, "budget", partial(budget, 100_000))
    letters = "abcdefghijklmnopqrstuvwx"
    factors = [f"A[{i},{j}]" for i in letters for j in letters if i < j]
    ran = run("[]: " + "*".join(factors), "--wrt", "A", "--given", "A: n n symmetric")
    assert (ran.status, ran.out) == (2, "")
    assert "the search for symmetries of a product grew past the budget" in ran.err
