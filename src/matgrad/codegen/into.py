"""Results written into an array that is there already, without making them first.

Floor 4.  Products of entries, outer products, sums and diagonals go where they belong, as far as a
backend has cells for that; anything else is copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, final

from matgrad.codegen.cells import Text, filled
from matgrad.codegen.owned import INTO
from matgrad.codegen.program import SUM, Value
from matgrad.codegen.write import Statements


class _Step(NamedTuple):
    """A cell, the values that it takes, where it writes, and what else it says."""

    cell: str
    values: tuple[Value, ...]
    target: str
    data: object = None


def written_into(
    statements: Statements, root: Value, given: Mapping[Value, Text], out: str
) -> bool:
    """Adds the statements that write a value into the array called `out`, unless all that there is
    to do is copying it."""
    plan = _Plan(statements.column.cells)
    plan.write(root, out)
    if plan.steps[0].values == (root,):
        return False
    values = [value for step in plan.steps for value in step.values]
    texts = statements.made(values, given, frozenset())
    for step in plan.steps:
        args = [texts[value] for value in step.values]
        text = filled(step.cell, args, out=step.target, data=step.data).text
        statements.lines += text.split("\n")
    return True


@final
class _Plan:
    """The steps by which a value is written."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        self.steps: list[_Step] = []

    def write(self, value: Value, target: str) -> None:
        while value.op == "permute" and "turned" in self.cells:
            back = tuple(map(value.data.index, range(value.order)))
            target = self.cells["turned"].format(out=target, data=back)
            value = value.args[0]
        name = value.op.removesuffix(INTO)
        op = f"into_{name}"
        if name in ("add_diagonal", "add_spread") and "into_add_spread" in self.cells:
            whole, values = value.args
            self.write(whole, target)
            self.step("into_add_spread", (values,), target, _axes(value.data or (0, 0)))
        elif name in ("add", "subtract") and op in self.cells:
            whole, other = value.args
            self.write(whole, target)
            self.step(op, (other,), target)
        elif value.op == SUM and len(value.args) > 1 and "into_add" in self.cells:
            self.sum(value, target)
        elif op == "into_reshape" and is_product(value.args[0]) and "into_matmul" in self.cells:
            self.step("into_matmul", value.args[0].args, target)
        elif value.op == "spread" and op in self.cells:
            self.step(op, value.args, target, _axes(value.data))
        elif name in ("outer", "multiply", "divide") and op in self.cells:
            self.step(op, value.args, target)
        else:
            self.step("into", (value,), target)

    def step(self, cell: str, values: tuple[Value, ...], target: str, data: object = None) -> None:
        self.steps.append(_Step(self.cells[cell], values, target, data))

    def sum(self, value: Value, target: str) -> None:
        """The first term that is no diagonal, then the others on top of it."""
        terms = list(zip(value.data, value.args, strict=True))
        terms.sort(key=lambda term: (term[0] != 1, term[1].op == "spread"))
        if terms[0][0] != 1 or any(coefficient not in (1, -1) for coefficient, _ in terms):
            self.step("into", (value,), target)
            return
        self.write(terms[0][1], target)
        for coefficient, arg in terms[1:]:
            name = "into_add" if coefficient == 1 else "into_subtract"
            if arg.op == "spread":
                self.step(f"{name}_spread", arg.args, target, _axes(arg.data))
            else:
                self.step(name, (arg,), target)


def is_product(value: Value) -> bool:
    """Whether a value is the product of two matrices."""
    return value.op == "matmul" and all(arg.order == 2 for arg in value.args)


def _axes(pattern: tuple[int, ...]) -> str:
    """A diagonal as numpy.einsum takes a view of it."""
    return f"{list(pattern)}, {sorted(set(pattern))}"
