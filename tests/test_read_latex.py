"""LaTeX as books, papers and questions write it, beside its twin in the matrix language."""

from __future__ import annotations

import pytest

import matgrad as mg
from matgrad.normal.lower import lower
from matgrad.notation.read import Reading, read
from spelled import rows

# Matrix Cookbook, MML, papers, answers of forums.  Each row: LaTeX, the matrix language.
EXPRESSIONS = {
    r"\mathbf{a}^\top \mathbf{X}^{-1} \mathbf{b}": "a'*inv(X)*b",
    r"\mathbf a^{\mathsf T}\mathbf X\mathbf b": "a'*X*b",
    r"\log\det(X X^\top)": "log(det(X*X'))",
    r"\ln|\Sigma|": "log(det(Sigma))",
    r"\log\left|\det\left(X\right)\right|": "logdet(X)",
    r"\operatorname{tr}(A X^{-T} B)": "tr(A*inv(X)'*B)",
    r"\operatorname{tr} A X B": "tr(A*X*B)",
    r"\mathrm{Tr}[A X]": "tr(A*X)",
    r"{\rm tr}\{A X\}": "tr(A*X)",
    r"\text{tr}(X^{T}X)": "tr(X'*X)",
    r"\|Ax-b\|_2^2 + \lambda\|x\|^2": "norm(A*x - b)^2 + lambda*norm(x)^2",
    r"\left\lVert XW-Y \right\rVert_F^2": "normF(X*W - Y)^2",
    r"\Vert x\Vert_1 + \|x\|_\infty": "norm1(x) + norm(x, inf)",
    r"\|X\|_* + \|X\|_2 + \|X\|_{\mathrm{F}}": "normnuc(X) + normspec(X) + normF(X)",
    r"\frac{1}{2}(x-\mu)^\top\Sigma^{-1}(x-\mu)": "1/2*(x - mu)'*inv(Sigma)*(x - mu)",
    r"-\tfrac12 x^\intercal A x": "-1/2*x'*A*x",
    r"\frac{x^TAx}{x^Tx}": "x'*A*x/(x'*x)",
    r"(2\pi)^{-n/2}|\Sigma|^{-1/2}": "(2*pi)^(-n/2)*det(Sigma)^(-1/2)",
    r"\exp\{-\tfrac{1}{2}x^T\Sigma^{-1}x\}": "exp(-1/2*x'*inv(Sigma)*x)",
    r"\frac{1}{1+e^{-w^\top x}}": "1/(1 + exp(-w'*x))",
    r"\sigma(\mathbf{w}^\top \mathbf{x}+b)": "sigmoid(w'*x + b)",
    r"W_2\tanh(W_1x+b_1)+b_2": "W_2*tanh(W_1*x + b_1) + b_2",
    r"W^{(2)} \operatorname{relu}(W^{(1)} x)": "W_2*relu(W_1*x)",
    r"\mathrm{softmax}(Wx)^\top y": "softmax(W*x)'*y",
    r"\max(0, Wx+b)": "maximum(0, W*x + b)",
    r"\mathbf{X}(\mathbf{X}^T\mathbf{X})^{-1}\mathbf{X}^T": "X*inv(X'*X)*X'",
    r"W^{(1)}(x+b)": "W_1*(x + b)",
    r"x^{(1)\top}A w^{(1)}": "x_1'*A*w_1",
    "X[X^TX]^{-1}": "X*inv(X'*X)",
    r"X^\dagger y + X^{+} y": "pinv(X)*y + pinv(X)*y",
    r"A^{1/2}B A^{-1/2}": "sqrtm(A)*B*inv(sqrtm(A))",
    r"X^{k} Y^3": "X^k*Y^3",
    r"x^{\odot 2} + y^{\circ -1}": "x.^2 + y.^(-1)",
    r"A \odot B": "A.*B",
    r"A\circ X - A \oslash X": "A.*X - A./X",
    r"(B^\top\otimes A)\operatorname{vec}(X)": "kron(B', A)*vec(X)",
    r"\langle Ax, y\rangle": "inner(A*x, y)",
    r"\left\langle A,\,X\right\rangle": "inner(A, X)",
    r"\mathbf{a}\cdot\mathbf{b}": "inner(a, b)",
    r"\vec{a}\cdot\vec{b}": "inner(a, b)",
    r"A\mathbf{x} + \alpha \cdot \mathbf{x}": "A*x + alpha*x",
    r"\mathbf{a}\times\mathbf{b}": "cross(a, b)",
    r"\mathbf{1}^\top x": "ones(n)'*x",
    r"x \mathbf 1_n^\top": "x*ones(n)'",
    r"I_n - \frac{1}{n}\mathbf{1}_{n \times n}": "eye(n) - ones(n, n)/n",
    r"\ln\det\left(I + XX^T\right)": "log(det(eye(m) + X*X'))",
    r"X + \alpha \mathbf{I}": "X + alpha*I",
    r"\sqrt{x^\top x}": "sqrt(x'*x)",
    r"\sqrt[3]{t}": "t^(1/3)",
    r"\sin^2 t + \cos 2t": "sin(t)^2 + cos(2*t)",
    r"\sum_{i=1}^N (y_i - \mathbf{w}^\top \mathbf{x}_i)^2": "sum(i=1..N, (y_i - w'*x_i)^2)",
    r"\sum_i \log(1+\exp(-y_i \mathbf{x}_i^\top w))": "sum_i log(1 + exp(-y_i*x_i'*w))",
    r"\sum_{i,j} A_{ij} x_i x_j": "sum_i sum_j A[i,j]*x[i]*x[j]",
    r"\sum_{i=1}^N \|x^{(i)} - \mu\|^2": "sum(i=1..N, norm(x_i - mu)^2)",
    r"\sum_{k=1}^K \pi_k (x-\mu_k)^T (x-\mu_k)": "sum(k=1..K, pi_k*(x - mu_k)'*(x - mu_k))",
    r"\sum_i y_i\log\sigma(w^\top x_i)": "sum_i y_i*log(sigmoid(w'*x_i))",
    r"\sum_{r=0}^{k-1} X^r A X^{k-1-r}": "sum(r=0..k-1, X^r*A*X^(k-1-r))",
    r"\begin{bmatrix} A & b \\ b^\top & c\end{bmatrix}": "[A, b; b', c]",
    r"\begin{vmatrix} A & B \\ C & D\end{vmatrix}": "det([A, B; C, D])",
    r"\operatorname{diag}(x) A": "diag(x)*A",
    r"(\hat{y}-y)^\top(\hat{y}-y)": "(y_hat - y)'*(y_hat - y)",
    r"\bar{\mathbf{x}}^\top \boldsymbol\theta": "x_bar'*theta",
    r"x'Ax": "x'*A*x",
    r"(y-X\beta)'(y-X\beta)": "(y - X*beta)'*(y - X*beta)",
    r"f(X)^{-1} A": "f(X)^(-1)*A",
    r"\phi'(t) + \phi''(t)": "d1(phi, t) + d2(phi, t)",
    r"\operatorname{tr}\left(\frac{\partial f(X)}{\partial X}\right)": "tr(D(f, X))",
    r"\mathrm{D}f\left(A\,X\right)": "D(f, A*X)",
    r"e^{t}\,x^\top x": "exp(t)*(x'*x)",
    r"\log_2 t + \log_{10} t": "log2(t) + log10(t)",
    r"\lambda_{\max}(A)": "eigmax(A)",
    r"\log\Gamma(t)": "lgamma(t)",
    r"2 \cdot A x.": "2*A*x",
    r"\underbrace{x^\top A x}_{\text{quadratic}}": "x'*A*x",
    r"e^{tA}": "expm(t*A)",
    "X^{⊤}X": "X'*X",
    r"{a \over b}": "a/b",
    "$$x^\\top A x$$ % a comment": "x'*A*x",
    r"\begin{equation} \label{q} x^\top A\, x \end{equation}": "x'*A*x",
    "∑_i ‖Σ x_i‖^2 − α": "sum_i norm(Sigma*x_i)^2 - alpha",
    r"||Ax-b||_2^2": "norm(A*x - b)^2",
    r"[x]_+ + (Ax-b)_+": "relu(x) + relu(A*x - b)",
    r"\max_i x_i - \min_{i} (Ax)_i": "max(x) - min(A*x)",
    r"\|X\|_{\mathrm{op}} + \|X\|_{op}": "normspec(X) + normspec(X)",
    r"A^{'}x^{'} - B^{\prime}x": "A'*x' - B'*x",
    r"\phi^{''}(t) + \phi^{\prime}(t)": "d2(phi, t) + d1(phi, t)",
    r"1{,}000\,t": "1000*t",
    r"t\,x^t + 2^t + y^{t+1}": "t*x^t + 2^t + y^(t + 1)",
    r"\sum_{s=1}^T \gamma^{T-s}": "sum(s=1..T, gamma^(T-s))",
    r"F(AX) + F(X)": "F(A*X) + F(X)",
    r"A(Bx) + A": "A*(B*x) + A",
    r"F(\log t) + \mathcal{L}(2t)": "F(log(t)) + L(2*t)",
    r"x^\top\! \bigl( A\;x + b \bigr)~": "x'*(A*x + b)",
    r"s\,X \quad\text{where } s = x^\top x": "s*X where s = x'*x",
}


def kinds(reading: Reading) -> dict[str, str]:
    return {name.name: name.kind for name in reading.names}


@rows("latex, text", {latex: (text,) for latex, text in EXPRESSIONS.items()})
def test_expressions(latex: str, text: str) -> None:
    found, twin = read(latex, syntax="latex"), read(text)
    assert kinds(found) == kinds(twin)
    assert found.expr.shape == twin.expr.shape
    assert lower(found.expr) is lower(twin.expr), found.remarks[0]


# Derivatives and claims, as the echo shows them.


@rows(
    "latex, text",
    {
        r"\frac{\partial}{\partial X} \operatorname{tr}(AXB) = A^\top B^\top": (
            "d/dX tr(A*X*B) = A'*B'",
        ),
        r"\frac{\partial \mathbf{a}^T \mathbf{X}^{-1}\mathbf{b}}{\partial \mathbf{X}} = "
        r"-\mathbf{X}^{-T}\mathbf{a}\mathbf{b}^T\mathbf{X}^{-T}": (
            "d/dX a'*inv(X)*b = -inv(X)'*a*b'*inv(X)'",
        ),
        r"\frac{\partial \boldsymbol x^\top \boldsymbol B\boldsymbol x}{\partial\boldsymbol x}": (
            "d/dx x'*B*x",
        ),
        r"\frac{\partial}{\partial \mathbf{s}}(\mathbf{x}-\mathbf{A}\mathbf{s})^T\mathbf{W}"
        r"(\mathbf{x}-\mathbf{A}\mathbf{s}) = -2(\mathbf{x}-\mathbf{A}\mathbf{s})^T"
        r"\mathbf{W}\mathbf{A}": ("d/ds (x - A*s)'*W*(x - A*s) = -2*(x - A*s)'*W*A",),
        r"\frac{\partial}{\partial X} \det(f(X)) = \det(f(X))\operatorname{tr}\left(f(X)^{-1}"
        r"\frac{\partial f(X)}{\partial X}\right)": (
            "d/dX det(f(X)) = det(f(X))*tr(inv(f(X))*D(f, X))",
        ),
        r"\nabla_X \| A X - B \|_F^2 = 2A^T(AX-B)": ("d/dX normF(A*X - B)^2 = 2*A'*(A*X - B)",),
        r"\nabla^2_x\, x^\top A x": ("d2/dxdx x'*A*x",),
        r"\frac{\partial^2}{\partial x\,\partial x^\top} x^\top A x": ("d2/dxdx x'*A*x",),
        r"\frac{\mathrm{d}}{\mathrm{d}t}\operatorname{tr}(tA)": ("d/dt tr(t*A)",),
        r"\frac{d}{dx}\frac{d}{dy} x^\top A y": ("d2/dxdy x'*A*y",),
        r"\frac{\partial X^{-1}}{\partial X}": ("d/dX inv(X)",),
        r"\frac{\partial \mathbf{x}^\top \mathbf{A}\mathbf{x}}{\partial \mathbf{x}}": (
            "d/dx x'*A*x",
        ),
        r"\frac{\partial X^\top}{\partial X}": ("d/dX X'",),
        r"\frac{\partial X^\top X}{\partial X}": ("d/dX X'*X",),
        r"\frac{\partial X}{\partial X_{ij}}": ("d/dX[i,j] X",),
        r"\frac{\partial \det X}{\partial X}": ("d/dX det(X)",),
        r"\frac{\partial (X)_{k,l}}{\partial X_{ij}}": ("d/dX[i,j] X[k,l]",),
        r"\frac{\partial}{\partial x} - x^\top A x": ("d/dx -x'*A*x",),
        r"\partial_X \operatorname{tr}(X)": ("d/dX tr(X)",),
        r"\frac{\partial f}{\partial x} \text{ where } f = x^\top A x": (
            "d/dx f where f = x'*A*x",
        ),
        r"\frac{\partial}{\partial X_{ij}} \operatorname{tr}(AX)": ("d/dX[i,j] tr(A*X)",),
        r"\frac{\partial}{\partial x_1} x^\top A x": ("d/dx[1] x'*A*x",),
        r"\begin{aligned} \frac{\partial}{\partial x} x^TAx &= x^T(A+A^T) \end{aligned}": (
            "d/dx x'*A*x = x'*(A + A')",
        ),
        r"\operatorname{vec}(AXB)=(B^\top\otimes A)\operatorname{vec}(X)": (
            "vec(A*X*B) = kron(B', A)*vec(X)",
        ),
    },
)
def test_derivatives_and_claims(latex: str, text: str) -> None:
    assert read(latex, syntax="latex").remarks[0] == f"read as {text}"


def test_what_is_declared_decides() -> None:
    def echo(text: str, given: str = "", wrt: tuple[str, ...] = ()) -> str:
        return read(text, syntax="latex", given=given, wrt=wrt).remarks[0].removeprefix("read as ")

    assert echo("f(Ax+b)", "f(z): scalar") == "f(A*x + b)"
    assert echo("a(x+y)", "a: scalar") == "a*(x + y)"
    assert echo("a(x+y)", wrt=("a",)) == "d/da a*(x + y)"
    assert echo("x_1 + x^\\top x", "x_1: scalar") == "x_1 + x'*x"
    assert echo("x_1 + x^\\top x", "x: n") == "x[1] + x'*x"
    assert echo("X^T A", "T: integer") == "X^T*A"
    assert echo("X^{2T} A", "T: integer") == "X^(2*T)*A"
    assert echo("x^t", "t: scalar") == echo("x^t", wrt=("t",)).removeprefix("d/dt ") == "x^t"
    assert echo("A(Bx)", "A: m n") == "A*B*x"
    assert echo("A(Bx)", "A(z): scalar") == "A(B*x)"
    assert echo("W_{hx} x", "W_hx: h x_size") == "W_hx*x"
    assert echo(r"\lambda(x)", "lambda elementwise") == "lambda(x)"
    assert echo(r"\overline{Z}", "Z complex") == "conj(Z)"
    assert echo(r"e^\top x", "e: n") == "e'*x"
    assert echo(r"x^\top \Sigma x", "Sigma symmetric", (r"\mathbf{x}",)) == "d/dx x'*Sigma*x"


def test_bold_letters_are_vectors() -> None:
    assert kinds(read("a x", syntax="latex"))["x"] == "scalar"
    assert kinds(read(r"a \mathbf{x}", syntax="latex"))["x"] == "vector"
    assert kinds(read(r"a \vec{x}", syntax="latex"))["x"] == "vector"
    names = kinds(read(r"\sum_{i=1}^n x_i^2 + \mathbf{x}^\top\mathbf{y}", syntax="latex"))
    assert names["x"] == names["y"] == "vector"


def test_what_was_assumed_is_said() -> None:
    assert any("product" in said for said in read("W(Ax-b)", syntax="latex").remarks)
    assert any("unit vector" in said for said in read("e_i^\\top x", syntax="latex").remarks)


@rows(
    "latex, text",
    {
        r"\frac{\partial f}{\partial x}": ("d/dx f(x)",),
        r"\frac{\partial f(X)}{\partial X}": ("d/dX f(X)",),
        r"\frac{\partial f(A, X)}{\partial X}": ("d/dX f(A, X)",),
        r"\frac{\partial f(X)}{\partial X_{ij}}": ("d/dX[i,j] f(X)",),
        r"\frac{\partial^2 f}{\partial x\,\partial x^\top}": ("d2/dxdx f(x)",),
    },
)
def test_the_derivative_of_an_unknown_function_is_asked_for(latex: str, text: str) -> None:
    result = mg.derive(latex, syntax="latex")
    assert result.remarks[0] == f"read as {text}"
    assert result.expression is mg.derive(text).expression


# The public verbs


def test_public_verbs() -> None:
    result = mg.derive(r"\log\det(X X^\top)", "X", syntax="latex")
    assert result.text() == "2*inv(X*X')*X"
    assert result.remarks[0] == "read as d/dX log(det(X*X'))"
    assert str(mg.read(r"\mathbf{a}^\top \mathbf{b}", syntax="latex")) == "a'*b"
    claim = r"\frac{\partial}{\partial X} \operatorname{tr}(AXB) = A^\top B^\top"
    verdict = mg.check(claim, syntax="latex")
    assert verdict.verdict == "true"
    assert verdict.remarks == ("read as d/dX tr(A*X*B) = A'*B'",)
    chain = r"\frac{\partial \ln|\det(\mathbf{X})|}{\partial \mathbf{X}} = (\mathbf{X}^{-1})^T = "
    assert mg.check(rf"${chain}(\mathbf{{X}}^T)^{{-1}}$", syntax="latex").verdict == "true"
    assert mg.check(rf"${chain}3(\mathbf{{X}}^T)^{{-1}}$", syntax="latex").verdict == "false"
    assert mg.equal(r"\operatorname{tr}(AB)", r"\operatorname{tr}(BA)", syntax="latex")


def test_a_name_in_front_is_no_claim() -> None:
    result = mg.derive(r"J(w) = \frac{1}{2}\|Xw - y\|^2", "w", syntax="latex", check=False)
    assert result.text() == "(X*w - y)'*X"
    assert "J is the name of what is differentiated" in result.remarks
    with pytest.raises(mg.MatgradError, match="a claim"):
        mg.derive(r"x^\top x = y", "x", syntax="latex")


def test_declarations_in_latex() -> None:
    given = r"\boldsymbol{\Sigma}: n n symmetric; \mathbf{x}: n"
    result = mg.derive(r"x^\top\Sigma x", "x", given=given, syntax="latex", check=False)
    assert result.text() == "2*x'*Sigma"
    found = mg.read(r"\Sigma", syntax="latex", symbols={r"\Sigma": "2 2"})
    assert found.shape == (2, 2)


@pytest.mark.parametrize("wrt", ["Sigma", r"\Sigma", r"\mathbf{\Sigma}"])
def test_variables_beside_the_text(wrt: str) -> None:
    result = mg.derive(r"\operatorname{tr}(\Sigma A)", wrt, syntax="latex", check=False)
    assert result.text() == "A'"
