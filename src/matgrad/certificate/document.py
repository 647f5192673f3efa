"""Derivations as files: JSON with a table of nodes, operands before operators, and steps that
point into it.

Floor 4.  Every line stands beside its nodes as text; a reader prints the nodes again and refuses a
file in which the two disagree.  docs/derivation-file.md describes the format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, final

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.differential import CHAINED, DIFFERENTIAL, QUOTIENT
from matgrad.certificate.step import Derivation, Kind, Laying, Move, Rule, Step, Structured, line
from matgrad.core import expr as core
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.errors import ShapeProblem, SyntaxProblem
from matgrad.core.expr import Expr, Function, Op, make, walk
from matgrad.core.signature import build

FORMAT, VERSION = "matgrad derivation", 1
_KINDS: dict[str, Kind] = {
    "equal": "equal",
    "read": "read",
    "layout": "layout",
    "structure": "structure",
}
_STRUCTURAL: dict[str, Op] = {
    op.name: op for op in (core.SYMBOL, core.NUMBER, core.APPLY, DIFFERENTIAL, QUOTIENT, CHAINED)
}


def written(derivation: Derivation) -> str:
    """A derivation as the text of a file."""
    return json.dumps(_Writer().document(derivation), ensure_ascii=False, indent=1)


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
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        raise SyntaxProblem(f"this is no file of a derivation: {problem!r}") from None


@final
class _Writer:
    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.places: dict[Expr, int] = {}

    def document(self, derivation: Derivation) -> dict[str, Any]:
        """The whole file; its table of nodes is filled while the rest is written."""
        body = self.body(derivation)
        return {"format": FORMAT, "version": VERSION, **body, "nodes": self.rows}

    def body(self, derivation: Derivation) -> dict[str, Any]:
        """A derivation, or a proof that one cites."""
        return {
            "input": derivation.input,
            "layout": derivation.layout,
            "row": derivation.row,
            "conditions": list(derivation.conditions),
            "source": self.place(derivation.source),
            "moves": [self.move(move) for move in derivation.moves],
            "answer": self.place(derivation.answer),
            "names": [[self.place(part), name] for part, name in derivation.names.items()],
            "steps": [self.step(step) for step in derivation.steps],
            "lemmas": [self.body(lemma) for lemma in derivation.lemmas],
        }

    def step(self, step: Step) -> dict[str, Any]:
        laying, held = step.laying, step.structured
        return {
            "kind": step.kind,
            "before": self.place(step.before),
            "before_text": line(step.before),
            "after": self.place(step.after),
            "after_text": line(step.after),
            "rules": [self.rule(rule) for rule in step.rules],
            "move": self.move(step.move),
            "minor": step.minor,
            "changed": [[self.place(old), self.place(new)] for old, new in step.changed],
            "needs": list(step.needs),
            "laying": laying
            and {
                "layout": laying.layout,
                "turned": laying.turned,
                "groups": [list(map(size_text, group)) for group in laying.groups],
            },
            "structured": held
            and {
                "properties": held.properties,
                "metric": held.metric,
                "reading": held.reading,
                "first": held.first,
            },
        }

    def rule(self, rule: Rule) -> dict[str, Any]:
        sides = (rule.left, rule.right)
        return {
            "name": rule.name,
            "sides": [self.place(side) for side in sides if side is not None],
            "words": rule.words,
            "cite": rule.cite,
            "condition": rule.condition,
        }

    def move(self, move: Move) -> dict[str, Any]:
        return {
            "symbol": self.place(move.symbol),
            "entry": encoded(move.entry),
            "conjugate": move.conjugate,
        }

    def place(self, root: Expr) -> int:
        """Where a node stands in the table."""
        for node in walk(root):
            if node not in self.places:
                self.places[node] = len(self.rows)
                self.rows.append(
                    {
                        "op": node.op.name,
                        "args": [self.places[arg] for arg in node.args],
                        "data": encoded(node.data),
                        "shape": list(map(size_text, node.shape)),
                    }
                )
        return self.places[root]


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
            {self.node(at): name for at, name in data["names"]},
            tuple(data["conditions"]),
            data["layout"],
            data["row"],
            tuple(map(self.derivation, data["lemmas"])),
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
    if node.op.kind not in ("linear", "elementwise", "primitive") or not node.args:
        return
    try:
        fits = build(node.op, node.args, node.data).shape == node.shape
    except ShapeProblem:
        fits = False
    if not fits:
        raise SyntaxProblem(f"node {at} of the file has not the shape of {node.op.name}")


# What stands in a node besides its operands, tagged by what it is.


def encoded(data: Any) -> Any:
    """A node's data as JSON."""
    if data is None or isinstance(data, bool | int | str):
        return data
    if isinstance(data, Dim | Fraction):
        return {"size": size_text(data)}
    if isinstance(data, tuple):
        return [encoded(item) for item in data]
    if isinstance(data, frozenset):
        return {"set": sorted(data)}
    if isinstance(data, Function):
        return {
            "function": data.name,
            "params": [list(map(size_text, shape)) for shape in data.params],
            "value": list(map(size_text, data.value)),
            "elementwise": data.elementwise,
            "properties": sorted(data.properties),
        }
    raise SyntaxProblem(f"a file cannot hold {type(data).__name__}")


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


def size_text(size: Size) -> Any:
    """A size as JSON: a number, `"1/2"`, or a polynomial as a list of terms."""
    if isinstance(size, int):
        return size
    if isinstance(size, Fraction):
        return str(size)
    return [[str(value), [list(part) for part in powers]] for powers, value in size.terms]


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
