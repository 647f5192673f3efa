"""Claims: is what someone wrote down right?

Floor 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import process_time

from matgrad.api.expressions import Expression
from matgrad.api.judging import Judge, Options
from matgrad.api.names import names_in
from matgrad.api.verdict import Verdict
from matgrad.claims.loose import Loose
from matgrad.core.errors import MatgradError, NameProblem, ShapeProblem
from matgrad.core.expr import Expr, Function, shape_text, symbols_of, walk
from matgrad.notation.alike import suggestion
from matgrad.notation.links import links, sides_of
from matgrad.notation.read import Reading, read
from matgrad.notation.tokens import Syntax


def check(
    claim: str,
    wrt: str | Sequence[str] = (),
    *,
    given: str = "",
    symbols: Mapping[str, str] | None = None,
    let: Mapping[str, str] | None = None,
    layout: str = "book",
    structure: str = "free",
    metric: str = "embedded",
    syntax: Syntax = "matrix",
) -> Verdict:
    """Whether a claim holds: `check("d/dX tr(A*X*B) = A'*B'")`.

    Either side may be a derivative; `wrt` are the variables by which the left one is differentiated
    where the text does not say so.  Of a chain `a = b = c` every link is checked, and the verdict
    is on the first that is broken.  Everything else is as for `derive`.

    Raises SyntaxProblem for an inequality, NameProblem for an undeclared name that the claim brings
    in, ShapeProblem for two expressions of different shapes, and what `derive` raises.
    """
    options = Options(layout, structure, metric)
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    known: dict[str, Expr | Function] = {}
    verdict: Verdict | None = None
    for link in links(claim, syntax):
        started = process_time()
        first = verdict is None
        reader = partial(read, given=given, symbols=symbols, lets=let, syntax=syntax, known=known)
        moving = names if first else ()
        try:
            reading = reader(link, wrt=moving)
        except ShapeProblem as problem:
            verdict = _misfit(link, problem, partial(reader, wrt=moving), options, syntax)
            if verdict is None:
                raise
            return verdict
        spent = process_time() - started
        known |= _undeclared(reading)
        try:
            verdict = Judge(link.strip(), reading, options, syntax).verdict()
        except MatgradError as problem:
            problem.at(link, (0, len(link)))
            raise
        timings = {"read": spent, **verdict.timings}
        verdict = replace(verdict, remarks=reading.remarks, timings=timings)
        if not verdict:
            _refuse_strangers(link, reading)
            return verdict
    assert verdict is not None  # there is a link
    return verdict


def equal(
    left: str | Expression,
    right: str | Expression,
    *,
    given: str = "",
    syntax: Syntax = "matrix",
) -> Verdict:
    """Whether two expressions are equal: `equal("tr(A*B)", "tr(B*A)")`.

    Texts are in the language that `syntax` says, as for `read`; beside an expression built in
    Python they mean that expression's symbols by their names.

    Raises ShapeProblem for sides of different shapes.
    """
    reading = _sides(left, right, given, syntax)
    assert reading.equals is not None
    return Judge(f"{left} = {right}", reading, Options(), syntax).verdict()


def _misfit(
    link: str,
    problem: ShapeProblem,
    reader: Callable[[str], Reading],
    options: Options,
    syntax: Syntax,
) -> Verdict | None:
    """The verdict on the claim that a derivative is something which does not fit together."""
    left, right = sides_of(link, syntax)
    try:
        reading = reader(left)
    except MatgradError:
        return None
    if not reading.targets:
        return None
    loose = Loose([*walk(reading.expr), *(target.symbol for target in reading.targets)])
    claimed: Expr | None = None
    with suppress(MatgradError):
        claimed = read(right, syntax=syntax, known=loose.names).expr
    judge = Judge(link.strip(), reading._replace(equals=claimed or reading.expr), options, syntax)
    return judge.misfit(problem.message, claimed, loose.real)


def _sides(left: str | Expression, right: str | Expression, given: str, syntax: Syntax) -> Reading:
    if isinstance(left, Expression) and isinstance(right, Expression):
        if left.shape != right.shape:
            first, second = (shape_text(side.shape) for side in (left, right))
            raise ShapeProblem(f"the sides have different shapes: {first} and {second}")
        return Reading(left.expr, (), right.expr, (), (), ())
    built = next((side for side in (left, right) if isinstance(side, Expression)), None)
    known = None if built is None else names_in(built.expr)
    reading = read(f"{left} = {right}", given=given, known=known, syntax=syntax)
    if reading.equals is None:
        raise ShapeProblem("an equality has two sides")
    return reading


def _undeclared(reading: Reading) -> dict[str, Expr | Function]:
    """The names that only their use says something of, as they were read."""
    assert reading.equals is not None
    declared = {name.name for name in reading.names if name.declared}
    found = names_in(reading.expr) | names_in(reading.equals)
    return {name: value for name, value in found.items() if name not in declared}


def _refuse_strangers(text: str, reading: Reading) -> None:
    """Raise NameProblem for an undeclared symbol that only the claimed side of a derivative has:
    it is a slip of the pen, and whatever it stands for the claim cannot hold."""
    assert reading.equals is not None
    sides = [reading.expr, reading.equals]
    if reading.right and not reading.targets:
        sides.reverse()
    if not reading.targets and not reading.right:
        return
    known = {t.symbol for t in (*reading.targets, *reading.right)} | set(symbols_of(sides[0]))
    declared = {name.name for name in reading.names if name.declared}
    for symbol in symbols_of(sides[1]):
        name: str = symbol.data[0]
        if symbol not in known and name not in declared and not symbol.data[1]:
            others = [other.data[0] for other in known]
            start = text.rfind(name)
            raise NameProblem(
                f"{name} is on one side of the claim only, and nothing is declared of it",
                text=text,
                span=(max(start, 0), max(start, 0) + len(name)),
                hint=suggestion(name, others) or f"declare it if that is meant: given {name}: …",
            )
