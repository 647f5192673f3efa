"""Normal expressions as a program that is ready to be written.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import final

from matgrad.codegen.arguments import Signature, checks, signature
from matgrad.codegen.assemble import Assembly
from matgrad.codegen.columns.column import Column
from matgrad.codegen.factorise import factorised
from matgrad.codegen.identities import distributed
from matgrad.codegen.names import Identifiers
from matgrad.codegen.owned import in_place
from matgrad.codegen.polish import polished
from matgrad.codegen.program import Value, reachable
from matgrad.codegen.sizes import Scale
from matgrad.codegen.write import Statements
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, symbols_of

_RESERVED = (
    "np xp jax jnp jsp torch math cmath scipy functools int tuple ValueError TypeError".split()
)

# What makes values that are no normal expressions.
Maker = Callable[[Assembly], Sequence[Value]]


@final
class Draft:
    """A program for some results, with the arguments that it takes.  The `makers` make further
    ones, `made` are theirs.

    `order` are the symbols in the order in which arguments stand, `parts` the symbols that stand
    for parts with names, and what they stand for, `moving` those that change while others stay,
    `later` more that are no arguments; work is counted as `scale` says.
    """

    def __init__(
        self,
        nodes: Sequence[Expr],
        column: Column,
        reserved: Sequence[str],
        order: Sequence[Expr],
        parts: Sequence[tuple[Expr, Expr]],
        moving: Sequence[Expr] = (),
        makers: Sequence[Maker] = (),
        later: Sequence[Expr] = (),
        scale: Scale | None = None,
    ) -> None:
        self.column = column
        assembly = Assembly(parts, moving, scale, nodes)
        roots = [assembly.add(node) for node in nodes]
        counts = [len(roots)]
        for maker in makers:
            roots += maker(assembly)
            counts.append(len(roots))
        marked = [assembly.done[symbol].value for symbol, _ in parts]
        program, cells = assembly.program, column.cells
        roots, became = factorised(program, roots, cells)
        found: Sequence[Value | None] = [became.get(value) for value in marked]
        for step in (distributed, polished, partial(in_place, cells=cells)):
            roots, became = step(program, roots)
            found = [became.get(value) if value else None for value in found]
        self.roots, self.everything = roots[: counts[0]], roots
        self.made = [roots[start:end] for start, end in pairwise(counts)]
        self.moving = program.moving
        self.choices, self.scale = assembly.choices, assembly.scale
        self.hints: dict[Value, str] = {
            value: symbol.data[0] for value, (symbol, _) in zip(found, parts, strict=True) if value
        }
        others = symbols_of(*nodes, *(part for _, part in parts))
        self.symbols = {symbol.data[0]: symbol for symbol in (*order, *others, *moving, *later)}
        self.names = Identifiers((*_RESERVED, *reserved, *column.imports, *column.helpers))

    def signature(
        self,
        inner: Sequence[Expr] = (),
        sizes: Sequence[Size] = (),
        ways: Sequence[Draft] = (),
        others: Sequence[Draft] = (),
    ) -> Signature:
        """The arguments that the results need, in any of several `ways`, and those that `others`
        need; `inner` ones come later; `sizes` are mentioned."""
        own = [value for way in (self, *ways) for value in reachable(way.everything)]
        also = [value for other in others for value in reachable(other.everything)]
        return signature(own, self.symbols, self.names, inner, sizes, also)

    def opening(self, sig: Signature) -> list[str]:
        """The statements that take the arguments."""
        lines = checks(sig, self.column)
        if self.column.namespace and sig.like:
            lines.append(f"{self.column.namespace} = {sig.like}.__array_namespace__()")
        return lines

    def statements(self, sig: Signature, names: Identifiers | None = None) -> Statements:
        """What writes the values."""
        return Statements(self.column, names or self.names, sig.known, sig.like, self.hints)
