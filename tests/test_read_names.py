"""Names: what is declared, what is assumed, and what statements are made of."""

from __future__ import annotations

import pytest

from matgrad.core.errors import (
    AmbiguityProblem,
    DeclarationProblem,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.notation.read import Reading, read, read_shape
from spelled import rows, sizes, spelled

# Names nobody declared.


@rows(
    "text, names, shape",
    {
        "x'*B*x": ("x vector n, B matrix n n, n dimension ", ""),
        "a'*X*b": ("a vector m, X matrix m n, b vector n, m dimension , n dimension ", ""),
        "(x - A*s)'*W*(x - A*s)": (
            "x vector m, A matrix m n, s vector n, W matrix m m, m dimension , n dimension ",
            "",
        ),
        "det(x*x')": ("x vector n, n dimension ", ""),
        "x/tr(x*x')": ("x vector n, n dimension ", "n"),
        "x*y'": ("x scalar , y scalar ", ""),
        "a*x'*b": ("a scalar , x vector n, b vector n, n dimension ", ""),
        "A\\b": ("A matrix n n, b vector n, n dimension ", "n"),
        "x + 1": ("x scalar ", ""),
        "tr(sin.(X))": ("X matrix n n, n dimension ", ""),
        "exp(x)'*b": ("x vector n, b vector n, n dimension ", ""),
        "f(X)": ("f function , X matrix m n, m dimension , n dimension ", ""),
        "n*X": ("n scalar , X matrix m p, m dimension , p dimension ", "m p"),
        "n*X + ones(n, k)": ("X matrix n k, n dimension , k dimension ", "n k"),
        "T[i,j,k]": (
            "T tensor m n p, m dimension , n dimension , p dimension ",
            "",
        ),
        "vec(X)'*b": ("X matrix m n, b vector m*n, m dimension , n dimension ", ""),
        "alpha*x'*x_1": ("alpha scalar , x vector n, x_1 vector n, n dimension ", ""),
        # What is summed up is an array, unless it says scalar.
        "x*sum(x)": ("x vector n, n dimension ", "n"),
        "sum(x'*x)*y": ("x vector n, y scalar , n dimension ", ""),
        "mean(A*x).*b": ("A matrix m n, x vector n, b scalar , m dimension , n dimension ", ""),
        "α*Σ": ("alpha scalar , Sigma matrix m n, m dimension , n dimension ", "m n"),
    },
)
def test_assumptions(text: str, names: str, shape: str) -> None:
    reading = read(text)
    found = ", ".join(
        f"{info.name} {info.kind} {' '.join(map(str, info.shape))}" for info in reading.names
    )
    assert (found, sizes(reading.expr)) == (names, shape)


@rows(
    "text, note",
    {
        "det(X)": "assumed matrix, square, because det(X)",
        "X*X": "assumed matrix, square, because X*X",
        "x'*B*x": "assumed vector",
        "f(x)": "assumed (n) -> ()",
        "phi.(X)": "assumed elementwise",
        "t*2": "assumed scalar",
    },
)
def test_notes(text: str, note: str) -> None:
    info = read(text).names[0]
    assert (info.note, info.declared) == (note, False)


def test_declared_names_have_no_note_and_stay_available() -> None:
    reading = read("tr(X)", given="X: n n; Y: m m symmetric")
    x, y, *_ = reading.names
    assert (x.note, x.declared) == ("", True)
    assert (y.name, y.properties, y.declared) == ("Y", frozenset({"symmetric"}), True)


@rows(
    "text, name",
    {
        "norm(a*x)": "a",
        "A*(s*t)": "s",
    },
)
def test_a_tie_is_asked(text: str, name: str) -> None:
    with pytest.raises(AmbiguityProblem) as caught:
        read(text)
    assert f"{name}: scalar" in str(caught.value)


def test_a_declared_scalar_is_its_own_sum() -> None:
    assert sizes(read("sum(x) + 1", given="x: scalar").expr) == ""


@rows(
    "text, value",
    {
        "f(X)": "",
        "f(X)*g(X)": "",
        "det(f(X))": "p p",
        "tr(f(X))*g(x)": "q q",
        "norm(f(x))": "m",
        "norm(f(x) - y)": "m",
        "f(x)[i]": "m",
        "f(x)'*A*f(x)": "n",
        "x'*f(x)": "n",
        "A*f(x)": "n",
        "f(x) + A*x": "m",
        "D(f, x)*c*f(x)": "",
        "tr(D(f, X))": "",
    },
)
def test_the_value_of_an_unknown_function_follows_from_its_use(text: str, value: str) -> None:
    (info,) = (name for name in read(text).names if name.name == "f")
    assert " ".join(map(str, info.shape)) == value
    assert info.note.startswith("assumed ")


def test_the_value_of_a_symmetric_function_is_square() -> None:
    (info,) = (name for name in read("f(X)*A", given="f(X) symmetric").names if name.name == "f")
    assert len(info.shape) == 2 and info.shape[0] == info.shape[1]


def test_a_declared_value_wins() -> None:
    with pytest.raises(ShapeProblem):
        read("det(f(X))", given="f(X): ")


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("tarce(X)", "trace"),
        ("deter(X)", "det"),
        ("trace_(X)", "trace"),
        ("tr(sinn(X))", "sin"),
        ("tr(sinn.(X))", "sin"),
        ("Inv(X)", "inv"),
        ("lgo(x)", "log"),
        ("D(nrom, x)", "norm"),
        ("f(x) + g(x) + phi(x) + L(x) + loss(x) + net(x) + energy(x)", ""),
    ],
)
def test_a_function_like_an_operator_is_remarked(text: str, operator: str) -> None:
    said = [remark for remark in read(text).remarks if "unknown function" in remark]
    assert [remark.rpartition(" ")[2] for remark in said] == [f"{operator}?"] * bool(operator)


def test_a_declared_function_may_be_like_an_operator() -> None:
    assert read("tarce(X)", given="tarce(X): ").remarks == ()


def test_sizes_that_nobody_named_are_not_called_like_one_that_has_a_value() -> None:
    assert sizes(read("x'*A", given="n = 3").expr) == "p"


def test_sizes_forced_equal_are_remarked() -> None:
    assert read("eye(k)*X", given="X: p p").remarks == ("k = p",)
    assert read("vec(X)'*vec(Y)").remarks == ("m*n = p*q",)
    assert read("X*Y", given="X: m n").remarks == ()


@rows(
    "text, shape",
    {
        "tr(kron(A, B)) where B = eye(2)": "n n",
        "tr(kron(A, A))": "n n",
        "det(kron(A, A*A'))": "n n",
        "inner(kron(A, B), kron(A, C))": "m n",
    },
)
def test_a_product_of_sizes_is_divided_by_what_it_shares(text: str, shape: str) -> None:
    """Sizes are positive: m*n = p*n says that m = p, and m^2 = n^2 that m = n."""
    reading = read(text)
    assert (" ".join(map(str, reading.names[0].shape)), reading.remarks) == (shape, ())


# Statements.


def targets(reading: Reading) -> str:
    return " ".join(
        target.symbol.data[0] + ("" if target.indices is None else str(list(target.indices)))
        for target in reading.targets
    )


@rows(
    "text, variables",
    {
        "d/dX tr(X)": "X",
        "∂/∂X tr(X)": "X",
        "d/d(X) tr(X)": "X",
        "d/dX[1,j] tr(X)": "X[0, 'j']",
        "d/dx_ij tr(X)": "X['i', 'j']",
        "d/dX_12 tr(X)": "X[0, 1]",
        "d/dx_i x'*x": "x['i']",
        "d2/dxdy x'*A*y": "x y",
        "d2/dx2 x'*x": "x x",
        "d^2/dx^2 x'*x": "x x",
        "d²/dx² x'*x": "x x",
        "∂²/∂x∂y x'*A*y": "x y",
        "∂²/∂x² x'*x": "x x",
        "d2/dx dy x'*A*y": "x y",
        "d/dx d/dy x'*A*y": "x y",
        "d3/dx3 exp(x)": "x x x",
        "∂/∂α α^2": "alpha",
        "tr(X)": "",
    },
)
def test_variables(text: str, variables: str) -> None:
    assert targets(read(text)) == variables


def test_variables_beside_the_text() -> None:
    assert targets(read("tr(X*Y)", wrt=["X", "Y[1,2]"])) == "X Y[0, 1]"
    reading = read("tr(X)", wrt=["Y"], given="Y: n n")
    assert targets(reading) == "Y"


def test_a_claim() -> None:
    reading = read("d/dX tr(A*X*B) = A'*B'")
    assert spelled(reading.expr) == "trace(matmul(matmul(A, X), B))"
    assert reading.equals is not None
    assert spelled(reading.equals) == "matmul(transpose(A), transpose(B))"
    assert sizes(reading.targets[0].symbol) == "n p"


def test_a_false_claim_forces_no_sizes() -> None:
    reading = read("d/dX a'*X*b = b*a'")
    assert sizes(reading.targets[0].symbol) == "m n"
    assert reading.equals is not None and sizes(reading.equals) == "n m"


def test_a_claim_settles_sizes_of_constants() -> None:
    reading = read("d/dX tr(X) = eye(k)", given="X: n n")
    assert reading.equals is not None and sizes(reading.equals) == "n n"
    assert reading.remarks == ("k = n",)


@rows(
    "text, names",
    {
        "s*s + t where t = exp(s), s = tr(X)": "t s",
        "z'*W*z where z = x - A*s": "z",
        "x'*x": "",
    },
)
def test_definitions(text: str, names: str) -> None:
    assert " ".join(name for name, _ in read(text).lets) == names


def test_definitions_are_substituted() -> None:
    reading = read("z'*z where z = x - A*s")
    assert spelled(reading.expr) == "matmul({0}, {0})".format("sub(x, matmul(A, s))")
    assert reading.lets[0][1] is reading.expr.args[0]
    beside = read("z'*z", lets={"z": "x - A*s"})
    assert beside.expr is reading.expr


# Declarations.


@rows(
    "given, report",
    {
        "X: m n": "X matrix m n",
        "X: m, n": "X matrix m n",
        "X: 3 4": "X matrix 3 4",
        "X: m*n n+1": "X matrix m*n n + 1",
        "X: (m+1) n*(n+1)/2": "X matrix m + 1 n^2/2 + n/2",
        "X: n^2 2": "X matrix n^2 2",
        "t:": "t scalar ",
        "t: scalar": "t scalar ",
        "x: vector": "x vector n",
        "X: matrix": "X matrix m n",
        "T: a b c": "T tensor a b c",
        "W symmetric": "W matrix n n symmetric",
        "W: symmetric": "W matrix n n symmetric",
        "A: n n symmetric": "A matrix n n symmetric",
        "A: n n positive definite": "A matrix n n pd",
        "A: n n spd invertible": "A matrix n n invertible pd",
        "S skew-symmetric": "S matrix n n skew",
        "A nonsingular": "A matrix n n invertible",
        "t: scalar; t > 0": "t scalar  positive",
        "t: scalar; t >= 0": "t scalar  nonnegative",
        "t: scalar; t < 0": "t scalar  negative",
        "t: scalar; t != 0": "t scalar  nonzero",
        "t: scalar; t ≥ 2": "t scalar  [2, inf)",
        "t: scalar; 1 <= t < 2.5": "t scalar  [1, 2.5)",
        "p: n; 0 < p < 1": "p vector n unit_interval",
        "p: n; 1 > p > 0": "p vector n unit_interval",
        "c: scalar; -1 <= c <= 1": "c scalar  bounded",
        "e: k one-hot": "e vector k onehot",
        "E: m k one-hot rows": "E matrix m k onehot_rows",
        "Q: m n orthonormal columns": "Q matrix m n orthonormal",
        "P: n n projection": "P matrix n n idempotent symmetric",
        "L: n n unit lower triangular": "L matrix n n lower unit_diagonal",
        "X: m n full column rank": "X matrix m n full_column_rank",
        "U: m rank": "U matrix m rank",
        "P: n n doubly stochastic": "P matrix n n column_stochastic row_stochastic",
        "x, y: n": "x vector n",
        "W: n n; W symmetric": "W matrix n n symmetric",
        "f(X): p p": "f function p p",
        "f(X): p p symmetric": "f function p p symmetric",
        "f: (m n) -> (p p)": "f function p p",
        "f: (n), (m n) -> ()": "f function ",
        "phi elementwise": "phi function ",
        "n = 3; X: n n": "X matrix 3 3",
        "A: n n symmetric, B: m n": "A matrix n n symmetric",
    },
)
def test_declarations(given: str, report: str) -> None:
    info = next(info for info in read("1", given=given).names if info.declared)
    found = [info.name, info.kind, " ".join(map(str, info.shape)), *sorted(info.properties)]
    assert " ".join(found) == report


def test_declarations_by_name() -> None:
    symbols = {"W": "q q symmetric", "t": "", "f": "(m n) -> (p p)"}
    kinds = {info.name: info.kind for info in read("1", symbols=symbols).names}
    assert kinds["W"] == "matrix" and kinds["t"] == "scalar" and kinds["f"] == "function"


@rows(
    "given, message",
    {
        "W symetric": "did you mean symmetric?",
        "W: m n symmetric": "square",
        "x: n; x row stochastic": "different shapes",
        "x: n row stochastic": "which only matrices are",
        "t > a": "the relations known are",
        "1 < t < 0": "the relations known are",
        "0 < t >": "the relations known are",
        "0 t": "the relations known are",
        "W: m n; W: n n": "twice",
        "X: 0 3": "size",
        "X: 1.5 3": "size",
        "X m n": "no property `m`",
        "X": "says something",
        "X >": "relations",
        "X = n": "relations",
        ": n n": "begins with a name",
        "tr(X): n": "operator",
        "f(X: n": "names here",
        "f: n -> n": "declared like",
        "n: m; X: n n": "used as a size",
        "A: n n; A(X): n": "as a function",
        "X: n n; X definite": "did you mean positive definite?",
        "X: n$": "no meaning",
    },
)
def test_bad_declarations(given: str, message: str) -> None:
    with pytest.raises((DeclarationProblem, SyntaxProblem)) as caught:
        read("1", given=given)
    assert message in str(caught.value)
    assert "^" in str(caught.value)


@rows(
    "text, shape",
    {
        "p p": "p p",
        "m*n n+1": "m*n n + 1",
        "": "",
        "3": "3",
        "(m n)": None,
        "symmetric": None,
    },
)
def test_shapes(text: str, shape: str | None) -> None:
    if shape is None:
        with pytest.raises(DeclarationProblem):
            read_shape(text)
    else:
        assert " ".join(map(str, read_shape(text))) == shape
