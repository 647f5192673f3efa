"""The Matrix Cookbook, sections 2.3 to 2.8: eigenvalues, forms, traces, norms, structure.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

TRACES = (
    Section(
        "2.5",
        "Derivatives of traces",
        (
            Identity(
                "",
                "d/dX tr(expm(X))",
                "expm(X)'",
                note=(
                    "the rule of the source: the derivative of tr F(X) is f(X) "
                    "transposed, where f is that of F"
                ),
            ),
            Identity("", "d/dX tr(cosm(X))", "-sinm(X)'", note="the same rule for F = cos"),
            Identity("", "d/dX tr(logm(X))", "inv(X)'", "X pd", note="the same rule for F = log"),
        ),
    ),
    Section(
        "2.5.1",
        "Derivatives of traces: first order",
        (
            Identity("99", "d/dX tr(X)", "eye(n)", "X: n n"),
            Identity("100", "d/dX tr(X*A)", "A'"),
            Identity("101", "d/dX tr(A*X*B)", "A'*B'"),
            Identity("102", "d/dX tr(A*X'*B)", "B*A"),
            Identity("103", "d/dX tr(X'*A)", "A"),
            Identity("104", "d/dX tr(A*X')", "A"),
            Identity("105", "d/dX tr(kron(A, X))", "tr(A)*eye(n)", "X: n n"),
        ),
    ),
    Section(
        "2.5.2",
        "Derivatives of traces: second order",
        (
            Identity("106", "d/dX tr(X^2)", "2*X'"),
            Identity("107", "d/dX tr(X^2*B)", "(X*B + B*X)'"),
            Identity("108", "d/dX tr(X'*B*X)", "B*X + B'*X"),
            Identity("109", "d/dX tr(B*X*X')", "B*X + B'*X"),
            Identity("110", "d/dX tr(X*X'*B)", "B*X + B'*X"),
            Identity("111", "d/dX tr(X*B*X')", "X*B' + X*B"),
            Identity("112", "d/dX tr(B*X'*X)", "X*B' + X*B"),
            Identity("113", "d/dX tr(X'*X*B)", "X*B' + X*B"),
            Identity("114", "d/dX tr(A*X*B*X)", "A'*X'*B' + B'*X'*A'"),
            Identity("115", "d/dX tr(X'*X)", "2*X"),
            Identity("", "d/dX tr(X*X')", "2*X", note="the second half of (115)"),
            Identity("116", "d/dX tr(B'*X'*C*X*B)", "C'*X*B*B' + C*X*B*B'"),
            Identity("117", "d/dX tr(X'*B*X*C)", "B*X*C + B'*X*C'"),
            Identity("118", "d/dX tr(A*X*B*X'*C)", "A'*C'*X*B' + C*A*X*B"),
            Identity("119", "d/dX tr((A*X*B + C)*(A*X*B + C)')", "2*A'*(A*X*B + C)*B'"),
            Identity("120", "d/dX tr(kron(X, X))", "2*tr(X)*eye(n)", "X: n n"),
            Identity(
                "", "d/dX tr(X)*tr(X)", "2*tr(X)*eye(n)", "X: n n", note="the second half of (120)"
            ),
        ),
    ),
    Section(
        "2.5.3",
        "Derivatives of traces: higher order",
        (
            Identity("121", "d/dX tr(X^k)", "k*(X^(k-1))'"),
            Identity("122", "d/dX tr(A*X^k)", "sum(r=0..k-1, (X^r*A*X^(k-r-1))')"),
            Identity(
                "123",
                "d/dX tr(B'*X'*C*X*X'*C*X*B)",
                "C*X*X'*C*X*B*B' + C'*X*B*B'*X'*C'*X + C*X*B*B'*X'*C*X + C'*X*X'*C'*X*B*B'",
            ),
        ),
    ),
    Section(
        "2.5.4",
        "Derivatives of traces: other",
        (
            Identity("124", "d/dX tr(A*inv(X)*B)", "-(inv(X)*B*A*inv(X))'"),
            Identity(
                "125",
                "d/dX tr(inv(X'*C*X)*A)",
                "-(C*X*inv(X'*C*X))*(A + A')*inv(X'*C*X)",
                "C symmetric",
            ),
            Identity(
                "126",
                "d/dX tr(inv(X'*C*X)*(X'*B*X))",
                "-2*C*X*inv(X'*C*X)*X'*B*X*inv(X'*C*X) + 2*B*X*inv(X'*C*X)",
                "B symmetric; C symmetric",
            ),
            Identity(
                "127",
                "d/dX tr(inv(A + X'*C*X)*(X'*B*X))",
                "-2*C*X*inv(A + X'*C*X)*X'*B*X*inv(A + X'*C*X) + 2*B*X*inv(A + X'*C*X)",
                "A symmetric; B symmetric; C symmetric",
                note="holds for symmetric A, which the source does not say",
            ),
            Identity(
                "",
                "d/dX tr(inv(A + X'*C*X)*(X'*B*X))",
                (
                    "B*X*inv(A + X'*C*X) + B*X*inv(A + X'*C*X)' - C*X*inv(A + "
                    "X'*C*X)*X'*B*X*inv(A + X'*C*X) - C*X*inv(A + "
                    "X'*C*X)'*X'*B*X*inv(A + X'*C*X)'"
                ),
                "B symmetric; C symmetric",
                wrong=("-2*C*X*inv(A + X'*C*X)*X'*B*X*inv(A + X'*C*X) + 2*B*X*inv(A + X'*C*X)"),
                note="(127) as the source has it, which says nothing of A",
            ),
            Identity("128", "d/dX tr(sinm(X))", "cosm(X)'"),
        ),
    ),
    Section(
        "2.6.1",
        "Derivatives of vector norms: two-norm",
        (
            Identity("129", "d/dx norm(x - a)", "(x - a)/norm(x - a)"),
            Identity(
                "130",
                "d/dx (x - a)/norm(x - a)",
                "eye(n)/norm(x - a) - (x - a)*(x - a)'/norm(x - a)^3",
                "x: n",
            ),
            Identity("131", "d/dx norm(x)^2", "2*x"),
        ),
    ),
    Section(
        "2.7.1",
        "Derivatives of matrix norms: Frobenius norm",
        (Identity("132", "d/dX normF(X)^2", "2*X"),),
    ),
    Section(
        "2.8.1",
        "Structured matrices: the chain rule",
        (
            Identity(
                "137",
                "d/dX[i,j] g(U(X))",
                "tr(D(g, U(X))'*D(U, X[i,j]))",
                "X: m n; U(X): p q; Y: p q; g(Y): scalar",
            ),
        ),
    ),
    Section(
        "2.8.2",
        "Structured matrices: symmetric",
        (
            Identity(
                "138",
                "d/dA f(A)",
                "D(f, A) + D(f, A)' - diag(diagvec(D(f, A)))",
                "A: n n symmetric; f(A): scalar",
                structure="entries",
            ),
            Identity(
                "139", "d/dX tr(A*X)", "A + A' - A.*eye(n)", "X: n n symmetric", structure="entries"
            ),
            Identity(
                "140",
                "d/dX det(X)",
                "det(X)*(2*inv(X) - inv(X).*eye(n))",
                "X: n n symmetric",
                structure="entries",
            ),
            Identity(
                "141",
                "d/dX log(det(X))",
                "2*inv(X) - inv(X).*eye(n)",
                "X: n n symmetric",
                structure="entries",
            ),
        ),
    ),
    Section(
        "2.8.3",
        "Structured matrices: diagonal",
        (Identity("142", "d/dX tr(A*X)", "A.*eye(n)", "X: n n diagonal", structure="entries"),),
    ),
    Section(
        "2.8.4",
        "Structured matrices: Toeplitz",
        (
            Identity(
                "144",
                "d/dX tr(A*X)",
                "diagsums(A) + diagsums(A)' - diagsums(A).*eye(n)",
                "X: n n symmetric toeplitz",
                structure="entries",
            ),
        ),
    ),
)
