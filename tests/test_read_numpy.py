"""Reading the NumPy dialect, and every fact of the corpus where it is found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from matgrad.core.errors import (
    MatgradError,
    NameProblem,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.core.expr import Expr
from matgrad.notation.read import read
from matgrad.notation.vocabulary import REFUSED
from spelled import rows, sizes, spelled

GIVEN = (
    "A: m n; B: n p; C: m n; S: n n; R: n n; a: m; b: n; x: n; y: n; s: scalar; t: scalar; "
    "T: n n k; f(S): p p; g: (n), (n n) -> (p); phi elementwise"
)


@rows(
    "text, tree, shape",
    {
        # products
        "A @ B": ("matmul(A, B)", "m p"),
        "x @ y": ("matmul(x, y)", ""),
        "a @ A @ x": ("matmul(matmul(a, A), x)", ""),
        "A @ B*s": ("scale(s, matmul(A, B))", "m p"),
        "A*C": ("hadamard(A, C)", "m n"),
        "x*y": ("hadamard(x, y)", "n"),
        "s*A": ("scale(s, A)", "m n"),
        "A/C": ("divide(A, C)", "m n"),
        "A/s": ("divide(A, s)", "m n"),
        "1/A": ("divide(ones(), A)", "m n"),
        "outer(a, x)": ("outer(a, x)", "m n"),
        "kron(A, B)": ("kron(A, B)", "m*n n*p"),
        "kron(A, x)": ("transpose(kron(transpose(A), x))", "m n^2"),
        "kron(A, outer(x, ones(1)))": ("kron(A, outer(x, ones()))", "m*n n"),
        "dot(x, y)": ("inner(x, y)", ""),
        # sums and broadcast scalars
        "A + C": ("add(A, C)", "m n"),
        "1 - A": ("sub(ones(), A)", "m n"),
        "A + 2": ("add(A, scale(2, ones()))", "m n"),
        "s + x": ("add(scale(s, ones()), x)", "n"),
        "s + t": ("add(s, t)", ""),
        # powers
        "A**2": ("power<2>(A)", "m n"),
        "s**-0.5": ("power<-1/2>(s)", ""),
        "x**s": ("pow(x, s)", "n"),
        "-x**2": ("neg(power<2>(x))", "n"),
        "2**-s": ("pow(2, neg(s))", ""),
        "s**2**3": ("power<8>(s)", ""),
        "matpow(S, -2)": ("matpow<-2>(S)", "n n"),
        "np.linalg.matrix_power(S, 3)": ("matpow<3>(S)", "n n"),
        "square(x)": ("power<2>(x)", "n"),
        "reciprocal(A)": ("power<-1>(A)", "m n"),
        "power(x, 3)": ("power<3>(x)", "n"),
        "cbrt(x)": ("cbrt(x)", "n"),
        # modules
        "linalg.norm(x)": ("norm2(x)", ""),
        "torch.linalg.norm(A)": ("normF(A)", ""),
        "jax.numpy.vdot(x, y)": ("inner(x, y)", ""),
        "scipy.special.expit(x)": ("sigmoid(x)", "n"),
        "torch.nn.functional.softmax(x)": ("softmax(x)", "n"),
        "scipy.linalg.expm(S)": ("expm(S)", "n n"),
        # transposes
        "A.T": ("transpose(A)", "n m"),
        "x.T": ("x", "n"),
        "-A.T @ A": ("matmul(neg(transpose(A)), A)", "n n"),
        # functions
        "exp(A)": ("exp(A)", "m n"),
        "arcsin(A)": ("asin(A)", "m n"),
        "tr(S)": ("trace(S)", ""),
        "inv(S) @ x": ("matmul(inv(S), x)", "n"),
        "solve(S, B)": ("solve(S, B)", "n p"),
        "sum(A)": ("sum(A)", ""),
        "sum(A, 0)": ("sum0(A)", "n"),
        "sum(A, 1)": ("sum1(A)", "m"),
        "sum(A, 0) @ x": ("matmul(sum0(A), x)", ""),
        "mean(A)": ("mean(A)", ""),
        "mean(A, 0)": ("mean0(A)", "n"),
        "diag(x)": ("diag(x)", "n n"),
        "diagvec(S)": ("diagvec(S)", "n"),
        "vec(A)": ("vec(A)", "m*n"),
        "unvec(vec(A), m, n)": ("unvec(vec(A))", "m n"),
        "norm2(x)": ("norm2(x)", ""),
        "normF(A)": ("normF(A)", ""),
        "norm1(A)": ("norm1(A)", ""),
        "einsum('ij,jk->ik', A, B)": ("einsum<ij,jk->ik>(A, B)", "m p"),
        'einsum("ij->ji", A)': ("einsum<ij->ji>(A)", "n m"),
        "np.linalg.inv(S)": ("inv(S)", "n n"),
        "np.exp(A) + np.trace(S)": ("add(exp(A), scale(trace(S), ones()))", "m n"),
        # constants, sizes and entries
        "eye(n) @ x": ("matmul(eye(), x)", "n"),
        "eye(n)[2]": ("unit<2>()", "n"),
        "ones(m, n)": ("ones()", "m n"),
        "n*s": ("scale(n, s)", ""),
        "(n + 1)/2": ("n/2 + 1/2", ""),
        "pi*s": ("scale(pi, s)", ""),
        "A[0, 1]": ("entry<0,1>(A)", ""),
        "T[..., 0]": ("component<0>(T)", "n n"),
        # unknown functions
        "f(S).T": ("transpose(f(S))", "p p"),
        "D(f, S)": ("f<0>(S)", "p p n n"),
        "D2(f, S)": ("f<0,0>(S)", "p p n n n n"),
        "D(g, x, S, 1)": ("g<1>(x, S)", "p n n"),
        "D2(g, x, S, 0, 1)": ("g<0,1>(x, S)", "p n n n"),
        "phi(A)": ("phi(A)", "m n"),
        "d1(phi, A)": ("phi<0>(A)", "m n"),
        "d2(phi, x)": ("phi<0,0>(x)", "n"),
    },
)
def test_meaning(text: str, tree: str, shape: str) -> None:
    expr = read(text, given=GIVEN, syntax="numpy").expr
    assert (spelled(expr), sizes(expr)) == (tree, shape)


@rows(
    "text, error, message",
    {
        "s @ A": (ShapeProblem, "do not fit"),
        "A @ A": (ShapeProblem, "A is m x n, A is m x n"),
        "A + B": (ShapeProblem, "unequal"),
        "a + A": (ShapeProblem, "unequal"),
        "A'": (SyntaxProblem, "the transpose is `.T`"),
        "A @": (SyntaxProblem, "missing after `@`"),
        "A B": (SyntaxProblem, "operator is missing"),
        "median(x)": (NoRule, "operator median has no record"),
        "matpow(S, s)": (NameProblem, "declare `s: integer`"),
        "matpow(S, s/2)": (NameProblem, "declare `s: integer`"),
        "matpow(S, 1/2)": (NoRule, "matpow"),
        "msum(r, 0, matpow(S, r))": (SyntaxProblem, "msum takes an index"),
        "x[::2]": (SyntaxProblem, "no step"),
        "[A, A]": (SyntaxProblem, "hstack"),
        "hstack(A, A)": (SyntaxProblem, "takes a list"),
        "block([A, [A]])": (SyntaxProblem, "list of lists"),
        "s(x)": (NameProblem, "s*("),
        "np.linalg.slogdet(A)": (NoRule, "logarithm of the absolute value"),
        "np.linalg.tensorinv(A)": (NoRule, "operator np.linalg.tensorinv has no record"),
        "A.size": (SyntaxProblem, "methods, such as `x.sum()`"),
        "sum(A, 2)": (ShapeProblem, "no such axes: A is m x n"),
    },
)
def test_refusals(text: str, error: type[MatgradError], message: str) -> None:
    with pytest.raises(error) as caught:
        read(text, given=GIVEN, syntax="numpy")
    assert message in str(caught.value)


@rows(
    "what, text",
    {
        "a sum": "+".join(f"x{i}" for i in range(10_000)),
        "a product": " @ ".join(f"A{i}" for i in range(3_000)),
        "brackets": "(" * 100_000 + "x" + ")" * 100_000,
        "minus signs": "-" * 20_000 + "x",
    },
)
def test_long_and_deep_texts_are_read(what: str, text: str) -> None:
    assert read(text, syntax="numpy").expr


# The corpus of facts, where a copy of it is at hand: MATGRAD_CORPUS names its folder.

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("MATGRAD_CORPUS", ROOT / "corpus")) / "public.yaml"


def declaration(name: str, fact: dict[str, Any]) -> str:
    """How a symbol of the corpus is declared."""
    match fact["kind"]:
        case "function":
            return f"({' '.join(map(str, fact['arg']))}) -> ({' '.join(map(str, fact['out']))})"
        case "elementwise":
            return "elementwise"
        case "int":
            return "integer"
        case _:
            return " ".join(map(str, fact["shape"]))


def corpus_reading(fact: dict[str, Any], text: str) -> Expr:
    symbols = {name: declaration(name, about) for name, about in fact["symbols"].items()}
    return read(
        text,
        symbols=symbols,
        lets=fact.get("let", {}),
        syntax="numpy",
    ).expr


@pytest.mark.skipif(not CORPUS.is_file(), reason="no corpus: MATGRAD_CORPUS names its folder")
def test_every_fact_of_the_corpus_is_read_or_refused_by_name() -> None:
    yaml = pytest.importorskip("yaml")
    facts = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    known = REFUSED.keys() | {"complex"}
    read_whole = 0
    for fact in facts:
        try:
            shape = sizes(corpus_reading(fact, str(fact["expr"])))
            corpus_reading(fact, str(fact["expected"]))
        except NoRule as refusal:
            assert known & set(refusal.message.split()), (fact["id"], refusal.message)
            continue
        assert shape.count(" ") + bool(shape) == len(fact["expr_shape"]), fact["id"]
        read_whole += 1
    assert read_whole > len(facts) // 2
