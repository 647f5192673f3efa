"""Every rule: both sides are equal, the left one is rewritten, and a lookalike is left alone."""

from __future__ import annotations

import re

import pytest

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.properties import PROPERTIES
from matgrad.core.expr import SYMBOL, Expr, symbol, symbols_of, transform
from matgrad.core.signature import build
from matgrad.normal import book
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.proof import same
from matgrad.rules import RULES, Rule
from matgrad.shorten.answers import apply_answer_rules
from matgrad.shorten.rewriting import instances

every_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def sides(rule: Rule) -> tuple[Expr, Expr]:
    reading = read(f"{rule.left} = {rule.right}", given=rule.given)
    assert reading.equals is not None
    return reading.expr, reading.equals


def rewritten(expr: Expr) -> Expr:
    """The normal form of an expression as it would be printed in an answer."""
    return apply_answer_rules(lower(expr))[0]


def rewritings(expr: Expr, rule: Rule) -> set[Expr]:
    """What a rule that may shorten answers makes of an expression."""
    node = lower(expr)
    found = {i.applied(node) for i in instances(node, None) if i.name == rule.name}
    return found - {node}


def by_when(*when: str) -> pytest.MarkDecorator:
    rules = [rule for rule in RULES if (rule.when == "short") is ("short" in when)]
    return pytest.mark.parametrize("rule", rules, ids=[rule.name for rule in rules])


def instance(expr: Expr) -> Expr:
    """An expression with each plain variable A replaced by A + sin.(A2)."""

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node.op is SYMBOL and not node.data[1]:
            other = symbol(f"{node.data[0]}2", node.shape)
            sine = build(OPERATORS["sin"], (other,))
            return build(OPERATORS["add"], (node, sine))
        return build(node.op, args, node.data, node.shape) if args else node

    return transform(expr, visit)


@every_rule
def test_both_sides_are_equal(rule: Rule) -> None:
    proof = same(*sides(rule))
    assert proof.ok is True, proof


@by_when("always", "answer", "product", "law")
def test_the_left_side_is_rewritten_to_the_right(rule: Rule) -> None:
    left, right = sides(rule)
    assert rewritten(left) is lower(right)
    if rule.when in ("always", "law", "property"):
        assert lower(left) is lower(right)
    else:
        assert lower(left) is not lower(right)


@by_when("always", "answer", "product", "law")
def test_an_instance_of_the_left_side_is_rewritten(rule: Rule) -> None:
    left, right = map(instance, sides(rule))
    assert rewritten(left) is rewritten(right)
    assert same(left, right).ok is True


@by_when("short")
def test_the_left_side_may_be_rewritten_to_the_right(rule: Rule) -> None:
    left, right = sides(rule)
    assert lower(right) in rewritings(left, rule)
    left, right = map(instance, (left, right))
    assert lower(right) in rewritings(left, rule)


@by_when("short")
def test_the_left_side_is_found_inside_an_expression(rule: Rule) -> None:
    """As a part of a product, of a sum, and of the operand of a function."""
    left, right = sides(rule)
    around = [symbol(f"around{k}", left.shape) for k in range(2)]
    for wrap in (
        lambda part: build(OPERATORS["hadamard" if part.order else "scale"], (part, around[0])),
        lambda part: build(OPERATORS["sub"], (around[1], part)),
        lambda part: build(OPERATORS["sin"], (part,)),
    ):
        if lower(wrap(left)) is not lower(wrap(right)):
            assert lower(wrap(right)) in rewritings(wrap(left), rule)


@every_rule
def test_a_rule_is_a_row_of_text(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert [other.name for other in RULES].count(rule.name) == 1
    assert rule.cite
    assert bool(rule.condition) <= (rule.when == "answer")
    left, right = sides(rule)
    assert {s.data[0] for s in symbols_of(right)} <= {s.data[0] for s in symbols_of(left)}


# What has the form of a left side but not its sizes or properties stays as it is.
LOOKALIKES = {
    "eigenvector-of-pair": (
        "geigvec(A, B, s)'*B",
        "A: n n symmetric; B: n n symmetric; s: scalar",
    ),
    "length-of-eigenvector-of-pair": (
        "geigvec(A, B, s)'*C*geigvec(A, B, s)",
        "A: n n; B: n n symmetric; C: n n symmetric; s: scalar",
    ),
    "inverse-of-one-by-one": ("inv(A)", "A: n n"),
    "determinant-of-one-by-one": ("det(A)", "A: n n"),
    "adjugate-of-one-by-one": ("adj(A)", "A: n n"),
    "inverse-of-orthogonal": ("inv(Q)", "Q: n n symmetric"),
    "inverse-of-product": ("inv(A*B)", "A: m n; B: n m"),
    "inverse-of-product of more": ("inv(A*B*C)", "A: m n; B: n p; C: p m"),
    "inverse-of-kronecker": ("inv(kron(A, B))", "A: 2 3; B: 3 2"),
    "log-determinant-of-kronecker": ("logdet(kron(A, B))", "A: 2 3; B: 3 2"),
    "inverse-of-diagonal": ("inv(diag(x) + diag(y)*A)", "x: n; y: n; A: n n"),
    "inverse-of-multiple": ("inv(a*b' + A)", "a: n; b: n; A: n n"),
    "absolute-value-of-positive": ("abs(x)", "x: scalar"),
    "sign-of-positive": ("sign(x)", "x: scalar"),
    "rectifier-of-positive": ("relu(x)", "x: scalar"),
    "rectifier-of-negative": ("relu(-x)", "x: scalar"),
    "step-of-positive": ("step(x)", "x: scalar"),
    "step-of-negative": ("step(-x)", "x: scalar"),
    "exponential-of-zero": ("exp(x - y)", "x: scalar; y: scalar"),
    "exponential-of-logarithm": ("exp(log(x) + y)", "x: scalar; y: scalar"),
    "sine-is-odd": ("sin(x - y)", "x: scalar; y: scalar"),
}


# Expressions that a rule does not change.
ALONE = {
    "summand-times-inverse": ("A*inv(A' + B)", "A: n n; B: n n"),
    "inverse-times-summand": ("inv(A + B)*C", "A: n n; B: n n; C: n n"),
    "difference-of-inverses": ("inv(A)*C*inv(A + B)", "A: n n; B: n n; C: n n"),
    "inverse-of-sum-of-inverses": ("inv(inv(A) + B)", "A: n n; B: n n"),
    "sherman-morrison": ("inv(A + x*y')*y", "A: n n; x: n; y: n"),
    "sherman-morrison-transposed": ("x'*inv(A + x*y')", "A: n n; x: n; y: n"),
    "determinant-lemma": ("det(2*eye(n) + x*y')", "x: n; y: n"),
    "woodbury": (
        "inv(A) - inv(A)*U*inv(2*eye(k) + V*inv(A)*U)*V*inv(A)",
        "A: n n; U: n k; V: k n",
    ),
    "push-through": ("A*inv(eye(n) + B*A)*C", "A: m n; B: n m; C: n m"),
    "left-inverse": ("inv(A'*A)*B'", "A: m n; B: m n"),
    "right-inverse": ("A'*inv(A*A' + eye(m))", "A: m n"),
    "sigmoid-against-one": ("2 - sigmoid(x)", "x: scalar"),
    "softplus-less-argument": ("softplus(x) - 2*x", "x: scalar"),
    "exponentials-on-a-line": ("expm(s*A)*expm(t*B)", "s: scalar; t: scalar; A: n n; B: n n"),
    "exponentials-on-its-line": ("expm(A)*expm(t*B)", "t: scalar; A: n n; B: n n"),
    "matrix-unit-circle": ("sinm(A)*sinm(A) + cosm(A)*cosm(B)", "A: n n; B: n n"),
    "matrix-unit-hyperbola": ("coshm(A)*coshm(A) + sinhm(A)*sinhm(A)", "A: n n"),
    "power-times-base": ("pow(x, y)*y", "x: scalar; y: scalar"),
    "power-over-base": ("pow(x, y)/y", "x: scalar; y: scalar"),
    "product-of-powers": ("pow(x, z)*pow(y, z)", "x: scalar; y: scalar; z: scalar"),
    "exponential-of-sum": ("exp(x) + exp(y)", "x: scalar; y: scalar"),
    "unit-hyperbola": ("cosh(x)^2 + sinh(x)^2", "x: scalar"),
    "unit-circle": ("sin(x)^2 + cos(y)^2", "x: scalar; y: scalar"),
    "sigmoid-of-difference": ("exp(x)/(exp(x) - exp(y))", "x: scalar; y: scalar"),
    "softmax-as-quotient": ("exp(x)/sum(exp(y))", "x: n; y: n"),
    "softmax-of-rows-as-quotient": (
        "exp.(X)./(sum(exp.(Y), 2)*ones(n)')",
        "X: n n; Y: n n",
    ),
    "softmax-of-columns-as-quotient": (
        "exp.(X)./(ones(n)*sum(exp.(X'), 1))",
        "X: n n",
    ),
}


@by_when("short")
def test_a_shortening_rule_leaves_others_alone(rule: Rule) -> None:
    text, given = ALONE[rule.name]
    assert not rewritings(read(text, given=given).expr, rule)


@pytest.mark.parametrize(("text", "given"), LOOKALIKES.values(), ids=LOOKALIKES)
def test_a_lookalike_is_left_alone(text: str, given: str) -> None:
    expr = read(text, given=given).expr
    node = lower(expr)
    assert OPERATORS[text[: text.index("(")]] in (node.op, *(arg.op for arg in node.args))


def test_rules_with_sizes_have_a_lookalike() -> None:
    """A variable of a number's size, or two square ones: a rule that could fire too often."""
    risky = {
        rule.name
        for rule in RULES
        if ": 1 1" in rule.given or len(re.findall(r": (\w+) \1\b", rule.given)) > 1
    }
    assert risky <= {*LOOKALIKES, *ALONE}


DECLARED = [rule for rule in RULES if set(rule.given.replace(";", " ").split()) & set(PROPERTIES)]


@pytest.mark.parametrize("rule", DECLARED, ids=[rule.name for rule in DECLARED])
def test_a_rule_asks_for_the_properties_it_declares(rule: Rule) -> None:
    """Without them the left side stays what it is."""
    words = rule.given.replace(";", " ;").split()
    plain = " ".join(word for word in words if word not in PROPERTIES)
    left, right = (read(side, given=plain).expr for side in (rule.left, rule.right))
    assert rewritten(left) is not rewritten(right)


def test_the_adjugate_of_a_singular_matrix_stays() -> None:
    """adj(A) = det(A)*inv(A) needs A nonsingular: x*x' never is for n > 1."""
    singular = read("adj(x*x')", given="x: n").expr
    assert rewritten(singular) is lower(singular)


def test_rules_compiled_again_are_the_same() -> None:
    """Registering an operator compiles the rules anew, while nodes that knew the old ones live."""
    kept = [lower(side) for rule in RULES for side in sides(rule)]
    book.clear()
    for rule in RULES:
        left, right = sides(rule)
        if rule.when == "short":
            assert lower(left) is lower(right) or lower(right) in rewritings(left, rule), rule.name
        else:
            assert rewritten(left) is lower(right), rule.name
    assert kept
