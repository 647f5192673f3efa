"""Rules for what is declared of a symbol, or known of a value: Q'*Q = I, e.*e = e, sum(p) = 1.

Floor 3, data only.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_HORN = "Horn & Johnson 2013, Matrix Analysis"
_PENROSE = "Penrose 1955, A generalized inverse for matrices"
_DEF = "definition"


def _law(name: str, left: str, right: str, given: str, cite: str = _DEF) -> Rule:
    return Rule(name, left, right, given, cite, when="property")


PROPERTY_RULES: tuple[Rule, ...] = (
    _law("orthonormal-columns", "Q'*Q", "eye(n)", "Q: m n orthonormal"),
    _law("orthogonal-rows", "Q*Q'", "eye(n)", "Q: n n orthogonal", f"{_HORN}, 2.1.4"),
    _law("unitary-columns", "U^H*U", "eye(n)", "U: n n unitary"),
    _law("unitary-rows", "U*U^H", "eye(n)", "U: n n unitary"),
    _law("square-of-idempotent", "P*P", "P", "P: n n idempotent"),
    _law("square-of-involution", "A*A", "eye(n)", "A: n n involutory"),
    _law("square-of-zeros-and-ones", "b^2", "b", "b: scalar binary"),
    _law("square-of-sign", "s^2", "1", "s: scalar sign"),
    _law("inverse-of-sign", "1/s", "s", "s: scalar sign"),
    _law("length-of-unit-vector", "x'*x", "1", "x: n unit"),
    _law("norm-of-unit-matrix", "inner(X, X)", "1", "X: m n unit"),
    _law("sum-of-distribution", "sum(p)", "1", "p: n simplex"),
    _law("sum-of-joint-distribution", "sum(P)", "1", "P: m n simplex"),
    _law("rows-of-stochastic", "A*ones(n)", "ones(m)", "A: m n row_stochastic"),
    _law("columns-of-stochastic", "A'*ones(m)", "ones(n)", "A: m n column_stochastic"),
    _law("sum-of-centered", "sum(x)", "0", "x: n centered"),
    _law("columns-of-centered", "A'*ones(m)", "zeros(n)", "A: m n centered"),
    _law("diagonal-of-ones", "diagvec(A)", "ones(n)", "A: n n unit_diagonal"),
    _law("diagonal-of-zeros", "diagvec(A)", "zeros(n)", "A: n n hollow"),
    Rule("inverse-of-involution", "inv(A)", "A", "A: n n involutory", _DEF),
    Rule("pseudo-inverse-of-orthonormal", "pinv(Q)", "Q'", "Q: m n orthonormal", _PENROSE),
    Rule("pseudo-inverse-of-projection", "pinv(P)", "P", "P: n n symmetric idempotent", _PENROSE),
    Rule("determinant-of-unit-lower", "det(L)", "1", "L: n n lower unit_diagonal", f"{_HORN}, 0.9"),
    Rule("determinant-of-unit-upper", "det(U)", "1", "U: n n upper unit_diagonal", f"{_HORN}, 0.9"),
    Rule(
        "log-determinant-of-unit-lower",
        "logdet(L)",
        "0",
        "L: n n lower unit_diagonal",
        f"{_HORN}, 0.9",
    ),
    Rule(
        "log-determinant-of-unit-upper",
        "logdet(U)",
        "0",
        "U: n n upper unit_diagonal",
        f"{_HORN}, 0.9",
    ),
    Rule("log-determinant-of-orthogonal", "logdet(Q)", "0", "Q: n n orthogonal", f"{_HORN}, 2.1"),
    Rule("log-determinant-of-involution", "logdet(A)", "0", "A: n n involutory", f"{_HORN}, 0.9"),
    Rule("absolute-value-of-nonnegative", "abs(x)", "x", "x: scalar nonnegative", _DEF),
    Rule("absolute-value-of-nonpositive", "abs(x)", "-x", "x: scalar nonpositive", _DEF),
    Rule("absolute-value-of-sign", "abs(x)", "1", "x: scalar sign", _DEF),
    Rule("sign-of-positive", "sign(x)", "1", "x: scalar positive", _DEF),
    Rule("sign-of-negative", "sign(x)", "-1", "x: scalar negative", _DEF),
    Rule("sign-of-sign", "sign(x)", "x", "x: scalar sign", _DEF),
    Rule("step-of-positive", "step(x)", "1", "x: scalar positive", _DEF),
    Rule("step-of-negative", "step(x)", "0", "x: scalar negative", _DEF),
    Rule("rectifier-of-nonnegative", "relu(x)", "x", "x: scalar nonnegative", _DEF),
    Rule("rectifier-of-nonpositive", "relu(x)", "0", "x: scalar nonpositive", _DEF),
)
