"""Rules for the pseudo-inverse and for factors of a decomposition.

Floor 3, data only.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_PENROSE = "Penrose 1955, A generalized inverse for matrices"
_HORN = "Horn & Johnson 2013, Matrix Analysis"

SPECTRAL_RULES: tuple[Rule, ...] = (
    Rule("pseudo-inverse-of-pseudo-inverse", "pinv(pinv(A))", "A", "A: m n", _PENROSE),
    Rule("pseudo-inverse-of-invertible", "pinv(A)", "inv(A)", "A: n n invertible", _PENROSE),
    Rule("pseudo-inverse-of-identity", "pinv(eye(n))", "eye(n)", "", _PENROSE),
    # Penrose's equations, and what they say of A'*A and A*A'.
    Rule("first-penrose-equation", "A*pinv(A)*A", "A", "A: m n", _PENROSE, when="law"),
    Rule("second-penrose-equation", "pinv(A)*A*pinv(A)", "pinv(A)", "A: m n", _PENROSE, when="law"),
    Rule("left-projection", "pinv(A)'*A'", "A*pinv(A)", "A: m n", _PENROSE, when="law"),
    Rule("right-projection", "A'*pinv(A)'", "pinv(A)*A", "A: m n", _PENROSE, when="law"),
    Rule("third-penrose-equation", "A'*A*pinv(A)", "A'", "A: m n", _PENROSE, when="law"),
    Rule("fourth-penrose-equation", "pinv(A)*A*A'", "A'", "A: m n", _PENROSE, when="law"),
    Rule(
        "left-projection-of-pseudo-inverse",
        "A'*pinv(A)'*pinv(A)",
        "pinv(A)",
        "A: m n",
        _PENROSE,
        when="law",
    ),
    Rule(
        "right-projection-of-pseudo-inverse",
        "pinv(A)*pinv(A)'*A'",
        "pinv(A)",
        "A: m n",
        _PENROSE,
        when="law",
    ),
    Rule("cholesky-of-identity", "chol(eye(n))", "eye(n)", "", _HORN),
    Rule("cholesky-factors", "chol(A)*chol(A)'", "A", "A: n n symmetric", _HORN, when="law"),
    Rule("eigenvectors-by-rows", "eigvecs(A)*eigvecs(A)'", "eye(n)", "A: n n", _HORN, when="law"),
    Rule(
        "eigenvectors-by-columns", "eigvecs(A)'*eigvecs(A)", "eye(n)", "A: n n", _HORN, when="law"
    ),
    Rule(
        "largest-eigenvector",
        "A*eigvecmax(A)",
        "eigmax(A)*eigvecmax(A)",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule(
        "smallest-eigenvector",
        "A*eigvecmin(A)",
        "eigmin(A)*eigvecmin(A)",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule("perron-vector", "A*perronvec(A)", "perron(A)*perronvec(A)", "A: n n", _HORN, when="law"),
    Rule("largest-singular-vectors", "A*rsv(A)", "normspec(A)*lsv(A)", "A: m n", _HORN, when="law"),
    Rule("left-singular-vectors", "svdu(A)'*svdu(A)", "eye(n)", "A: m n", _HORN, when="law"),
    Rule("right-singular-vectors", "svdv(A)'*svdv(A)", "eye(n)", "A: m n", _HORN, when="law"),
    Rule(
        "right-singular-vectors-by-rows", "svdv(A)*svdv(A)'", "eye(n)", "A: m n", _HORN, when="law"
    ),
    Rule(
        "singular-value-decomposition",
        "A*svdv(A)",
        "svdu(A)*diag(svdvals(A))",
        "A: m n",
        _HORN,
        when="law",
    ),
)
