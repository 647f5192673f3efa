"""Statements: `d/dX … = … where …`, taken apart before any of it is parsed.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, NoReturn, final

from matgrad.core.errors import SyntaxProblem
from matgrad.notation.tokens import Token, tokenize
from matgrad.notation.tree import Position

Stretch = tuple[int, int]
"""Tokens from the first up to the second."""


@final
class Variable(NamedTuple):
    """What is differentiated by: a name, its conjugate, or one entry at positions as typed."""

    name: str
    positions: tuple[Position, ...] | None
    start: int
    end: int
    conjugate: bool = False


@final
class Statement(NamedTuple):
    """The stretches of a text: its expression, what it is claimed to equal, its definitions.

    `variables` are what the expression is differentiated by, `right` what the other side is.
    """

    text: str
    tokens: Sequence[Token]
    variables: tuple[Variable, ...]
    body: Stretch
    equals: Stretch | None
    lets: tuple[tuple[str, Stretch], ...]
    right: tuple[Variable, ...] = ()


def take_apart(text: str, tokens: Sequence[Token], declared: Collection[str]) -> Statement:
    """The parts of a text with these tokens.  Raises SyntaxProblem where they are not in order."""
    depth = depths_of(tokens)
    stop = len(tokens) - 1
    where = beginning_of_definitions(tokens, depth) if "where" not in declared else None
    lets = () if where is None else _definitions(text, tokens, depth, where + 1, stop)
    stop = stop if where is None else where
    known = {*declared, *(token.text for token in tokens if token.kind == "name")}
    prefix = _Prefix(text, tokens, stop, known)
    start = 0 if "d" in declared else prefix.read()
    equal = find(tokens, depth, start, stop, "=")
    if equal is None:
        return Statement(text, tokens, tuple(prefix.variables), (start, stop), None, lets)
    second = find(tokens, depth, equal + 1, stop, "=")
    if second is not None:
        refuse(text, "a claim has one `=`", tokens[second])
    other = _Prefix(text, tokens, stop, known)
    other.at = equal + 1
    begin = other.at if "d" in declared else other.read()
    variables, right = tuple(prefix.variables), tuple(other.variables)
    return Statement(text, tokens, variables, (start, equal), (begin, stop), lets, right)


def right_side(statement: Statement) -> Statement | None:
    """Of `L = …` and `f(x) = …`, with a name in front that stands nowhere else, the right side."""
    tokens, (start, stop), equals = statement.tokens, statement.body, statement.equals
    if equals is None or statement.variables or statement.right or tokens[start].kind != "name":
        return None
    name = tokens[start].text
    call = [token.text for token in tokens[start + 1 : stop]]
    alone = not call or (call[0] == "(" and call[-1] == ")" and call.count("(") == 1)
    again = any(token.text == name for token in tokens[stop:-1])
    return statement._replace(body=equals, equals=None) if alone and not again else None


def beginning_of_definitions(tokens: Sequence[Token], depth: Sequence[int]) -> int | None:
    """The `where` after which definitions stand, if there is one."""
    stop = len(tokens) - 1
    at = find(tokens, depth, 0, stop, "where")
    while at is not None and tokens[at + 1].text == "(":  # that is the function
        at = find(tokens, depth, at + 1, stop, "where")
    return at


def depths_of(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open around each token."""
    depths, depth = [], 0
    for token in tokens:
        if token.kind == "sign" and token.text in (")", "]"):
            depth -= 1
        depths.append(depth)
        if token.kind == "sign" and token.text in ("(", ".(", "["):
            depth += 1
    return depths


def find(
    tokens: Sequence[Token], depth: Sequence[int], start: int, stop: int, text: str
) -> int | None:
    """The first token with this text outside all brackets."""
    for at in range(start, stop):
        if tokens[at].text == text and depth[at] == 0 and tokens[at].kind != "quoted":
            return at
    return None


def _definitions(
    text: str, tokens: Sequence[Token], depth: Sequence[int], start: int, stop: int
) -> tuple[tuple[str, Stretch], ...]:
    """`z = x - A*s, t1 = …` after `where`."""
    found: dict[str, Stretch] = {}
    ends = [at for at in range(start, stop) if depth[at] == 0 and tokens[at].text in (",", ";")]
    for end in (*ends, stop):
        if start == end == stop:
            break
        name, equals = tokens[start], tokens[start + 1]
        if name.kind != "name" or equals.text != "=":
            refuse(text, "after `where` stand definitions such as `z = x - A*s`", name)
        if name.text in found:
            refuse(text, f"{name.text} is defined twice", name)
        found[name.text] = (start + 2, end)
        start = end + 1
    if not found:
        refuse(text, "a definition is missing after `where`", tokens[stop - 1])
    return tuple(found.items())


def read_variable(text: str, tokens: Sequence[Token] | None = None) -> Variable:
    """A variable of differentiation written by itself: `X`, `x_ij` or `X[1,2]`; `tokens` are those
    of a text in another language."""
    tokens = tokenize(text) if tokens is None else tokens
    prefix = _Prefix(text, tokens, len(tokens) - 1, set())
    if len(tokens) == 1:
        refuse(text, "there is no variable of differentiation here", tokens[0])
    token, names = prefix.bare()
    names, conjugate = prefix.conjugate(names)
    positions = prefix.positions()
    if prefix.at < prefix.stop:
        refuse(
            text,
            "one differentiates by a symbol, not by an expression",
            tokens[prefix.at],
            hint="give the expression a name and differentiate by that",
        )
    return Variable(names[0], positions, token.start, token.end, conjugate)


_HEADS = frozenset(("d", "∂"))


@final
class _Prefix:
    """The differential operators in front: `d/dX`, `∂²/∂x∂y`, `d/dx d/dy`, `d2/dx2`."""

    def __init__(self, text: str, tokens: Sequence[Token], stop: int, known: set[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.stop = stop
        self.known = known
        self.variables: list[Variable] = []
        self.at = 0

    def read(self) -> int:
        """Fill `variables`; where the expression begins."""
        while (times := self._operator()) is not None:
            first = len(self.variables)
            while len(self.variables) - first < times:
                self._denominator(times - len(self.variables) + first)
        return self.at

    def _token(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.at + ahead, self.stop)]

    def _operator(self) -> int | None:
        """Pass over `d/`, `d2/`, `d^2/` or `∂²/`; the order, or None."""
        head, ahead, times = self._token(), 1, "1"
        if head.kind == "name" and head.text[0] == "d" and head.text[1:].isdigit():
            times = head.text[1:]
        elif head.text not in _HEADS:
            return None
        elif self._token(1).kind == "power":
            ahead, times = 2, self._token(1).text
        elif self._token(1).text in ("^", "**"):
            ahead, times = 3, self._token(2).text
        if self._token(ahead).text != "/" or not self._is_differential(self._token(ahead + 1)):
            return None
        if not times.isdigit() or not 1 <= int(times) <= 9:
            refuse(self.text, "the order of a derivative is a number from 1 to 9", head)
        self.at += ahead + 1
        return int(times)

    def _is_differential(self, token: Token) -> bool:
        return token.text == "∂" or (token.kind == "name" and token.text[0] == "d")

    def _denominator(self, left: int) -> None:
        """Read `dX`, `dxdy`, `dx^2`, `∂x`, `dX[1,2]`; `left` variables are to come."""
        token = self._token()
        if not self._is_differential(token):
            refuse(self.text, f"{left} more of the variables of differentiation are missing", token)
        self.at += 1
        if token.text in _HEADS:
            token, names = self.bare()
        else:
            names = self._split(token.text[1:], left)
        names, conjugate = self.conjugate(names)
        positions = self.positions()
        names = names * self._exponent() if len(names) == 1 else names
        if not names:
            refuse(self.text, "a variable of differentiation has a positive exponent", token)
        if len(names) > left:
            refuse(self.text, "more variables of differentiation than the order says", token)
        found = [Variable(name, positions, token.start, token.end) for name in names]
        self.variables += [*found[:-1], found[-1]._replace(conjugate=conjugate)]

    def conjugate(self, names: list[str]) -> tuple[list[str], bool]:
        """The names, the last that in `conj(Z)` where one was read, and whether it is."""
        inside = [self._token(ahead) for ahead in range(3)]
        spelled = [token.text for token in inside]
        if names[-1] != "conj" or spelled[::2] != ["(", ")"] or inside[1].kind != "name":
            return names, False
        self.at += 3
        return [*names[:-1], spelled[1]], True

    def bare(self) -> tuple[Token, list[str]]:
        """The name after `∂`, or after `d` in brackets."""
        token = self._token()
        bracket = token.text == "("
        if bracket and self._token(1).kind == "name" and self._token(2).text == ")":
            token = self._token(1)
            self.at += 3
            return token, [token.text]
        if bracket or token.kind != "name":
            refuse(
                self.text,
                "one differentiates by a symbol, not by an expression",
                token,
                hint="give the expression a name and differentiate by that",
            )
        self.at += 1
        return token, [token.text]

    def _split(self, text: str, left: int) -> list[str]:
        """The names in `xdy`: the first split into `left` known ones, else the text itself."""
        if text in self.known or left == 1:
            return [text]
        digit = str(left)
        if text.endswith(digit) and text[: -len(digit)] in self.known:
            return [text[: -len(digit)]] * left
        for at in range(1, len(text) - 1):
            if text[at] == "d" and text[:at] in self.known:
                rest = self._split(text[at + 1 :], left - 1)
                if all(name in self.known or name == "conj" for name in rest):
                    return [text[:at], *rest]
        return [text]

    def _exponent(self) -> int:
        if self._token().kind == "power":
            self.at += 1
            return int(self._token(-1).text)
        if self._token().text in ("^", "**") and self._token(1).text.isdigit():
            self.at += 2
            return int(self._token(-1).text)
        return 1

    def positions(self) -> tuple[Position, ...] | None:
        """The entry in `dX[i,j]`; with a blank before it `[A, B]` is what is differentiated."""
        if self._token().text != "[" or self._token().start > self._token(-1).end:
            return None
        positions: list[Position] = []
        while self._token().text != "]":
            self.at += 1
            token, after = self._token(), self._token(1)
            if token.kind not in ("name", "number") or after.text not in (",", "]"):
                refuse(self.text, "an entry has numbers or names as indices", token)
            positions.append(int(token.text) if token.text.isdigit() else token.text)
            self.at += 1
        self.at += 1
        return tuple(positions)


def refuse(text: str, message: str, token: Token, hint: str | None = None) -> NoReturn:
    """Raise SyntaxProblem, pointing at a token."""
    raise SyntaxProblem(message, text=text, span=(token.start, token.end), hint=hint)
