"""Lifting sums over an index: one member under a sum sign.

Floor 3.  A bound label that is an index gets a name and a range; at that name the product is an
ordinary one.  Factors that do not hang together with it stand outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, linalg, structure
from matgrad.catalogue.indexed import index_sum
from matgrad.core.dims import Dim, Size
from matgrad.core.errors import NoForm
from matgrad.core.expr import CONTRACTION, Expr, make, symbol, walk
from matgrad.normal.canon import Factor
from matgrad.normal.indices import COUNT, POWER, WITHIN, index_labels, names_in
from matgrad.normal.members import member
from matgrad.normal.product import contract
from matgrad.normal.sums import split
from matgrad.normal.surface import turn, weigh
from matgrad.notation.shared import used_names

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

_LETTERS = "rstuvwijlhpq"


def index_names(source: Expr) -> tuple[str, ...]:
    """The names that indices get in an answer: first those of the input's own sums."""
    own = [node.data[0] for node in walk(source) if node.op is index_sum]
    taken = used_names(source).difference(own)
    letters = (*reversed(own), *_LETTERS, *(f"r{k}" for k in range(1, 20)))
    return tuple(name for name in dict.fromkeys(letters) if name not in taken)


def is_summed(node: Expr) -> bool:
    """Whether a product has a bound label that is an index."""
    return node.op is CONTRACTION and not index_labels(node) <= set(node.data[0])


def summed(lifter: Lifter, coefficient: Size, node: Expr, row: bool) -> Expr:
    """A coefficient times the sum of a product over its first index that is bound."""
    label = min(index_labels(node) - set(node.data[0]))
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    inside, outside = _parted(factors, label)
    sizes = _sizes(node)
    if outside:
        kept = tuple(dict.fromkeys(x for x in out if any(x in f[1] for f in inside)))
        part = contract(kept, inside)
        name = symbol(f"sum {part.key}", part.shape)
        for turned in (False, True):
            lifter.done[name, turned and part.order == 1] = lifter.form(part, turned)
        whole = contract(out, [*outside, (name, kept, 1)], 1, {x: sizes[x] for x in out})
        inner, core = split(whole)
        return weigh(coefficient * inner, lifter.form(core, row))
    index = next(n for n in lifter.indices if n not in names_in(node))
    first = _first(factors, label)
    at = Dim(index) - first
    low, high = _range(factors, label, sizes[label])
    members: list[Factor] = []
    for factor, labels, power in factors:
        if factor.op is WITHIN and set(labels) == {label}:
            continue
        while label in labels:
            axis = labels.index(label)
            factor, labels = member(factor, axis, at), labels[:axis] + labels[axis + 1 :]
        members.append((factor, labels, power))
    left = tuple(x for x in out if x != label)
    body = contract(left, members, 1, {x: sizes[x] for x in left})
    inner, core = split(body)
    if index not in names_in(body):
        return weigh(coefficient * inner * (high - low + 1), lifter.form(core, row))
    if isinstance(inner, Dim) and index in inner.names:
        inner, core = 1, body
    term = lifter.form(core, row)
    total = make(index_sum, (term,), (index, low + first, high + first), term.shape)
    return weigh(coefficient * inner, total)


def whole_power(lifter: Lifter, node: Expr) -> Expr:
    """A whole power; that of a transpose is printed (X^k)'.

    Raises NoForm for what still has an index.
    """
    exponent, steps = node.data
    if steps or not node.args:
        raise NoForm(f"a family of {node.op.name} has no form of its own")
    op = linalg.matpow if node.op is POWER else algebra.power
    base = lifter.form(node.args[0], False)
    if node.op is POWER and base.op is structure.transpose:
        return turn(make(op, base.args, exponent, node.shape))
    return make(op, (base,), exponent, node.shape)


def _parted(factors: list[Factor], label: int) -> tuple[list[Factor], list[Factor]]:
    """The factors that hang together with a label, and the others."""
    inside: list[Factor] = []
    reached = {label}
    while more := [f for f in factors if f not in inside and set(f[1]) & reached]:
        inside += more
        reached.update(x for f in more for x in f[1])
    return inside, [f for f in factors if f not in inside]


def _sizes(node: Expr) -> dict[int, Size]:
    out, rows, _ = node.data
    sizes = dict(zip(out, node.shape, strict=True))
    for factor, row in zip(node.args, rows, strict=True):
        sizes.update(zip(row, factor.shape, strict=True))
    return sizes


def _first(factors: list[Factor], label: int) -> Size:
    """Where an index begins: so that a factor that counts is the index itself, else at 0."""
    starts = [
        factor.data[0]
        for factor, labels, _ in factors
        if factor.op is COUNT and labels == (label,) and factor.data[1] == (1,)
    ]
    return min((start for start in starts if not isinstance(start, Dim)), default=0)


def _range(factors: list[Factor], label: int, count: Size) -> tuple[Size, Size]:
    """The first and the last value, counted from 0.

    A bound on this index alone is its range.  One that it shares with indices inside is theirs,
    but where it is the only one the range ends where theirs are empty.
    """
    low: list[Size] = []
    high: list[Size] = []
    shared: list[Size] = []
    for factor, labels, _ in factors:
        if factor.op is WITHIN and label in labels:
            start, steps = factor.data
            step = steps[labels.index(label)]
            if len(labels) > 1:
                shared += [start] if set(steps) == {-1} else []
            elif step not in (1, -1):
                raise NoForm("an index of this sum has a range that goes in steps")
            else:
                (low if step == 1 else high).append(start * -step)
    if len(low) > 1 or len(high) > 1:
        raise NoForm("an index of this sum has several bounds at once")
    if not high and len(shared) == 1:
        high = shared
    return low[0] if low else 0, high[0] if high else count - 1
