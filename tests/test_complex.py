"""Complex values: Wirtinger derivatives, what is printed of them, and what is refused."""

from __future__ import annotations

import cmath
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matgrad as mg
from matgrad.catalogue import OPERATORS
from matgrad.core.errors import MatgradError
from matgrad.core.expr import SYMBOL, Expr, make, symbol, transform, walk
from matgrad.core.signature import build
from matgrad.normal.build import conjugate
from matgrad.normal.lower import lower
from matgrad.proof import prove
from matgrad.proof.gaussian import Gaussian
from matgrad.proof.ring import PRIMES, Field
from test_differentials import cases

GIVEN = (
    "A: n m complex; B: m m complex; Z: m n complex; x: m complex; b: m complex; a: m;"
    "G: m k complex; Q: k k hpd; H: m m hermitian; U: m m unitary; R: m n; t scalar;"
    "c: scalar complex; F(t): m n; K(t): m n"
)


class Row(NamedTuple):
    """A derivative: its input, its answer as text and as code, one of its conditions."""

    text: str
    answer: str
    code: str
    condition: str = ""


# Numbers are the Matrix Cookbook's (2012).
TABLE = {
    "(45)": Row("d/dt (F(t) + 1i*K(t))^H", "D(F, t)' - 1i*D(K, t)'", "D(F, t).T - 1j*D(K, t).T"),
    "trace": Row("d/dZ tr(A*Z)", "A'", "A.T"),
    "trace of a conjugate": Row("d/dZ tr(A*conj(Z))", "zeros(m, n)", "zeros(m, n)"),
    "squared norm": Row("d/dconj(Z) tr(Z*Z^H)", "Z", "Z"),
    "squared norm, other part": Row("d/dZ normF(Z)^2", "conj(Z)", "conj(Z)"),
    "(249)": Row(
        "d/dZ det(Z^H*B*Z)",
        "det(Z^H*B*Z)*B'*conj(Z)*inv(Z^H*B*Z)'",
        "det(Z.H @ B @ Z)*B.T @ conj(Z) @ inv(Z.H @ B @ Z).T",
        "Z^H*B*Z nonsingular",
    ),
    "least squares": Row("d/dconj(x) norm(B*x - b)^2", "(B*x - b)'*conj(B)", "B.H @ (B @ x - b)"),
    "quadratic form": Row("d/dx x^H*B*x", "x^H*B", "conj(x) @ B"),
    "quadratic form, other part": Row("d/dconj(x) x^H*B*x", "x'*B'", "B @ x"),
    "real part": Row("d/dx real(x'*a)", "a'/2", "a/2"),
    "capacity": Row(
        "d/dQ log(det(eye(m) + G*Q*G^H))",
        "G'*inv(eye(m) + G*Q*G^H)'*conj(G)",
        "(inv(eye(m) + G @ Q @ G.H) @ G).T @ conj(G)",
        "det(eye(m) + G*Q*G^H) > 0",
    ),
    "of an imaginary part": Row(
        "d/dt logsumexp(imag(t*x))",
        "1i*softmax(-1i*(t*x - t*conj(x))/2)'*(conj(x) - x)/2",
        "1j*softmax(1j*(t*conj(x) - t*x)/2) @ (conj(x) - x)/2",
    ),
    "norm": Row("d/dx norm(x)", "x^H/(2*norm(x))", "conj(x)/(2*norm2(x))", "x != 0"),
    "absolute value": Row("d/dc abs(c)", "conj(c)/(2*abs(c))", "conj(c)/(2*abs(c))", "c != 0"),
    "absolute values": Row(
        "d/dZ sum(abs.(Z))", "(conj(Z)./abs.(Z))/2", "(conj(Z)/abs(Z))/2", "Z has no zeros"
    ),
    "absolute value squared": Row("d/dc abs(c)^2", "conj(c)", "conj(c)"),
    "rotation": Row(
        "d/dt c*exp(1i*t)", "1i*exp(1i*t)*c", "1j*exp(1j*t)*c"
    ),
    "root": Row("d/dc sqrt(c)", "1/(2*sqrt(c))", "1/(2*sqrt(c))", "c outside (-inf, 0]"),
    "mixed": Row("d/dx d/dconj(x) x^H*H*x", "H'", "H.T"),
    "unitary": Row("d/dU tr(inv(U)*B)", "-conj(U)*B'*conj(U)", "-conj(U) @ B.T @ conj(U)"),
    "unitary length": Row("d/dconj(x) norm(U*x)^2", "x'", "x"),
    "Hermitian": Row("d/dH tr(H*B*H)", "H'*B' + B'*H'", "(H @ B + B @ H).T"),
    "logarithm of the absolute determinant": Row(
        "d/dB logdet(B)", "inv(B)'/2", "inv(B).T/2", "B nonsingular"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_complex_derivatives(name: str) -> None:
    row = TABLE[name]
    result = mg.derive(row.text, given=GIVEN)
    assert result.text() == row.answer
    assert result.text("numpy") == row.code
    assert list(result.conditions) == [row.condition] * bool(row.condition)
    assert result.proof is not None
    assert result.proof.ok is True, result.proof.detail
    symbols = {
        info.name: " ".join([*map(str, info.shape), *sorted(info.properties)]) or "scalar"
        for info in result.symbols
        if info.kind in ("scalar", "vector", "matrix")
    }
    symbols |= {name: "() -> (m n)" for name in "FK" if name in row.text}
    symbols |= {f"of_{name}": name for name in "mnk"}
    for form, syntax in (("text", "matrix"), ("numpy", "numpy")):
        shape = " ".join(map(str, result.shape))
        again = mg.read(result.text(form), symbols=symbols, shape=shape, syntax=syntax)
        assert lower(again.expr) is lower(result.expression)


def test_both_parts_make_the_change() -> None:
    """f(Z + E) - f(Z) = <∂f/∂Z, E> + <∂f/∂conj(Z), conj(E)> to first order."""
    text, at = "exp(c)*conj(c)^2 + abs(c)", 0.6 - 0.4j

    def value(c: complex) -> complex:
        return cmath.exp(c) * c.conjugate() ** 2 + abs(c)

    parts = [mg.derive(f"d/d{by} {text}", given="c complex")(c=at) for by in ("c", "conj(c)")]
    for step in (1e-6, 1e-6j, 1e-6 - 2e-6j):
        change = (value(at + step) - value(at - step)) / 2
        assert abs(change - parts[0] * step - parts[1] * step.conjugate()) < 1e-14


# Operators whose records say what they are at complex operands.
MEANT = [
    name
    for name, op in OPERATORS.items()
    if op.complex or op.kind == "conjugate" or "conj(" in op.definition
]


@pytest.mark.parametrize("name", MEANT)
def test_an_operator_at_complex_operands(name: str) -> None:
    """The derivative of its entries, weighted, by an operand and by the conjugate of that."""
    found = [c for c in cases(OPERATORS[name]) if all(part.order < 3 for part in walk(c.expr))]
    assert found
    for case in found:
        expr = transform(case.expr, as_complex)
        if expr.order:
            expr = build(OPERATORS["inner"], (symbol("W", expr.shape, {"complex"}), expr))
        by = case.variable.data[0]
        for variable in (by, f"conj({by})"):
            result = mg.derive(mg.Expression(expr), variable)
            assert result.proof is not None
            assert result.proof.ok is True, f"{result}: {result.proof.detail}"


def as_complex(node: Expr, args: tuple[Expr, ...]) -> Expr:
    if node.op is SYMBOL:
        return symbol(node.data[0], node.shape, {"complex"})
    return make(node.op, args, node.data, node.shape)


@pytest.mark.parametrize("by", ["conj(Z)", "conj(Z)[1,2]"])
def test_by_the_conjugate_of_a_symbol_of_python(by: str) -> None:
    Z, x = mg.symbols("Z: m n complex; x: m complex")
    result = mg.derive(x.H @ Z @ Z.H @ x, by)
    assert result.targets[0].conjugate
    assert result.proof is not None and result.proof.ok is True
    with pytest.raises(MatgradError, match="x is real, and its conjugate the same"):
        mg.derive(mg.sum(mg.symbols("x: n")), "conj(x)")


WRONG = {
    "conjugate forgotten": ("d/dconj(x) x^H*B*x", "x^H*B"),
    "parts exchanged": ("d/dx x^H*B*x", "x'*B'"),
    "factor two": ("d/dZ tr(Z*Z^H)", "2*conj(Z)"),
    "transpose for adjoint": ("d/dconj(x) norm(B*x - b)^2", "B'*(B*x - b)"),
    "real rule": ("d/dx norm(x)", "x'/norm(x)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_claims_are_refuted(name: str) -> None:
    text, claim = WRONG[name]
    result = mg.derive(text, given=GIVEN)
    (target,) = result.targets
    wrong = mg.read(claim, symbols={n: f for n, f in declared().items() if n in claim}).expr
    found = prove(result.source, [target.symbol], wrong, conjugate=[target.conjugate])
    assert found.ok is False


def declared() -> dict[str, str]:
    pairs = (part.split(":") for part in GIVEN.split(";") if ":" in part and "(" not in part)
    return {name.strip(): facts.strip() for name, facts in pairs}


REFUSED = {
    "no complex meaning": ("d/dx tr(relu.(x*x'))", "relu of a complex value is not defined"),
    "unknown function": ("d/dx f(x)'*a", "f is an unknown function of real values"),
    "pseudo-inverse": ("d/dZ tr(Z*pinv(Z))", "pinv of a complex value is not defined"),
    "conjugate of a real variable": ("d/dconj(a) a'*a", "a is real, and its conjugate the same"),
    "conjugate of what is not there": ("d/dconj(y) x", "y is neither declared nor in the"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(MatgradError, match=message):
        mg.derive(text, given=GIVEN)


def test_functions_of_real_parts_are_real() -> None:
    assert mg.derive("d/dx sum(relu(real(x)))", given=GIVEN).text() == "step((x + conj(x))/2)'/2"
    assert mg.derive("d/dt imag(f(t))", given="f: () -> ()").text() == "0"


PRODUCTS = {
    "product": "A*B*Z", "sum": "B + 1i*H", "inverse": "inv(B)", "power": "(B*H)^3",
    "phase": "exp.(1i*R)", "trace": "tr(B*H)*Z", "entries": "Z.*R",
    "adjoint": "B*Z*Z^H", "unitary": "U*B*U^H",
}  # fmt: skip


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_conjugate_is_its_own_inverse(name: str) -> None:
    node = lower(mg.read(PRODUCTS[name], given=GIVEN).expr)
    other = conjugate(node)
    assert other is not node
    assert conjugate(other) is node


SMALL = st.integers(-50, 50)


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL, SMALL, SMALL)
def test_elements_of_the_field_are_complex_numbers(a: int, b: int, c: int, d: int) -> None:
    left, right, field = Gaussian(a, b), Gaussian(c, d), Field(PRIMES[0])
    for ours, theirs in (
        (left + right, complex(a, b) + complex(c, d)),
        (left - right, complex(a, b) - complex(c, d)),
        (left * right, complex(a, b) * complex(c, d)),
        (left.conjugate(), complex(a, b).conjugate()),
        (3 * left + 2, 3 * complex(a, b) + 2),
        (1 - left, 1 - complex(a, b)),
    ):
        assert (ours.real, ours.imag) == (theirs.real, theirs.imag)
    if left:
        assert field.settle([left * field.reciprocal(left)]) == [1]
