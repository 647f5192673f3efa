"""Mathematics for Machine Learning: the ten identities of its section 5.5, and other gradients.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

_F = "f(X): p p; X: m n"

MML = Source(
    "mml",
    "Mathematics for Machine Learning",
    "M. P. Deisenroth, A. A. Faisal, C. S. Ong, Cambridge University Press, 2020",
    "book",
    (
        Section(
            "5.3",
            "Gradients of vector-valued functions",
            (
                Identity("", "d/dx A*x", "A"),
                Identity(
                    "",
                    "d/dtheta norm(y - Phi*theta)^2",
                    "-2*(y - Phi*theta)'*Phi",
                    "theta: n",
                    note="the least-squares loss",
                ),
            ),
        ),
        Section(
            "5.4",
            "Gradients of matrices",
            (
                Identity("", "d/dA[i,j] (A*x)[k]", "unit(k, m)[i]*x[j]", "A: m n"),
                Identity(
                    "",
                    "d/dR[i,j] (R'*R)[p,q]",
                    "unit(p, n)[j]*R[i,q] + unit(q, n)[j]*R[i,p]",
                    "R: m n",
                ),
            ),
        ),
        Section(
            "5.5",
            "Useful identities for computing gradients",
            (
                Identity("5.99", "d/dX f(X)'", "D(f, X)'", _F),
                Identity("5.100", "d/dX tr(f(X))", "tr(D(f, X))", _F),
                Identity("5.101", "d/dX det(f(X))", "det(f(X))*tr(inv(f(X))*D(f, X))", _F),
                Identity("5.102", "d/dX inv(f(X))", "-inv(f(X))*D(f, X)*inv(f(X))", _F),
                Identity("5.103", "d/dX a'*inv(X)*b", "-inv(X)'*a*b'*inv(X)'"),
                Identity("5.104", "d/dx x'*a", "a'"),
                Identity("5.105", "d/dx a'*x", "a'"),
                Identity("5.106", "d/dX a'*X*b", "a*b'"),
                Identity("5.107", "d/dx x'*B*x", "x'*(B + B')"),
                Identity(
                    "5.108",
                    "d/ds (x - A*s)'*W*(x - A*s)",
                    "-2*(x - A*s)'*W*A",
                    "W symmetric",
                    note="without symmetry `-(x - A*s)'*(W + W')*A`",
                ),
            ),
        ),
        Section(
            "5.6",
            "Backpropagation",
            (Identity("", "d/db tanh(A*x + b)", "diag(1 .- tanh(A*x + b).^2)"),),
        ),
        Section(
            "7.1",
            "Optimization using gradient descent",
            (Identity("", "d/dx x'*A*x/2 - b'*x", "x'*A - b'", "A symmetric"),),
        ),
        Section(
            "7.3.2",
            "Quadratic programming",
            (
                Identity(
                    "",
                    "d/dx x'*Q*x/2 + c'*x + l'*(A*x - b)",
                    "x'*Q + c' + l'*A",
                    "Q symmetric",
                    note="the Lagrangian of a quadratic program",
                ),
            ),
        ),
        Section(
            "9.2.1",
            "Maximum likelihood estimation",
            (
                Identity(
                    "",
                    "d/dtheta (y - Phi*theta)'*(y - Phi*theta)/(2*s^2)",
                    "(-y'*Phi + theta'*Phi'*Phi)/s^2",
                    "s: scalar; theta: n",
                ),
            ),
        ),
        Section(
            "9.2.3",
            "Maximum a posteriori estimation",
            (
                Identity(
                    "",
                    "d/dtheta (y - Phi*theta)'*(y - Phi*theta)/(2*s^2) + theta'*theta/(2*b^2)",
                    "(theta'*Phi'*Phi - y'*Phi)/s^2 + theta'/b^2",
                    "s: scalar; b: scalar; theta: n",
                ),
            ),
        ),
        Section(
            "10.2",
            "Maximum variance perspective",
            (
                Identity(
                    "", "d/db b'*S*b + l*(1 - b'*b)", "2*b'*S - 2*l*b'", "S symmetric; l: scalar"
                ),
            ),
        ),
        Section(
            "10.3",
            "Projection perspective",
            (Identity("", "d/dz norm(x - B*z)^2", "-2*(x - B*z)'*B"),),
        ),
        Section(
            "12.3",
            "Dual support vector machine",
            (Identity("", "d/dw w'*w/2 - a'*(y.*(X*w))", "w' - (a.*y)'*X"),),
        ),
    ),
)
