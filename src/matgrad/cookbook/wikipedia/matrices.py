"""Wikipedia's tables of matrices: scalars by matrices, matrices by scalars.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

MATRICES = (
    Section(
        "",
        "Scalar-by-matrix (numerator layout)",
        (
            Identity("", "d/dX a*u(X)", "a*D(u, X)'", "X: m n; a: scalar; u(X): scalar"),
            Identity(
                "",
                "d/dX u(X)*v(X)",
                "u(X)*D(v, X)' + v(X)*D(u, X)'",
                "X: m n; u(X): scalar; v(X): scalar",
            ),
            Identity(
                "",
                "d/dX g(u(X))",
                "D(g, u(X))*D(u, X)'",
                "X: m n; u(X): scalar; y: scalar; g(y): scalar",
            ),
            Identity(
                "",
                "d/dX[i,j] g(U(X))",
                "tr(D(g, U(X))'*D(U, X[i,j]))",
                "X: m n; U(X): p q; Y: p q; g(Y): scalar",
            ),
            Identity("", "d/dX a'*X*b", "b*a'"),
            Identity("", "d/dX a'*X'*b", "a*b'"),
            Identity("", "d/dX (X*a + b)'*C*(X*a + b)", "((C + C')*(X*a + b)*a')'"),
            Identity("", "d/dX (X*a)'*C*(X*b)", "(C*X*b*a' + C'*X*a*b')'"),
            Identity("", "d/dX tr(X)", "eye(n)", "X: n n"),
            Identity("", "d/dX tr(A*X)", "A"),
            Identity("", "d/dX tr(A*X')", "A'"),
            Identity("", "d/dX tr(X'*A*X)", "X'*(A + A')"),
            Identity("", "d/dX tr(inv(X)*A)", "-inv(X)*A*inv(X)"),
            Identity("", "d/dX tr(A*X*B)", "B*A"),
            Identity("", "d/dX tr(A*X*B*X'*C)", "B*X'*C*A + B'*X'*A'*C'"),
            Identity("", "d/dX tr(X^n)", "n*X^(n-1)"),
            Identity("", "d/dX tr(A*X^n)", "sum(i=0..n-1, X^i*A*X^(n-i-1))"),
            Identity("", "d/dX det(X^n)", "n*det(X^n)*inv(X)"),
            Identity("", "d/dX tr(expm(X))", "expm(X)"),
            Identity("", "d/dX tr(sinm(X))", "cosm(X)"),
            Identity("", "d/dX det(X)", "cof(X)'"),
            Identity("", "d/dX det(X)", "det(X)*inv(X)"),
            Identity("", "d/dX log(det(a*X))", "inv(X)", "a: scalar"),
            Identity("", "d/dX det(A*X*B)", "det(A*X*B)*inv(X)", "A: n n; X: n n; B: n n"),
            Identity("", "d/dX log(det(X'*X))", "2*pinv(X)"),
            Identity("", "d/dP log(det(pinv(P)'*pinv(P)))", "-2*pinv(P)"),
            Identity("", "d/dX det(X'*A*X)", "2*det(X'*A*X)*inv(X)", "X: n n; A: n n"),
            Identity("", "d/dX det(X'*A*X)", "2*det(X'*A*X)*inv(X'*A*X)*X'*A", "A symmetric"),
            Identity("", "d/dX det(X'*A*X)", "det(X'*A*X)*(inv(X'*A*X)*X'*A + inv(X'*A'*X)*X'*A')"),
        ),
    ),
    Section(
        "",
        "Scalar-by-matrix (denominator layout)",
        (
            Identity("", "d/dX a*u(X)", "a*D(u, X)", "X: m n; a: scalar; u(X): scalar"),
            Identity(
                "",
                "d/dX u(X)*v(X)",
                "u(X)*D(v, X) + v(X)*D(u, X)",
                "X: m n; u(X): scalar; v(X): scalar",
            ),
            Identity(
                "",
                "d/dX g(u(X))",
                "D(g, u(X))*D(u, X)",
                "X: m n; u(X): scalar; y: scalar; g(y): scalar",
            ),
            Identity("", "d/dX a'*X*b", "a*b'"),
            Identity("", "d/dX a'*X'*b", "b*a'"),
            Identity("", "d/dX (X*a + b)'*C*(X*a + b)", "(C + C')*(X*a + b)*a'"),
            Identity("", "d/dX (X*a)'*C*(X*b)", "C*X*b*a' + C'*X*a*b'"),
            Identity("", "d/dX tr(A*X)", "A'"),
            Identity("", "d/dX tr(A*X')", "A"),
            Identity("", "d/dX tr(X'*A*X)", "(A + A')*X"),
            Identity("", "d/dX tr(inv(X)*A)", "-inv(X)'*A'*inv(X)'"),
            Identity("", "d/dX tr(A*X*B)", "A'*B'"),
            Identity("", "d/dX tr(A*X*B*X'*C)", "A'*C'*X*B' + C*A*X*B"),
            Identity("", "d/dX tr(X^n)", "n*(X^(n-1))'"),
            Identity("", "d/dX tr(A*X^n)", "sum(i=0..n-1, (X^i*A*X^(n-i-1))')"),
            Identity("", "d/dX det(X^n)", "n*det(X^n)*inv(X)'"),
            Identity("", "d/dX tr(expm(X))", "expm(X)'"),
            Identity("", "d/dX tr(sinm(X))", "cosm(X)'"),
            Identity("", "d/dX det(X)", "cof(X)"),
            Identity("", "d/dX det(X)", "det(X)*inv(X)'"),
            Identity("", "d/dX log(det(a*X))", "inv(X)'", "a: scalar"),
            Identity("", "d/dX det(A*X*B)", "det(A*X*B)*inv(X)'", "A: n n; X: n n; B: n n"),
            Identity("", "d/dX log(det(X'*X))", "2*pinv(X)'"),
            Identity("", "d/dP log(det(pinv(P)'*pinv(P)))", "-2*pinv(P)'"),
            Identity("", "d/dX det(X'*A*X)", "2*det(X'*A*X)*inv(X)'", "X: n n; A: n n"),
            Identity("", "d/dX det(X'*A*X)", "2*det(X'*A*X)*A*X*inv(X'*A*X)", "A symmetric"),
            Identity("", "d/dX det(X'*A*X)", "det(X'*A*X)*(A*X*inv(X'*A*X) + A'*X*inv(X'*A'*X))"),
        ),
        "denominator",
    ),
    Section(
        "",
        "Matrix-by-scalar",
        (
            Identity("", "d/dx a*U(x)", "a*D(U, x)", "x: scalar; a: scalar; U(x): m n"),
            Identity("", "d/dx A*U(x)*B", "A*D(U, x)*B", "x: scalar; U(x): m n"),
            Identity(
                "", "d/dx U(x) + V(x)", "D(U, x) + D(V, x)", "x: scalar; U(x): m n; V(x): m n"
            ),
            Identity(
                "",
                "d/dx U(x)*V(x)",
                "U(x)*D(V, x) + D(U, x)*V(x)",
                "x: scalar; U(x): m n; V(x): n p",
            ),
            Identity(
                "",
                "d/dx kron(U(x), V(x))",
                "kron(U(x), D(V, x)) + kron(D(U, x), V(x))",
                "x: scalar; U(x): m n; V(x): p q",
            ),
            Identity(
                "",
                "d/dx U(x).*V(x)",
                "U(x).*D(V, x) + D(U, x).*V(x)",
                "x: scalar; U(x): m n; V(x): m n",
            ),
            Identity("", "d/dx inv(U(x))", "-inv(U(x))*D(U, x)*inv(U(x))", "x: scalar; U(x): n n"),
            Identity(
                "",
                "d2/dxdy inv(U(x, y))",
                "inv(U(x, y))*(D(U, x, y; 1)*inv(U(x, y))*D(U, x, y; 2) - D2(U, x, y; 1, 2) + "
                "D(U, x, y; 2)*inv(U(x, y))*D(U, x, y; 1))*inv(U(x, y))",
                "x: scalar; y: scalar; U(x, y): n n",
            ),
            Identity("", "d/dx expm(x*A)", "A*expm(x*A)", "x: scalar"),
            Identity("", "d/dx sinm(x*A)", "A*cosm(x*A)", "x: scalar"),
        ),
    ),
    Section(
        "",
        "Scalar-by-scalar",
        (
            Identity(
                "", "d/dx g(u(x))", "D(g, u(x))'*D(u, x)", "x: scalar; u(x): m; y: m; g(y): scalar"
            ),
            Identity(
                "",
                "d/dx u(x)'*v(x)",
                "u(x)'*D(v, x) + D(u, x)'*v(x)",
                "x: scalar; u(x): m; v(x): m",
            ),
            Identity(
                "", "d/dx det(U(x))", "det(U(x))*tr(inv(U(x))*D(U, x))", "x: scalar; U(x): n n"
            ),
            Identity("", "d/dx log(det(U(x)))", "tr(inv(U(x))*D(U, x))", "x: scalar; U(x): n n"),
            Identity(
                "",
                "d2/dxdx det(U(x))",
                (
                    "det(U(x))*(tr(inv(U(x))*D2(U, x)) + tr(inv(U(x))*D(U, x))^2 - "
                    "tr((inv(U(x))*D(U, x))^2))"
                ),
                "x: scalar; U(x): n n",
            ),
            Identity(
                "",
                "d/dx g(U(x))",
                "tr(D(g, U(x))'*D(U, x))",
                "x: scalar; U(x): m n; Y: m n; g(Y): scalar",
            ),
            Identity("", "d/dx tr(sinm(x*A))", "tr(A*cosm(x*A))", "x: scalar"),
            Identity("", "d/dx tr(expm(x*A))", "tr(A*expm(x*A))", "x: scalar"),
        ),
    ),
)
