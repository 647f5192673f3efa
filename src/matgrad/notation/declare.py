"""Declarations: `X: m n; f(X): p p; W symmetric; t > 0; phi elementwise`.

Floor 2.  The right-hand side of a declaration is the same in `given` and in `symbols`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn, final

from matgrad.core.dims import Dim, Shape, Size, names_of, simple, substitute
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.notation import kinds as k
from matgrad.notation.draft import Unknown
from matgrad.notation.parse import Node, Parser
from matgrad.notation.scope import SQUARE, Scope, Symbol
from matgrad.notation.sheet import fold
from matgrad.notation.special import PLANNERS
from matgrad.notation.tokens import Token, tokenize
from matgrad.notation.vocabulary import operator_named

PROPERTIES = SQUARE | {"positive", "unit", "constant"}
_ALIASES = {
    "diag": "diagonal",
    "lower triangular": "lower",
    "nonsingular": "invertible",
    "normalised": "unit",
    "normalized": "unit",
    "positive definite": "pd",
    "positive semidefinite": "psd",
    "skew symmetric": "skew",
    "spd": "pd",
    "symmetric positive definite": "pd",
    "unit norm": "unit",
    "upper triangular": "upper",
}
_KINDS = {"scalar": 0, "vector": 1, "matrix": 2}
_WORDS = {word for phrase in (*PROPERTIES, *_ALIASES) for word in phrase.split()}
_JOINING = frozenset("+-*/^") | {"**"}


@final
@dataclass(frozen=True, slots=True)
class Facts:
    """The right-hand side of a declaration; None for what it does not say."""

    shape: Shape | None = None
    order: int | None = None
    properties: frozenset[str] = frozenset()
    params: tuple[Shape, ...] | None = None
    elementwise: bool = False


def declare(scope: Scope, given: str, symbols: Mapping[str, str]) -> None:
    """Enter all declarations.  Raises DeclarationProblem at the one that cannot be read."""
    pending: list[tuple[str, tuple[str, ...] | None, Facts, _Declaration]] = []
    values: dict[str, Size] = {}
    for text in (given, *(f"{name}: {facts}" for name, facts in symbols.items())):
        tokens = tokenize(text)
        for declaration in _Declaration.split(text, tokens):
            declaration.read()
            values |= declaration.values
            pending += [
                (name, arguments, declaration.facts, declaration)
                for name, arguments in declaration.subjects
            ]
    scope.fixed |= values
    for name, arguments, facts, declaration in pending:
        try:
            _enter(scope, name, arguments, facts)
        except MatgradError as error:
            raise error.at(declaration.text, declaration.span) from None
    clash = sorted(set(scope.symbols) & scope.sizes)
    if clash:
        raise DeclarationProblem(f"{clash[0]} is declared as a symbol and used as a size")


def read_shape(text: str) -> Shape:
    """The shape that `text` writes, such as `p p` or `m*n n+1`; empty for a scalar."""
    tokens = tokenize(text)
    declaration = _Declaration(text, tokens, 0, len(tokens) - 1)
    declaration.right_side()
    if declaration.facts.properties or declaration.facts.params is not None:
        raise DeclarationProblem("a shape has sizes only", text=text, span=(0, len(text)))
    return declaration.facts.shape or ()


def _enter(scope: Scope, name: str, arguments: tuple[str, ...] | None, facts: Facts) -> None:
    fixed = scope.fixed
    shape = None if facts.shape is None else tuple(substitute(s, fixed) for s in facts.shape)
    params = facts.params and tuple(
        tuple(substitute(size, fixed) for size in param) for param in facts.params
    )
    for size in (*(shape or ()), *(size for param in params or () for size in param)):
        scope.sizes |= names_of(size)
    if arguments is not None or facts.params is not None or facts.elementwise:
        _enter_function(scope, name, arguments, shape, params, facts)
    else:
        _enter_symbol(scope, name, shape, facts)


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
    known.elementwise |= facts.elementwise
    known.properties |= facts.properties
    if arguments:
        scope.links[name] = arguments


def _enter_symbol(scope: Scope, name: str, shape: Shape | None, facts: Facts) -> None:
    if name in scope.functions:
        known = scope.functions[name]
        known.properties |= facts.properties
        known.value = shape if shape is not None else known.value
        return
    order = len(shape) if shape is not None else facts.order
    if order is None and facts.properties & SQUARE:
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
    square = sorted(found.properties & SQUARE)
    if (
        square
        and found.shape is not None
        and (len(found.shape) != 2 or found.shape[0] != found.shape[1])
    ):
        raise DeclarationProblem(
            f"{name} is declared {square[0]}, which only square matrices are",
            hint=f"declare {name} with two equal sizes",
        )


@final
class _Declaration:
    """One declaration: a stretch of tokens, read from left to right."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, stop: int) -> None:
        self.text = text
        self.tokens = tokens
        self.at = start
        self.stop = stop
        self.span = (tokens[start].start, tokens[max(start, stop - 1)].end)
        self.subjects: list[tuple[str, tuple[str, ...] | None]] = []
        self.values: dict[str, Size] = {}
        self.facts = Facts()

    @classmethod
    def split(cls, text: str, tokens: Sequence[Token]) -> list[_Declaration]:
        """The declarations of a text: a `;` divides them, and a `,` before a new subject."""
        found, start, colon, depth = [], 0, False, 0
        for at, token in enumerate(tokens):
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            colon |= token.text in (":", ">") or (token.kind == "name" and token.text in _WORDS)
            ends = token.kind == "end" or token.text == ";"
            if token.text == "," and depth == 0 and colon:
                ends = _is_subject(tokens, at + 1)
            if ends:
                if at > start:
                    found.append(cls(text, tokens, start, at))
                start, colon = at + 1, False
        return found

    def read(self) -> None:
        self._read_subjects()
        sign = self._peek()
        if sign == ":":
            self.at += 1
            self.right_side()
        elif sign in (">", "="):
            self._relation(sign)
        elif self.at < self.stop:
            word = self.tokens[self.at]
            if word.text not in _WORDS | {"elementwise", *_KINDS}:
                close = suggestion(word.text, sorted(PROPERTIES))
                self._fail(f"there is no property `{word.text}`", token=word, hint=close)
            self.right_side()
        else:
            self._fail("a declaration says something of a name", hint="for instance `X: m n`")

    def right_side(self) -> None:
        """Read sizes, properties, `scalar`, `elementwise` or `(m n) -> (p p)`."""
        stop = self.stop
        arrow = next((at for at in range(self.at, stop) if self.tokens[at].text == "->"), None)
        if arrow is not None:
            self._function(arrow)
            return
        sizes: list[Size] = []
        words: list[str] = []
        order: int | None = None
        elementwise = False
        while self.at < stop:
            token = self.tokens[self.at]
            if token.text == ",":
                self.at += 1
            elif token.kind == "name" and token.text in _WORDS:
                words.append(token.text)
                self.at += 1
                if self._peek() == "-" and self.tokens[self.at + 1].text in _WORDS:
                    self.at += 1
            elif token.kind == "name" and token.text in _KINDS:
                order = _KINDS[token.text]
                self.at += 1
            elif token.text in ("elementwise", "function"):
                elementwise |= token.text == "elementwise"
                self.at += 1
            else:
                sizes.append(self._size())
        nothing = not sizes and not words and order is None
        shape = tuple(sizes) if sizes or order == 0 or (nothing and not elementwise) else None
        if shape and order not in (None, len(shape)):
            self._fail(f"{len(shape)} sizes do not make a {_name(order)}")
        self.facts = Facts(shape, order, self._properties(words), None, elementwise)

    def _read_subjects(self) -> None:
        while self.at < self.stop:
            token = self.tokens[self.at]
            if token.kind != "name":
                self._fail("a declaration begins with a name", token=token)
            self.at += 1
            arguments: list[str] | None = None
            if self._peek() == "(":
                arguments = []
                self.at += 1
                while self._peek() not in (")", ""):
                    argument = self.tokens[self.at]
                    if argument.kind == "name":
                        arguments.append(argument.text)
                    elif argument.text != ",":
                        self._fail("the arguments of a function are names here", token=argument)
                    self.at += 1
                if not arguments or self._peek() != ")":
                    self._fail("the function's arguments are not closed", token=token)
                self.at += 1
            self.subjects.append((token.text, None if arguments is None else tuple(arguments)))
            if self._peek() != ",":
                return
            self.at += 1

    def _function(self, arrow: int) -> None:
        """`(m n), (k) -> (p p)`."""
        stop, self.stop = self.stop, arrow
        params = self._groups()
        self.at, self.stop = arrow + 1, stop
        value = self._groups()
        if len(value) != 1 or not params:
            self._fail("a function is declared like `f: (m n) -> (p p)`")
        self.facts = Facts(value[0], None, frozenset(), tuple(params))

    def _groups(self) -> list[Shape]:
        groups: list[Shape] = []
        while self.at < self.stop:
            sign = self._peek()
            self.at += 1
            if sign == ",":
                continue
            if sign != "(":
                self._fail("a function is declared like `f: (m n) -> (p p)`")
            sizes: list[Size] = []
            while self._peek() not in (")", ""):
                if self._peek() == ",":
                    self.at += 1
                else:
                    sizes.append(self._size())
            self.at += 1
            groups.append(tuple(sizes))
        return groups

    def _relation(self, sign: str) -> None:
        """`t > 0`, `n = 3`."""
        number = self.tokens[self.at + 1] if self.at + 1 < self.stop else None
        if sign == ">" and number and number.text == "0" and self.at + 2 == self.stop:
            self.facts = Facts(properties=frozenset({"positive"}))
        elif sign == "=" and number and number.text.isdigit() and int(number.text) > 0:
            self.values = {name: int(number.text) for name, _ in self.subjects}
            self.subjects = []
        else:
            self._fail("the relations known are `t > 0` and `n = 3`")

    def _size(self) -> Size:
        """One size: it ends where an operand is not followed by an operator."""
        start, depth = self.at, 0
        while self.at < self.stop:
            text = self.tokens[self.at].text
            if text == ")" and depth == 0:
                break
            depth += (text == "(") - (text == ")")
            self.at += 1
            operand = text not in _JOINING and text != "("
            if depth == 0 and operand and self._peek() not in _JOINING:
                break
        nodes: list[Node] = []
        try:
            root = Parser(self.text, self.tokens, "matrix", nodes).parse(start, self.at)
            size = fold(nodes, root, Dim)
        except MatgradError as error:
            raise DeclarationProblem(
                f"this is no size: {error.message}", text=self.text, span=error.span
            ) from None
        if size is None or (not isinstance(size, Dim) and (size < 1 or size % 1)):
            self._fail("a size is a positive integer, a name or a polynomial", self.tokens[start])
        return simple(size)

    def _properties(self, words: list[str]) -> frozenset[str]:
        """The properties that words make, the longest phrase first."""
        found: set[str] = set()
        at = 0
        while at < len(words):
            for length in (3, 2, 1):
                phrase = " ".join(words[at : at + length])
                meaning = _ALIASES.get(phrase) or (phrase if phrase in PROPERTIES else None)
                if meaning:
                    found.add(meaning)
                    at += length
                    break
            else:
                self._fail(f"`{words[at]}` is no property by itself")
        return frozenset(found)

    def _peek(self) -> str:
        return self.tokens[self.at].text if self.at < self.stop else ""

    def _fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        span = self.span if token is None else (token.start, token.end)
        raise DeclarationProblem(message, text=self.text, span=span, hint=hint)


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a new declaration begins here: a name and then what can only follow a subject."""
    if tokens[at].kind != "name" or tokens[at].text in _WORDS:
        return False
    after = tokens[at + 1]
    return after.text in (":", ">", "(") or (after.kind == "name" and after.text in _WORDS)


def _name(order: int | None) -> str:
    return next((name for name, value in _KINDS.items() if value == order), "tensor")


def suggestion(word: str, known: Sequence[str]) -> str | None:
    """A hint naming the known word most like `word`."""
    close = [other for other in known if other.lower() == word.lower()]
    close = close or get_close_matches(word, known, 1)
    return f"did you mean {close[0]}?" if close else None
