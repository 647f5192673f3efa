"""Questions asked on Mathematics Stack Exchange, by the number of the question.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section, Source

QUESTIONS = Source(
    "questions",
    "Mathematics Stack Exchange",
    "math.stackexchange.com/questions, by the number of the question",
    "gradient",
    (
        Section(
            "",
            "Frobenius norms",
            (
                Identity(
                    "4466931",
                    "d/dX normF(Y - X*B*X')^2",
                    "-4*(Y - X*B*X)*X*B",
                    "Y symmetric; X: n n symmetric; B symmetric",
                    wrong="4*(Y - X*B*X)*X*B",
                    note="the posted answer drops the minus sign of the inner derivative",
                ),
                Identity("1991657", "d/dX normF(X' - A)^2", "2*(X - A')"),
                Identity(
                    "3781728",
                    "d/dA normF(A*B*A' - C)^2",
                    "2*(R'*A*B + R*A*B')",
                    where="R = A*B*A' - C",
                ),
                Identity("2828501", "d/dX normF(A*(B.*X))^2", "2*B.*(A'*A*(B.*X))"),
                Identity("2245801", "d/dA normF((B'*A).*C)^2", "2*B*(C.*C.*(B'*A))"),
                Identity("2586376", "d/dX tr((A.*(X*B))*(A.*(X*B))')", "2*(A.^2.*(X*B))*B'"),
            ),
        ),
        Section(
            "",
            "Traces and inverses",
            (
                Identity("3764596", "d/dX tr(inv(X))", "-(inv(X)^2)'"),
                Identity(
                    "2790096", "d/dX tr(X'*A*inv(X)*B)", "A*inv(X)*B - inv(X)'*A'*X*B'*inv(X)'"
                ),
                Identity("3703060", "d/dX tr((A.*(B'*X*B))*C)", "B*(A.*C')*B'"),
                Identity(
                    "3924311",
                    "d/dx f(x)'*inv(A + x*B)*f(x)",
                    "2*D(f, x)'*v - v'*B*v",
                    "x: scalar; A: n n symmetric; B: n n symmetric; f(x): n",
                    where="v = inv(A + x*B)*f(x)",
                ),
            ),
        ),
        Section(
            "",
            "Determinants",
            (
                Identity(
                    "3439288", "d/dX log(det(eye(m) + X*X'))", "2*inv(eye(m) + X*X')*X", "X: m n"
                ),
            ),
        ),
        Section(
            "",
            "Quotients and Hessians",
            (
                Identity(
                    "2209581",
                    "d/dw (w'*A*w)/(w'*B*w)",
                    "2*(A*w - (w'*A*w)*(B*w)/(w'*B*w))/(w'*B*w)",
                    "A symmetric; B symmetric",
                ),
                Identity("3716984", "d2/dxdx norm(A*x - b)^2", "2*A'*A"),
                Identity(
                    "4810970", "d/dx diag(x)*diag(x)*A*x", "diag(x.^2)*A + 2*diag(x.*(A*x))", "x: n"
                ),
                Identity(
                    "2637252",
                    "d/dw w'*w/2 + c*sum(softplus(-y.*(X*w)))",
                    "w - c*X'*(y.*sigmoid(-y.*(X*w)))",
                    "c: scalar; w: n",
                ),
                Identity("2811249", "d/dX normnuc(X*A)", "polar(X*A)*A'"),
            ),
        ),
    ),
)
