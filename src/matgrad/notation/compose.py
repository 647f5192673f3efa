"""Composing layouts: sums, products, quotients and calls in the spelling of one notation.

Floor 2.  Nothing here knows an expression.  Signs are settled here: a sum never prints
`+ -`, and a minus sign at the front of a product stands before the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import final

from matgrad.catalogue.algebra import add, hadamard, neg, scale, sub
from matgrad.catalogue.record import ADD, CALL, NEGATE, POSTFIX, PRODUCT
from matgrad.core.dims import Dim, Number, Size
from matgrad.core.expr import Op
from matgrad.notation.layout import LOWEST, Joint, Layout, needs_brackets
from matgrad.notation.spelling import Spelling


@final
class Composer:
    """Makes layouts out of layouts; brackets go where `needs_brackets` says."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.plus, self.minus = self.token(add), self.token(sub)
        self.negation, self.times = self.token(neg), self.token(scale)
        self.entrywise_times = self.token(hadamard)

    def token(self, op: Op) -> str:
        return op.form(self.spelling.notation).token

    # Names and numbers

    def name(self, name: str) -> Layout:
        spelled = self.spelling.name(name)
        return Layout((spelled,), joint="subscript" if "_{" in spelled else "")

    def number(self, value: Size) -> Layout:
        """A number, or a polynomial in sizes."""
        if isinstance(value, Dim):
            terms = [self._monomial(*term) for term in reversed(value.terms)]
            return self.total([(False, term) for term in terms])
        if value < 0:
            return self.negative(self.number(-value))
        if isinstance(value, Fraction) and value.denominator != 1:
            return self.quotient(self.number(value.numerator), self.number(value.denominator))
        return Layout((str(value),))

    def _monomial(self, powers: Iterable[tuple[str, int]], coefficient: Number) -> Layout:
        fraction = Fraction(coefficient)
        factors = [
            self.name(name) if power == 1 else self.power(self.name(name), power)
            for name, power in powers
        ]
        if abs(fraction.numerator) != 1 or not factors:
            factors.insert(0, self.number(abs(fraction.numerator)))
        layout = self.product(factors, over=fraction.denominator)
        return self.negative(layout) if fraction < 0 else layout

    # Brackets

    def fenced(self, inner: Layout) -> Layout:
        single = len(inner.parts) == 1 and isinstance(inner.parts[0], str)
        left, right = self.spelling.snug if single else self.spelling.fence
        return Layout((left, inner, right))

    def operand(self, inner: Layout, level: int, *reads_on: Joint) -> Layout:
        return self.fenced(inner) if needs_brackets(inner, level, *reads_on) else inner

    # Operators

    def negative(self, inner: Layout) -> Layout:
        return Layout((self.negation, self.operand(inner, NEGATE)), NEGATE, positive=inner)

    def total(self, terms: Sequence[tuple[bool, Layout]]) -> Layout:
        """A sum of terms, each with whether it is subtracted."""
        parts: list[str | Layout] = [self.operand(terms[0][1], LOWEST)]
        for subtracted, term in terms[1:]:
            if not subtracted and term.positive is not None:
                subtracted, term = True, term.positive
            parts += (self.minus if subtracted else self.plus, self.operand(term, NEGATE))
        return Layout(tuple(parts), ADD) if len(parts) > 1 else terms[0][1]

    def product(
        self, factors: Sequence[Layout], tokens: Sequence[str] = (), over: int = 1
    ) -> Layout:
        """Factors side by side, over a number; `tokens` stand between them, `times` if absent."""
        first = factors[0]
        if first.positive is not None:
            return self.negative(self.product((first.positive, *factors[1:]), tokens, over))
        if len(factors) == 1:
            layout = first
        else:
            parts: list[str | Layout] = [self.operand(first, PRODUCT, "fraction")]
            for position, factor in enumerate(factors[1:]):
                factor = self.operand(factor, PRODUCT, "fraction")
                token = tokens[position] if tokens else self.times
                if token.isspace() or token == r"\,":
                    token = self.spelling.dot if factor.head.isdecimal() else token
                parts += (token, factor)
            layout = Layout(tuple(parts), PRODUCT, "product")
        return layout if over == 1 else self.quotient(layout, self.number(over))

    def chain(self, operands: Sequence[Layout], token: str) -> Layout:
        """Operands of an infix operator that mixes with no other, such as ⊙."""
        if operands[0].positive is not None:
            return self.negative(self.chain((operands[0].positive, *operands[1:]), token))
        parts: list[str | Layout] = []
        for operand in operands:
            parts += (token, self.operand(operand, PRODUCT, "fraction"))
        return Layout(tuple(parts[1:]), PRODUCT)

    def quotient(self, top: Layout, bottom: Layout) -> Layout:
        if top.positive is not None:
            return self.negative(self.quotient(top.positive, bottom))
        opening, over, closing = self.spelling.over
        if self.spelling.stacks_fractions:
            return Layout((opening, top, over, bottom, closing), PRODUCT, "fraction")
        top, bottom = self.operand(top, PRODUCT, "product"), self.operand(bottom, PRODUCT)
        return Layout((top, over, bottom), PRODUCT, "quotient")

    def postfix(self, inner: Layout, token: str) -> Layout:
        return Layout((self.operand(inner, POSTFIX), token), POSTFIX)

    def power(self, inner: Layout, exponent: Number, entrywise: bool = False) -> Layout:
        return self.postfix(inner, self.spelling.exponent(exponent, entrywise))

    def subscript(self, inner: Layout, token: str, *, joint: Joint = "subscript") -> Layout:
        inner = self.fenced(inner) if inner.joint == joint else self.operand(inner, POSTFIX)
        return Layout((inner, token), CALL, joint)

    def indexed(self, inner: Layout, letters: Sequence[str]) -> Layout:
        """An entry: `A[i,j]`."""
        brackets = "_{{{}}}" if self.spelling.notation == "latex" else "[{}]"
        return self.subscript(inner, brackets.format(self.spelling.positions(letters)))

    def call(self, name: str, arguments: Sequence[Layout], tail: str = "") -> Layout:
        """A function's name and its arguments; `tail` follows the last one."""
        if len(arguments) == 1 and not tail:
            return Layout((name, self.fenced(arguments[0])), CALL)
        left, right = self.spelling.fence
        parts: list[str | Layout] = []
        for argument in arguments:
            parts += (", ", argument)
        return Layout((name, left, *parts[1:], tail, right), CALL)

    def prefix(self, token: str, inner: Layout, level: int) -> Layout:
        return Layout((token, self.operand(inner, level)), level)

    def template(self, text: str, operands: Sequence[Layout]) -> Layout:
        """`text` with operands for `#1`, `#2` …, which it delimits."""
        pieces: list[str | Layout] = list(re.split(r"#\d", text))
        places = [int(place) - 1 for place in re.findall(r"#(\d)", text)]
        for position, place in reversed(list(enumerate(places))):
            pieces.insert(position + 1, operands[place])
        return Layout(tuple(pieces), CALL, "subscript" if text.endswith("}") else "")
