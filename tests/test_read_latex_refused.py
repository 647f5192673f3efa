"""What LaTeX is refused or asked about, with which words, and that nothing else ever happens."""

from __future__ import annotations

import re
import time
from random import Random
from typing import Any

import pytest

from matgrad.core.errors import (
    AmbiguityProblem,
    BudgetExceeded,
    MatgradError,
    NameProblem,
    NoRule,
    ShapeProblem,
    SyntaxProblem,
)
from matgrad.notation.read import read
from spelled import rows
from test_read_latex import EXPRESSIONS

REFUSED: dict[str, tuple[type[MatgradError], str]] = {
    r"\left( x": (SyntaxProblem, r"`\left(` is never closed"),
    "x)": (SyntaxProblem, "`)` closes nothing"),
    "{x": (SyntaxProblem, "`{` is never closed"),
    "x}": (SyntaxProblem, "`}` closes nothing"),
    "(x}": (SyntaxProblem, "`(` is closed by `}`"),
    r"\left| x \right)": (SyntaxProblem, r"`\left|` is closed by `\right)`"),
    r"\left(x)": (SyntaxProblem, r"`\left(` is closed by `)`"),
    r"\frac{a}": (SyntaxProblem, r"missing after `\frac`"),
    r"\frac{}{2}": (SyntaxProblem, "above and below its line"),
    r"\sqrt{}": (SyntaxProblem, "nothing stands under"),
    r"\foo x": (SyntaxProblem, r"`\foo` is not known"),
    "x^": (SyntaxProblem, "missing after `^`"),
    "^2": (SyntaxProblem, "stands behind nothing"),
    "X^-1": (SyntaxProblem, "write X^{-1}"),
    "X^10": (SyntaxProblem, "write ^{10}"),
    r"X^{-1}^\top": (SyntaxProblem, r"{X^{-1}}^\top"),
    "x_i_j": (SyntaxProblem, "x_{i,j}"),
    r"\begin{bmatrix} a & b": (SyntaxProblem, "never closed"),
    r"\begin{bmatrix} a & \end{bmatrix}": (SyntaxProblem, "a cell of this array is empty"),
    r"\begin{cases} a \\ b \end{cases}": (SyntaxProblem, r"\operatorname{where}(x > 0, a, b)"),
    r"\mathbb{E}[x]": (SyntaxProblem, "expectations are not read"),
    r"\int x": (SyntaxProblem, "integrals"),
    r"x \in \mathbb{R}^n": (SyntaxProblem, "given='X: m n'"),
    r"\sum x": (SyntaxProblem, r"\operatorname{sum}(x) adds up"),
    r"\sum_{i=1} x_i": (SyntaxProblem, "from below to above"),
    r"\sum_i x": (SyntaxProblem, r"\sum_{i=1}^{N}"),
    r"\log": (SyntaxProblem, "has no argument"),
    r"A \odot": (SyntaxProblem, r"missing after `\odot`"),
    r"\cdot A": (SyntaxProblem, r"cannot begin with `\cdot`"),
    "A = B = C": (SyntaxProblem, "a claim has one `=`"),
    r"A \le B": (SyntaxProblem, r"\operatorname{where}(x > 0, a, b)"),
    "2 3": (SyntaxProblem, "two numbers side by side"),
    r"x \text{ if } y": (SyntaxProblem, "words are not read"),
    r"\|X\|_{2,1}": (SyntaxProblem, "norms of the columns"),
    r"\|x\|_A": (SyntaxProblem, r"a weighted norm is x^\top A x"),
    r"\max_i x_i y_i": (SyntaxProblem, r"`\max(x)` is that entry"),
    r"\max_i X_i": (SyntaxProblem, r"`\max(x)` is that entry"),
    r"\frac{\partial f}{\partial x \partial y}": (SyntaxProblem, "of order 1 above"),
    r"\nabla f(x)": (SyntaxProblem, r"write \nabla_X"),
    r"\frac{\partial}{\partial (Ax)} x": (SyntaxProblem, "by a symbol"),
    r"A \frac{\partial x^\top x}{\partial x}": (SyntaxProblem, "in front of a whole side"),
    r"\frac{\partial^2 f}{\partial x \partial y}": (SyntaxProblem, "write f(x, y)"),
    r"\frac{\partial^2 f(x)}{\partial x}": (SyntaxProblem, "of order 2 above"),
    r"\log_b x": (SyntaxProblem, r"\frac{\log(x)}{\log(b)}"),
    r"\mathrm{d}\log\det X": (SyntaxProblem, "the differential of an expression is not read"),
    r"X \succ 0": (SyntaxProblem, "given='X pd'"),
    r"\prod_i x_i": (SyntaxProblem, r"\operatorname{prod}(x)"),
    "x!": (SyntaxProblem, r"\Gamma(n + 1)"),
    "f()": (SyntaxProblem, "nothing stands in these brackets"),
    "§": (SyntaxProblem, "`§` has no meaning"),
    "": (SyntaxProblem, "no expression"),
    r"A X + \mathbf{x}": (ShapeProblem, "a sum of unequal shapes"),
    "X^{1/3}": (NoRule, r"`X^{\odot 1/3}`"),
    r"\operatorname{rank}(X)": (NoRule, "operator rank has no record"),
    r"\frac{\partial}{\partial Z} \operatorname{tr}(X)": (NameProblem, "Z is neither declared"),
}
# Each with words from both readings.
ASKED = {
    "f(Ax+b)": ("is the product", "a function is declared"),
    "f^{-1}(X)": ("f(X)^{-1}", "a product"),
    r"\sin^{-1} x": (r"\frac{1}{\sin(x)}", r"\arcsin"),
    r"\log x y": (r"`\log(x)\,y`", r"`\log(x y)`"),
    r"\det A B": (r"`\det(A)\,B`", r"`\det(A B)`"),
    r"A B \odot C": (r"`(A \, B) \odot …`", r"`A \, (B \odot …)`"),
    r"A \otimes B x": (r"`(A \otimes B) \, …`", r"`A \otimes (B \, …)`"),
    r"\operatorname{tr}(X-A)^\top(X-A)": (r"\left((X-A) …\right)", r"\cdot"),
    "A_{ij}^{-1} + A": ("`(A^{-1})_{i,j}`", "`(A_{i,j})^{-1}`"),
    "x^{(k+1)} - y": ("`x^{k+1}` is the power", "a label is one letter"),
    "E[x]": ("is the product", "expectations are not read"),
    "f^{(2)}(x)": ("for the derivative", "is a label"),
    "x_{k+1}": ("(x)_{k+1}", "a name"),
    "W_1 + W^{(1)}": ("if they are one", "another letter"),
    "a/bc": (r"\frac{…}{b}\,c", r"\frac{…}{b c}"),
    "{a+b}c": ("do not show", r"\left(a+b\right)"),
    "A^*": ("conjugate transpose", "a name"),
    "dX": (r"\mathrm{d}X", r"d\,X"),
    "X_{ij}": ("(X)_{i,j}", "declare `X_ij`"),
    r"x_1 + x^\top x": ("(x)_{1}", "declare `x_1`"),
    r"\mathbf{x} + x": ("both stand here", "another letter"),
    r"\Phi(x)": ("normcdf", "a function is declared"),
    r"\lambda(A)": ("eigvals", "the product"),
    r"\frac{\partial}{\partial x} x^2 + 3x": ("for the whole", "first term"),
    r"\exp(X)": (r"\operatorname{exp}_{\odot}(X)", r"\operatorname{expm}(X)"),
    r"e^{\mathbf{x}}": ("exponential", r"\operatorname{exp}(\mathbf{x})"),
    r"|\mathbf{x}|": (r"\operatorname{norm}(\mathbf{x})", r"\operatorname{abs}(\mathbf{x})"),
    r"\|X\|": (r"\operatorname{normF}(X)", r"\operatorname{norm1}(X)"),
    r"\frac{1}{X}": (r"\operatorname{inv}(X)", r"1 \oslash X"),
    r"\|X\|_1": (r"\operatorname{norm1}(X)", "largest column sum"),
    r"\|X\|_\infty": ("largest absolute value", "largest row sum"),
    "[X]_+": (r"\operatorname{relu}_{\odot}(X)", "matrix function"),
    "A^{-1T}x": (r"`A^{-\top}`", "for a power"),
    "A^{2T}": (r"`(A^{2})^\top`", "declare T"),
    "A^{T-1}": (r"`A^{-\top}`", "declare T"),
    r"\gamma^{T-1}": ("transpose", "for a power declare T"),
    r"X^{\top\frac{1}{2}}": (r"`(X^{\frac{1}{2}})^\top`", "a power"),
    "A^{-1H}": ("`(A^{-1})^H`", "a power"),
    "X^{+T}": (r"`(X^{+})^\top`", "a power"),
    r"A^{-1\top}": (r"`A^{-\top}`", "a power"),
    "x^tAx": (r"`x^\top`", "for a power declare t"),
    r"\operatorname{tr}(A(XB)C)": (r"`A\,(XB)` is the product", "a function is declared"),
    r"A(x\odot x)": (r"`A\,(x\odot x)` is the product", "a function is declared"),
    "A(Bx)": (r"`A\,(Bx)` is the product", "a function is declared"),
    r"\frac{\partial}{\partial x} -a^Tx + b^Tx": ("for the whole", "first term"),
    r"\frac{\partial U}{\partial X_{ij}}": ("`U(X)` above for an entry", "declare `X_ij`"),
    r"\frac{\partial X_{kl}}{\partial X_{ij}}": ("(X)_{k,l}", "declare `X_kl`"),
    "X + 1": (r"`X + I_{n}`", r"`X + \mathbf{1}_{m \times n}`"),
    r"\left[X_{ij} Y_{ij}\right]": (r"\sum_{i,j}", "names"),
}


def refusal(latex: str) -> MatgradError:
    with pytest.raises(MatgradError) as caught:
        read(latex, syntax="latex")
    return caught.value


@rows("latex, error, said", REFUSED)
def test_refused(latex: str, error: type[MatgradError], said: str) -> None:
    problem = refusal(latex)
    assert type(problem) is error
    assert said in str(problem)
    assert problem.text == latex and problem.span is not None


@rows("latex, one, other", ASKED)
def test_asked_with_both_readings(latex: str, one: str, other: str) -> None:
    problem = refusal(latex)
    assert type(problem) is AmbiguityProblem
    assert one in str(problem) and other in str(problem)
    assert problem.text == latex


@pytest.mark.parametrize(
    "latex",
    [
        r"\exp(X)",
        r"\frac{1}{X}",
        "X + 1",
        r"\|X\|",
        r"\|X\|_1",
        r"\|X\|_\infty",
        r"\|X\|_{2,1}",
        "A^{2T}",
        "A^{-1T}x",
        "[X]_+",
        r"|\mathbf{x}|",
        "X^{1/3}",
    ],
)
def test_the_mends_are_read(latex: str) -> None:
    mends = re.findall(r"`([^`]+)`", refusal(latex).hint or "")
    assert mends
    for mend in mends:
        read(mend, syntax="latex")


# Nothing but an error of ours


PIECES = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def mutated(random: Random, texts: list[list[str]]) -> str:
    pieces = list(random.choice(texts))
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(pieces) + 1)
        donor = random.choice(texts)
        start = random.randrange(len(donor))
        taken = donor[start : start + random.randint(0, 4)]
        pieces[at : at + random.randint(0, 2)] = taken
    # A command before a letter needs a blank.
    return "".join(f"{piece} " if piece[1:].isalpha() else piece for piece in pieces)


@pytest.mark.parametrize("seed", range(20))
def test_mutations_are_read_or_refused(seed: int) -> None:
    random = Random(seed)
    texts = [PIECES.findall(text) for text in (*EXPRESSIONS, *REFUSED, *ASKED) if text]
    for _ in range(150):
        text = mutated(random, texts)
        try:
            read(text, syntax="latex")
        except MatgradError as problem:
            assert str(problem)


# How much


@rows(
    "name, text",
    {
        "braces": ("{" * 20_000 + "x" + "}" * 20_000,),
        "brackets": (r"\left(" * 20_000 + "x" + r"\right)" * 20_000,),
        "fractions": (r"\frac{1}{1+" * 4_000 + "x" + "}" * 4_000,),
        "roots": (r"\sqrt{" * 10_000 + "x" + "}" * 10_000,),
        "functions": (r"\log " * 20_000 + "x",),
        "accents": (r"\hat{" * 20_000 + "x" + "}" * 20_000,),
        "fonts": (r"\mathbf{" * 20_000 + "x" + "}" * 20_000,),
        "quotients": ("a/" * 10_000 + "b",),
        "factors": ("A" * 20_000,),
        "terms": ("A" + "+A" * 20_000,),
        "exponents": ("x" + "^{x" * 10_000 + "}" * 10_000,),
        "arrays": (r"\begin{bmatrix}" * 2_000 + "x" + r"\end{bmatrix}" * 2_000,),
    },
)
def test_depth(name: str, text: str) -> None:
    begun = time.process_time()
    read(text, syntax="latex")
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    "text", ["x+" * 5_000_000, "x+" * 200_000 + "x", "9" * 1000, "{" * 400_000]
)
def test_budget(text: str) -> None:
    begun = time.process_time()
    with pytest.raises((BudgetExceeded, SyntaxProblem)):
        read(text, syntax="latex")
    assert time.process_time() - begun < 10


def test_an_unclosed_sea_of_brackets() -> None:
    problem: Any = refusal("(" * 100_000)
    assert "never closed" in problem.message
