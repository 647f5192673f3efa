"""Rules for softmax and its kin, extreme entries, and the scalar functions of statistics.

Floor 3, data only.
"""

from __future__ import annotations

from matgrad.rules.book import Rule

_BOYD = "Boyd & Vandenberghe 2004, Convex Optimization, sec. 3.1.5"
_AS = "Abramowitz & Stegun 1964, ch. 4"

REDUCTION_RULES: tuple[Rule, ...] = (
    Rule("logarithm-of-summed-exponentials", "log(sum(exp(x)))", "logsumexp(x)", "x: n", _BOYD),
    Rule("logarithm-of-softmax", "log(softmax(x))", "x - ones(n)*logsumexp(x)", "x: n", _BOYD),
    Rule("maximum-of-negative", "max(-x)", "-min(x)", "x: n", "definition"),
    Rule("minimum-of-negative", "min(-x)", "-max(x)", "x: n", "definition"),
    Rule("place-of-maximum-of-negative", "argmax1(-x)", "argmin1(x)", "x: n", "definition"),
    Rule("place-of-minimum-of-negative", "argmin1(-x)", "argmax1(x)", "x: n", "definition"),
    Rule("logarithm-of-power", "log(pow(x, y))", "y*log(x)", "x: scalar; y: scalar", _AS),
    Rule("power-of-exponential", "pow(exp(x), y)", "exp(x*y)", "x: scalar; y: scalar", _AS),
    Rule("power-of-power", "pow(pow(x, y), z)", "x^(y*z)", "x: scalar; y: scalar; z: scalar", _AS),
    Rule("logit-of-sigmoid", "logit(sigmoid(x))", "x", "x: scalar", "definition"),
    Rule("sigmoid-of-logit", "sigmoid(logit(x))", "x", "x: scalar", "definition"),
    Rule("normal-density-is-even", "normpdf(-x)", "normpdf(x)", "x: scalar", "definition"),
    Rule("secant-is-even", "sec(-x)", "sec(x)", "x: scalar", _AS),
    Rule("cosecant-is-odd", "csc(-x)", "-csc(x)", "x: scalar", _AS),
    Rule("cotangent-is-odd", "cot(-x)", "-cot(x)", "x: scalar", _AS),
    Rule("area-hyperbolic-sine-is-odd", "asinh(-x)", "-asinh(x)", "x: scalar", _AS),
    Rule("area-hyperbolic-tangent-is-odd", "atanh(-x)", "-atanh(x)", "x: scalar", _AS),
    Rule("shifted-logarithm-inverts", "log1p(expm1(x))", "x", "x: scalar", _AS),
    Rule("shifted-exponential-inverts", "expm1(log1p(x))", "x", "x: scalar", _AS),
)
