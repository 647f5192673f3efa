"""What is printed: exact spellings, brackets, shared parts, and that it reads back."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import pytest

import matgrad as mg
from matgrad.core.dims import Dim
from matgrad.core.errors import BudgetExceeded, EvaluationProblem, NoForm
from matgrad.core.expr import SYMBOL, Expr, Function, apply, number, walk
from matgrad.normal.lower import lower
from matgrad.notation import read as reader
from matgrad.notation.read import read_expression
from matgrad.notation.render import render
from matgrad.proof import evaluate, same
from samples import OPERANDS, PHI, F, samples
from surface import Surface, at, call, dims, einsum, eye, num, ones, sym, unknown

A, B, W, Y = (sym(name, "n", "n") for name in "ABWY")
X, M = sym("X", "m", "n"), sym("M", "n", "q")
a, b, x, y = (sym(name, "n") for name in "abxy")
s, c, t = sym("s", "q"), sym("c"), sym("t")
T = sym("T", "n", "n", "p")
f = unknown("f", [dims("m", "n")], dims("p", "p"))
g = unknown("g", [dims("n"), dims("m", "n")], dims("p", "p"))
h = unknown("h", [dims("n", "n")], ())
phi = Function("phi", ((),), (), elementwise=True)
fX, DfX = at(f, X), at(f, X, by=(0,))
residual = x - M @ s
negated = -x
half = num(Fraction(1, 2))


def inv(Z: Surface) -> Surface:
    return call("inv", Z)


def tr(Z: Surface) -> Surface:
    return call("trace", Z)


def of_phi(z: Surface, times: int) -> Surface:
    return Surface(apply(phi, (z.expr,), (0,) * times))


def delta(*axes: int | str) -> Surface:
    return call("component", DfX, data=axes, shape=DfX.expr.shape[: 4 - len(axes)])


class Case(NamedTuple):
    """An expression and its print; a vector is printed as a row."""

    name: str
    expr: Surface
    text: str
    unicode: str
    latex: str
    numpy: str


# fmt: off
BOOK = [
    Case("5.99", DfX.T, "D(f, X)'", "(∂f(X)/∂X)ᵀ",
         r"\left(\frac{\partial f(X)}{\partial X}\right)^{\top}", "einsum('jikl->ijkl', D(f, X))"),
    Case("5.100", tr(DfX), "tr(D(f, X))", "tr(∂f(X)/∂X)",
         r"\operatorname{tr}\left(\frac{\partial f(X)}{\partial X}\right)",
         "einsum('kkij->ij', D(f, X))"),
    Case("5.101", call("det", fX) * tr(inv(fX) @ DfX),
         "det(f(X))*tr(inv(f(X))*D(f, X))", "det(f(X)) tr(f(X)⁻¹ ∂f(X)/∂X)",
         r"\det\left(f(X)\right)\,\operatorname{tr}\left(f(X)^{-1}\,\frac{\partial f(X)}{\partial X}\right)",  # noqa: E501
         "det(f(X))*einsum('kl,lkij->ij', inv(f(X)), D(f, X))"),
    Case("5.102", -(inv(fX) @ DfX @ inv(fX)),
         "-inv(f(X))*D(f, X)*inv(f(X))", "−f(X)⁻¹ ∂f(X)/∂X f(X)⁻¹",
         r"-f(X)^{-1}\,\frac{\partial f(X)}{\partial X}\,f(X)^{-1}",
         "-einsum('im,mnkl,nj->ijkl', inv(f(X)), D(f, X), inv(f(X)))"),
    Case("5.103", -(inv(Y).T @ call("outer", a, b) @ inv(Y).T),
         "-inv(Y)'*a*b'*inv(Y)'", "−(Y⁻¹)ᵀ a bᵀ (Y⁻¹)ᵀ",
         r"-\left(Y^{-1}\right)^{\top}\,a\,b^{\top}\,\left(Y^{-1}\right)^{\top}",
         "-outer(inv(Y).T @ a, inv(Y) @ b)"),
    Case("5.105", a, "a'", "aᵀ", r"a^{\top}", "a"),
    Case("5.106", call("outer", a, b), "a*b'", "a bᵀ", r"a\,b^{\top}", "outer(a, b)"),
    Case("5.107", x @ (B + B.T), "x'*(B + B')", "xᵀ (B + Bᵀ)",
         r"x^{\top}\,\left(B + B^{\top}\right)", "x @ (B + B.T)"),
    Case("5.108", num(-2) * (residual @ W @ M), "-2*(x - M*s)'*W*M", "−2 (x − M s)ᵀ W M",
         r"-2\,\left(x - M\,s\right)^{\top}\,W\,M", "-2*(x - M @ s) @ W @ M"),
    Case("5.108 general", -(residual @ ((W + W.T) @ M)),
         "-(x - M*s)'*(W + W')*M", "−(x − M s)ᵀ (W + Wᵀ) M",
         r"-\left(x - M\,s\right)^{\top}\,\left(W + W^{\top}\right)\,M",
         "-(x - M @ s) @ (W + W.T) @ M"),
    Case("tr(inv(X))", -call("matpow", inv(Y), data=2).T, "-(inv(Y)^2)'", "−((Y⁻¹)²)ᵀ",
         r"-\left(\left(Y^{-1}\right)^{2}\right)^{\top}", "-matpow(inv(Y), 2).T"),
    Case("log(det(X*X'))", num(2) * (inv(X @ X.T) @ X), "2*inv(X*X')*X", "2 (X Xᵀ)⁻¹ X",
         r"2\,\left(X\,X^{\top}\right)^{-1}\,X", "2*inv(X @ X.T) @ X"),
    Case("norm", num(2) * (A.T @ (A @ B - Y)), "2*A'*(A*B - Y)", "2 Aᵀ (A B − Y)",
         r"2\,A^{\top}\,\left(A\,B - Y\right)", "2*A.T @ (A @ B - Y)"),
    Case("det(x*x')", num(2) * (x @ call("adj", call("outer", x, x))),
         "2*x'*adj(x*x')", "2 xᵀ adj(x xᵀ)",
         r"2\,x^{\top}\,\operatorname{adj}\left(x\,x^{\top}\right)", "2*x @ adj(outer(x, x))"),
    Case("491", -einsum("ik,lj->ijkl", inv(Y), inv(Y), shape=dims(*"nnnn")),
         "[i,j,k,l]: -inv(Y)[i,k]*inv(Y)[l,j]", "[i,j,k,l]: −(Y⁻¹)[i,k] (Y⁻¹)[l,j]",
         r"\left[-\left(Y^{-1}\right)_{ik}\,\left(Y^{-1}\right)_{lj}\right]_{ijkl}",
         "-einsum('ik,lj->ijkl', inv(Y), inv(Y))"),
    Case("tangent", half * (A + A.T), "(A + A')/2", "(A + Aᵀ)/2",
         r"\frac{1}{2}\,\left(A + A^{\top}\right)", "(A + A.T)/2"),
]

SPELLINGS = [
    Case("component", delta(0, "j"), "D(f, X[1,j])", "∂f(X)/∂X[1,j]",
         r"\frac{\partial f(X)}{\partial X_{1,j}}", "D(f, X)[..., 0, j]"),
    Case("component of a product", call("component", DfX.T, data=(0, 1), shape=dims("p", "p")),
         "(D(f, X)')[...,1,2]", "((∂f(X)/∂X)ᵀ)[...,1,2]",
         r"\left(\left(\frac{\partial f(X)}{\partial X}\right)^{\top}\right)_{\cdots 1,2}",
         "einsum('jikl->ijkl', D(f, X))[..., 0, 1]"),
    Case("derivative elsewhere", at(h, A @ B, by=(0,)), "D(h, A*B)", "D(h, A B)",
         r"\mathrm{D}h\left(A\,B\right)", "D(h, A @ B)"),
    Case("second derivative", at(h, Y, by=(0, 0)), "D2(h, Y)", "∂²h(Y)/∂Y²",
         r"\frac{\partial^{2} h(Y)}{\partial Y^{2}}", "D2(h, Y)"),
    Case("by the second argument", at(g, x, X, by=(1,)), "D(g, x, X; 2)", "∂g(x, X)/∂X",
         r"\frac{\partial g\left(x, X\right)}{\partial X}", "D(g, x, X; 1)"),
    Case("mixed", at(g, A @ x, X, by=(0, 1)), "D2(g, A*x, X; 1, 2)", "D2(g, A x, X; 1, 2)",
         r"\mathrm{D}_{1, 2}^{2}g\left(A\,x, X\right)", "D2(g, A @ x, X; 0, 1)"),
    Case("elementwise derivative", of_phi(A, 1), "d1(phi, A)", "φ′.(A)",
         r"\phi'_{\odot}(A)", "d1(phi, A)"),
    Case("elementwise unknown", of_phi(A, 0), "phi.(A)", "φ.(A)", r"\phi_{\odot}(A)", "phi(A)"),
    Case("elementwise of a matrix", call("sin", A), "sin.(A)", "sin.(A)", r"\sin_{\odot}(A)",
         "sin(A)"),
    Case("elementwise of a vector", call("sin", x), "sin(x)'", "sin(x)ᵀ", r"\sin(x)^{\top}",
         "sin(x)"),
    Case("Hadamard beside a product", (A @ B) * Y, "(A*B).*Y", "(A B) ⊙ Y",
         r"\left(A\,B\right) \odot Y", "(A @ B)*Y"),
    Case("Kronecker beside a product", call("kron", A, B) @ call("kron", A, B),
         "kron(A, B)*kron(A, B)", "(A ⊗ B) (A ⊗ B)",
         r"\left(A \otimes B\right)\,\left(A \otimes B\right)", "kron(A, B) @ kron(A, B)"),
    Case("inner product in front", (x @ y) * A, "(x'*y)*A", "(xᵀ y) A",
         r"\left(x^{\top}\,y\right)\,A", "(x @ y)*A"),
    Case("scalar inside", A @ (num(2) * B), "A*(2*B)", "A (2 B)", r"A\,\left(2\,B\right)",
         "A @ (2*B)"),
    Case("difference of a negative", c - -t, "c - (-t)", "c − (−t)", r"c - \left(-t\right)",
         "c - (-t)"),
    Case("sum with negatives", -c + num(-2) * t, "-c - 2*t", "−c − 2 t", r"-c - 2\,t",
         "-c - 2*t"),
    Case("twice negated", -negated, "-(-x')", "−(−xᵀ)", r"-\left(-x^{\top}\right)", "-(-x)"),
    Case("sum of a difference", c + (t - (c - t)), "c + t - (c - t)", "c + t − (c − t)",
         r"c + t - \left(c - t\right)", "c + t - (c - t)"),
    Case("negative base", num(-2) ** 2, "(-2)^2", "(−2)²", r"\left(-2\right)^{2}", "(-2)**2"),
    Case("root", c ** Fraction(-1, 2), "c^(-1/2)", "c^(−1/2)", "c^{-1/2}", "c**(-1/2)"),
    Case("entrywise power", A ** 2, "A.^2", "A.^2", r"A^{\odot 2}", "A**2"),
    Case("quotient", x / tr(call("outer", x, x)), "x'/tr(x*x')", "xᵀ/tr(x xᵀ)",
         r"\frac{x^{\top}}{\operatorname{tr}\left(x\,x^{\top}\right)}", "x/tr(outer(x, x))"),
    Case("quotient by a product", c / (c * t), "c/(c*t)", "c/(c t)", r"\frac{c}{c\,t}", "c/(c*t)"),
    Case("one minus", ones("n") - x, "ones(n)' - x'", "1ₙᵀ − xᵀ",
         r"\mathbf{1}_{n}^{\top} - x^{\top}", "1 - x"),
    Case("solve", -call("solve", A, B), r"-(A\B)", r"−(A\B)",
         r"-\operatorname{solve}\left(A, B\right)", "-solve(A, B)"),
    Case("column sums", call("sum0", A), "sum(A, 1)", "sum(A, 1)",
         r"\operatorname{sum}_{1}\left(A\right)", "sum(A, 0)"),
    Case("row sums", call("sum1", A), "sum(A, 2)'", "sum(A, 2)ᵀ",
         r"\operatorname{sum}_{2}\left(A\right)^{\top}", "sum(A, 1)"),
    Case("norm of a vector", call("norm2", residual), "norm(x - M*s)", "‖x − M s‖",
         r"\left\lVert x - M\,s\right\rVert", "norm2(x - M @ s)"),
    Case("inner product of matrices", call("inner", A, B), "inner(A, B)", "inner(A, B)",
         r"\left\langle A,\,B\right\rangle", "sum(A*B)"),
    Case("identity", call("scale", num(Dim("n") + 1), eye("n")), "(n + 1)*eye(n)", "(n + 1) Iₙ",
         r"\left(n + 1\right)\,I_{n}", "(n + 1)*eye(n)"),
    Case("unit", call("unit", data=0, shape=dims("n")), "unit(1, n)'", "e₁ᵀ", r"e_{1}^{\top}",
         "eye(n)[0]"),
    Case("entry", call("entry", A, data=(0, 1), shape=()), "A[1,2]", "A[1,2]", "A_{1,2}",
         "A[0, 1]"),
    Case("vector and tensor", x @ (T @ B), "x'*(T*B)", "xᵀ (T B)",
         r"x^{\top}\,\left(T\,B\right)", "einsum('k,klj,li->ij', x, T, B)"),
    Case("diagonal", einsum("i->ii", x, shape=dims("n", "n")), "[i,j]: x[i]*delta[i,j]",
         "[i,j]: x[i] δ[i,j]", r"\left[x_{i}\,\delta_{ij}\right]_{ij}",
         "einsum('i,ij->ij', x, eye(n))"),
    Case("sum of einsums",
         einsum("ik,jl->ijkl", A, eye("n"), shape=dims(*"nnnn"))
         + num(2) * einsum("ip,pj,kl->ijkl", A + B, B, Y.T, shape=dims(*"nnnn")),
         "[i,j,k,l]: A[i,k]*delta[j,l] + 2*(A + B)[i,p]*B[p,j]*Y[l,k]",
         "[i,j,k,l]: A[i,k] δ[j,l] + 2 (A + B)[i,p] B[p,j] Y[l,k]",
         r"\left[A_{ik}\,\delta_{jl} + 2\,\left(A + B\right)_{ip}\,B_{pj}\,Y_{lk}\right]_{ijkl}",
         "einsum('ik,jl->ijkl', A, eye(n)) + 2*einsum('im,mj,kl->ijkl', A + B, B, Y.T)"),
    Case("letters that are taken",
         einsum("i,j->ij", sym("i", "n"), sym("k", "n"), shape=dims("n", "n")),
         "[j,l]: i[j]*k[l]", "[j,l]: i[j] k[l]", r"\left[i_{j}\,k_{l}\right]_{jl}",
         "einsum('i,j->ij', i, k)"),
    Case("names", sym("alpha") * (sym("W1", "n", "n") @ sym("x_max", "n")),
         "alpha*x_max'*W1'", "α x_maxᵀ W1ᵀ",
         r"\alpha\,x_{\mathrm{max}}^{\top}\,W_{1}^{\top}", "alpha*W1 @ x_max"),
    Case("differential", A @ sym("dX", "n", "n"), "A*dX", "A dX", r"A\,\mathrm{d}X", "A @ dX"),
]
# fmt: on


def ids(cases: Iterable[Case]) -> list[str]:
    return [case.name for case in cases]


@pytest.mark.parametrize("notation", ["text", "unicode", "latex", "numpy"])
@pytest.mark.parametrize("case", BOOK + SPELLINGS, ids=ids(BOOK + SPELLINGS))
def test_spelling(case: Case, notation: str) -> None:
    assert render(case.expr.expr, notation, row=True) == getattr(case, notation)


# A vector as a column and as a row: products turn factor by factor, sums as a whole.
TURNED = {
    "x": ("x", "x'"),
    "A*x": ("A*x", "x'*A'"),
    "A'*x": ("A'*x", "x'*A"),
    "A*B*x": ("A*B*x", "x'*B'*A'"),
    "A*(x + y)": ("A*(x + y)", "(x + y)'*A'"),
    "x + y": ("x + y", "x' + y'"),
    "A'*x + y": ("A'*x + y", "x'*A + y'"),
    "3*x/c": ("3*x/c", "3*x'/c"),
    "x.*y": ("x.*y", "x'.*y'"),
    "x.^2": ("x.^2", "(x.^2)'"),
    "exp(x)": ("exp(x)", "exp(x)'"),
    "(A*B*W*Y)'*x": ("(A*B*W*Y)'*x", "x'*A*B*W*Y"),
}


@pytest.mark.parametrize("source", TURNED)
def test_orientation(source: str) -> None:
    expr = read(source)
    assert (render(expr, "text"), render(expr, "text", row=True)) == TURNED[source]


def read(source: str) -> Expr:
    return read_expression(source, {"A": A.expr, "B": B.expr, "W": W.expr, "Y": Y.expr,
                                    "x": x.expr, "y": y.expr, "c": c.expr})  # fmt: skip


# Shared parts.


def network(layers: int) -> Expr:
    """The gradient by the first weight of a'h, h = tanh(W_k … tanh(W_1 x))."""
    weights = [sym(f"W{k}", "n", "n") for k in range(1, layers + 1)]
    hidden = [x]
    for weight in weights:
        hidden.append(call("tanh", weight @ hidden[-1]))
    back = a
    for k in range(layers, 0, -1):
        back = back * (ones("n") - hidden[k] ** 2)
        back = weights[k - 1].T @ back if k > 1 else back
    return call("outer", back, x).expr


@pytest.mark.parametrize("case", BOOK, ids=ids(BOOK))
def test_the_book_needs_no_where(case: Case) -> None:
    assert "where" not in render(case.expr.expr, "text", row=True)


def test_repeated_parts_are_printed_once() -> None:
    part = call("exp", A @ B - B @ A + Y.T)
    expr = (part @ (W + part) @ call("outer", x, y)).expr
    assert render(expr, "text") == "T1*(W + T1)*x*y' where T1 = exp.(A*B - B*A + Y')"
    assert render(expr, "latex").endswith(
        r"\quad\text{where }T_{1} = \exp_{\odot}\left(A\,B - B\,A + Y^{\top}\right)"
    )
    assert "where" not in render(expr, "numpy")


def test_parts_the_user_named_stay_named() -> None:
    expr = residual @ W @ residual
    named = {residual.expr: "r", expr.expr: "loss"}
    assert render(expr.expr, "text", names={residual.expr: "r"}) == "r'*W*r where r = x - M*s"
    assert render(expr.expr, "text", names=named) == "loss where r = x - M*s, loss = r'*W*r"


def test_new_names_avoid_the_names_in_use() -> None:
    part = call("exp", sym("T1", "n", "n") @ B - B @ A + Y.T)
    assert "where T2 = exp" in render((part @ (W + part)).expr, "text")


def test_a_network_prints_in_linear_length() -> None:
    lengths = [len(render(network(layers), "text")) for layers in (50, 100, 200)]
    assert lengths[2] - lengths[1] < 2.3 * (lengths[1] - lengths[0])


def test_numpy_that_would_explode_is_refused() -> None:
    part = A
    for _ in range(40):
        part = call("sin", part @ part)
    with pytest.raises(BudgetExceeded, match="characters"):
        render(part.expr, "numpy")
    assert len(render(part.expr, "text")) < 1000


def test_unknown_notation() -> None:
    with pytest.raises(NoForm, match="`braille`"):
        render(A.expr, "braille")


# Depth.


@cache
def deep() -> list[Expr]:
    total, product, nested = x, A, x
    for _ in range(10_000):
        total = total + y
    for _ in range(3_000):
        product, nested = product @ B, call("sin", A @ nested)
    return [total.expr, (product @ x).expr, nested.expr]


@pytest.mark.parametrize("notation", ["text", "unicode", "latex", "numpy"])
def test_depth(notation: str) -> None:
    for expr in deep():
        assert len(render(expr, notation, row=True)) >= 6_000


# Reading back.


@cache
def sampled() -> list[tuple[str, Expr]]:
    return [(name, expr) for name, expr in samples().items() if readable(name)]


@cache
def symbols() -> dict[str, Expr | Function]:
    """What the samples are made of."""
    nodes = walk(*(operand for pair in OPERANDS.values() for operand in pair))
    found: dict[str, Expr | Function] = {n.data[0]: n for n in nodes if n.op is SYMBOL}
    return found | {"f": F, "phi": PHI, "k": number(Dim("k"))}


# An index form does not show the sizes of axes on which only ones or identities stand, and
# an index name cannot be told from a letter that is summed over.
UNREADABLE = ("einsum", ("(ones", "(eye", "(entry", "(component"))


def readable(name: str) -> bool:
    form, inside = UNREADABLE
    return not (name.startswith(form) and any(part in name for part in inside))


@pytest.mark.parametrize("notation", ["text", "numpy"])
@pytest.mark.parametrize("part", range(10))
def test_what_is_printed_reads_back(notation: str, part: int) -> None:
    for name, expr in sampled()[part * 7 :: 70]:
        for row in (False, True):
            printed = render(expr, notation, row=row)
            again = read_expression(
                printed, symbols(), "numpy" if notation == "numpy" else "matrix"
            )
            assert again.shape == expr.shape, (name, printed)
            assert lower(again) is lower(expr), (name, printed)


def test_where_reads_back() -> None:
    part = call("exp", A @ B - B @ A + Y.T)
    expr = (part @ (W + part)).expr
    reading = reader.read(render(expr, "text"), symbols=dict.fromkeys("ABWY", "n n"))
    assert lower(reading.expr) is lower(expr)


INDEXED = {
    "sums side by side": "d2/dXdX exp(sum(T.*([i,j,k]: v[i]*X[i,j]*X[i,k])))",
    "an integer that is an axis elsewhere": "d/dX sum([i,k]: A[i,k]*X[i,k])^k",
}


@pytest.mark.parametrize("what", INDEXED)
def test_index_forms_read_back(what: str) -> None:
    names = {"T": "m n n", "S": "m n p", "v": "m", "X": "m n", "A": "m n", "k": "integer"}
    result = mg.derive(INDEXED[what], symbols=names)
    assert result.proof is not None and result.proof.ok
    shape = " ".join(map(str, result.shape))
    again = reader.read(result.text(), symbols=names, shape=shape)
    assert same(again.expr, result.expression).ok, result.text()


def test_a_size_that_fell_out_of_an_answer_is_no_letter_in_it() -> None:
    symbols = {"X": "m n row_stochastic", "f": "(m n) -> (p p)", "c": "q"}
    result = mg.derive("f(X) + sum(c)*eye(p)", "X", symbols=symbols, structure="tangent")
    assert "D(f, X)[i,j,k,r]" in result.text()
    again = reader.read(result.text(), symbols=symbols, shape="p p m n")
    assert same(again.expr, result.expression).ok


def test_letters_of_a_scalar_are_its_own_in_latex() -> None:
    """Nothing in front of it says so, and beside X_{ij} the letters i and j mean that entry."""
    result = mg.derive("d/dX exp(sum(T.*([i,j,k]: X[i,j]*X[i,k])))", given="T: m n n")
    assert r"\exp\left(\left[X_{ab}\,X_{ac}\,T_{abc}\right]\right)" in result.latex()


def test_an_axis_of_size_one_is_told() -> None:
    """Summed over elsewhere, it would count what nothing says it counts."""
    shape = dims("m", 1, "n")
    repeated = einsum("ac,b->abc", sym("M", "m", "n"), ones(1), shape=shape)
    assert render(repeated.expr, "text") == "[i,j,k]: M[i,k]*ones(1)[j]"


@pytest.mark.parametrize("part", range(10))
def test_numpy_agrees(part: int) -> None:
    np = pytest.importorskip("numpy", reason="NumPy is not installed")
    from arrays import namespace, value

    rng, size = np.random.default_rng(1), 3
    values = {"t": 0.3, "lambda": 0.23}
    for name, order in {"x": 1, "y": 1, "X": 2, "A_1": 2, "T": 3, "U": 3, "V": 4}.items():
        values[name] = rng.uniform(0.1, 0.9, (size,) * order)
    first, second = rng.uniform(size=(size,) * 4), rng.uniform(size=(size,) * 6)
    functions = {
        "f": lambda Z: np.asarray(Z) @ Z,
        "D1 f": lambda Z: first * np.sum(Z),
        "D1 D1 f": lambda Z: second * np.sum(Z),
        "phi": lambda z: np.asarray(z) ** 3 + 1,
        "D1 phi": lambda z: 3 * np.asarray(z) ** 2,
        "D1 D1 phi": lambda z: 6 * np.asarray(z),
    }
    known = {"lam": values["lambda"], "n": size, "k": 2, "i": 1, "j": 2}
    names = namespace(values | known, functions)
    sizes, places = {"n": size, "k": 2}, {"i": 1, "j": 2}
    compared = 0
    for name, expr in sampled()[part * 7 :: 70]:
        try:
            expected = evaluate(expr, values, sizes, functions, places)
            found = value(
                render(expr, "numpy").replace("lambda", "lam").replace(".H", ".conj().T"), names
            )
        except (EvaluationProblem, np.linalg.LinAlgError, RuntimeWarning):
            continue  # no value at these numbers, or none that NumPy's plain formulas reach
        if name.startswith(("eigvecs", "svdu", "svdv")) and "arg" in name:
            continue  # equal eigenvalues: their vectors are free
        if "(proj" in name:
            continue  # of full rank: zeros and ones up to rounding
        if name.startswith(("sign", "floor", "ceil", "step")):
            inner = np.asarray(evaluate(expr.args[0], values, sizes, functions, places))
            if np.abs(inner - np.round(inner)).min() < 1e-9:
                continue  # a whole number up to rounding
        assert np.shape(found) == np.shape(expected), name
        if name.startswith("eigvec"):  # entries that add up to nothing leave the sign open
            found, expected = np.abs(found), np.abs(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9, err_msg=name)
        compared += 1
    assert compared > 100
