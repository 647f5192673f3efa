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
                    note="W is symmetric; in general -(x - A*s)'*(W + W')*A",
                ),
            ),
        ),
    ),
)
