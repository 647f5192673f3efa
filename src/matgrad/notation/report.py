"""The report: what every name of a text was taken for, and what was forced on sizes.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matgrad.core.dims import Dim, Size, names_of
from matgrad.core.expr import Expr, Function
from matgrad.notation.alike import operator_like
from matgrad.notation.draft import settled
from matgrad.notation.families import member_text
from matgrad.notation.reading import NameInfo, NameKind
from matgrad.notation.scope import Scope
from matgrad.notation.sizes import Settlement

_KINDS: dict[int, NameKind] = {0: "scalar", 1: "vector", 2: "matrix"}


def name_report(
    scope: Scope, order: Sequence[str], symbols: Mapping[str, Expr], settlement: Settlement
) -> tuple[NameInfo, ...]:
    """All names: those in `order`, other declared ones, and sizes last."""
    found: list[NameInfo] = []
    sizes: dict[str, None] = {}
    for name in dict.fromkeys([*order, *scope.symbols, *scope.functions]):
        if name in scope.functions:
            info = _function(scope, name, settlement)
        elif name in scope.symbols:
            info = _symbol(scope, symbols[name])
        else:
            continue
        found.append(info)
        for size in info.shape:
            sizes |= dict.fromkeys(sorted(names_of(size)))
    for name in dict.fromkeys([*sizes, *sorted({*scope.loose, *scope.integers})]):
        declared = name in scope.sizes
        note = "" if declared or name in scope.loose else "named by the reader"
        kind: NameKind = "dimension"
        if name in scope.integers and name not in sizes:
            kind, note = "integer", "" if declared else "assumed integer"
        properties = scope.integers.get(name, frozenset())
        found.append(NameInfo(name, kind, (), properties, declared, note))
    return tuple(found)


def remarks(scope: Scope, settlement: Settlement) -> tuple[str, ...]:
    """How words were taken, functions that may be misspelt operators, sizes forced equal, and
    equations between sizes that could not be solved."""
    found = [
        f"{name} is read as an unknown function; did you mean {operator}?"
        for name in scope.functions
        if name not in scope.declared_functions and (operator := operator_like(name))
    ]
    for name in sorted(scope.loose):
        value = settlement.size(Dim(name))
        if value is not Dim(name):
            found.append(f"{name} = {value}")
    return (*scope.remarks, *found, *settlement.conditions())


def function_note(function: Function) -> str:
    """What a function takes and gives: `(m n) -> (p p)`, or `elementwise`."""
    if function.elementwise:
        return "elementwise"
    params = ", ".join(_group(shape) for shape in function.params)
    return f"{params} -> {_group(function.value)}"


def _function(scope: Scope, name: str, settlement: Settlement) -> NameInfo:
    function = settled(scope.functions[name], settlement.size)
    declared = name in scope.declared_functions
    note = function_note(function)
    note = note if declared else f"assumed {note}"
    return NameInfo(name, "function", function.value, function.properties, declared, note)


def _symbol(scope: Scope, expr: Expr) -> NameInfo:
    symbol = scope.symbols[expr.data[0]]
    square = f"square, {symbol.square}" if symbol.square else ""
    if not square and not symbol.declared and expr.order == 2:
        square = "square" if expr.shape[0] == expr.shape[1] else ""
    members = f"of all {member_text(symbol)}".rstrip() if symbol.family else ""
    note = ", ".join(part for part in (symbol.note or members, square) if part)
    kind = _KINDS.get(expr.order, "tensor")
    return NameInfo(symbol.name, kind, expr.shape, symbol.properties, symbol.declared, note)


def _group(shape: Sequence[Size]) -> str:
    return f"({' '.join(map(str, shape))})"
