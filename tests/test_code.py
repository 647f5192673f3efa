"""Answers as code: what it computes, what it says, what it refuses."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

import matgrad as mg
from matgrad import cli
from matgrad.catalogue import OPERATORS
from matgrad.codegen import column_of
from matgrad.core.dims import Dim
from matgrad.core.errors import EvaluationProblem, MatgradError, NoForm
from matgrad.core.expr import Expr, symbol, walk
from matgrad.core.signature import build
from matgrad.proof import evaluate
from random_expressions import problem
from samples import GERMS, samples

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, function_of, sample, unknowns  # noqa: E402

SIZES = {"m": 3, "n": 4, "p": 5, "k": 2, "l": 6, "q": 7}

# Expressions, the variable, declarations: every kind of product, factorisation and structure.
ROWS = {
    "products": ("tr(A*X*B)", "X", ""),
    "quadratic form": ("x'*A*x", "x", ""),
    "residual": ("(x - A*s)'*W*(x - A*s)", "s", "A: m n; W symmetric"),
    "unit matrix": ("X'", "X", "X: m n"),
    "four axes": ("inv(X)", "X", "X: n n"),
    "inverse between vectors": ("a'*inv(X)*b", "X", ""),
    "inverse in a trace": ("tr(inv(X)*A)", "X", ""),
    "log of a determinant": ("log(det(X))", "X", "X: n n pd"),
    "positive definite": ("logdet(S) + tr(inv(S)*C)", "S", "S: n n pd"),
    "inferred to be positive definite": ("logdet(X*X' + eye(m))", "X", "X: m n"),
    "triangular": ("a'*inv(L)*b", "a", "L: n n lower"),
    "transposed triangular": ("a'*inv(L)*b", "b", "L: n n lower"),
    "upper triangular": ("a'*inv(L)*B", "a", "L: n n upper; B: n m"),
    "diagonal": ("a'*inv(D)*b", "b", "D: n n diagonal"),
    "logistic": ("sum(log(1 .+ exp(-y.*(A*w))))", "w", "A: m n"),
    "softmax": ("y'*log_softmax(A*w)", "w", "A: m n"),
    "diagonal in a product": ("sum((A*x).^3)", "x", "A: m n"),
    "Hadamard": ("sum(A.*X.*X)", "X", "X: m n"),
    "Kronecker": ("det(kron(A, X))", "X", "A: m m; X: n n"),
    "trace of a tensor": ("tr(f(X))", "X", "f(X): p p; X: m n"),
    "unknown function": ("inv(f(X))", "X", "f(X): p p; X: m n"),
    "norm": ("norm(A*x - b)", "x", "A: m n"),
    "columns": ("sum(sqrt.(sum(X.^2, 1)))", "X", "X: m n"),
    "an entry": ("X[1,2]*tr(X)", "X", "X: n n"),
    "matrix power": ("tr(X^5)", "X", "X: n n"),
    "a quotient": ("x'*A*x/(x'*x)", "x", ""),
}


def checked(result: mg.Result, seed: int = 0, form: str | None = None) -> Any:
    """The value of the generated code at random arguments, compared with that from definitions."""
    expr = result.expression
    values = sample(result.source, SIZES, seed) | sample(expr, SIZES, seed)
    functions = unknowns(expr, SIZES)
    expected = evaluate(expr, values, SIZES, functions)
    found = called(result.compile("numpy", form=form), values | functions | SIZES)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    return found


@pytest.mark.parametrize(("text", "variable", "given"), ROWS.values(), ids=ROWS)
def test_first_derivatives(text: str, variable: str, given: str) -> None:
    checked(mg.derive(text, variable, given=given))


TWICE = [name for name in ROWS if name not in ("four axes", "unknown function", "Kronecker")]


@pytest.mark.parametrize("name", TWICE)
def test_second_derivatives(name: str) -> None:
    text, variable, given = ROWS[name]
    checked(mg.derive(text, [variable, variable], given=given))


@pytest.mark.parametrize("layout", ["numerator", "denominator", "vec"])
def test_layouts(layout: str) -> None:
    checked(mg.derive("tr(A*X*B)", "X", layout=layout))


@pytest.mark.filterwarnings("ignore:logm result may be inaccurate:RuntimeWarning")
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_random_expressions(first: int) -> None:
    compared = 0
    for seed in range(first, first + 20):
        root = problem(seed, declaring=False).root
        if any(node.op.name in FREE for node in walk(root)):
            continue
        values, functions = sample(root, SIZES, seed), unknowns(root, SIZES)
        try:
            expected = evaluate(root, values, SIZES, functions)
        except EvaluationProblem:
            continue
        try:
            function, source = function_of(root)
        except NoForm as refusal:
            assert "code" in refusal.message
            continue
        found = called(function, values | functions | SIZES)
        assert np.shape(found) == np.shape(expected), (seed, source)
        np.testing.assert_allclose(
            found, expected, rtol=1e-7, atol=1e-10, err_msg=f"seed {seed}\n{source}"
        )
        compared += 1
    assert compared > 10


# What is one of its own bounds; what an unknown function makes of a matrix has no code.
UNDEFINED = ("clip", "funm", "funm_frechet", "loewner")
UP_TO_SIGNS = ("eigvecs", "svdu", "svdv", "eigvec", "lsv", "rsv")
# Where rounding decides which vectors.
FREE = ("eigvecs", "svdu", "svdv", "eigvec", "proj", "lul", "luu", "eigproj", "lsv", "rsv")


# Where operators are defined: entries below one, above one with whole numbers for scalars, small
# ones or large, and positive definite matrices.
STYLES = {
    "small": lambda array: np.asarray(array),
    "large": lambda array: np.asarray(array) + 1 if np.ndim(array) else np.asarray(1.0),
    "apart": lambda array: np.asarray(array) + 1 if np.ndim(array) else np.asarray(3.0),
    "definite": lambda array: (
        array @ array.T + np.diag(np.arange(1.0, len(array) + 1)) if np.ndim(array) == 2 else array
    ),
}
LAMBDA = 2.0


SAMPLES = samples(deep=False)
SAMPLES["cross"] = build(OPERATORS["cross"], (symbol("a", (3,)), symbol("b", (3,))))
SAMPLES["between"] = build(OPERATORS["clip"], (symbol("s"), symbol("t"), symbol("lambda")))


@pytest.mark.parametrize("name", sorted({expr.op.name for expr in SAMPLES.values()}))
def test_an_operator(name: str) -> None:
    for text, expr in SAMPLES.items():
        if expr.op.name == name:
            assert ran(text, expr) or text.split()[0].rstrip("0123") in UNDEFINED, text


def ran(name: str, expr: Expr) -> bool:
    """Whether an expression has a value somewhere; the code's value is compared with each."""
    sizes, indices = {"n": 4, "k": 2}, {"i": 1, "j": 2}
    functions, generated = unknowns(expr, sizes), None
    for style in STYLES.values():
        values = {key: style(array) for key, array in sample(expr, sizes, 1).items()}
        values |= {"lambda": np.asarray(LAMBDA)} if "lambda" in values else {}
        try:
            expected = evaluate(expr, values, sizes, functions, indices)
        except EvaluationProblem:
            continue
        generated = generated or function_of(expr)
        function, source = generated
        found = called(function, values | functions | sizes | indices)
        assert np.shape(found) == np.shape(expected)
        if expr.op.name in UP_TO_SIGNS:
            found, expected = np.abs(found), np.abs(expected)
        np.testing.assert_allclose(
            found, expected, rtol=1e-7, atol=1e-10, err_msg=f"{name}\n{source}"
        )
    return generated is not None


def test_every_operator_has_a_cell() -> None:
    # Some are made of others; there is none for what only the name of a function says.
    made = {"solve", "det", "inv", "logdet", *GERMS}
    for op in OPERATORS.values():
        if op.kind in ("elementwise", "primitive", "conjugate") and op.name not in made:
            assert op.name in column_of("numpy").cells, op.name


def statements(source: str) -> str:
    """The function without its docstring and the helpers."""
    return source[source.rindex("\ndef ") :].split('"""')[2]


@pytest.mark.parametrize(("text", "variable", "given"), ROWS.values(), ids=ROWS)
def test_no_product_of_more_than_two_is_left_to_einsum(
    text: str, variable: str, given: str
) -> None:
    for operands in re.findall(r"einsum\('([^']*)'", mg.derive(text, variable, given=given).code()):
        assert operands.count(",") < 2


# Whose answers have no inverse of their own: the rest of them solve.
SOLVED = [name for name in ROWS if "triangular" in name or "between" in name or name == "diagonal"]


@pytest.mark.parametrize("name", [*SOLVED, "inverse in a trace"])
def test_systems_are_solved(name: str) -> None:
    text, variable, given = ROWS[name]
    body = statements(mg.derive(text, variable, given=given).code())
    assert "inv(" not in body
    assert "eye(" not in body


def test_an_inverse_is_built_where_it_is_the_answer() -> None:
    assert "np.linalg.inv(X)" in statements(mg.derive("logdet(X)", "X").code())
    assert "_chol_inv" in statements(mg.derive("logdet(X)", "X", given="X pd").code())


def test_one_factorisation_for_all() -> None:
    source = mg.derive("a'*inv(X)*b + log(det(X))", "a").code(orders=(0, 1))
    assert source.count("lu_factor(X") == 1
    source = mg.derive("logdet(S) + a'*inv(S)*a", "S", given="S pd").code(orders=(0, 1))
    assert source.count("_cholesky(S)") == 1


def test_value_and_derivatives_in_one_function() -> None:
    r = mg.derive("sum(log(1 .+ exp(-y.*(A*w))))", ["w", "w"], given="A: m n")
    values = sample(r.source, SIZES)
    value, gradient, hessian = called(r.compile("numpy", orders=(0, 1, 2)), values)
    np.testing.assert_allclose(
        value, np.logaddexp(0, -values["y"] * (values["A"] @ values["w"])).sum()
    )
    first = mg.derive("sum(log(1 .+ exp(-y.*(A*w))))", "w", given="A: m n")
    np.testing.assert_allclose(gradient, called(first.compile("numpy"), values))
    np.testing.assert_allclose(hessian, called(r.compile("numpy"), values))
    body = r.code("numpy", orders=(0, 1, 2))
    assert body[body.rindex("\ndef ") :].count("A @ w") == 1


@pytest.mark.parametrize("to", ["numpy-code", "jax", "torch", "array-api"])
def test_the_command_writes_code(to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["d/dX tr(A*X*B)", "--to", to]) == 0
    source = capsys.readouterr().out
    assert "def gradient(" in source
    compile(source, to, "exec")


# Forms that overflow or lose all digits as they are written: expression, arguments, value.
EXTREME = {
    "softplus": ("log(1 + exp(t))", {"t": 1000.0}, 1000.0),
    "softplus of a large negative": ("log(1 + exp(t))", {"t": -40.0}, np.exp(-40.0)),
    "log1p": ("log(1 + t)", {"t": 1e-20}, 1e-20),
    "expm1": ("exp(t) - 1", {"t": 1e-20}, 1e-20),
    "a multiple of expm1": ("3 - 3*exp(t)", {"t": 1e-20}, -3e-20),
    "logsumexp": ("log(sum(exp(x)))", {"x": np.array([1000.0, 1000.0])}, 1000 + np.log(2)),
    "norm": ("norm(x)", {"x": np.array([3e200, 4e200])}, 5e200),
    "norm of little": ("norm(x)", {"x": np.array([3e-200, 4e-200])}, 5e-200),
    "norm of nothing": ("norm(x)", {"x": np.zeros(3)}, 0.0),
    "sigmoid": ("1/(1 + exp(-t))", {"t": -800.0}, 0.0),
    "softmax": ("sum(softmax(x).^2)", {"x": np.array([1e4, 0.0])}, 1.0),
    "determinants that underflow": (
        "log(det(X))",
        {"X": np.diag(np.full(200, 1e-10))},
        200 * np.log(1e-10),
    ),
}


@pytest.mark.parametrize(("text", "values", "expected"), EXTREME.values(), ids=EXTREME)
def test_stable(text: str, values: dict[str, Any], expected: float) -> None:
    (variable,) = values
    function = mg.derive(text, variable).compile("numpy", orders=(0,))
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(function(**values), expected, rtol=1e-13)


def test_the_logarithm_of_a_negative_determinant_is_no_number() -> None:
    function = mg.derive("log(det(X))", "X").compile("numpy", orders=(0,))
    with np.errstate(invalid="ignore"):
        assert np.isnan(function(X=np.diag([1.0, -1.0])))


A, X, B = np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 2))
WRONG = {
    "axes": ({"A": A[0]}, ValueError, r"A should be p x m, but its shape is \(3,\)"),
    "a size": (
        {"B": B.T},
        ValueError,
        r"B should be n x p \(p = 2 from A\), but its shape is \(2, 4\)",
    ),
    "a type": ({"A": A * 1j}, TypeError, "A should hold real numbers, but its dtype is complex128"),
    "words": ({"A": [["a"]]}, TypeError, "A should hold real numbers"),
    "none": ({"A": None}, (TypeError, ValueError), "A should"),
}


@pytest.mark.parametrize(("change", "kind", "message"), WRONG.values(), ids=WRONG)
def test_wrong_arguments(change: dict[str, Any], kind: type[Exception], message: str) -> None:
    function = mg.derive("tr(A*X*B)", "X", given="A: p m; X: m n; B: n p").compile("numpy")
    with pytest.raises(kind, match=message):
        function(**{"A": A, "B": B} | change)


def test_a_missing_argument_and_one_too_many() -> None:
    function = mg.derive("tr(A*X*B)", "X").compile("numpy")
    with pytest.raises(TypeError, match="B"):
        function(A=A)
    with pytest.raises(TypeError, match="C"):
        function(A=A, B=B, C=B)


def test_singular_matrices_and_nan() -> None:
    function = mg.derive("a'*inv(X)*b", "b").compile("numpy")
    with pytest.raises(np.linalg.LinAlgError):
        function(a=np.ones(2), X=np.zeros((2, 2)))
    assert np.isnan(function(a=np.ones(2), X=np.full((2, 2), np.nan))).all()


def test_whole_numbers_are_taken_as_real_ones() -> None:
    function = mg.derive("x'*A*x", "x").compile("numpy")
    assert function(x=[1, 2], A=[[1, 0], [0, 1]]).tolist() == [2.0, 4.0]


def test_single_precision_stays() -> None:
    function = mg.derive("logdet(X*X' + eye(m))", "X", given="X: m n").compile("numpy")
    assert function(X=np.ones((2, 3), dtype=np.float32)).dtype == np.float32


def test_a_result_is_no_view_of_an_argument() -> None:
    a = np.ones(3)
    result = mg.derive("a'*x", "x").compile("numpy")(a=a)
    result[0] = 5
    assert a[0] == 1


NAMES = ["lambda", "gamma", "np", "t", "gradient", "class", "_array", "int", "x_1"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_identifiers_that_collide_with_nothing(name: str) -> None:
    x, A = mg.symbols(f"{name}: n; A: n n")
    function = mg.derive(x.T @ A @ x + mg.sum(mg.exp(x)), x).compile("numpy")
    x_value, A_value = np.array([0.5, 0.25]), np.array([[1.0, 2.0], [3.0, 5.0]])
    expected = (A_value + A_value.T) @ x_value + np.exp(x_value)
    (own,) = set(inspect.signature(function).parameters) - {"A"}
    assert own.isidentifier()
    np.testing.assert_allclose(function(**{own: x_value, "A": A_value}), expected)


def test_what_was_typed_is_not_run() -> None:
    x = symbol('x"""\nimport os', (Dim("n"),))
    _, source = function_of(build(OPERATORS["exp"], (x,)))
    assert "import os" not in re.sub(r'"""[\s\S]*?"""', "", source)
    assert source.count('"""') % 2 == 0


def test_the_source_says_what_it_computes() -> None:
    source = mg.derive("a'*inv(X)*b", "X").code("numpy")
    assert "def gradient(a: np.ndarray, X: np.ndarray, b: np.ndarray) -> np.ndarray:" in source
    assert '"""−(X⁻¹)ᵀ a bᵀ (X⁻¹)ᵀ' in source
    assert "Holds where X nonsingular." in source
    assert "# n x n" in source
    assert "matgrad" not in source


@pytest.mark.skipif(find_spec("ruff") is None, reason="ruff is not installed")
def test_the_source_is_clean() -> None:
    texts = [mg.derive(text, v, given=given).code() for text, v, given in ROWS.values()]
    for text in texts:
        found = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--select=E4,E7,E9,F,I,B", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stdout + text


def test_refusals() -> None:
    r = mg.derive("tr(A*X)", "X")
    with pytest.raises(MatgradError, match="no backend `fortran`"):
        r.code("fortran")
    with pytest.raises(MatgradError, match="orders go from 0"):
        r.code("numpy", orders=(3,))


def test_answers_that_failed_their_check_have_no_code() -> None:
    r = mg.derive("tr(A*X)", "X")
    assert r.proof is not None
    r.proof = dataclasses.replace(r.proof, ok=False, detail="by way of trial")
    with pytest.raises(MatgradError, match="did not pass its check"):
        r.code()
    with pytest.raises(MatgradError, match="real derivatives"):
        mg.derive("a'*Z*Z*b", "Z", given="Z: n n complex").operator_code()


def test_depth_is_no_limit() -> None:
    node = symbol("x", (Dim("n"),))
    for _ in range(3000):
        node = build(OPERATORS["sin"], (node,))
    function, _ = function_of(node)
    value = np.array([0.5])
    found = function(x=value)
    for _ in range(3000):
        value = np.sin(value)
    np.testing.assert_allclose(found, value)


def test_long_products_are_ordered_quickly() -> None:
    factors = [symbol(f"A_{k}", (Dim("n"), Dim("n"))) for k in range(60)]
    node = symbol("x", (Dim("n"),))
    for factor in reversed(factors):
        node = build(OPERATORS["matmul"], (factor, node))
    _, source = function_of(node)
    assert statements(source).count("A_59 @ x") == 1


def test_what_only_repeats_is_counted() -> None:
    t, ones = symbol("t"), build(OPERATORS["ones"], (), shape=(Dim("n"),))
    value = build(OPERATORS["exp"], (build(OPERATORS["scale"], (t, ones)),))
    total = build(OPERATORS["sum"], (build(OPERATORS["add"], (value, ones)),))
    function, _ = function_of(total)
    np.testing.assert_allclose(function(t=np.asarray(0.5), n=7), 7 * (np.exp(0.5) + 1))


def test_orders_are_good_where_a_size_is_small() -> None:
    source = mg.derive("a'*U*V'*U*b", "a", given="U: n k; V: n k").code()
    assert "V.T @ (U @ b)" in source
    source = mg.derive("tr(U*V'*U*X)", "X", given="U: n k; V: n k").code()
    assert "V.T @ U" in source or "U.T @ V" in source
