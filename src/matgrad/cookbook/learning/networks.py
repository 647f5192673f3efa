"""Machine learning: contrastive losses, attention, layers, normalization.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

NETWORKS = (
    Section(
        "",
        "Contrastive learning",
        (
            Identity(
                "", "d/dq logsumexp(K*q/t) - k'*q/t", "(K'*softmax(K*q/t) - k)/t", "t: scalar"
            ),
            Identity("", "d/dK logsumexp(K*q/t) - k'*q/t", "softmax(K*q/t)*q'/t", "t: scalar"),
            Identity(
                "",
                "d/dx x'*y/(norm(x)*norm(y))",
                "(y/norm(y) - x'*y*x/(norm(x)^2*norm(y)))/norm(x)",
                note="cosine similarity",
            ),
            Identity("", "d/dx x/norm(x)", "(eye(n) - x*x'/(x'*x))/norm(x)", "x: n"),
            Identity(
                "",
                "d/dx norm(x - y)^2 - norm(x - z)^2",
                "2*(z - y)",
                note="the triplet loss where it is active",
            ),
        ),
    ),
    Section(
        "",
        "Attention",
        (
            Identity("", "d/dq V'*softmax(K*q)", "V'*(diag(s) - s*s')*K", where="s = softmax(K*q)"),
            Identity("", "d/dQ sum(G.*(Q*(K'*V)))", "G*V'*K", note="linear attention"),
            Identity("", "d/dX sum(G.*(X*W*X'))", "G*X*W' + G'*X*W"),
            Identity(
                "",
                "d/dQ sum(G.*(softmax(Q*K', 2)*V))",
                "(A - diag(sum(A, 2))*P)*K",
                where="P = softmax(Q*K', 2), A = P.*(G*V')",
                wrong="A*K",
                note="a common slip leaves out the term with the sums of the rows",
            ),
            Identity("", "d/dV sum(G.*(softmax(Q*K', 2)*V))", "softmax(Q*K', 2)'*G"),
        ),
    ),
    Section(
        "",
        "Neural networks",
        (
            Identity(
                "",
                "d/dW sum(G.*(X*W))",
                "X'*G",
                note="a dense layer; G is the adjoint of its output",
            ),
            Identity("", "d/dX sum(G.*(X*W))", "G*W'"),
            Identity(
                "",
                "d/dW norm(tanh(W*x) - y)^2/2",
                "((h - y).*(1 .- h.^2))*x'",
                where="h = tanh(W*x)",
            ),
            Identity("", "d/dx W2*tanh(W1*x + b)", "W2*diag(1 .- tanh(W1*x + b).^2)*W1"),
            Identity("", "d/dx W2*relu(W1*x + b)", "W2*diag(step(W1*x + b))*W1"),
            Identity(
                "",
                "d/dx x + W2*tanh(W1*x)",
                "eye(n) + W2*diag(1 .- tanh(W1*x).^2)*W1",
                "x: n",
                note="a residual block",
            ),
            Identity(
                "",
                "d/dW g'*tanh(W*h + U*x + b)",
                "(g.*(1 .- tanh(W*h + U*x + b).^2))*h'",
                note="a recurrent step",
            ),
            Identity(
                "",
                "d/dW1 norm(W2*tanh(W1*x) - y)^2/2",
                "((W2'*(W2*h - y)).*(1 .- h.^2))*x'",
                where="h = tanh(W1*x)",
            ),
            Identity(
                "", "d/dW2 norm(W2*tanh(W1*x) - y)^2/2", "(W2*h - y)*h'", where="h = tanh(W1*x)"
            ),
            Identity("", "d/dx sum(phi.(A*x))", "A'*d1(phi, A*x)", "phi elementwise"),
            Identity(
                "",
                "d/dW -b'*v - sum(softplus(c + W*v))",
                "-sigmoid(c + W*v)*v'",
                note="the free energy of a restricted Boltzmann machine",
            ),
            Identity("", "d/dv -b'*v - sum(softplus(c + W*v))", "-b - W'*sigmoid(c + W*v)"),
            Identity("", "d/dx sum(silu(x))", "sigmoid(x).*(1 .+ x.*(1 .- sigmoid(x)))"),
            Identity("", "d/dx sum(huber(x, 1))", "clip(x, -1, 1)"),
        ),
    ),
    Section(
        "",
        "Normalization",
        (
            Identity(
                "",
                "d/dx x - mean(x)*ones(n)",
                "eye(n) - ones(n)*ones(n)'/n",
                "x: n",
                note="centring",
            ),
            Identity(
                "",
                "d/dv g*(v'*x)/norm(v)",
                "g*(x - (v'*x)*v/(v'*v))/norm(v)",
                "g: scalar",
                note="weight normalization",
            ),
            Identity(
                "",
                "d/dX sum(G.*(X - ones(m)*mean(X, 1)))",
                "G - ones(m)*mean(G, 1)",
                "X: m n",
                note="centring, adjoint",
            ),
            Identity(
                "", "d/dX normF(X - ones(m)*mean(X, 1))^2", "2*(X - ones(m)*mean(X, 1))", "X: m n"
            ),
            Identity(
                "",
                "d/dX norm(mean(X, 1) - mean(Y, 1))^2",
                "2*ones(m)*(mean(X, 1) - mean(Y, 1))/m",
                "X: m n",
                note="maximum mean discrepancy, linear kernel",
            ),
        ),
    ),
)
