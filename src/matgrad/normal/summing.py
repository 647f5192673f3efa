"""Lifting sums over an index: one member under a sum sign.

Floor 3.  A bound label that is an index gets a name and a range; at that name the product is an
ordinary one.  Factors that do not hang together with it stand outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, linalg, structure
from matgrad.catalogue.indexed import index_sum
from matgrad.core.dims import (
    Dim,
    Number,
    Size,
    is_monomial,
    leading,
    names_of,
    terms_of,
)
from matgrad.core.errors import NoForm
from matgrad.core.expr import CONTRACTION, Expr, inherited, make, number, symbol, walk
from matgrad.core.signature import build
from matgrad.normal.bounds import holds, range_of
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.chosen import choose_own, tells_position
from matgrad.normal.indices import (
    COUNT,
    PICK,
    POWER,
    WITHIN,
    index_axes,
    index_labels,
    names_in,
)
from matgrad.normal.members import member
from matgrad.normal.product import contract
from matgrad.normal.ranges import charts, turned
from matgrad.normal.sums import ONE, scaled, split
from matgrad.normal.surface import raised, strip_sign, turn, weigh
from matgrad.notation.bound import INDEX_NAMES, integers_of, with_integer
from matgrad.notation.shared import used_names

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

# With more indices than this the first way of writing a sum that there is is taken.
_MOST = 2


def index_names(source: Expr | None) -> tuple[str, ...]:
    """The names that indices get in an answer: first those of the input's own sums."""
    if source is None:
        return INDEX_NAMES
    own = [node.data[0] for node in walk(source) if node.op is index_sum]
    taken = used_names(source).difference(own)
    if not own and taken.isdisjoint(INDEX_NAMES):
        return INDEX_NAMES
    letters = dict.fromkeys((*reversed(own), *INDEX_NAMES))
    return tuple([name for name in letters if name not in taken])


def is_summed(node: Expr) -> bool:
    """Whether a product has a bound label that is an index."""
    if node.op is not CONTRACTION:
        return False
    labels = index_labels(node)
    return bool(labels) and not labels.issubset(node.data[0])


def summed(lifter: Lifter, coefficient: Size, node: Expr, row: bool) -> Expr:
    """A coefficient times the sum of a product over its indices that are bound."""
    out, rows, powers = node.data
    factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    bound = sorted(index_labels(node) - set(out))
    inside, outside = _parted(factors, bound[0])
    if outside:
        return _apart(lifter, coefficient, node, row, (inside, outside))
    keys = {(part, labels): power for part, labels, power in factors}
    many = len(bound) > _MOST
    ways = [factors] if many else list(charts(keys, out)) or [factors]
    pairs = [(way, label) for way in ways for label in _first_labels(way, bound)]
    for way, label in [] if many else list(pairs):
        if any(part.op is COUNT and label in labels for part, labels, _ in way):
            keys = {(part, labels): power for part, labels, power in way}
            pairs.append((turned(keys, out, label), label))
    sums: list[Expr] = []
    for way, label in pairs:
        try:
            sums.append(_over(lifter, coefficient, (way, out, _sizes(node)), label, row))
        except NoForm as problem:
            refusal = problem
        else:
            if many:
                break
    if not sums:
        raise refusal
    return min(sums, key=partial(_preference, lifter))


def _first_labels(factors: list[Factor], bound: list[int]) -> list[int]:
    """The indices to sum over next: not where a selection by another one lies."""
    picked = {labels[-1] for part, labels, _ in factors if part.op is PICK}
    return [label for label in bound if label not in picked] or bound


def _apart(
    lifter: Lifter,
    coefficient: Size,
    node: Expr,
    row: bool,
    parts: tuple[list[Factor], list[Factor]],
) -> Expr:
    """A product of which only a part hangs together with an index; the sum is over that part."""
    out = node.data[0]
    inside, outside = parts
    kept = tuple(dict.fromkeys(x for x in out if any(x in f[1] for f in inside)))
    part = contract(kept, inside)
    name = symbol(f"sum {part.key}", part.shape)
    sign, _ = strip_sign(lifter.form(part, False))
    for is_row in (False, True):
        own, form = strip_sign(lifter.form(part, is_row))
        lifter.done[name, is_row and part.order == 1] = weigh(own * sign, form)
    sizes = dict(zip(out, node.shape, strict=True))
    inner, core = split(contract(out, [*outside, (name, kept, 1)], 1, sizes))
    return weigh(coefficient * inner * sign, lifter.form(core, row))


def _over(
    lifter: Lifter,
    coefficient: Size,
    product: tuple[list[Factor], Labels, dict[int, Size]],
    label: int,
    row: bool,
) -> Expr:
    """The sum over one index: a member of the product under a sum sign."""
    factors, out, sizes = product
    low, high = range_of(lifter.spans, factors, label, sizes[label])
    index = f"#{_depth(factors, out)} from {low} to {high}"
    lifter.spans[index] = (low, high)
    choose_own(lifter, index)
    members: list[Factor] = []
    counts: list[tuple[Expr, Number]] = []
    for factor, labels, power in factors:
        if factor.op is COUNT and labels == (label,) and power > 0:
            counts.append((factor, power))
            continue
        if factor.op is WITHIN and set(labels) == {label}:
            continue
        while label in labels:
            axis = labels.index(label)
            factor = member(factor, axis, Dim(index))
            labels = labels[:axis] + labels[axis + 1 :]
        members.append((factor, labels, power))
    body = contract(out, members, 1, {x: sizes[x] for x in out})
    first = _first(factors, label) if not tells_position(lifter, body, index) else 1
    numbers = [_number(member(factor, 0, Dim(index) - first), power) for factor, power in counts]
    inner, core = split(body)
    constant = index not in names_in(body) and not numbers
    if constant and holds(lifter.spans, high - low + 1):
        return weigh(coefficient * inner * (high - low + 1), lifter.form(core, row))
    if isinstance(inner, Dim) and index in inner.names:
        inner, core = 1, body
    # The sign is for the term to settle; what it leaves in front stands before the sum.
    inside = 1 if leading(inner) > 0 else -1
    sign, term = strip_sign(lifter.form(scaled(inside, core), row))
    term = with_integer(term, index, Dim(index) - first)
    if numbers and core is ONE:
        term = numbers.pop()
    for value in sorted(numbers, key=_terms, reverse=True):
        term = _times(value, term)
    total = make(index_sum, (term,), (index, low + first, high + first), term.shape)
    return weigh(coefficient * inner * inside * sign, total)


def _depth(factors: list[Factor], out: Labels) -> int:
    """How many sums stand inside each other at most in the print of a product: indices are named
    by that until `named_indices` gives them the names they have on the page."""
    inside = {label for part, labels, _ in factors for label in _indices(part, labels)}
    return len(inside - set(out)) + max(map(_nesting, (part for part, _, _ in factors)), default=0)


def _indices(part: Expr, labels: Labels) -> Iterator[int]:
    return (labels[axis] for axis in index_axes(part))


def _nesting(root: Expr) -> int:
    """How many sums stand inside each other at most in the print of a node."""
    return int(inherited(root, "nesting", _nesting_of))


def _nesting_of(node: Expr) -> int:
    inside = max([int(arg.memo["nesting"]) for arg in node.args], default=0)
    own = len(index_labels(node) - set(node.data[0])) if node.op is CONTRACTION else 0
    return own + inside


def _terms(value: Expr) -> int:
    return sum(len(terms_of(integer)) for part in walk(value) for integer in integers_of(part))


def _times(value: Expr, term: Expr) -> Expr:
    """A number in front of a term, on top of its quotient if it is one."""
    if term.op is algebra.divide and not term.args[1].order:
        return build(algebra.divide, (_times(value, term.args[0]), term.args[1]))
    return build(algebra.scale, (value, term))


def _number(value: Expr, power: Number) -> Expr:
    """A number that mentions the index, to a power, as a factor of its own."""
    integer = split(value)[0]
    if power == int(power) and is_monomial(integer):
        return number(integer ** int(power))
    return raised(number(integer), power)


def _preference(lifter: Lifter, expr: Expr) -> tuple[object, ...]:
    """The cheaper form; of equals the one whose integers read best: r before k-r-1."""
    integers: list[tuple[int, ...]] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        stack.extend(reversed(node.args))
        for integer in integers_of(node):
            signs = [weight < 0 for _, weight in terms_of(integer)]
            integers.append((len(signs), len(names_of(integer)), sum(signs)))
    return lifter.reading(expr), integers


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
    return min((s for s in starts if not isinstance(s, Dim) and s >= 0), default=0)
