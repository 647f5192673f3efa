"""Named rewriting rules.

Floor 3, data only.  A rule's left side is one operator applied to patterns; its variables are
declared in `given` and bind anything of a fitting shape.  `when` says who applies it: `always`
as soon as the operator is built, `answer` only to finished answers, where it may need the
condition in `condition`, `product` to entrywise products in finished answers, `law` wherever
the left side, a product with an operator in it, stands inside a product, `property` wherever a
product of one variable stands that is known to have the properties declared.  A rule that is
`short` may be used wherever its left side occurs, as a whole, in a product or in a sum, if the
answer gets shorter by it; some operator in its left side has all of its variables, or two have.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, final


@final
class Rule(NamedTuple):
    """An oriented identity `left = right`."""

    name: str
    left: str
    right: str
    given: str
    cite: str
    when: Literal["always", "answer", "product", "law", "property", "short"] = "always"
    condition: str = ""


_MN = "Magnus & Neudecker 2019, ch. 1"
_AS = "Abramowitz & Stegun 1964, ch. 4"

RULES: tuple[Rule, ...] = (
    Rule("inverse-of-identity", "inv(eye(n))", "eye(n)", "", _MN),
    Rule("inverse-of-one-by-one", "inv(A)", "eye(1)/tr(A)", "A: 1 1", _MN),
    Rule("determinant-of-one-by-one", "det(A)", "tr(A)", "A: 1 1", _MN),
    Rule("adjugate-of-one-by-one", "adj(A)", "eye(1)", "A: 1 1", _MN),
    Rule("inverse-of-inverse", "inv(inv(A))", "A", "A: n n", _MN),
    Rule("inverse-of-multiple", "inv(c*A)", "inv(A)/c", "c: scalar; A: n n", _MN),
    Rule("inverse-of-diagonal", "inv(diag(x))", "diag(ones(n)./x)", "x: n", _MN),
    Rule("inverse-of-orthogonal", "inv(Q)", "Q'", "Q: n n orthogonal", _MN),
    Rule("inverse-of-unitary", "inv(U)", "U^H", "U: n n unitary", _MN),
    Rule("inverse-of-product", "inv(A*B)", "inv(B)*inv(A)", "A: n n; B: n n", _MN),
    Rule("inverse-of-kronecker", "inv(kron(A, B))", "kron(inv(A), inv(B))", "A: n n; B: p p", _MN),
    Rule(
        "log-determinant-of-kronecker",
        "logdet(kron(A, B))",
        "p*logdet(A) + n*logdet(B)",
        "A: n n; B: p p",
        _MN,
    ),
    Rule("inverse-of-power", "inv(A^k)", "A^(-k)", "A: n n; k: integer", _MN),
    Rule("determinant-of-power", "det(A^k)", "det(A)^k", "A: n n; k: integer", _MN),
    Rule("log-determinant-of-power", "logdet(A^k)", "k*logdet(A)", "A: n n; k: integer", _MN),
    Rule("determinant-of-identity", "det(eye(n))", "1", "", _MN),
    Rule("determinant-of-inverse", "det(inv(A))", "1/det(A)", "A: n n", _MN),
    Rule("log-determinant-of-identity", "logdet(eye(n))", "0", "", _MN),
    Rule("log-determinant-of-inverse", "logdet(inv(A))", "-logdet(A)", "A: n n", _MN),
    Rule("adjugate-of-identity", "adj(eye(n))", "eye(n)", "", _MN),
    Rule(
        "adjugate-of-nonsingular",
        "adj(A)",
        "det(A)*inv(A)",
        "A: n n",
        _MN,
        when="answer",
        condition="A nonsingular",
    ),
    Rule("exponential-of-zero", "exp(0)", "1", "", _AS),
    Rule("exponential-of-logarithm", "exp(log(x))", "x", "x: scalar", _AS),
    Rule("logarithm-of-one", "log(1)", "0", "", _AS),
    Rule("logarithm-of-exponential", "log(exp(x))", "x", "x: scalar", _AS),
    Rule("sine-of-zero", "sin(0)", "0", "", _AS),
    Rule("sine-is-odd", "sin(-x)", "-sin(x)", "x: scalar", _AS),
    Rule("cosine-of-zero", "cos(0)", "1", "", _AS),
    Rule("cosine-is-even", "cos(-x)", "cos(x)", "x: scalar", _AS),
    Rule("tangent-is-odd", "tan(-x)", "-tan(x)", "x: scalar", _AS),
    Rule("hyperbolic-tangent-of-zero", "tanh(0)", "0", "", _AS),
    Rule("hyperbolic-tangent-is-odd", "tanh(-x)", "-tanh(x)", "x: scalar", _AS),
    Rule("hyperbolic-sine-is-odd", "sinh(-x)", "-sinh(x)", "x: scalar", _AS),
    Rule("hyperbolic-cosine-is-even", "cosh(-x)", "cosh(x)", "x: scalar", _AS),
    Rule("arc-tangent-is-odd", "atan(-x)", "-atan(x)", "x: scalar", _AS),
    Rule("arc-sine-is-odd", "asin(-x)", "-asin(x)", "x: scalar", _AS),
    Rule("error-function-is-odd", "erf(-x)", "-erf(x)", "x: scalar", _AS),
    Rule("absolute-value-is-even", "abs(-x)", "abs(x)", "x: scalar", "definition"),
    Rule("absolute-value-of-absolute", "abs(abs(x))", "abs(x)", "x: scalar", "definition"),
    Rule(
        "sign-times-absolute-value",
        "sign(x)*abs(x)",
        "x",
        "x: scalar",
        "definition",
        when="product",
    ),
    Rule(
        "sign-over-absolute-value",
        "sign(x)/abs(x)",
        "1/x",
        "x: scalar",
        "definition",
        when="product",
    ),
    Rule(
        "rectifier-times-step",
        "relu(x)*step(x)",
        "relu(x)",
        "x: scalar",
        "definition",
        when="product",
    ),
    Rule("tangent-as-quotient", "sin(x)/cos(x)", "tan(x)", "x: scalar", _AS, when="product"),
    Rule("cotangent-as-quotient", "cos(x)/sin(x)", "1/tan(x)", "x: scalar", _AS, when="product"),
    Rule(
        "hyperbolic-tangent-as-quotient",
        "sinh(x)/cosh(x)",
        "tanh(x)",
        "x: scalar",
        _AS,
        when="product",
    ),
    Rule(
        "sigmoid-as-quotient",
        "exp(x)/(1 + exp(x))",
        "sigmoid(x)",
        "x: scalar",
        "definition",
        when="product",
    ),
    Rule("sign-is-odd", "sign(-x)", "-sign(x)", "x: scalar", "definition"),
    Rule("step-of-zero", "step(0)", "0", "", "definition"),
)
