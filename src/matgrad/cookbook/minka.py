"""Minka's note: derivatives read off the differential, dy = tr(A*dX), in his layout.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

MINKA = Source(
    "minka",
    "Old and New Matrix Algebra Useful for Statistics",
    ("T. P. Minka, 1997, revised 2000; dy/dX is what stands beside dX in dy = tr(dy/dX*dX)"),
    "numerator",
    (
        Section(
            "",
            "Derivatives of traces",
            (
                Identity("", "d/dX tr(X)", "eye(n)", "X: n n"),
                Identity("", "d/dX tr(A*X)", "A"),
                Identity("", "d/dX tr(A*X')", "A'"),
                Identity("", "d/dX tr(A*X*B)", "B*A"),
                Identity("", "d/dX tr(A*inv(X)*B)", "-inv(X)*B*A*inv(X)"),
                Identity("", "d/dX tr(X'*A*X*B)", "B*X'*A + B'*X'*A'"),
                Identity("", "d/dA tr(X'*A*X*B)", "X*B*X'"),
                Identity("", "d/dX tr(X^2)", "2*X"),
                Identity("", "d/dX tr(X'*X)", "2*X'"),
            ),
        ),
        Section(
            "",
            "Derivatives of determinants",
            (
                Identity("", "d/dX det(X)", "det(X)*inv(X)"),
                Identity("", "d/dX log(det(X))", "inv(X)"),
                Identity("", "d/dX log(det(A*X*B))", "B*inv(A*X*B)*A"),
                Identity("", "d/dX log(det(X'*X))", "2*inv(X'*X)*X'"),
                Identity("", "d/dX log(det(X'*A*X))", "2*inv(X'*A*X)*X'*A", "A symmetric"),
                Identity("", "d/dX det(X*B*X')", "2*det(X*B*X')*B*X'*inv(X*B*X')", "B symmetric"),
            ),
        ),
        Section(
            "",
            "Derivatives by vectors",
            (
                Identity("", "d/dx a'*x", "a'"),
                Identity("", "d/dx A*x", "A"),
                Identity("", "d/dx x'*A*x", "x'*(A + A')"),
                Identity("", "d/dx (x - m)'*inv(V)*(x - m)", "2*(x - m)'*inv(V)", "V symmetric"),
                Identity(
                    "",
                    "d/dx x'*inv(A + x*x')*x",
                    "2*x'*inv(A)/(1 + x'*inv(A)*x)^2",
                    "A symmetric",
                    note="by the formula of Sherman and Morrison",
                ),
            ),
        ),
        Section(
            "",
            "The diagonal and the Hadamard product",
            (
                Identity("", "d/dx tr(A*diag(x))", "diagvec(A)'"),
                Identity("", "d/dx x'*diag(a)*x", "2*x'*diag(a)"),
                Identity("", "d/dX a'*(X.*B)*c", "(B.*(a*c'))'"),
            ),
        ),
        Section(
            "",
            "Hessians",
            (
                Identity("", "d2/dxdx x'*A*x", "A + A'"),
                Identity("", "d2/dxdx x'*inv(A)*x", "inv(A) + inv(A)'"),
                Identity("", "d2/dxdx (x - m)'*inv(V)*(x - m)", "2*inv(V)", "V symmetric"),
            ),
        ),
    ),
)
