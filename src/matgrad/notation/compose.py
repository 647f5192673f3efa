"""Composing layouts: sums, products, quotients and calls in the spelling of one notation.

Floor 2.  Nothing here knows an expression.  Signs are settled here: a sum never prints
`+ -`, and a minus sign at the front of a product stands before the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import final

from matgrad.catalogue.algebra import add, hadamard, neg, scale, sub
from matgrad.catalogue.complex import ctranspose
from matgrad.catalogue.record import ADD, CALL, NEGATE, POSTFIX, PRODUCT
from matgrad.catalogue.structure import transpose
from matgrad.core.dims import Dim, Number, Size, positive_first
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import Op
from matgrad.notation.layout import LOWEST, Joint, Layout, needs_brackets, text
from matgrad.notation.spelling import IMAGINARY, SPELLINGS, Spelling

_JUXTAPOSED = (" ", r"\,")
_MOST_BITS = 13_000
# A blank that ends a sum sign is no blank that could be left out.
_BLANKS = re.compile(r"(sum_\w+ )| ")


@final
class Composer:
    """Makes layouts out of layouts; brackets go where `needs_brackets` says."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.plus, self.minus = self.token(add), self.token(sub)
        self.negation, self.times = self.token(neg), self.token(scale)
        self.entrywise_times = self.token(hadamard)
        self.transposed, self.adjoint = self.token(transpose), self.token(ctranspose)
        self.imaginary = spelling.name(IMAGINARY)

    def token(self, op: Op) -> str:
        return op.form(self.spelling.notation).token

    # Names and numbers

    def name(self, name: str) -> Layout:
        spelled = self.spelling.name(name)
        return Layout((spelled,), joint="subscript" if "_{" in spelled else "")

    def number(self, value: Size) -> Layout:
        """A number, or a polynomial in sizes."""
        if isinstance(value, Dim):
            terms = [self._monomial(*term) for term in positive_first(value)]
            if len(terms) == 1 and terms[0].joint == "product":
                return terms[0]._replace(joint="number")
            return self.total([(False, term) for term in terms])
        if value < 0:
            return self.negative(self.number(-value))
        if isinstance(value, Fraction) and value.denominator != 1:
            return self.quotient(self.number(value.numerator), self.number(value.denominator))
        return Layout((_digits(int(value)),))

    def _monomial(self, powers: Iterable[tuple[str, int]], coefficient: Number) -> Layout:
        factors = [
            self.name(name) if power == 1 else self.power(self.name(name), power)
            for name, power in powers
        ]
        if not factors:
            return self.number(coefficient)
        return self.product(factors, coefficient=coefficient)

    def integer(self, value: Size) -> str:
        """A whole number, or a polynomial in integers, in little room: `k-r-1`."""
        return self._spelt(self.number(value))

    def _spelt(self, layout: Layout) -> str:
        """An exponent in little room."""
        spelled = text(layout)
        if self.spelling.notation == "latex":
            return spelled
        return _BLANKS.sub(lambda found: found[1] or "", spelled)

    # Brackets

    def fenced(self, inner: Layout) -> Layout:
        single = len(inner.parts) == 1 and isinstance(inner.parts[0], str)
        left, right = self.spelling.snug if single else self.spelling.fence
        return Layout((left, inner, right))

    def operand(self, inner: Layout, level: int, *reads_on: Joint) -> Layout:
        return self.fenced(inner) if needs_brackets(inner, level, *reads_on) else inner

    # Operators

    def negative(self, inner: Layout) -> Layout:
        shown = self.operand(inner, NEGATE)
        if inner.joint == "infix":  # -A\b is (-A)\b
            shown = self.fenced(inner)
        return Layout((self.negation, shown), NEGATE, positive=inner)

    def total(self, terms: Sequence[tuple[bool, Layout]]) -> Layout:
        """A sum of terms, each with whether it is subtracted."""
        parts: list[str | Layout] = [self.operand(terms[0][1], LOWEST)]
        for subtracted, term in terms[1:]:
            if not subtracted and term.positive is not None:
                subtracted, term = True, term.positive
            parts += (self.minus if subtracted else self.plus, self.operand(term, NEGATE))
        return Layout(tuple(parts), ADD) if len(parts) > 1 else terms[0][1]

    def product(
        self, factors: Sequence[Layout], tokens: Sequence[str] = (), coefficient: Number = 1
    ) -> Layout:
        """Factors side by side; `tokens` stand before each, `times` where they are not given.

        A fraction in front is printed as `3*X/2`, not `3/2*X`, unless it is stacked.
        """
        size: Number = -coefficient if coefficient < 0 else coefficient
        numerator, over = size.as_integer_ratio()
        factors, tokens = list(factors), list(tokens) or [self.times] * len(factors)
        if self.spelling.stacks_fractions and over != 1:
            factors, tokens = [self.number(size), *factors], ["", *tokens]
            over = 1
        elif numerator != 1:
            factors, tokens = [self.number(numerator), *factors], ["", *tokens]
        negated = (coefficient < 0) != (factors[0].positive is not None)
        factors[0] = factors[0].positive or factors[0]
        unit = self.imaginary
        many = len(factors) > 1 and factors[1].parts == (unit,) and unit.startswith("1")
        if many and text(factors[0]).isdecimal():  # 2i, not 2*1i
            factors[:2], tokens = [Layout((factors[0].head + unit[1:],))], tokens[1:]
        layout = self._side_by_side(factors, tokens) if len(factors) > 1 else factors[0]
        if over != 1:
            layout = self.quotient(layout, self.number(over))
        return self.negative(layout) if negated else layout

    def _side_by_side(self, factors: Sequence[Layout], tokens: Sequence[str]) -> Layout:
        parts: list[str | Layout] = []
        last = len(factors) - 1
        for place, (factor, token) in enumerate(zip(factors, tokens, strict=True)):
            end: Joint = "sum" if place == last else "number" if place == 0 else "fraction"
            shown = self.operand(factor, PRODUCT, "fraction", end)
            if token in _JUXTAPOSED and shown.head.isdecimal():
                token = self.spelling.dot
            parts += (token, shown)
        # What follows a product that ends in a sum sign's reach would be taken into that sum.
        joint: Joint = "sum" if shown.joint == "sum" else "product"
        return Layout(tuple(parts[1:]), PRODUCT, joint)

    def entrywise_product(self, factors: Sequence[Layout]) -> Layout:
        first = factors[0].positive
        if first is not None:
            return self.negative(self.entrywise_product((first, *factors[1:])))
        return self.infix(factors, self.entrywise_times)._replace(joint="")

    def infix(self, operands: Sequence[Layout], token: str) -> Layout:
        """Operands of an operator that stands beside no other without brackets."""
        parts: list[str | Layout] = []
        for operand in operands:
            parts += (token, self.operand(operand, PRODUCT, "fraction"))
        return Layout(tuple(parts[1:]), PRODUCT, "infix")

    def quotient(self, top: Layout, bottom: Layout) -> Layout:
        if top.positive is not None:
            return self.negative(self.quotient(top.positive, bottom))
        opening, over, closing = self.spelling.over
        if self.spelling.stacks_fractions:
            return Layout((opening, top, over, bottom, closing), PRODUCT, "fraction")
        top, bottom = self.operand(top, PRODUCT, "product", "number"), self.operand(bottom, PRODUCT)
        return Layout((top, over, bottom), PRODUCT, "quotient")

    def postfix(self, inner: Layout, token: str) -> Layout:
        return Layout((self.operand(inner, POSTFIX), token), POSTFIX)

    def power(self, inner: Layout, exponent: Size, entrywise: bool = False) -> Layout:
        value = self.integer(exponent) if isinstance(exponent, Dim) else exponent
        return self.postfix(inner, self.spelling.exponent(value, entrywise))

    def raised(self, inner: Layout, exponent: Layout, entrywise: bool) -> Layout:
        """A power whose exponent is an expression."""
        return self.postfix(inner, self.spelling.exponent(self._spelt(exponent), entrywise))

    def index_sum(self, sign: str, body: Layout) -> Layout:
        """A sum sign before what it reaches: a product, but not the terms of a sum."""
        shown = body if body.level >= PRODUCT else self.fenced(body)
        return Layout((sign, shown), PRODUCT, "sum")

    def subscript(self, inner: Layout, token: str, *, joint: Joint = "subscript") -> Layout:
        inner = self.fenced(inner) if inner.joint == joint else self.operand(inner, POSTFIX)
        return Layout((inner, token), CALL, joint)

    def indexed(self, inner: Layout, letters: Sequence[str]) -> Layout:
        """An entry: `A[i,j]`."""
        opening, closing = self.spelling.index
        return self.subscript(inner, opening + self.spelling.positions(letters) + closing)

    def grid(self, blocks: Sequence[Layout], columns: int) -> Layout:
        """A block array, its blocks row by row."""
        opening, across, down, closing = self.spelling.grid
        parts: list[str | Layout] = [opening]
        for at, block in enumerate(blocks):
            parts += (*((down if at % columns == 0 else across,) if at else ()), block)
        return Layout((*parts, closing), CALL)

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
        """`text` with operands for `#1`, `#2` …, which it delimits, but for one before a sign that
        an index form would take in."""
        parts: list[str | Layout] = []
        for place, piece in enumerate(re.split(r"#(\d)", text)):
            if place % 2:
                parts.append(operands[int(piece) - 1])
            else:
                if parts and piece.startswith(" ") and isinstance(parts[-1], Layout):
                    parts[-1] = self.operand(parts[-1], LOWEST + 1)
                parts.append(piece)
        return Layout(tuple(parts), CALL, "subscript" if text.endswith("}") else "")


@cache
def composer(notation: str) -> Composer:
    """The composer of one notation."""
    return Composer(SPELLINGS[notation])


def _digits(value: int) -> str:
    """A number in full.  Raises BudgetExceeded beyond what Python writes out."""
    if value.bit_length() > _MOST_BITS:
        raise BudgetExceeded("a number in this expression has more than 4,000 digits")
    return str(value)
