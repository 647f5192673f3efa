"""Parts of arrays and arrays made of blocks: answers, laws, both dialects."""

from __future__ import annotations

import pytest

import matgrad as mg
from matgrad.core.expr import Expr
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.proof import same
from spelled import spelled

BORDERED = "A: n n; c: scalar"
SCHUR = "A: p p; D: q q"
# What is asked, declarations, and the answer in the layout of the book.
ANSWERS = {
    "d/dx sum(x[2:3].^2)": ("x: 5", "2*[0; x[2:3]; zeros(2)]'"),
    "d/dx y'*x[1:p]": ("x: n", "[y; zeros(n - p)]'"),
    "d/dx sum(x[1:p]) + 2*sum(x[p+1:n])": ("x: n", "[ones(p); 2*ones(n - p)]'"),
    "d/dx sum(exp(x)[1:p])": ("x: n", "[exp(x[1:p]); zeros(n - p)]'"),
    "d/dx [x; y]'*[x; y]": ("x: p; y: q", "2*x'"),
    "d/dx [x; y]'*M*[x; y]": ("x: p; y: q", "[x; y]'*(M + M')[:,1:p]"),
    "d/dx [x; x]'*a": ("x: n", "a[1:n]' + a[n+1:2*n]'"),
    "d/dx [x; x]": ("x: n", "[eye(n); eye(n)]"),
    "d/dx [x.^2; x]": ("x: n", "[2*diag(x); eye(n)]"),
    "d/dx [C*x; D*x; x]": ("x: n; C: m n; D: p n", "[C; D; eye(n)]"),
    "d/dx [x; 1; a'*x]": ("x: n", "[eye(n); zeros(1, n); a']"),
    # What has 0 as an entry, not as a block, and small arrays, are written entry by entry.
    "d/dt [t; t^2; 1]": ("", "[1; 2*t; 0]"),
    "d/dt [-t; 1 - t^3]": ("", "-[1; 3*t^2]"),
    "d/dx [0, 1; -1, 0]*x": ("", "[0, 1; -1, 0]"),
    "d/dx x'*[1, 2; 3, 4]*x": ("", "x'*[2, 5; 5, 8]"),
    "d/dx x[1]*x[2] + x[3]": ("x: 3", "[x[2]; x[1]; 1]'"),
    "d2/dx2 x[1]*x[2] + x[3]^2": ("x: 3", "[0, 1, 0; 1, 0, 0; 0, 0, 2]"),
    # Lower-case names in a grid without matrices are its entries, and so is what stands beside one.
    "d/dt [cos(t), -sin(t), 0; sin(t), cos(t), 0; 0, 0, 1]*x": (
        "",
        "[-sin(t), -cos(t), 0; cos(t), -sin(t), 0; 0, 0, 0]*x",
    ),
    "d/da tr([a, b; c, d]^2)": ("", "2*a"),
    "d/dt [A, b; c', t]*x": ("", "x[n]*unit(m+1, m + 1)"),
    "d/dt [A, t; 0, 1]*x": ("", "x[n]*eye(m + 1)[:,1:m]"),
    "d/dx tr(A*skewmat(x))": ("", "[A[2,3] - A[3,2]; A[3,1] - A[1,3]; A[1,2] - A[2,1]]'"),
    "d/dx [x, y]'*x": ("", "[2*x'; y']"),
    "d/dx [x, y; y, x]*b": ("x: n", "[b[1]*eye(n); b[2]*eye(n)]"),
    "d/dx sum([hankel(x, y); C]*b)": ("", "antisums(b*ones(p)')[1,:]"),
    "d/dx norm(A*[x; 1] - b)": (
        "x: n; A: m n+1",
        "(A*[x; 1] - b)'*A[:,1:n]/norm(A*[x; 1] - b)",
    ),
    "d/dA det([A, B; C, D])": (SCHUR, "det([A, B; C, D])*inv([A, B; C, D])[1:p,1:p]'"),
    "d/dD logdet([A, B; C, D])": (SCHUR, "inv([A, B; C, D])[p+1:p+q,p+1:p+q]'"),
    "d/dc logdet([A, b; b', c])": (BORDERED, "inv([A, b; b', c])[n+1,n+1]"),
    "d/db logdet([A, b; b', c])": (
        BORDERED,
        "(inv([A, b; b', c]) + inv([A, b; b', c])')[n+1,1:n]",
    ),
    "d/dX tr([X, A]'*[X, A])": ("X: m p; A: m q", "2*X"),
    "d/dX tr([X, A; B, X]*M)": ("X: n n", "M[1:n,1:n]' + M[n+1:2*n,n+1:2*n]'"),
    "d/dX det([X, A; 0, B])": ("X: n n; B: p p", "det([X, A; 0, B])*inv([X, A; 0, B])[1:n,1:n]'"),
    "d/dX sum(X[:, 2:3].*B)": ("X: m 5", "[zeros(m, 1), B, zeros(m, 2)]"),
    "d/dX tr(X[1:p, 1:p])": (
        "X: n n",
        "[eye(p), zeros(p, n - p); zeros(n - p, p), zeros(n - p, n - p)]",
    ),
    "d/dX a'*X[:, j]": ("", "a*unit(j, n)'"),
    "d/dX X[i, :]*a": ("", "unit(i, m)*a'"),
    "d/dx x[n]^2": ("x: n", "2*x[n]*unit(n, n)'"),
    "d/dx a'*flip(x)": ("", "a'*exchange(n)"),
    "d/dx flip(A*flip(x))": ("A: m n", "exchange(m)*A*exchange(n)"),
    "d/dX tr(flip(flip(X, 1), 2)*B)": ("", "exchange(m)*B'*exchange(n)"),
    "d/dx flip(x)[1:p]": ("x: n", "exchange(n)[1:p,:]"),
    "d/dx flip(flip(x))": ("", "eye(n)"),
    "d/dx sum(exp(flip(x)))": ("", "exp(x)'"),
    "d/dx a'*roll(x, 1)": ("", "[a[2:n]; a[1]]'"),
    "d/dx roll(x, k)": ("", "[0, eye(k); eye(n - k), 0]"),
    "d/dX tr(B*circshift(X, -1, 2))": ("", "B'*[0, eye(m - 1); 1, 0]"),
    "d/da c'*conv(a, b, 'valid')": (
        "a: m; b: 3",
        "c'*toeplitz([b; zeros(m - 1)], zeros(m))[3:m,:]",
    ),
    "d/dx sum(conv(x, b, 'same') - conv(x, b)[2:m+1])": ("x: m; b: 3", "zeros(m)'"),
    "d/dx a'*cross(x, b)": ("", "cross(b, a)'"),
    "d/dx cross(a, x)": ("", "[0, -a[3], a[2]; a[3], 0, -a[1]; -a[2], a[1], 0]"),
    "d/dx cross(x, x)": ("", "zeros(3, 3)"),
    "d/dx norm(cross(x, b))^2": ("", "2*cross(b, cross(x, b))'"),
    "d/dA norm(cross(x, A*y))^2": ("", "-2*cross(x, cross(x, A*y))*y'"),
    "d/dx skewmat(x)*b": ("", "[0, b[3], -b[2]; -b[3], 0, b[1]; b[2], -b[1], 0]"),
    "d/dx a'*diff(x)": ("", "[0; a]' - [a; 0]'"),
    "d2/dx2 sum(x[1:2].^3)": ("x: 3", "6*[diag(x[1:2]), zeros(2, 1); zeros(1, 2), zeros(1, 1)]"),
}


@pytest.mark.parametrize(("given", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_answers(given: str, answer: str, request: pytest.FixtureRequest) -> None:
    text = request.node.callspec.id
    result = mg.derive(text, given=given)
    assert result.proof is not None and result.proof.ok is True
    assert result.text() == answer


def test_the_valid_part_of_a_convolution_asks_for_a_longer_first_vector() -> None:
    result = mg.derive("sum(conv(a, b, 'valid').^2)", "a")
    assert result.conditions == ("n - m >= -1",)
    assert result(a=[1, 2, 3], b=[1, 3]) == pytest.approx([30, 64, 18])
    with pytest.raises(mg.MatgradError):
        result(a=[1, 2], b=[1, 3, 5, 7])


GIVEN = "A: p p; B: p q; C: q p; D: q q; x: p; y: q; z: p+q; X: m n; b: m; e: n"


def normal(text: str) -> Expr:
    return lower(read(text, given=GIVEN).expr)


# Pairs that are one expression in the normal form.
SAME = {
    "[A, B; C, D][1:p, 1:p]": "A",
    "[A, B; C, D][p+1:p+q, 1:p]": "C",
    "[A, B; C, D][1:p, :]": "[A, B]",
    "[[A, B]; [C, D]]": "[A, B; C, D]",
    "[[A; C], [B; D]]": "[A, B; C, D]",
    "[z[1:p]; z[p+1:p+q]][1:p]": "z[1:p]",
    "X[2:7, :][2:3, :]": "X[3:4, :]",
    "(X*e)[1:3]": "X[1:3, :]*e",
    "X'[:, 1:3]": "X[1:3, :]'",
    "exp(z)[1:p]": "exp(z[1:p])",
    "ones(n)[2:3]": "ones(2)",
    "X[:, 1]'*b": "b'*X[:, 1]",
    "X[2, :]*e": "(X*e)[2]",
    "[A, x][:, p+1]": "x",
    "[x', 2]": "[x; 2]'",
    "[A]": "A",
    "flip(z)[1:p]": "flip(z[q+1:p+q])",
    "flip(flip(X, 1), 1)": "X",
    "exp.(flip(X, 2))": "flip(exp.(X), 2)",
    "exchange(n)'": "exchange(n)",
    "roll(b, 0)": "b",
    "diff(b)": "b[2:m] - b[1:m-1]",
}
# Pairs of equal value; products are not distributed over the sums that block arrays are.
EQUAL = {
    "[A, B; C, D]*[x; y]": "[A*x + B*y; C*x + D*y]",
    "[A, B; C, D]'": "[A', C'; B', D']",
    "[x; y]'*z": "x'*z[1:p] + y'*z[p+1:p+q]",
    "[x; y]'*[x; y]": "x'*x + y'*y",
    "sum([x; y])": "sum(x) + sum(y)",
    "tr([A, B; C, D])": "tr(A) + tr(D)",
    "sum(b[2:3])": "b[2] + b[3]",
    "X[1:1, :]*e": "[X[1, :]*e; 0][1:1]",
}


@pytest.mark.parametrize(("left", "right"), SAME.items(), ids=SAME)
def test_two_spellings_are_one(left: str, right: str) -> None:
    assert normal(left) is normal(right)


@pytest.mark.parametrize(("left", "right"), (SAME | EQUAL).items(), ids=SAME | EQUAL)
def test_two_spellings_are_equal(left: str, right: str) -> None:
    assert same(read(left, given=GIVEN).expr, read(right, given=GIVEN).expr).ok is True


def test_what_blocks_meet_in_a_product_have_one_size() -> None:
    reading = read("[A, B]*[u; v]", given="A: m p; B: m q")
    assert {name.name: name.shape for name in reading.names}["v"] == reading.expr.args[0].args[
        1
    ].shape[1:]


@pytest.mark.parametrize(
    ("matrix", "array"),
    [
        ("z[1:p]", "z[:p]"),
        ("z[p+1:end]", "z[p:]"),
        ("z[2:end-1]", "z[1:-1]"),
        ("z[end]", "z[-1]"),
        ("X[:, 1]", "X[:, 0]"),
        ("X[2, 1:3]'", "X[1, :3]"),
        ("[A, B; C, D]", "np.block([[A, B], [C, D]])"),
        ("[A, B]", "hstack([A, B])"),
        ("[A, B]", "np.concatenate([A, B], axis=1)"),
        ("[A; C]", "np.vstack((A, C))"),
        ("[x; y]", "concatenate([x, y])"),
        ("[x; y]", "hstack([x, y])"),
        ("[x, x]", "np.column_stack([x, x])"),
        ("[x'; x']", "stack([x, x])"),
        ("[x, x]", "np.stack([x, x], axis=1)"),
    ],
)
def test_both_dialects(matrix: str, array: str) -> None:
    """The matrix language counts from 1, the NumPy dialect from 0; an end is inside or outside."""
    first = read(matrix, given=GIVEN).expr
    assert read(array, given=GIVEN, syntax="numpy").expr is first


def test_vectors_below_each_other_stand_the_same_way() -> None:
    names = {"A": "m p", "x": "p", "y": "n", "z": "q", "C": "m m+n"}
    lets = {"v": "[i]: z[i]"}
    reading = mg.read("C*[[i]: A[i,j]*x[j]; exp(y)]*v'", symbols=names, let=lets)
    assert list(map(str, reading.expr.shape)) == ["m", "q"]


def test_a_part_lies_inside_its_array() -> None:
    assert mg.derive("d/dx sum(x[2:p])", given="x: n").conditions == ("n - p >= 0",)
    assert not mg.derive("d/dx sum(x[1:p])", given="x: p+q").conditions


def test_zeros_and_identities_have_the_size_that_fits() -> None:
    expr = read("[A, 0; 0, I]*[x; y]", given="A: p p; x: p; y: q").expr
    assert spelled(expr.args[0]) == "block<2,2>(A, zeros(), zeros(), eye())"
    assert expr.args[0].args[3].shape == expr.args[1].args[1].shape * 2
