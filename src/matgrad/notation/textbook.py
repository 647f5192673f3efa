"""Constructs of printed mathematics: bars, norms, roots of matrices, and constants whose size the
page leaves out.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Size
from matgrad.core.errors import SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule, catalogued, constant_power
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.stacks import stacking
from matgrad.notation.tree import Node, Position


def _chosen(names: dict[Kind, str], keeps: bool = False) -> Rule:
    """An operator for each kind, of which other kinds are asked about; one that `keeps` its
    operand's kind, or makes a scalar of it."""

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if kinds[0] not in names and not lenient:
            return 0
        return k.only(kinds[0] if keeps else k.SCALAR)

    return Rule(outcome, lambda draft, rows, kinds: draft.emit(names[kinds[0]], *rows))


def _planner(rule: Rule) -> Callable[[Sheet, Node], Planned]:
    def planned(sheet: Sheet, node: Node) -> Planned:
        if len(node.args) != 1:
            raise SyntaxProblem(f"one operand stands here, not {len(node.args)}")
        return whole(rule, *node.args)

    return planned


PLANNERS = {
    # |A| is a determinant, |t| an absolute value.
    "|": _planner(_chosen({k.SCALAR: "abs", k.MATRIX: "det"})),
    # Of a matrix its largest singular value.
    "‖2": _planner(_chosen({k.COLUMN: "norm2", k.ROW: "norm2", k.MATRIX: "normspec"})),
    # Of a matrix two norms have each of these signs.
    "‖1": _planner(_chosen({k.SCALAR: "norm1", k.COLUMN: "norm1", k.ROW: "norm1"})),
    "‖∞": _planner(_chosen({k.SCALAR: "norminf", k.COLUMN: "norminf", k.ROW: "norminf"})),
    "e^": _planner(_chosen({k.SCALAR: "exp", k.MATRIX: "expm"}, keeps=True)),
    # The argument of f'(x); of a matrix it is asked whether its entries are meant.
    "·": _planner(Rule(k.mapped, lambda draft, rows, kinds: rows[0])),
}
"""What the page writes without a word, by names that nobody can type."""


def _identity(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    size = draft.unifier.fresh()
    return draft.place(OPERATORS["eye"], (), None, (size, size))


IDENTITY = Rule(lambda kinds, lenient: k.only(k.MATRIX), _identity)
"""`I`, whose size follows from its use."""


def sizeless(name: str, position: Position | None = None) -> Planned:
    """A vector of ones, or a unit vector, whose size follows from its use."""

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        return draft.place(OPERATORS[name], (), position, (draft.unifier.fresh(),))

    return whole(Rule(lambda kinds, lenient: k.only(k.COLUMN), emit))


def root_power(exponent: Size) -> Rule | None:
    """`A^{1/2}` and `A^{-1/2}`, roots of a matrix, and `A^{-1}` of a stack of matrices; of other
    exponents nothing."""
    if exponent == -1:
        return _inverse()
    if exponent not in (Fraction(1, 2), Fraction(-1, 2)):
        return None
    plain = constant_power(exponent, elementwise=False)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        return k.only(k.MATRIX) if kinds[0] == k.MATRIX else plain.outcome(kinds, lenient)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if kinds[0] != k.MATRIX:
            return plain.emit(draft, rows, kinds)
        root = draft.emit("sqrtm", *rows)
        return root if exponent == Fraction(1, 2) else draft.emit("inv", root)

    return Rule(outcome, emit)


_INVERSE = stacking(catalogued("inv", dotted=False), OPERATORS["inv"])


def _inverse() -> Rule:
    plain = constant_power(-1, elementwise=False)

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        if kinds[0] > k.MATRIX:
            return _INVERSE.outcome(kinds, lenient)
        return plain.outcome(kinds, False)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        return (_INVERSE if kinds[0] > k.MATRIX else plain).emit(draft, rows, kinds)

    return Rule(outcome, emit, lenient=True)


def _by_cross(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    if k.SCALAR not in kinds:
        return draft.emit("cross", *rows)
    return draft.emit("scale", *(rows if kinds[0] == k.SCALAR else rows[::-1]))


def _cross(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    if k.SCALAR in kinds:
        return k.product(kinds, lenient)
    return _CROSS(kinds, lenient)


_CROSS = catalogued("cross", dotted=False).outcome


def _matrices(name: str) -> Rule:
    return Rule(
        lambda kinds, _: k.only(k.MATRIX) if kinds == (k.MATRIX, k.MATRIX) else 0,
        lambda draft, rows, _: draft.emit(name, *rows),
    )


PRODUCTS: dict[str, Rule] = {
    "·": Rule(
        lambda kinds, _: k.only(k.SCALAR) if kinds == (k.COLUMN, k.COLUMN) else 0,
        lambda draft, rows, _: draft.emit("inner", *rows),
    ),
    "×": Rule(_cross, _by_cross),
    "∗": Rule(
        lambda kinds, _: k.only(kinds[0]) if kinds in ((1, 1), (3, 3)) else 0,
        lambda draft, rows, kinds: draft.emit(
            "conv" if kinds[0] == k.COLUMN else "khatri_rao", *rows
        ),
    ),
    "•": _matrices("face_split"),
    "⊕": _matrices("kronsum"),
}
"""Products that only LaTeX has signs for, by head."""
