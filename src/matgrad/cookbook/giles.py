"""Giles 2008: forward and adjoint results for matrix operations.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

GILES = Source(
    "giles",
    ("An extended collection of matrix derivative results for forward and reverse mode AD"),
    (
        "M. B. Giles, Oxford University, report 08/01, 2008; G is the adjoint of "
        "the result, so that the derivative of sum(G.*C) by A is that of A"
    ),
    "gradient",
    (
        Section(
            "2.2.1",
            "Addition",
            (
                Identity("", "d/dA sum(G.*(A + B))", "G"),
                Identity("", "d/dB sum(G.*(A + B))", "G"),
            ),
        ),
        Section(
            "2.2.2",
            "Multiplication",
            (
                Identity(
                    "",
                    "d/dt A(t)*B(t)",
                    "D(A, t)*B(t) + A(t)*D(B, t)",
                    "t: scalar; A(t): m n; B(t): n p",
                ),
                Identity(
                    "",
                    "d/dA sum(G.*(A*B))",
                    "G*B'",
                    wrong="B'*G",
                    note="a common slip puts the adjoint of the left factor on the wrong side",
                ),
                Identity("", "d/dB sum(G.*(A*B))", "A'*G"),
            ),
        ),
        Section(
            "2.2.3",
            "Inverse",
            (
                Identity(
                    "", "d/dt inv(A(t))", "-inv(A(t))*D(A, t)*inv(A(t))", "t: scalar; A(t): n n"
                ),
                Identity("", "d/dA sum(G.*inv(A))", "-inv(A)'*G*inv(A)'"),
            ),
        ),
        Section(
            "2.2.4",
            "Determinant",
            (
                Identity(
                    "", "d/dt det(A(t))", "det(A(t))*tr(inv(A(t))*D(A, t))", "t: scalar; A(t): n n"
                ),
                Identity("", "d/dA g*det(A)", "g*det(A)*inv(A)'"),
            ),
        ),
        Section(
            "2.3.1",
            "Matrix inverse product",
            (
                Identity(
                    "",
                    "d/dt A(t)\\B(t)",
                    "A(t)\\(D(B, t) - D(A, t)*(A(t)\\B(t)))",
                    "t: scalar; A(t): n n; B(t): n p",
                ),
                Identity("", "d/dB sum(G.*(A\\B))", "A'\\G"),
                Identity("", "d/dA sum(G.*C)", "-(A'\\G)*C'", where="C = A\\B"),
            ),
        ),
        Section(
            "2.3.2",
            "First quadratic form",
            (
                Identity("", "d/dA sum(G.*(B'*A*B))", "B*G*B'"),
                Identity("", "d/dB sum(G.*(B'*A*B))", "A*B*G' + A'*B*G"),
            ),
        ),
        Section(
            "2.3.3",
            "Second quadratic form",
            (
                Identity("", "d/dA sum(G.*(B'*inv(A)*B))", "-inv(A)'*B*G*B'*inv(A)'"),
                Identity("", "d/dB sum(G.*(B'*inv(A)*B))", "inv(A)*B*G' + inv(A)'*B*G"),
            ),
        ),
        Section(
            "2.3.4",
            "Matrix polynomial",
            (
                Identity(
                    "",
                    "d/dA sum(G.*(p0*eye(n) + p1*A + p2*A^2 + p3*A^3))",
                    "p1*G + p2*(G*A' + A'*G) + p3*(G*(A^2)' + A'*G*A' + (A^2)'*G)",
                    "A: n n; p0: scalar; p1: scalar; p2: scalar; p3: scalar",
                ),
            ),
        ),
        Section(
            "2.3.5",
            "Matrix exponential",
            (Identity("", "d/dA sum(G.*expm(A))", "expm_frechet(A', G)"),),
        ),
        Section(
            "3.1",
            "Eigenvalues and eigenvectors",
            (
                Identity(
                    "",
                    "d/dt eigvals(A + t*B)",
                    "diagvec(eigvecs(A + t*B)'*B*eigvecs(A + t*B))",
                    "A symmetric; B symmetric; t: scalar",
                ),
                Identity("", "d/dA g'*eigvals(A)", "eigvecs(A)*diag(g)*eigvecs(A)'", "A symmetric"),
            ),
        ),
        Section(
            "3.2",
            "Singular value decomposition",
            (Identity("", "d/dA g'*svdvals(A)", "svdu(A)*diag(g)*svdv(A)'", "A: n n"),),
        ),
        Section(
            "3.3",
            "Cholesky factorisation",
            (
                Identity(
                    "",
                    "d/dA sum(G.*L)",
                    "inv(L)'*(P + P')*inv(L)/2",
                    "A pd",
                    where="L = chol(A), P = tril(L'*G) - (L'*G).*eye(n)/2",
                ),
            ),
        ),
        Section(
            "3.4",
            "Matrix norms",
            (
                Identity("", "d/dA g*normF(A)", "g*A/normF(A)", "g: scalar"),
                Identity("", "d/dA normspec(A)", "lsv(A)*rsv(A)'"),
            ),
        ),
    ),
)
