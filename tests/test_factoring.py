"""Factors that are taken out of a sum without weighing it: that is cheaper in print, always."""

from __future__ import annotations

import matgrad as mg
from matgrad.core.expr import SUM, walk
from matgrad.normal.lift import Lifter
from matgrad.normal.surface import strip_sign
from matgrad.shorten.factor import Factoring
from matgrad.shorten.taken import candidates
from random_expressions import named, problem

SEEDS = range(1500)


def test_what_is_taken_out_unweighed_is_cheaper() -> None:
    taken_out = 0
    for seed in SEEDS:
        root, variables = problem(seed)
        derived = mg.derive(mg.Expression(root), list(map(named, variables)), check=False).derived
        lifter = Lifter({})
        reading = Factoring(lifter, (), row=False).reading
        for node in walk(derived):
            for taken in candidates(node, (), reading) if node.op is SUM and node.args else ():
                if taken.saves:
                    taken_out += 1
                    before, after = (
                        lifter.cost(strip_sign(lifter.draft(form))[1])
                        for form in (node, taken.whole(taken.inner))
                    )
                    assert after < before, f"seed {seed}: {mg.Expression(root)}"
    assert taken_out
