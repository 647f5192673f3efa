"""Derivatives on manifolds: Riemannian gradients as the books on optimization have them.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

MANIFOLDS = Source(
    "manifolds",
    "Optimization on manifolds",
    (
        "P.-A. Absil, R. Mahony, R. Sepulchre, Princeton University Press, 2008; "
        "A. Edelman, T. A. Arias, S. T. Smith, SIAM J. Matrix Anal. Appl. 20, 1998"
    ),
    "gradient",
    (
        Section(
            "",
            "The sphere",
            (
                Identity("", "d/dx b'*x", "b - (b'*x)*x", "x: n unit", structure="tangent"),
                Identity(
                    "",
                    "d/dx x'*A*x",
                    "2*(A*x - (x'*A*x)*x)",
                    "A symmetric; x: n unit",
                    structure="tangent",
                    note="the Rayleigh quotient",
                ),
                Identity(
                    "",
                    "d/dx norm(A*x)^2/2",
                    "A'*A*x - norm(A*x)^2*x",
                    "x: n unit",
                    structure="tangent",
                ),
            ),
        ),
        Section(
            "",
            "Matrices with orthonormal columns",
            (
                Identity(
                    "",
                    "d/dX tr(A'*X)",
                    "A - X*(X'*A + A'*X)/2",
                    "X: n p orthonormal",
                    structure="tangent",
                ),
                Identity(
                    "",
                    "d/dX tr(A'*X)",
                    "A - X*A'*X",
                    "X: n p orthonormal",
                    structure="tangent",
                    metric="canonical",
                ),
                Identity(
                    "",
                    "d/dX tr(X'*A*X)",
                    "2*(A*X - X*X'*A*X)",
                    "A: n n symmetric; X: n p orthonormal",
                    structure="tangent",
                    note="principal components",
                ),
                Identity(
                    "",
                    "d/dX tr(X'*A*X*N)",
                    "2*A*X*N - X*X'*A*X*N - X*N*X'*A*X",
                    "A: n n symmetric; N: p p diagonal; X: n p orthonormal",
                    structure="tangent",
                    note="the Brockett cost",
                ),
            ),
        ),
        Section(
            "",
            "Orthogonal matrices",
            (
                Identity(
                    "",
                    "d/dQ tr(A'*Q)",
                    "(A - Q*A'*Q)/2",
                    "Q: n n orthogonal",
                    structure="tangent",
                    note="the Procrustes problem",
                ),
                Identity(
                    "",
                    "d/dQ tr(Q'*A*Q*B)",
                    "A*Q*B - Q*B*Q'*A*Q",
                    "A: n n symmetric; B: n n symmetric; Q: n n orthogonal",
                    structure="tangent",
                ),
            ),
        ),
        Section(
            "",
            "Positive definite matrices",
            (
                Identity("", "d/dX log(det(X))", "inv(X)", "X: n n pd", structure="tangent"),
                Identity(
                    "",
                    "d/dX log(det(X))",
                    "X",
                    "X: n n pd",
                    structure="tangent",
                    metric="affine-invariant",
                ),
                Identity(
                    "",
                    "d/dX tr(inv(X)*A)",
                    "-A",
                    "X: n n pd; A: n n symmetric",
                    structure="tangent",
                    metric="affine-invariant",
                ),
                Identity(
                    "",
                    "d/dX tr(A*X)",
                    "X*A*X",
                    "X: n n pd; A: n n symmetric",
                    structure="tangent",
                    metric="affine-invariant",
                ),
            ),
        ),
        Section(
            "",
            "Linear structures",
            (
                Identity(
                    "", "d/dX a'*X*b", "(a*b' + b*a')/2", "X: n n symmetric", structure="tangent"
                ),
                Identity("", "d/dX a'*X*b", "(a*b' - b*a')/2", "X: n n skew", structure="tangent"),
                Identity("", "d/dX a'*X*b", "a*b' - b*a'", "X: n n skew", structure="entries"),
                Identity("", "d/dX a'*X*b", "tril(a*b')", "X: n n lower", structure="entries"),
                Identity("", "d/dX a'*X*b", "diag(a.*b)", "X: n n diagonal", structure="entries"),
                Identity(
                    "",
                    "d/dp a'*log(p)",
                    "a./p - sum(a./p)/n*ones(n)",
                    "p: n simplex; a: n",
                    structure="tangent",
                ),
                Identity(
                    "",
                    "d/dP sum(A.*P)",
                    "A - (A*ones(n))*ones(n)'/n",
                    "P: m n row_stochastic",
                    structure="tangent",
                ),
            ),
        ),
    ),
)
