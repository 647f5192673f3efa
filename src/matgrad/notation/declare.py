"""Declarations: `X: m n; f(X): p p; W symmetric; t > 0; phi elementwise`.

Floor 2.  The right-hand side of a declaration is the same in `given` and in `symbols`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

from matgrad.catalogue.properties import PHRASES, only_of
from matgrad.core.dims import Shape, Size, names_of, substitute
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.notation import kinds as k
from matgrad.notation.alike import suggestion
from matgrad.notation.draft import Unknown
from matgrad.notation.facts import KINDS, Facts, FactsReader, phrase_at
from matgrad.notation.relation import RELATIONS, number_at, related, turned
from matgrad.notation.scope import Scope, Symbol
from matgrad.notation.special import PLANNERS
from matgrad.notation.tokens import Token, tokenize
from matgrad.notation.vocabulary import operator_named


def declare(scope: Scope, given: str, symbols: Mapping[str, str]) -> None:
    """Enter all declarations.  Raises DeclarationProblem at the one that cannot be read."""
    declarations: list[_Declaration] = []
    for text in (given, *(f"{name}: {facts}" for name, facts in symbols.items())):
        declarations += _Declaration.split(text, tokenize(text))
    for declaration in declarations:
        declaration.read()
        scope.fixed |= declaration.values
    # Functions and integers first, so that their properties may be declared anywhere.
    for declaration in sorted(declarations, key=lambda found: not found.comes_first):
        for name, arguments in declaration.subjects:
            try:
                _enter(scope, name, arguments, declaration.facts)
            except MatgradError as error:
                raise error.at(declaration.text, declaration.span) from None
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
    for declaration in _Declaration.split(given, tokenize(given)):
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


@final
class _Declaration:
    """One declaration: names, and what is said of them."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, stop: int) -> None:
        self.text = text
        self.reader = FactsReader(text, tokens, start, stop)
        self.span = self.reader.span
        self.subjects: list[tuple[str, tuple[str, ...] | None]] = []
        self.values: dict[str, Size] = {}
        self.facts = Facts()

    @classmethod
    def split(cls, text: str, tokens: Sequence[Token]) -> list[_Declaration]:
        """The declarations of a text: a `;` divides them, and a `,` before a new subject."""
        found, start, colon, depth = [], 0, False, 0
        for at, token in enumerate(tokens):
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            colon |= token.text in _AFTER or phrase_at(tokens, at) is not None
            ends = token.kind == "end" or token.text == ";"
            if token.text == "," and depth == 0 and colon:
                ends = _is_subject(tokens, at + 1)
            if ends:
                if at > start:
                    found.append(cls(text, tokens, start, at))
                start, colon = at + 1, False
        return found

    @property
    def comes_first(self) -> bool:
        applied = any(arguments is not None for _, arguments in self.subjects)
        facts = self.facts
        return applied or facts.params is not None or facts.elementwise or facts.integer

    def read(self) -> None:
        """Fill `subjects` and `facts`, or `values`.  Raises DeclarationProblem."""
        reader = self.reader
        relations = self._read_lower()
        self._read_subjects()
        sign = reader.peek()
        if sign == ":" and not relations:
            reader.at += 1
            self.facts = reader.facts()
        elif sign in RELATIONS or relations:
            self._read_relations(relations)
        elif sign == "=":
            self._read_value()
        elif sign:
            word = reader.tokens[reader.at]
            if not phrase_at(reader.tokens, reader.at) and sign not in {
                "elementwise",
                "integer",
                *KINDS,
            }:
                close = suggestion(sign, sorted(" ".join(phrase) for phrase in PHRASES))
                reader.fail(f"there is no property `{sign}`", token=word, hint=close)
            self.facts = reader.facts()
        else:
            reader.fail("a declaration says something of a name", hint="for instance `X: m n`")

    def _read_subjects(self) -> None:
        """`x, y` or `f(X, y)`."""
        reader = self.reader
        while reader.peek():
            token = reader.tokens[reader.at]
            if token.kind != "name":
                reader.fail("a declaration begins with a name", token=token)
            reader.at += 1
            arguments = self._read_arguments() if reader.peek() == "(" else None
            self.subjects.append((token.text, arguments))
            if reader.peek() != ",":
                return
            reader.at += 1

    def _read_arguments(self) -> tuple[str, ...]:
        reader = self.reader
        opening = reader.tokens[reader.at]
        found: list[str] = []
        reader.at += 1
        while reader.peek() not in (")", ""):
            argument = reader.tokens[reader.at]
            if argument.kind == "name":
                found.append(argument.text)
            elif argument.text != ",":
                reader.fail("the arguments of a function are names here", token=argument)
            reader.at += 1
        if not found or not reader.peek():
            reader.fail("the function's arguments are not complete", token=opening)
        reader.at += 1
        return tuple(found)

    def _read_lower(self) -> list[tuple[str, str]]:
        """`0 <`, in front of `t < 1`."""
        reader = self.reader
        number = number_at(reader.tokens, reader.at, reader.stop)
        if number is None:
            return []
        reader.at = number[1]
        sign = reader.peek()
        reader.at += 1
        return [(turned(sign), number[0])] if sign in RELATIONS else [("", number[0])]

    def _read_relations(self, relations: list[tuple[str, str]]) -> None:
        """`> 0`; what stood in front of the names is in `relations`."""
        reader = self.reader
        while reader.peek() in RELATIONS:
            number = number_at(reader.tokens, reader.at + 1, reader.stop)
            if number is None:
                break
            relations.append((reader.peek(), number[0]))
            reader.at = number[1]
        known = all(sign in RELATIONS for sign, _ in relations)
        properties = related(relations) if known and relations and not reader.peek() else None
        if properties is None:
            reader.fail(_KNOWN)
        self.facts = Facts(properties=properties)

    def _read_value(self) -> None:
        """`n = 3`."""
        reader = self.reader
        words = [token.text for token in reader.tokens[reader.at + 1 : reader.stop]]
        if len(words) != 1 or not words[0].isdigit() or int(words[0]) < 1:
            reader.fail(_KNOWN)
        self.values = {name: int(words[0]) for name, _ in self.subjects}
        self.subjects = []


_KNOWN = "the relations known are `t > 0`, `0 <= t < 1`, `t != 0` and `n = 3`"


# What follows the names that a declaration is about.
_AFTER = RELATIONS | {":"}


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a new declaration begins here: a name and then what can only follow a subject."""
    if tokens[at].kind != "name" or phrase_at(tokens, at):
        return False
    after = tokens[at + 1].text
    return after in _AFTER or after == "(" or phrase_at(tokens, at + 1) is not None
