"""Machine learning: regression, classification, exponential families.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

REGRESSION = (
    Section(
        "",
        "Linear regression",
        (
            Identity("", "d/dw norm(X*w - y)^2", "2*X'*(X*w - y)", note="least squares"),
            Identity(
                "",
                "d2/dwdw norm(X*w - y)^2",
                "2*X'*X",
                "w: n",
                wrong="X'*X",
                note="a common slip drops the 2",
            ),
            Identity(
                "",
                "d/dw norm(X*w - y)^2/2 + lam*norm(w)^2/2",
                "X'*(X*w - y) + lam*w",
                "lam: scalar; w: n",
                note="ridge regression",
            ),
            Identity(
                "",
                "d2/dwdw norm(X*w - y)^2/2 + lam*norm(w)^2/2",
                "X'*X + lam*eye(n)",
                "lam: scalar; w: n",
            ),
            Identity(
                "",
                "d/dW normF(X*W - Y)^2 + lam*normF(W)^2",
                "2*(X'*(X*W - Y) + lam*W)",
                "lam: scalar",
                note="several outputs",
            ),
            Identity(
                "",
                "d/dw norm(X*w - y)^2 + norm(G*w)^2",
                "2*(X'*(X*w - y) + G'*G*w)",
                note="Tikhonov",
            ),
            Identity(
                "",
                "d/db (y - X*b)'*diag(w)*(y - X*b)",
                "-2*X'*(w.*(y - X*b))",
                note="weighted least squares",
            ),
            Identity(
                "",
                "d/db (y - X*b)'*inv(S)*(y - X*b)",
                "-2*X'*inv(S)*(y - X*b)",
                "S pd",
                note="generalized least squares",
            ),
            Identity(
                "",
                "d/dS (y - X*b)'*inv(S)*(y - X*b)",
                "-inv(S)*(y - X*b)*(y - X*b)'*inv(S)",
                "S pd",
            ),
            Identity(
                "",
                "d/dw norm(X*w - y)^2/2 + lam*norm1(w)",
                "X'*(X*w - y) + lam*sign(w)",
                "lam: scalar; w: n",
                note="lasso, where no weight is zero",
            ),
            Identity(
                "",
                "d/dt inv(X'*X + t*eye(n))*X'*y",
                "-inv(X'*X + t*eye(n))*inv(X'*X + t*eye(n))*X'*y",
                "t: scalar",
                note="the ridge path",
            ),
            Identity("", "d/dy X*inv(X'*X)*X'*y", "X*inv(X'*X)*X'", note="the hat matrix"),
            Identity(
                "",
                "d/db sum(huber(y - X*b, c))",
                "-X'*clip(y - X*b, -c, c)",
                "c: scalar positive",
                note="robust regression",
            ),
        ),
    ),
    Section(
        "",
        "Logistic regression",
        (
            Identity(
                "",
                "d/dw -(y'*log(p) + (ones(m) - y)'*log(ones(m) - p))",
                "X'*(p - y)",
                "X: m n",
                where="p = sigmoid(X*w)",
            ),
            Identity(
                "",
                "d2/dwdw -(y'*log(p) + (ones(m) - y)'*log(ones(m) - p))",
                "X'*diag(p.*(ones(m) - p))*X",
                "X: m n",
                where="p = sigmoid(X*w)",
            ),
            Identity("", "d/dw sum(softplus(X*w)) - y'*X*w", "X'*(sigmoid(X*w) - y)"),
            Identity(
                "",
                "d2/dwdw sum(softplus(X*w)) - y'*X*w",
                "X'*diag(sigmoid(X*w).*(1 .- sigmoid(X*w)))*X",
            ),
            Identity("", "d/dw sum(log(1 .+ exp(-y.*(X*w))))", "-X'*(y.*sigmoid(-y.*(X*w)))"),
            Identity(
                "",
                "d/dw w'*w/2 + c*sum(softplus(-y.*(X*w)))",
                "w - c*X'*(y.*sigmoid(-y.*(X*w)))",
                "c: scalar; w: n",
            ),
            Identity("", "d/dz sigmoid(z)", "diag(sigmoid(z).*(1 .- sigmoid(z)))", "z: n"),
        ),
    ),
    Section(
        "",
        "Softmax and cross-entropy",
        (
            Identity("", "d/dz softmax(z)", "diag(softmax(z)) - softmax(z)*softmax(z)'", "z: n"),
            Identity("", "d/dz logsumexp(z)", "softmax(z)", "z: n"),
            Identity(
                "", "d2/dzdz logsumexp(z)", "diag(softmax(z)) - softmax(z)*softmax(z)'", "z: n"
            ),
            Identity(
                "",
                "d/dz logsumexp(z) - y'*z",
                "softmax(z) - y",
                wrong="y - softmax(z)",
                note="cross-entropy; a common slip turns the sign",
            ),
            Identity("", "d/dz log(softmax(z))", "eye(n) - ones(n)*softmax(z)'", "z: n"),
            Identity("", "d/dz y'*softmax(z)", "softmax(z).*(y .- y'*softmax(z))", "y: n"),
            Identity(
                "",
                "d/dz p'*(log(p) - log(softmax(z)))",
                "softmax(z)*sum(p) - p",
                "p: n positive",
                note=(
                    "the Kullback-Leibler divergence from a softmax; sum(p) is "
                    "one for a distribution"
                ),
            ),
            Identity(
                "",
                "d/dW logsumexp(W*x) - y'*W*x",
                "(softmax(W*x) - y)*x'",
                note="multinomial logistic regression",
            ),
            Identity("", "d/dx logsumexp(A*x + b)", "A'*softmax(A*x + b)"),
            Identity(
                "",
                "d2/dxdx logsumexp(A*x + b)",
                "A'*(diag(p) - p*p')*A",
                where="p = softmax(A*x + b)",
            ),
        ),
    ),
    Section(
        "",
        "Generalized linear models and exponential families",
        (
            Identity(
                "", "d/db y'*X*b - sum(exp(X*b))", "X'*(y - exp(X*b))", note="Poisson regression"
            ),
            Identity("", "d2/dbdb y'*X*b - sum(exp(X*b))", "-X'*diag(exp(X*b))*X"),
            Identity(
                "",
                "d/db sum(X*b + y.*exp(-X*b))",
                "X'*(1 .- y.*exp(-X*b))",
                note="gamma regression",
            ),
            Identity(
                "",
                "d/db sum(y.*log(normcdf(X*b)))",
                "X'*(y.*normpdf(X*b)./normcdf(X*b))",
                note="probit regression",
            ),
            Identity(
                "",
                "d/dt s'*t - a(t)",
                "s - D(a, t)",
                "t: n; a(t): scalar",
                note="an exponential family with log-partition function a",
            ),
            Identity("", "d2/dtdt s'*t - a(t)", "-D2(a, t)", "t: n; a(t): scalar"),
            Identity(
                "",
                "d/da lgamma(sum(a)) - sum(lgamma(a)) + (a .- 1)'*log(p)",
                "digamma(sum(a)) .- digamma(a) + log(p)",
                "a: n positive; p: n positive",
                note="the Dirichlet density",
            ),
            Identity(
                "",
                "d2/dada lgamma(sum(a)) - sum(lgamma(a))",
                "trigamma(sum(a))*ones(n, n) - diag(trigamma(a))",
                "a: n positive",
            ),
        ),
    ),
)
