"""Judging one equality: both sides in closed form, compared, and what is said of a difference.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from time import process_time
from typing import NamedTuple, final

from matgrad.api.pipeline import answer, checked
from matgrad.api.remarks import target_text
from matgrad.api.result import Result
from matgrad.api.verdict import Verdict
from matgrad.calculus.layout import LAYOUTS, arrange
from matgrad.catalogue.structures import READINGS
from matgrad.claims import faults
from matgrad.claims.assumptions import assumptions, with_property
from matgrad.claims.example import counterexample
from matgrad.claims.mends import likeliest, mends
from matgrad.claims.points import Points
from matgrad.claims.terms import Mend
from matgrad.core.budget import budget
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Dim
from matgrad.core.errors import MatgradError, NoForm, NoRule
from matgrad.core.expr import NUMBER, Expr, number, replaced, shape_text, walk
from matgrad.normal.lower import lower_all
from matgrad.notation.read import Reading, Target
from matgrad.notation.render import render
from matgrad.notation.tokens import Syntax
from matgrad.proof import Proof, prove, same
from matgrad.shorten.conditions import conditions
from matgrad.shorten.exponents import least_value

# Numbers beyond these are too small or too large to be seen in floating point beside others.
_VISIBLE = (1e-6, 1e6)


@final
class Options(NamedTuple):
    """How derivatives are read, as for `derive`."""

    layout: str = "book"
    structure: str = "free"
    metric: str = "embedded"


@final
class Judge:
    """One equality: `source`, or its derivative, is claimed to be `claimed`."""

    def __init__(self, claim: str, reading: Reading, options: Options, syntax: Syntax) -> None:
        assert reading.equals is not None
        self.claim = claim
        self.reading = reading
        self.options = options
        self.form = "numpy" if syntax == "numpy" else "text"
        self.source, self.targets = reading.expr, reading.targets
        self.other, other_targets = reading.equals, reading.right
        if other_targets and not self.targets:
            self.source, self.other = self.other, self.source
            self.targets, other_targets = other_targets, ()
        self.other_targets = other_targets

    def verdict(self) -> Verdict:
        """The verdict, with all that is said of a claim that is not true."""
        started = process_time()
        with budget():
            found = self._compared()
        timings = {"compare": process_time() - started}
        if found.verdict in ("true", "undecided"):
            return replace(found, conditions=self._conditions(), timings=timings)
        started = process_time()
        with budget():
            found = self._explained(found)
        return replace(found, timings={**timings, "explain": process_time() - started})

    def misfit(
        self, reason: str, claimed: Expr | None, real: Callable[[Expr], Expr | None]
    ) -> Verdict:
        """The verdict on a right side that does not fit together: why, that side as if all sizes
        were one, and the way back from there."""
        started = process_time()
        proof = Proof(False, "exact", detail=reason)
        verdict = Verdict(self.claim, "false", "shapes", proof, self.reading.names)
        verdict = replace(verdict, layout=self.options.layout, correct=self._correct())
        mended: list[Mend] = []
        with budget(), suppress(MatgradError):
            if claimed is not None:
                moving = {target.symbol for target in self.targets}
                points = Points(self.left, self.left)
                mended = mends(points, claimed, walk(self.source), moving, real)
        names = dict.fromkeys([fault for mend in mended for fault in mend.faults])
        found = [*names, faults.SHAPE] if mended else [faults.SHAPE, faults.ORDER]
        if mended:
            verdict = replace(verdict, mend=self._written(mended[0].expr))
        timings = {"explain": process_time() - started}
        return replace(verdict, fault=tuple(dict.fromkeys(found)), timings=timings)

    # Comparing.

    @cached_property
    def result(self) -> Result | None:
        """The derivative that the left side is, if it is one."""
        return self._derived(self.source, self.targets)

    @cached_property
    def left(self) -> Expr:
        """The left side in closed form."""
        return self.source if self.result is None else self.result.expression

    @cached_property
    def right(self) -> Expr:
        """The right side in closed form."""
        result = self._derived(self.other, self.other_targets)
        return self.other if result is None else result.expression

    def _derived(self, expr: Expr, targets: tuple[Target, ...]) -> Result | None:
        if not targets:
            return None
        reading = self.reading._replace(expr=expr, targets=targets, equals=None, right=())
        o = self.options
        result = answer(self.claim, reading, o.layout, o.structure, o.metric, check=False)
        if result.shortfall:
            raise NoForm(result.shortfall)
        return result

    def _conditions(self) -> tuple[str, ...]:
        """Where both sides exist."""
        differentiated = self.source if self.targets else number(0)
        names = self.reading.names
        least = {name.name: least_value(name.kind, name.properties) for name in names}
        with suppress(NoRule):
            return conditions((differentiated, self.left, self.right), least=least)
        return ()

    def _compared(self) -> Verdict:
        verdict = Verdict(self.claim, "undecided", "evaluation", Proof(None, "exact"))
        verdict = replace(verdict, symbols=self.reading.names, layout=self.options.layout)
        try:
            shapes = self.left.shape, self.right.shape
        except NoRule:
            return self._by_definition(verdict)
        if shapes[0] != shapes[1]:
            left, right = map(shape_text, shapes)
            detail = f"the left side is {left}, the right side {right}"
            proof = Proof(False, "exact", detail=detail)
            return replace(verdict, verdict="false", by="shapes", proof=proof, shapes=shapes)
        normal = lower_all((self.left, self.right))
        by = "normal form" if normal[0] is normal[1] else "evaluation"
        return self._settled(verdict, self._proof(), by)

    def _by_definition(self, verdict: Verdict) -> Verdict:
        """Where the derivative has no rule, its definition still tells right from wrong."""
        if self.other_targets or self.options != Options():
            raise NoRule("there is no rule for a derivative in this claim")
        return self._settled(verdict, self._direct(), "evaluation")

    def _proof(self) -> Proof:
        simple = self.options._replace(layout="book") == Options() and not self.other_targets
        if self.result is None:
            if not self.other_targets:
                return same(self.left, self.right)
        elif simple and self.result.expression is self.result.tensor:
            return self._direct()
        for expr, targets in ((self.source, self.targets), (self.other, self.other_targets)):
            result = self._derived(expr, targets)
            if result is not None and (proof := checked(result)).ok is not True:
                return replace(proof, ok=None)
        return same(self.left, self.right)

    def _direct(self) -> Proof:
        """The claimed derivative against the definition of what is differentiated."""
        return prove(
            self.source,
            [t.symbol for t in self.targets],
            self.other,
            entries=[t.indices for t in self.targets],
            conjugate=[t.conjugate for t in self.targets],
        )

    def _settled(self, verdict: Verdict, proof: Proof, by: str) -> Verdict:
        if proof.ok is None:
            return replace(verdict, by="evaluation", proof=proof)
        if proof.ok and proof.method == "floating" and by == "evaluation" and not self._visible():
            return replace(verdict, by="floating evaluation, which agrees", proof=proof)
        return replace(verdict, verdict="true" if proof.ok else "false", by=by, proof=proof)

    def _visible(self) -> bool:
        """Whether floating evaluation would notice every number: not x + 1e-30 beside x."""
        least, most = _VISIBLE
        return all(
            node.data == 0 or least < abs(node.data) < most
            for node in walk(self.source, self.other)
            if node.op is NUMBER and not isinstance(node.data, Dim)
        )

    # Explaining.

    def _explained(self, verdict: Verdict) -> Verdict:
        try:
            left, right = self.left, self.right
        except NoRule:
            return verdict
        verdict = replace(verdict, correct=self._correct())
        alike = left.shape == right.shape
        found: list[tuple[float, tuple[str, ...]]] = []
        if layout := next(self._layouts(), None):
            verdict = replace(verdict, verdict="true-if", layout=layout)
            found.append((0.8, (faults.LAYOUT, faults.TRANSPOSE)))
        if not alike:
            found.append((0.9, (faults.SHAPE,)))
        elif other := next(self._conventions(), None):
            verdict = replace(verdict, verdict="true-if", needs=(other,))
            found.append((0.5, (faults.CONVENTION,)))
        with suppress(MatgradError):
            points = Points(left, right)
            moving = {target.symbol for target in self.targets}
            mended = mends(points, right, walk(self.source), moving)
            found += ((mend.cost, mend.faults) for mend in mended)
            if mended:
                verdict = replace(verdict, mend=self._written(mended[0].expr))
            if alike and verdict.verdict == "false":
                needed = assumptions(left, right, floating=not points.exact)
                if needed is not None:
                    verdict = replace(verdict, verdict="true-if", needs=needed.texts)
                    found.append((needed.cost, (needed.fault,)))
        if alike:
            verdict = replace(verdict, counterexample=counterexample(left, right))
        if verdict.mend is None and verdict.verdict == "false":
            found.append((9.0, likeliest(left, right)))
        ranked = sorted(found, key=lambda each: each[0])
        names = dict.fromkeys(name for _, some in ranked for name in some)
        return replace(verdict, fault=tuple(names))

    def _conventions(self) -> Iterator[str]:
        """Other readings of the derivative under which the claim holds."""
        if self.result is None or self.other_targets or self.options.layout != "book":
            return
        whole = not any(target.indices for target in self.targets)
        if any(is_complex(target.symbol) for target in self.targets):
            turned = tuple(t._replace(conjugate=not t.conjugate) for t in self.targets)
            if self._read_as(self.options, turned, {}):
                yield f"differentiated by {', '.join(map(target_text, turned))}"
        elif self.result.is_structured and whole:
            for structure in READINGS:
                other = Options(structure=structure)
                if other != self.options and self._read_as(other, self.targets, {}):
                    yield f"structure {structure}"
        elif whole and all(_is_square(target.symbol) for target in self.targets):
            more = {t.symbol: with_property(t.symbol, "symmetric") for t in self.targets}
            moved = tuple(t._replace(symbol=more[t.symbol]) for t in self.targets)
            free = self._read_as(Options(), moved, more)
            if not free and self._read_as(Options(structure="entries"), moved, more):
                names = ", ".join(dict.fromkeys(map(target_text, moved)))
                yield f"{names} symmetric, structure entries"

    def _read_as(
        self, options: Options, targets: tuple[Target, ...], values: Mapping[Expr, Expr]
    ) -> bool:
        """Whether the claim holds of the derivative read otherwise."""
        expr, claimed = (replaced(side, values) for side in (self.source, self.other))
        reading = self.reading._replace(expr=expr, targets=targets, equals=None, right=())
        with suppress(MatgradError):
            result = answer(self.claim, reading, "book", options.structure, check=False)
            return bool(same(result.expression, claimed).ok)
        return False

    def _correct(self) -> str | None:
        if self.result is None:
            return None
        return self.result.text(self.form)

    def _layouts(self) -> Iterator[str]:
        """The other layouts in which the claim holds."""
        result = self.result
        if result is None or result.rows:
            return
        for layout in LAYOUTS:
            if layout == self.options.layout:
                continue
            with suppress(NoForm):
                laid = arrange(result.node, result.source.shape, result.variables, layout)
                if laid.node is result.laid.node or laid.node.shape != self.right.shape:
                    continue
                if same(result.lifter.lift(laid.node, laid.row), self.right).ok:
                    yield layout

    def _written(self, expr: Expr) -> str:
        row = self.result is not None and self.result.laid.row
        return render(expr, self.form, row=row and expr.order == 1)


def _is_square(symbol: Expr) -> bool:
    return symbol.order == 2 and symbol.shape[0] == symbol.shape[1]
