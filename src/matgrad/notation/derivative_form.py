"""Derivatives of unknown functions: `D(f, X)` and `∂f(X)/∂X`.

Floor 2.  `D(f, A*X)` is the derivative of f at A*X; the quotient of differentials is printed
only where the arguments are bare symbols, where both mean the same.  Of a function of
several arguments, `D(f, A, X; 2)` is the derivative by the second.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.catalogue.germs import ARGUMENT
from matgrad.catalogue.record import CALL, PRODUCT
from matgrad.core.expr import APPLY, SYMBOL, Expr, Function
from matgrad.notation.compose import Composer
from matgrad.notation.layout import Layout

_PRIMES = {1: "′", 2: "″", 3: "‴"}


def differentiates_symbols(node: Expr) -> bool:
    """Whether the arguments of an unknown function are different bare symbols."""
    return all(arg.op is SYMBOL for arg in node.args) and len(set(node.args)) == len(node.args)


def is_by_symbol(node: Expr) -> bool:
    """Whether `node` is the first derivative of an unknown function of one bare symbol."""
    if node.op is not APPLY or node.data[0].elementwise:
        return False
    return len(node.data[1]) == 1 and len(node.args) == 1 and node.args[0].op is SYMBOL


def applied(
    compose: Composer, node: Expr, arguments: Sequence[Layout], variables: Sequence[Layout] | None
) -> Layout:
    """An unknown function at its arguments, its name alone where they stand for nothing, or its
    derivative tensor there; as a quotient of differentials where `variables` are given.

    `variables` are the arguments as they stand under the ∂, entries included.
    """
    function, slots = node.data
    if not slots:
        spelled = compose.spelling.function(function.name)
        if node.args[0].op is ARGUMENT:
            return Layout((spelled,))
        mark = compose.spelling.entrywise if function.elementwise and node.order > 1 else ""
        return compose.call(spelled + mark, arguments)
    if function.elementwise:
        return _elementwise(compose, function, arguments, len(slots), node.order)
    name = Layout((compose.spelling.function(function.name),))
    count = "" if len(slots) == 1 else str(len(slots))
    base = compose.spelling.base
    tail = ", ".join(str(slot + base) for slot in slots) if len(arguments) > 1 else ""
    match compose.spelling.notation:
        case "unicode" | "latex" if variables is not None:
            return _quotient(compose, function, arguments, [variables[slot] for slot in slots])
        case "latex":
            marks = (f"_{{{tail}}}" if tail else "") + (f"^{{{count}}}" if count else "")
            operator = Layout((rf"\mathrm{{D}}{marks}", name))
            return Layout((operator, compose.call("", arguments)), CALL)
        case _:
            return compose.call(f"D{count}", [name, *arguments], f"; {tail}" if tail else "")


def _quotient(
    compose: Composer, function: Function, arguments: Sequence[Layout], by: Sequence[Layout]
) -> Layout:
    latex = compose.spelling.notation == "latex"
    partial = r"\partial " if latex else "∂"
    opening, over, closing = (r"\frac{", "}{", "}") if latex else ("", "/", "")
    power = compose.spelling.exponent(len(by), False) if len(by) > 1 else ""
    bottom: list[str | Layout] = []
    for position, variable in enumerate(by):
        if position and variable == by[position - 1]:
            continue
        times = sum(other == variable for other in by)
        bottom += (partial, variable, compose.spelling.exponent(times, False) if times > 1 else "")
    value = compose.call(compose.spelling.function(function.name), arguments)
    top = (partial.strip() + power + (" " if latex else ""), value)
    return Layout((opening, *top, over, *bottom, closing), PRODUCT, "fraction")


def _elementwise(
    compose: Composer, function: Function, arguments: Sequence[Layout], count: int, order: int
) -> Layout:
    name = compose.spelling.function(function.name)
    mark = compose.spelling.entrywise if order > 1 else ""
    match compose.spelling.notation:
        case "latex":
            prime = "'" * count if count < 4 else f"^{{({count})}}"
            return compose.call(f"{name}{prime}{mark}", arguments)
        case "unicode" if count in _PRIMES:
            return compose.call(f"{name}{_PRIMES[count]}{mark}", arguments)
        case _:
            return compose.call(f"d{count}", [Layout((name,)), *arguments])
