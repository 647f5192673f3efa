"""Derivatives as operators: what does not depend on a direction is prepared, and there are products
with directions in either sense, the solution of a system, the factors, the whole array on demand.

Floor 4.  The products are contracted like any other product, so the array is never built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple, final

from matgrad.codegen.arguments import Signature, check
from matgrad.codegen.cells import Sizes, Text, filled
from matgrad.codegen.draft import Draft, Maker
from matgrad.codegen.factors import Factors
from matgrad.codegen.into import written_into
from matgrad.codegen.program import INPUT, NUMBER, Value, reachable
from matgrad.codegen.sizes import size_text
from matgrad.codegen.solving import Solution
from matgrad.codegen.write import VIEWS
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import SUM, Expr, symbol
from matgrad.normal.canon import Labels
from matgrad.normal.product import contract
from matgrad.normal.sums import combine


class Structured(NamedTuple):
    """A result that is given by what it does; its first axes, so many, are the result's.  One that
    is `symmetric` is the same with rows and columns exchanged."""

    node: Expr
    rows: int
    symmetric: bool = False


@final
class Operator:
    """The functions of one structured result, and what they need."""

    def __init__(self, result: Structured, taken: set[str]) -> None:
        node, rows, self.symmetric = result
        self.node, self.rows = node, rows
        axes = tuple(range(node.order))
        self.right = direction("v", node.shape[rows:], taken)
        self.left = direction("u", node.shape[:rows], taken)
        forward = along(node, self.right, axes[rows:])
        backward = forward if self.symmetric else along(node, self.left, axes[:rows])
        self.nodes = (forward, backward, node)
        self.moving = [self.right, *([] if self.symmetric else [self.left])]
        self.directions = list(self.moving)
        self.factors = Factors(node)
        self.makers: list[Maker] = [self.factors]
        self.solution: Solution | None = None
        if node.shape[:rows] == node.shape[rows:]:
            given = direction("g", node.shape[:rows], taken)
            self.solution = Solution(node, given)
            self.makers.append(self.solution)
            self.directions.append(given)

        self.roots: list[Value] = []

    @property
    def sizes_compared(self) -> tuple[Size, ...]:
        """The sizes that are compared."""
        return (self.solution.sizes_compared if self.solution is not None else None) or ()

    def take(self, roots: list[Value]) -> None:
        """The products with directions and the array, as the program has them."""
        self.roots = roots

    def lines(
        self, draft: Draft, sig: Signature, known: Mapping[Value, Text], made: Iterator[list[Value]]
    ) -> tuple[list[str], str]:
        """The functions, and the text of the object that has them."""
        forward, backward, whole = self.roots
        names = [draft.names.of("matvec")]
        found = [self.product(draft, sig, names[0], self.right, [forward], known)]
        if self.symmetric:
            names.append(names[0])
        else:
            names.append(draft.names.of("rmatvec"))
            found.append(self.product(draft, sig, names[1], self.left, [backward], known))
        names += [draft.names.of("dense"), draft.names.of("factors")]
        found.append(self.dense(draft, sig, names[2], whole, known))
        found.append(self.terms(draft, sig, names[3], next(made), known))
        if self.solution is not None:
            names.append(draft.names.of("solve"))
            right = self.solution.right
            found.append(self.product(draft, sig, names[4], right, next(made), known))
        shapes = (
            f"{Sizes(size_text(size, sig.known) for size in part)}"
            for part in (self.node.shape[: self.rows], self.node.shape[self.rows :])
        )
        lines = [line for function in found for line in (*function, "")]
        return lines, f"Derivative({', '.join((*shapes, *names))})"

    def product(
        self,
        draft: Draft,
        sig: Signature,
        name: str,
        along: Expr,
        ways: list[Value],
        known: Mapping[Value, Text],
    ) -> list[str]:
        """A function of one array: a product, or the solution of a system, in one way or, where
        sizes decide, in either of two."""
        array, here = draft.column.array, sig.known[along.data[0]]
        shape = " x ".join(map(str, along.shape)) or "a scalar"
        solves = self.solution is not None and along is self.solution.right
        what = "direction whose product is this" if solves else "product with a direction"
        lines = [f'"""The {what}, {shape}."""', *check(sig, along)]
        for k, root in enumerate(ways):
            statements = draft.statements(sig)
            (result,) = statements.write((root,), known)
            if root in known:
                result = statements.cell(root, "copy", [known[root]]).text
            body = [*statements.lines, f"return {result}"]
            if k + 1 < len(ways):
                assert self.solution is not None and self.solution.sizes_compared is not None
                less, more = (size_text(s, sig.known) for s in self.solution.sizes_compared)
                lines += [f"if {less} < {more}:", *(f"    {line}" for line in body)]
            else:
                lines += body
        return [f"def {name}({here}: {array}) -> {array}:", *(f"    {line}" for line in lines)]

    def dense(
        self, draft: Draft, sig: Signature, name: str, root: Value, known: Mapping[Value, Text]
    ) -> list[str]:
        """The function that makes the whole array, new or in one that is given."""
        column = draft.column
        statements = draft.statements(sig)
        (result,) = statements.write((root,), known)
        if root in known:
            result = statements.cell(root, "copy", [known[root]]).text
        made = statements.lines
        if "into" not in column.cells:
            lines = ['"""All of it."""', *made, f"return {result}"]
            return [f"def {name}() -> {column.array}:", *(f"    {line}" for line in lines)]
        out = draft.names.of("out")
        head = f"def {name}({out}: {column.array} | None = None) -> {column.array}:"
        lines = ['"""All of it, in `out` if that is given."""']
        fits = f"_fits({out}, {statements.sizes(root)})"
        statements = draft.statements(sig)
        if written_into(statements, root, known, out):
            fresh = [f"    {line}" for line in (*made, f"return {result}")]
            lines += [f"if {out} is None:", *fresh, fits, *statements.lines]
        else:
            whole = draft.names.of("whole")
            lines += [*made, f"{whole} = {result}", f"if {out} is None:", f"    return {whole}"]
            copied = filled(column.cells["into"], [Text(whole)], out=out)
            lines += [fits, copied.text]
        return [head, *(f"    {line}" for line in (*lines, f"return {out}"))]

    def terms(
        self,
        draft: Draft,
        sig: Signature,
        name: str,
        roots: list[Value],
        known: Mapping[Value, Text],
    ) -> list[str]:
        """The function that gives the factors."""
        statements = draft.statements(sig)
        made = zip(roots, statements.write(roots, known), strict=True)
        texts = iter(
            # Whoever writes into a factor changes no operator.
            statements.cell(root, "copy", [known[root]]).text if root in known else text
            for root, text in made
        )
        lines = []
        for subscripts, count_ in self.factors.terms:
            arrays = [next(texts) for _ in range(count_)]
            end = "," if len(arrays) == 1 else ""
            lines.append(f'    ("{subscripts}", ({", ".join(arrays)}{end})),')
        kind = f"list[tuple[str, tuple[{draft.column.array}, ...]]]"
        body = ['"""Products of arrays that add up to it."""', *statements.lines]
        body += ["return [", *lines, "]"]
        return [f"def {name}() -> {kind}:", *(f"    {line}" for line in body)]


def direction(name: str, shape: Shape, taken: set[str]) -> Expr:
    """A symbol of its own: a capital for what has two axes or more."""
    base = name.upper() if len(shape) > 1 else name
    names = (base + "_" * more for more in count())
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return symbol(found, shape)


def along(node: Expr, direction: Expr, labels: Labels) -> Expr:
    """The contraction of an array with a direction on some of its axes, term by term."""
    axes = tuple(range(node.order))
    out = tuple(label for label in axes if label not in labels)
    if node.op is SUM and node.order > 2:
        terms = [
            (c, along(arg, direction, labels)) for c, arg in zip(node.data, node.args, strict=True)
        ]
        return combine(terms, tuple(node.shape[label] for label in out))
    return contract(out, [(node, axes, 1), (direction, labels, 1)], 1, dict(enumerate(node.shape)))


def prepared(
    draft: Draft, sig: Signature, plain: Sequence[Value], operators: Sequence[Operator]
) -> tuple[list[str], list[str], dict[Value, Text]]:
    """The arrays among the results, and what products with directions need that does not depend
    on them: the texts of the arrays, the lines, the names of the values."""
    moving = draft.moving
    products = [root for operator in operators for root in operator.roots[:2]]
    order = reachable(products)
    ends = [
        arg
        for value in order
        if value in moving
        for arg in value.args
        if arg not in moving and arg.op not in (NUMBER, "eye")
    ]
    ends += [root for root in products if root not in moving]
    statements = draft.statements(sig)
    texts = statements.made((*plain, *dict.fromkeys(ends)), {}, frozenset(ends))
    results = [
        # Whoever writes into a result changes no operator.
        statements.cell(root, "copy", [texts[root]]).text
        if root in ends and root.shape
        else statements.result(root, texts[root])
        for root in plain
    ]
    known = {
        value: text
        for value, text in texts.items()
        if value in ends or (text.text.isidentifier() and value.op not in (INPUT, NUMBER))
    }
    return results, statements.lines, known


def kept(
    draft: Draft, sig: Signature, plain: Sequence[Value], known: Mapping[Value, Text]
) -> list[str]:
    """The statements that give operators arguments of their own, which nobody else changes."""
    if "into" not in draft.column.cells:
        return []
    roots = draft.everything[len(plain) :]
    inside = set(reachable(roots, known))
    used = {arg for value in inside for arg in value.args}.union(roots).intersection(known)
    for value in used:
        while value.op in VIEWS and value.args:
            value = value.args[0]
        inside.add(value)
    statements, arguments = draft.statements(sig), {node.data[0] for node in sig.arrays}
    lines = []
    for value in sorted(inside, key=lambda value: value.at):
        if value.op == INPUT and value.data in arguments and value.shape:
            name = sig.known[value.data]
            lines.append(f"{name} = {statements.cell(value, 'copy', [Text(name)]).text}")
    return lines
