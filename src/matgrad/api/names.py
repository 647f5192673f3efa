"""Symbols and unknown functions for expressions built in Python, and what was said of them.

Floor 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

from matgrad.api.expressions import Expression, as_expr
from matgrad.catalogue.properties import indices_of
from matgrad.core.complexes import is_complex
from matgrad.core.dims import names_of
from matgrad.core.errors import DeclarationProblem, NameProblem, ShapeProblem
from matgrad.core.expr import (
    APPLY,
    SYMBOL,
    Expr,
    Function,
    apply,
    shape_text,
    symbols_of,
    walk,
)
from matgrad.notation.declare import declare, declared_subjects
from matgrad.notation.draft import settled
from matgrad.notation.families import member_named
from matgrad.notation.read import NameInfo, NameKind, Reading, Target, read
from matgrad.notation.report import function_note
from matgrad.notation.scope import Scope
from matgrad.notation.statement import read_variable
from matgrad.notation.tree import Position


def symbols(declarations: str) -> tuple[Expression, ...] | Expression:
    """Symbols by declaration: `A, X, x = symbols("A: p m; X: m n; x: n")`.

    `f(X): p p` makes an unknown function applied to X.

    Raises DeclarationProblem for what cannot be read.
    """
    made = []
    for name, arguments in declared_subjects(declarations):
        text = f"{name}({', '.join(arguments)})" if arguments else name
        made.append(Expression(read(text, given=declarations).expr))
    if not made:
        raise DeclarationProblem("no symbol is declared", hint='symbols("A: m n; x: n")')
    return made[0] if len(made) == 1 else tuple(made)


@final
class UnknownFunction:
    """An unknown function: call it on expressions."""

    __slots__ = ("function",)

    def __init__(self, function: Function) -> None:
        self.function = function

    def __call__(self, *args: Expression) -> Expression:
        function = self.function
        given = tuple(map(as_expr, args))
        shapes = tuple(arg.shape for arg in given)
        fits = len(shapes) == 1 if function.elementwise else shapes == function.params
        if not fits:
            wanted = ", ".join(map(shape_text, function.params))
            have = ", ".join(map(shape_text, shapes))
            raise ShapeProblem(f"{function.name} takes ({wanted}), not ({have})")
        return Expression(apply(function, given))

    def __repr__(self) -> str:
        return f"{self.function.name}: {function_note(self.function)}"


def function(name: str, signature: str) -> UnknownFunction:
    """An unknown function: `function("f", "(m n) -> (p p)")`, or `function("phi",
    "elementwise")` for a scalar function applied entry by entry.

    Raises DeclarationProblem for a signature that cannot be read and for the name of an operator.
    """
    if not name.isidentifier():
        raise DeclarationProblem(f"`{name}` is no name for a function")
    scope = Scope()
    declare(scope, "", {name: signature})
    found = scope.functions.get(name)
    if found is None or (found.params is None and not found.elementwise):
        raise DeclarationProblem(
            f"`{signature}` is no signature", hint='write it like "(m n) -> (p p)"'
        )
    return UnknownFunction(settled(found, lambda size: size))


def reading_of(expr: Expr, wrt: Sequence[str | Expression]) -> Reading:
    """An expression built in Python as a reader would report it, to be differentiated by
    `wrt`: its symbols, their names or conjugates, or entries `X[1,2]`.

    Raises NameProblem for a name that does not occur, ShapeProblem for an entry that does not
    exist, DeclarationProblem for the conjugate of what is real.
    """
    found = {node.data[0]: node for node in symbols_of(expr)}
    for item in wrt:
        if isinstance(item, Expression) and item.expr.op is SYMBOL:
            name = item.expr.data[0]
            if found.setdefault(name, item.expr) is not item.expr:
                raise NameProblem(f"{name} is another symbol in this expression")
    targets = tuple(_target(str(item), found) for item in wrt)
    names = [
        NameInfo(name, _KINDS.get(node.order, "tensor"), node.shape, node.data[1], True, "")
        for name, node in found.items()
    ]
    for function in dict.fromkeys(node.data[0] for node in walk(expr) if node.op is APPLY):
        note, value = function_note(function), function.value
        names.append(NameInfo(function.name, "function", value, function.properties, True, note))
    sizes = dict.fromkeys(
        size for info in names for axis in info.shape for size in sorted(names_of(axis))
    )
    names += [NameInfo(size, "dimension", (), frozenset(), True, "") for size in sizes]
    return Reading(expr, targets, None, tuple(names), (), ())


def names_in(root: Expr) -> dict[str, Expr | Function]:
    """The symbols and the unknown functions under `root`, by name."""
    found: dict[str, Expr | Function] = {}
    for node in walk(root):
        if node.op is SYMBOL:
            found[node.data[0]] = node
        elif node.op is APPLY:
            found[node.data[0].name] = node.data[0]
    return found


def member_of(name: str, known: Mapping[str, Expr]) -> tuple[Expr, tuple[Position, ...]] | None:
    """The family whose member a name such as x_j or x_1 is, and the positions, from 0."""
    families = {other: indices_of(node.data[1]) for other, node in known.items()}
    found = member_named(name, families, 1)
    return None if found is None else (known[found[0]], found[1])


def _target(text: str, known: dict[str, Expr]) -> Target:
    variable = read_variable(text)
    node = known.get(variable.name)
    member = None if node or variable.positions else member_of(variable.name, known)
    if member is not None:
        return _checked(Target(*member, variable.conjugate))
    if node is None:
        raise NameProblem(
            f"{text} is no symbol of this expression", hint=f"one of {', '.join(known)}"
        )
    if variable.positions is None:
        return _checked(Target(node, None, variable.conjugate))
    positions: tuple[Position, ...] = tuple(
        at - 1 if isinstance(at, int) else at for at in variable.positions
    )
    fits = len(positions) == node.order and all(
        not isinstance(at, int) or (at >= 0 and (not isinstance(size, int) or at < size))
        for at, size in zip(positions, node.shape, strict=True)
    )
    if not fits:
        raise ShapeProblem(
            f"{variable.name} is {shape_text(node.shape)} and has no entry {text}; they are "
            "counted from 1"
        )
    return _checked(Target(node, positions, variable.conjugate))


def _checked(target: Target) -> Target:
    """A target that is what is complex, where its conjugate is meant."""
    if target.conjugate and not is_complex(target.symbol):
        name = target.symbol.data[0]
        raise DeclarationProblem(
            f"{name} is real, and its conjugate the same",
            hint=f'declare it, as in mg.symbols("{name} complex"), or differentiate by it',
        )
    return target


_KINDS: dict[int, NameKind] = {0: "scalar", 1: "vector", 2: "matrix"}
