"""Derivations read from files.

Floor 4.  A reader prints the nodes of every line again and refuses a file in which text and nodes
disagree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, final

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.differential import CHAINED, DIFFERENTIAL, QUOTIENT
from matgrad.catalogue.germs import GERM
from matgrad.certificate.derivation import Derivation
from matgrad.certificate.step import Kind, Laying, Move, Rule, Step, Structured, line
from matgrad.certificate.writer import FORMAT, VERSION
from matgrad.core import expr as core
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.core.expr import Expr, Function, Op, make
from matgrad.core.signature import build

_KINDS: dict[str, Kind] = {
    "equal": "equal",
    "read": "read",
    "layout": "layout",
    "structure": "structure",
}
_STRUCTURAL: dict[str, Op] = {
    op.name: op
    for op in (core.SYMBOL, core.NUMBER, core.APPLY, *GERM, DIFFERENTIAL, QUOTIENT, CHAINED)
}

_HINT = "`matgrad steps … --json` writes one"


def read(text: str) -> Derivation:
    """The derivation in a file.

    Raises SyntaxProblem for what is no such file, and for a line whose text is not what its nodes
    say.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise SyntaxProblem("this is no file of a derivation")
        if data["version"] != VERSION:
            raise SyntaxProblem(
                f"this file has version {data['version']} of the format; {VERSION} is read here"
            )
        return _Reader(data["nodes"]).derivation(data)
    except KeyError as problem:
        raise SyntaxProblem(
            f"this is no file of a derivation: it has no {problem.args[0]!r}", hint=_HINT
        ) from None
    except (TypeError, ValueError, IndexError, AttributeError):
        raise SyntaxProblem("this is no file of a derivation", hint=_HINT) from None


@final
class _Reader:
    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.nodes: list[Expr] = []
        for row in rows:
            op = _STRUCTURAL.get(row["op"]) or OPERATORS[row["op"]]
            args = tuple(self.node(at) for at in row["args"])
            made = make(op, args, decoded(row["data"]), shape_of(row["shape"]))
            _check_shape(made, len(self.nodes))
            self.nodes.append(made)

    def node(self, at: Any) -> Expr:
        if not isinstance(at, int) or not 0 <= at < len(self.nodes):
            raise SyntaxProblem(f"there is no node {at} before this place")
        return self.nodes[at]

    def derivation(self, data: Mapping[str, Any]) -> Derivation:
        return Derivation(
            data["input"],
            self.node(data["source"]),
            tuple(map(self.move, data["moves"])),
            self.node(data["answer"]),
            tuple(self.step(number, row) for number, row in enumerate(data["steps"], 1)),
            {self.node(at): name for at, name, _ in data["names"]},
            tuple(data["conditions"]),
            data["layout"],
            data["row"],
            tuple(map(self.derivation, data["lemmas"])),
            frozenset(self.node(at) for at, _, given in data["names"] if given),
        )

    def step(self, number: int, row: Mapping[str, Any]) -> Step:
        before, after = self.node(row["before"]), self.node(row["after"])
        for node, text in ((before, row["before_text"]), (after, row["after_text"])):
            if line(node) != text:
                raise SyntaxProblem(
                    f"step {number} is tampered with: it says `{text}`, and its nodes say "
                    f"`{line(node)}`"
                )
        laying, held = row["laying"], row["structured"]
        return Step(
            _KINDS[row["kind"]],
            before,
            after,
            tuple(map(self.rule, row["rules"])),
            self.move(row["move"]),
            row["minor"],
            tuple((self.node(old), self.node(new)) for old, new in row["changed"]),
            tuple(row["needs"]),
            laying
            and Laying(laying["layout"], laying["turned"], tuple(map(shape_of, laying["groups"]))),
            held and Structured(held["properties"], held["metric"], held["reading"], held["first"]),
        )

    def rule(self, row: Mapping[str, Any]) -> Rule:
        left, right = [*map(self.node, row["sides"]), None, None][:2]
        return Rule(row["name"], left, right, row["cite"], row["condition"], row["words"])

    def move(self, row: Mapping[str, Any]) -> Move:
        return Move(self.node(row["symbol"]), decoded(row["entry"]), row["conjugate"])


def _check_shape(node: Expr, at: int) -> None:
    """Raises SyntaxProblem for a node that has not the shape its operator makes."""
    by_data = any(character.isalpha() for character in node.op.weights)
    if node.op.kind not in ("linear", "elementwise", "primitive") or by_data or not node.args:
        return
    try:
        fits = build(node.op, node.args, node.data).shape == node.shape
    except ShapeProblem:
        fits = False
    if not fits:
        raise SyntaxProblem(f"node {at} of the file has not the shape of {node.op.name}")


def decoded(data: Any) -> Any:
    """A node's data from JSON."""
    if isinstance(data, list):
        return tuple(decoded(item) for item in data)
    if not isinstance(data, dict):
        return data
    if "size" in data:
        return size_of(data["size"])
    if "set" in data:
        return frozenset(data["set"])
    return Function(
        data["function"],
        tuple(map(shape_of, data["params"])),
        shape_of(data["value"]),
        data["elementwise"],
        frozenset(data["properties"]),
    )


def size_of(data: Any) -> Size:
    """A size from JSON."""
    if isinstance(data, int):
        return data
    if isinstance(data, str):
        return Fraction(data)
    total: Size = 0
    for value, powers in data:
        term: Size = Fraction(value)
        for name, power in powers:
            for _ in range(power):
                term = term * Dim(name)
        total = total + term
    return total


def shape_of(data: Sequence[Any]) -> Shape:
    """A shape from JSON."""
    return tuple(map(size_of, data))
