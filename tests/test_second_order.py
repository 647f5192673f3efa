"""Second and higher derivatives: Hessians in matrix language, along directions, stacked, mixed."""

from __future__ import annotations

import json
from typing import Any

import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError, NoForm
from matgrad.core.expr import replaced
from matgrad.notation.read import read
from matgrad.proof import same
from random_expressions import problem

# Input, declarations: the bilinear form, the differential of second order.
BILINEAR = {
    "d2/dxdx x'*A*x": ("", "k'*(A + A')*h", "2*dx'*A*dx"),
    "d2/dXdX logdet(X)": ("", "-tr(inv(X)*H*inv(X)*K)", "-tr(inv(X)*dX*inv(X)*dX)"),
    "d2/dXdX tr(X'*A*X*B)": ("", "tr((A*K*B + A'*K*B')*H')", "2*tr(A*dX*B*dX')"),
    "d2/dXdX tr(X^3)": ("", "3*tr((X*H + H*X)*K)", "6*tr(X*dX^2)"),
    "d2/dXdX inv(X)": (
        "",
        "inv(X)*(K*inv(X)*H + H*inv(X)*K)*inv(X)",
        "2*inv(X)*dX*inv(X)*dX*inv(X)",
    ),
    "d2/dXdX (X*a - b)'*(X*a - b)": ("", "2*a'*H'*K*a", "2*a'*dX'*dX*a"),
    "d2/dXdy y'*X*X'*y": ("", "2*y'*(X*H' + H*X')*h", "2*y'*(X*dX' + dX*X')*dy"),
    "d2/dtdt logdet(A + t*B)": (
        "",
        "-tr(inv(A + t*B)*B*inv(A + t*B)*B)*h*k",
        "-tr(inv(A + t*B)*B*inv(A + t*B)*B)*dt^2",
    ),
    # H and K are names of the user's here.
    "d2/dXdX tr(H*X*K*X)": ("X: n n", "tr((H*M*K + K*M*H)*L)", "2*tr(H*dX*K*dX)"),
    "d3/dXdXdX logdet(X)": (
        "",
        "tr(inv(X)*K*inv(X)*(L*inv(X)*H + H*inv(X)*L))",
        "2*tr(inv(X)*dX*inv(X)*dX*inv(X)*dX)",
    ),
    "d2/dSdS (logdet(S) + x'*inv(S)*x)/2": (
        "S pd",
        "tr(inv(S)*(x*x'*inv(S)*H + H*inv(S)*x*x' - H)*inv(S)*K)/2",
        "tr(inv(S)*(2*x*x'*inv(S)*dS - dS)*inv(S)*dS)/2",
    ),
}


# Determinants that are zero for all large n: an inverse would never exist.
OF_LOW_RANK = {
    "d2/dxdx det(x*b')": "[i,j]: (adj_frechet(x*b', unit(j, n)*b')'*b)[i]",
    "d2/dxdy det(x*y' + y*x')": "[i,j]: 2*(adj(x*y' + y*x')[i,j]"
    " + (adj_frechet(x*y' + y*x', x*unit(j, n)' + unit(j, n)*x')*y)[i])",
    "d3/dtdtdt det(x*x' + t*x*y')": "y'*adj_frechet2(x*x' + t*x*y', x*y', x*y')*x",
}


@pytest.mark.parametrize("text", OF_LOW_RANK)
def test_determinants_of_low_rank_are_differentiated_again(text: str) -> None:
    result = mg.derive(text)
    assert result.text() == OF_LOW_RANK[text]
    assert result.proof is not None
    assert result.proof.ok is True
    assert "inv" not in result.text()


def test_a_product_of_two_tensors_keeps_their_axes_apart() -> None:
    result = mg.derive("d2/dxdx diagsums(x*b')*diagsums(x*b')", given="x: n; b: n")
    assert result.text() == (
        "[i,j,k,l]: diagsums(b*unit(l, n)')[p,i]*diagsums(b*unit(k, n)')[j,p]"
        " + diagsums(b*unit(k, n)')[p,i]*diagsums(b*unit(l, n)')[j,p]"
    )
    assert result.proof is not None
    assert result.proof.ok is True


@pytest.mark.parametrize("text", BILINEAR)
def test_along_directions(text: str) -> None:
    """Shown forms are compared with the tensor that was proved."""
    given, bilinear, differential = BILINEAR[text]
    result = mg.derive(text, given=given)
    assert result.proof is not None
    assert result.proof.ok is True
    assert result.bilinear == bilinear
    assert result.differential == differential


@pytest.mark.parametrize("text", BILINEAR)
def test_directions_by_one_variable_may_change_places(text: str) -> None:
    """D2F[H, K] = D2F[K, H]."""
    result = mg.derive(text, given=BILINEAR[text][0], check=False)
    if len(result.moving) == 2 and result.moving[0] is result.moving[1]:
        shapes = {d.data[0]: " ".join(map(str, d.shape)) for d in result.directions}
        shapes |= {
            n.name: " ".join(map(str, n.shape)) for n in result.symbols if n.kind != "dimension"
        }
        form = read(result.bilinear, symbols=shapes).expr
        first, second = result.directions
        assert same(form, replaced(form, {first: second, second: first})).ok is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("d/dX tr(X^2)", "takes two directions", id="first derivative"),
        pytest.param("d2/dX[1,1]dX[i,j] tr(X^3)", "by whole variables", id="entries"),
    ],
)
def test_there_is_no_bilinear_form(text: str, message: str) -> None:
    with pytest.raises(NoForm, match=message):
        _ = mg.derive(text, check=False).bilinear


def test_the_command_writes_forms(run: Any) -> None:
    ran = run("d2/dXdX logdet(X)", "--form", "bilinear", "--to", "unicode")
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "−tr(X⁻¹ H X⁻¹ K)"
    assert "  along      H: n x n; K: n x n" in ran.out.splitlines()
    assert run("d/dX tr(X^2)", "--form", "differential").out.splitlines()[0] == "2*tr(X*dX)"
    ran = run("d/dX tr(X^2)", "--form", "bilinear")
    assert (ran.status, ran.out) == (2, "")
    assert "takes two directions" in ran.err
    data = json.loads(run("d2/dxdx x'*A*x", "--form", "bilinear", "--json").out)
    assert data["bilinear"] == "k'*(A + A')*h"


def test_a_layout_that_does_not_exist_gives_the_nearest_and_the_reason(run: Any) -> None:
    ran = run("d2/dXdX inv(X)", "--to", "kron")
    assert ran.status == 0
    assert ran.out.startswith("[i,j,k,l,p,q]: ")
    assert "layout book" in ran.out
    assert "the vec layout holds first derivatives and Hessians of scalars" in ran.out
    assert "try the bilinear form" in ran.out


# Input, declarations: the answer.
HESSIANS = {
    "d2/dxdx x'*A*x": ("", "A + A'"),
    "d2/dxdx x'*A*x ": ("A symmetric", "2*A"),
    "d2/dxdx norm(A*x - b)^2": ("", "2*A'*A"),
    "d2/dxdx log(sum(exp(x)))": ("", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    "d2/dxdx f(A*x)": ("", "A'*D2(f, A*x)*A"),
    "d2/dxdy x'*A*y": ("", "A"),
    "d2/dydx x'*A*y": ("", "A'"),
    "d2/dmdm (x - m)'*inv(S)*(x - m)/2": ("S pd", "inv(S)"),
    "d2/dxdx sum(phi(x))": ("phi elementwise", "diag(d2(phi, x))"),
    "d2/dtdt inv(A + t*B)": ("", "2*inv(A + t*B)*B*inv(A + t*B)*B*inv(A + t*B)"),
    "d2/dtdx norm(A*x - t*b)^2": ("t: scalar", "-2*A'*b"),
    "d2/dtdX tr(expm(t*A)*X)": ("", "expm(t*A)'*A'"),
    "d/dt expm(t*A)*x": ("", "A*expm(t*A)*x"),
    "d2/dtdt expm(t*A)": ("", "A^2*expm(t*A)"),
    "d2/dtdt logdet(A + t*B)": ("", "-tr(inv(A + t*B)*B*inv(A + t*B)*B)"),
    "d/dt tr(A^3) where A = t*B + C": ("B: n n", "3*tr(A^2*B) where A = t*B + C"),
}
STACKED = {
    "d2/dXdX logdet(X)": "-commutation(n, n)*kron(inv(X)', inv(X))",
    "d2/dXdX tr(X'*A*X*B)": "kron(B, A') + kron(B', A)",
    "d2/dXdX tr(X^3)": "3*commutation(n, n)*(kron(eye(n), X) + kron(X', eye(n)))",
    "d2/dXdX det(X)": (
        "det(X)*(vec(inv(X)')*vec(inv(X)')' - commutation(n, n)*kron(inv(X)', inv(X)))"
    ),
    "d2/dXdX normF(X)": "eye(m*n)/normF(X) - vec(X)*vec(X)'/normF(X)^3",
    "d2/dXdX sum(X.^3)": "6*diag(vec(X))",
    "d2/dXdY tr(X*A*Y'*B)": "kron(A, B')",
    "d/dX sin.(A*X)": "diag(vec(cos.(A*X)))*kron(eye(p), A)",
    "d/dX X.*X*A": "2*kron(A', eye(m))*diag(vec(X))",
}


@pytest.mark.parametrize("text", HESSIANS)
def test_hessians_and_mixed_derivatives(text: str) -> None:
    given, expected = HESSIANS[text]
    result = mg.derive(text, given=given)
    assert result.text() == expected
    assert result.proof is not None
    assert result.proof.ok is True


@pytest.mark.parametrize("text", STACKED)
def test_stacked(text: str) -> None:
    result = mg.derive(text, layout="vec")
    assert result.text() == STACKED[text]
    assert result.proof is not None
    assert result.proof.ok is True


TWICE = {
    "tr(X*A*X*B)": ("X", "X"),
    "x'*X*y": ("x", "X"),
    "x'*X*y ": ("X", "y"),
    "logdet(X'*X)": ("X", "X"),
    "norm(X*a - b)": ("X", "a"),
    "inv(X)*a": ("X", "a"),
    "log(sum(exp(A*x)))": ("x", "A"),
    "t^2*X*X'": ("t", "X"),
    "sum(sin.(X*x))": ("x", "X"),
    "f(A*x)": ("x", "A"),
}


@pytest.mark.parametrize("text", TWICE)
def test_a_derivative_of_a_derivative_is_the_second_derivative(text: str) -> None:
    first, second = TWICE[text]
    once = mg.derive(text, first, check=False)
    again = mg.derive(mg.Expression(once.tensor), second, check=False)
    both = mg.derive(text, [first, second])
    assert same(again.tensor, both.tensor).ok is True


@pytest.mark.parametrize("seed", range(40))
def test_random_expressions_along_directions(seed: int) -> None:
    """The bilinear form and the second differential are compared with the tensor as they are
    made."""
    asked = problem(seed)
    names = [asked.names[0], asked.names[-1]]
    try:
        result = mg.derive(mg.Expression(asked.root), names)
    except MatgradError as refusal:
        # Second derivatives of some have no rule; a budget may end.
        assert refusal.code in ("no-rule", "budget")
        return
    if result.proof is not None and result.proof.ok:
        try:
            assert result.bilinear
            assert result.differential
        except NoForm as refusal:
            # What a sum over an index leaves along a direction may have no form yet, and there is
            # none by a member.
            assert refusal.message.startswith(("a family of", "the bilinear form is of"))


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("silu(acos(tanh(c)) + sum(r=0..k-1, sin((r + 1)*t)))", "t"),
        ("tr(kron(inv((B + R)\\Y + R), log_softmax(C, 2)))", "Y"),
    ],
)
def test_signs_that_go_into_sums_are_kept(text: str, variable: str) -> None:
    assert mg.derive(text, [variable, variable]).proof.ok
