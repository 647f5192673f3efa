"""Facts: the right-hand side of a declaration, `m n`, `n n symmetric`, `(m n) -> (p p)`.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, NoReturn, final

from matgrad.catalogue.properties import PHRASES
from matgrad.core.dims import Dim, Shape, Size, simple
from matgrad.core.errors import DeclarationProblem, MatgradError
from matgrad.notation.arithmetic import fold
from matgrad.notation.parse import Parser
from matgrad.notation.tokens import Token
from matgrad.notation.tree import Node

KINDS = {"scalar": 0, "vector": 1, "matrix": 2}
_LONGEST = max(map(len, PHRASES))
_JOINING = frozenset("+-*/^") | {"**"}


@final
class Facts(NamedTuple):
    """The right-hand side of a declaration; None for what it does not say."""

    shape: Shape | None = None
    order: int | None = None
    properties: frozenset[str] = frozenset()
    params: tuple[Shape, ...] | None = None
    elementwise: bool = False
    integer: bool = False


def phrase_at(tokens: Sequence[Token], at: int) -> tuple[frozenset[str], int] | None:
    """The properties declared by the longest phrase that begins at a token, and where it ends."""
    words: list[str] = []
    found: tuple[frozenset[str], int] | None = None
    while len(words) < _LONGEST and tokens[at].kind == "name":
        words.append(tokens[at].text)
        at += 1
        if tuple(words) in PHRASES:
            found = PHRASES[tuple(words)], at
        at += tokens[at].text == "-"
    return found


@final
class FactsReader:
    """Reads a stretch of tokens from left to right; `at` is where it stands."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, stop: int) -> None:
        self.text = text
        self.tokens = tokens
        self.at = start
        self.stop = stop
        self.span = (tokens[start].start, tokens[max(start, stop - 1)].end)

    def facts(self) -> Facts:
        """Read sizes, properties, `scalar`, `elementwise` or `(m n) -> (p p)`."""
        stop = self.stop
        arrow = next((at for at in range(self.at, stop) if self.tokens[at].text == "->"), None)
        if arrow is not None:
            return self._function(arrow)
        sizes: list[Size] = []
        properties: frozenset[str] = frozenset()
        order: int | None = None
        elementwise = integer = says = False
        while self.at < stop:
            token = self.tokens[self.at]
            phrase = phrase_at(self.tokens, self.at)
            if token.text == "," or self._separates(sizes):
                self.at += 1
            elif phrase:
                properties |= phrase[0]
                self.at = phrase[1]
                says = True
            elif token.kind == "name" and token.text in KINDS:
                order = KINDS[token.text]
                self.at += 1
            elif token.text in ("elementwise", "function", "integer"):
                elementwise |= token.text == "elementwise"
                integer |= token.text == "integer"
                self.at += 1
            else:
                sizes.append(self.size())
        nothing = not (sizes or says or elementwise or integer) and order is None
        shape = tuple(sizes) if sizes or order == 0 or nothing else None
        if integer and (shape is not None or order):
            self.fail("an integer has no shape")
        if shape and order not in (None, len(shape)):
            self.fail(f"{len(shape)} sizes do not make a {_name(order)}")
        return Facts(shape, order, properties, None, elementwise, integer)

    def _function(self, arrow: int) -> Facts:
        """`(m n), (k) -> (p p)`."""
        stop, self.stop = self.stop, arrow
        params = self._groups()
        self.at, self.stop = arrow + 1, stop
        value = self._groups()
        if len(value) != 1 or not params:
            self.fail("a function is declared like `f: (m n) -> (p p)`")
        return Facts(value[0], None, frozenset(), tuple(params))

    def _groups(self) -> list[Shape]:
        groups: list[Shape] = []
        while self.at < self.stop:
            sign = self.peek()
            self.at += 1
            if sign == ",":
                continue
            if sign != "(":
                self.fail("a function is declared like `f: (m n) -> (p p)`")
            sizes: list[Size] = []
            while self.peek() not in (")", ""):
                if self.peek() == "," or self._separates(sizes):
                    self.at += 1
                else:
                    sizes.append(self.size())
            self.at += 1
            groups.append(tuple(sizes))
        return groups

    def _separates(self, sizes: Sequence[Size]) -> bool:
        """Whether the next token is the `x` of `m x n`, as shapes are printed, and no size."""
        if not sizes or self.peek() not in ("x", "×", "by") or self.at + 1 >= self.stop:
            return False
        return self.tokens[self.at + 1].text not in (",", ")")

    def size(self) -> Size:
        """One size: it ends where an operand is not followed by an operator."""
        start, depth = self.at, 0
        while self.at < self.stop:
            text = self.tokens[self.at].text
            if text == ")" and depth == 0:
                break
            depth += (text == "(") - (text == ")")
            self.at += 1
            operand = text not in _JOINING and text != "("
            if depth == 0 and operand and self.peek() not in _JOINING:
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
            self.fail("a size is a positive integer, a name or a polynomial", self.tokens[start])
        return simple(size)

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < self.stop else ""

    def fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        span = self.span if token is None else (token.start, token.end)
        raise DeclarationProblem(message, text=self.text, span=span, hint=hint)


def _name(order: int | None) -> str:
    return next((name for name, value in KINDS.items() if value == order), "tensor")
