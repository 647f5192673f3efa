"""Derivations written as files: JSON with a table of nodes, operands before operators, and steps
that point into it.

Floor 4.  Every line stands beside its nodes as text.  docs/derivation-file.md has the format.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

from matgrad.certificate.step import Move, Rule, Step, line
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import SyntaxProblem
from matgrad.core.expr import Expr, Function, walk

if TYPE_CHECKING:
    from matgrad.certificate.derivation import Derivation

FORMAT, VERSION = "matgrad derivation", 1


def written(derivation: Derivation) -> str:
    """A derivation as the text of a file."""
    return json.dumps(_Writer().document(derivation), ensure_ascii=False, indent=1)


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
            "names": [
                [self.place(part), name, part in derivation.given]
                for part, name in derivation.names.items()
            ],
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


def size_text(size: Size) -> Any:
    """A size as JSON: a number, `"1/2"`, or a polynomial as a list of terms."""
    if isinstance(size, int):
        return size
    if isinstance(size, Fraction):
        return str(size)
    return [[str(value), [list(part) for part in powers]] for powers, value in size.terms]
