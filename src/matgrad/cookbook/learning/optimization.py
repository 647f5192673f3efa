"""Optimization: matrix factorization, filtering and control, barriers and designs.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

OPTIMIZATION = (
    Section(
        "",
        "Matrix factorization",
        (
            Identity(
                "", "d/dU normF(M - U*V')^2 + a*normF(U)^2", "2*((U*V' - M)*V + a*U)", "a: scalar"
            ),
            Identity(
                "", "d/dH normF(W*H - V)^2/2", "W'*(W*H - V)", note="nonnegative factorization"
            ),
            Identity("", "d/dR normF(A*R - B)^2", "2*A'*(A*R - B)", note="Procrustes"),
            Identity("", "d/dX normnuc(X)", "polar(X)"),
            Identity(
                "",
                "d/dU normF(M.*(Y - U*V'))^2",
                "-2*(M.*M.*(Y - U*V'))*V",
                note="matrix completion",
            ),
            Identity(
                "",
                "d/dY normF(Y - W*Y)^2",
                "2*(eye(m) - W)'*(Y - W*Y)",
                "Y: m n",
                note="locally linear embedding",
            ),
        ),
    ),
    Section(
        "",
        "Filtering and control",
        (
            Identity(
                "",
                "d/dK tr((eye(n) - K*H)*P*(eye(n) - K*H)' + K*R*K')",
                "2*(K*R - (eye(n) - K*H)*P*H')",
                "P: n n symmetric; R symmetric",
                note="the Kalman gain makes it zero",
            ),
            Identity(
                "",
                "d/du u'*R*u + (A*x + B*u)'*P*(A*x + B*u)",
                "2*(R*u + B'*P*(A*x + B*u))",
                "P symmetric; R symmetric",
                note="one step of LQR",
            ),
            Identity(
                "",
                "d/dx (y - H*x)'*inv(R)*(y - H*x) + (x - m)'*inv(P)*(x - m)",
                "2*(inv(P)*(x - m) - H'*inv(R)*(y - H*x))",
                "R pd; P pd",
            ),
            Identity(
                "",
                "d/da inv(eye(n) - a*A)*b",
                "inv(eye(n) - a*A)*A*inv(eye(n) - a*A)*b",
                "a: scalar; A: n n",
                note="Katz centrality",
            ),
            Identity(
                "",
                "d/dQ sum(G.*sylv(A, B, Q))",
                "sylv(A', B', G)",
                note="the solution X of A X + X B = Q",
            ),
            Identity("", "d/dA sum(G.*sylv(A, B, Q))", "-sylv(A', B', G)*sylv(A, B, Q)'"),
        ),
    ),
    Section(
        "",
        "Optimization",
        (
            Identity(
                "", "d/dx -sum(log(b - A*x))", "A'*(1./(b - A*x))", note="the logarithmic barrier"
            ),
            Identity(
                "", "d2/dxdx -sum(log(b - A*x))", "A'*diag(1./(b - A*x)).^2*A", note="its Hessian"
            ),
            Identity("", "d/dx c'*x - mu*sum(log(x))", "c - mu./x", "mu: scalar; x: n"),
            Identity("", "d/dX -log(det(X))", "-inv(X)", "X pd"),
            Identity(
                "",
                "d/dw log(det(X'*diag(w)*X))",
                "diagvec(X*inv(X'*diag(w)*X)*X')",
                note="D-optimal design",
            ),
            Identity(
                "",
                "d/dw w'*mu/sqrt(w'*S*w)",
                "(mu - (w'*mu)*S*w/(w'*S*w))/sqrt(w'*S*w)",
                "S symmetric",
                note="the Sharpe ratio",
            ),
            Identity(
                "",
                "d/dx sum(((A*x).^2 - y).^2)",
                "4*A'*(((A*x).^2 - y).*(A*x))",
                note="phase retrieval",
            ),
            Identity(
                "",
                "d/dx x'*x*x",
                "2*x*x' + (x'*x)*eye(n)",
                "x: n",
                wrong="3*x*x'",
                note="treated like the cube of a number",
            ),
            Identity(
                "",
                "d/df sum(exp.((f*ones(n)' + ones(m)*g' - C)/e))",
                "sum(exp.((f*ones(n)' + ones(m)*g' - C)/e), 2)/e",
                "f: m; g: n; e: scalar",
                note="entropic optimal transport",
            ),
            Identity(
                "", "d/dx t*logsumexp(x/t)", "softmax(x/t)", "t: scalar", note="a smooth maximum"
            ),
            Identity(
                "", "d/dt t*logsumexp(x/t)", "logsumexp(x/t) - softmax(x/t)'*x/t", "t: scalar; x: n"
            ),
            Identity("", "d/dx max(x)", "argmax1(x)"),
        ),
    ),
)
