"""Planning unknown functions: their values, and their derivative tensors.

Floor 2.
"""

from __future__ import annotations

from matgrad.core.errors import NameProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule, application, elementwise_application
from matgrad.notation.draft import Unknown
from matgrad.notation.members import entry_of
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tree import Node


def called(sheet: Sheet, node: Node, unknown: Unknown) -> Planned:
    if node.head == "map" and not unknown.elementwise:
        raise NameProblem(
            f"{unknown.name} is not an elementwise function",
            hint=f"declare `{unknown.name} elementwise`, or write {unknown.name}(…)",
        )
    if not node.args:
        raise SyntaxProblem(f"{node.name} has no argument")
    if unknown.elementwise and node.head == "call" and sheet.syntax == "latex":
        rule = elementwise_application(unknown, ())
        return whole(Rule(k.mapped, rule.emit), *node.args)
    return _applied(unknown, node.args, ())


def _applied(unknown: Unknown, args: tuple[int, ...], slots: tuple[int, ...]) -> Planned:
    if unknown.elementwise:
        return whole(elementwise_application(unknown, slots), *args)
    weighed = tuple(args[slot] for slot in slots)
    return Planned(application(unknown, slots), args, weighed, unknown)


def tensor(sheet: Sheet, node: Node, name: str, times: int) -> Planned:
    """`D(f, A*X)`, `D2(f, X)`, `D(f, A, X; 2)`, `D(f, X[i,j])`, `d1(phi, x)`."""
    unknown = sheet.scope.functions[name]
    sheet.silence(node.args[0])
    count = len(node.args) if node.split is None else node.split
    if sheet.syntax == "numpy" and len(node.args) - times > 2:
        count = len(node.args) - times
    args, chosen = node.args[1:count], node.args[count:]
    if not args:
        raise SyntaxProblem(f"{node.name} needs the point where {name} is differentiated")
    if (node.name[0] == "d") != unknown.elementwise:
        other = "D" if node.name[0] == "d" else "d1"
        raise NameProblem(
            f"{node.name} is for "
            + ("elementwise functions" if node.name[0] == "d" else "functions of arrays"),
            hint=f"write {other}({name}, …)",
        )
    if chosen:
        slots = tuple(_slot(sheet, position, len(args)) for position in chosen)
        for position in chosen:
            sheet.silence(position)
    elif len(args) == 1:
        slots = (0,) * times
    else:
        raise SyntaxProblem(
            f"{name} has {len(args)} arguments; say by which it is differentiated",
            hint=f"`{node.source[:-1]}; 1)` is the derivative by the first",
        )
    if len(slots) != times:
        raise SyntaxProblem(f"{node.name} names {times} argument{'s' * (times > 1)} after `;`")
    return _entry_derivative(sheet, unknown, args, slots)


def _entry_derivative(
    sheet: Sheet, unknown: Unknown, args: tuple[int, ...], slots: tuple[int, ...]
) -> Planned:
    """A derivative tensor; by one entry `X[i,j]` it loses the axes of that argument."""
    point = sheet.nodes[args[slots[0]]]
    by_entry = point.head == "index" and len(slots) == 1 and not unknown.elementwise
    by_entry &= "..." not in point.data and not _is_member(sheet, point)
    if by_entry and unknown.params is not None:
        by_entry = len(unknown.params[slots[0]]) > 0
    if not by_entry:
        return _applied(unknown, args, slots)
    assert isinstance(point.data, tuple)
    whole = tuple(point.args[0] if slot == slots[0] else arg for slot, arg in enumerate(args))
    planned = _applied(unknown, whole, slots)
    rule = entry_of(planned.rule, sheet.positions(point.data))
    return Planned(rule, planned.operands, planned.weighed, unknown)


def _is_member(sheet: Sheet, point: Node) -> bool:
    """Whether an index chooses a member of a family, which is no entry of the argument."""
    base = sheet.nodes[point.args[0]] if point.args else None
    return base is not None and base.head == "name" and base.name in sheet.scope.families()


def _slot(sheet: Sheet, node: int, count: int) -> int:
    value = sheet.constant(node)
    low = 0 if sheet.syntax == "numpy" else 1
    if value is None or value.denominator != 1 or not low <= value < low + count:
        raise SyntaxProblem(f"after `;` stand numbers of arguments, {low} to {low + count - 1}")
    return int(value) - low


def derivative(sheet: Sheet, node: Node) -> Planned:
    """`∂f/∂X` and `∂f(X)/∂X`: the derivative tensor of an unknown function."""
    numerator, by = (sheet.nodes[arg] for arg in node.args)
    target = sheet.nodes[by.args[0]] if by.head == "index" else by
    if target.head != "name" or numerator.head not in ("name", "call"):
        raise SyntaxProblem("`∂f(X)/∂X` needs a function and a symbol")
    unknown = sheet.scope.function(numerator.name)
    if numerator.head == "name":
        sheet.silence(node.args[0])
        return _entry_derivative(sheet, unknown, (node.args[1],), (0,))
    slots = tuple(
        slot
        for slot, arg in enumerate(numerator.args)
        if sheet.nodes[arg].head == "name" and sheet.nodes[arg].name == target.name
    )
    if len(slots) != 1:
        inside = sheet.nodes[numerator.args[0]].source
        raise SyntaxProblem(
            f"{target.name} is not one of the arguments of {numerator.name}",
            hint=f"D({numerator.name}, {inside}) is the derivative tensor at {inside}",
        )
    args = list(numerator.args)
    args[slots[0]] = node.args[1]
    return _entry_derivative(sheet, unknown, tuple(args), slots)
