"""Reading the matrix language: what each text becomes."""

from __future__ import annotations

import pytest

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import (
    NameProblem,
    ShapeProblem,
)
from matgrad.core.expr import Expr, Function, symbol
from matgrad.core.signature import alternatives
from matgrad.notation.read import read, read_expression
from spelled import rows, sizes, spelled

m, n = Dim("m"), Dim("n")

# What operators mean: declarations common to all rows of a table.

GIVEN = (
    "A: m n; B: n p; C: m n; S: n n; R: n n; a: m; b: n; x: n; y: n; s: scalar; t: scalar; "
    "T: n n k; f(S): p p; g: (n), (n n) -> (p); phi elementwise"
)


@rows(
    "text, tree, shape",
    {
        # products
        "A*B": ("matmul(A, B)", "m p"),
        "s*A": ("scale(s, A)", "m n"),
        "A*s": ("scale(s, A)", "m n"),
        "s*t": ("scale(s, t)", ""),
        "2*x": ("scale(2, x)", "n"),
        "A*x": ("matmul(A, x)", "m"),
        "a'*A": ("matmul(a, A)", "n"),
        "x'*y": ("matmul(x, y)", ""),
        "x*y'": ("outer(x, y)", "n n"),
        "a*x'": ("outer(a, x)", "m n"),
        "x'*S*y": ("matmul(matmul(x, S), y)", ""),
        "x*y'*x": ("matmul(outer(x, y), x)", "n"),
        "x'*y*x": ("scale(matmul(x, y), x)", "n"),
        "S*T": ("matmul(S, T)", "n n k"),
        "T*B": ("matmul(T, B)", "n p k"),
        "x'*T": ("matmul(x, T)", "n k"),
        "T*x": ("matmul(T, x)", "n k"),
        "s·A": ("scale(s, A)", "m n"),
        # elementwise
        "A.*C": ("hadamard(A, C)", "m n"),
        "A⊙C": ("hadamard(A, C)", "m n"),
        "A./C": ("divide(A, C)", "m n"),
        "A⊘C": ("divide(A, C)", "m n"),
        "s.*A": ("scale(s, A)", "m n"),
        "1./A": ("divide(ones(), A)", "m n"),
        "s./x": ("divide(scale(s, ones()), x)", "n"),
        "x.^2": ("power<2>(x)", "n"),
        "A.^-1": ("power<-1>(A)", "m n"),
        "A.^(1/2)": ("power<1/2>(A)", "m n"),
        "A.^s": ("pow(A, s)", "m n"),
        "x.^y": ("pow(x, y)", "n"),
        "s.^x": ("pow(s, x)", "n"),
        "x .+ 1": ("add(x, ones())", "n"),
        "s .- A": ("sub(scale(s, ones()), A)", "m n"),
        # quotients
        "A/s": ("divide(A, s)", "m n"),
        "s/t": ("divide(s, t)", ""),
        "S\\x": ("solve(S, x)", "n"),
        "S\\B": ("solve(S, B)", "n p"),
        "s\\x": ("divide(x, s)", "n"),
        # powers and inverses
        "s^2": ("power<2>(s)", ""),
        "s^-1": ("power<-1>(s)", ""),
        "s^(-3/2)": ("power<-3/2>(s)", ""),
        "s^0.5": ("power<1/2>(s)", ""),
        "s^t": ("pow(s, t)", ""),
        "2^s": ("pow(2, s)", ""),
        "S^2": ("matpow<2>(S)", "n n"),
        "S^-1": ("inv(S)", "n n"),
        "S^-2": ("matpow<-2>(S)", "n n"),
        "S⁻¹": ("inv(S)", "n n"),
        "S²": ("matpow<2>(S)", "n n"),
        "matpow(S, 3)": ("matpow<3>(S)", "n n"),
        # transposes
        "A'": ("transpose(A)", "n m"),
        "Aᵀ": ("transpose(A)", "n m"),
        "A⊤": ("transpose(A)", "n m"),
        "A''": ("transpose(transpose(A))", "m n"),
        "x'": ("x", "n"),
        "s'": ("s", ""),
        "T'": ("transpose(T)", "n n k"),
        "(S⁻¹)ᵀ": ("transpose(inv(S))", "n n"),
        # functions
        "tr(S)": ("trace(S)", ""),
        "trace(S)": ("trace(S)", ""),
        "tr(T)": ("trace(T)", "k"),
        "det(S)": ("det(S)", ""),
        "logdet(S)": ("logdet(S)", ""),
        "inv(S)": ("inv(S)", "n n"),
        "adj(S)": ("adj(S)", "n n"),
        "exp(x)": ("exp(x)", "n"),
        "exp(x')*y": ("matmul(exp(x), y)", ""),
        "ln(s)": ("log(s)", ""),
        "arctan(s)": ("atan(s)", ""),
        "σ(x)": ("sigmoid(x)", "n"),
        "√(s)": ("sqrt(s)", ""),
        "exp.(A)": ("exp(A)", "m n"),
        "abs.(s)": ("abs(s)", ""),
        "sqrt.(A)": ("sqrt(A)", "m n"),
        "sum(A)": ("sum(A)", ""),
        "sum(x)": ("sum(x)", ""),
        "sum(A, 1)": ("sum0(A)", "n"),
        "sum(A, 1)*x": ("matmul(sum0(A), x)", ""),
        "sum(A, 2)": ("sum1(A)", "m"),
        "mean(x)": ("mean(x)", ""),
        "mean(A)": ("mean(A)", ""),
        "mean(A, 2)": ("mean1(A)", "m"),
        "diag(x)": ("diag(x)", "n n"),
        "Diag(x)": ("diag(x)", "n n"),
        "diag(S)": ("diagvec(S)", "n"),
        "diagvec(S)": ("diagvec(S)", "n"),
        "vec(A)": ("vec(A)", "m*n"),
        "unvec(vec(A), m, n)": ("unvec(vec(A))", "m n"),
        "kron(A, B)": ("kron(A, B)", "m*n n*p"),
        "A .- x'": ("sub(A, outer(ones(), x))", "m n"),
        "a .* A": ("hadamard(outer(a, ones()), A)", "m n"),
        "A ./ a": ("divide(A, outer(a, ones()))", "m n"),
        "a .- x'": ("sub(outer(a, ones()), outer(ones(), x))", "m n"),
        "A⊗B": ("kron(A, B)", "m*n n*p"),
        "kron(A, x)": ("kron(A, x)", "m*n n"),
        "x⊗A": ("kron(x, A)", "m*n n"),
        "kron(A, x')": ("transpose(kron(transpose(A), x))", "m n^2"),
        "kron(a', x)": ("outer(x, a)", "n m"),
        "outer(a, x)": ("outer(a, x)", "m n"),
        "inner(A, C)": ("inner(A, C)", ""),
        "dot(x, y)": ("inner(x, y)", ""),
        "solve(S, x)": ("solve(S, x)", "n"),
        "norm(x)": ("norm2(x)", ""),
        "‖x‖": ("norm2(x)", ""),
        "‖x‖₂": ("norm2(x)", ""),
        "‖x‖²": ("power<2>(norm2(x))", ""),
        "normF(A)": ("normF(A)", ""),
        "‖A‖_F": ("normF(A)", ""),
        "‖A‖_1": ("norm1(A)", ""),
        "|s|": ("abs(s)", ""),
        "|x|": ("abs(x)", "n"),
        "||x||": ("norm2(x)", ""),
        "||x||_2^2": ("power<2>(norm2(x))", ""),
        "||x||₁": ("norm1(x)", ""),
        "||A||_F": ("normF(A)", ""),
        "x*||x||*||y||": ("scale(norm2(y), scale(norm2(x), x))", "n"),
        "||x/||x||||": ("norm2(divide(x, norm2(x)))", ""),
        "||x| - |y||": ("abs(sub(abs(x), abs(y)))", "n"),
        "|x - |y||": ("abs(sub(x, abs(y)))", "n"),
        "einsum('ij,jk->ik', A, B)": ("einsum<ij,jk->ik>(A, B)", "m p"),
        # constants, sizes and entries
        "eye(n)*x": ("matmul(eye(), x)", "n"),
        "I*x": ("matmul(eye(), x)", "n"),
        "A + ones(m, n)": ("add(A, ones())", "m n"),
        "zeros(n)": ("zeros()", "n"),
        "unit(2, n)": ("unit<1>()", "n"),
        "unit(i, n)": ("unit<i>()", "n"),
        "n*s": ("scale(n, s)", ""),
        "n*(n + 1)/2": ("n^2/2 + n/2", ""),
        "pi*s": ("scale(pi, s)", ""),
        "π*s": ("scale(pi, s)", ""),
        "1e3*s": ("scale(1000, s)", ""),
        "0.5*s": ("scale(1/2, s)", ""),
        "A[1,2]": ("entry<0,1>(A)", ""),
        "A[i,j]": ("entry<i,j>(A)", ""),
        "x[i]": ("entry<i>(x)", ""),
        "T[1,2]": ("entry<0,1>(T)", "k"),
        "T[..., 3]": ("component<2>(T)", "n n"),
        # unknown functions
        "f(S)'": ("transpose(f(S))", "p p"),
        "g(x, S)": ("g(x, S)", "p"),
        "phi(x)": ("phi(x)", "n"),
        "phi.(A)": ("phi(A)", "m n"),
        "D(f, S)": ("f<0>(S)", "p p n n"),
        "D(f, S*R)": ("f<0>(matmul(S, R))", "p p n n"),
        "D2(f, S)": ("f<0,0>(S)", "p p n n n n"),
        "D(g, x, S; 2)": ("g<1>(x, S)", "p n n"),
        "D2(g, x, S; 1, 2)": ("g<0,1>(x, S)", "p n n n"),
        "D(f, S[1,j])": ("component<0,j>(f<0>(S))", "p p"),
        "∂f/∂S": ("f<0>(S)", "p p n n"),
        "∂f(S)/∂S": ("f<0>(S)", "p p n n"),
        "df/dS": ("f<0>(S)", "p p n n"),
        "df(S)/dS": ("f<0>(S)", "p p n n"),
        "∂g(x, S)/∂S": ("g<1>(x, S)", "p n n"),
        "∂f(S)/∂S[1,2]": ("component<0,1>(f<0>(S))", "p p"),
        "tr(∂f(S)/∂S)": ("trace(f<0>(S))", "n n"),
        "-inv(f(S))*∂f/∂S*inv(f(S))": (
            "matmul(matmul(neg(inv(f(S))), f<0>(S)), inv(f(S)))",
            "p p n n",
        ),
        "d1(phi, x)": ("phi<0>(x)", "n"),
        "d2(phi, A)": ("phi<0,0>(A)", "m n"),
    },
)
def test_meaning(text: str, tree: str, shape: str) -> None:
    expr = read(text, given=GIVEN).expr
    assert (spelled(expr), sizes(expr)) == (tree, shape)


@rows(
    "text, tree",
    {
        "-x^2": "neg(power<2>(x))",
        "x^-2*y": "scale(power<-2>(x), y)",
        "x^2^3": "power<3>(power<2>(x))",
        "-A*B": "matmul(neg(A), B)",
        "A*-B": "matmul(A, neg(B))",
        "A'*B'": "matmul(transpose(A), transpose(B))",
        "X^-1'": "transpose(inv(X))",
        "X^T*X": "matmul(transpose(X), X)",
        "X'^2": "matpow<2>(transpose(X))",
        "a/b*c": "scale(divide(a, b), c)",
        "a - b - c": "sub(sub(a, b), c)",
        "a - -b": "sub(a, neg(b))",
        "+a": "a",
        "a*b.*c": "scale(scale(a, b), c)",
        "A\\B*C": "matmul(solve(A, B), C)",
        "2*-3^2": "scale(2, neg(power<2>(3)))",
        "-inv(X)'*a*b'*inv(X)'": (
            "matmul(outer(matmul(neg(transpose(inv(X))), a), b), transpose(inv(X)))"
        ),
        "((((a))))": "a",
        "sin(x)^2": "power<2>(sin(x))",
    },
)
def test_precedence(text: str, tree: str) -> None:
    assert spelled(read(text).expr) == tree


def test_a_declared_name_wins_over_a_sign() -> None:
    assert spelled(read("x^T", given="T: scalar; x: scalar").expr) == "pow(x, T)"


# Index form.


@rows(
    "text, tree, shape",
    {
        "[i,j,k,l]: -inv(X)[i,k]*inv(X)[l,j]": (
            "einsum<ik,lj->ijkl>(neg(inv(X)), inv(X))",
            "n n n n",
        ),
        "[i,j]: X[i,k]*X[j,k] + 2*delta[i,j]*t": (
            "add(einsum<ik,jk->ij>(X, X), scale(2, scale(t, eye())))",
            "n n",
        ),
        "[i]: x[i]^2/t": ("divide(power<2>(x), t)", "n"),
        "[i]: 1/x[i]": ("scale(1, power<-1>(x))", "n"),
        "[i,j]: x[i]/y[j]": ("einsum<i,j->ij>(x, power<-1>(y))", "n n"),
        "[]: x[i]*y[i]": ("einsum<i,i->>(x, y)", ""),
        "[i,j]: x[i]": ("einsum<i,j->ij>(x, ones())", "n m"),
        "[i]: X[i,j]*(x[j] - y[j])": ("einsum<ij,j->i>(X, sub(x, y))", "n"),
        "[i]: x[i]*(x'*y)": ("scale(matmul(x, y), x)", "n"),
        "[i]: X[1,2]*x[i]": ("scale(entry<0,1>(X), x)", "n"),
        "[i]: X[i,2]": ("einsum<ij,j->i>(X, unit<1>())", "n"),
        "[i]: x[i]*y[n] + x[n]*y[i]": (
            "add(scale(entry<n - 1>(y), x), scale(entry<n - 1>(x), y))",
            "n",
        ),
        "[i]: X[2,i]*X[i,i]": ("einsum<i,ii->i>(einsum<ji,j->i>(X, unit<1>()), X)", "n"),
        "[i]: x[i]*y[n]": ("scale(entry<n - 1>(y), x)", "n"),
        "[i,j]: X[i,n]*X[n,j]": ("einsum<in,nj->ij>(X, X)", "n n"),
        "[i]: X[i,n-1]": ("einsum<ab,b->a>(X, unit<n - 2>())", "n"),
        "[i]: sum(r=1..n, X[i,r])": (
            "index_sum<r,1,n>(einsum<ij,j->i>(X, unit<r - 1>()))",
            "n",
        ),
        "[i,j]: D(f, X)[a,a,i,j]": ("einsum<aaij->ij>(f<0>(X))", "n n"),
        "tr(([i,j]: X[i,k]*X[k,j]))": ("trace(einsum<ik,kj->ij>(X, X))", ""),
        "where(s > t, s, t)*z where z = A*x": ("scale(where(s, t, s, t), matmul(A, x))", "m"),
        "X*z where z = [i]: X[i,j]*x[j]": ("matmul(X, einsum<ij,j->i>(X, x))", "n"),
        "[row,column]: X[column,row]": ("einsum<ij->ji>(X)", "n n"),
    },
)
def test_index_form(text: str, tree: str, shape: str) -> None:
    expr = read(text, given="X: n n; x: n; y: n; t: scalar; f(X): p p").expr
    assert (spelled(expr), sizes(expr)) == (tree, shape)


def test_a_shape_settles_what_the_text_leaves_open() -> None:
    assert sizes(read("[i,j]: x[i]", given="x: n", shape="n p").expr) == "n p"
    with pytest.raises(ShapeProblem):
        read("x", given="x: n", shape="n n")


# Catalogue cells.


def _size(axis: object) -> Size:
    return int(str(axis)) if str(axis).isdecimal() else Dim(str(axis))


def test_every_cell_of_the_catalogue_is_read() -> None:
    for op in OPERATORS.values():
        cells = [cell for cell in (op.differential, op.definition, op.adjoint) if cell]
        if op.kind == "elementwise":
            assert all(read_expression(cell, {"x": symbol("x")}).shape == () for cell in cells)
            continue
        for rule in alternatives(op.signature) if cells else ():
            # Axes that pass through a linear operator are none of its cells' business.
            rest = () if op.adjoint else (m,)
            shapes = [
                tuple(map(_size, spec.axes)) + (rest if spec.rest else ()) for spec in rule.inputs
            ]
            operands: dict[str, Expr | Function] = {}
            for name, shape in zip(op.operands, shapes, strict=False):
                operands |= {name: symbol(name, shape), f"d{name}": symbol(f"d{name}", shape)}
            output = tuple(map(_size, rule.output.axes))
            operands["C"] = symbol("C", output + (rest if rule.output.rest else ()))
            for cell in cells:
                assert read_expression(cell, operands)


def test_a_closed_reading_declares_every_name() -> None:
    with pytest.raises(NameProblem):
        read_expression("A*x", {"A": symbol("A", (m, n))})
    with pytest.raises(NameProblem):
        read_expression("f(A)", {"A": symbol("A", (m, n))})


def test_given_functions_and_symbols_are_kept() -> None:
    f = Function("f", ((n,),), (m,))
    x = symbol("x", (n,), {"positive"})
    expr = read_expression("D(f, x)*x", {"f": f, "x": x})
    assert expr.args[1] is x and expr.args[0].data == (f, (0,))
    assert expr.shape == (m,)
