"""Where the rules come from: proofs of differentials, as data that is read, shown and replayed.

Floor 4, data only.  A chain is a first line and what it equals in turn, each with a reason; the
last chain begins and ends with the two sides of the rule.  `moves` are the differentials that lines
mention, by name: `dF` for `d(inv(A))`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Line:
    """What a chain goes on with: the expression, the name of the reason, and the reason in words
    where the name is not that of a rule."""

    text: str
    reason: str
    words: str = ""


@final
@dataclass(frozen=True, slots=True)
class Chain:
    """Equalities one after the other."""

    start: str
    lines: tuple[Line, ...]


@final
@dataclass(frozen=True, slots=True)
class RuleProof:
    """The proof of an operator's differential in A; further symbols stand still."""

    op: str
    given: str
    moves: tuple[tuple[str, str], ...]
    chains: tuple[Chain, ...]
    cite: str


_MN = "Magnus & Neudecker 2019"
_PRODUCT = "product-rule"
_CONSTANT = "constant"

PROOFS: tuple[RuleProof, ...] = (
    RuleProof(
        "inv",
        "A: n n",
        (("dA", "A"), ("dF", "inv(A)"), ("dP", "inv(A)*A"), ("dI", "eye(n)")),
        (
            Chain(
                "zeros(n, n)",
                (
                    Line("dI", _CONSTANT, "the identity does not vary"),
                    Line("dP", "inverse-cancels"),
                    Line("dF*A + inv(A)*dA", _PRODUCT),
                ),
            ),
            Chain("dF", (Line("-inv(A)*dA*inv(A)", "solved", "times inv(A) from the right"),)),
        ),
        f"{_MN}, ch. 8, sec. 4; MML (5.102)",
    ),
    RuleProof(
        "det",
        "A: n n",
        (("dA", "A"), ("dF", "det(A)")),
        (
            Chain(
                "dF",
                (
                    Line(
                        "sum(i=1..n, det(A + unit(i, n)*unit(i, n)'*(dA - A)))",
                        "multilinearity",
                        "a determinant is linear in every row: one row at a time is replaced "
                        "by its differential",
                    ),
                    Line(
                        "sum(i=1..n, unit(i, n)'*dA*adj(A)*unit(i, n))",
                        "expansion",
                        "along the row that was replaced (Laplace)",
                    ),
                    Line("tr(dA*adj(A))", "trace", "the sum of the diagonal"),
                    Line("tr(adj(A)*dA)", "trace-rearranged"),
                    Line("det(A)*tr(inv(A)*dA)", "adjugate-of-nonsingular"),
                ),
            ),
        ),
        f"Jacobi's formula; {_MN}, ch. 8, sec. 3; MML (5.101)",
    ),
    RuleProof(
        "logdet",
        "A: n n",
        (("dA", "A"), ("dF", "logdet(A)"), ("dD", "det(A)")),
        (
            Chain(
                "dF",
                (
                    Line("dD/det(A)", "chain-rule", "of the logarithm of an absolute value"),
                    Line("det(A)*tr(inv(A)*dA)/det(A)", "differential-of-det", "Jacobi's formula"),
                    Line("tr(inv(A)*dA)", "scalars-cancel"),
                ),
            ),
        ),
        f"{_MN}, ch. 8, sec. 3",
    ),
    RuleProof(
        "pinv",
        "A: m n",
        (
            ("dA", "A"),
            ("dF", "pinv(A)"),
            ("dL", "pinv(A)*A"),
            ("dR", "A*pinv(A)"),
            ("dP", "pinv(A)*A*pinv(A)"),
        ),
        (
            Chain(
                "dL*(pinv(A)*A) + pinv(A)*A*dL",
                (Line("dL", "projection", "L = pinv(A)*A is its own square and symmetric"),),
            ),
            Chain(
                "dL*pinv(A)",
                (
                    Line(
                        "(eye(n) - pinv(A)*A)*dA'*pinv(A)'*pinv(A)",
                        "projection",
                        "L*A' = A', so that dL*A' = (I - L)*dA'",
                    ),
                ),
            ),
            Chain(
                "pinv(A)*dR",
                (
                    Line(
                        "pinv(A)*pinv(A)'*dA'*(eye(m) - A*pinv(A))",
                        "projection",
                        "A'*R = A' for R = A*pinv(A), so that A'*dR = dA'*(I - R)",
                    ),
                ),
            ),
            Chain(
                "dF",
                (
                    Line("dP", "Penrose", "pinv(A)*A*pinv(A) = pinv(A)"),
                    Line("dL*pinv(A) + pinv(A)*A*dF", _PRODUCT),
                    Line(
                        "dL*pinv(A) + pinv(A)*dR - pinv(A)*dA*pinv(A)",
                        _PRODUCT,
                        "A*d(pinv(A)) = d(A*pinv(A)) - dA*pinv(A)",
                    ),
                    Line(
                        "(eye(n) - pinv(A)*A)*dA'*pinv(A)'*pinv(A) "
                        "+ pinv(A)*pinv(A)'*dA'*(eye(m) - A*pinv(A)) - pinv(A)*dA*pinv(A)",
                        "put-in",
                        "the two projections from above",
                    ),
                ),
            ),
        ),
        f"Golub & Pereyra 1973; {_MN}, ch. 8, sec. 5",
    ),
    RuleProof(
        "chol",
        "A: n n pd",
        (("dA", "A"), ("dF", "chol(A)"), ("dP", "chol(A)*chol(A)'")),
        (
            Chain(
                "(dA + dA')/2",
                (
                    Line("dP", "factorization", "A = L*L' with L = chol(A), A symmetric"),
                    Line("dF*chol(A)' + chol(A)*dF'", _PRODUCT),
                ),
            ),
            Chain(
                "inv(chol(A))*(dA + dA')/2*inv(chol(A))'",
                (
                    Line(
                        "inv(chol(A))*dF + (inv(chol(A))*dF)'",
                        "inverse-cancels",
                        "times inv(L) from the left and inv(L)' from the right",
                    ),
                ),
            ),
            Chain(
                "inv(chol(A))*dF",
                (
                    Line(
                        "tril(inv(chol(A))*(dA + dA')/2*inv(chol(A))') "
                        "- inv(chol(A))*(dA + dA')/2*inv(chol(A))'.*eye(n)/2",
                        "lower-half",
                        "inv(L)*dL is lower triangular: the half below the diagonal of the sum, "
                        "and half of the diagonal",
                    ),
                ),
            ),
            Chain(
                "dF",
                (
                    Line(
                        "chol(A)*(tril(inv(chol(A))*(dA + dA')/2*inv(chol(A))') "
                        "- inv(chol(A))*(dA + dA')/2*inv(chol(A))'.*eye(n)/2)",
                        "solved",
                        "times L from the left",
                    ),
                ),
            ),
        ),
        "Murray 2016, Differentiation of the Cholesky decomposition; Giles 2008, sec. 2.2.5",
    ),
    RuleProof(
        "sqrtm",
        "A: n n pd",
        (("dA", "A"), ("dF", "sqrtm(A)"), ("dP", "sqrtm(A)*sqrtm(A)")),
        (
            Chain(
                "(dA + dA')/2",
                (
                    Line("dP", "root", "A = S*S with S = sqrtm(A), A symmetric"),
                    Line("dF*sqrtm(A) + sqrtm(A)*dF", _PRODUCT),
                ),
            ),
            Chain(
                "dF",
                (
                    Line(
                        "sylv(sqrtm(A), sqrtm(A), (dA + dA')/2)",
                        "solved",
                        "the one solution of Sylvester's equation S*dS + dS*S = dA",
                    ),
                ),
            ),
        ),
        "Higham 2008, Functions of Matrices, ch. 6",
    ),
    RuleProof(
        "expm",
        "A: n n",
        (
            ("dA", "A"),
            ("dF", "expm(A)"),
            ("dH", "expm(A/2)"),
            ("dP", "expm(A/2)*expm(A/2)"),
        ),
        (
            Chain(
                "dF",
                (
                    Line("dP", "half", "an exponential is the square of that of half"),
                    Line("dH*expm(A/2) + expm(A/2)*dH", _PRODUCT),
                    Line(
                        "expm_frechet(A/2, dA/2)*expm(A/2) + expm(A/2)*expm_frechet(A/2, dA/2)",
                        "definition",
                        "the linear map that is the derivative at A/2, of dA/2; halving on, it "
                        "becomes dA/2^k, the derivative at zero",
                    ),
                    Line("expm_frechet(A, dA)", "doubling", "the map at A from that at A/2"),
                ),
            ),
        ),
        "Higham 2008, Functions of Matrices, ch. 10",
    ),
    RuleProof(
        "norm2",
        "A: n",
        (("dA", "A"), ("dF", "norm(A)"), ("dS", "norm(A)^2"), ("dQ", "A'*A")),
        (
            Chain(
                "2*norm(A)*dF",
                (
                    Line("dS", "chain-rule", "of the square"),
                    Line("dQ", "definition", "norm(A)^2 = A'*A"),
                    Line("2*A'*dA", _PRODUCT, "and a scalar is its own transpose"),
                ),
            ),
            Chain("dF", (Line("A'*dA/norm(A)", "solved", "over 2*norm(A)"),)),
        ),
        f"{_MN}, ch. 9",
    ),
)
