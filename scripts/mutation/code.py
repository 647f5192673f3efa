"""Faults in what the code makes of operators: of those whose records hold no derivative, products,
sums and parts, which are lowered, and conjugates; and what is generated for them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from matgrad.codegen import column_of
from matgrad.core.dims import Dim
from matgrad.core.expr import Expr, Op, make
from matgrad.normal import build, lower
from matgrad.normal.gather import Gather
from matgrad.normal.sums import numeral, scaled
from mutation.faults import Fault
from mutation.operators import COMPLEX, DERIVATIVE

GENERATED = "tests/test_code.py::test_an_operator"


def of_code(op: Op) -> Iterator[Fault]:
    if op.kind == "conjugate":
        yield Fault(op.name, op, "code", _kept_as_it_is, "conjugate dropped", COMPLEX)
    if (op.kind == "contraction" and op.weights not in ("zero", "0")) or op.weights == "block":
        yield Fault(op.name, op, "code", partial(_twice, op), "constant", DERIVATIVE)
    if op.weights in _OTHER:
        yield Fault(op.name, op, "code", partial(_misread, op), "data", DERIVATIVE)
    if op.kind in ("elementwise", "primitive") and op.name in column_of("numpy").cells:
        yield Fault(op.name, op, "code", partial(_generated_twice, op), "generated", GENERATED)


def _kept_as_it_is() -> None:
    vars(build)["conjugate"] = lambda arg: arg


def _generated_twice(op: Op) -> None:
    """The text that stands for an operator in generated code is that of twice its value."""
    cells = column_of("numpy").cells
    cells[op.name] = f"2*({cells[op.name]})"


def _twice(op: Op) -> None:
    """Each node of an operator stands for twice its value."""
    operands, assembled = Gather.operands, lower.assembled

    def doubled(self: Gather, node: Expr, labels: Any) -> Any:
        if node.op is op:
            self.factors.append((numeral(2), (), 1))
        return operands(self, node, labels)

    def doubled_blocks(node: Expr, blocks: tuple[Expr, ...]) -> Expr:
        return scaled(2, assembled(node, blocks))

    vars(lower)["assembled"] = doubled_blocks if op.weights == "block" else assembled
    setattr(Gather, "operands", doubled)  # noqa: B010


def _misread(op: Op) -> None:
    """What an operator's nodes carry is read as something else."""
    operands = Gather.operands

    def misread(self: Gather, node: Expr, labels: Any) -> Any:
        if node.op is op:
            node = make(op, node.args, _OTHER[op.weights](node.data), node.shape)
        return operands(self, node, labels)

    setattr(Gather, "operands", misread)  # noqa: B010


def _next(position: Any) -> Any:
    return position + 1 if isinstance(position, int | Dim) else position


def _open(spec: str) -> str:
    """An einsum in which one axis of an operand is summed by itself."""
    inputs, output = spec.split("->")
    last = inputs.rstrip(",")
    return f"{last[:-1]}z{inputs[len(last) :]}->{output}"


# What data may be read as that makes another node of the same shape, by weights.
_OTHER = {
    "data": lambda exponent: exponent + 1,
    "matpow": lambda exponent: exponent + 1,
    "index": lambda position: 0 if isinstance(position, int) else position,
    "entry": lambda positions: tuple(map(_next, positions)),
    "component": lambda positions: tuple(map(_next, positions)),
    "part": lambda begins: tuple(map(_next, begins)),
    "index sum": lambda data: (data[0], *map(_next, data[1:])),
    "below": lambda offset: (offset or 0) + 1,
    "above": lambda offset: (offset or 0) + 1,
    "einsum": _open,
}
