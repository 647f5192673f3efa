"""Statistics: Gaussians, components and factors, Gaussian processes and kernels.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

STATISTICS = (
    Section(
        "",
        "Gaussians",
        (
            Identity(
                "", "d/dm -(x - m)'*inv(S)*(x - m)/2 - log(det(S))/2", "inv(S)*(x - m)", "S pd"
            ),
            Identity(
                "",
                "d/dS -(x - m)'*inv(S)*(x - m)/2 - log(det(S))/2",
                "(inv(S)*(x - m)*(x - m)'*inv(S) - inv(S))/2",
                "S pd",
            ),
            Identity(
                "",
                "d/dP log(det(P))/2 - (x - m)'*P*(x - m)/2",
                "(inv(P) - (x - m)*(x - m)')/2",
                "P pd",
                note="by the precision",
            ),
            Identity(
                "",
                "d/dS -N*log(det(S))/2 - tr(inv(S)*C)/2",
                "(inv(S)*C*inv(S) - N*inv(S))/2",
                "S pd; C symmetric; N: scalar",
                note="N observations with scatter matrix C",
            ),
            Identity(
                "",
                "d/dS (tr(inv(T)*S) - log(det(S)))/2",
                "(inv(T) - inv(S))/2",
                "S pd; T pd",
                note=("the Kullback-Leibler divergence of Gaussians, by the first covariance"),
            ),
            Identity(
                "",
                "d/dm (m - n)'*inv((S + T)/2)*(m - n)/8",
                "inv(S + T)*(m - n)/2",
                "S pd; T pd; n: k; m: k",
                note="the Bhattacharyya distance",
            ),
            Identity(
                "",
                "d/dm -(nu + 1)*log(1 + (x - m)'*inv(S)*(x - m)/nu)",
                "2*(nu + 1)*inv(S)*(x - m)/(nu + (x - m)'*inv(S)*(x - m))",
                "S pd; nu: scalar",
                note="Student's t",
            ),
            Identity(
                "",
                "d/dW a*log(det(W)) - tr(inv(V)*W)/2",
                "a*inv(W) - inv(V)/2",
                "W pd; V pd; a: scalar",
                note="the Wishart density",
            ),
            Identity(
                "",
                "d/dX tr(X*logm(X) - X*logm(Y) - X + Y)",
                "logm(X) - logm(Y)",
                "X pd; Y pd",
                note="von Neumann divergence",
            ),
            Identity(
                "",
                "d/dS tr(inv(S)*A) + log(det(S))",
                "inv(S) - inv(S)*A*inv(S)",
                "S pd; A symmetric",
                note="Stein's loss",
            ),
        ),
    ),
    Section(
        "",
        "Principal components and factor analysis",
        (
            Identity("", "d/dW tr(W'*S*W)", "2*S*W", "S symmetric"),
            Identity(
                "",
                "d/dw w'*S*w/(w'*w)",
                "2*(S*w - (w'*S*w)*w/(w'*w))/(w'*w)",
                "S symmetric",
                wrong="2*(S*w - (w'*S*w)*w/(w'*w))",
                note=(
                    "the Rayleigh quotient; without the division it is right on "
                    "the unit sphere only"
                ),
            ),
            Identity(
                "",
                "d/dW log(det(C)) + tr(inv(C)*S)",
                "2*inv(C)*(C - S)*inv(C)*W",
                "S symmetric; p positive",
                where="C = W*W' + diag(p)",
            ),
            Identity(
                "",
                "d/dW a*log(det(W)) - sum(log.(cosh.(W*X)))",
                "a*inv(W)' - tanh.(W*X)*X'",
                "a: scalar",
                note="independent components",
            ),
            Identity(
                "",
                "d/dw (w'*a)^2/(w'*S*w)",
                "2*(w'*a)*(a - (w'*a)*S*w/(w'*S*w))/(w'*S*w)",
                "S symmetric",
                note="Fisher's criterion",
            ),
            Identity(
                "",
                "d/dW tr(W'*A*W)/tr(W'*B*W)",
                "2*(A*W - tr(W'*A*W)*B*W/tr(W'*B*W))/tr(W'*B*W)",
                "A symmetric; B symmetric",
                note="the trace ratio",
            ),
        ),
    ),
    Section(
        "",
        "Gaussian processes and kernels",
        (
            Identity(
                "", "d/dK -y'*inv(K)*y/2 - log(det(K))/2", "(inv(K)*y*y'*inv(K) - inv(K))/2", "K pd"
            ),
            Identity(
                "",
                "d/dt -y'*inv(K(t))*y/2 - log(det(K(t)))/2",
                "(y'*inv(K(t))*D(K, t)*inv(K(t))*y - tr(inv(K(t))*D(K, t)))/2",
                "t: scalar; K(t): n n pd",
            ),
            Identity("", "d/dk c - k'*inv(K)*k", "-2*inv(K)*k", "K pd; c: scalar"),
            Identity(
                "",
                "d/dx exp(-norm(x - y)^2/(2*l^2))",
                "-exp(-norm(x - y)^2/(2*l^2))*(x - y)/l^2",
                "l: scalar",
            ),
            Identity(
                "",
                "d2/dxdx k",
                "k*((x - y)*(x - y)'/l^4 - eye(n)/l^2)",
                "x: n; l: scalar",
                where="k = exp(-norm(x - y)^2/(2*l^2))",
            ),
            Identity("", "d/dx (x'*y + c)^3", "3*(x'*y + c)^2*y", "c: scalar"),
            Identity("", "d/dX sum(G.*(X*X'))", "(G + G')*X"),
            Identity(
                "",
                "d/dX sum(G.*(diagvec(X*X')*ones(m)' + ones(m)*diagvec(X*X')' - 2*X*X'))",
                "4*(diag(sum(G, 2)) - G)*X",
                "X: m n; G symmetric",
                note="weighted squared distances; the graph Laplacian of G",
            ),
        ),
    ),
)
