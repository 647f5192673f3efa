"""Derivatives through linear operators that are no contractions: tensors at letters, under vec,
by vectors, twice."""

from __future__ import annotations

import pytest

import matgrad as mg
from matgrad.core.errors import NoRule, SyntaxProblem
from matgrad.core.expr import symbols_of
from matgrad.normal.lower import lower
from matgrad.normal.symmetry import permute
from matgrad.notation.read import read, read_expression
from matgrad.proof import same

# What is differentiated, by what, where, and what is printed.
TENSORS = [
    ("expm(X)", "X", "", "[i,j,k,l]: expm_frechet(X, unit(k, n)*unit(l, n)')[i,j]"),
    ("A*expm(X)*B", "X", "", "[i,j,k,l]: (A*expm_frechet(X, unit(k, n)*unit(l, n)')*B)[i,j]"),
    (
        "expm(expm(X))",
        "X",
        "",
        "[i,j,k,l]: expm_frechet(expm(X), expm_frechet(X, unit(k, n)*unit(l, n)'))[i,j]",
    ),
    (
        "expm(X'*X)",
        "X",
        "",
        "[i,j,k,l]: expm_frechet(X'*X, X'*unit(k, m)*unit(l, n)' + unit(l, n)*unit(k, m)'*X)[i,j]",
    ),
    (
        "tr(expm(X))*expm(X)",
        "X",
        "",
        "[i,j,k,l]: expm(X)[i,j]*expm(X)[l,k]"
        " + tr(expm(X))*expm_frechet(X, unit(k, n)*unit(l, n)')[i,j]",
    ),
    (
        "expm(X).*X",
        "X",
        "",
        "[i,j,k,l]: delta[i,k]*delta[j,l]*expm(X)[i,j]"
        " + X[i,j]*expm_frechet(X, unit(k, n)*unit(l, n)')[i,j]",
    ),
    ("expm(X)*v", "X", "v: n", "[i,j,k]: expm_frechet(X, v*unit(i, n)')[k,j]"),
    (
        "sqrtm(X*X')*a",
        "X",
        "",
        "[i,j,k]: (sylv(sqrtm(X*X'), sqrtm(X*X'), unit(i, m)*a' + a*unit(i, m)')*X)[j,k]",
    ),
    ("expm(diag(x))", "x", "", "[i,j,k]: expm_frechet(diag(x), diag(unit(k, n)))[i,j]"),
    ("expm(diag(x))*a", "x", "", "[i,j]: (expm_frechet(diag(x), diag(unit(j, n)))*a)[i]"),
    ("diag(expm(X))", "X", "X: n n", "[i,j,k]: expm_frechet(X, diag(unit(i, n)))[k,j]"),
    ("sylv(A, B, x*y')", "x", "", "[i,j,k]: sylv(A, B, unit(k, n)*y')[i,j]"),
    (
        "sylv(A, B, C)",
        "A",
        "",
        "[i,j,k,l]: -sylv(A, B, unit(k, n)*unit(l, n)'*sylv(A, B, C))[i,j]",
    ),
    ("vec(expm(X))", "X", "", "[i,j,k]: expm_frechet(X, unvec(unit(i, n^2), n, n)')[k,j]"),
    (
        "polar(X)",
        "X",
        "X: m n",
        "[i,j,k,l]: sylv(X'*polar(X), polar(X)*X',"
        " unit(l, n)*unit(k, m)' - polar(X)'*unit(k, m)*unit(l, n)'*polar(X)')[j,i]",
    ),
]
# Twice: by both variables.
SECOND = [
    ("tr(expm(X))", "[i,j,k,l]: expm_frechet(X, unit(k, n)*unit(l, n)')[j,i]"),
    ("a'*expm(X)*b", "[i,j,k,l]: expm_frechet2(X, b*a', unit(k, n)*unit(l, n)')[j,i]"),
    ("a'*cosm(X)*b", "[i,j,k,l]: cosm_frechet2(X, b*a', unit(k, n)*unit(l, n)')[j,i]"),
    (
        "tr(expm(A*X)*B)",
        "[i,j,k,l]: (A'*expm_frechet2(A*X, B, A*unit(k, n)*unit(l, m)')')[i,j]",
    ),
]
# Twice, where both directions have further axes.
GIVEN = "x: n; b: n; X: n n; Y: n n"
TWICE = [
    (
        "expm(X)",
        "X X",
        "[i,j,k,l,p,q]: expm_frechet2(X, unit(k, n)*unit(l, n)', unit(p, n)*unit(q, n)')[i,j]",
    ),
    (
        "coshm(diag(x))",
        "x x",
        "[i,j,k,l]: coshm_frechet2(diag(x), diag(unit(k, n)), diag(unit(l, n)))[i,j]",
    ),
    (
        "sinm(X*Y)",
        "X Y",
        "[i,j,k,l,p,q]: delta[l,p]*sinm_frechet(X*Y, unit(k, n)*unit(q, n)')[i,j]"
        " + sinm_frechet2(X*Y, unit(k, n)*unit(l, n)'*Y, X*unit(p, n)*unit(q, n)')[i,j]",
    ),
    (
        "expm(X)*b",
        "X X",
        "[i,j,k,l,p]: expm_frechet2(X, b*unit(i, n)', unit(l, n)*unit(p, n)')[k,j]",
    ),
]
# Under vec.
STACKED = [
    ("sylv(A, B, C)", "C", "inv(kron(eye(m), A) + kron(B', eye(n)))"),
    (
        "sylv(A, B, C)",
        "A",
        "-inv(kron(eye(m), A) + kron(B', eye(n)))*kron(sylv(A, B, C)', eye(n))",
    ),
    (
        "sylv(A, B, C)",
        "B",
        "-inv(kron(eye(m), A) + kron(B', eye(n)))*kron(eye(m), sylv(A, B, C))",
    ),
    ("A*expm(X)*B", "X", "[i,j]: vec(A*expm_frechet(X, unvec(unit(j, n^2), n, n))*B)[i]"),
    ("expm(X)*v", "X", "[i,j]: vec(expm_frechet(X, v*unit(i, n)')')[j]"),
]
# Products in which an axis stands three times: a diagonal, not a matrix.
DIAGONALS = [
    (
        "diagsums(C.*eye(m)*X)",
        "[i,j,k,l]: diagsums(unit(l, n)*(unit(k, m).*diagvec(C))')[j,i]",
    ),
    (
        "hankel(prod(X*X, 1)', b)",
        "[i,j,k,l]: antisums((prod(X^2, 1)'.*diagvec((X*unit(k, n)*unit(l, n)'"
        " + unit(k, n)*unit(l, n)'*X)'*(X^2).^(-1)))*unit(1, m)')[i,j]",
    ),
]
# By one entry, and where the tensor is contracted away.
PLAIN = [
    ("tr(kron(sylv(A, A, X), C))", "X", "tr(C)*inv(A)'/2"),
    ("expm(X)", "X[k,l]", "expm_frechet(X, unit(k, n)*unit(l, n)')"),
    ("A*expm(X)", "X[1,2]", "A*expm_frechet(X, unit(1, n)*unit(2, n)')"),
    ("tr(expm(X))*X", "X", "[i,j,k,l]: tr(expm(X))*delta[i,k]*delta[j,l] + X[i,j]*expm(X)[l,k]"),
    ("tr(A*expm(X))*B", "X", "[i,j,k,l]: B[i,j]*expm_frechet(X, A)[l,k]"),
    ("conv(a, x)", "x", "toeplitz([a; zeros(m - 1)], zeros(m))"),
    ("norm2(toeplitz(c, r)*x - y)^2", "c", "2*diagsums(x*(toeplitz(c, r)*x - y)')[1,:]"),
    ("a'*hankel(c, r)*b", "c", "antisums(b*a')[1,:]"),
]


def confirm(result: mg.Result, answer: str) -> None:
    """The answer is printed so, reads back as it is, and has passed its check."""
    assert result.text() == answer
    assert result.proof is not None
    assert result.proof.ok is True, result.proof
    names = {s.data[0]: s for s in symbols_of(result.source)}
    back = read_expression(answer, names)
    assert lower(back) is lower(result.expression) or same(back, result.expression).ok is True


@pytest.mark.parametrize(("text", "by", "given", "answer"), TENSORS, ids=[t[0] for t in TENSORS])
def test_a_tensor(text: str, by: str, given: str, answer: str) -> None:
    confirm(mg.derive(text, by, given=given), answer)


@pytest.mark.parametrize(("text", "answer"), SECOND, ids=[t[0] for t in SECOND])
def test_a_second_derivative(text: str, answer: str) -> None:
    confirm(mg.derive(text, ["X", "X"]), answer)


@pytest.mark.parametrize(("text", "by", "answer"), STACKED)
def test_under_vec(text: str, by: str, answer: str) -> None:
    given = "" if "sylv" in text else "X: n n; v: n"
    confirm(mg.derive(text, by, given=given, layout="vec"), answer)


@pytest.mark.parametrize(("text", "answer"), DIAGONALS, ids=[d[0] for d in DIAGONALS])
def test_a_diagonal(text: str, answer: str) -> None:
    confirm(mg.derive(text, "X"), answer)


def test_a_vector_through_a_linear_operator() -> None:
    """What an operator takes may have one axis of its own and further ones."""
    result = mg.derive("toeplitz(zeros(m), eigvecmax(X*X' + eye(n)))", "X")
    assert result.proof is not None
    assert result.proof.ok is True
    back = read(result.text(), symbols={"X": "n p", "of_m": "m"}, shape="m n n p").expr
    assert same(back, result.expression).ok is True


@pytest.mark.parametrize(("text", "by", "answer"), PLAIN)
def test_no_axis_passes_through(text: str, by: str, answer: str) -> None:
    confirm(mg.derive(text, by), answer)


def test_vec_of_a_square_root_has_kronecker_products_only() -> None:
    result = mg.derive("sqrtm(X)", "X", given="X: n n pd", layout="vec")
    assert "sylv" not in result.text()
    assert result.proof is not None
    assert result.proof.ok is True


def test_a_direction_has_no_letters() -> None:
    assert mg.derive("expm(A + t*B)", ["t", "t"]).text() == "expm_frechet2(A + t*B, B, B)"
    assert mg.derive("expm(X)", "X").differential == "expm_frechet(X, dX)"


@pytest.mark.parametrize(("text", "by", "answer"), TWICE, ids=[t[0] for t in TWICE])
def test_axes_pass_through_two_directions(text: str, by: str, answer: str) -> None:
    confirm(mg.derive(text, by.split(), given=GIVEN), answer)


SQUARES = ("diag(x)", "toeplitz(b, x)", "hankel(x, x)", "x*b' + b*x'", "B*diag(x.^2)*B'")


@pytest.mark.parametrize("name", ["expm", "logm", "sqrtm", "sinm", "cosm", "coshm", "signm", "adj"])
@pytest.mark.parametrize("inside", SQUARES)
def test_a_second_derivative_has_its_axes(name: str, inside: str) -> None:
    """Four axes, right at random points; where eigenvalues must be positive, near the identity."""
    shifted = f"({inside})/20 + eye(n)"
    result = mg.derive(f"{name}({shifted})", ["x", "x"], given="x: n; b: n; B: n n")
    assert result.proof is not None
    assert result.proof.ok is True, result.proof


def test_equal_directions_exchange_their_axes() -> None:
    """A second derivative is one tensor in whichever order it is taken."""
    first, second = (
        mg.derive("funm(f, X*Y)", by, given="X: m n", check=False).tensor
        for by in (["X", "X"], ["Y", "Y"])
    )
    for tensor in (first, second):
        node = lower(tensor)
        assert permute(node, (0, 1, 4, 5, 2, 3)) is node


def test_what_is_not_printed_is_not_explained() -> None:
    result = mg.derive("coshm(toeplitz(b, x)*B*toeplitz(b, x))", ["x", "x"], given="B: n n")
    assert "where" not in result.text()


def test_a_third_derivative() -> None:
    result = mg.derive("a'*expm(X)*b", ["X", "X", "X"])
    confirm(
        result,
        "[i,j,k,l,p,q]:"
        " expm_frechet3(X, b*a', unit(k, n)*unit(l, n)', unit(p, n)*unit(q, n)')[j,i]",
    )


def test_a_fourth_derivative_is_refused_by_name() -> None:
    with pytest.raises(NoRule, match="expm_frechet3 has no rule for its derivative"):
        mg.derive("expm(X)", ["X"] * 4)


def test_a_letter_inside_an_operand() -> None:
    def equal(left: str, right: str) -> bool:
        return bool(mg.equal(left, right, given="A: m n; B: n n; x: n"))

    assert equal("[i,k]: (A*unit(k, n))[i]", "A")
    assert equal("[i,k,l]: (A*unit(k, n)*unit(l, p)')[i,l]*1", "[i,k,l]: A[i,k]*ones(p)[l]")
    assert equal("[i]: (B[i,k]*x)[k]", "B*x")
    assert equal("[k,l]: tr(B*unit(k, n)*unit(l, n)')", "B'")
    assert equal("[i,k]: (A*x - A*unit(k, n))[i]", "[i,k]: (A*x)[i] - A[i,k]")
    assert equal("[i,k]: vec(unit(k, n)*x')[i]", "[i,k]: kron(x, unit(k, n))[i]")
    assert not equal("[i,k]: (B*unit(k, n))[i]", "B'")


@pytest.mark.parametrize(
    "text", ["[i,j,k]: inv(B + unit(k, n)*x')[i,j]", "[i,k]: exp(unit(k, n))[i]"]
)
def test_a_letter_in_no_linear_place_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="a letter cannot stand inside"):
        mg.equal(text, text, given="B: n n; x: n")
