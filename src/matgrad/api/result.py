"""A derivative and everything that comes with it: notations, conditions, proof, evaluation.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, final

from matgrad.api.code import code_of, compiled, operator_code, operator_of
from matgrad.api.directions import along, named
from matgrad.api.exports import differentiable_code, differentiable_of
from matgrad.api.numbers import at_numbers
from matgrad.api.remarks import remarks, target_text
from matgrad.calculus.layout import LaidOut, arrange
from matgrad.calculus.structure import is_structured
from matgrad.catalogue import algebra
from matgrad.catalogue.structures import Structure
from matgrad.certificate.layouts import applied, layout_claim
from matgrad.core.dims import Shape
from matgrad.core.errors import MatgradError, NoForm
from matgrad.core.expr import Expr, symbol
from matgrad.normal.index import index_form
from matgrad.normal.lift import Lifter
from matgrad.notation.read import NameInfo, Reading, Target
from matgrad.notation.render import render
from matgrad.proof import Proof, same
from matgrad.shorten.conditions import conditions
from matgrad.shorten.exponents import least_value
from matgrad.shorten.names import Names
from matgrad.shorten.search import shorten

if TYPE_CHECKING:
    from matgrad.certificate.derivation import Derivation

FORMS = ("text", "unicode", "latex", "numpy", "index", "kron")
# What an answer may be written as: itself, or applied to directions.
KINDS = ("derivative", "differential", "bilinear")


@final
@dataclass(eq=False)
class Result:
    """The derivative of an expression by one or more variables.

    `node` is the derivative in normal form, the result's axes first; `laid` the same in the
    layout asked for, or the nearest one: `shortfall` says why.  `names` are all that the user
    gave to parts, `program` those given beside the text, which code may use.  `str()` is the
    answer as text.
    """

    input: str
    source: Expr
    targets: tuple[Target, ...]
    normal: Expr
    derived: Expr
    node: Expr
    laid: LaidOut
    layout: str
    shortfall: str
    structure: str
    rows: tuple[Structure, ...]
    reading: Reading
    names: Names
    program: Names
    lifter: Lifter
    moving: tuple[Expr, ...]
    inverted: tuple[Expr, ...]
    proof: Proof | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def symbols(self) -> tuple[NameInfo, ...]:
        """What every name was read as, declared, assumed or found out."""
        return self.reading.names

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Where the answer holds."""
        lifter = self.lifter
        nonsingular = [lifter.opened(lifter.simplest(matrix)) for matrix in self.inverted]
        least = {name.name: least_value(name.kind, name.properties) for name in self.symbols}
        roots = (self.source, self.expression)
        try:
            return conditions(roots, nonsingular, self.names.texts, least)
        except MatgradError as problem:
            problem.at(self.input, (0, len(self.input)))
            raise

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What a reader should know besides: sizes forced equal, why an answer is zero, which
        form there is instead of another."""
        return tuple(remarks(self))

    @cached_property
    def steps(self) -> Derivation:
        """The derivation: steps from the differential of the input to the answer, each with its
        rule.  Raises NoForm for a derivative that has none."""
        # Here, because an answer alone is to be quick.
        from matgrad.api.steps import derivation

        return derivation(self)

    @property
    def wrt(self) -> tuple[str, ...]:
        """What was differentiated by, as text."""
        return tuple(map(target_text, self.targets))

    @property
    def is_structured(self) -> bool:
        """Whether a variable is declared to have a structure."""
        return any(is_structured(target.symbol) for target in self.targets)

    @property
    def shape(self) -> Shape:
        """The sizes of the answer's axes."""
        return self.laid.node.shape

    @cached_property
    def expression(self) -> Expr:
        """The answer in its layout, as a surface expression."""
        return self.lifter.lift(self.laid.node, self.laid.row)

    @cached_property
    def tensor(self) -> Expr:
        """The answer with the result's axes first, as a surface expression."""
        if self.laid.node is self.node:
            return self.expression
        return self.lifter.lift(self.node)

    def factors(self, form: str = "text") -> tuple[tuple[str, Shape], ...]:
        """The factors of a product from left to right, its sign apart, each with its shape."""
        found = []
        waiting = [(self.expression, self.laid.row)]
        while waiting:
            part, row = waiting.pop()
            if part.op is algebra.neg:
                waiting.append((part.args[0], row))
            elif part.op is algebra.scale or part.op is algebra.matmul:
                left, right = part.args
                product = part.op is algebra.matmul
                waiting += [(right, row and not product), (left, product and left.order == 1)]
            else:
                found.append((self._written(part, form, row), part.shape))
        return tuple(found)

    # As code: its source, and the function; as an operator that never builds the array.
    code = code_of
    compile = compiled
    operator_code = operator_code
    operator = operator_of
    differentiable_code = differentiable_code
    differentiable = differentiable_of

    @cached_property
    def array_form(self) -> Expr:
        """The answer as a surface expression for code, where every transpose is an operation,
        vectors have no orientation, and names given beside the text are symbols; checked against
        `expression` if that was checked."""
        page = self.lifter
        given, values = page.given, self.program.values
        lifter = Lifter(page.ranks, page.available, given, values, counted=True, source=page.source)
        node = shorten(self.derived, self.program, lifter, row=False)
        laid = arrange(node, self.source.shape, self.variables, self.layout)
        draft = lifter.draft(laid.node)
        code = lifter.opened(draft)
        agrees = self.proof is None or code is self.expression or same(code, self.expression).ok
        return lifter.indexed(draft) if agrees else self.expression

    @cached_property
    def differential(self) -> str:
        """The differential of the input, linear in the differentials of the variables: dF, and
        d2F for a second derivative."""
        return self.differential_in("text")

    def differential_in(self, form: str) -> str:
        """The differential in one notation."""
        moves = tuple(symbol(f"d{free.data[0]}", free.shape) for free in self.moving)
        return self._along(moves, form, "differential")

    @cached_property
    def bilinear(self) -> str:
        """A second derivative along a direction for each variable, D2F[H, K], as text."""
        return self.bilinear_in("text")

    def bilinear_in(self, form: str) -> str:
        """The bilinear form in one notation, in the `directions`.

        Raises NoForm for a first derivative, by entries, and on a structure.
        """
        if len(self.targets) < 2:
            raise NoForm(
                "a bilinear form takes two directions, and this is a first derivative",
                hint="differentiate twice, as in d2/dXdX, or ask for the differential",
            )
        return self._along(self.directions, form, "bilinear")

    @property
    def directions(self) -> tuple[Expr, ...]:
        """The directions of the bilinear form, one for each variable."""
        return named(self.moving, frozenset(name.name for name in self.symbols))

    def _along(self, moves: tuple[Expr, ...], form: str, name: str) -> str:
        """The derivative along directions, written in one notation."""
        whole = not any(t.indices or t.conjugate for t in self.targets) and not self.rows
        if not whole and len(moves) > 1:
            raise NoForm(f"the {name} form is of free derivatives by whole variables")
        declared = {
            free: target.symbol
            for free, target in zip(self.moving, self.targets, strict=True)
            if free is not target.symbol and whole
        }
        node = along(self.normal, self.moving, moves, declared)
        moved = self.lifter.lift(shorten(node, self.names, self.lifter, row=False))
        if whole:
            self._confirm(moved, applied(self.tensor, moves), name)
        return render(moved, form, names=self.names.texts)

    def text(self, form: str = "text") -> str:
        """The answer as `text` (ASCII, reads back), `unicode`, `latex`, `numpy`, in `index` form
        with every summed index shown, or as a `kron` matrix in the vec layout.

        Raises NoForm where the answer has no such form.
        """
        if form == "index":
            explicit = self.lifter.opened(index_form(self.lifter, self.node, explicit=True))
            self._confirm(explicit, self.tensor, form)
            return render(explicit, "text", names=self.names.texts, beside=self.source)
        if form == "kron":
            laid = arrange(self.node, self.source.shape, self.variables, "vec")
            matrix = self.lifter.lift(laid.node, laid.row)
            claim = layout_claim(self.tensor, laid.turned, matrix, self.groups)
            self._confirm(*(claim or (matrix, self.tensor)), form)
            return self._written(matrix, "unicode", laid.row)
        if form not in FORMS:
            raise NoForm(f"there is no form `{form}`", hint=f"one of {', '.join(FORMS)}")
        if form == "numpy":
            return render(self.array_form, "numpy")
        return self._written(self.expression, form, self.laid.row)

    def latex(self) -> str:
        """The answer in LaTeX, without delimiters."""
        return self.text("latex")

    def _written(self, expr: Expr, form: str, row: bool) -> str:
        return render(expr, form, row=row, names=self.names.texts, beside=self.source)

    def _confirm(self, form: Expr, answer: Expr, name: str) -> None:
        """Check another form of a checked answer before it is shown.

        Raises NoForm, with what the check found, where the two do not agree.
        """
        if self.proof is None or form is answer:
            return
        proof = same(form, answer)
        if not proof.ok:
            raise NoForm(f"the {name} form of this answer did not pass its check: {proof}")

    @property
    def groups(self) -> tuple[Shape, ...]:
        """The shapes whose axes the vec layout stacks into rows and columns."""
        variables = self.variables
        return variables if len(variables) == 2 else (self.source.shape, *variables)

    @property
    def variables(self) -> tuple[Shape, ...]:
        """The shapes of what was differentiated by; an entry is a scalar."""
        return tuple(target.shape for target in self.targets)

    # At numbers.
    __call__ = at_numbers

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"
