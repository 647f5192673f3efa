"""Functions of matrices and decompositions: answers as books print them, adjoints, refusals."""

from __future__ import annotations

import pickle
from random import Random

import pytest

import matgrad as mg
from matgrad.api.names import names_in
from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim
from matgrad.core.errors import MatgradError, NoForm, NoRule, SyntaxProblem
from matgrad.core.expr import Op, make, symbol, symbols_of
from matgrad.core.signature import alternatives, build, directions, operand_symbols
from matgrad.normal.images import adjoint_of
from matgrad.normal.lower import lower
from matgrad.notation.read import read, read_expression
from matgrad.proof import prove, same
from matgrad.proof.dual import Dual
from matgrad.proof.matrices import identity, inverse, multiply, transpose
from matgrad.proof.ring import PRIMES, BadPoint, Field, Reals, Ring
from matgrad.proof.spectral import pseudo_inverse
from samples import with_functions

PAIR = "A: n n symmetric; B: n n pd; X: n n pd; s: scalar"
LINE = "A: n n symmetric; B: n n symmetric; t scalar"

# What is differentiated, by what, where, and the answer.
ANSWERS = [
    ("tr(expm(X))", "X", "", "expm(X)'"),
    ("tr(A*expm(X))", "X", "", "expm_frechet(X, A)'"),
    ("tr(expm_frechet(X, E))", "E", "", "expm(X)'"),
    ("expm(t*A)", "t", "A: n n; t scalar", "A*expm(t*A)"),
    ("expm(t*S)*x", "t", "S: n n skew; t scalar", "expm(t*S)*S*x"),
    ("tr(expm(t*A))", "t", "A: n n; t scalar", "tr(expm(t*A)*A)"),
    ("tr(expm(A + t*B))", "t", LINE, "tr(expm(A + t*B)*B)"),
    ("tr(sinm(X))", "X", "", "cosm(X)'"),
    ("tr(cosm(X))", "X", "", "-sinm(X)'"),
    ("tr(sqrtm(X))", "X", "X: n n pd", "inv(sqrtm(X))/2"),
    ("inner(G, sqrtm(X))", "X", "X: n n pd; G: n n symmetric", "sylv(sqrtm(X), sqrtm(X), G)"),
    ("inner(G, sqrtm(X))", "X", "X: n n pd; G: n n", "sylv(sqrtm(X), sqrtm(X), G + G')/2"),
    ("sqrtm(A)*sqrtm(A)", "t", "A: n n symmetric; t scalar", "zeros(n, n)"),
    ("tr(X*logm(X))", "X", "X: n n pd", "eye(n) + logm(X)"),
    ("logdet(expm(X))", "X", "", "eye(n)"),
    ("inner(G, sylv(A, B, Q))", "Q", "A: m m; B: n n; G: m n; Q: m n", "sylv(A', B', G)"),
    ("tr(X*pinv(X))", "X", "X: m n", "zeros(m, n)"),
    ("eigmin(A + t*B)", "t", LINE, "eigvecmin(A + t*B)'*B*eigvecmin(A + t*B)"),
    (
        "eigvecmax(A + t*B)",
        "t",
        LINE,
        "pinv(eigmax(A + t*B)*eye(n) - A - t*B)*B*eigvecmax(A + t*B)",
    ),
    ("geigval(X, B, s)", "X", PAIR, "geigvec(X, B, s)*geigvec(X, B, s)'"),
    ("geigval(A, X, s)", "X", PAIR, "-geigval(A, X, s)*geigvec(A, X, s)*geigvec(A, X, s)'"),
    ("geigvec(A, X, s)'*X*geigvec(A, X, s)", "X", PAIR, "zeros(n, n)"),
    (
        "geigvec(A, B, s)'*A*geigvec(A, B, s) - geigval(A, B, s)",
        "A",
        PAIR,
        "zeros(n, n)",
    ),
    ("eigmax(X)", "X", "X: n n symmetric", "eigvecmax(X)*eigvecmax(X)'"),
    ("eigvals(A + t*B/4)", "t", LINE, "diagvec(eigvecs(A + t*B/4)'*B*eigvecs(A + t*B/4))/4"),
    (
        "perron(X)",
        "X",
        "X: n n positive",
        "perronvec(X')*perronvec(X)'/(perronvec(X)'*perronvec(X'))",
    ),
    ("g'*svdvals(X)", "X", "X: m n; g: n", "svdu(X)*diag(g)*svdv(X)'"),
    ("normspec(X)", "X", "X: m n", "lsv(X)*rsv(X)'"),
    ("normnuc(X)", "X", "X: m n", "polar(X)"),
    ("normnuc(X*A)", "X", "", "polar(X*A)*A'"),
    ("tr(funm(f, X))", "X", "", "funm(f', X)'"),
    ("tr(funm(f'', A*X))", "X", "", "A'*funm(f''', A*X)'"),
    ("tr(A*funm(f, X))", "X", "", "funm_frechet(f, X, A)'"),
    ("tr(X*funm(f, X))", "X", "", "funm(f, X)' + funm(f', X)'*X'"),
    ("tr(funm(f, X))", "X", "X: n n symmetric", "funm(f', X)"),
    ("tr(funm(cosh, X))", "X", "", "sinhm(X)'"),
    ("funm(f, t*A)*x", "t", "t scalar", "funm(f', t*A)*A*x"),
    ("sum(f.(x)) + tr(funm(f, diag(x)))", "x", "", "d1(f, x) + diagvec(funm(f', diag(x)))"),
]


@pytest.mark.parametrize(("text", "by", "given", "answer"), ANSWERS)
def test_an_answer(text: str, by: str, given: str, answer: str) -> None:
    result = mg.derive(text, by, given=given)
    assert result.proof is not None
    assert result.proof.ok is True, result.proof
    names = names_in(result.source)
    assert lower(result.tensor) is lower(read_expression(answer, names)), result.text()


DALECKII_KREIN = "{0}*(loewner(f, eigvals(S)).*({0}'*E*{0}))*{0}'".format("eigvecs(S)")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (f"funm_frechet(f, S, E) = {DALECKII_KREIN}", "true"),
        (f"funm_frechet(f', S, E) = {DALECKII_KREIN}", "false"),
        ("funm(f, S) = eigvecs(S)*diag(f.(eigvals(S)))*eigvecs(S)'", "true"),
        ("diagvec(loewner(f, x)) = d1(f, x)", "true"),
    ],
)
def test_daleckii_and_krein(claim: str, verdict: str) -> None:
    assert mg.check(claim, given="S: n n symmetric").verdict == verdict


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("tr(funm(erf, X))", NoRule, "no rule for erf"),
        ("tr(funm(exp', X))", NoRule, "no rule for exp'"),
        ("tr(loewner(exp, x))", NoRule, "no rule for exp"),
        ("tr(funm(X*X, X))", SyntaxProblem, "the name of a scalar function"),
        ("tr(funm(f))", SyntaxProblem, "funm takes f, A"),
        ("f*tr(funm(f, X))", MatgradError, "stands here without"),
    ],
)
def test_what_is_no_function_is_refused(text: str, error: type[MatgradError], words: str) -> None:
    with pytest.raises(error, match=words):
        mg.derive(text, "X")


def test_a_function_by_name_in_python_and_pickled() -> None:
    result = mg.derive("tr(A*funm(f, X))", "X")
    assert pickle.loads(pickle.dumps(result.expression)) is result.expression
    with pytest.raises(NoForm, match="funm"):
        result.compile("numpy")


def test_variable_projection() -> None:
    """The residual of least squares: Golub and Pereyra's terms cancel by Penrose's equations."""
    result = mg.derive("norm(y - X*pinv(X)*y)^2", "X", given="X: m n; y: m")
    assert result.text("numpy") == "-2*outer(y - X @ pinv(X) @ y, pinv(X) @ y)"
    assert result.proof is not None
    assert result.proof.ok is True


def test_conditions() -> None:
    def stated(text: str, by: str, given: str = "") -> tuple[str, ...]:
        return mg.derive(text, by, given=given, check=False).conditions

    assert stated("tr(sqrtm(X))", "X") == ("X symmetric positive definite",)
    assert stated("tr(sqrtm(X))", "X", "X: n n pd") == ()
    assert stated("tr(A*pinv(X))", "X") == ("rank of X constant nearby",)
    assert stated("tr(A*pinv(X))", "X", "X: n n invertible") == ()
    assert stated("eigvecmax(A + t*B)", "t", LINE) == (
        "the largest eigenvalue of A + t*B is simple",
    )


ADJOINT = [op for op in OPERATORS.values() if op.adjoint]


@pytest.mark.parametrize("op", ADJOINT, ids=lambda op: op.name)
def test_an_adjoint(op: Op) -> None:
    """<L(E), C> = <E, L*(C)>, the cell read at symbols."""
    orders = tuple(len(spec.axes) for spec in alternatives(op.signature)[0].inputs)
    operands = operand_symbols(op, orders)
    _, symbols = adjoint_of(op, orders)
    names = {slot.data[0]: slot for slot in symbols}
    image = build(op, operands)
    back = read_expression(op.adjoint, names)
    left = build(OPERATORS["inner"], (image, symbols[-1]))
    right = build(OPERATORS["inner"], (operands[-1], back))
    assert same(with_functions(left), with_functions(right)).ok is True


@pytest.mark.parametrize("op", [op for op in ADJOINT if len(directions(op)) > 1], ids=repr)
def test_directions_are_exchanged_with_their_axes(op: Op) -> None:
    """L(D, E) = L(E, D), and L(d*M, e*N) = d*e*L(M, N) for what stands at further axes only."""
    orders = tuple(len(spec.axes) for spec in alternatives(op.signature)[0].inputs)
    *others, _, _ = operand_symbols(op, orders)
    p, q, n = Dim("p"), Dim("q"), others[-1].shape[0]
    first, second = symbol("D", (n, n, p)), symbol("E", (n, n, q))
    value, other = (
        with_functions(build(op, (*others, *pair))) for pair in ((first, second), (second, first))
    )
    turned = make(OPERATORS["einsum"], (other,), "ijkl->ijlk", value.shape)
    assert same(value, turned).ok is True
    assert lower(value) is lower(turned)
    vectors, matrices = (symbol("d", (p,)), symbol("e", (q,))), (symbol("M", (n, n)), others[-1])
    tensors = [
        make(OPERATORS["einsum"], pair, "k,ij->ijk", (n, n, *pair[0].shape))
        for pair in zip(vectors, matrices, strict=True)
    ]
    apart = (*vectors, with_functions(build(op, (*others, *matrices))))
    outside = make(OPERATORS["einsum"], apart, "k,l,ij->ijkl", value.shape)
    inside = with_functions(build(op, (*others, *tensors)))
    assert same(inside, outside).ok is True
    assert lower(inside) is lower(outside)


@pytest.mark.parametrize(
    ("text", "claim", "given"),
    [
        ("tr(expm(X))", "expm(X)", "X: n n"),
        ("tr(cosm(X))", "sinm(X)'", "X: n n"),
        ("tr(logm(X))", "X", "X: n n pd"),
        ("inner(G, sqrtm(X))", "sylv(sqrtm(X), sqrtm(X), G)", "X: n n pd; G: n n"),
        ("tr(A*pinv(X))", "-pinv(X)'*A'*pinv(X)'", "X: m n; A: m n"),
        ("normspec(X)", "-lsv(X)*rsv(X)'", "X: m n"),
        ("eigmax(X)", "eigvecmin(X)*eigvecmin(X)'", "X: n n symmetric"),
        ("geigval(X, B, 1)", "B*geigvec(X, B, 1)*geigvec(X, B, 1)'", "X: n n pd; B: n n pd"),
        ("perron(X)", "perronvec(X)*perronvec(X')'", "X: n n positive"),
        ("tr(A*polar(X))", "A'", "X: n n; A: n n"),
        ("inner(G, chol(X))", "tril(G)", "X: n n pd; G: n n"),
        ("tr(funm(f, X))", "funm(f', X)", "X: n n"),
        ("tr(funm(f, X))", "funm(f, X)'", "X: n n"),
    ],
)
def test_a_mutation_is_caught(text: str, claim: str, given: str) -> None:
    sides = [read(side, given=given).expr for side in (text, claim)]
    variable = next(s for s in symbols_of(sides[0]) if s.data[0] == "X")
    assert prove(sides[0], [variable], sides[1]).ok is False


@pytest.mark.parametrize("ring", [Reals(), Field(PRIMES[0])], ids=["reals", "field"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_penrose_equations_over_dual_numbers(ring: Ring, rank: int) -> None:
    """At constant rank: a product of factors that move, of full rank themselves."""
    random = Random(rank)
    left, right = _moving(ring, random, (4, rank)), _moving(ring, random, (rank, 3))
    matrix = multiply(left, right)
    found = pseudo_inverse(matrix)
    image, coimage = multiply(matrix, found), multiply(found, matrix)
    for one, other in (
        (multiply(image, matrix), matrix),
        (multiply(found, image), found),
        (transpose(image), image),
        (transpose(coimage), coimage),
    ):
        assert _equal(one, other)


def test_a_change_of_rank_is_no_point() -> None:
    ring = Reals()
    flat = Dual(ring, (2, 2), {0: [1.0, 1.0, 1.0, 1.0], 1: [1.0, 0.0, 0.0, 0.0]})
    with pytest.raises(BadPoint, match="rank"):
        pseudo_inverse(flat)


def test_the_pseudo_inverse_of_a_nonsingular_matrix_is_its_inverse() -> None:
    ring = Field(PRIMES[1])
    matrix = _moving(ring, Random(5), (3, 3))
    assert _equal(pseudo_inverse(matrix), inverse(matrix))
    assert _equal(multiply(matrix, pseudo_inverse(matrix)), identity(matrix))


def _moving(ring: Ring, random: Random, shape: tuple[int, int]) -> Dual:
    size = shape[0] * shape[1]
    parts = {s: ring.settle([ring.draw(random) for _ in range(size)]) for s in range(4)}
    return Dual(ring, shape, parts)


def _equal(left: Dual, right: Dual) -> bool:
    difference = left - right
    scale = 1 + max(abs(entry) for part in left.parts.values() for entry in part)
    limit = 0 if left.ring.prime is not None else 1e-7 * scale
    return all(abs(entry) <= limit for part in difference.parts.values() for entry in part)


def test_products_with_functions_of_a_matrix_commute() -> None:
    for text, other in (
        ("expm(A)*A*x", "A*expm(A)*x"),
        ("x'*cosm(2*A)*A*A", "x'*A*A*cosm(2*A)"),
        ("tr(B*expm(A)*A)", "tr(B*A*expm(A))"),
    ):
        left, right = (lower(read(side, given="A: n n; B: n n").expr) for side in (text, other))
        assert left is right


def test_a_positive_matrix_keeps_the_digits_of_small_entries() -> None:
    """Entries from exp(-20) to exp(20): a linear system knows the small ones to no digit."""
    result = mg.derive("log(perron(exp.(C*Y*D)))", "Y", given="Y: n n sign", check=False)
    targets = [target.symbol for target in result.targets]
    for seed in range(20):
        assert prove(result.source, targets, result.tensor, seed=seed).ok
