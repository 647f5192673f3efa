"""Right answers are proved, wrong ones refuted, and what cannot be settled says so."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import mul

import pytest

import matgrad as mg
from matgrad.catalogue.record import OPERATORS, composed, elementwise, forms, primitive
from matgrad.catalogue.record import call as call_form
from matgrad.core.dims import Dim
from matgrad.core.errors import DeclarationProblem, NameProblem
from matgrad.core.expr import Function, apply
from matgrad.proof import define, prove, same
from matgrad.proof.definitions import CALLABLES
from surface import Surface, at, call, dims, einsum, eye, num, ones, sym, unknown

A, B, X = sym("A", "m", "n"), sym("B", "n", "m"), sym("X", "m", "n")
Y, Z, W = sym("Y", "n", "n"), sym("Z", "n", "n"), sym("W", "m", "m")
Ws = sym("W", "m", "m", given="symmetric")
S = sym("S", "n", "n", given="symmetric")
P = sym("P", "n", "n", given="pd")
K = sym("K", "n", "n", given="skew")
Q = sym("Q", "n", "n", given="orthogonal")
J = sym("P", "n", "n", given="idempotent")
J2 = sym("R", "n", "n", given="idempotent")
Q2 = sym("R", "n", "n", given="orthogonal")
a, x, y = sym("a", "n"), sym("x", "n"), sym("y", "n")
s, b = sym("s", "n"), sym("b", "m")
t, u = sym("t"), sym("u", given="positive")
pi = sym("pi", given="constant")
f = unknown("f", [dims("m", "n")], dims("p", "p"))
fs = unknown("f", [dims("m", "n")], dims("p", "p"), "symmetric")
fp = unknown("f", [dims("m", "n")], dims("p", "p"), "pd")
F, DF = at(f, X), at(f, X, by=(0,))
g = unknown("g", [dims("n"), dims("m")], ())
g2 = unknown("g", [dims("m"), dims("m")], ())
h = Function("h", ((),), (), elementwise=True)
n = num(Dim("n"))


def tr(M: Surface) -> Surface:
    return call("trace", M)


def inv(M: Surface) -> Surface:
    return call("inv", M)


def det(M: Surface) -> Surface:
    return call("det", M)


def log(M: Surface) -> Surface:
    return call("log", M)


def hx(times: int) -> Surface:
    return Surface(apply(h, (x.expr,), (0,) * times))


quadratic = (b - A @ s) @ (W @ (b - A @ s))
gram = X @ X.T

EXACT, TABLE, FLOATING = "exact", "exact modulo the scalar table", "floating"
RIGHT = {
    "5.99": (F.T, X, DF.T, EXACT),
    "5.100": (tr(F), X, tr(DF), EXACT),
    "5.101": (det(F), X, det(F) * tr(inv(F) @ DF), EXACT),
    "5.102": (inv(F), X, -(inv(F) @ DF @ inv(F)), EXACT),
    "5.103": (a @ inv(Y) @ x, Y, -call("outer", inv(Y).T @ a, inv(Y) @ x), EXACT),
    "5.104": (x @ a, x, a, EXACT),
    "5.106": (b @ X @ a, X, call("outer", b, a), EXACT),
    "5.107": (x @ Y @ x, x, x @ (Y + Y.T), EXACT),
    "5.108 in general": (quadratic, s, -((b - A @ s) @ (W + W.T) @ A), EXACT),
    "5.108 symmetric": (
        (b - A @ s) @ (Ws @ (b - A @ s)),
        s,
        -2 * ((b - A @ s) @ Ws @ A),
        EXACT,
    ),
    "inverse by itself": (
        inv(Y),
        Y,
        -einsum("ik,lj->ijkl", inv(Y), inv(Y), shape=dims("n", "n", "n", "n")),
        EXACT,
    ),
    "trace of inverse": (tr(inv(Y)), Y, -call("matpow", inv(Y), data=2).T, EXACT),
    "log det gram": (log(det(gram)), X, 2 * (inv(gram) @ X), TABLE),
    "logdet": (call("logdet", Y), Y, inv(Y).T, TABLE),
    "trace of a projection": (tr(inv(gram) @ gram), X, call("zeros", shape=dims("m", "n")), EXACT),
    "det of rank one": (det(call("outer", x, x)), x, call("zeros", shape=dims("n")), EXACT),
    "det of rank one by adj": (
        det(call("outer", x, x)),
        x,
        2 * (x @ call("adj", call("outer", x, x))),
        EXACT,
    ),
    "det at singular points": (
        det(call("outer", x, x) + call("outer", y, y)),
        x,
        2 * (x @ call("adj", call("outer", x, x) + call("outer", y, y))),
        EXACT,
    ),
    "adj": (
        tr(call("adj", Y)),
        Y,
        (det(Y) * (tr(inv(Y)) * inv(Y) - call("matpow", inv(Y), data=2))).T,
        EXACT,
    ),
    "solve": (a @ call("solve", Y, x), Y, -call("outer", inv(Y).T @ a, inv(Y) @ x), EXACT),
    "power of a matrix": (tr(call("matpow", Y, data=3)), Y, 3 * call("matpow", Y, data=2).T, EXACT),
    "negative power of a matrix": (
        tr(call("matpow", Y, data=-2)),
        Y,
        -2 * call("matpow", Y, data=-3).T,
        EXACT,
    ),
    "squared Frobenius norm": (
        call("normF", X - A) ** 2,
        X,
        2 * (X - A),
        FLOATING,
    ),
    "norm": (call("norm2", x), x, x / call("norm2", x), FLOATING),
    "1-norm": (call("norm1", X), X, call("sign", X), FLOATING),
    "relu": (call("sum", call("relu", A @ x)), x, A.T @ call("step", A @ x), FLOATING),
    "square root of the trace": (
        call("sqrt", tr(gram)),
        X,
        (num(1) / call("sqrt", tr(gram))) * X,
        FLOATING,
    ),
    "exp of a trace": (call("exp", tr(Y)), Y, call("exp", tr(Y)) * eye("n"), TABLE),
    "sine, entrywise": (
        tr(call("sin", Y)),
        Y,
        call("diag", call("diagvec", call("cos", Y))),
        TABLE,
    ),
    "tanh layer": (
        call("sum", call("tanh", A @ x)),
        A,
        call("outer", ones("m") - call("tanh", A @ x) ** 2, x),
        TABLE,
    ),
    "error function": (
        call("sum", call("erf", x)),
        x,
        (num(2) / call("sqrt", pi)) * call("exp", -(x**2)),
        FLOATING,
    ),
    "quotient": (
        x / (x @ x),
        x,
        (num(1) / (x @ x)) * eye("n") - call("outer", (num(2) / (x @ x) ** 2) * x, x),
        EXACT,
    ),
    "entrywise quotient": (call("sum", a / x), x, -(a / x**2), EXACT),
    "unknown entrywise function": (call("sum", hx(0)), x, hx(1), EXACT),
    "norm of an unknown function": (
        call("normF", F),
        X,
        (num(1) / call("normF", F)) * einsum("ij,ijkl->kl", F, DF, shape=dims("m", "n")),
        FLOATING,
    ),
    "root of the determinant of an unknown positive definite function": (
        call("sqrt", det(at(fp, X))),
        X,
        Fraction(1, 2) * (call("sqrt", det(at(fp, X))) * tr(inv(at(fp, X)) @ at(fp, X, by=(0,)))),
        FLOATING,
    ),
    "two arguments": (
        at(g, x, A @ x),
        x,
        at(g, x, A @ x, by=(0,)) + A.T @ at(g, x, A @ x, by=(1,)),
        EXACT,
    ),
    "vec": (call("vec", X) @ call("vec", A), X, A, EXACT),
    "the number of entries": ((n * n) * tr(Y), Y, (n * n) * eye("n"), EXACT),
    "does not depend": (tr(Z), Y, call("zeros", shape=dims("n", "n")), EXACT),
    "free derivative at a symmetric point": (tr(S @ Z), S, Z.T, EXACT),
    "free derivative at an orthogonal point": (tr(Q.T @ Q), Q, 2 * Q, EXACT),
    "log det at a positive definite point": (log(det(P)), P, inv(P), TABLE),
    "pi is a number": (pi * (x @ x), x, 2 * (pi * x), EXACT),
}

WRONG = {
    "5.99 not transposed": (F.T, X, DF),
    "5.100 without the trace": (F, X, DF.T),
    "5.101 transpose for the trace": (det(F), X, det(F) * tr(inv(F).T @ DF)),
    "5.102 sign": (inv(F), X, inv(F) @ DF @ inv(F)),
    "5.102 derivative transposed": (inv(F), X, -(inv(F) @ DF.T @ inv(F))),
    "5.103 not transposed": (a @ inv(Y) @ x, Y, -call("outer", inv(Y) @ a, inv(Y).T @ x)),
    "5.107 symmetric assumed": (x @ Y @ x, x, 2 * (x @ Y)),
    "5.107 missing term": (x @ Y @ x, x, x @ Y),
    "5.108 symmetric assumed": (quadratic, s, -2 * ((b - A @ s) @ W @ A)),
    "factor": (log(det(gram)), X, inv(gram) @ X),
    "sign": (call("logdet", Y), Y, -inv(Y).T),
    "log det not transposed": (call("logdet", Y), Y, inv(Y)),
    "one for the sign": (call("norm1", X), X, ones("m", "n")),
    "one for the step": (call("sum", call("relu", x)), x, ones("n")),
    "norm of an unknown function": (
        call("normF", F),
        X,
        (num(1) / call("normF", F)) * einsum("ji,ijkl->kl", F, DF, shape=dims("m", "n")),
    ),
    "norm not divided": (call("norm2", x), x, x),
    "symmetric derivative at a symmetric point": (tr(S @ Z), S, Fraction(1, 2) * (Z + Z.T)),
    "zero": (log(det(Y)), Y, call("zeros", shape=dims("n", "n"))),
    "shape": (x @ a, x, num(1)),
    "chain rule forgotten": (call("sum", call("tanh", A @ x)), x, A.T @ call("tanh", A @ x)),
    "unequal arguments": (tr(at(f, X + X)), X, 2 * tr(DF)),
}


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_right_answers_are_proved(case: tuple[Surface, Surface, Surface, str]) -> None:
    expr, target, answer, method = case
    proof = prove(expr.expr, [target.expr], answer.expr)
    assert proof.ok, proof.detail
    assert proof.method == method
    assert len(proof.sizes) == 3
    if method == FLOATING:
        assert proof.error is not None and proof.error < 1e-9
    else:
        assert proof.bound is not None and proof.bound < 2.0**-50
        assert proof.prime is not None and proof.prime % 4 == 3


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_wrong_answers_are_refuted(case: tuple[Surface, Surface, Surface]) -> None:
    expr, target, answer = case
    for seed in range(5):
        proof = prove(expr.expr, [target.expr], answer.expr, seed=seed)
        assert proof.ok is False, proof
        assert proof.seed == seed


@pytest.mark.parametrize("sizes", range(1, 8))
def test_every_size_is_tried_with_both_parities_and_names_differ(sizes: int) -> None:
    product = sym("A0", "n0", "n1")
    for k in range(1, sizes):
        product = product @ sym(f"A{k}", f"n{k}", f"n{k + 1}")
    proof = same(product.expr, product.expr)
    for name in proof.sizes[0]:
        assert {chosen[name] % 2 for chosen in proof.sizes} == {0, 1}
    assert all(len(set(chosen.values())) == len(chosen) for chosen in proof.sizes)


def test_sizes_are_searched_where_an_expression_exists_at_some_only() -> None:
    """Two square inverses: m and n must be equal.  A reciprocal of det(x*x'): n must be one."""
    both = inv(A @ B) @ A @ inv(B @ A) @ B
    assert {chosen["m"] - chosen["n"] for chosen in same(both.expr, both.expr).sizes} == {0}
    alone = num(1) / det(call("outer", x, x))
    assert same(alone.expr, alone.expr).sizes == ({"n": 1},)
    tall = inv(X.T @ X)
    assert all(chosen["m"] > chosen["n"] for chosen in same(tall.expr, tall.expr).sizes)


@pytest.mark.parametrize(
    ("text", "wrt", "least"),
    [
        pytest.param("x[5]*x[1]", "x", {"n": 5}, id="vector"),
        pytest.param("X[4,1]*X[2,7]", "X", {"m": 4, "n": 7}, id="matrix"),
        pytest.param("inv(X)[3,3]", "X", {"n": 3}, id="entry of an inverse"),
        pytest.param("tr(A*X)", "X[9,1]", {"m": 1, "n": 9}, id="derivative by an entry"),
    ],
)
def test_sizes_are_as_large_as_the_entries_need(text: str, wrt: str, least: dict[str, int]) -> None:
    proof = mg.derive(text, wrt).proof
    assert proof is not None and proof.ok
    assert len(proof.sizes) == 3
    assert all(chosen[name] >= least[name] for chosen in proof.sizes for name in least)
    assert all(len(set(chosen.values())) == len(chosen) for chosen in proof.sizes)


def test_sizes_may_be_products_of_sizes() -> None:
    long = call("vec", X)
    assert same((long @ long).expr, tr(X.T @ X).expr).ok


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        pytest.param(det(-Y), det(Y), False, id="det(-X) = det X holds at even sizes only"),
        pytest.param(det(Y.T), det(Y), True, id="det(X') = det X"),
        pytest.param(det(Q) ** 2, num(1), True, id="det(Q)^2 = 1"),
        pytest.param(det(Q), num(1), False, id="det Q = 1 on one component only"),
        pytest.param(det(Q) * det(Q2), num(1), False, id="two determinants, each 1 or -1"),
        pytest.param(tr(J), tr(J2), False, id="two idempotent matrices have ranks of their own"),
        pytest.param(inv(J), eye("n"), True, id="an idempotent matrix with an inverse"),
        pytest.param(det(J), num(0), False, id="an idempotent matrix has every rank"),
        pytest.param(Q.T @ Q, eye("n"), True, id="Q'Q = I"),
        pytest.param(tr(Y @ Z), tr(Z @ Y), True, id="a trace can be cycled"),
        pytest.param(Y @ Z, Z @ Y, False, id="a product cannot"),
        pytest.param(x @ K @ x, num(0), True, id="skew"),
        pytest.param(x @ Y @ x, num(0), False, id="not skew"),
        pytest.param(tr(S @ K), num(0), True, id="symmetric against skew"),
        pytest.param(at(fs, X), at(fs, X).T, True, id="an unknown function with symmetric values"),
        pytest.param(at(fs, X, by=(0,)), at(fs, X, by=(0,)).T, True, id="and its derivative"),
        pytest.param(F, F.T, False, id="one without"),
        pytest.param(at(f, X), at(f, A), False, id="an unknown function at two arguments"),
        pytest.param(call("norm2", -x), call("norm2", x), True, id="a norm"),
        pytest.param(call("sqrt", t**2), t, False, id="sqrt(t^2) = t for positive t only"),
        pytest.param(call("sqrt", u**2), u, True, id="and there it holds"),
        pytest.param(call("abs", t), t, False, id="abs"),
        pytest.param(call("sin", t) ** 2 + call("cos", t) ** 2, num(1), True, id="Pythagoras"),
        pytest.param(call("sin", t), call("cos", t), False, id="sine is not cosine"),
        pytest.param(tr(eye("n")), n, True, id="the trace of the identity"),
        pytest.param(tr(eye("n")), num(2), False, id="is not two"),
        pytest.param(call("sin", pi), num(0), True, id="pi"),
        pytest.param(
            at(unknown("k", [dims("n")], ()), x, by=(0, 0)),
            at(unknown("k", [dims("n")], ()), x, by=(0, 0)).T,
            True,
            id="second derivatives commute",
        ),
        pytest.param(call("sum", hx(2)), call("sum", hx(1)), False, id="orders of derivatives"),
        pytest.param(X, A.T, False, id="shapes"),
    ],
)
def test_equality(left: Surface, right: Surface, holds: bool) -> None:
    for seed in range(4):
        assert same(left.expr, right.expr, seed=seed).ok is holds


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(lambda M: M.T, lambda M: M, id="transpose"),
        pytest.param(lambda M: x @ M @ y, lambda M: y @ M @ x, id="bilinear form"),
        pytest.param(lambda M: (M @ Y).T, lambda M: Y.T @ M, id="product"),
        pytest.param(lambda M: inv(M).T, inv, id="inverse"),
        pytest.param(lambda M: tr(M @ K), lambda M: num(0), id="trace"),
    ],
)
def test_what_needs_symmetry_holds_with_it_only(
    left: Callable[[Surface], Surface], right: Callable[[Surface], Surface]
) -> None:
    assert same(left(S).expr, right(S).expr).ok
    plain = sym("S", "n", "n")
    assert same(left(plain).expr, right(plain).expr).ok is False


@pytest.mark.parametrize(
    ("expr", "targets", "answer"),
    [
        pytest.param(x @ Y @ x, [x, x], Y + Y.T, id="Hessian of a quadratic form"),
        pytest.param(x @ Y @ a, [x, a], Y, id="mixed"),
        pytest.param(
            log(det(Y)),
            [Y, Y],
            -einsum("jk,li->ijkl", inv(Y), inv(Y), shape=dims("n", "n", "n", "n")),
            id="Hessian of log det",
        ),
        pytest.param(
            call("sum", x**3), [x, x, x], 6 * einsum("->iii", shape=dims("n", "n", "n")), id="third"
        ),
        pytest.param(tr(F), [X, X], tr(at(f, X, by=(0, 0))), id="unknown function, twice"),
        pytest.param(
            at(g2, A @ x, b), [x, b], A.T @ at(g2, A @ x, b, by=(0, 1)), id="chain rule, mixed"
        ),
        pytest.param(
            call("norm2", x),
            [x, x],
            (num(1) / call("norm2", x)) * eye("n")
            - (num(1) / call("norm2", x) ** 3) * call("outer", x, x),
            id="Hessian of a norm",
        ),
        pytest.param(
            call("sum", hx(0)), [x, x], call("diag", hx(2)), id="unknown entrywise, twice"
        ),
    ],
)
def test_higher_derivatives(expr: Surface, targets: list[Surface], answer: Surface) -> None:
    proof = prove(expr.expr, [target.expr for target in targets], answer.expr)
    assert proof.ok, proof.detail
    wrong = prove(expr.expr, [target.expr for target in targets], (answer + answer).expr)
    assert wrong.ok is False


def test_an_entry_as_the_target() -> None:
    entry = call("entry", X, data=("i", "j"), shape=())
    answer = -(inv(F) @ call("component", DF, data=("i", "j"), shape=dims("p", "p")) @ inv(F))
    assert prove(inv(F).expr, [entry.expr], answer.expr).ok
    assert prove(inv(F).expr, [X.expr], answer.expr, entries=[("i", "j")]).ok
    assert prove(inv(F).expr, [X.expr], (-answer).expr, entries=[("i", "j")]).ok is False
    first = call("component", DF, data=(0, 1), shape=dims("p", "p"))
    assert prove(F.expr, [X.expr], first.expr, entries=[(0, 1)]).ok


def test_positions_and_units() -> None:
    entry = call("entry", Y, data=("i", "j"), shape=())
    unit_i, unit_j = (call("unit", data=k, shape=dims("n")) for k in "ij")
    assert prove(entry.expr, [Y.expr], call("outer", unit_i, unit_j).expr).ok
    assert prove(entry.expr, [Y.expr], call("outer", unit_j, unit_i).expr).ok is False
    first = call("unit", data=0, shape=dims("n"))
    assert same(call("entry", Y, data=(0,), shape=dims("n")).expr, (first @ Y).expr).ok


def test_a_seed_repeats_a_run() -> None:
    wrong = x @ (Y + Y)
    runs = [prove((x @ Y @ x).expr, [x.expr], wrong.expr, seed=7) for _ in range(2)]
    assert runs[0] == runs[1]
    assert "Y = [[" in runs[0].detail and "direction of x" in runs[0].detail
    assert prove((x @ Y @ x).expr, [x.expr], wrong.expr, seed=8).detail != runs[0].detail


def test_primes_are_drawn() -> None:
    proofs = [same(Y.expr, Y.expr, seed=seed) for seed in range(20)]
    assert len({proof.prime for proof in proofs}) > 3


def test_what_exists_nowhere_is_undecided() -> None:
    nowhere = inv(call("outer", x, x) - call("outer", x, x))
    proof = same(nowhere.expr, nowhere.expr)
    assert proof.ok is None
    assert "no point was found" in str(proof)
    assert prove(call("sqrt", -(x @ x)).expr, [x.expr], x.expr).ok is None


@pytest.mark.parametrize(("factor", "ok"), [(4, True), (5, False)], ids=["right", "wrong"])
def test_rounding_settles_nothing(factor: int, ok: bool) -> None:
    """det(Y*Y*Y*Y) loses every digit where Y is nearly singular; the absolute value keeps it
    from being checked exactly."""
    size = call("abs", det(Y @ Y @ Y @ Y))
    answer = size * inv(Y).T
    for seed in range(60):
        assert prove(size.expr, [Y.expr], (factor * answer).expr, seed=seed).ok is ok


@pytest.mark.parametrize(("speed", "wrong"), [(200000, False), (10**20, None)])
def test_differences_of_what_turns_faster_than_their_step_settle_nothing(
    speed: int, wrong: bool | None
) -> None:
    """f(speed*|t|) turns many times within a step; the dual numbers alone can tell, unless its
    argument has no digit left."""
    function, size = Function("f", ((),), (), elementwise=True), speed * call("abs", t)
    value, slope = (Surface(apply(function, (size.expr,), by)) for by in ((), (0,)))
    right = speed * slope * call("sign", t)
    for seed in range(20):
        assert prove(value.expr, [t.expr], right.expr, seed=seed).ok is not False
        assert prove(value.expr, [t.expr], (2 * right).expr, seed=seed).ok is wrong


def test_properties_without_a_sampler_are_refused_by_name() -> None:
    odd = sym("U", "n", "n", given="unit skew")
    assert "skew, unit" in str(same(odd.expr, odd.expr))
    strange = sym("U", "n", "n", given="circulant")
    proof = same(strange.expr, strange.expr)
    assert proof.ok is None and "circulant" in proof.detail


def test_one_line_says_how_it_was_checked() -> None:
    assert str(same(Y.expr, Y.expr)).startswith("checked exactly at sizes n=2; n=3; n=4, chance of")
    assert "modulo the scalar table" in str(same(log(t).expr, log(t).expr))
    assert "relative error" in str(same(call("abs", t).expr, call("abs", t).expr))
    assert str(same(Y.expr, Y.T.expr)).startswith("failed (exact) at sizes n=2: the two sides")


def test_two_shapes_for_one_name_are_an_error() -> None:
    with pytest.raises(NameProblem, match="x is n on one side, m on the other"):
        same(call("sum", x).expr, call("sum", sym("x", "m")).expr)


def test_targets_are_symbols() -> None:
    with pytest.raises(DeclarationProblem, match="differentiate by matmul"):
        prove(tr(Y @ Z).expr, [(Y @ Z).expr], Y.expr)
    with pytest.raises(DeclarationProblem, match="Y has 2 axes"):
        prove(tr(Y).expr, [Y.expr], Y.expr, entries=[(0,)])


@pytest.mark.parametrize(("axes", "settled"), [(13, True), (40, False)])
def test_large_sizes_give_way_to_small_ones_and_endless_work_ends(axes: int, settled: bool) -> None:
    names = [f"n{k}" for k in range(axes)]
    vectors = [sym(f"x{k}", name) for k, name in enumerate(names)]
    labels = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[:axes]
    spec = f"{','.join(labels)}->{labels}"
    product = call("sum", einsum(spec, *vectors, shape=dims(*names)))
    proof = same(product.expr, product.expr)
    if settled:
        assert proof.ok
        assert max(size for chosen in proof.sizes for size in chosen.values()) <= 4
    else:
        assert proof.ok is None and "multiplications" in proof.detail


def test_long_chains_and_deep_networks() -> None:
    chain = X
    for k in range(2000):
        chain = chain + sym(f"A{k}", "m", "n")
    assert prove(tr(chain @ B).expr, [X.expr], B.T.expr).ok
    layers, values = [sym(f"W{k}", "n", "n") for k in range(100)], [x]
    for layer in layers:
        values.append(call("tanh", layer @ values[-1]))
    back = ones("n")
    for layer, value in zip(layers[:0:-1], values[:1:-1], strict=True):
        back = layer.T @ (back * (ones("n") - value**2))
    back = back * (ones("n") - values[1] ** 2)
    gradient = call("outer", back, x)
    assert prove(call("sum", values[-1]).expr, [layers[0].expr], gradient.expr).ok


@pytest.fixture
def own() -> Iterator[None]:
    """Operators of a user's, registered for one test."""
    before = set(OPERATORS)
    elementwise("swish", "sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x))", latex="s")
    primitive(
        "squared",
        "(n,n)->(n,n)",
        forms(call_form("squared")),
        operands=("A",),
        differential="dA*A + A*dA",
        cite="a test",
    )
    composed("quad", "(n),(n,n)->()", "A'*B*A", forms(call_form("quad")), operands=("A", "B"))
    yield
    for name in set(OPERATORS) - before:
        del OPERATORS[name]
        CALLABLES.pop(name, None)


@pytest.mark.usefixtures("own")
def test_operators_of_a_users_own() -> None:
    swish = call("sum", call("swish", x))
    sigma = call("sigmoid", x)
    slope = sigma + x * sigma * (ones("n") - sigma)
    undefined = prove(swish.expr, [x.expr], slope.expr)
    assert undefined.ok is None
    assert str(undefined).startswith("undecided: swish has no definition to check against")
    define("swish", lambda v: v / (1 + math.exp(-v)))
    checked = prove(swish.expr, [x.expr], slope.expr)
    assert checked.ok and checked.method == FLOATING
    assert prove(swish.expr, [x.expr], sigma.expr).ok is False
    with pytest.raises(DeclarationProblem):
        define("nothing", abs)
    with pytest.raises(DeclarationProblem):
        define("tanh", abs)
    define("squared", lambda m: [[sum(map(mul, r, c)) for c in zip(*m, strict=True)] for r in m])
    assert prove(tr(call("squared", Y)).expr, [Y.expr], (2 * Y.T).expr).ok
    assert prove(tr(call("squared", Y)).expr, [Y.expr], (2 * Y).expr).ok is False


@pytest.mark.usefixtures("own")
def test_an_abbreviation_is_its_text() -> None:
    proof = prove(call("quad", x, Y).expr, [x.expr], ((Y + Y.T) @ x).expr)
    assert proof.ok and proof.method == EXACT


def test_hash_seeds_change_nothing() -> None:
    code = (
        "from surface import *; from matgrad.proof import same\n"
        "S, T = (sym('S', 'n', 'm', 'q', given='') for _ in 'ST')\n"
        "Q = sym('Q', 'n', 'n', given='orthogonal symmetric')\n"
        "print(same((Q @ S).expr, S.expr, seed=3).detail)"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(shown) == 1 and "Q = [[" in shown.pop()
