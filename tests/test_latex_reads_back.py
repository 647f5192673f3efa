"""What is printed in LaTeX is read back as what it was, or refused by name: never as another."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from matgrad.api.expressions import Expression
from matgrad.api.names import names_in
from matgrad.api.pipeline import derive
from matgrad.core.dims import Dim
from matgrad.core.errors import AmbiguityProblem, MatgradError
from matgrad.core.expr import Expr, Function, number
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.notation.render import render
from random_expressions import problem
from samples import samples

PARTS = 10
SIZES = {name: number(Dim(name)) for name in "kmnpq"}
# What these print is a letter that others use for anything, so that it is asked about.
ASKED = frozenset(
    "eigval geigval eigvals perron svdvals cond norm1 normpdf normcdf digamma trigamma".split()
)
# The print of index form leaves out sizes; the conjugate of a real name is a name; unknown
# functions of matrices look like ones of their entries.
UNREADABLE = re.compile(r"einsum (diagonal|product|scalar)|conj|fuse|funm\d|unit")


def shape(expr: Expr) -> str:
    return " ".join(str(size).replace(" ", "") for size in expr.shape)


def known(*roots: Expr) -> dict[str, Expr | Function]:
    found: dict[str, Expr | Function] = dict(SIZES)
    for root in roots:
        found |= names_in(root)
    return found


@cache
def sampled() -> list[tuple[str, Expr]]:
    return list(samples().items())


@pytest.mark.parametrize("part", range(PARTS))
def test_samples_read_back(part: int) -> None:
    asked = 0
    for name, expr in sampled()[part * 17 :: 17 * PARTS]:
        for row in (False, True):
            printed = render(expr, "latex", row=row)
            try:
                found = read(printed, syntax="latex", known=known(expr), shape=shape(expr)).expr
            except MatgradError as problem:
                may_fail = UNREADABLE.search(name) or type(problem) is AmbiguityProblem
                assert may_fail, (name, printed, str(problem))
                asked += 1
                continue
            assert lower(found) is lower(expr) or UNREADABLE.search(name), (name, printed)
    assert asked < 300


@pytest.mark.parametrize("name", sorted(name for name, _ in samples(deep=False).items()))
def test_every_operator_reads_back(name: str) -> None:
    expr = samples(deep=False)[name]
    printed = render(expr, "latex")
    if name.split(" ")[0] in ASKED or UNREADABLE.search(name):
        try:
            found = read(printed, syntax="latex", known=known(expr), shape=shape(expr)).expr
        except MatgradError:
            return
        assert lower(found) is lower(expr)
        return
    found = read(printed, syntax="latex", known=known(expr), shape=shape(expr)).expr
    assert lower(found) is lower(expr), printed


@pytest.mark.parametrize("part", range(PARTS))
def test_answers_read_back(part: int) -> None:
    """Random expressions and their derivatives, as the twin in the matrix language reads."""
    refused = 0
    for seed in range(part * 30, part * 30 + 30):
        asked = problem(seed)
        answer = derive(Expression(asked.root), asked.names, check=False)
        for expr in (asked.root, answer.expression):
            try:
                found = read(
                    render(expr, "latex"), syntax="latex", known=known(expr), shape=shape(expr)
                )
            except MatgradError:
                refused += 1
                continue
            twin = read(render(expr, "text"), known=known(expr), shape=shape(expr))
            assert lower(found.expr) is lower(twin.expr), (seed, render(expr, "latex"))
    assert refused < 15


def test_the_cookbook_reads_back() -> None:
    """Every formula on its page, beside what was typed: the same question."""
    page = (Path(__file__).parent.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    count = asked = 0
    for line in page.splitlines():
        found = re.search(r"\$([^$\n]+)\$.*?\| `([^`]+)`", line)
        if found is None:
            continue
        latex, text = (part.replace("\\|", "|") for part in found.groups())
        given = re.search(r"given `([^`]+)`", line)
        declared = given[1] if given else ""
        count += 1
        try:
            reading = read(latex, syntax="latex", given=declared)
        except AmbiguityProblem:
            asked += 1
            continue
        twin = read(text, given=declared)
        assert len(reading.targets) == len(twin.targets), latex
        names = {name.name.replace("_", "") for name in reading.names}
        assert names >= {n.name.replace("_", "") for n in twin.names if n.kind != "dimension"}, (
            latex
        )
        assert reading.expr.order == twin.expr.order, latex
    assert count > 400
    assert asked < 15
