"""Magnus and Neudecker: the tables of their chapters 8 to 10, in their layout.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

MAGNUS = Source(
    "magnus",
    "Matrix Differential Calculus with Applications in Statistics and Econometrics",
    "J. R. Magnus, H. Neudecker, third edition, Wiley, 2019",
    "vec",
    (
        Section(
            "9.9",
            "Scalar functions of a vector",
            (
                Identity("", "d/dx a'*x", "a'"),
                Identity("", "d/dx x'*A*x", "x'*(A + A')"),
            ),
        ),
        Section(
            "9.10",
            "Scalar functions of a matrix: trace",
            (
                Identity("", "d/dX tr(A*X)", "A'"),
                Identity("", "d/dX tr(A*X')", "A"),
                Identity("", "d/dX tr(X'*A*X)", "(A + A')*X"),
                Identity("", "d/dX tr(X*A*X')", "X*(A + A')"),
                Identity("", "d/dX tr(X*A*X'*B)", "B'*X*A' + B*X*A"),
                Identity("", "d/dX tr(X*A*X*B)", "B'*X'*A' + A'*X'*B'"),
                Identity("", "d/dX tr(X^2)", "2*X'"),
                Identity("", "d/dX tr(X^p)", "p*(X^(p-1))'"),
                Identity("", "d/dX tr(inv(X)*A)", "-(inv(X)*A*inv(X))'"),
                Identity("", "d/dX tr(X'*X)", "2*X"),
            ),
            "gradient",
        ),
        Section(
            "9.11",
            "Scalar functions of a matrix: determinant",
            (
                Identity("", "d/dX det(X)", "det(X)*inv(X)'"),
                Identity("", "d/dX det(X*X')", "2*det(X*X')*inv(X*X')*X"),
                Identity("", "d/dX det(X'*X)", "2*det(X'*X)*X*inv(X'*X)"),
                Identity("", "d/dX det(X^2)", "2*det(X)^2*inv(X)'"),
                Identity("", "d/dX det(X^p)", "p*det(X)^p*inv(X)'"),
                Identity("", "d/dX log(det(X))", "inv(X)'"),
                Identity("", "d/dX log(det(X^p))", "p*inv(X)'"),
                Identity("", "d/dX log(det(X'*X))", "2*X*inv(X'*X)"),
                Identity("", "d/dX log(det(X*X'))", "2*inv(X*X')*X"),
                Identity("", "d/dX det(A*X*B)", "det(A*X*B)*(B*inv(A*X*B)*A)'"),
                Identity(
                    "",
                    "d/dX log(det(X'*A*X))",
                    "A*X*inv(X'*A*X) + A'*X*inv(X'*A'*X)",
                    wrong="2*A*X*inv(X'*A*X)",
                    note=(
                        "A is any square matrix; the short form, twice the first "
                        "term, needs A symmetric"
                    ),
                ),
            ),
            "gradient",
        ),
        Section(
            "9.12",
            "Scalar functions of a matrix: eigenvalue",
            (
                Identity(
                    "",
                    "d/dX perron(X)",
                    "perronvec(X')*perronvec(X)'/(perronvec(X')'*perronvec(X))",
                    "X: n n positive",
                    wrong="perronvec(X)*perronvec(X)'/(perronvec(X)'*perronvec(X))",
                    note=(
                        "a simple eigenvalue of a matrix that is not symmetric needs "
                        "the left eigenvector too"
                    ),
                ),
                Identity("", "d/dX g'*eigvals(X)", "eigvecs(X)*diag(g)*eigvecs(X)'", "X symmetric"),
            ),
            "gradient",
        ),
        Section(
            "9.14",
            "Matrix functions",
            (
                Identity("", "d/dX X", "eye(m*n)", "X: m n"),
                Identity("", "d/dX X'", "commutation(m, n)", "X: m n"),
                Identity("", "d/dX A*X*B", "kron(B', A)"),
                Identity("", "d/dX A*X'*B", "kron(B', A)*commutation(m, n)", "X: m n"),
                Identity(
                    "", "d/dX X*X'", "(eye(m^2) + commutation(m, m))*kron(X, eye(m))", "X: m n"
                ),
                Identity(
                    "", "d/dX X'*X", "(eye(n^2) + commutation(n, n))*kron(eye(n), X')", "X: m n"
                ),
                Identity(
                    "",
                    "d/dX X*A*X'",
                    "(eye(m^2) + commutation(m, m))*kron(X*A, eye(m))",
                    "X: m n; A: n n symmetric",
                ),
                Identity(
                    "",
                    "d/dX X'*A*X",
                    "(eye(n^2) + commutation(n, n))*kron(eye(n), X'*A)",
                    "X: m n; A: m m symmetric",
                ),
                Identity("", "d/dX X*A*X", "kron(X'*A', eye(m)) + kron(eye(n), X*A)", "X: m n"),
                Identity(
                    "",
                    "d/dX X'*A*X'",
                    ("kron(X*A', eye(n))*commutation(m, n) + kron(eye(m), X'*A)*commutation(m, n)"),
                    "X: m n",
                ),
                Identity("", "d/dX X^2", "kron(X', eye(n)) + kron(eye(n), X)", "X: n n"),
                Identity(
                    "",
                    "d/dX X^3",
                    "kron((X^2)', eye(n)) + kron(X', X) + kron(eye(n), X^2)",
                    "X: n n",
                ),
                Identity("", "d/dX X^p", "sum(r=1..p, kron((X^(p-r))', X^(r-1)))", "X: n n"),
                Identity("", "d/dX inv(X)", "-kron(inv(X)', inv(X))"),
                Identity("", "d/dX A*inv(X)*B", "-kron((inv(X)*B)', A*inv(X))"),
            ),
        ),
        Section(
            "9",
            "Kronecker and Hadamard products",
            (
                Identity("", "d/dX X.*A", "diag(vec(A))", "X: m n"),
                Identity("", "d/dX X.*X", "2*diag(vec(X))", "X: m n"),
            ),
        ),
        Section(
            "10.3",
            "Hessians: linear and quadratic forms",
            (
                Identity("", "d2/dxdx a'*x", "zeros(n, n)", "x: n"),
                Identity("", "d2/dxdx x'*A*x", "A + A'"),
            ),
        ),
        Section(
            "10.5",
            "Hessians: the determinant",
            (
                Identity(
                    "", "d2/dXdX log(det(X))", "-commutation(n, n)*kron(inv(X)', inv(X))", "X: n n"
                ),
            ),
        ),
        Section(
            "10",
            "Hessians of further scalar functions",
            (
                Identity("", "d2/dXdX tr(X^2)", "2*commutation(n, n)", "X: n n"),
                Identity("", "d2/dXdX tr(X'*A*X)", "kron(eye(n), A + A')", "X: m n"),
                Identity("", "d2/dXdX tr(X*A*X')", "kron(A + A', eye(m))", "X: m n"),
                Identity("", "d2/dXdX tr(X'*A*X*B)", "kron(B', A) + kron(B, A')"),
                Identity(
                    "",
                    "d2/dXdX tr(X*A*X*B)",
                    "commutation(n, m)*(kron(A', B) + kron(B', A))",
                    "X: m n",
                ),
                Identity(
                    "",
                    "d2/dXdX tr(inv(X))",
                    "commutation(n, n)*(kron(inv(X)', inv(X)^2) + kron((inv(X)^2)', inv(X)))",
                    "X: n n",
                ),
                Identity("", "d2/dXdX a'*X*X'*b", "kron(eye(n), a*b' + b*a')", "X: m n"),
                Identity("", "d2/dXdX a'*X'*X*a", "2*kron(a*a', eye(m))", "X: m n"),
            ),
        ),
        Section(
            "8.5",
            "Differential of the Moore-Penrose inverse",
            (
                Identity(
                    "",
                    "d/dt pinv(X(t))",
                    (
                        "-P*D(X, t)*P + P*P'*D(X, t)'*(eye(m) - X(t)*P) + (eye(n) - "
                        "P*X(t))*D(X, t)'*P'*P"
                    ),
                    "t: scalar; X(t): m n",
                    where="P = pinv(X(t))",
                ),
            ),
            "gradient",
        ),
        Section(
            "8.6",
            "Differential of the adjoint matrix",
            (
                Identity(
                    "",
                    "d/dt adj(X(t))",
                    "tr(adj(X(t))*D(X, t))*inv(X(t)) - adj(X(t))*D(X, t)*inv(X(t))",
                    "t: scalar; X(t): n n",
                ),
            ),
            "gradient",
        ),
        Section(
            "18.15",
            "Symmetry and the duplication matrix",
            (
                Identity(
                    "",
                    "d/dv logdet(unvec(duplication(n)*v, n, n))",
                    "duplication(n)'*vec(inv(unvec(duplication(n)*v, n, n)))",
                    "v: n*(n+1)/2",
                ),
            ),
            "gradient",
        ),
    ),
)
