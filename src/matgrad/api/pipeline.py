"""Deriving: from text or an expression to a checked answer.

Floor 5.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from time import process_time

from matgrad.api import structured
from matgrad.api.expressions import Expression
from matgrad.api.names import reading_of
from matgrad.api.result import Result
from matgrad.calculus.derivative import derivative
from matgrad.calculus.entries import at_entry
from matgrad.calculus.layout import LAYOUTS, arrange
from matgrad.calculus.structure import derivative_on, freed
from matgrad.calculus.wirtinger import independent
from matgrad.catalogue.structures import METRICS, READINGS, Structure
from matgrad.certificate.layouts import layout_claim
from matgrad.core.budget import budget
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Shape, names_of
from matgrad.core.errors import (
    BudgetExceeded,
    DeclarationProblem,
    MatgradError,
    NameProblem,
    NoForm,
    NoRule,
    ShapeProblem,
)
from matgrad.core.expr import Expr, operators, replaced, walk
from matgrad.normal.build import conjugate
from matgrad.normal.chosen import own_sums
from matgrad.normal.lift import Lifter
from matgrad.normal.lower import lower
from matgrad.notation.read import Reading, read
from matgrad.notation.tokens import QUESTIONS, Syntax
from matgrad.proof import Proof, prove, same
from matgrad.shorten.answers import apply_answer_rules, restore
from matgrad.shorten.names import Names
from matgrad.shorten.rank import impossible_inverses, without_zero_determinants
from matgrad.shorten.search import shorten


def derive(
    expr: str | Expression,
    wrt: str | Expression | Sequence[str | Expression] | None = None,
    *,
    given: str = "",
    symbols: Mapping[str, str] | None = None,
    let: Mapping[str, str] | None = None,
    layout: str = "book",
    structure: str = "free",
    metric: str = "embedded",
    syntax: Syntax = "matrix",
    check: bool = True,
) -> Result:
    """The derivative of `expr` by `wrt`, in closed form and checked.

    `expr` is text (`"x'*A*x"`, or with the variable in front: `"d/dx x'*A*x"`) or an expression
    built in Python.  A list of variables differentiates by each in turn; the axes of the answer
    are the result's, then those of each variable.  `syntax` is the language of texts: `matrix`,
    `numpy` or `latex`, whose first remark is what was read.  `given` declares shapes and properties
    (`"W symmetric; X: m n; f(X): p p"`), `symbols` the same by name, `let` names parts.
    `layout` is one of book, gradient, numerator, denominator, vec; `structure` one of free,
    tangent, entries, and `metric` what a tangent gradient is taken in: embedded, canonical
    (orthonormal columns) or affine-invariant (positive definite).

    Where the layout does not exist the answer is in the layout book, with the reason among its
    remarks.

    Raises MatgradError for what cannot be read or has no rule.
    """
    if layout not in LAYOUTS:
        raise DeclarationProblem(
            f"there is no layout `{layout}`", hint=f"one of {', '.join(LAYOUTS)}"
        )
    if structure not in READINGS:
        raise DeclarationProblem(
            f"there is no structure `{structure}`", hint=f"one of {', '.join(READINGS)}"
        )
    if metric not in METRICS or (metric != "embedded" and structure != "tangent"):
        raise DeclarationProblem(
            f"there is no metric `{metric}` for the structure {structure}",
            hint=f"with the structure tangent, one of {', '.join(METRICS)}",
        )
    started = process_time()
    text, reading = _read(expr, wrt, given, symbols, let, syntax)
    if reading.equals is not None:
        raise NoRule(
            "this is a claim, with an `=`, and a derivative is derived here",
            text=text,
            span=(text.rfind("="), len(text)),
            hint="`matgrad check` and mg.check check it; or leave out `=` and what follows",
        )
    if not reading.targets:
        raise NameProblem(
            "by which variable?",
            text=text,
            span=(0, len(text)),
            hint=f'write it in front, as in "{QUESTIONS[syntax]}", or name it: --wrt X',
        )
    timings = {"read": process_time() - started}
    program = frozenset(let or ())
    return answer(text, reading, layout, structure, metric, program, timings, check=check)


def answer(
    text: str,
    reading: Reading,
    layout: str = "book",
    structure: str = "free",
    metric: str = "embedded",
    program: Collection[str] = (),
    timings: dict[str, float] | None = None,
    *,
    check: bool = True,
) -> Result:
    """The derivative that a text, already read, asks for; what it claims is not looked at.
    `program` are the named parts that code keeps."""
    timings = {} if timings is None else timings
    try:
        with budget():
            result = _derived(text, reading, program, layout, structure, metric, timings)
            if check:
                started = process_time()
                result.proof = checked(result)
                timings["check"] = process_time() - started
    except RecursionError:
        raise BudgetExceeded(
            "this expression is nested too deeply: the depth of functions inside functions grew "
            "past the limit",
            text=text,
            span=(0, len(text)),
            hint="name an inner part with `where` and differentiate in two steps",
        ) from None
    except MatgradError as problem:
        if isinstance(problem, ShapeProblem) and reading.equations:
            raise _open_sizes(text, reading) from None
        problem.at(text, (0, len(text)))
        raise
    return result


def _open_sizes(text: str, reading: Reading) -> ShapeProblem:
    """The error for an answer that needs sizes to agree which do so by an equation only."""
    mentioned = set(re.findall(r"\w+", " ".join(reading.equations)))
    guessed = ", ".join(
        info.name
        for info in reading.names
        if not info.declared and any(names_of(size) & mentioned for size in info.shape)
    )
    return ShapeProblem(
        f"the sizes fit only where {' and '.join(reading.equations)}, which nothing here says",
        text=text,
        span=(0, len(text)),
        hint=f"declare shapes of which this is true, of {guessed}",
    )


def _read(
    expr: str | Expression,
    wrt: str | Expression | Sequence[str | Expression] | None,
    given: str,
    symbols: Mapping[str, str] | None,
    let: Mapping[str, str] | None,
    syntax: Syntax,
) -> tuple[str, Reading]:
    items = [] if wrt is None else [wrt] if isinstance(wrt, str | Expression) else list(wrt)
    for item in (expr, *items):
        if not isinstance(item, str | Expression):
            raise TypeError(f"text or an expression is wanted, not {type(item).__name__}")
    if isinstance(expr, Expression):
        if given or symbols or let or syntax != "matrix":
            raise DeclarationProblem(
                "given, symbols, let and syntax are for text; an expression has its declarations",
                hint='declare with the symbols: mg.symbols("W: n n symmetric")',
            )
        return str(expr), reading_of(expr.expr, items)
    names = [str(item) for item in items]
    return expr, read(
        expr,
        given=given,
        symbols=symbols,
        lets=let,
        wrt=names,
        syntax=syntax,
        named=bool(names),
        derives=not names,
    )


def _derived(
    text: str,
    reading: Reading,
    program: Collection[str],
    layout: str,
    structure: str,
    metric: str,
    timings: dict[str, float],
) -> Result:
    started = process_time()
    source = reading.expr
    moving = {t.symbol: freed(t.symbol) for t in reading.targets}
    normal = lower(replaced(source, moving))
    fixed = independent(moving.values())
    node = restore(without_zero_determinants(normal), fixed)
    inverted: list[Expr] = []
    rows: tuple[Structure, ...] = ()
    if structure != "free":
        rows = structured.rows_for(source, reading.targets, structure, metric)
    for at, target in enumerate(reading.targets):
        variable = moving[target.symbol]
        if rows:
            node = derivative_on(node, variable, rows[at])
        else:
            node = derivative(node, fixed[conjugate(variable)] if target.conjugate else variable)
        if target.indices:
            node = at_entry(node, target.symbol.shape, target.indices)
        # adj(X)/det(X) becomes inv(X) before it is differentiated again.
        node, used = apply_answer_rules(node)
        inverted += (matrix for _, matrix in used)
        if impossible_inverses(node):
            raise NoRule(
                "this derivative needs the inverse of a matrix whose rank is too low at every size "
                "above one (adj has a rule at nonsingular matrices only)"
            )
    node = structured.finished(node, moving[reading.targets[-1].symbol], rows)
    back = {free: declared for declared, free in moving.items() if free is not declared}
    normal_declared = restore(normal, back)
    for declared, free in moving.items():
        if is_complex(free):
            back[fixed[conjugate(free)]] = conjugate(declared)
    node = restore(node, back)
    names = Names(reading.lets, source)
    beside = [(name, value) for name, value in reading.lets if name in program]
    folded = names.fold(normal_declared)
    given = set(walk(*dict.fromkeys((normal_declared, folded, *names.cores)))) | own_sums(source)
    lifter = Lifter(
        names.ranks,
        operators(source),
        given,
        names.values,
        source=source,
    )
    variables: tuple[Shape, ...] = tuple(target.shape for target in reading.targets)
    row = arrange(node, source.shape, variables, "book").row if layout != "gradient" else False
    derived, node = node, shorten(node, names, lifter, row=row)
    shortfall = ""
    try:
        laid = arrange(node, source.shape, variables, layout)
    except NoForm as reason:
        shortfall = f"{reason.message}, so this is the layout book"
        layout = "book"
        laid = arrange(node, source.shape, variables, layout)
    if layout == "vec":
        laid = laid._replace(node=shorten(laid.node, names, lifter, row=laid.row))
    result = Result(
        input=text,
        source=source,
        targets=reading.targets,
        normal=normal,
        derived=derived,
        node=node,
        laid=laid,
        layout=layout,
        shortfall=shortfall,
        structure=structure,
        rows=rows,
        reading=reading,
        names=names,
        program=names if len(beside) == len(reading.lets) else Names(beside, source),
        lifter=lifter,
        moving=tuple(moving[target.symbol] for target in reading.targets),
        inverted=tuple(restore(matrix, back) for matrix in inverted),
        timings=timings,
    )
    timings["derive"] = process_time() - started
    return result


def checked(result: Result) -> Proof:
    """Check an answer as it is printed: the free derivative against dual numbers or, on a
    structure, along its directions, then its layout."""
    if result.rows:
        proof = structured.checked(result, result.rows)
    else:
        targets = [t.symbol for t in result.targets]
        entries = [t.indices for t in result.targets]
        conjugate = [t.conjugate for t in result.targets]
        proof = prove(result.source, targets, result.tensor, entries=entries, conjugate=conjugate)
    if proof.ok and result.expression is not result.tensor:
        claim = layout_claim(result.tensor, result.laid.turned, result.expression, result.groups)
        if claim is not None and not (found := same(*claim)).ok:
            return found
    return proof
