"""The differential of one operator, as a surface expression in the differentials of its operands.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from matgrad.calculus.derivative import differential
from matgrad.calculus.wirtinger import independent
from matgrad.catalogue import OPERATORS
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Size
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, Op, make, replaced, symbol, walk
from matgrad.normal.build import conjugate
from matgrad.normal.lift import Lifter
from matgrad.normal.lower import lower
from matgrad.normal.rank import is_deficient
from matgrad.normal.sums import combine
from matgrad.notation.bound import INDEX_NAMES, free_names, named_indices
from matgrad.notation.read import read_expression
from matgrad.shorten.answers import restore


class Cell(NamedTuple):
    """An operator at symbols for its operands, and its differential; `moves` are the symbols that
    stand for the differentials of those operands that move."""

    node: Expr
    value: Expr
    slots: tuple[Expr, ...]
    moves: tuple[tuple[int, Expr], ...]

    def at(self, args: tuple[Expr, ...], moved: Mapping[int, Expr]) -> Expr:
        """The differential at other operands, with the differentials of those that move."""
        values = dict(zip(self.slots, args, strict=True))
        values.update((move, moved[k]) for k, move in self.moves)
        # What a sum of the cell binds must not occur in an operand that is put into it.
        taken = free_names(self.node).union(*map(free_names, args))
        names = tuple(name for name in INDEX_NAMES if name not in taken)
        return replaced(named_indices(self.value, names), values)


def cell_of(node: Expr, moving: tuple[int, ...]) -> Cell:
    """The differential of a node's operator in those operands that are `moving`.

    Raises NoRule where the operator has none.
    """
    slots = []
    for k, arg in enumerate(node.args):
        if arg.op is NUMBER:
            slots.append(arg)
            continue
        field = ["complex"] if is_complex(arg) else []
        kept = arg.data[1] if arg.op is SYMBOL and k not in moving else field
        slots.append(symbol(_name(node.op, k, arg), arg.shape, kept))
    general = make(node.op, tuple(slots), node.data, node.shape)
    if node.op.singular and is_deficient(lower(node.args[0])):
        return _singular(general, moving)
    return _cell(general, moving)


def _singular(node: Expr, moving: tuple[int, ...]) -> Cell:
    """What holds where the first operand is singular by construction, as the record has it."""
    moves = tuple((k, _move(node.args[k])) for k in moving)
    names = dict(zip(node.op.operands, node.args, strict=True))
    names.update((f"d{node.op.operands[k]}", move) for k, move in moves)
    return Cell(node, read_expression(node.op.singular, names), node.args, moves)


def _name(op: Op, k: int, arg: Expr) -> str:
    if op is not APPLY and k < len(op.operands):
        return op.operands[k]
    letters = "xyzuvw" if arg.order < 2 else "ABCUVW"
    return letters[k] if k < len(letters) else f"{letters[0]}_{k}"


@lru_cache(maxsize=1 << 10)
def _cell(node: Expr, moving: tuple[int, ...]) -> Cell:
    slots = node.args
    moves = tuple((k, _move(slots[k])) for k in moving)
    # A complex operand and its conjugate vary by their own differentials.
    fixed = independent(slots[k] for k in moving)
    normal = restore(lower(node), fixed)
    terms: list[tuple[Size, Expr]] = []
    for k, move in moves:
        terms.append((1, differential(normal, slots[k], move)))
        if is_complex(slots[k]):
            other = fixed[conjugate(slots[k])]
            terms.append((1, differential(normal, other, conjugate(move))))
    whole = restore(combine(terms, node.shape), {by: value for value, by in fixed.items()})
    names = [slot.data[0] for slot in slots if slot.op is SYMBOL]
    ranks = {name: at for at, name in enumerate([*names, *(move.data[0] for _, move in moves)])}
    lifter = Lifter(
        ranks,
        frozenset({node.op, *_mentioned(node.op)}),
        set(walk(lower(node))),
        source=node,
    )
    return Cell(node, lifter.lift(whole), slots, moves)


def _move(slot: Expr) -> Expr:
    return symbol(f"d{slot.data[0]}", slot.shape, ["complex"] if is_complex(slot) else [])


def _mentioned(op: Op) -> set[Op]:
    """The operators in a record's texts, by which its differential may be written."""
    found = set()
    for text in (op.differential, op.definition):
        for word in text.replace("(", " ( ").replace(".", " ").split():
            name = word.strip("-+*/'^,[]").rpartition("*")[2]
            if name in OPERATORS:
                found.add(OPERATORS[name])
    return found
