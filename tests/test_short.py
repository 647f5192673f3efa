"""Answers are as short as the textbooks': a table of their identities, each as the books print it.

Petersen & Pedersen, Magnus & Neudecker, Bishop, Murphy, Boyd & Vandenberghe, Rasmussen & Williams,
Hastie, Tibshirani & Friedman.  A row is an input, the variable, and the answer as text; of some,
also in code, where every transpose counts and a mean may be used.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

import matgrad as mg


class Row(NamedTuple):
    text: str
    wrt: str
    answer: str
    given: str = ""
    code: str = ""


SQUARES = {
    "ridge": Row("(y - X*w)'*(y - X*w) + c*w'*w", "w", "2*(c*w - X'*(y - X*w))'", "c: scalar"),
    "ridge-hessian": Row(
        "(y - X*w)'*(y - X*w) + c*w'*w", "w w", "2*(X'*X + c*eye(n))", "c: scalar"
    ),
    "weighted": Row("(y - X*w)'*W*(y - X*w)", "w", "-2*(y - X*w)'*W*X", "W symmetric"),
    "two-norms": Row("norm2(A*x - b)^2 + norm2(G*x)^2", "x", "2*(A'*(A*x - b) + G'*G*x)'"),
    "augmented-lagrangian": Row(
        "c'*x + z'*(A*x - b) + r/2*norm2(A*x - b)^2",
        "x",
        "c' + (z + r*(A*x - b))'*A",
        "r: scalar",
    ),
    "a diagonal beside the whole": Row(
        "tr(A*(diag(B*x) + B*diag(x)*B'))", "x", "diagvec(A)'*B + diagvec(B'*A*B)'"
    ),
    "sylvester": Row("normF(A*X + X*B - C)^2", "X", "2*(A'*(A*X + X*B - C) + (A*X + X*B - C)*B')"),
    "commutator": Row("normF(A*X - X*A)^2", "X", "2*(A'*(A*X - X*A) - (A*X - X*A)*A')"),
    "the square of a product's entries": Row(
        "logdet(A*diag(w)*A')", "w w", "-(A'*inv(A*diag(w)*A')*A).^2"
    ),
    "a weighted square": Row("sum(V.*((X*W).^3))", "X", "3*(V.*(X*W).^2)*W'", "X: m n; W: n p"),
    "a shared divisor of entries": Row("sum(D.*log.(X*X'))", "X", "((D + D')./(X*X'))*X", "X: n k"),
    "attention": Row(
        "sum(G.*(softmax(Q*K', 2)*V))",
        "Q",
        "((G*V' - sum(G.*(softmax(Q*K', 2)*V), 2)*ones(n)').*softmax(Q*K', 2))*K",
        "Q: m d; K: n d; V: n p",
    ),
    "rows that add up to one by hand": Row(
        "sum(log.(sum(exp.(X*W), 2)))",
        "W",
        "X'*diag(ones(m)./sum(exp.(X*W), 2))*exp.(X*W)",
        "X: m n",
        code="X.T @ softmax(X @ W, 1)",
    ),
    "softmax of rows by hand": Row(
        "sum(Y.*log.(diag(1./(exp.(X*W)*ones(k)))*exp.(X*W)))",
        "W",
        "X'*(Y - diag(ones(n)./sum(exp.(X*W), 2))*exp.(X*W))",
        "X: n p; W: p k; Y onehot_rows",
        code="X.T @ (Y - softmax(X @ W, 1))",
    ),
    "one base and many exponents": Row("x.^T", "x", "T.*x.^(T-ones(m,n))", "x: scalar; T: m n"),
    "weighted-factors": Row("sum(W.*(R - U*V').^2)", "U", "-2*(W.*(R - U*V'))*V"),
    "regularised-factors": Row(
        "normF(R - U*V')^2 + c*normF(U)^2", "U", "2*(c*U - (R - U*V')*V)", "c: scalar"
    ),
    "tied-weights": Row("norm2(W'*W*x - x)^2", "W", "2*W*((W'*W*x - x)*x' + x*(W'*W*x - x)')"),
    "projection": Row(
        "y'*X*inv(X'*X)*X'*y",
        "X",
        "2*(y - X*inv(X'*X)*X'*y)*y'*X*inv(X'*X)",
        code="2*outer(y - X @ pinv(X) @ y, pinv(X) @ y)",
    ),
    "kalman-gain": Row(
        "tr((eye(n) - K*H)*P*(eye(n) - K*H)' + K*R*K')",
        "K",
        "2*(K*(H*P*H' + R) - P*H')",
        "P symmetric; R symmetric; K: n m",
    ),
    "rows that add up to one": Row(
        "sum(A.*(X./sum(X, 2)))",
        "X",
        "diag(ones(m)./sum(X, 2))*A - (sum(A.*X, 2)./sum(X, 2).^2)*ones(n)'",
        "A: m n",
    ),
    "layer": Row("normF(X*W .+ b')^2", "b", "2*(sum(X*W, 1) + m*b')", "X: m n; b: k; W: n k"),
    "centred": Row("normF(X - ones(n)*mean(X, 1))^2", "X", "2*(X - ones(n)*mean(X, 1))", "X: n d"),
    "means-apart": Row(
        "norm2(mean(X, 1)' - mean(Y, 1)')^2",
        "X",
        "2*ones(m)*(mean(X, 1) - mean(Y, 1))/m",
        "X: m n; Y: p n",
    ),
}

DENSITIES = {
    "gauss-precision": Row(
        "logdet(L)/2 - (x - m)'*L*(x - m)/2", "L", "(inv(L) - (x - m)*(x - m)')/2", "L pd"
    ),
    "gauss-covariance": Row(
        "-logdet(S)/2 - (x - m)'*inv(S)*(x - m)/2",
        "S",
        "inv(S)*((x - m)*(x - m)' - S)*inv(S)/2",
        "S pd",
        "inv(S) @ (outer(x - m, x - m) - S) @ inv(S)/2",
    ),
    "gauss-named": Row(
        "-logdet(S)/2 - z'*q/2 where q = inv(S)*z; z = x - m", "S", "(q*q' - inv(S))/2", "S pd"
    ),
    "wishart": Row(
        "(v - p - 1)/2*logdet(X) - tr(inv(V)*X)/2",
        "X",
        "-((p + 1 - v)*inv(X) + inv(V))/2",
        "X: p p pd; V pd; v: scalar",
    ),
    "divergence": Row(
        "(tr(inv(T)*S) - logdet(S) + logdet(T))/2", "S", "(inv(T) - inv(S))/2", "S pd; T pd"
    ),
    "bhattacharyya": Row(
        "logdet((A + B)/2) - logdet(A)/2", "A", "inv(A + B) - inv(A)/2", "A pd; B pd"
    ),
    "student": Row(
        "-(v + n)/2*log(1 + (x - m)'*inv(S)*(x - m)/v)",
        "x",
        "-(n + v)*(x - m)'*inv(S)/(v + (x - m)'*inv(S)*(x - m))",
        "S pd; v: scalar positive; x: n",
    ),
    "process-noise": Row(
        "-y'*inv(K + s*eye(n))*y/2 - logdet(K + s*eye(n))/2",
        "s",
        "(y'*inv(K + s*eye(n))^2*y - tr(inv(K + s*eye(n))))/2",
        "K: n n pd; s: scalar positive",
    ),
    "squared-exponential": Row(
        "exp(-norm2(x - y)^2/2)",
        "x x",
        "exp(-(x - y)'*(x - y)/2)*((x - y)*(x - y)' - eye(n))",
    ),
    "mixture": Row(
        "log(exp(u) + exp(v)) where u = -x'*A*x/2; v = -x'*B*x/2",
        "x",
        "-x'*(exp(u)*A + exp(v)*B)/(exp(u) + exp(v)) where u = -x'*A*x/2, v = -x'*B*x/2",
        "A symmetric; B symmetric",
    ),
}

INVERSES = {
    "trace-of-gram-inverse": Row("tr(inv(X'*X))", "X", "-2*X*inv(X'*X)^2"),
    "determinant-of-gram": Row("logdet(X'*X)", "X", "2*X*inv(X'*X)", code="2*pinv(X).T"),
    "resolvent": Row("tr(inv(A - z*eye(n)))", "A", "-(inv(A - z*eye(n))^2)'", "A: n n; z: scalar"),
    "inverse-of-one-and-inverse": Row(
        "tr(inv(eye(n) + inv(X)))", "X", "(inv(eye(n) + X)^2)'", "X: n n"
    ),
    "moebius": Row("tr(inv(eye(n) + X)*X)", "X", "(inv(eye(n) + X)^2)'", "X: n n"),
    "cayley": Row(
        "tr(C*inv(eye(n) + X)*(eye(n) - X))",
        "X",
        "-2*inv(eye(n) + X)'*C'*inv(eye(n) + X)'",
        "X: n n",
    ),
    "sherman-morrison": Row("x'*inv(A + x*x')*x", "x", "2*x'*inv(A)/(1 + x'*inv(A)*x)^2", "A pd"),
    "schur": Row("logdet(A - B*inv(D)*C)", "D", "inv(D)'*B'*inv(A - B*inv(D)*C)'*C'*inv(D)'"),
    "information": Row(
        "logdet(eye(m) + H*P*H')", "P", "H'*inv(eye(m) + H*P*H')*H", "P symmetric; H: m n"
    ),
    "discriminant": Row(
        "tr(inv(W'*S*W)*W'*B*W)",
        "W",
        "2*(B - S*W*inv(W'*S*W)*W'*B)*W*inv(W'*S*W)",
        "S pd; B symmetric; W: n k",
    ),
    "design": Row(
        "logdet(X'*diag(w)*X)",
        "w",
        "diagvec(X*inv(X'*diag(w)*X)*X')'",
        code="sum(X*(X @ inv(X.T @ diag(w) @ X)), 1)",
    ),
}

QUOTIENTS = {
    "canonical correlation": Row(
        "a'*M*b/sqrt((a'*P*a)*(b'*Q*b))",
        "a",
        "(M*b - (a'*M*b)*P*a/(a'*P*a))'/sqrt((a'*P*a)*b'*Q*b)",
        "P symmetric; Q symmetric",
    ),
    "a factor below the line": Row("log(c*x'*x)", "x", "2*x'/(x'*x)", "c: scalar"),
    "factorisation": Row("sum(V.*log.(V./(W*H)) - V + W*H)", "W", "(ones(m, n) - V./(W*H))*H'"),
    "power of a product": Row("sum(log.((X*X').^2))", "X", "4*(X*X').^(-1)*X"),
    "correlation": Row(
        "a'*M*b/sqrt(a'*P*a)",
        "a",
        "(M*b - (a'*M*b)*P*a/(a'*P*a))'/sqrt(a'*P*a)",
        "P symmetric",
    ),
    "weighted quotient": Row(
        "a'*M*b/(a'*inv(P)*a)",
        "a",
        "(M*b - 2*(a'*M*b)*inv(P)*a/(a'*inv(P)*a))'/(a'*inv(P)*a)",
        "P positive definite",
    ),
    "rayleigh": Row("x'*A*x/(x'*x)", "x", "2*(x'*A - (x'*A*x)*x'/(x'*x))/(x'*x)", "A symmetric"),
    "cosine": Row("x'*y/(norm2(x)*norm2(y))", "x", "(y - (x'*y)*x/(x'*x))'/(norm(x)*norm(y))"),
    "unit-vector": Row("x/norm2(x)", "x", "(eye(n) - x*x'/(x'*x))/norm(x)", "x: n"),
    "hessian-of-norm": Row("norm2(x)", "x x", "(eye(n) - x*x'/(x'*x))/norm(x)", "x: n"),
    "hessian-of-log-norm": Row("log(x'*x)", "x x", "2*(eye(n) - 2*x*x'/(x'*x))/(x'*x)", "x: n"),
    "sharpe": Row("w'*m/sqrt(w'*S*w)", "w", "(m' - (w'*m)*w'*S/(w'*S*w))/sqrt(w'*S*w)", "S pd"),
    "mahalanobis": Row(
        "sqrt((x - y)'*M*(x - y))", "x", "(x - y)'*M/sqrt((x - y)'*M*(x - y))", "M pd"
    ),
    "sigmoid-of-difference": Row(
        "exp(a'*x)/(exp(a'*x) + exp(b'*x))",
        "x",
        "exp((a + b)'*x)*(a - b)'/(exp(a'*x) + exp(x'*b))^2",
        code="sigmoid((a - b) @ x)*sigmoid(x @ (b - a))*(a - b)",
    ),
}

NETWORKS = {
    "softmax": Row("softmax(x)", "x", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    "softmax-regression": Row("logsumexp(W*x) - y'*W*x", "W", "(softmax(W*x) - y)*x'"),
    "softmax-regression-hessian": Row(
        "logsumexp(W*x) - y'*W*x",
        "x x",
        "W'*(diag(softmax(W*x)) - softmax(W*x)*softmax(W*x)')*W",
    ),
    "softmax-named": Row(
        "V'*p where p = softmax(K*q)", "q", "V'*(diag(p) - p*p')*K where p = softmax(K*q)"
    ),
    "contrastive": Row(
        "logsumexp(Z*x/t) - z'*x/t", "x", "(softmax(Z*x/t)'*Z - z')/t", "t: scalar positive"
    ),
    "triplet": Row("norm2(a - p)^2 - norm2(a - q)^2", "a", "2*(q - p)'"),
    "focal": Row("y'*softmax(z)", "z", "((y - (y'*softmax(z))*ones(n)).*softmax(z))'", "z: n"),
    "perceptron": Row(
        "norm2(V*sigmoid(W*x) - y)^2",
        "W",
        "2*((V'*(V*sigmoid(W*x) - y)).*sigmoid(W*x).*(ones(m) - sigmoid(W*x)))*x'",
        "W: m n",
    ),
    "swish": Row(
        "sum(x.*sigmoid(x))", "x", "(sigmoid(x).*(ones(n) + x.*(ones(n) - sigmoid(x))))'", "x: n"
    ),
    "log-determinant by its factor": Row("2*sum(log.(diagvec(chol(A))))", "A", "inv(A)", "A pd"),
    "solved by the factor": Row("norm(chol(A)\\b)^2", "A", "-inv(A)*b*b'*inv(A)", "A pd"),
    "all entries of a diagonal": Row(
        "(X[1,1] + X[2,2] + X[3,3])^2", "X", "2*tr(X)*eye(3)", "X: 3 3"
    ),
    "a part of a diagonal": Row(
        "X[1,1]^2 + X[2,2]^2", "X", "2*[X[1,1], 0, 0; 0, X[2,2], 0; 0, 0, 0]", "X: 3 3"
    ),
    "rotation by its angle": Row(
        "x'*[cos(t), -sin(t); sin(t), cos(t)]*y",
        "t",
        "(x*y' - y*x')[2,1]*cos(t) - (x'*y)*sin(t)",
        "t: scalar",
    ),
    "norm of a vector product's matrix": Row("normF(skewmat(x))^2", "x", "4*x'", "x: 3"),
    "two triangles": Row("a'*tril(X, -1)*b + a'*triu(X)*b", "X", "a*b'", "X: n n"),
    "barrier": Row("-sum(log(b - A*x))", "x x", "A'*diag(ones(m)./(b - A*x).^2)*A", "A: m n"),
    "logistic-loss": Row("sum(softplus(A*x)) - y'*A*x", "x", "(sigmoid(A*x) - y)'*A"),
    "cross-entropy-of-sigmoid": Row(
        "-y'*log(sigmoid(A*x)) - (ones(m) - y)'*log(ones(m) - sigmoid(A*x))",
        "x",
        "(sigmoid(A*x) - y)'*A",
        "A: m n",
    ),
}

POWERS = {
    "power": Row("x^n", "x", "n*x^(n-1)", "x: scalar; n: scalar", "n*x**(n-1)"),
    "power twice": Row("t^n", "t t", "n*(n - 1)*t^(n-2)", "t: scalar; n: scalar"),
    "sum of functions of entries": Row("sum(exp.(-g*D.^2))", "g", "-sum(exp.(-g*D.^2).*D.^2)"),
    "sum of entrywise products": Row("sum((A + t*B).*C)", "t", "sum(B.*C)"),
    "columns of entrywise products": Row("sum((A.*B)*s)", "s", "sum(A.*B, 1)"),
    "trace of a solution": Row("tr(A\\B)", "A", "-inv(A)'*B'*inv(A)'"),
    "resolvent": Row("k'*((K + s*I)\\y)", "s", "-k'*inv(K + s*eye(n))^2*y"),
    "terms with a number in common": Row(
        "(w'*(a - b))^2/(w'*S*w)",
        "w",
        "(w'*(a - b))*(2*(a - b) - (w'*(a - b))*(S' + S)*w/(w'*S*w))'/(w'*S*w)",
    ),
    "root of a trace": Row("sqrt(tr(X'*X))", "X", "X/sqrt(tr(X'*X))"),
    "power of a norm": Row("normF(X)^4", "X", "4*normF(X)^2*X"),
    "power of a norm of a product": Row("normF(X*B)^4", "X", "4*normF(X*B)^2*X*B*B'"),
    "inverse square of a norm": Row("1/normF(A - X)^2", "X", "2*(A - X)/normF(A - X)^4"),
    "squares of numbers beside a norm": Row(
        "normF(X)*sqrt(t^2 + c^2)", "t", "normF(X)*t/sqrt(t^2 + c^2)", "t: scalar; c: scalar"
    ),
    "norm of a difference": Row("normF(X - A)", "X", "(X - A)/normF(X - A)"),
    "hinge": Row("max(0, 1 - y*w'*x)", "w", "-y*step(1 - y*w'*x)*x'", "y: scalar"),
    "all negative": Row(
        "exp(-2*t) - clip(t/softplus(t), -1, d)",
        "t",
        "-(2*exp(-2*t) + step(1 + t/softplus(t))*(1 - t*sigmoid(t)/softplus(t))"
        "*step(d - t/softplus(t))/softplus(t))",
        "d: scalar",
    ),
    "layer": Row(
        "tanh(W*x + b)",
        "W",
        "[i,j,k]: delta[i,j]*(ones(z) - tanh(W*x + b).^2)[i]*x[k]",
        "W: z n; x: n; b: z",
    ),
    "projector": Row(
        "X*inv(X'*X)*X'",
        "X",
        "[i,j,k,l]: delta[j,k]*T1[i,l] + delta[i,k]*T1[j,l] - (T1*X')[k,i]*T1[j,l]"
        " - T1[i,l]*(T1*X')[k,j] where T1 = X*inv(X'*X)",
        code="einsum('ik,lj->ijkl', eye(m) - X @ pinv(X), pinv(X))"
        " + einsum('li,jk->ijkl', pinv(X), eye(m) - X @ pinv(X))",
    ),
    "flow of a skew matrix": Row("expm(t*S)*x", "t", "expm(t*S)*S*x", "S: n n skew; t: scalar"),
    "skew form": Row("tr(X*S*X'*A)", "X", "(A - A')*X*S", "S: n n skew"),
    "squares of a skew matrix": Row("norm(S*x)^2", "x", "-2*x'*S^2", "S: n n skew"),
    "inverse of a difference": Row(
        "x'*inv(A - B)*x", "x", "x'*(inv(A - B) + inv(A - B)')", "A: n n"
    ),
    "inverse of a skew matrix": Row("x'*inv(S)*y", "x", "-y'*inv(S)", "S: n n skew"),
    "solved by a skew matrix": Row("norm(S\\x)^2", "x", "-2*x'*inv(S^2)", "S: n n skew"),
    "function of a skew form": Row(
        "sqrt(x'*S*y)", "x", "-y'*S/(2*sqrt(x'*S*y))", "S: n n skew; x: n; y: n"
    ),
    "determinant-lemma": Row("det(eye(n) + c*x*x')", "x", "2*c*x'", "c: scalar; x: n"),
    "kronecker": Row("logdet(kron(A, X))", "X", "m*inv(X)'", "A: m m; X: n n"),
    "size in front": Row("n*tr(X*A) + n*logdet(X)", "X", "n*(inv(X)' + A')", "X: n n"),
    "entries of a symmetric matrix to a power": Row(
        "x'*S.^3*R*x", "x", "x'*(S.^3*R + R'*S.^3)", "S: n n symmetric; R: n n"
    ),
    "entries of a skew matrix to a power": Row(
        "y'*S.^3*x + x'*S.^2*x", "x", "y'*S.^3 + 2*x'*S.^2", "S: n n skew; x: n; y: n"
    ),
    "powers of entries": Row("sum(X.^a)", "X", "a*X.^(a-1)", "X: m n; a: scalar"),
    "power of itself": Row("t^t", "t", "(1 + log(t))*t^t", "t: scalar"),
    "powers multiplied": Row("t^a*t^b/t", "t", "(a + b - 1)*t^(a+b-2)", "t: scalar; a: scalar"),
    "p-norm": Row(
        "sum(abs(x).^p)^(1/p)",
        "x",
        "sum(abs(x).^p)^(1/p-1)*(sign(x).*abs(x).^(p-1))'",
        "x: n; p: scalar",
    ),
}
SPECTRA = {
    "log-eigenvalues": Row("sum(log(eigvals(X)))", "X", "inv(X)", "X pd"),
    "exponentials": Row("sum(exp(eigvals(X)))", "X", "expm(X)", "X: n n symmetric"),
    "squared-eigenvalues": Row("sum(eigvals(X).^2)", "X", "2*X", "X: n n symmetric"),
    "product-of-eigenvalues": Row("prod(eigvals(X))", "X", "det(X)*inv(X)", "X pd"),
    "cholesky": Row("logdet(chol(X))", "X", "inv(X)/2", "X pd"),
    "singular-values": Row("sum(svdvals(X))", "X", "polar(X)", "X: m n"),
    "qr": Row("normF(qrq(X)*qrr(X) - B)^2", "X", "2*(X - B)"),
    "hyperbolic": Row("tr(coshm(2*X))", "X", "2*sinhm(2*X)'"),
    "flow": Row("expm(s*A)*expm(t*A)", "t", "A*expm((s + t)*A)", "s: scalar; t: scalar"),
}
TABLE = SQUARES | DENSITIES | INVERSES | QUOTIENTS | NETWORKS | POWERS | SPECTRA


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_an_answer_is_as_short_as_the_books(row: Row) -> None:
    result = mg.derive(row.text, row.wrt.split(), given=row.given)
    text = str(result)
    assert (text if " where " in row.answer else text.split(" where ")[0]) == row.answer
    assert result.proof is not None and result.proof.ok
    if row.code:
        assert result.text("numpy") == row.code
