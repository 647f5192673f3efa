"""Explaining: what an operator, a rule or an error is, with its derivation and an example run on
the spot.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from matgrad.api.expressions import Expression
from matgrad.api.pipeline import derive
from matgrad.catalogue import OPERATORS, algebra, structure
from matgrad.certificate.check import findings
from matgrad.certificate.step import Rule
from matgrad.core import errors
from matgrad.core.dims import Dim
from matgrad.core.errors import MatgradError, NameProblem
from matgrad.core.expr import Expr, Op, symbol
from matgrad.core.signature import alternatives, build
from matgrad.derivations.cells import cell_of
from matgrad.derivations.proving import proof_of
from matgrad.derivations.rules import STEP_RULES, book_rule, law_names, rule_of, statement
from matgrad.proof import same
from matgrad.rules import RULES

# What an error is raised for, to be run on the spot: the input and its options.
_MISTAKES = {
    "syntax": ("d/dX tr(X", ""),
    "shape": ("d/dX tr(A*X)", "A: m n; X: m n"),
    "name": ("d/dZ tr(X)", ""),
    "ambiguous": ("d/dX exp(X)", "X: n n"),
    "declaration": ("d/dX tr(X)", "X symmetrix"),
    "no-rule": ("d/dX rank(X)", ""),
    "no-form": ("d/dX tr(A*X)", ""),
    "budget": ("d/dX tr(X^1000)", ""),
    "evaluation": ("d/dx a'*x/0", ""),
}


def explain(name: str) -> str:
    """What `name` is: an operator, a rule, or the code of an error.

    Raises NameProblem for what is none of them.
    """
    asked = name.strip()
    plain = asked.removeprefix("differential-of-")
    if plain in OPERATORS:
        return "\n".join(_operator(OPERATORS[plain]))
    if asked in names_of_rules():
        return "\n".join(_rule(asked))
    if asked in error_codes():
        return "\n".join(_error(asked))
    near = get_close_matches(asked, everything(), 3)
    raise NameProblem(
        f"there is nothing called `{asked}`",
        hint=f"did you mean {' or '.join(near)}?" if near else "name an operator, such as inv",
    )


def everything() -> list[str]:
    """All names that can be explained."""
    return sorted({*OPERATORS, *names_of_rules(), *error_codes()})


def names_of_rules() -> list[str]:
    """The rules of the book and those that steps cite."""
    return [*(rule.name for rule in RULES), *law_names(), *STEP_RULES]


def error_codes() -> dict[str, type[MatgradError]]:
    """The kinds of mistakes by their codes."""
    found = {}
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, MatgradError):
            found[value.code] = value
    return found


# Operators.


def _operator(op: Op) -> Iterator[str]:
    yield f"{op.name}, an operator ({op.kind})"
    yield ""
    yield f"  shapes        {op.signature}"
    node = _sample(op)
    if node is not None:
        forms = " | ".join(dict.fromkeys(Expression(node).text(f) for f in ("text", "unicode")))
        yield f"  written       {forms}"
        yield f"  in numpy      {Expression(node).text('numpy')}"
    if op.definition:
        yield f"  definition    {op.definition}"
    if op.conditions:
        yield f"  needs         {'; '.join(op.conditions)}"
    if op.gives:
        yield f"  gives         {'; '.join(op.gives)}"
    yield f"  source        {op.cite}"
    if node is not None and node.args:
        yield from _differential(node)
    found = proof_of(op.name)
    if found is not None:
        yield ""
        yield "Where the differential comes from"
        yield ""
        yield from _indented(found.text())
        holds = all(finding.ok for finding in findings(found))
        yield f"  {'every step checked' if holds else 'A STEP FAILED ITS CHECK'}"
    if node is not None and node.args:
        yield from _example(node)


def _sample(op: Op) -> Expr | None:
    """The operator at symbols, where its data do not say what it is."""
    plain = op.weights in ("", "data", "matpow") or op.weights[:1].isdigit()
    if not plain or not op.operands or not alternatives(op.signature)[0].inputs:
        return None
    rule = alternatives(op.signature)[0]
    slots = []
    for name, spec in zip(op.operands, rule.inputs, strict=False):
        axes = [*map(str, spec.axes)] + ["n"] * (bool(spec.rest) and not spec.axes)
        slots.append(symbol(name, tuple(Dim(axis) for axis in axes)))
    data = 3 if op.weights in ("data", "matpow") else None
    try:
        return build(op, tuple(slots), data)
    except MatgradError:
        return None


def _differential(node: Expr) -> Iterator[str]:
    moving = tuple(k for k, arg in enumerate(node.args) if arg.shape or node.order == 0)
    try:
        cell = cell_of(node, moving or (0,))
    except MatgradError as refusal:
        yield f"  differential  none: {refusal.message}"
        return
    left, right = statement(rule_of(cell))
    yield f"  differential  {left} = {right}"


def _example(node: Expr) -> Iterator[str]:
    """The operator's own derivative, or that of a scalar made of it."""
    whole = node
    if node.order:
        other = symbol("C" if node.order > 1 else "c", node.shape)
        whole = build(algebra.matmul, (other, node)) if node.order == 1 else _paired(other, node)
    by = next((arg for arg in node.args if arg.shape), node.args[0])
    yield ""
    yield f"Example: d/d{by.data[0]} {Expression(whole).text()}"
    yield ""
    try:
        result = derive(Expression(whole), Expression(by))
    except MatgradError as refusal:
        yield from _indented(str(refusal))
        return
    yield f"  {result}"
    if result.conditions:
        yield f"  holds if {'; '.join(result.conditions)}"
    yield f"  {result.proof}"


def _paired(other: Expr, node: Expr) -> Expr:
    if node.order > 2:
        return build(structure.total, (build(algebra.hadamard, (other, node)),))
    turned = build(structure.transpose, (other,))
    return build(structure.trace, (build(algebra.matmul, (turned, node)),))


# Rules and errors.


def _rule(name: str) -> Iterator[str]:
    rule = book_rule(name) or STEP_RULES[name]
    row = next((row for row in RULES if row.name == name), None)
    yield f"{name}, a rule"
    yield ""
    if row is not None:
        yield f"  statement     {row.left} = {row.right}"
        if row.given:
            yield f"  where         {row.given}"
    elif rule.left is not None and rule.right is not None:
        yield f"  statement     {' = '.join(statement(rule))}"
    if rule.words:
        yield f"  says          {rule.words}"
    if rule.condition:
        yield f"  needs         {rule.condition}"
    yield f"  source        {rule.cite or 'definition'}"
    yield from _checked(rule)


def _checked(rule: Rule) -> Iterator[str]:
    if rule.left is not None and rule.right is not None:
        yield f"  on the spot   {same(rule.left, rule.right)}"
        return
    yield ""
    yield "Example: the derivation of d/dx x'*B*x"
    yield ""
    yield from _indented(str(derive("d/dx x'*B*x").steps))


def _error(code: str) -> Iterator[str]:
    kind = error_codes()[code]
    yield f"{code}, an error ({kind.__name__})"
    yield ""
    yield f"  {' '.join((kind.__doc__ or '').split())}"
    if code not in _MISTAKES:
        return
    text, given = _MISTAKES[code]
    declared = f' --given "{given}"' if given else " --form bilinear" * (code == "no-form")
    yield ""
    yield f'Example: matgrad "{text}"{declared}'
    yield ""
    try:
        # Where there is an answer a form is asked for that it does not have.
        yield f"  {derive(text, given=given).bilinear}"
    except MatgradError as problem:
        yield from _indented(str(problem))


def _indented(text: str) -> Iterator[str]:
    yield from (f"  {line}".rstrip() for line in text.splitlines())
