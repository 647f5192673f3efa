"""The Matrix Cookbook, section 4: complex derivatives.  X is U + iV where both parts are named.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

COMPLEX = (
    Section(
        "4.1.2",
        "Complex derivatives of traces",
        (
            Identity("236", "d/dU tr(conj(U + 1i*V))", "eye(n)", "U: n n; V: n n"),
            Identity("237", "d/dV 1i*tr(conj(U + 1i*V))", "eye(n)", "U: n n; V: n n"),
            Identity("238", "d/dU tr(U + 1i*V)", "eye(n)", "U: n n; V: n n"),
            Identity("239", "d/dV 1i*tr(U + 1i*V)", "-eye(n)", "U: n n; V: n n"),
            Identity("", "d/dX tr(A*X)", "A'", "A complex; X complex", note="(100) for complex X"),
            Identity("240", "d/dU tr(A*(U + 1i*V)^H)", "A", "U: m n; V: m n; A complex"),
            Identity("241", "d/dV 1i*tr(A*(U + 1i*V)^H)", "A", "U: m n; V: m n; A complex"),
            Identity("242", "d/dU tr(A*conj(U + 1i*V))", "A'", "U: m n; V: m n; A complex"),
            Identity("243", "d/dV 1i*tr(A*conj(U + 1i*V))", "A'", "U: m n; V: m n; A complex"),
            Identity("244", "d/dU tr((U + 1i*V)*(U + 1i*V)^H)", "2*U", "U: m n; V: m n"),
            Identity("245", "d/dV 1i*tr((U + 1i*V)*(U + 1i*V)^H)", "2i*V", "U: m n; V: m n"),
            Identity("246", "d/dX tr(X*X^H)", "conj(X)", "X complex"),
            Identity("247", "d/dconj(X) tr(X*X^H)", "X", "X complex"),
            Identity(
                "248",
                "d/dconj(X) 2*tr(X*X^H)",
                "2*X",
                "X complex",
                note="the complex gradient is twice the derivative by the conjugate",
            ),
        ),
    ),
    Section(
        "4.1.3",
        "Complex derivatives involving determinants",
        (
            Identity(
                "249",
                "d/dX det(X^H*A*X)",
                "det(X^H*A*X)*(inv(X^H*A*X)*X^H*A)'",
                "X complex; A complex",
            ),
            Identity(
                "250",
                "d/dconj(X) det(X^H*A*X)",
                "det(X^H*A*X)*A*X*inv(X^H*A*X)",
                "X complex; A complex",
            ),
        ),
    ),
    Section(
        "4.2",
        "Higher order and nonlinear derivatives",
        (
            Identity(
                "252",
                "d/dconj(x) 2*((A*x)^H*(A*x))/((B*x)^H*(B*x))",
                "2*A^H*A*x/(x^H*B^H*B*x) - 2*(x^H*A^H*A*x)*B^H*B*x/(x^H*B^H*B*x)^2",
                "x complex; A complex; B: n n complex",
                wrong="2*A^H*A*x/(x^H*B*B*x) - 2*(x^H*A^H*A*x)*B^H*B*x/(x^H*B^H*B*x)^2",
                note=(
                    "the complex gradient; the source misses an adjoint in the first denominator"
                ),
            ),
        ),
    ),
)
