"""Steps: what a line of a derivation claims, and by which rules.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal, final

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.catalogue.properties import family_of, indices_of
from matgrad.core.dims import Shape
from matgrad.core.expr import SYMBOL, Expr, make, replaced, symbol, symbols_of, walk
from matgrad.notation.render import render
from matgrad.proof.demands import Position

Kind = Literal["equal", "read", "layout", "structure"]


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """What a step appeals to: a name, an identity (two sides) or a statement in words, where it
    stands, and the condition it asks for."""

    name: str
    left: Expr | None = None
    right: Expr | None = None
    cite: str = ""
    condition: str = ""
    words: str = ""


@final
@dataclass(frozen=True, slots=True)
class Move:
    """What a derivative is taken by: a symbol or one entry of it, and whether by its conjugate."""

    symbol: Expr
    entry: Position | None = None
    conjugate: bool = False

    def of(self, expr: Expr) -> Expr:
        """The differential of an expression along this."""
        return make(DIFFERENTIAL, (expr,), (self.symbol.data[0], self.entry), expr.shape)


@final
@dataclass(frozen=True, slots=True)
class Laying:
    """How a derivative is laid out: a `layout` by name, whether that transposes it, the shapes
    whose axes vec stacks, and whether a vector stands as a row."""

    layout: str
    turned: bool
    groups: tuple[Shape, ...]


@final
@dataclass(frozen=True, slots=True)
class Structured:
    """How a derivative is read on a structure of its variable; `first` along its first axes."""

    properties: str
    metric: str
    reading: str
    first: bool = False


@final
@dataclass(frozen=True, slots=True)
class Step:
    """One line: `after` follows from `before` by `rules`.

    `kind` says how the two are related (`equal`, `read` off, `layout`, `structure`).  A `minor`
    step is bookkeeping, which is shown in full detail only.  `changed` are the parts of `before`
    that the step replaces, each with what replaces it; `needs` is what must hold there.
    `inside` are the steps that were folded into this one.
    """

    kind: Kind
    before: Expr
    after: Expr
    rules: tuple[Rule, ...]
    move: Move
    minor: bool = False
    changed: tuple[tuple[Expr, Expr], ...] = ()
    needs: tuple[str, ...] = ()
    laying: Laying | None = None
    structured: Structured | None = None
    inside: tuple[Step, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        sign = "=" if self.kind == "equal" else "gives"
        return f"{line(self.before)} {sign} {line(self.after)} ({self.rule})"

    @property
    def rule(self) -> str:
        """The rules by name."""
        return ", ".join(rule.name for rule in self.rules)

    @property
    def cite(self) -> str:
        """Where the rules stand."""
        return "; ".join(dict.fromkeys(rule.cite for rule in self.rules if rule.cite))


def line(expr: Expr) -> str:
    """A line as text; the differential of a symbol X is dX, unless that is a symbol."""
    return render(replaced(expr, called(expr, {})), "text")


def called(expr: Expr, names: Mapping[Expr, str]) -> dict[Expr, Expr]:
    """The differentials of symbols, and of parts with names, as symbols of their own; those whose
    names are taken stay."""
    taken = {node.data[0] for node in symbols_of(expr)}
    found = {}
    for node in walk(expr):
        if node.op is DIFFERENTIAL:
            part = node.args[0]
            name = names.get(part) or (part.data[0] if part.op is SYMBOL else "")
            if name and f"d{name}" not in taken:
                found[node] = _moved(part, name)
    return found


def _moved(part: Expr, name: str) -> Expr:
    """A symbol for the differential of a part that has a name; that of a family is one."""
    own = family_of(indices_of(part.data[1])) if part.op is SYMBOL else frozenset()
    return symbol(f"d{name}", part.shape, own)


def folded(steps: Sequence[Step], *, brief: bool = False) -> tuple[Step, ...]:
    """The steps with bookkeeping folded into the step before it, or the one after the first;
    `brief` makes one step of all that are equal in turn."""
    found: list[Step] = []
    for step in steps:
        last = found[-1] if found else None
        # A derivative and the differential it is differentiated by next are no one line.
        joins = last is not None and last.kind == step.kind == "equal" and last.after is step.before
        if joins and last is not None and (brief or step.minor or last.minor):
            found[-1] = joined(last, step)
        else:
            found.append(step)
    return tuple(found)


def joined(first: Step, second: Step) -> Step:
    """Two equalities as one; bookkeeping is named only where nothing else is."""
    major = [step for step in (first, second) if not step.minor] or [first, second]
    rules = tuple(dict.fromkeys(rule for step in major for rule in step.rules))
    later = dict(second.changed)
    changed = [(old, replaced(new, later)) for old, new in first.changed]
    within = {node for _, new in first.changed for node in walk(new)}
    changed += [(old, new) for old, new in second.changed if old not in within]
    parts = (step.inside or (step,) for step in (first, second))
    return replace(
        first,
        after=second.after,
        rules=rules,
        minor=first.minor and second.minor,
        changed=tuple(changed),
        needs=tuple(dict.fromkeys((*first.needs, *second.needs))),
        inside=tuple(chain(*parts)),
    )
