"""Declarations: `X: m n; f(X): p p; W symmetric; t > 0; phi elementwise`.

Floor 2.  The right-hand side of a declaration is the same in `given` and in `symbols`.
"""

from __future__ import annotations

from collections.abc import Mapping

from matgrad.catalogue.properties import only_of
from matgrad.core.dims import Shape, names_of, substitute
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.notation import kinds as k
from matgrad.notation.declaration import Declaration
from matgrad.notation.draft import Unknown
from matgrad.notation.facts import Facts, FactsReader
from matgrad.notation.families import enter_declared
from matgrad.notation.members import Range
from matgrad.notation.scope import Scope, Symbol
from matgrad.notation.special import PLANNERS
from matgrad.notation.tokens import tokenize
from matgrad.notation.vocabulary import operator_named


def declare(scope: Scope, given: str, symbols: Mapping[str, str]) -> None:
    """Enter all declarations.  Raises DeclarationProblem at the one that cannot be read."""
    declarations: list[Declaration] = []
    for text in (given, *(f"{name}: {facts}" for name, facts in symbols.items())):
        declarations += Declaration.split(text, tokenize(text))
    for declaration in declarations:
        declaration.read()
        scope.fixed |= declaration.values
        for index, last in declaration.ranges.items():
            scope.sizes |= names_of(last)
            scope.ranges[index] = Range(index, last)
    # Functions and integers first, so that their properties may be declared anywhere.
    for declaration in sorted(declarations, key=lambda found: not found.comes_first):
        for name, arguments in declaration.subjects:
            try:
                _enter(scope, name, arguments, declaration.facts)
            except MatgradError as error:
                raise error.at(declaration.text, declaration.span) from None
    enter_declared(scope, ())
    clash = sorted(set(scope.symbols) & scope.sizes)
    if clash:
        raise DeclarationProblem(
            f"{clash[0]} is declared as a symbol and used as a size",
            text=given or None,
            span=(0, len(given)),
        )


def declared_subjects(given: str) -> list[tuple[str, tuple[str, ...] | None]]:
    """What `given` declares, in order: names, functions with the names of their arguments."""
    found: dict[str, tuple[str, ...] | None] = {}
    for declaration in Declaration.split(given, tokenize(given)):
        declaration.read()
        found |= declaration.subjects
    return list(found.items())


def read_shape(text: str) -> Shape:
    """The shape that `text` writes, such as `p p` or `m*n n+1`; empty for a scalar."""
    tokens = tokenize(text)
    facts = FactsReader(text, tokens, 0, len(tokens) - 1).facts()
    if facts.properties or facts.params is not None:
        raise DeclarationProblem("a shape has sizes only", text=text, span=(0, len(text)))
    return facts.shape or ()


def _enter(scope: Scope, name: str, arguments: tuple[str, ...] | None, facts: Facts) -> None:
    fixed = scope.fixed
    shape = None if facts.shape is None else tuple(substitute(s, fixed) for s in facts.shape)
    params = facts.params and tuple(
        tuple(substitute(size, fixed) for size in param) for param in facts.params
    )
    for size in (*(shape or ()), *(size for param in params or () for size in param)):
        scope.sizes |= names_of(size)
    if facts.integer or name in scope.integers:
        _enter_integer(scope, name, facts)
    elif arguments is not None or facts.params is not None or facts.elementwise:
        _enter_function(scope, name, arguments, shape, params, facts)
    else:
        _enter_symbol(scope, name, shape, facts)


def _enter_integer(scope: Scope, name: str, facts: Facts) -> None:
    """An exponent, the length of a sum: a size that need not be positive."""
    if name in scope.symbols or name in scope.functions or facts.shape is not None:
        raise DeclarationProblem(f"{name} is declared as an integer and as something else")
    scope.integers[name] = scope.integers.get(name, frozenset()) | facts.properties
    scope.sizes.add(name)


def _enter_function(
    scope: Scope,
    name: str,
    arguments: tuple[str, ...] | None,
    shape: Shape | None,
    params: tuple[Shape, ...] | None,
    facts: Facts,
) -> None:
    if name in scope.symbols:
        raise DeclarationProblem(f"{name} is declared as a symbol and as a function")
    if operator_named(name) or name in PLANNERS:
        raise DeclarationProblem(f"{name} is an operator and cannot be a function's name")
    known = scope.functions.setdefault(name, Unknown(name))
    scope.declared_functions.add(name)
    known.value = shape if shape is not None else known.value
    known.params = params if params is not None else known.params
    if facts.elementwise:
        known.elementwise, known.value = True, ()
    known.properties |= facts.properties
    if arguments:
        scope.links[name] = arguments


def _enter_symbol(scope: Scope, name: str, shape: Shape | None, facts: Facts) -> None:
    if name in scope.functions:
        if shape is not None or facts.order is not None:
            raise DeclarationProblem(f"{name} is declared as a symbol and as a function")
        scope.functions[name].properties |= facts.properties
        return
    order = len(shape) if shape is not None else facts.order
    if order is None and only_of(facts.properties, "matrix"):
        order = 2
    found = scope.symbols.get(name)
    if found is None:
        found = scope.symbols[name] = Symbol(name, scope.assumed(name), declared=True)
    elif order is not None and order not in {k.order_of(kind) for kind in k.members(found.kinds)}:
        raise DeclarationProblem(f"{name} is declared twice, with different shapes")
    if shape is not None:
        if found.shape not in (None, shape):
            raise DeclarationProblem(f"{name} is declared twice, with different shapes")
        found.shape = shape
    if order is not None:
        found.kinds = k.only(k.of_order(order))
    found.properties |= facts.properties
    _check_shape(found)


def _check_shape(symbol: Symbol) -> None:
    """Raise DeclarationProblem for a property that nothing of this shape has."""
    shape = symbol.shape
    if shape is None:
        return
    square = sorted(only_of(symbol.properties, "square"))
    if square and (len(shape) != 2 or shape[0] != shape[1]):
        raise DeclarationProblem(
            f"{symbol.name} is declared {square[0]}, which only square matrices are",
            hint=f"declare {symbol.name} with two equal sizes",
        )
    matrix = sorted(only_of(symbol.properties, "matrix"))
    if matrix and len(shape) != 2:
        raise DeclarationProblem(
            f"{symbol.name} is declared {matrix[0]}, which only matrices are",
            hint=f"declare {symbol.name} with two sizes",
        )
