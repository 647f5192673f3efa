"""A derivation: steps from an expression to its derivative.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, final

from matgrad.certificate.show import shown
from matgrad.certificate.step import Move, Step, folded, line
from matgrad.core.expr import Expr

# How much of a derivation is shown.
DETAILS = ("full", "normal", "brief")


@final
@dataclass(frozen=True, eq=False)
class Derivation:
    """A chain of steps from the differential of `source` to its derivative by `moves` in turn.

    One by nothing is the proof of an identity: that `source` is `answer`.  `names` are what parts
    are called in print, those of the `given` ones wherever they occur; `row` says that the answer
    is read as a row.  `lemmas` are the proofs of rules that steps cite.
    """

    input: str
    source: Expr
    moves: tuple[Move, ...]
    answer: Expr
    steps: tuple[Step, ...]
    names: Mapping[Expr, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    layout: str = "book"
    row: bool = False
    lemmas: tuple[Derivation, ...] = ()
    given: frozenset[Expr] = frozenset()

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, at: int) -> Step:
        return self.steps[at]

    def __str__(self) -> str:
        return self.at("normal").text()

    def _repr_html_(self) -> str:
        return self.text("html")

    def text(self, form: str = "text") -> str:
        """The derivation as `text`, `unicode`, `latex`, `markdown`, a page of `html`, or `json`,
        which `matgrad replay` reads.

        Raises NoForm for another.
        """
        return shown(self, form)

    def latex(self) -> str:
        """The derivation in LaTeX."""
        return self.text("latex")

    def table(self) -> list[dict[str, Any]]:
        """The steps as plain data, each line as text."""
        return [
            {
                "rule": step.rule,
                "kind": step.kind,
                "before": line(step.before),
                "after": line(step.after),
                "cite": step.cite,
                "needs": list(step.needs),
            }
            for step in self.steps
        ]

    def at(self, detail: str) -> Derivation:
        """The derivation with bookkeeping folded (`normal`), with only its turning points left
        (`brief`), or as it is, proofs of the rules included (`full`)."""
        if detail == "full":
            return self
        return replace(self, steps=folded(self.steps, brief=detail == "brief"), lemmas=())
