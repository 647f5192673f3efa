"""Layouts are permutations and stackings of one tensor; structures read it on a tangent space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import matgrad as mg
from matgrad.core.errors import DeclarationProblem, MatgradError, NoForm
from matgrad.proof import evaluate, same

Array = Any
SIZES = "A: 2 3; B: 4 2; C: 4 5; S: 4 4; X: 3 4; Y: 2 5; a: 3; c: 2; x: 3; y: 4; t: scalar"


class Case(NamedTuple):
    """An expression, its variable and the number of axes of both."""

    expression: str
    wrt: str
    orders: tuple[int, int]


CASES = {
    "scalar by scalar": Case("t^3", "t", (0, 0)),
    "scalar by vector": Case("x'*X*y", "x", (0, 1)),
    "scalar by matrix": Case("tr(A*X*B)", "X", (0, 2)),
    "vector by scalar": Case("t^2*x", "t", (1, 0)),
    "vector by vector": Case("A*x", "x", (1, 1)),
    "vector by matrix": Case("A*X*y", "X", (1, 2)),
    "matrix by scalar": Case("t*A", "t", (2, 0)),
    "matrix by vector": Case("x*y'", "x", (2, 1)),
    "matrix by matrix": Case("A*X*C", "X", (2, 2)),
}

Arrange = Callable[[Array], Array]
KEEP: Arrange = np.asarray
TURN: Arrange = np.transpose


def stack(tensor: Array, orders: tuple[int, int]) -> Array:
    """Rows and columns of each matrix joined to one axis, column by column."""
    result, variable = orders
    axes = [*range(result)][::-1] + [*range(result, result + variable)][::-1]
    shape = tensor.shape
    joined = [int(np.prod(shape[:result]))] * bool(result)
    joined += [int(np.prod(shape[result:]))] * bool(variable)
    return tensor.transpose(axes).reshape(joined)


# What each layout does to the tensor of a case; a case that is missing is refused.
EXPECTED: dict[str, dict[str, Arrange]] = {
    "book": dict.fromkeys(CASES, KEEP),
    "gradient": dict.fromkeys(CASES, KEEP),
    "numerator": {
        "scalar by scalar": KEEP,
        "scalar by vector": KEEP,
        "scalar by matrix": TURN,
        "vector by scalar": KEEP,
        "vector by vector": KEEP,
        "matrix by scalar": KEEP,
    },
    "denominator": {
        "scalar by scalar": KEEP,
        "scalar by vector": KEEP,
        "scalar by matrix": KEEP,
        "vector by scalar": KEEP,
        "vector by vector": TURN,
        "matrix by scalar": TURN,
    },
    "vec": {
        name: lambda tensor, orders=case.orders: stack(tensor, orders)  # type: ignore[misc]
        for name, case in CASES.items()
    },
}
CELLS = [
    pytest.param(layout, name, id=f"{layout}: {name}") for layout in EXPECTED for name in CASES
]


def numbers(result: mg.Result) -> dict[str, Array]:
    """A value for every symbol of a result whose sizes are numbers."""
    random = np.random.default_rng(5)
    shapes = {name.name: name.shape for name in result.symbols if name.kind != "function"}
    return {name: random.uniform(-1, 1, shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("text", ["A*sum(X.^2, 1)'*b'", "A*sum(X.^2, 1)'*sum(X, 1)", "A.*X*B"])
def test_what_hangs_on_both_parts_of_a_joined_axis(text: str) -> None:
    """X there is a weight, and no part of a Kronecker product."""
    result = mg.derive(text, "X", given="A: m n; X: m n; b: n; B: n n", layout="vec")
    assert result.proof is not None
    assert result.proof.ok is True
    assert "diag(vec(" in result.text()


@pytest.mark.parametrize(("layout", "name"), CELLS)
def test_a_layout_arranges_the_tensor(layout: str, name: str) -> None:
    case = CASES[name]
    if name not in EXPECTED[layout]:
        nearest = mg.derive(case.expression, case.wrt, given=SIZES, layout=layout)
        assert nearest.layout == "book"
        assert nearest.text() == mg.derive(case.expression, case.wrt, given=SIZES).text()
        reason = f"the {layout} layout is defined for results of at most two axes"
        assert any(remark.startswith(reason) for remark in nearest.remarks)
        return
    tensor = mg.derive(case.expression, case.wrt, given=SIZES)
    result = mg.derive(case.expression, case.wrt, given=SIZES, layout=layout)
    values = numbers(tensor)
    used = {name: value for name, value in values.items() if name in result.lifter.ranks}
    expected = EXPECTED[layout][name](np.array(tensor(**used)))
    np.testing.assert_allclose(result(**used), expected, atol=1e-12)
    assert result.shape == expected.shape
    assert result.layout == layout
    assert result.proof is not None
    assert result.proof.ok is True, result.proof


@pytest.mark.parametrize(
    ("expression", "wrt", "texts"),
    [
        pytest.param("a'*x", "x", "a' a a' a a'", id="scalar by vector"),
        pytest.param("t*x", "t", "x x x x' x", id="vector by scalar"),
        pytest.param("A*x", "x", "A A A A' A", id="vector by vector"),
        pytest.param("tr(X*B*A)", "X", "A'*B' A'*B' B*A A'*B' vec(A'*B')'", id="scalar by matrix"),
        pytest.param("t*A", "t", "A A A A' vec(A)", id="matrix by scalar"),
    ],
)
def test_rows_and_columns(expression: str, wrt: str, texts: str) -> None:
    """Answers in the five layouts: which vectors are rows, which matrices are turned."""
    written = [
        mg.derive(expression, wrt, given=SIZES, layout=layout, check=False).text()
        for layout in EXPECTED
    ]
    assert written == texts.split()


@pytest.mark.parametrize("layout", EXPECTED)
def test_a_hessian_is_one_matrix_in_every_layout(layout: str) -> None:
    result = mg.derive("x'*A*x", ["x", "x"], layout=layout)
    assert result.text() == "A + A'"
    assert result.proof is not None
    assert result.proof.ok is True


def test_the_vec_hessian_stacks_both_variables() -> None:
    given = "X: 2 3; A: 3 2; B: 3 2"
    tensor = mg.derive("tr(X*A*X*B)", ["X", "X"], given=given)
    stacked = mg.derive("tr(X*A*X*B)", ["X", "X"], given=given, layout="vec")
    values = {name: value for name, value in numbers(tensor).items() if name != "X"}
    expected = stack(np.array(tensor(**values)), (2, 2))
    np.testing.assert_allclose(stacked(**values), expected)
    np.testing.assert_allclose(expected, expected.T)


@pytest.mark.parametrize(
    ("wrt", "options", "message"),
    [
        pytest.param(["X"], {"layout": "cookbook"}, "no layout `cookbook`", id="layout"),
        pytest.param(["X"], {"structure": "round"}, "no structure `round`", id="structure"),
        pytest.param(["X"], {"structure": "tangent"}, "for X with no structure", id="tangent"),
        pytest.param(["Q"], {"structure": "entries"}, "for Q with orthogonal", id="orthogonal"),
    ],
)
def test_refusals_name_what_there_is_not(
    wrt: list[str], options: dict[str, str], message: str
) -> None:
    given = "X: n n; S: n n symmetric; Q: n n orthogonal"
    with pytest.raises((NoForm, DeclarationProblem), match=message) as caught:
        mg.derive("X*S*Q", wrt, given=given, **options)  # type: ignore[arg-type]
    assert isinstance(caught.value, MatgradError)


# Structures.  The function is quadratic, so central differences of it are exact.

QUADRATIC = "tr(X*A*X*B) + tr(X*X'*A)"
N = 3


def unit(i: int, j: int) -> Array:
    matrix = np.zeros((N, N))
    matrix[i, j] = 1.0
    return matrix


def directions(structure: str) -> Iterator[tuple[int, int, Array]]:
    """The independent entries of a structured matrix and the way each of them moves it."""
    for i in range(N):
        for j in range(N):
            if structure == "symmetric":
                yield i, j, unit(i, j) + unit(j, i) if i != j else unit(i, i)
            elif structure == "skew":
                yield i, j, unit(i, j) - unit(j, i)
            elif i == j:
                yield i, j, unit(i, i)


def slope(result: mg.Result, values: dict[str, Array], direction: Array) -> float:
    up, down = ({**values, "X": values["X"] + h * direction} for h in (1, -1))
    return (evaluate(result.source, up) - evaluate(result.source, down)) / 2  # type: ignore[operator]


PROJECTED: dict[str, Arrange] = {
    "symmetric": lambda M: (M + M.T) / 2,
    "skew": lambda M: (M - M.T) / 2,
    "diagonal": lambda M: np.diag(np.diag(M)),
}


def structured(kind: str, structure: str) -> tuple[mg.Result, dict[str, Array], Array]:
    given = f"X: {N} {N} {kind}; A: {N} {N}; B: {N} {N}"
    result = mg.derive(QUADRATIC, "X", given=given, structure=structure)
    assert result.structure == structure
    assert result.proof is not None
    assert result.proof.ok is True
    values = numbers(result)
    values["X"] = PROJECTED[kind](values["X"])
    return result, values, np.array(result(**values))


@pytest.mark.parametrize("kind", PROJECTED)
def test_free_lets_every_entry_vary(kind: str) -> None:
    result, values, answer = structured(kind, "free")
    for i in range(N):
        for j in range(N):
            assert np.isclose(answer[i, j], slope(result, values, unit(i, j)))


@pytest.mark.parametrize("kind", PROJECTED)
def test_tangent_lies_in_the_structure_and_gives_every_slope_there(kind: str) -> None:
    result, values, answer = structured(kind, "tangent")
    np.testing.assert_allclose(answer, PROJECTED[kind](answer), atol=1e-12)
    for _, _, direction in directions(kind):
        assert np.isclose((answer * direction).sum(), slope(result, values, direction))


@pytest.mark.parametrize("kind", PROJECTED)
def test_entries_differentiates_by_the_independent_entries(kind: str) -> None:
    result, values, answer = structured(kind, "entries")
    seen = np.zeros((N, N))
    for i, j, direction in directions(kind):
        seen[i, j] = slope(result, values, direction)
    np.testing.assert_allclose(answer, seen, atol=1e-12)


@pytest.mark.parametrize(
    ("given", "structure", "text"),
    [
        pytest.param("X symmetric", "free", "A'", id="free"),
        pytest.param("X symmetric", "tangent", "(A + A')/2", id="symmetric tangent"),
        pytest.param("X symmetric", "entries", "A + A' - A.*eye(n)", id="symmetric entries"),
        pytest.param("X skew", "entries", "A' - A", id="skew entries"),
        pytest.param("X diagonal", "entries", "A.*eye(n)", id="diagonal entries"),
    ],
)
def test_structures_of_a_trace(given: str, structure: str, text: str) -> None:
    result = mg.derive("tr(X*A)", "X", given=given, structure=structure)
    assert result.text() == text


def test_a_property_of_the_variable_does_not_change_which_function_it_is() -> None:
    """Q'*Q is the identity on orthogonal matrices only; the derivative leaves them."""
    assert mg.derive("tr(Q'*Q)", "Q", given="Q orthogonal").text() == "2*Q"
    assert mg.derive("tr(X*X)", "X", given="X symmetric").text() == "2*X"
    assert mg.derive("tr(X*X)", "X", given="X idempotent").text() == "2*X'"
    assert (
        mg.derive("tr(X*A*X)", ["X", "X"], given="X symmetric").shape
        == mg.derive("tr(X*A*X)", ["X", "X"]).shape
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("vec(kron(X, Y))", "vec(kron(X, Y))"),
        ("vec(kron(X, Y)')", "vec(kron(X', Y'))"),
        ("vec(kron(kron(X, Y), A))", "vec(kron(kron(X, Y), A))"),
        ("kron(vec(X), vec(Y))", "kron(vec(X), vec(Y))"),
        ("vec(vec(X)*vec(Y)')", "kron(vec(Y), vec(X))"),
        ("kron(A, vec(X)*y')", "kron(A, vec(X)*y')"),
        ("kron(kron(x, y), kron(y, x))", "kron(kron(x, y), kron(y, x))"),
        ("kron(kron(X, Y)*vec(Z), x)", "kron(vec(Y*Z*X'), x)"),
        ("kron(unvec(u, 3, 4), A)", "kron(unvec(u, 3, 4), A)"),
        ("unvec(kron(v, w), 3, 4)", "unvec(kron(v, w), 3, 4)"),
    ],
)
def test_joined_axes_inside_joined_axes(text: str, answer: str) -> None:
    """What has been written of an inner one hangs on the outer one; sizes fit each other."""
    given = "t: scalar; X: m n; Y: p q; Z: q n; A: k l; x: m; y: n; u: 12"
    result = mg.derive(f"t*{text}", "t", given=given)
    assert str(result) == answer
    assert result.proof is not None and result.proof.ok


JOINED = {
    "x": {
        "kron(x, y)": "kron(eye(m), y)",
        "kron(y, A*x)": "kron(y, A)",
        "kron(x, x)": "kron(eye(m), x) + kron(x, eye(m))",
        "kron(kron(x, y), x)": "kron(kron(x, y), eye(m)) + kron(kron(eye(m), y), x)",
        "kron(x, vec(B))": "kron(eye(m), vec(B))",
        "kron(A, x')*u": "A*unvec(u, m, m)'",
        "x'*kron(A, c)*x": "x'*(kron(A, c) + kron(A, c)')",
        "kron(x, y')": None,
        "kron(x', y)": None,
    },
    "X": {
        "kron(X, y)": "kron(eye(n), kron(eye(m), y))",
        "kron(y', X)": "kron(kron(y, eye(n)), eye(m))",
        "kron(X, B)": "kron(eye(n), kron(commutation(q, m), eye(p)))*kron(eye(m*n), vec(B))",
        "kron(vec(C*kron(X, B)*D), y)": None,
        "kron(B, X)": "kron(eye(q), kron(commutation(n, p), eye(m)))*kron(vec(B), eye(m*n))",
        "C*kron(X, B)*D": (
            "kron(D', C)*kron(eye(n), kron(commutation(q, m), eye(p)))*kron(eye(m*n), vec(B))"
        ),
        "C*kron(A*X, B)": (
            "kron(eye(n*q), C)*kron(eye(n), kron(commutation(q, m), eye(p)))"
            "*kron(kron(eye(n), A), vec(B))"
        ),
    },
}


@pytest.mark.parametrize(
    ("by", "text", "answer"), [(by, *row) for by, rows in JOINED.items() for row in rows.items()]
)
def test_kronecker_products_in_the_layout_vec(by: str, text: str, answer: str | None) -> None:
    """A vector beside a matrix is a column; of two matrices the parts of the rows are exchanged by
    a commutation matrix (Magnus & Neudecker 2019, ch. 3, the vec of a Kronecker product)."""
    given = "x: m; y: n; X: m n; A: m m; B: p q; C: k m*p; D: n*q l; c: 1; u: m^2"
    result = mg.derive(text, by, given=given, layout="vec")
    assert answer is None or str(result) == answer
    assert result.proof is not None and result.proof.ok
    back = mg.read(result.text("numpy"), syntax="numpy", given=given)
    assert mg.equal(back, str(result), given=given)


def test_sizes_that_a_product_makes_equal_hold_in_the_check() -> None:
    result = mg.derive("kron(X, Y)*kron(Z, Y)", "X", layout="vec")
    assert "n*q = k*p" in result.remarks
    assert result.proof is not None and result.proof.ok


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("X[1,2]", "(e₂ ⊗ e₁)ᵀ"),
        ("X[i,j]", "(eⱼ ⊗ eᵢ)ᵀ"),
        ("X'", "Kₘₓₙ"),
        ("Y'*Y", "(I_(n²) + Kₙₓₙ) (Iₙ ⊗ Yᵀ)"),
    ],
)
def test_the_kronecker_form_as_on_the_blackboard(text: str, answer: str) -> None:
    result = mg.derive(text, text[0], given="X: m n; Y: n n", layout="vec")
    assert result.text("kron") == answer
    assert result.proof is not None and result.proof.ok


@pytest.mark.parametrize(
    ("text", "by", "structure"),
    [
        ("vech(toeplitz(x, x))", "x", "free"),
        ("C*duplication(n)*vech(toeplitz(x, x))", "x", "free"),
        ("vech(diagsums(X))", "X", "entries"),
    ],
)
def test_lower_halves_of_what_axes_pass_through(text: str, by: str, structure: str) -> None:
    given = "x: n; C: m n^2; X: n n symmetric"
    for layout in ("book", "vec"):
        result = mg.derive(text, by, given=given, structure=structure, layout=layout)
        assert result.proof is not None and result.proof.ok
        code = mg.read(result.text("numpy"), syntax="numpy", given=given)
        assert same(code.expr, result.expression).ok
