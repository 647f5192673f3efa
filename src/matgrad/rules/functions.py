"""Rules for functions of matrices: arguments that commute, inverse pairs, determinants.

Floor 3, data only.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_HIGHAM = "Higham 2008, Functions of Matrices, ch. 1"
_MN = "Magnus & Neudecker 2019, ch. 1"

FUNCTION_RULES: tuple[Rule, ...] = (
    # f(A + t*E) = f(A) + t*E*f'(A) + … where A and E commute.
    Rule("exponential-along-identity", "expm_frechet(A, eye(n))", "expm(A)", "A: n n", _HIGHAM),
    Rule("exponential-along-itself", "expm_frechet(A, A)", "A*expm(A)", "A: n n", _HIGHAM),
    Rule(
        "exponential-along-its-line",
        "expm_frechet(c*A, A)",
        "A*expm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
    ),
    Rule("matrix-sine-along-identity", "sinm_frechet(A, eye(n))", "cosm(A)", "A: n n", _HIGHAM),
    Rule("matrix-sine-along-itself", "sinm_frechet(A, A)", "A*cosm(A)", "A: n n", _HIGHAM),
    Rule(
        "matrix-sine-along-its-line",
        "sinm_frechet(c*A, A)",
        "A*cosm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
    ),
    Rule("matrix-cosine-along-identity", "cosm_frechet(A, eye(n))", "-sinm(A)", "A: n n", _HIGHAM),
    Rule("matrix-cosine-along-itself", "cosm_frechet(A, A)", "-A*sinm(A)", "A: n n", _HIGHAM),
    Rule(
        "matrix-cosine-along-its-line",
        "cosm_frechet(c*A, A)",
        "-A*sinm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
    ),
    Rule(
        "logarithm-along-identity",
        "logm_frechet(A, eye(n))",
        "inv(A)",
        "A: n n symmetric",
        _HIGHAM,
    ),
    Rule("logarithm-along-itself", "logm_frechet(A, A)", "eye(n)", "A: n n symmetric", _HIGHAM),
    Rule("sylvester-of-identity", "sylv(A, A, eye(n))", "inv(A)/2", "A: n n", _HIGHAM),
    Rule("sylvester-of-itself", "sylv(A, A, A)", "eye(n)/2", "A: n n", _HIGHAM),
    Rule(
        "sylvester-of-square",
        "sylv(sqrtm(A), sqrtm(A), A)",
        "sqrtm(A)/2",
        "A: n n symmetric",
        _HIGHAM,
    ),
    Rule("diagonal-sums-of-identity", "diagsums(eye(n))", "n*eye(n)", "", "definition"),
    Rule("matrix-exponential-of-zero", "expm(zeros(n, n))", "eye(n)", "", _HIGHAM),
    Rule("matrix-sine-of-zero", "sinm(zeros(n, n))", "zeros(n, n)", "", _HIGHAM),
    Rule("matrix-cosine-of-zero", "cosm(zeros(n, n))", "eye(n)", "", _HIGHAM),
    Rule("matrix-sine-is-odd", "sinm(-A)", "-sinm(A)", "A: n n", _HIGHAM),
    Rule("matrix-cosine-is-even", "cosm(-A)", "cosm(A)", "A: n n", _HIGHAM),
    Rule("matrix-logarithm-of-identity", "logm(eye(n))", "zeros(n, n)", "", _HIGHAM),
    Rule("matrix-root-of-identity", "sqrtm(eye(n))", "eye(n)", "", _HIGHAM),
    Rule("matrix-exponential-of-logarithm", "expm(logm(A))", "A", "A: n n symmetric", _HIGHAM),
    Rule("matrix-logarithm-of-exponential", "logm(expm(A))", "A", "A: n n symmetric", _HIGHAM),
    Rule("inverse-of-exponential", "inv(expm(A))", "expm(-A)", "A: n n", _HIGHAM),
    Rule("determinant-of-exponential", "det(expm(A))", "exp(tr(A))", "A: n n", _MN),
    Rule("log-determinant-of-exponential", "logdet(expm(A))", "tr(A)", "A: n n", _MN),
    Rule("log-determinant-of-root", "logdet(sqrtm(A))", "logdet(A)/2", "A: n n symmetric", _MN),
    Rule("exponential-commutes", "expm(A)*A", "A*expm(A)", "A: n n", _HIGHAM, when="law"),
    Rule(
        "exponential-commutes-on-its-line",
        "expm(c*A)*A",
        "A*expm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
        when="law",
    ),
    Rule("matrix-sine-commutes", "sinm(A)*A", "A*sinm(A)", "A: n n", _HIGHAM, when="law"),
    Rule(
        "matrix-sine-commutes-on-its-line",
        "sinm(c*A)*A",
        "A*sinm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
        when="law",
    ),
    Rule("matrix-cosine-commutes", "cosm(A)*A", "A*cosm(A)", "A: n n", _HIGHAM, when="law"),
    Rule(
        "matrix-cosine-commutes-on-its-line",
        "cosm(c*A)*A",
        "A*cosm(c*A)",
        "c: scalar; A: n n",
        _HIGHAM,
        when="law",
    ),
    Rule("product-of-exponentials", "expm(A)*expm(-A)", "eye(n)", "A: n n", _HIGHAM, when="law"),
    Rule("square-of-root", "sqrtm(A)*sqrtm(A)", "A", "A: n n symmetric", _HIGHAM, when="law"),
)
