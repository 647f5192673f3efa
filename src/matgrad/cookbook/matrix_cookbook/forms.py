"""The Matrix Cookbook, sections 2.3 and 2.4: eigenvalues; matrices, vectors and scalar forms.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

FORMS = (
    Section(
        "2.3",
        "Derivatives of eigenvalues",
        (
            Identity("65", "d/dX sum(eigvals(X))", "eye(n)", "X: n n symmetric"),
            Identity(
                "66",
                "d/dX det(X)",
                "det(X)*inv(X)'",
                note="the determinant is the product of the eigenvalues",
            ),
            Identity(
                "67",
                "d/dt eigmax(A + t*B)",
                "eigvecmax(A + t*B)'*B*eigvecmax(A + t*B)",
                "A symmetric; B symmetric",
                note="along the line A + t B, so that the differential is B dt",
            ),
            Identity(
                "68",
                "d/dt eigvecmax(A + t*B)",
                "pinv(eigmax(A + t*B)*eye(n) - (A + t*B))*B*eigvecmax(A + t*B)",
                "A: n n symmetric; B symmetric",
                note="along the line A + t B",
            ),
        ),
    ),
    Section(
        "2.4.1",
        "Matrices, vectors and scalar forms: first order",
        (
            Identity("69", "d/dx x'*a", "a"),
            Identity("", "d/dx a'*x", "a", note="the second half of (69)"),
            Identity("70", "d/dX a'*X*b", "a*b'"),
            Identity("71", "d/dX a'*X'*b", "b*a'"),
            Identity("72", "d/dX a'*X*a", "a*a'"),
            Identity("", "d/dX a'*X'*a", "a*a'", note="the second half of (72)"),
            Identity(
                "73",
                "d/dX[i,j] X",
                "unit(i, m)*unit(j, n)'",
                "X: m n",
                note="the single-entry matrix J of the source",
            ),
            Identity("74", "d/dX[m,n] (X*A)[i,j]", "unit(m, p)[i]*A[n,j]", "X: p q; A: q r"),
            Identity("75", "d/dX[m,n] (X'*A)[i,j]", "unit(n, q)[i]*A[m,j]", "X: p q; A: p r"),
        ),
    ),
    Section(
        "2.4.2",
        "Matrices, vectors and scalar forms: second order",
        (
            Identity("76", "d/dX[i,j] sum(X)*sum(X)", "2*sum(X)"),
            Identity("77", "d/dX b'*X'*X*c", "X*(b*c' + c*b')"),
            Identity("78", "d/dx (B*x + b)'*C*(D*x + d)", "B'*C*(D*x + d) + D'*C'*(B*x + b)"),
            Identity(
                "79",
                "d/dX[i,j] (X'*B*X)[k,l]",
                "unit(l, n)[j]*(X'*B)[k,i] + unit(k, n)[j]*(B*X)[i,l]",
                "X: m n",
            ),
            Identity(
                "80",
                "d/dX[i,j] X'*B*X",
                "X'*B*unit(i, m)*unit(j, n)' + unit(j, n)*unit(i, m)'*B*X",
                "X: m n",
            ),
            Identity("81", "d/dx x'*B*x", "(B + B')*x"),
            Identity("82", "d/dX b'*X'*D*X*c", "D'*X*b*c' + D*X*c*b'"),
            Identity("83", "d/dX (X*b + c)'*D*(X*b + c)", "(D + D')*(X*b + c)*b'"),
            Identity("84", "d/ds (x - A*s)'*W*(x - A*s)", "-2*A'*W*(x - A*s)", "W symmetric"),
            Identity("85", "d/dx (x - s)'*W*(x - s)", "2*W*(x - s)", "W symmetric"),
            Identity("86", "d/ds (x - s)'*W*(x - s)", "-2*W*(x - s)", "W symmetric"),
            Identity("87", "d/dx (x - A*s)'*W*(x - A*s)", "2*W*(x - A*s)", "W symmetric"),
            Identity("88", "d/dA (x - A*s)'*W*(x - A*s)", "-2*W*(x - A*s)*s'", "W symmetric"),
            Identity(
                "89",
                "d/dconj(x) 2*abs(a - x^H*b)^2",
                "-2*conj(a - x^H*b)*b",
                "a: scalar complex; x complex; b complex",
                note=(
                    "the complex gradient of the LMS algorithm; the source "
                    "prints a square for the squared modulus"
                ),
            ),
        ),
    ),
    Section(
        "2.4.3",
        "Matrices, vectors and scalar forms: higher order and nonlinear",
        (
            Identity("90", "d/dX[i,j] (X^n)[k,l]", "sum(r=0..n-1, (X^r)[k,i]*(X^(n-1-r))[j,l])"),
            Identity("91", "d/dX a'*X^n*b", "sum(r=0..n-1, (X^r)'*a*b'*(X^(n-1-r))')"),
            Identity(
                "92",
                "d/dX a'*(X^n)'*X^n*b",
                "sum(r=0..n-1, (X^r)'*X^n*b*a'*(X^(n-1-r))' + (X^r)'*X^n*a*b'*(X^(n-1-r))')",
                wrong="sum(r=0..n-1, X^(n-1-r)*a*b'*(X^n)'*X^r + (X^r)'*X^n*a*b'*(X^(n-1-r))')",
                note="the source prints the transpose of the first term",
            ),
            Identity(
                "93",
                "d/dx s(x)'*A*r(x)",
                "D(s, x)'*A*r(x) + D(r, x)'*A'*s(x)",
                "x: n; s(x): p; r(x): q",
            ),
            Identity(
                "95",
                "d/dx (A*x)'*(A*x)/((B*x)'*(B*x))",
                "2*A'*A*x/(x'*B'*B*x) - 2*(x'*A'*A*x)*B'*B*x/(x'*B'*B*x)^2",
                "B: n n",
                wrong="2*A'*A*x/(x'*B*B*x) - 2*(x'*A'*A*x)*B'*B*x/(x'*B'*B*x)^2",
                note="the source misses a transpose in the first denominator",
            ),
        ),
    ),
    Section(
        "2.4.4",
        "Gradient and Hessian",
        (
            Identity("97", "d/dx x'*A*x + b'*x", "(A + A')*x + b"),
            Identity("98", "d2/dxdx x'*A*x + b'*x", "A + A'"),
        ),
    ),
)
