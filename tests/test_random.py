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
from matgrad.catalogue.properties import indices_of
from matgrad.core.dims import Dim
from matgrad.core.expr import APPLY, SYMBOL, Expr, walk
from matgrad.normal.lower import lower
from matgrad.notation.read import read
from matgrad.proof import same
from random_expressions import SCALARS, named, problem

COUNT = int(os.environ.get("MATGRAD_RANDOM", "400"))
FIRST = int(os.environ.get("MATGRAD_RANDOM_FROM", "0"))
# Seeds of one test: few enough to see which failed, many enough to keep pytest quick.
STRIDE = 10


def declarations(*exprs: Expr) -> dict[str, str]:
    """The names in expressions, as `symbols=` declares them; also those of sizes, by a vector."""
    found = {f"of_{name}": name for name in "mnpq"} | {"k": "integer"}
    for node in walk(*exprs):
        if node.op is SYMBOL:
            name, properties = node.data
            indices = indices_of(properties)
            sizes = " ".join(map(str, node.shape[len(indices) :]))
            for index, count in zip(indices, node.shape, strict=False):
                name, sizes = f"{name}_{index}", f"{sizes}, {index}=1..{count}"
            found[name] = sizes
        elif node.op is APPLY:
            function = node.data[0]
            params = ", ".join(f"({' '.join(map(str, shape))})" for shape in function.params)
            value = f"({' '.join(map(str, function.value))})"
            found[function.name] = "elementwise" if function.elementwise else f"{params} -> {value}"
    return found


def answered(seed: int) -> None:
    """Derive the problem of a seed, and hold the answer to everything that is promised."""
    root, variables = problem(seed)
    symbols = declarations(root, *variables)
    result = mg.derive(mg.Expression(root), list(map(named, variables)))
    assert result.proof is not None
    assert result.proof.ok is True, f"{result}: {result.proof}\n{result.proof.detail}"
    shape = " ".join(map(str, result.shape))
    text = result.text()
    again = read(text, symbols=symbols, shape=shape).expr
    assert agree(again, result.expression, text), text
    code = result.text("numpy")
    again = read(code, symbols=symbols, shape=shape, syntax="numpy").expr
    assert agree(again, result.array_form, code), code
    assert result.text("unicode")
    assert result.latex()


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
            root, variables = problem(seed)
            names = ", ".join(map(named, variables))
            raise AssertionError(f"seed {seed}: d/d({names}) {mg.Expression(root)}") from failure


@cache
def drawn() -> Counter[str]:
    return Counter(node.op.name for seed in range(2000) for node in walk(problem(seed)[0]))


STRUCTURAL = """
    add sub neg scale matmul transpose trace det logdet adj inv matpow solve hadamard divide power
    kron outer inner diag diagvec sum sum0 sum1 ones eye vec norm2 normF norm1 sqrt entry apply
    part block component
    numel mean mean0 mean1 index_sum
    gelu silu mish logsigmoid leaky_relu elu maximum minimum logaddexp
    where clip huber soft_threshold hypot atan2 lbeta prod prod0 prod1 max max0 max1 min min0 min1
    norminf vecnorm0 vecnorm1 softmax softmax0 softmax1 log_softmax log_softmax0 log_softmax1
    logsumexp logsumexp0 logsumexp1 argmax1 argmax10 argmax11 argmin1 argmin10 argmin11
    cross flip flip0 flip1 diff diff0 diff1
    pow cumsum cumsum0 cumsum1 cumprod diagsums antisums cyclesums toeplitz hankel circulant conv
    expm sinm cosm sinhm coshm funm loewner sqrtm logm chol pinv sylv
    eigvals eigvecmax eigmax eigmin normspec normnuc
"""


@pytest.mark.parametrize("name", [*STRUCTURAL.split(), *SCALARS])
def test_every_operator_is_drawn(name: str) -> None:
    assert drawn()[name] > 0


def test_members_of_families_are_drawn_and_differentiated_by() -> None:
    problems = [problem(seed) for seed in range(400)]
    assert any(named(v) == "z_j" for _, variables in problems for v in variables)
    places = [
        at
        for root, _ in problems
        for node in walk(root)
        if node.op.name == "entry"
        for at in node.data
    ]
    assert any(isinstance(at, Dim) for at in places)


def test_sizes_are_pairwise_different() -> None:
    sizes = {size for seed in range(100) for node in walk(problem(seed)[0]) for size in node.shape}
    assert {Dim("m"), Dim("n"), Dim("p")} <= sizes
