"""Inference: whatever is known of an expression holds of its value at every sample."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sinm

import matgrad as mg
from held import failed
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import PROPERTIES
from matgrad.core.dims import Dim
from matgrad.core.errors import MatgradError
from matgrad.core.expr import Expr, Function, Op, number, symbol, symbols_of
from matgrad.core.interval import interval
from matgrad.core.signature import Alternative, alternatives, build
from matgrad.normal.inference import known_of
from matgrad.normal.known import gives
from matgrad.normal.lower import lower, operand_symbols
from matgrad.notation.read import read
from matgrad.notation.render import render
from matgrad.proof import evaluate
from matgrad.proof.patterns import STYLES, Source
from matgrad.proof.ring import BadPoint, Reals
from matgrad.proof.samplers import sample
from matgrad.rules.inference import INFERENCES, Inference
from samples import germ

Array = Any
# Sizes of both orders: m < n and m > n, p and q apart from them.
SIZES = [
    {"m": 4, "n": 3, "p": 2, "q": 3},
    {"m": 2, "n": 3, "p": 4, "q": 2},
    {"m": 2, "n": 2, "p": 2, "q": 2},
]


def drawn(expr: Expr, sizes: dict[str, int], at: int) -> dict[str, Array]:
    """Values of all symbols with their properties.  Raises BadPoint where there is none."""
    values = {}
    for k, node in enumerate(symbols_of(expr)):
        name, properties = node.data
        shape = tuple(size if isinstance(size, int) else sizes[str(size)] for size in node.shape)
        source = Source(Reals(), Random(f"{name} {at}"), at + k, STYLES[at % len(STYLES)])
        values[name] = np.array(sample(source, shape, properties)).reshape(shape)
    return values


F = Function("f", ((),), (), elementwise=True)
FUNCTIONS: dict[str, Any] = {"funm f": lambda matrix: sinm(np.asarray(matrix))}


def instances(expr: Expr, count: int = 12) -> Iterator[Array]:
    """Values of an expression at points of all sizes."""
    for sizes in SIZES:
        for at in range(count):
            try:
                values = drawn(expr, sizes, at)
                used = {name: size for name, size in sizes.items()}
                yield np.array(evaluate(expr, values, sizes=used, functions=FUNCTIONS))
            except (BadPoint, MatgradError):
                continue


def at_zero(expr: Expr) -> Iterator[Array]:
    """The value with one operand zero, for each that may be, where that is what it tends to."""
    for node in symbols_of(expr):
        name, properties = node.data
        try:
            values = drawn(expr, SIZES[2], 0)
            near, there = (
                np.array(evaluate(expr, values | {name: c * values[name]}, sizes=SIZES[2]))
                for c in (1e-9, 0)
            )
        except (BadPoint, MatgradError):
            continue
        admitted = not failed(0 * values[name], [p for p in properties if p in PROPERTIES])
        if admitted and np.allclose(near, there, atol=1e-6):
            yield there


every_row = pytest.mark.parametrize("row", INFERENCES, ids=[row.name for row in INFERENCES])


@every_row
def test_a_row_holds_by_its_definition(row: Inference) -> None:
    expr = read(row.left, given=row.given).expr
    found = list(instances(expr))
    assert len(found) >= 6
    for value in (*found, *at_zero(expr)):
        assert failed(value, [row.gives]) == []


@every_row
def test_a_row_is_applied_where_its_left_side_stands(row: Inference) -> None:
    expr = read(row.left, given=row.given).expr
    assert row.gives in known_of(lower(expr)).properties


@every_row
def test_a_row_is_not_applied_to_anything_else(row: Inference) -> None:
    """Without what it asks for, nothing is known (a diagonal matrix asks for nothing)."""
    words = row.given.replace(";", " ;").split()
    plain = " ".join(word for word in words if word not in PROPERTIES)
    if plain.split() != words:
        expr = read(row.left, given=plain).expr
        assert row.gives not in known_of(lower(expr)).properties


# A unit vector is made of its position, not of operands.
GIVING = [name for name, op in OPERATORS.items() if op.gives and op.weights != "index"]


@pytest.mark.parametrize("name", GIVING)
def test_a_record_gives_what_it_says(name: str) -> None:
    op = OPERATORS[name]
    for alternative, (stated, wanted) in product(alternatives(op.signature), gives(op)):
        expr = build(op, tuple(given_operands(op, alternative, wanted)))
        known = known_of(lower(expr))
        if stated in PROPERTIES:
            assert stated in known.properties
        else:
            assert known.entries.within(interval(stated))
        found = list(instances(expr))
        assert len(found) >= 4
        for value in (*found, *at_zero(expr)):
            if stated in PROPERTIES:
                assert failed(value, [stated]) == []
            assert within(value, known.entries)


def given_operands(
    op: Op, alternative: Alternative, wanted: tuple[tuple[int, str], ...]
) -> Iterator[Expr]:
    """Operands with the properties wanted of them by place, and with those that the record's
    conditions ask for."""
    orders = tuple(len(spec.axes) for spec in alternative.inputs)
    asked = {held for text, held in CONDITIONS.items() if any(text in c for c in op.conditions)}
    # A count, of eigenvalues for instance, is a number, and f of matrices a function.
    special = {"k": number(1), "f": germ(F)}
    for k, operand in enumerate(operand_symbols(op, orders)):
        (name, _), shape = operand.data, operand.shape
        held = asked | {held for place, held in wanted if place == k}
        if op.kind == "elementwise":
            shape = (Dim("n"),)
        yield special.get(name, symbol(name, shape, held))


CONDITIONS = {
    "positive definite": "pd",
    "entries of": "positive",
    "x > 0": "positive",
    "x > 1": "[2, inf)",
}


def within(value: Array, where: Any) -> bool:
    """Whether all entries lie in an interval (rounding apart, so that ends count)."""
    return bool(value.min() >= where.low - 1e-6 and value.max() <= where.high + 1e-6)


SQUARE = [
    "", "", "symmetric", "skew", "psd", "pd", "diagonal", "lower", "upper", "orthogonal",
    "idempotent", "symmetric idempotent", "involutory", "invertible", "positive", "nonnegative",
    "hollow", "correlation", "permutation", "row_stochastic", "pd diagonal", "lower unit_diagonal",
    "symmetric hollow nonnegative", "toeplitz",
]  # fmt: skip
VECTOR = ["", "", "positive", "nonnegative", "unit", "simplex", "onehot", "sign", "binary",
          "unit_interval", "centered", "negative", "nonzero"]  # fmt: skip
SCALAR = ["", "positive", "nonnegative", "negative", "unit_interval", "sign", "bounded", "[2, inf)"]
TALL = ["", "orthonormal", "full_column_rank", "positive", "onehot_rows"]


@st.composite
def expressions(draw: st.DrawFn) -> Expr:
    """A matrix, vector or scalar of symbols that have properties."""
    n, m = read("A", given="A: m n").expr.shape[::-1]
    pool: dict[int, list[Expr]] = {0: [], 1: [], 2: []}
    for name in "AB":
        held = frozenset(draw(st.sampled_from(SQUARE)).split())
        pool[2].append(symbol(name, (n, n), held))
    for name in "xy":
        pool[1].append(symbol(name, (n,), frozenset(draw(st.sampled_from(VECTOR)).split())))
    for name in "st":
        held = draw(st.sampled_from(SCALAR))
        pool[0].append(symbol(name, (), frozenset({held} if held else ())))
    X = symbol("X", (m, n), frozenset(draw(st.sampled_from(TALL)).split()))
    op = {name: record for name, record in OPERATORS.items()}
    eye = build(op["eye"], (), None, (n, n))

    def pick(order: int) -> Expr:
        return draw(st.sampled_from(pool[order]))

    makers = [
        lambda: build(op["matmul"], (pick(2), pick(2))),
        lambda: build(
            op["matmul"],
            (build(op["matmul"], (build(op["transpose"], (M := pick(2),)), pick(2))), M),
        ),
        lambda: build(op["matmul"], (build(op["transpose"], (X,)), X)),
        lambda: build(op["add"], (pick(2), pick(2))),
        lambda: build(op["sub"], (eye, pick(2))),
        lambda: build(
            op["sub"], (eye, build(op["scale"], (build(op["add"], (s := pick(0), s)), pick(2))))
        ),
        lambda: build(op["add"], (pick(2), build(op["scale"], (pick(0), eye)))),
        lambda: build(op["scale"], (pick(0), pick(2))),
        lambda: build(op["hadamard"], (pick(2), pick(2))),
        lambda: build(op["transpose"], (pick(2),)),
        lambda: build(op["neg"], (pick(2),)),
        lambda: build(op["diag"], (pick(1),)),
        lambda: build(op["outer"], (v := pick(1), v)),
        lambda: build(op["inv"], (pick(2),)),
        lambda: build(op["tril"], (pick(2),)),
        lambda: build(op["exp"], (pick(2),)),
        lambda: build(op["matmul"], (pick(2), pick(1))),
        lambda: build(op["hadamard"], (pick(1), pick(1))),
        lambda: build(op["sub"], (build(op["ones"], (), None, (n,)), pick(1))),
        lambda: build(op["power"], (pick(1),), 2),
        lambda: build(op["tanh"], (pick(1),)),
        lambda: build(op["softmax"], (pick(1),)),
        lambda: build(op["matmul"], (pick(1), pick(1))),
        lambda: build(op["matmul"], (build(op["matmul"], (w := pick(1), pick(2))), w)),
        lambda: build(op["trace"], (pick(2),)),
        lambda: build(op["trace"], (build(op["matmul"], (pick(2), pick(2))),)),
        lambda: build(op["sum"], (pick(1),)),
        lambda: build(op["det"], (pick(2),)),
        lambda: build(op["add"], (pick(0), pick(0))),
        lambda: build(op["scale"], (pick(0), pick(0))),
        lambda: build(op["power"], (pick(0),), draw(st.sampled_from([2, 3, -1]))),
    ]
    made = pick(2)
    for _ in range(draw(st.integers(1, 6))):
        made = draw(st.sampled_from(makers))()
        pool[made.order].append(made)
    return made


@settings(max_examples=250, deadline=None, derandomize=True)
@given(expressions())
def test_what_is_known_holds_of_every_value(expr: Expr) -> None:
    known = known_of(lower(expr))
    for value in instances(expr, count=3):
        if value.size and np.all(np.isfinite(value)) and abs(value).max() < 1e6:
            wanted = [name for name in known.properties if name in PROPERTIES]
            assert failed(value, wanted) == [], f"{render(expr, 'text')} is {value}"
            slack = 1e-9 * (1 + abs(value).max())
            assert known.entries.low - slack <= value.min(), value
            assert value.max() <= known.entries.high + slack, value


EXPECTED = {
    "X'*X": ("X: m n", "psd"),
    "X'*X + l*eye(n)": ("X: m n; l > 0", "pd invertible"),
    "X'*X + diag(d)": ("X: m n; d: n positive", "pd"),
    "A'*D*A": ("D: m m pd; A: m n full column rank", "pd"),
    "A'*diag(d.^2)*A": ("A: m n; d: m", "psd"),
    "D + x*x'": ("D: n n pd; x: n", "pd"),
    "inv(S + x*x')": ("S: n n pd; x: n", "pd"),
    "inv(L)": ("L: n n unit lower triangular", "lower unit_diagonal"),
    "inv(S)": ("S: n n skew invertible", "skew"),
    "expm(S)": ("S: n n skew", "orthogonal"),
    "expm(A + A')": ("A: n n", "pd"),
    "eye(n) - X*inv(X'*X)*X'": ("X: n m", "symmetric idempotent psd"),
    "eye(n) - ones(n)*ones(n)'/n": ("", "symmetric idempotent"),
    "eye(n) - 2*v*v'": ("v: n unit", "orthogonal symmetric involutory"),
    "eye(n) - 2*v*v'/(v'*v)": ("v: n", "orthogonal"),
    "A.*(x*x')": ("A: n n psd; x: n", "psd"),
    "kron(A, X'*X)": ("A: m m pd; X: p n full column rank", "pd"),
    "Q*R*Q'": ("Q: n n orthogonal; R: n n orthogonal", "orthogonal"),
    "Q*D*Q'": ("Q: n n orthogonal; D: n n diagonal positive", "symmetric"),
    "S^3": ("S: n n pd", "pd"),
    "A.^2": ("A: m n", "nonnegative"),
    "1 + x'*x": ("x: n", "positive"),
    "sum(exp(x))": ("x: n", "positive"),
    "x'*S*x": ("S: n n pd; x: n nonzero", "positive"),
    "tr(S*X'*X)": ("S: n n psd; X: m n", "nonnegative"),
    "det(X'*X + eye(n))": ("X: m n", "positive"),
    "ones(n) - sigmoid(x)": ("x: n", "unit_interval"),
    "softmax(x)": ("x: n", "simplex positive"),
    "P*softmax(x)": ("P: m n column_stochastic; x: n", "simplex"),
    "1/(1 + exp(-t))": ("t: scalar", "unit_interval"),
    "2 - cos(t)": ("t: scalar", "positive"),
}


@pytest.mark.parametrize("text", EXPECTED)
def test_what_should_be_known_is(text: str) -> None:
    declared, wanted = EXPECTED[text]
    expr = read(text, given=declared).expr
    assert set(wanted.split()) <= known_of(lower(expr)).properties
    for value in instances(expr, count=4):
        assert failed(value, wanted.split()) == []


@pytest.mark.parametrize("name", "ABKQXY")
def test_a_value_that_stands_for_its_transpose(name: str) -> None:
    """Which of polar(A) and polar(A') stands in a normal form depends on A; what is known not."""
    given = f"{name}: m n full column rank"
    assert "orthonormal" in known_of(lower(read(f"polar({name})", given=given).expr)).properties
    unit = read(f"polar({name})'*polar({name})", given=given).expr
    assert lower(unit) is lower(read("eye(n)").expr)
    sums = read(f"diagsums({name})", given=f"{name}: n n upper").expr
    assert "upper" in known_of(lower(sums)).properties


def test_a_matrix_that_is_summed_whole() -> None:
    """sum(A*x) has no second factor beside the columns of a psd matrix."""
    result = mg.derive("log(sum(A*x))", "x", given="A psd")
    assert result.text() == "sum(A, 1)/sum(A*x)"


UNKNOWN = {
    "X'*X": ("X: m n", "pd"),
    "X*Y'": ("X: n n; Y: n n", "symmetric"),
    "A - B": ("A: n n pd; B: n n pd", "psd"),
    "-S": ("S: n n pd", "psd"),
    "A*B": ("A: n n pd; B: n n pd", "psd"),
    "B'*A*B": ("A: m m pd; B: m n", "pd"),
    "x'*A*y": ("A: n n pd; x: n; y: n", "nonnegative"),
    "A.*B": ("A: n n pd; B: n n", "psd"),
    "x'*y": ("x: n; y: n", "nonnegative"),
    "1 - x'*x": ("x: n", "nonnegative"),
    "eye(n) - x*x'": ("x: n", "idempotent"),
    "inv(A)": ("A: n n row_stochastic", "row_stochastic"),
    "Q*R": ("Q: m n orthonormal; R: n n", "orthonormal"),
    "expm(A)": ("A: n n", "pd"),
    "c*S": ("S: n n pd; c: scalar", "psd"),
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_need_not_hold_is_not_known(text: str) -> None:
    declared, name = UNKNOWN[text]
    expr = read(text, given=declared).expr
    assert name not in known_of(lower(expr)).properties
    values = [value for value in instances(expr) if value.size]
    assert any(failed(value, [name]) for value in values), "it holds at every sample"


def test_a_long_chain_is_read_without_recursion() -> None:
    x = symbol("x", (), frozenset({"positive"}))
    expr = x
    for _ in range(3000):
        expr = build(OPERATORS["tanh"], (build(OPERATORS["add"], (expr, x)),))
    assert "positive" in known_of(lower(expr)).properties
    assert known_of(lower(expr)).entries.high < math.inf
