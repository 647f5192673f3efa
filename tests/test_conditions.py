"""Conditions: what answers state, in short, and what they need not state."""

from __future__ import annotations

import math
from functools import partial
from itertools import islice
from random import Random

import numpy as np
import pytest

import matgrad as mg
from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, names_of
from matgrad.core.dims import evaluate as size_at
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import symbols_of, walk
from matgrad.notation.read import read
from matgrad.notation.render import render
from matgrad.proof import evaluate
from matgrad.proof.patterns import STYLES, Source
from matgrad.proof.ring import Reals
from matgrad.proof.samplers import sample
from matgrad.rules.conditions import REDUCTIONS, Reduction
from matgrad.shorten.reduction import RELATIONS, Demand, reduced
from samples import GERMS
from test_differentials import Case, cases

every_row = pytest.mark.parametrize("row", REDUCTIONS, ids=[row.name for row in REDUCTIONS])
SIZES = {"m": 4, "n": 3}


def parted(condition: str) -> tuple[str, str]:
    relation = next(relation for relation in RELATIONS if condition.endswith(relation))
    return condition.removesuffix(relation).strip(), relation


def holds(value: np.ndarray, relation: str) -> bool:
    if relation == "nonsingular":
        return bool(np.linalg.matrix_rank(value, tol=1e-9) == len(value))
    if relation == "> 0":
        return bool(value.min() > 0)
    return bool((abs(value).max() if relation == "!= 0" else abs(value).min()) > 1e-12)


@every_row
def test_a_row_tells_a_condition_by_its_parts(row: Reduction) -> None:
    text, relation = parted(row.condition)
    found = reduced(Demand(read(text, given=row.given).expr, relation))
    assert found is not None
    assert tuple(f"{render(part, 'text')} {of}" for part, of in found) == row.means


@every_row
def test_the_parts_of_a_row_imply_its_condition(row: Reduction) -> None:
    """At points where the parts hold, and there are such: all but a negative t for t > 0.  Where a
    part is zero they do not, unless that part is not needed."""
    text, relation = parted(row.condition)
    expr = read(text, given=row.given).expr
    met = 0
    for at in range(24):
        values = {}
        for k, node in enumerate(symbols_of(expr)):
            name, properties = node.data
            shape = tuple(SIZES[str(size)] for size in node.shape)
            source = Source(Reals(), Random(f"{name} {at}"), at + k, STYLES[at % len(STYLES)])
            values[name] = np.array(sample(source, shape, properties)).reshape(shape)
        zeros = [
            values | {node.data[0]: np.zeros_like(values[node.data[0]])}
            for node in symbols_of(expr)
            if node.data[1] <= {"psd"}
        ]
        for point in (values, *zeros):
            if all(holds(point[name], of) for name, of in map(parted, row.means)):
                met += point is values
                try:
                    value = np.array(evaluate(expr, point, sizes=SIZES))
                except EvaluationProblem:
                    continue  # what is not defined has no condition
                assert holds(value, relation)
    assert met >= 4


# Where functions are not defined, not smooth, or several eigenvalues are one.
ENTRIES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, math.pi / 2, math.pi)


# Products are smooth; those that are quotients or roots are not.
SMOOTH = [
    name
    for name, op in OPERATORS.items()
    if op.kind in ("elementwise", "primitive", "composed") or op.conditions
    if any(cases(op)) and name not in GERMS
]


@pytest.mark.parametrize("name", SMOOTH)
def test_an_answer_has_conditions_where_its_operator_is_not_smooth(name: str) -> None:
    """What has none is smooth at arrays of equal entries and at identities."""
    for case in islice(cases(OPERATORS[name]), 4):
        result = case.derive(check=False)
        if not result.conditions:
            operands = {node.data[0]: concrete(node.shape) for node in symbols_of(case.expr)}
            for fill in (*(partial(np.full, fill_value=entry) for entry in ENTRIES), identity):
                point = {name: fill(shape) for name, shape in operands.items()}
                assert is_smooth(case, result, point), point


def concrete(shape: Shape) -> tuple[int, ...]:
    return tuple(int(size_at(size, dict.fromkeys(names_of(size), 2))) for size in shape)


def identity(shape: tuple[int, ...]) -> np.ndarray:
    return np.eye(*shape) if len(shape) == 2 else np.ones(shape)


def is_smooth(case: Case, result: mg.Result, point: dict[str, np.ndarray]) -> bool:
    """Whether slopes in either sense of a direction are what the derivative says."""
    name = case.variable.data[0]
    moved = np.random.default_rng(1).uniform(0.5, 1, point[name].shape)
    sizes = {str(size): 2 for node in walk(case.expr) for size in node.shape}

    def value(step: float) -> np.ndarray:
        there = point | {name: point[name] + step * moved}
        return np.array(evaluate(case.expr, there, sizes=sizes))

    try:
        slopes = [(value(step) - value(0)) / step for step in (1e-6, -1e-6)]
        slope = np.tensordot(np.array(result(**point, sizes=sizes)), moved, moved.ndim)
    except EvaluationProblem:
        return False
    return all(np.allclose(slope, other, rtol=1e-3, atol=1e-3) for other in slopes)


STATED = {
    # Discharged by what is known.
    "logdet(X'*X + l*eye(n))": ("X", "l > 0", ""),
    "tr(inv(X'*X + l*eye(n)))": ("l", "l > 0", ""),
    "log(det(S))": ("S", "S pd", ""),
    "log(sum(exp(x)))": ("x", "", ""),
    "log(1 + x'*x)": ("x", "", ""),
    "log(1 + exp(t))": ("t", "t scalar", ""),
    "log(1 - sigmoid(a'*x))": ("x", "", ""),
    "log(1 - p)": ("p", "0 < p < 1", ""),
    "log(t - 1)": ("t", "t >= 2", ""),
    "logit(sigmoid(a'*x))": ("x", "", ""),
    "asin(tanh(a'*x))": ("x", "", ""),
    "abs(t)": ("t", "t > 0", ""),
    "norm(A*x)": ("x", "A: n n invertible; x != 0", ""),
    "logdet(eye(n) + X*X')": ("X", "", ""),
    "logdet(D + X*S*X')": ("X", "D pd; S pd", ""),
    "tr(sqrtm(X'*X + eye(n)))": ("X", "", ""),
    "tr(logm(A'*S*A))": ("S", "S pd; A: n n invertible", ""),
    "logdet(X'*X)": ("X", "X: m n full column rank", ""),
    "normnuc(X)": ("X", "X full rank", ""),
    "norm(x)^2": ("x", "", ""),
    "1/det(L)": ("x", "L: n n unit lower triangular; x: n", ""),
    # Told of the parts.
    "norm(A*x) ": ("x", "A: n n invertible", "x != 0"),
    "sqrt(x'*S*x)": ("x", "S pd", "x != 0"),
    "1/(x'*x)": ("x", "", "x != 0"),
    "tr(inv(A*X*B))": ("X", "A: n n; B: n n", "A nonsingular; X nonsingular; B nonsingular"),
    "logdet(A*X')": ("X", "A: n n", "A nonsingular; X nonsingular"),
    "logdet(kron(A, B))": ("A", "A: n n; B: m m", "A nonsingular; B nonsingular"),
    "tr(inv(c*A))": ("A", "", "c != 0; A nonsingular"),
    "log(det(X'*X))": ("X", "X: m n", "X'*X nonsingular"),
    "x'*inv(diag(d))*x": ("d", "", "d has no zeros"),
    # Once, and the strongest.
    "log(det(-X))": ("X", "", "det(-X) > 0"),
    "sqrt(u)": ("u", "u scalar", "u > 0"),
    "log(u) + 1/u": ("u", "u scalar", "u > 0"),
    "sum(log(x)) + sum(sqrt(x)) + sum(1./x)": ("x", "x: n", "x > 0"),
    "log(t) + log(1 + t)": ("t", "t scalar", "t > 0"),
    "logdet(S) + logdet(S + eye(n)) + tr(sqrtm(S))": ("S", "", "S symmetric positive definite"),
    # Neither more nor less.
    "log(det(X))": ("X", "", "det(X) > 0"),
    "sqrt(x'*S*x) ": ("x", "S psd", "x'*S*x > 0"),
    "sum(tan.(A)./cos.(A))": ("A", "A: n n", "cos.(A) has no zeros"),
    "norm1(x) + norm(x)": ("x", "x: n", "x has no zeros"),
    "sum(x./y)": ("y", "x: n; y: n", "y has no zeros"),
    "tr(inv(A - B))": ("A", "A pd; B pd", "A - B nonsingular"),
    "log(1 - x'*x)": ("x", "", "1 - x'*x > 0"),
    "log(p)'*p": ("p", "p: n simplex", "p > 0"),
}  # fmt: skip


@pytest.mark.parametrize("text", STATED)
def test_conditions_of_an_answer(text: str) -> None:
    wrt, given, expected = STATED[text]
    result = mg.derive(text, wrt, given=given)
    assert "; ".join(result.conditions) == expected
    assert result.proof is not None
    assert result.proof.ok is True
