"""The Matrix Cookbook, sections 2 to 2.2: rules, determinants, inverses.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

_XT = "t: scalar; X(t): m n"
_XY = "t: scalar; X(t): m n; Y(t): m n"
_SQUARE = "t: scalar; X(t): n n"
_Y = "t: scalar; Y(t): n n"

RULES = Section(
    "2",
    "Derivatives: the rules",
    (
        Identity("33", "d/dt A", "zeros(m, n)", "t: scalar; A: m n"),
        Identity("34", "d/dt c*X(t)", "c*D(X, t)", f"{_XT}; c: scalar"),
        Identity("35", "d/dt X(t) + Y(t)", "D(X, t) + D(Y, t)", _XY),
        Identity("36", "d/dt tr(X(t))", "tr(D(X, t))", _SQUARE),
        Identity(
            "37", "d/dt X(t)*Y(t)", "D(X, t)*Y(t) + X(t)*D(Y, t)", "t: scalar; X(t): m n; Y(t): n p"
        ),
        Identity("38", "d/dt X(t).*Y(t)", "D(X, t).*Y(t) + X(t).*D(Y, t)", _XY),
        Identity(
            "39",
            "d/dt kron(X(t), Y(t))",
            "kron(D(X, t), Y(t)) + kron(X(t), D(Y, t))",
            "t: scalar; X(t): m n; Y(t): p q",
        ),
        Identity("40", "d/dt inv(X(t))", "-inv(X(t))*D(X, t)*inv(X(t))", _SQUARE),
        Identity(
            "41",
            "d/dt det(X(t))",
            "tr(adj(X(t))*D(X, t))",
            _SQUARE,
            note="holds for singular X too; where X is nonsingular (42) is printed",
        ),
        Identity("42", "d/dt det(X(t))", "det(X(t))*tr(inv(X(t))*D(X, t))", _SQUARE),
        Identity("43", "d/dt log(det(X(t)))", "tr(inv(X(t))*D(X, t))", _SQUARE),
        Identity("44", "d/dt X(t)'", "D(X, t)'", _XT),
        Identity(
            "45",
            "d/dt (F(t) + 1i*K(t))^H",
            "(D(F, t) + 1i*D(K, t))^H",
            "t: scalar; F(t): m n; K(t): m n",
        ),
    ),
)

GENERAL = Section(
    "2.1.1",
    "Derivatives of a determinant: general form",
    (
        Identity("46", "d/dt det(Y(t))", "det(Y(t))*tr(inv(Y(t))*D(Y, t))", _Y),
        Identity(
            "48",
            "d2/dtdt det(Y(t))",
            "det(Y(t))*(tr(inv(Y(t))*D2(Y, t)) + tr(inv(Y(t))*D(Y, t))*tr(inv(Y(t))*D(Y, t))"
            " - tr(inv(Y(t))*D(Y, t)*inv(Y(t))*D(Y, t)))",
            _Y,
        ),
    ),
)

LINEAR = Section(
    "2.1.2",
    "Derivatives of a determinant: linear forms",
    (
        Identity("49", "d/dX det(X)", "det(X)*inv(X)'"),
        Identity(
            "51",
            "d/dX det(A*X*B)",
            "det(A*X*B)*inv(X)'",
            "A: n n; X: n n; B: n n",
            note="A, X and B are square",
        ),
        Identity(
            "",
            "d/dX det(A*X*B)",
            "det(A*X*B)*(B*inv(A*X*B)*A)'",
            wrong="det(A*X*B)*pinv(X)'",
            note="(51) for rectangular factors: the inverse does not become a pseudo-inverse",
        ),
    ),
)

SQUARE = Section(
    "2.1.3",
    "Derivatives of a determinant: square forms",
    (
        Identity("52", "d/dX det(X'*A*X)", "2*det(X'*A*X)*inv(X)'", "X: n n; A: n n"),
        Identity("53", "d/dX det(X'*A*X)", "2*det(X'*A*X)*A*X*inv(X'*A*X)", "A symmetric"),
        Identity("54", "d/dX det(X'*A*X)", "det(X'*A*X)*(A*X*inv(X'*A*X) + A'*X*inv(X'*A'*X))"),
    ),
)

NONLINEAR = Section(
    "2.1.4",
    "Derivatives of a determinant: other nonlinear forms",
    (
        Identity(
            "55",
            "d/dX log(det(X'*X))",
            "2*pinv(X)'",
            note="X has full column rank, where `pinv(X) = inv(X'*X)*X'`",
        ),
        Identity(
            "56",
            "d/dP log(det(pinv(P)'*pinv(P)))",
            "-2*pinv(P)'",
            note="P is the pseudo-inverse of X, and so X that of P",
        ),
        Identity("57", "d/dX log(abs(det(X)))", "inv(X)'"),
        Identity("", "d/dX logdet(X)", "inv(X)'", note="the same: `logdet` takes the modulus"),
        Identity("58", "d/dX det(X^k)", "k*det(X^k)*inv(X)'"),
    ),
)

INVERSE = Section(
    "2.2",
    "Derivatives of an inverse",
    (
        Identity("59", "d/dt inv(Y(t))", "-inv(Y(t))*D(Y, t)*inv(Y(t))", _Y),
        Identity("60", "d/dX[i,j] inv(X)[k,l]", "-inv(X)[k,i]*inv(X)[j,l]"),
        Identity("61", "d/dX a'*inv(X)*b", "-inv(X)'*a*b'*inv(X)'"),
        Identity("62", "d/dX det(inv(X))", "-det(inv(X))*inv(X)'"),
        Identity("63", "d/dX tr(A*inv(X)*B)", "-(inv(X)*B*A*inv(X))'"),
        Identity("64", "d/dX tr(inv(X + A))", "-(inv(X + A)*inv(X + A))'"),
        Identity(
            "",
            "d/dA J(inv(A))",
            "-inv(A)'*D(J, inv(A))*inv(A)'",
            "J(W): scalar; A: n n; W: n n",
            note="J is a function of the inverse of A",
        ),
    ),
)

DETERMINANTS = (RULES, GENERAL, LINEAR, SQUARE, NONLINEAR, INVERSE)
