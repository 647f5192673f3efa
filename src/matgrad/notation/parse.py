"""Parsing: tokens into a syntax tree, by operator precedence and without recursion.

Floor 2.  Which sign binds how tightly is said in `grammar`; what a construct means is not
known here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn, final

from matgrad.core.errors import SyntaxProblem
from matgrad.notation.alike import side_by_side
from matgrad.notation.apart import keep_apart
from matgrad.notation.grammar import (
    CLOSERS,
    FENCES,
    GRAMMARS,
    INDEXED,
    METHODS,
    NEGATION,
    PARTIAL,
    POWER,
    RANGE,
    SIGNED,
    SUMMED,
    hint_for,
)
from matgrad.notation.lookahead import index_axes, length, postfix, summed_over, typed
from matgrad.notation.tokens import Syntax, Token
from matgrad.notation.tree import Node, Pending, Tree


@final
class Parser:
    """Reads stretches of one token list into `nodes`.

    `declared` names are symbols whatever their spelling (`X^T` is a power if T is declared);
    `functions` are the names of unknown functions, whose derivative may be written `df/dX`.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        syntax: Syntax,
        nodes: list[Node],
        declared: Collection[str] = (),
        functions: Collection[str] = (),
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.grammar = GRAMMARS[syntax]
        self.tree = Tree(text, nodes)
        self.declared = declared
        self.functions = functions
        self.stack: list[Pending] = []
        self.at = 0

    def parse(self, start: int, stop: int) -> int:
        """The index of the node for tokens `start:stop`.

        Raises SyntaxProblem with a caret.
        """
        self.at = start
        self.stack = []
        if start == stop:
            self._fail("there is no expression here", self.tokens[start])
        expects_operand = True
        while self.at < stop:
            step = self._operand if expects_operand else self._operator
            expects_operand = step(self.tokens[self.at], stop)
        if expects_operand:
            last = self.tokens[stop - 1].end
            self._missing(Token("end", "", last, last + 1))
        self._reduce(0)
        if self.stack:
            opened = self.stack[-1].token
            self._fail(f"`{opened.text}` is never closed", opened)
        return self.tree.operands.pop()

    # Where an operand must stand.  Each step says whether the next one must be an operand.

    def _operand(self, token: Token, stop: int) -> bool:
        following = self.tokens[self.at + 1] if self.at + 1 < stop else None
        self.at += 1
        top = self.stack[-1] if self.stack else None
        if token.kind in ("number", "imaginary", "quoted"):
            self.tree.leaf(token.kind, token.text, token.start, token.end)
            return False
        if token.kind == "name":
            return self._name(token, following, top)
        sign = token.text
        if sign in self.grammar.prefix and token.kind == "sign":
            after_power = top is not None and top.kind == "infix" and top.strength == POWER
            strength = SIGNED if after_power and self.grammar.signed_powers else NEGATION
            self.stack.append(Pending("prefix", self.grammar.prefix[sign], strength, token))
            return True
        if sign == "(" or sign in FENCES:
            return self._open("group" if sign == "(" else "fence", token)
        if sign == "∂":
            if not (top and top.head == "derivative"):
                self.stack.append(Pending("prefix", "∂", PARTIAL, token))
            return True
        if sign == "[":
            axes = index_axes(self.tokens, self.at, stop)
            if axes is None:
                return self._open("block", token)
            self.at += length(axes)
            self.stack.append(Pending("prefix", "indexed", INDEXED, token, data=axes))
            return True
        if sign == "..." or (sign == ":" and self._indexes()):
            self.tree.leaf("ellipsis" if sign == "..." else "blank", sign, token.start, token.end)
            self.at -= sign == ":"
            return False
        if sign in (")", "]") and top and self._may_end(top, len(self.tree.operands) - top.base):
            return self._close(token)
        if sign in (")", "]") and not self._opened():
            self._fail(f"`{sign}` closes nothing", token)
        self._missing(token)

    def _name(self, token: Token, following: Token | None, top: Pending | None) -> bool:
        name = token.text
        if top and top.head == "derivative" and top.token.text == "/d":
            name = name[1:]
        index = summed_over(token, following, self.declared) if self.grammar.sums else ""
        if index:
            self.stack.append(Pending("prefix", "summed", SUMMED, token, data=(index,)))
            return True
        if following and following.kind == "sign" and following.text in ("(", ".("):
            self.at += 1
            self._open("call" if following.text == "(" else "map", following)
            self.stack[-1].token = token._replace(text=name)
            return True
        self.tree.leaf("name", name, token.start, token.end)
        return False

    # Where an operator, a postfix or a closing bracket must stand.

    def _operator(self, token: Token, stop: int) -> bool:
        sign = token.text
        following = self.tokens[self.at + 1] if self.at + 1 < stop else None
        if token.kind == "power":
            self._reduce(POWER)
            self.at += 1
            self.tree.leaf("number", sign.lstrip("-+"), token.start, token.end)
            if sign[0] == "-":
                self.tree.join("neg", 1, "", token.start, token.end)
            self.tree.join("power", 2, "", None, token.end)
            return False
        if token.kind != "sign":
            self._juxtaposed(token)
        head, tokens = postfix(self.grammar, sign, following, self.declared)
        if tokens:
            self.at += tokens
            self._reduce(POWER)
            self.tree.join(head, 1, "", None, self.tokens[self.at - 1].end)
            return False
        if sign[1:] in METHODS:
            return self._method(token, stop)
        if sign == "/" and following and self._is_derivative(following):
            return True
        if infix := self.grammar.infix.get(sign):
            self.at += 1
            keep_apart(self.grammar, self.tree, self.stack, token)
            self._reduce(infix.strength + infix.rightward)
            self.stack.append(Pending("infix", infix.head, infix.strength, token))
            return True
        if sign == "[":
            self.at += 1
            return self._open("index", token)
        if sign == ":" and self._indexes():
            return self._span(token, following)
        if sign in (")", "]", ",", ";") or sign in FENCES:
            self.at += 1
            return self._separator(token) if sign in ",;" else self._close(token)
        if sign in ("(", "∂"):
            self._juxtaposed(token)
        self._fail(f"`{typed(self.text, token)}` cannot stand here", token, hint_for(sign))

    def _method(self, token: Token, stop: int) -> bool:
        """`X.sum(axis=0)`: a call whose first operand is the one read last."""
        self._reduce(POWER)
        self.at += 2
        call = Token("name", token.text[1:], self.tree.last.start, token.end)
        base, first = len(self.tree.operands) - 1, self.tree.last.first
        self.stack.append(Pending("open", "call", 0, call, base, first))
        ends = self.at < stop and self.tokens[self.at].text == ")"
        self.at += ends
        return self._close(self.tokens[self.at - 1]) if ends else True

    def _span(self, colon: Token, following: Token | None) -> bool:
        """A range of positions; an end that is not written is that of the axis."""
        self.at += 1
        self._reduce(RANGE)
        self.stack.append(Pending("infix", "span", RANGE, colon))
        written = following is None or following.text not in (",", "]", ":")
        if not written:
            self.tree.leaf("blank", ":", colon.start, colon.end)
        return written

    def _is_derivative(self, following: Token) -> bool:
        """Turn the operand read last into the numerator of `∂f/∂X` or `df/dX`, if it is one."""
        top = self.stack[-1] if self.stack else None
        if following.text == "∂" and top and top.head == "∂":
            self.tree.widen(self.stack.pop().token.start, self.tree.last.end)
            spelling = "/"
        else:
            node = self.tree.last
            name = node.name if node.head in ("name", "call") else ""
            if name[:1] != "d" or name[1:] not in self.functions or name in self.declared:
                return False
            taken = following.kind != "name" or following.text in self.declared
            if taken or len(following.text) < 2 or following.text[0] != "d":
                return False
            node.data = node.name[1:]
            spelling = "/d"
        slash = self.tokens[self.at]._replace(text=spelling)
        self.stack.append(Pending("infix", "derivative", PARTIAL, slash))
        self.at += 1
        return True

    # Brackets.

    def _open(self, head: str, token: Token) -> bool:
        base, first = len(self.tree.operands), len(self.tree.nodes)
        self.stack.append(Pending("open", head, 0, token, base, first))
        return True

    def _may_end(self, opened: Pending, count: int) -> bool:
        """Whether a bracket may close where an operand could stand: `f()`, and NumPy's `(n,)`."""
        if not count:
            return opened.head in ("call", "map")
        return self.grammar.tuples and opened.head in ("block", "call", "index")

    def _indexes(self) -> bool:
        """Whether the bracket that is open holds the positions of an index."""
        opened = self._opened()
        return opened is not None and opened.head == "index"

    def _opened(self) -> Pending | None:
        return next((entry for entry in reversed(self.stack) if entry.kind == "open"), None)

    def _separator(self, token: Token) -> bool:
        self._reduce(0)
        opened = self.stack[-1] if self.stack else None
        if opened is not None and opened.head == "group" and self.grammar.tuples:
            opened.head = "block"
        if opened is None or opened.head not in ("call", "map", "index", "block"):
            self._fail(f"`{token.text}` stands outside the arguments of a function", token)
        if token.text == ";":
            opened.split = len(self.tree.operands) - opened.base
            opened.ends += (opened.split,)
        return True

    def _close(self, token: Token) -> bool:
        self._reduce(0)
        if not self.stack:
            self._fail(f"`{token.text}` closes nothing", token)
        opened = self.stack.pop()
        opener = opened.token.text if opened.head not in ("call", "map") else "("
        fence = opened.head == "fence"
        if token.text[0] != (opener[0] if fence else CLOSERS[opener]):
            self._fail(f"`{opener}` is closed by `{token.text}`", token)
        if fence:
            self.tree.join("call", 1, FENCES[token.text], opened.token.start, token.end)
        else:
            self.tree.close(opened, token.end)
        return False

    # Applying operators.

    def _reduce(self, strength: int) -> None:
        """Apply the waiting operators that bind at least as tightly as `strength`."""
        while self.stack and self.stack[-1].kind != "open":
            entry = self.stack[-1]
            if entry.strength < strength:
                return
            self.stack.pop()
            end = self.tree.last.end
            if entry.kind == "infix":
                self.tree.join(entry.head, 2, "", None, end)
            elif entry.head == "∂":
                self._fail("`∂` belongs to a derivative such as `∂f(X)/∂X`", entry.token)
            elif entry.head != "plain":
                self.tree.join(entry.head, 1, entry.data, entry.token.start, end)

    # Errors.

    def _missing(self, token: Token) -> NoReturn:
        if self.at < 2 and token.kind != "end":
            self._fail(f"an expression cannot begin with `{typed(self.text, token)}`", token)
        before = self.tokens[self.at - (1 if token.kind == "end" else 2)]
        self._fail(f"an operand is missing after `{typed(self.text, before)}`", token)

    def _juxtaposed(self, token: Token) -> NoReturn:
        self._fail("an operator is missing here", token, side_by_side(self.tree.last, token))

    def _fail(self, message: str, token: Token, hint: str | None = None) -> NoReturn:
        raise SyntaxProblem(message, text=self.text, span=(token.start, token.end), hint=hint)
