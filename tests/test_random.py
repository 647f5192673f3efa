"""Random expressions: derived, printed, read back, checked, with nothing withheld.

`MATGRAD_RANDOM=20000` draws that many instead of a few hundred; `MATGRAD_RANDOM_FROM` is the
first seed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cache

import pytest

import matgrad as mg
from matgrad.calculus.layout import LAYOUTS
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.structures import READINGS
from matgrad.core.dims import Dim
from matgrad.core.expr import Expr, replaced, symbol, symbols_of, walk
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.notation.render import render
from matgrad.proof import same
from random_expressions import DECLARED, VARIABLES, declarations, named, problem

COUNT = int(os.environ.get("MATGRAD_RANDOM", "400"))
FIRST = int(os.environ.get("MATGRAD_RANDOM_FROM", "0"))
# Seeds of one test: few enough to see which failed, many enough to keep pytest quick.
STRIDE = 10


def answered(seed: int) -> None:
    """Derive the problem of a seed, and hold the answer to everything that is promised."""
    asked = problem(seed)
    symbols = declarations(asked.root, *asked.variables)
    options = {"layout": asked.layout, "structure": asked.structure}
    if asked.part is None:
        result = mg.derive(mg.Expression(asked.root), asked.names, **options)
    else:
        text, lets = spelled(asked.root, asked.part)
        result = mg.derive(text, asked.names, symbols=symbols, let=lets, **options)
    assert result.proof is not None
    assert result.proof.ok is True, f"{result}: {result.proof}\n{result.proof.detail}"
    shape = " ".join(map(str, result.shape))
    text = result.text()
    again = read(text, symbols=symbols, shape=shape).expr
    assert agree(again, result.expression, text), text
    code = result.text("numpy")
    form, lets = result.array_form, {}
    if asked.part is not None:
        # In code what is named is an argument.
        form = replaced(form, {s: asked.part for s in symbols_of(form) if s.data[0] == "part"})
        lets = {"part": render(asked.part, "numpy")}
    again = read(code, symbols=symbols, lets=lets, shape=shape, syntax="numpy").expr
    assert agree(again, form, code), code
    assert result.text("unicode")
    assert result.latex()


def spelled(root: Expr, part: Expr) -> tuple[str, dict[str, str]]:
    """An expression as text, with a part of it named."""
    name = symbol("part", part.shape)
    return render(replaced(root, {part: name}), "text"), {"part": render(part, "text")}


def agree(left: Expr, right: Expr, written: str) -> bool:
    """Whether what was read is what was written.  An index form does not show which of its terms
    stand in brackets for an axis that none of them has, so there the values decide."""
    if lower(left) is lower(right):
        return True
    indexed = re.search(r"\[\w+(,\w+)*\]:", written) or "einsum" in written
    return bool(indexed) and same(left, right).ok is True


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, STRIDE))
def test_random_expressions(first: int) -> None:
    for seed in range(first, min(first + STRIDE, FIRST + COUNT)):
        try:
            answered(seed)
        except Exception as failure:
            raise AssertionError(f"seed {seed}: {problem(seed)}") from failure


@cache
def drawn() -> Counter[str]:
    return Counter(node.op.name for seed in range(2000) for node in walk(problem(seed).root))


# What no random expression has, and why.
UNDRAWN: dict[str, str] = {}


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_is_drawn(name: str) -> None:
    assert bool(drawn()[name]) is (name not in UNDRAWN)


def test_every_property_is_declared() -> None:
    """Of constants and of variables."""
    missing = {name for names in DECLARED for name in names}
    for seed in range(2000):
        for node in symbols_of(problem(seed).root):
            missing -= node.data[1]
    assert not missing


def test_every_way_to_ask_is_drawn() -> None:
    problems = [problem(seed) for seed in range(2000)]
    assert {asked.layout for asked in problems} == set(LAYOUTS)
    assert {asked.structure for asked in problems} == set(READINGS)
    assert {len(asked.variables) for asked in problems} == {1, 2}
    assert any(asked.part for asked in problems)
    names = {name for asked in problems for name in asked.names}
    assert names == set(map(named, VARIABLES))


def test_members_of_families_are_drawn() -> None:
    places = [
        at
        for seed in range(400)
        for node in walk(problem(seed).root)
        if node.op.name == "entry"
        for at in node.data
    ]
    assert any(isinstance(at, Dim) for at in places)


def test_sizes_are_pairwise_different() -> None:
    sizes = {s for seed in range(100) for node in walk(problem(seed).root) for s in node.shape}
    assert {Dim("m"), Dim("n"), Dim("p")} <= sizes
