"""Derivatives as operators: products, systems, factors, the array, and the forms of products."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError
from matgrad.proof import evaluate

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from generated import called, sample, unknowns  # noqa: E402
from test_code import ROWS, SIZES  # noqa: E402
from test_code_backends import converted  # noqa: E402

# Name: expression, variables, declarations.  What is square and what is not; blocks, Kronecker
# products, diagonals, low rank, and what has no structure.
PROBLEMS = {
    "factorisation": ("sum((T - U*V').^2)", "U U", "U: m k; V: n k"),
    "factorisation, ridge": ("sum((T - U*V').^2) + c*sum(U.^2)", "U U", "U: m k; V: n k; c > 0"),
    "factorisation, both": ("sum((T - U*V').^2)", "U V", "U: m k; V: n k"),
    "masked factorisation": (
        "sum((M.*(T - U*V')).^2) + c*sum(U.^2)",
        "U U",
        "U: m k; V: n k; c > 0",
    ),
    "logistic, ridge": (
        "sum(log(1 .+ exp(-y.*(A*w)))) + c*w'*w",
        "w w",
        "A: m n; c > 0",
    ),
    "logistic, tall": (
        "sum(log(1 .+ exp(-y.*(A*w)))) + c*w'*w",
        "w w",
        "A: n m; c > 0",
    ),
    "softmax, ridge": (
        "sum(logsumexp(X*W, 2)) - sum(Y.*(X*W)) + c*sum(W.^2)",
        "W W",
        "X: m n; W: n k; c > 0",
    ),
    "rank one": ("logsumexp(w) + c*w'*w", "w w", "w: n; c > 0"),
    "Kronecker, symmetric": ("tr(A*X*B*X')", "X X", "A: m m pd; B: n n pd; X: m n"),
    "Kronecker and rank one": (
        "tr(A*X*B*X') + tr(C*X)^2",
        "X X",
        "A: m m pd; B: n n pd; C: n m; X: m n",
    ),
    "Kronecker and low rank": (
        "tr(A*X*B*X') + sum((X*D).^2)*0 + norm(F*vec(X))^2",
        "X X",
        "A: m m pd; B: n n pd; D: n k; F: k m*n; X: m n",
    ),
    "diagonal and rank one, matrices": ("sum(X.^4 + X.^2) + tr(C*X)^2", "X X", "C: n m; X: m n"),
    "likelihood": ("logdet(S) + tr(inv(S)*C)", "S S", "S: n n pd; C symmetric"),
    "diagonal": ("sum(x.^4) + sum(exp(x))", "x x", "x: n"),
    "a gradient": ("tr(A*X*B)", "X", "A: k m; X: m n; B: n k"),
    "scalars": ("exp(t)*a'*x", "t t", "t scalar; a: n; x: n"),
    "diagonal of matrices": ("sum(X.^4)", "X X", "X: m n"),
    "Kronecker": ("tr(A*X*B*X')", "X X", "A: m m; B: n n; X: m n"),
    "a product on both sides": ("A*X*B", "X", "A: m m; B: n n; X: m n"),
    "not square": ("A*X*B", "X", "A: m n; B: k l; X: n k"),
    "inverse": ("inv(X)", "X", "X: n n"),
    "exponential": ("exp.(X)", "X", "X: m n"),
    "network": ("sum((tanh.(X*V)*W - Y).^2)", "V V", "X: m n; V: n k; W: k l"),
    "vector of a matrix": ("X*a", "X", "X: m n"),
    "matrix of a vector": ("a*x'", "x", "a: m; x: n"),
    **{name: (*ROWS[name][:2], ROWS[name][2]) for name in ("unit matrix", "unknown function")},
}


# JAX compiles every step of its own, which takes a while.
IN_JAX = ("factorisation, ridge", "masked factorisation", "softmax, ridge", "inverse", "Kronecker")
CASES = [(name, "numpy") for name in PROBLEMS] + [(name, "torch") for name in PROBLEMS]
CASES += [(name, "jax") for name in IN_JAX]


def derived(name: str) -> mg.Result:
    text, variables, given = PROBLEMS[name]
    return mg.derive(text, variables.split(), given=given)


def arguments(r: mg.Result, sizes: Mapping[str, int] = SIZES) -> dict[str, Any]:
    return sample(r.source, sizes) | sample(r.tensor, sizes)


def expected(r: mg.Result, values: Mapping[str, Any], sizes: Mapping[str, int] = SIZES) -> Any:
    """The array from the definitions of its operators."""
    return np.asarray(evaluate(r.tensor, values, sizes, unknowns(r.tensor, sizes)))


def assembled(factors: list[tuple[str, tuple[Any, ...]]], shape: tuple[int, ...]) -> Any:
    """The array from its factors: a letter that stands twice in a result is a unit matrix."""
    total = np.zeros(shape)
    for subscripts, arrays in factors:
        rows, out = subscripts.split("->")
        fresh, operands, inputs = "", list(arrays), rows.split(",")
        for k, letter in enumerate(out):
            other = chr(ord("A") + k)
            operands.append(np.eye(shape[k]))
            inputs.append(letter + other)
            fresh += other
        total += np.einsum(f"{','.join(inputs)}->{fresh}", *operands)
    return total


@pytest.mark.parametrize(("name", "backend"), CASES)
def test_operators_are_the_derivative(name: str, backend: str) -> None:
    convert = converted(backend)
    r = derived(name)
    values, functions = arguments(r), unknowns(r.tensor, SIZES)
    if functions and backend != "numpy":
        pytest.skip("the unknown functions of these tests are NumPy's")
    tensor = expected(r, values)
    arrays = {key: convert(value) for key, value in values.items()}
    found = called(r.operator(backend), arrays | functions | SIZES)
    assert tuple(found.shape) == found.rows + found.columns == tensor.shape
    rng = np.random.default_rng(3)
    right, left = rng.standard_normal(found.columns), rng.standard_normal(found.rows)
    forward = np.tensordot(tensor, right, len(found.columns))
    backward = np.tensordot(left, tensor, len(found.rows))
    close = {"rtol": 1e-9, "atol": 1e-10}
    np.testing.assert_allclose(np.asarray(found.matvec(convert(right))), forward, **close)
    np.testing.assert_allclose(np.asarray(found.rmatvec(convert(left))), backward, **close)
    np.testing.assert_allclose(np.asarray(found.dense()), tensor, **close)
    np.testing.assert_allclose(np.asarray(found), tensor, **close)
    factors = [(text, tuple(map(np.asarray, parts))) for text, parts in found.factors()]
    np.testing.assert_allclose(assembled(factors, tensor.shape), tensor, **close)
    size = int(np.prod(found.rows))
    if found.rows != found.columns or np.linalg.matrix_rank(tensor.reshape(size, -1)) < size:
        return
    solution = np.linalg.solve(tensor.reshape(size, size), left.ravel()).reshape(found.columns)
    np.testing.assert_allclose(
        np.asarray(found.solve(convert(left))), solution, rtol=1e-7, atol=1e-7
    )


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_array_goes_where_it_is_told(name: str, backend: str) -> None:
    convert = converted(backend)
    r = derived(name)
    values, functions = arguments(r), unknowns(r.tensor, SIZES)
    if functions and backend != "numpy":
        pytest.skip("the unknown functions of these tests are NumPy's")
    arrays = {key: convert(value) for key, value in values.items()}
    found = called(r.operator(backend), arrays | functions | SIZES)
    tensor = np.asarray(found.dense())
    turned = np.full(tensor.shape[::-1], np.nan).T
    for out in (np.full(tensor.shape, np.nan), turned):
        where = out if backend == "numpy" else convert(out)
        assert found.dense(out=where) is where
        np.testing.assert_allclose(np.asarray(where), tensor, rtol=1e-12, atol=1e-14)
    with pytest.raises(ValueError, match="out should have the shape"):
        found.dense(out=convert(np.zeros(7)))
    with pytest.raises(TypeError, match="out should hold real numbers, but its dtype is"):
        found.dense(out=convert(np.zeros(tensor.shape, dtype=np.int64)))


STRUCTURED = {
    "four axes": ("inv(X)", "X", "X: n n", True),
    "three axes": ("a*x'", "x", "a: m; x: n", True),
    "a Hessian by matrices": ("sum((T - U*V').^2)", "U U", "U: m k; V: n k", True),
    "a Hessian by vectors": ("x'*A*x", "x x", "", False),
    "a gradient by a matrix": ("tr(A*X)", "X", "", False),
    "stacked": ("inv(X)", "X", "X: n n", False),
}


@pytest.mark.parametrize(
    ("text", "variables", "given", "structured"), STRUCTURED.values(), ids=STRUCTURED
)
def test_many_axes_keep_their_structure(
    text: str, variables: str, given: str, structured: bool, request: pytest.FixtureRequest
) -> None:
    layout = "vec" if "stacked" in request.node.name else "book"
    r = mg.derive(text, variables.split(), given=given, layout=layout)
    values = arguments(r) | SIZES
    found, whole = called(r.compile(), values), called(r.compile(form="dense"), values)
    assert isinstance(whole, np.ndarray)
    assert isinstance(found, np.ndarray) != structured
    assert np.shape(found) == whole.shape
    np.testing.assert_allclose(found, whole)


def test_value_gradient_and_operator_in_one_function() -> None:
    r = derived("softmax, ridge")
    values = arguments(r)
    value, gradient, hessian = called(r.compile(orders=(0, 1, 2)), values)
    dense = called(r.compile(orders=(0, 1, 2), form="dense"), values)
    for found, whole in zip((value, gradient, hessian), dense, strict=True):
        np.testing.assert_allclose(found, whole, rtol=1e-12)
    source = r.code(orders=(0, 1, 2))
    body = source[source.rindex("\ndef ") :]
    assert body.count("np.exp(") == body.count("_logsumexp(") == 1


def test_two_operators_in_one_function() -> None:
    r = mg.derive("inv(X)", ["X", "X"], given="X: n n")
    values = arguments(r)
    first, second = called(r.compile(orders=(1, 2)), values)
    whole = called(r.compile(orders=(1, 2), form="dense"), values)
    np.testing.assert_allclose(first, whole[0])
    np.testing.assert_allclose(second, whole[1])


def test_operators_have_arguments_of_their_own() -> None:
    r = derived("masked factorisation")
    values = arguments(r)
    gradient, found = called(r.compile(orders=(1, 2)), values)
    before, right = found.dense(), np.ones(found.columns)
    product, step = found.matvec(right), found.solve(right)
    parts = [array for _, arrays in found.factors() for array in arrays]
    for array in (*values.values(), gradient, *parts):
        if np.ndim(array):
            array[...] = 7
    np.testing.assert_allclose(found.dense(), before)
    np.testing.assert_allclose(found.matvec(right), product)
    np.testing.assert_allclose(found.solve(right), step)


def test_wrong_directions_are_told() -> None:
    found = called(derived("not square").operator(), arguments(derived("not square")))
    with pytest.raises(ValueError, match=r"V should be n x k \(k = 2, n = 4\), but its shape is"):
        found.matvec(np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"U should be m x l"):
        found.rmatvec(np.zeros((1, 1)))
    with pytest.raises(ValueError, match=r"\(3, 6\) by \(4, 2\) is not square"):
        found.solve(np.zeros((3, 6)))
    with pytest.raises(TypeError, match="V should hold real numbers"):
        found.matvec(np.zeros((4, 2)) * 1j)


# Words that stand in the solution by the structure, and words that do not.
STRUCTURES = {
    "Kronecker, symmetric": (("_chol_solve",), ("reshape", "spread", "np.linalg.solve")),
    "Kronecker and rank one": (("_chol_solve",), ("np.linalg.solve", "reshape((m*n")),
    "diagonal and rank one, matrices": (("/",), ("solve(",)),
    "diagonal": (("/",), ("solve(", "spread")),
    "masked factorisation": (("reshape((m, k, 1))",), ("reshape((k*m",)),
    "inverse": (("@",), ("solve(", "inv(")),
    "rank one": (("/",), ("solve(",)),
}


@pytest.mark.parametrize(("name", "words"), STRUCTURES.items(), ids=STRUCTURES)
def test_systems_are_solved_by_their_structure(
    name: str, words: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    source = derived(name).operator_code()
    body = source[source.rindex("    def solve(") :]
    body = body[body.index('"""\n') :]
    assert all(word in body for word in words[0])
    assert not any(word in body for word in words[1])


def test_low_rank_is_used_where_it_is_low() -> None:
    body = derived("logistic, ridge").operator_code()
    assert "if m < n:" in body[body.rindex("    def solve(") :]


@pytest.mark.parametrize(("text", "given"), [("logsumexp(x)", "x: n"), ("a'*x", "")])
def test_singular_systems_are_singular(text: str, given: str) -> None:
    r = mg.derive(text, ["x", "x"], given=given)
    found = called(r.operator(), arguments(r) | SIZES)
    with pytest.raises(np.linalg.LinAlgError):
        solution = found.solve(np.arange(1.0, 5.0))
        # Rounding may leave a matrix that is all but singular.
        if np.abs(solution).max() > 1e10:
            raise np.linalg.LinAlgError


def test_scipy_multiplies_by_them() -> None:
    r = derived("not square")
    values = arguments(r)
    found = called(r.operator(), values)
    linear = found.linear_operator()
    matrix = expected(r, values).reshape(linear.shape)
    np.testing.assert_allclose(linear @ np.eye(linear.shape[1]), matrix)
    np.testing.assert_allclose(linear.T @ np.eye(linear.shape[0]), matrix.T)


def test_lineax_solves_with_them() -> None:
    convert = converted("jax")
    lineax = pytest.importorskip("lineax", reason="lineax is not installed")
    r = derived("softmax, ridge")
    values = arguments(r)
    tensor = expected(r, values)
    found = called(r.operator("jax"), {key: convert(value) for key, value in values.items()})
    operator = found.linear_operator()
    right = np.random.default_rng(0).standard_normal(found.rows)
    np.testing.assert_allclose(operator.mv(convert(right)), np.tensordot(tensor, right, 2))
    size = right.size
    solution = lineax.linear_solve(operator, convert(right), lineax.GMRES(1e-10, 1e-10)).value
    exact = np.linalg.solve(tensor.reshape(size, size), right.ravel()).reshape(right.shape)
    np.testing.assert_allclose(solution, exact, rtol=1e-6, atol=1e-6)


def test_jax_traces_operators() -> None:
    convert = converted("jax")
    import jax

    r = derived("inverse")
    function, X = r.operator("jax"), np.diag([1.0, 2.0, 4.0])
    step = jax.jit(lambda X, V: function(X=X).solve(function(X=X).matvec(V)))
    V = np.arange(9.0).reshape(3, 3)
    np.testing.assert_allclose(step(convert(X), convert(V)), V, atol=1e-12)


@pytest.mark.parametrize(("name", "backend"), [*CASES, ("network", "array-api")])
def test_products_with_directions_as_functions(name: str, backend: str) -> None:
    convert = converted(backend)
    r = derived(name)
    values, functions = arguments(r), unknowns(r.tensor, SIZES)
    if functions and backend != "numpy":
        pytest.skip("the unknown functions of these tests are NumPy's")
    tensor, count = expected(r, values), len(r.variables[-1])
    rng = np.random.default_rng(5)
    right = rng.standard_normal(tensor.shape[tensor.ndim - count :])
    left = rng.standard_normal(tensor.shape[: tensor.ndim - count])
    arrays = {key: convert(value) for key, value in values.items()} | functions | SIZES
    for form, letter, direction, product in (
        ("jvp", "v", right, np.tensordot(tensor, right, count)),
        ("vjp", "u", left, np.tensordot(left, tensor, left.ndim)),
    ):
        given = {}
        for key in (letter, letter.upper(), f"{letter}_", f"{letter.upper()}_"):
            given[key] = convert(direction)
        found = called(r.compile(backend, form=form), given | arrays)
        np.testing.assert_allclose(np.asarray(found), product, rtol=1e-9, atol=1e-10)


def test_hessian_vector_products() -> None:
    r = derived("logistic, ridge")
    values = arguments(r)
    v = np.arange(4.0)
    product = called(r.compile(form="hvp"), values | {"v": v})
    np.testing.assert_allclose(product, expected(r, values) @ v)
    assert "A.T @ A" not in r.code(form="hvp")


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_single_precision_stays_in_operators(backend: str) -> None:
    convert = converted(backend)
    for name in ("masked factorisation", "softmax, ridge", "inverse", "logistic, ridge"):
        r = derived(name)
        values = arguments(r)
        arrays = {key: convert(np.float32(value)) for key, value in values.items()}
        found = called(r.operator(backend), arrays | SIZES)
        right = np.random.default_rng(0).standard_normal(found.columns)
        product = np.asarray(found.matvec(convert(np.float32(right))))
        solved = np.asarray(found.solve(convert(np.float32(right))))
        assert product.dtype == solved.dtype == np.asarray(found.dense()).dtype == np.float32
        tensor = expected(r, values)
        exact = np.tensordot(tensor, right, right.ndim)
        np.testing.assert_allclose(product, exact, rtol=1e-4, atol=1e-4)


REFUSED = {
    "a form": ({"form": "sparse"}, "no form of code `sparse`"),
    "orders and a product": ({"form": "jvp", "orders": (0, 1)}, "without orders"),
    "no Hessian": ({"form": "hvp"}, "a Hessian-vector product is of a second derivative"),
}


@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(options: dict[str, Any], message: str) -> None:
    with pytest.raises(MatgradError, match=message):
        mg.derive("A*x", "x").code(**options)


@pytest.mark.parametrize("form", ["operator", "jvp", "vjp"])
def test_complex_derivatives_are_refused(form: str) -> None:
    r = mg.derive("a'*Z*Z*b", "Z", given="Z: n n complex")
    with pytest.raises(MatgradError, match="of real derivatives"):
        r.code(form=form)


def test_an_operator_takes_no_more_memory_than_its_argument() -> None:
    n = 300
    X = np.random.default_rng(0).standard_normal((n, n)) + 20 * np.eye(n)
    V = np.random.default_rng(1).standard_normal((n, n))
    make = mg.derive("inv(X)", "X").operator("numpy")
    tracemalloc.start()
    found = make(X=X)
    assert found.shape == (n, n, n, n)
    forward, back = found.matvec(V), found.solve(found.matvec(V))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * X.nbytes
    np.testing.assert_allclose(X @ forward @ X, -V, atol=1e-9)
    np.testing.assert_allclose(back, V, atol=1e-9)
