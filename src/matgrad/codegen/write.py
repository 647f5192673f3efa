"""A program as the statements of one function.

Floor 4.  What is used once stands where it is used, unless the line gets long; what is used more
often gets a name.  Every line says the shape of what it makes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, final

from matgrad.codegen.cells import ATOM, POWER, PRODUCT, SUM, UNARY, Sizes, Text, filled
from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.scalars import LETTERS, MATH
from matgrad.codegen.names import Identifiers
from matgrad.codegen.owned import INTO, shown
from matgrad.codegen.program import INPUT, NUMBER, Value, reachable
from matgrad.codegen.sizes import size_text
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import NoForm

# A part longer than this gets a line of its own.
_LONG = 64
# What may share memory with its operand.
VIEWS = ("permute", "expand", "diagonal", INPUT)


@final
class Statements:
    """The body of a function."""

    def __init__(
        self,
        column: Column,
        names: Identifiers,
        known: Mapping[str, str],
        like: str,
        hints: Mapping[Value, str],
    ) -> None:
        self.column = column
        self.names = names
        # What users call a part.
        self.hints = hints
        # Identifiers of arguments and of named sizes.
        self.known = known
        self.like = like
        self.lines: list[str] = []

    def write(self, roots: Sequence[Value], given: Mapping[Value, Text] | None = None) -> list[str]:
        """Makes the lines; the texts of the results.  What is `given` is made already."""
        texts = self.made(roots, given or {}, frozenset())
        return [self.result(root, texts[root]) for root in roots]

    def made(
        self, roots: Sequence[Value], given: Mapping[Value, Text], kept: frozenset[Value]
    ) -> dict[Value, Text]:
        """The texts of all that the roots need; what is `kept` gets a name in any case."""
        order = reachable(roots, given)
        uses = Counter((*roots, *(arg for value in order for arg in value.args)))
        texts: dict[Value, Text] = dict(given)
        for value in order:
            args = [texts[arg] for arg in value.args]
            # What other functions have too stays as it is.
            shared = kept or not given.keys().isdisjoint(shown(value.args[0] if args else value))
            apart = value.op.endswith(INTO) and shared
            text = self.apart(value, args) if apart else self.text(value, args)
            simple = value.op in (INPUT, NUMBER) or text.text.isidentifier()
            light = value.op in ("expand", "permute") and texts[value.args[0]].text.isidentifier()
            hint = self.hints.get(value)
            long = len(text.text) > _LONG or value.op in ("lu", "chol_factor")
            named = uses[value] > 1 or (value not in roots and (long or hint is not None))
            if (named or value in kept) and not (simple or light):
                name = self.names.of(hint or LETTERS.get(value.op, "t"))
                self.line(name, text.text, value)
                text = Text(name)
            texts[value] = text
        return texts

    def result(self, root: Value, text: Text) -> str:
        """A result is an array of its own, not a view of an argument."""
        inner = root
        while inner.op in VIEWS and inner.args:
            inner = inner.args[0]
        if inner.op == INPUT and root.shape:
            text = self.cell(root, "copy", [text])
        elif root.op == NUMBER:
            text = self.cell(root, "number", [text])
        return text.text

    def line(self, name: str, text: str, value: Value) -> None:
        shape = " x ".join(map(str, value.shape))
        self.lines.append(f"{name} = {text}  # {shape or 'scalar'}")

    # One instruction

    def text(self, value: Value, args: list[Text]) -> Text:
        op = value.op
        match op:
            case "input":
                return Text(self.known[value.data])
            case "number":
                return self.number(value.data)
            case "sum":
                return self.sum(value, args)
            case "multiply":
                return self.product(args, "*")
            case "divide":
                return self.product(args, "/")
            case "matmul":
                return self.product(args, "@")
            case "power":
                return self.power(value, args[0])
            case "permute" if value.order == 2:
                return Text(f"{args[0].at(ATOM)}.T")
            case "expand":
                marks = ", ".join(":" if there else "None" for there in value.data)
                return Text(f"{args[0].at(ATOM)}[{marks}]")
            case "total" if len(value.data) == value.args[0].order:
                return self.cell(value, "all", args)
            case "total" if len(value.data) == 1:
                return self.cell(value, "total", args, str(value.data[0]))
            case "diagonal" if value.args[0].order > 2:
                return self.cell(value, "diagonal_of", args)
            case "argument":
                raise NoForm("there is no code for funm: what f makes of a matrix is not known")
            case "apply":
                return self.applied(value, args)
            case "each":
                return self.each(value, args)
            case "powers" if not value.data[1]:
                return self.cell(value, "matrix_power", args, self.literal(value.data[0]))
        if op in MATH and value.args[0].op == NUMBER:
            return self.plain(op, args[0])
        return self.cell(value, op, args)

    def apart(self, value: Value, args: list[Text]) -> Text:
        """An instruction that would overwrite its first operand, with a result of its own."""
        op = value.op.removesuffix(INTO)
        match op:
            case "multiply" | "divide":
                return self.product(args, "*" if op == "multiply" else "/")
            case "add" | "subtract":
                sign = "+" if op == "add" else "-"
                return Text(f"{args[0].text} {sign} {args[1].at(PRODUCT)}", SUM)
        return self.cell(value, op, args)

    def cell(self, value: Value, op: str, args: Sequence[Text], data: str | None = None) -> Text:
        """An instruction as its cell says.  Raises NoForm where the column has none."""
        cell = self.column.cells.get(op)
        if cell is None:
            raise NoForm(f"{op} has no {self.column.name} code", hint="use another backend")
        return filled(
            cell,
            args,
            data=self.literal(value.data) if data is None and "{data" in cell else data,
            shape=self.sizes(value) if "{shape" in cell else "",
            dtype=f"{self.like}.dtype" if self.like else self.column.dtype,
            like=self.like or self.column.like,
            every=", ".join(arg.text for arg in args),
        )

    def sizes(self, value: Value) -> Sizes:
        return Sizes(size_text(size, self.known) for size in value.shape)

    def plain(self, op: str, arg: Text) -> Text:
        """A function of a number."""
        return filled(MATH[op], [arg])

    def literal(self, data: Any) -> str:
        """Data as Python: numbers, sizes, names of integers, tuples of these."""
        if isinstance(data, tuple):
            inner = ", ".join(map(self.literal, data))
            return f"({inner}{',' if len(data) == 1 else ''})"
        if isinstance(data, str):
            return self.known[data]
        return size_text(data, self.known) if isinstance(data, Dim) else str(data)

    def number(self, number: Size) -> Text:
        if isinstance(number, Dim):
            text = _quotient(number, self.known)
            return Text(text, SUM if " + " in text or " - " in text else PRODUCT)
        if isinstance(number, Fraction):
            return Text(f"{number.numerator} / {number.denominator}", PRODUCT)
        return Text(str(number), UNARY if number < 0 else ATOM)

    def sum(self, value: Value, args: list[Text]) -> Text:
        terms = list(zip(value.data, args, strict=True))
        terms.sort(key=lambda term: _negative(term[0]))
        text = ""
        for coefficient, arg in terms:
            minus = _negative(coefficient)
            part = self.term(-coefficient if minus else coefficient, arg)
            if not text and minus:
                # Brackets, or the minus would go into the first factor.
                text = f"-{part.at(UNARY)}"
            elif not text:
                text = part.text
            else:
                text += f" {'-' if minus else '+'} {part.at(PRODUCT)}"
        if len(terms) == 1:
            return Text(text, UNARY if text.startswith("-") and " " not in text else PRODUCT)
        return Text(text, SUM)

    def term(self, coefficient: Size, arg: Text) -> Text:
        """A multiple of an operand."""
        if coefficient == 1:
            return arg
        if arg.text == "1":
            return self.number(coefficient)
        if isinstance(coefficient, Fraction):
            top = arg if coefficient.numerator == 1 else self.term(coefficient.numerator, arg)
            return Text(f"{top.at(PRODUCT)} / {coefficient.denominator}", PRODUCT)
        return Text(f"{self.number(coefficient).at(PRODUCT)} * {arg.at(UNARY)}", PRODUCT)

    def product(self, args: list[Text], sign: str) -> Text:
        left, right = args
        return Text(f"{left.at(PRODUCT)} {sign} {right.at(UNARY)}", PRODUCT)

    def power(self, value: Value, base: Text) -> Text:
        exponent = value.data
        if exponent == Fraction(1, 2):
            if value.args[0].op == NUMBER:
                return self.plain("sqrt", base)
            return self.cell(value, "sqrt", [base])
        if exponent < 0:
            return Text(f"1 / {self.raised(value, base, -exponent).at(UNARY)}", PRODUCT)
        return self.raised(value, base, exponent)

    def raised(self, value: Value, base: Text, exponent: Any) -> Text:
        if exponent == 1:
            return base
        if exponent == Fraction(1, 2):
            return self.cell(value, "sqrt", [base])
        shown = self.number(exponent)
        return Text(f"{base.at(ATOM)} ** {shown.at(ATOM)}", POWER)

    def each(self, value: Value, args: list[Text]) -> Text:
        """An instruction along leading axes: as the library does it, or one by one."""
        op, data, count = value.data
        if f"{op}_stack" in self.column.cells and count == 1:
            return self.cell(value, f"{op}_stack", args)
        names = [Text(f"part{k}" if k else "part") for k in range(len(args))]
        one = Value(value.at, op, value.args, data, value.shape[count:])
        call = f"lambda {', '.join(name.text for name in names)}: {self.text(one, names).text}"
        return self.cell(value, "each", [Text(call), *args], str(count))

    def applied(self, value: Value, args: list[Text]) -> Text:
        name, slots = value.data
        function = self.known[" ".join([*(f"D{slot + 1}" for slot in slots), name])]
        return Text(f"{function}({', '.join(arg.text for arg in args)})")


def _negative(coefficient: Size) -> bool:
    if isinstance(coefficient, Dim):
        return all(c < 0 for _, c in coefficient.terms)
    return coefficient < 0


def _quotient(number: Dim, names: Mapping[str, str]) -> str:
    """A polynomial in sizes as a number, which need not be whole."""
    return size_text(number, names).replace("//", "/")
