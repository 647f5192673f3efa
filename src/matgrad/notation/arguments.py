"""Operands of calls by the names of parameters, and axes by their numbers.

Floor 2.  Axes are counted from 0, or from the end by negative numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Emit, Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds
from matgrad.notation.sheet import Sheet
from matgrad.notation.tree import Node

Axes = tuple[int, ...]
# The order of a result, given those of the operands; None where they have no such axes.
Ordering = Callable[..., int | None]


def arguments(sheet: Sheet, node: Node, *names: str) -> dict[str, int]:
    """The nodes of a call's operands by the names of its parameters.

    Raises SyntaxProblem for one that it does not have.
    """
    found: dict[str, int] = {}
    for place, own in enumerate(node.args):
        argument = sheet.nodes[own]
        name = names[place] if place < len(names) else ""
        if argument.head == "assigned":
            sheet.silent[own] = 1
            sheet.silence(argument.args[0])
            name, own = sheet.nodes[argument.args[0]].name, argument.args[1]
        if name not in names or name in found:
            raise SyntaxProblem(
                f"{node.name} takes {', '.join(names)} here", text=argument.text, span=argument.span
            )
        found[name] = own
    if names[0] not in found:
        raise SyntaxProblem(f"{node.name} needs an array")
    return found


def integers(sheet: Sheet, own: int) -> tuple[int, ...]:
    """A whole number, or a list of such.  Raises SyntaxProblem for anything else."""
    node = sheet.nodes[own]
    parts = node.args if node.head == "block" else (own,)
    found = [sheet.integer(part) for part in parts]
    sheet.silence(own)
    if None in found:
        raise SyntaxProblem(
            "an axis is a whole number, counted from 0", text=node.text, span=node.span
        )
    return tuple(axis for axis in found if axis is not None)


def is_set(sheet: Sheet, own: int | None) -> bool:
    """Whether an argument says `True`; one that is not there says `False`."""
    if own is None:
        return False
    sheet.silence(own)
    if sheet.nodes[own].source not in ("True", "False"):
        raise SyntaxProblem("keepdims is True or False")
    return sheet.nodes[own].source == "True"


def within(order: int, axes: Sequence[int]) -> list[int] | None:
    """Axes counted from 0, or None where an array of this order has no such or one stands twice."""
    found = [axis + order if axis < 0 else axis for axis in axes]
    fits = all(0 <= axis < order for axis in found) and len(set(found)) == len(found)
    return found if fits else None


def on_axes(ordering: Ordering, emit: Emit) -> Rule:
    """A rule for operands that have the axes it is about."""

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        order = ordering(*map(k.order_of, kinds))
        if order is None:
            return k.only(k.SCALAR) if lenient else 0
        return k.only(k.of_order(order))

    def drafted(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        if ordering(*(len(draft.shape(row)) for row in rows)) is None:
            raise ShapeProblem("there are no such axes")
        return emit(draft, rows, kinds)

    return Rule(outcome, drafted, lenient=True)
