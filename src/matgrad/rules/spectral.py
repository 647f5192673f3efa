"""Rules for the pseudo-inverse and for factors of a decomposition.

Floor 3, data only.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_PENROSE = "Penrose 1955, A generalized inverse for matrices"
_HORN = "Horn & Johnson 2013, Matrix Analysis"
_GOLUB = "Golub & Van Loan 2013, Matrix Computations, ch. 3-5"
_PARLETT = "Parlett 1998, The Symmetric Eigenvalue Problem, ch. 15"
_HIGHAM = "Higham 2008, Functions of Matrices, ch. 1"

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
        "inverse-cholesky-factors",
        "inv(chol(A))'*inv(chol(A))",
        "inv(A)",
        "A: n n symmetric",
        _GOLUB,
        when="law",
    ),
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
    Rule(
        "eigenvector-of-pair",
        "A*geigvec(A, B, s)",
        "geigval(A, B, s)*B*geigvec(A, B, s)",
        "A: n n symmetric; B: n n symmetric; s: scalar",
        _PARLETT,
        when="law",
    ),
    Rule(
        "length-of-eigenvector-of-pair",
        "geigvec(A, B, s)'*B*geigvec(A, B, s)",
        "1",
        "A: n n; B: n n symmetric; s: scalar",
        _PARLETT,
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
    Rule(
        "left-singular-vectors-of-transpose",
        "A'*svdu(A)",
        "svdv(A)*diag(svdvals(A))",
        "A: m n",
        _HORN,
        when="law",
    ),
    Rule(
        "singular-value-factors",
        "svdu(A)*diag(svdvals(A))*svdv(A)'",
        "A",
        "A: m n",
        _HORN,
        when="law",
    ),
    Rule(
        "largest-singular-vectors-of-transpose",
        "A'*lsv(A)",
        "normspec(A)*rsv(A)",
        "A: m n",
        _HORN,
        when="law",
    ),
    Rule(
        "eigenvectors",
        "A*eigvecs(A)",
        "eigvecs(A)*diag(eigvals(A))",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule(
        "spectral-factors",
        "eigvecs(A)*diag(eigvals(A))*eigvecs(A)'",
        "A",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule(
        "inverse-by-eigenvectors",
        "eigvecs(A)*diag(ones(n)./eigvals(A))*eigvecs(A)'",
        "inv(A)",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule(
        "exponential-by-eigenvectors",
        "eigvecs(A)*diag(exp(eigvals(A)))*eigvecs(A)'",
        "expm(A)",
        "A: n n symmetric",
        _HIGHAM,
        when="law",
    ),
    Rule(
        "logarithm-by-eigenvectors",
        "eigvecs(A)*diag(log(eigvals(A)))*eigvecs(A)'",
        "logm(A)",
        "A: n n symmetric",
        _HIGHAM,
        when="law",
    ),
    Rule(
        "root-by-eigenvectors",
        "eigvecs(A)*diag(sqrt(eigvals(A)))*eigvecs(A)'",
        "sqrtm(A)",
        "A: n n symmetric",
        _HIGHAM,
        when="law",
    ),
    Rule(
        "pseudo-inverse-by-singular-vectors",
        "svdv(A)*diag(ones(n)./svdvals(A))*svdu(A)'",
        "pinv(A)",
        "A: m n",
        _GOLUB,
        when="law",
    ),
    Rule("sum-of-eigenvalues", "eigvals(A)'*ones(n)", "tr(A)", "A: n n", _HORN, when="law"),
    Rule("product-of-eigenvalues", "prod(eigvals(A))", "det(A)", "A: n n symmetric", _HORN),
    Rule(
        "sum-of-squared-eigenvalues",
        "eigvals(A)'*eigvals(A)",
        "tr(A*A)",
        "A: n n symmetric",
        _HORN,
        when="law",
    ),
    Rule(
        "sum-of-log-eigenvalues",
        "log(eigvals(A))'*ones(n)",
        "logdet(A)",
        "A: n n pd",
        _HORN,
        when="law",
    ),
    Rule(
        "sum-of-singular-values", "svdvals(A)'*ones(n)", "normnuc(A)", "A: m n", _HORN, when="law"
    ),
    Rule(
        "sum-of-squared-singular-values",
        "svdvals(A)'*svdvals(A)",
        "tr(A'*A)",
        "A: m n",
        _HORN,
        when="law",
    ),
    Rule("triangular-factors", "qrq(A)*qrr(A)", "A", "A: m n", _GOLUB, when="law"),
    Rule("orthonormal-factor", "qrq(A)'*qrq(A)", "eye(n)", "A: m n", _GOLUB, when="law"),
    Rule("square-of-triangular-factor", "qrr(A)'*qrr(A)", "A'*A", "A: m n", _GOLUB, when="law"),
    Rule("elimination-factors", "lul(A)*luu(A)", "A", "A: n n", _GOLUB, when="law"),
    Rule("determinant-of-lower-factor", "det(lul(A))", "1", "A: n n", _GOLUB),
    Rule("determinant-of-upper-factor", "det(luu(A))", "det(A)", "A: n n", _GOLUB),
    Rule("log-determinant-of-upper-factor", "logdet(luu(A))", "logdet(A)", "A: n n", _GOLUB),
    Rule(
        "log-determinant-of-cholesky-factor",
        "logdet(chol(A))",
        "logdet(A)/2",
        "A: n n symmetric",
        _GOLUB,
    ),
    Rule("determinant-of-cholesky-factor", "det(chol(A))", "sqrt(det(A))", "A: n n pd", _GOLUB),
)
