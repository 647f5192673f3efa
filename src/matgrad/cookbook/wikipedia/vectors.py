"""Wikipedia's tables of vectors: by vectors, scalars by vectors, vectors by scalars.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

VECTORS = (
    Section(
        "",
        "Vector-by-vector (numerator layout)",
        (
            Identity("", "d/dx a", "zeros(m, n)", "x: n; a: m"),
            Identity("", "d/dx x", "eye(n)", "x: n"),
            Identity("", "d/dx A*x", "A"),
            Identity("", "d/dx x'*A", "A'"),
            Identity("", "d/dx a*u(x)", "a*D(u, x)", "x: n; a: scalar; u(x): m"),
            Identity("", "d/dx v(x)*a", "a*D(v, x)", "x: n; a: m; v(x): scalar"),
            Identity(
                "", "d/dx v(x)*u(x)", "v(x)*D(u, x) + u(x)*D(v, x)", "x: n; v(x): scalar; u(x): m"
            ),
            Identity("", "d/dx A*u(x)", "A*D(u, x)", "x: n; u(x): m"),
            Identity("", "d/dx u(x) + v(x)", "D(u, x) + D(v, x)", "x: n; u(x): m; v(x): m"),
            Identity("", "d/dx g(u(x))", "D(g, u(x))*D(u, x)", "x: n; u(x): m; y: m; g(y): p"),
            Identity(
                "",
                "d/dx f(g(u(x)))",
                "D(f, g(u(x)))*D(g, u(x))*D(u, x)",
                "x: n; u(x): m; y: m; g(y): p; z: p; f(z): q",
            ),
        ),
    ),
    Section(
        "",
        "Vector-by-vector (denominator layout)",
        (
            Identity("", "d/dx A*x", "A'"),
            Identity("", "d/dx x'*A", "A"),
            Identity("", "d/dx v(x)*a", "D(v, x)*a'", "x: n; a: m; v(x): scalar"),
            Identity(
                "", "d/dx v(x)*u(x)", "v(x)*D(u, x)' + D(v, x)*u(x)'", "x: n; v(x): scalar; u(x): m"
            ),
            Identity("", "d/dx A*u(x)", "D(u, x)'*A'", "x: n; u(x): m"),
            Identity("", "d/dx g(u(x))", "D(u, x)'*D(g, u(x))'", "x: n; u(x): m; y: m; g(y): p"),
            Identity(
                "",
                "d/dx f(g(u(x)))",
                "D(u, x)'*D(g, u(x))'*D(f, g(u(x)))'",
                "x: n; u(x): m; y: m; g(y): p; z: p; f(z): q",
            ),
        ),
        "denominator",
    ),
    Section(
        "",
        "Scalar-by-vector (numerator layout)",
        (
            Identity("", "d/dx a*u(x)", "a*D(u, x)'", "x: n; a: scalar; u(x): scalar"),
            Identity(
                "",
                "d/dx u(x)*v(x)",
                "u(x)*D(v, x)' + v(x)*D(u, x)'",
                "x: n; u(x): scalar; v(x): scalar",
            ),
            Identity(
                "",
                "d/dx g(u(x))",
                "D(g, u(x))*D(u, x)'",
                "x: n; u(x): scalar; y: scalar; g(y): scalar",
            ),
            Identity(
                "",
                "d/dx f(g(u(x)))",
                "D(f, g(u(x)))*D(g, u(x))*D(u, x)'",
                "x: n; u(x): scalar; y: scalar; g(y): scalar; f(y): scalar",
            ),
            Identity(
                "", "d/dx u(x)'*v(x)", "u(x)'*D(v, x) + v(x)'*D(u, x)", "x: n; u(x): m; v(x): m"
            ),
            Identity(
                "",
                "d/dx u(x)'*A*v(x)",
                "u(x)'*A*D(v, x) + v(x)'*A'*D(u, x)",
                "x: n; u(x): m; v(x): p",
            ),
            Identity("", "d/dx a'*x", "a'"),
            Identity("", "d/dx b'*A*x", "b'*A"),
            Identity("", "d/dx x'*A*x", "x'*(A + A')"),
            Identity("", "d/dx x'*A*x", "2*x'*A", "A symmetric"),
            Identity("", "d2/dxdx x'*A*x", "A + A'"),
            Identity("", "d2/dxdx x'*A*x", "2*A", "A symmetric"),
            Identity("", "d/dx x'*x", "2*x'"),
            Identity("", "d/dx a'*u(x)", "a'*D(u, x)", "x: n; u(x): m"),
            Identity("", "d/dx a'*x*x'*b", "x'*(a*b' + b*a')"),
            Identity("", "d/dx (A*x + b)'*C*(D*x + e)", "(D*x + e)'*C'*A + (A*x + b)'*C*D"),
            Identity("", "d/dx norm(x - a)", "(x - a)'/norm(x - a)"),
        ),
    ),
    Section(
        "",
        "Scalar-by-vector (denominator layout)",
        (
            Identity("", "d/dx a*u(x)", "a*D(u, x)", "x: n; a: scalar; u(x): scalar"),
            Identity(
                "",
                "d/dx u(x)*v(x)",
                "u(x)*D(v, x) + v(x)*D(u, x)",
                "x: n; u(x): scalar; v(x): scalar",
            ),
            Identity(
                "", "d/dx u(x)'*v(x)", "D(u, x)'*v(x) + D(v, x)'*u(x)", "x: n; u(x): m; v(x): m"
            ),
            Identity(
                "",
                "d/dx u(x)'*A*v(x)",
                "D(u, x)'*A*v(x) + D(v, x)'*A'*u(x)",
                "x: n; u(x): m; v(x): p",
            ),
            Identity("", "d/dx a'*x", "a"),
            Identity("", "d/dx b'*A*x", "A'*b"),
            Identity("", "d/dx x'*A*x", "(A + A')*x"),
            Identity("", "d/dx x'*A*x", "2*A*x", "A symmetric"),
            Identity("", "d/dx x'*x", "2*x"),
            Identity("", "d/dx a'*u(x)", "D(u, x)'*a", "x: n; u(x): m"),
            Identity("", "d/dx a'*x*x'*b", "(a*b' + b*a')*x"),
            Identity("", "d/dx (A*x + b)'*C*(D*x + e)", "D'*C'*(A*x + b) + A'*C*(D*x + e)"),
            Identity("", "d/dx norm(x - a)", "(x - a)/norm(x - a)"),
        ),
        "denominator",
    ),
    Section(
        "",
        "Vector-by-scalar (numerator layout)",
        (
            Identity("", "d/dx a*u(x)", "a*D(u, x)", "x: scalar; a: scalar; u(x): m"),
            Identity("", "d/dx A*u(x)", "A*D(u, x)", "x: scalar; u(x): m"),
            Identity("", "d/dx u(x) + v(x)", "D(u, x) + D(v, x)", "x: scalar; u(x): m; v(x): m"),
            Identity("", "d/dx g(u(x))", "D(g, u(x))*D(u, x)", "x: scalar; u(x): m; y: m; g(y): p"),
            Identity(
                "", "d/dx U(x)*v(x)", "D(U, x)*v(x) + U(x)*D(v, x)", "x: scalar; U(x): m n; v(x): n"
            ),
        ),
    ),
    Section(
        "",
        "Vector-by-scalar (denominator layout)",
        (
            Identity("", "d/dx A*u(x)", "D(u, x)'*A'", "x: scalar; u(x): m"),
            Identity(
                "", "d/dx g(u(x))", "D(u, x)'*D(g, u(x))'", "x: scalar; u(x): m; y: m; g(y): p"
            ),
            Identity(
                "",
                "d/dx U(x)*v(x)",
                "v(x)'*D(U, x)' + D(v, x)'*U(x)'",
                "x: scalar; U(x): m n; v(x): n",
            ),
        ),
        "denominator",
    ),
)
