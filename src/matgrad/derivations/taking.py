"""Taking the differential of an expression as it is written, one rule at a time.

Floor 4.  A line is an expression with `d(…)` nodes in it.  Each step replaces those of one
operator: a sum term by term, a product factor by factor, anything else by its record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import final

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.certificate.step import Move, Rule, Step
from matgrad.core.expr import APPLY, Expr, depends, make, number, replaced, walk
from matgrad.core.signature import build
from matgrad.derivations.cells import cell_of
from matgrad.derivations.rules import CONSTANT, LINEAR, ONE_ENTRY, PRODUCT, asked, rule_of

# Contractions whose exponents, or whose axes, are no plain product of their operands.
_RAISED = frozenset({"data", "matpow"})


@final
class Taking:
    """The lines from d(F) to one in which only differentials of the variable are left."""

    def __init__(self, source: Expr, move: Move) -> None:
        self.move = move
        self.active = depends(source, {move.symbol})
        self.line = move.of(source)
        self.held: frozenset[Expr] = frozenset()
        # What is left in the end: the variable, or its entry.
        self.moved = move.symbol
        if move.entry is not None:
            own = move.symbol.shape[len(move.entry) :]
            self.moved = make(structure.entry, (move.symbol,), move.entry, own)

    def pending(self) -> list[Expr]:
        """The differentials in the line that are to be taken, in order; those of held parts and of
        the variable stay."""
        return [
            node
            for node in walk(self.line)
            if node.op is DIFFERENTIAL
            and not self.stays(node.args[0])
            and node.args[0] not in self.held
        ]

    def stays(self, part: Expr) -> bool:
        """Whether the differential of a part is read off as it is: the variable, and an unknown
        function of it, which has a derivative of its own."""
        if part is self.move.symbol:
            return self.move.entry is None
        if part is self.moved:
            return True
        return part.op is APPLY and not part.data[0].elementwise and self.is_bare(part)

    def is_bare(self, part: Expr) -> bool:
        moving = [arg for arg in part.args if arg in self.active]
        return moving == [self.move.symbol] and self.move.entry is None

    def steps(self, held: Collection[Expr] = ()) -> Iterator[Step]:
        """Steps until nothing but the differentials of `held` parts and of the variable is left."""
        self.held = frozenset(held)
        while waiting := self.pending():
            kinds = [self.kind(node.args[0]) for node in waiting]
            kind = LINEAR if LINEAR in kinds else kinds[0]
            chosen = [node for node in waiting if self.kind(node.args[0]) == kind]
            rules: dict[Rule, None] = {}
            changed: list[tuple[Expr, Expr]] = []
            needs: dict[str, None] = {}
            minor = True
            for node in chosen:
                new, rule, bookkeeping = self.taken(node.args[0])
                rules[rule] = None
                minor = minor and bookkeeping
                changed.append((node, new))
                needs.update(dict.fromkeys(asked(node.args[0])) if rule is not CONSTANT else {})
            before = self.line
            self.line = replaced(before, dict(changed))
            found = Step("equal", before, self.line, tuple(rules), self.move, minor)
            yield replace(found, changed=tuple(changed), needs=tuple(needs))

    def kind(self, part: Expr) -> object:
        """What one step takes together: bookkeeping of any operator, or one operator."""
        if self.is_linear(part):
            return LINEAR
        return PRODUCT if self.is_product(part) else (part.op, part.data)

    def moving(self, part: Expr) -> tuple[int, ...]:
        return tuple(k for k, arg in enumerate(part.args) if arg in self.active)

    def is_product(self, part: Expr) -> bool:
        """Whether the product rule says it all: every operand stands once."""
        op = part.op
        return op.kind == "contraction" and op.weights not in _RAISED and not _numeric(op.weights)

    def is_linear(self, part: Expr) -> bool:
        if part not in self.active or part is self.move.symbol:
            return True
        if part.op.kind in ("linear", "conjugate"):
            return True
        if self.is_product(part):
            return len(self.moving(part)) == 1
        # A quotient is linear in its numerator.
        return part.op is algebra.divide and self.moving(part) == (0,)

    def taken(self, part: Expr) -> tuple[Expr, Rule, bool]:
        """The differential of a part in those of its operands, its rule, and whether that is
        bookkeeping."""
        if part not in self.active:
            return _zero(part), CONSTANT, True
        if part is self.move.symbol:
            return self.entry(), ONE_ENTRY, False
        if self.is_linear(part):
            return self.passed(part), _linear(part), True
        moving = self.moving(part)
        if self.is_product(part):
            terms = [self.factor(part, k, self.move.of(part.args[k])) for k in moving]
            return _sum(terms), PRODUCT, False
        cell = cell_of(part, moving)
        moved = {k: self.move.of(part.args[k]) for k in moving}
        return cell.at(part.args, moved), rule_of(cell), False

    def passed(self, root: Expr) -> Expr:
        """The differential of a part through everything linear: where it stops, at a rule."""
        done: dict[Expr, Expr] = {}
        stack = [root]
        while stack:
            part = stack[-1]
            stops = self.stays(part) or part in self.held or part not in self.active
            linear = self.is_linear(part) and not stops
            moving = self.moving(part) if linear else ()
            waiting = [part.args[k] for k in moving if part.args[k] not in done]
            if part in done or not waiting:
                done.setdefault(stack.pop(), self.step_through(part, moving, done))
            stack += [] if part in done else waiting
        return done[root]

    def step_through(self, part: Expr, moving: tuple[int, ...], done: Mapping[Expr, Expr]) -> Expr:
        """The differential of a linear part from those of its operands."""
        if not moving or part is self.move.symbol:
            return self.move.of(part)
        if part.op.kind == "linear":
            return self.terms(part, moving, [done[part.args[k]] for k in moving])
        return self.factor(part, moving[0], done[part.args[moving[0]]])

    def entry(self) -> Expr:
        """The differential of the variable where one entry of it varies, or one member: a unit
        matrix times that entry's, unit vectors beside that member's."""
        symbol, entry = self.move.symbol, self.move.entry or ()
        units = [
            make(structure.unit, (), at, (size,))
            for at, size in zip(entry, symbol.shape, strict=False)
        ]
        moved = self.move.of(self.moved)
        if len(units) == moved.order == 1:
            return build(algebra.outer, (units[0], moved))
        if moved.order:
            letters = "ijklmn"[: symbol.order]
            own = letters[len(units) :]
            spec = f"{','.join([*letters[: len(units)], own])}->{letters}"
            return make(structure.einsum, (*units, moved), spec, symbol.shape)
        if len(units) == 2:
            return build(algebra.scale, (moved, build(algebra.outer, tuple(units))))
        if len(units) == 1:
            return build(algebra.scale, (moved, units[0]))
        letters = "ijklmn"[: len(units)]
        unit = make(structure.einsum, tuple(units), f"{','.join(letters)}->{letters}", symbol.shape)
        return build(algebra.scale, (moved, unit))

    def factor(self, part: Expr, k: int, moved: Expr) -> Expr:
        """A product with one operand's differential in its place."""
        return make(part.op, (*part.args[:k], moved, *part.args[k + 1 :]), part.data, part.shape)

    def terms(self, part: Expr, moving: tuple[int, ...], moved: list[Expr]) -> Expr:
        """A sum without its constant terms; of blocks the constant ones are zero."""
        given = dict(zip(moving, moved, strict=True))
        weights = part.op.weights.split(",")
        if len(moving) == len(part.args) or len(weights) < len(part.args):
            args = tuple(given.get(k) or _zero(arg) for k, arg in enumerate(part.args))
            return make(part.op, args, part.data, part.shape)
        return moved[0] if weights[moving[0]] == "1" else build(algebra.neg, (moved[0],))


def _linear(part: Expr) -> Rule:
    """Linearity, with where it is stated for this operator if that is anywhere."""
    if part.op.cite == "definition":
        return LINEAR
    return replace(LINEAR, cite=f"{LINEAR.cite}; {part.op.cite}")


def _numeric(weights: str) -> bool:
    return weights[:1].isdigit()


def _zero(part: Expr) -> Expr:
    return make(structure.zeros, (), None, part.shape) if part.order else number(0)


def _sum(terms: list[Expr]) -> Expr:
    total = terms[0]
    for term in terms[1:]:
        total = build(algebra.add, (total, term))
    return total
