"""Rules that may make an answer shorter: identities of inverses, exponentials and sigmoids.

Floor 3, data only.  The search tries them on finished answers, in this order, and keeps what is
cheaper.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_CB = "Petersen & Pedersen 2012, The Matrix Cookbook, sec. 3.2"
_PENROSE = "Penrose 1955, A generalized inverse for matrices"
_HIGHAM = "Higham 2008, Functions of Matrices, ch. 10 and 12"
_HARVILLE = "Harville 1997, Matrix Algebra From a Statistician's Perspective, sec. 18.1"
_AS = "Abramowitz & Stegun 1964, ch. 4"


def _short(name: str, left: str, right: str, given: str, cite: str) -> Rule:
    return Rule(name, left, right, given, cite, when="short")


SHORTENING_RULES: tuple[Rule, ...] = (
    _short(
        "summand-times-inverse",
        "A*inv(A + B)",
        "eye(n) - B*inv(A + B)",
        "A: n n; B: n n",
        _CB,
    ),
    _short(
        "inverse-times-summand",
        "inv(A + B)*A",
        "eye(n) - inv(A + B)*B",
        "A: n n; B: n n",
        _CB,
    ),
    _short(
        "difference-of-inverses",
        "inv(A)*B*inv(A + B)",
        "inv(A) - inv(A + B)",
        "A: n n; B: n n",
        _CB,
    ),
    _short(
        "inverse-of-sum-of-inverses",
        "inv(inv(A) + inv(B))",
        "A*inv(A + B)*B",
        "A: n n; B: n n",
        _CB,
    ),
    _short(
        "sherman-morrison",
        "inv(A + x*y')*x",
        "inv(A)*x/(1 + y'*inv(A)*x)",
        "A: n n; x: n; y: n",
        _CB,
    ),
    _short(
        "sherman-morrison-transposed",
        "inv(A + x*y')'*y",
        "inv(A)'*y/(1 + y'*inv(A)*x)",
        "A: n n; x: n; y: n",
        _CB,
    ),
    _short("determinant-lemma", "det(eye(n) + x*y')", "1 + y'*x", "x: n; y: n", _HARVILLE),
    _short(
        "woodbury",
        "inv(A) - inv(A)*U*inv(eye(k) + V*inv(A)*U)*V*inv(A)",
        "inv(A + U*V)",
        "A: n n; U: n k; V: k n",
        _CB,
    ),
    _short(
        "push-through",
        "A*inv(eye(n) + B*A)*B",
        "eye(m) - inv(eye(m) + A*B)",
        "A: m n; B: n m",
        _CB,
    ),
    _short("left-inverse", "inv(A'*A)*A'", "pinv(A)", "A: m n", _PENROSE),
    _short("right-inverse", "A'*inv(A*A')", "pinv(A)", "A: m n", _PENROSE),
    # Never the other way round: 1 - sigmoid(x) cancels where x is large.
    _short("sigmoid-against-one", "1 - sigmoid(x)", "sigmoid(-x)", "x: scalar", "definition"),
    _short(
        "softplus-less-argument",
        "softplus(x) - x",
        "softplus(-x)",
        "x: scalar",
        "definition",
    ),
    _short("unit-hyperbola", "cosh(x)^2 - sinh(x)^2", "1", "x: scalar", _AS),
    _short("unit-circle", "sin(x)^2 + cos(x)^2", "1", "x: scalar", _AS),
    _short(
        "exponentials-on-a-line",
        "expm(s*A)*expm(t*A)",
        "expm((s + t)*A)",
        "s: scalar; t: scalar; A: n n",
        _HIGHAM,
    ),
    _short(
        "exponentials-on-its-line",
        "expm(A)*expm(t*A)",
        "expm((1 + t)*A)",
        "t: scalar; A: n n",
        _HIGHAM,
    ),
    _short("matrix-unit-circle", "sinm(A)*sinm(A) + cosm(A)*cosm(A)", "eye(n)", "A: n n", _HIGHAM),
    _short(
        "matrix-unit-hyperbola",
        "coshm(A)*coshm(A) - sinhm(A)*sinhm(A)",
        "eye(n)",
        "A: n n",
        _HIGHAM,
    ),
    _short(
        "sigmoid-of-difference",
        "exp(x)/(exp(x) + exp(y))",
        "sigmoid(x - y)",
        "x: scalar; y: scalar",
        "definition",
    ),
    _short("softmax-as-quotient", "exp(x)/sum(exp(x))", "softmax(x)", "x: n", "definition"),
    _short(
        "softmax-of-rows-as-quotient",
        "exp.(X)./(sum(exp.(X), 2)*ones(n)')",
        "softmax(X, 2)",
        "X: m n",
        "definition",
    ),
    _short(
        "softmax-of-columns-as-quotient",
        "exp.(X)./(ones(m)*sum(exp.(X), 1))",
        "softmax(X, 1)",
        "X: m n",
        "definition",
    ),
    _short("power-times-base", "pow(x, y)*x", "x^(y + 1)", "x: scalar; y: scalar", _AS),
    _short("power-over-base", "pow(x, y)/x", "x^(y - 1)", "x: scalar; y: scalar", _AS),
    _short(
        "product-of-powers",
        "pow(x, y)*pow(x, z)",
        "x^(y + z)",
        "x: scalar; y: scalar; z: scalar",
        _AS,
    ),
    _short("exponential-of-sum", "exp(x)*exp(y)", "exp(x + y)", "x: scalar; y: scalar", _AS),
)
