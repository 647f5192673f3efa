"""Index form: `[i,j]: A[i,k]*B[k,j] + delta[i,j]`, letters not in front summed over.

Floor 2.  Below the sign `[i,j]:` sums, products and quotients are of entries; whatever
carries letters is read as an array by the ordinary rules, and may have letters inside itself,
`(A*unit(k, n))[i]`.  A bracketed sum is summed over its own letters, those that stand nowhere
else in its term.  `notation.entries` drafts it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, final

from matgrad.core.errors import NameProblem, SyntaxProblem
from matgrad.notation.integers import enter_sum, is_over_index
from matgrad.notation.letters import STRUCTURE, carriers, letters_at, letters_inside, numbers_in
from matgrad.notation.sheet import Sheet
from matgrad.notation.tree import Node, Position

Letters = tuple[str, ...]


@final
class Form:
    """One index form: its nodes, which of them are arrays and scalars, and their letters."""

    def __init__(self, sheet: Sheet, node: Node) -> None:
        assert isinstance(node.data, tuple)
        self.nodes = sheet.nodes
        self.axes: Letters = tuple(map(str, node.data))
        self.root = node.args[0]
        self.structure: list[int] = []
        self.operands: list[int] = []
        self.orders: list[int] = []
        self.exponents: dict[int, Fraction] = {}
        self.sums: dict[int, tuple[Any, ...]] = {}
        # Of arrays at positions: the letter or None at each axis, and the numbers by axis.
        self.at: dict[int, tuple[str | None, ...]] = {}
        self.positions: dict[int, dict[int, Position]] = {}
        if len(set(self.axes)) != len(self.axes):
            raise SyntaxProblem("the axes in front of an index form are different letters")
        self.numbers = numbers_in(sheet, self.root, self.axes)
        self.inner = letters_inside(sheet, self.root, self.axes, self.numbers)
        self._collect(sheet)
        self.place = {operand: place for place, operand in enumerate(self.operands)}
        self.letters = self._letters()
        self.kept = self._kept()

    def _collect(self, sheet: Sheet) -> None:
        """Go down from the root to what is read by the ordinary rules."""
        lettered = carriers(sheet, self.root, self.inner, self.numbers)
        stack = [self.root]
        while stack:
            own = stack.pop()
            node = self.nodes[own]
            if own not in lettered:
                self._refuse_letters(sheet, own)
                self._operand(own, 0)
            elif node.head in STRUCTURE:
                sheet.silent[own] = 1
                self.structure.append(own)
                if node.head in ("power", "dotpower"):
                    exponent = sheet.constant(node.args[1])
                    if exponent is None:
                        raise SyntaxProblem(
                            "in index form an exponent is a number", text=node.text, span=node.span
                        )
                    self.exponents[own] = exponent
                    sheet.silence(node.args[1])
                    stack.append(node.args[0])
                else:
                    stack += reversed(node.args)
            elif is_over_index(sheet, node):
                sheet.silent[own] = 1
                self.structure.append(own)
                self.sums[own] = enter_sum(sheet, node)
                stack.append(node.args[-1])
            elif node.head != "index":
                self._operand(own, 0)
                self.structure.append(own)
            else:
                sheet.silent[own] = 1
                self.structure.append(own)
                self.at[own] = letters_at(node, self.numbers)
                fixed = [axis for axis, letter in enumerate(self.at[own]) if letter is None]
                places = sheet.positions([node.data[axis] for axis in fixed])
                self.positions[own] = dict(zip(fixed, places, strict=True))
                base = self.nodes[node.args[0]]
                delta = base.head == "name" and base.name == "delta"
                if delta and len(node.data) == 2 and "delta" not in sheet.scope.symbols:
                    sheet.silent[node.args[0]] = 1
                else:
                    self._operand(node.args[0], len(node.data))
        self.structure.sort()

    def _refuse_letters(self, sheet: Sheet, scalar: int) -> None:
        """Raises NameProblem where an axis of this form stands as a number, `[i,k]: k*A[i,k]`."""
        for node in self.nodes[self.nodes[scalar].first : scalar + 1]:
            if node.head == "name" and node.name in self.axes and sheet.scope.is_number(node.name):
                raise NameProblem(
                    f"{node.name} is an axis of this index form and stands here as a number",
                    text=node.text,
                    span=node.span,
                    hint="give the axis another letter",
                )

    def _operand(self, own: int, order: int) -> None:
        self.operands.append(own)
        self.orders.append(order)

    def _letters(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        for own in self.structure:
            node = self.nodes[own]
            if node.head == "index":
                inner = self.inner.get(node.args[0], frozenset())
                found[own] = inner.union(filter(None, self.at[own]))
            elif own in self.place:
                found[own] = self.inner[own]
            else:
                found[own] = frozenset().union(*(found.get(a, frozenset()) for a in node.args))
        return found

    def _kept(self) -> dict[int, frozenset[str]]:
        """The letters of each node that its surroundings use."""
        kept = {self.root: frozenset(self.axes)}
        nothing: frozenset[str] = frozenset()
        for own in reversed(self.structure):
            node, outside = self.nodes[own], kept[own]
            if node.head == "index" or own in self.place:
                continue
            for place, arg in enumerate(node.args):
                others = node.args[:place] + node.args[place + 1 :]
                if node.head in ("times", "over", "dottimes"):
                    kept[arg] = outside.union(*(self.letters.get(o, nothing) for o in others))
                else:
                    kept[arg] = outside
        return kept

    def order(self) -> list[str]:
        """All letters: axes first, then by first appearance."""
        found = dict.fromkeys(self.axes)
        for own in self.structure:
            found |= dict.fromkeys(filter(None, self.at.get(own, ())))
        return list(found)
