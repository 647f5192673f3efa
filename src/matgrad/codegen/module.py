"""Programs as source text: one module with a function that runs alone.

Floor 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, final

from matgrad.codegen.arguments import Signature
from matgrad.codegen.columns.column import Column
from matgrad.codegen.draft import Draft
from matgrad.codegen.layout import decorator, definition, docstring, whole
from matgrad.codegen.operators import Operator, Structured, kept, prepared
from matgrad.codegen.sizes import Scale
from matgrad.codegen.variants import comparison, sizes_of, variants
from matgrad.core.expr import Expr, symbols_of


class Source(NamedTuple):
    """A module's text and the name of its function."""

    text: str
    name: str


class Wrapper(NamedTuple):
    """A function `differentiable` around others: its text, in which VARIABLE stands for what it is
    a function of."""

    text: str
    variable: str

    @property
    def words(self) -> frozenset[str]:
        """The names that the text uses, which are no names of arguments then; those of one letter
        are of arguments of inner functions, which hide nothing."""
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", self.text)
        return frozenset(word for word in re.findall(r"\w+", code) if len(word) > 1)


@final
class Function:
    """One function on its way to text: its results are normal expressions, each an array or, if it
    is `Structured`, an operator; see `Draft`.  No argument gets a name that is `reserved`."""

    def __init__(
        self,
        results: Sequence[Expr | Structured],
        column: Column,
        *,
        name: str,
        title: str,
        notes: Sequence[str] = (),
        order: Sequence[Expr] = (),
        parts: Sequence[tuple[Expr, Expr]] = (),
        reserved: Iterable[str] = (),
    ) -> None:
        self.column, self.name, self.title, self.notes = column, name, title, notes
        nodes = [result.node if isinstance(result, Structured) else result for result in results]
        taken = {s.data[0] for s in (*order, *symbols_of(*nodes, *(part for _, part in parts)))}
        self.results = [
            Operator(result, taken) if isinstance(result, Structured) else result
            for result in results
        ]
        self.operators = [each for each in self.results if isinstance(each, Operator)]
        arrays = [each for each in self.results if isinstance(each, Expr)]
        self.directions = [node for operator in self.operators for node in operator.directions]
        items = [*arrays, *(node for operator in self.operators for node in operator.nodes)]
        moving = [node for operator in self.operators for node in operator.moving]
        makers = [maker for operator in self.operators for maker in operator.makers]
        words = (*reserved, name, "Derivative")

        def draft(scale: Scale | None = None) -> Draft:
            later = self.directions
            return Draft(items, column, words, order, parts, moving, makers, later, scale)

        self.draft = draft()
        # Operators are planned for the directions that are still to come.
        self.variants = [] if self.operators else variants(self.draft, draft)
        self.arrays = self.draft.roots[: len(arrays)]
        for k, operator in enumerate(self.operators):
            at = len(arrays) + 3 * k
            operator.take(self.draft.roots[at : at + 3])

    def signature(self, functions: Sequence[Function]) -> Signature:
        """The arguments; several functions have those that any of them needs."""
        sizes = [size for operator in self.operators for size in operator.sizes_compared]
        sizes += sizes_of(self.variants)
        others = [function.draft for function in functions if function is not self]
        ways = [variant.draft for variant in self.variants]
        return self.draft.signature(self.directions, sizes, ways, others)

    def text(self, sig: Signature) -> str:
        """The function as text."""
        made, lines = self.body(sig)
        lines = [*self.draft.opening(sig), *lines, f"return {', '.join(made)}"]
        array = self.column.array
        types = [array if isinstance(each, Expr) else "Derivative" for each in self.results]
        returned = f"tuple[{', '.join(types)}]" if len(types) > 1 else types[0]
        head = definition(self.name, sig.parameters(self.column), returned)
        said = docstring(self.title, self.notes, sig)
        text = "\n".join([*head, *said, *(f"    {line}".rstrip() for line in lines)])
        if self.column.decorator and not self.operators:
            text = f"{decorator(self.column, sig)}\n{text}"
        return text

    def body(self, sig: Signature) -> tuple[list[str], list[str]]:
        """The texts of the results, and the statements before them."""
        draft = self.draft
        if not self.operators:
            lines = []
            for variant in self.variants[:-1]:
                branch = variant.draft.statements(sig, draft.names.branch())
                results = branch.write(variant.draft.roots)
                wanted = " and ".join(comparison(pair, sig.known) for pair in variant.conditions)
                body = [*branch.lines, f"return {', '.join(results)}"]
                lines += [f"if {wanted}:", *(f"    {line}" for line in body)]
            last = self.variants[-1].draft if self.variants else draft
            statements = last.statements(sig, draft.names)
            return statements.write(last.roots), [*lines, *statements.lines]
        texts, lines, known = prepared(draft, sig, self.arrays, self.operators)
        lines = [*kept(draft, sig, self.arrays, known), *lines, ""]
        arrays, made = iter(texts), iter(draft.made)
        found = []
        for each in self.results:
            if isinstance(each, Operator):
                closures, text = each.lines(draft, sig, known, made)
                lines += closures
            else:
                text = next(arrays)
            found.append(text)
        return found, lines


# Names of functions that a wrapper calls.
JOINT, SECOND = "value_and_gradient", "hessian"


def module(functions: Sequence[Function], wrapper: Wrapper | None = None) -> Source:
    """The source of one function; or of several with the same arguments, and a function around
    them.

    Raises NoForm for an operator that the backend's column lacks.
    """
    signatures = [function.signature(functions) for function in functions]
    texts = [f.text(sig) for f, sig in zip(functions, signatures, strict=True)]
    name = functions[0].name
    if wrapper is not None:
        variable = signatures[0].known[wrapper.variable]
        texts.append(wrapper.text.strip().replace("VARIABLE", variable))
        name = "differentiable"
    return Source(whole(functions[0].column, "\n\n\n".join(texts)), name)
