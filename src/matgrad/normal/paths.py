"""Vectors that meet and chains that close: products, scalars, traces.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from matgrad.catalogue import algebra, structure
from matgrad.core.dims import Number
from matgrad.core.expr import Expr, make
from matgrad.core.signature import build
from matgrad.normal.links import End, Step, reverse
from matgrad.normal.masks import masked
from matgrad.normal.squares import norm_by
from matgrad.normal.surface import Stuck, hadamard, raised, turn

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter


def entrywise(lifter: Lifter, chains: Sequence[tuple[Step, ...]]) -> Step:
    """The Hadamard product of two chains, and its transpose; each is the transpose of the other
    where that is cheaper than to transpose the factors."""
    forward = _entrywise(lifter, chains)
    backward = _entrywise(lifter, [reverse(chain) for chain in chains])
    outside, inside = turn(backward), turn(forward)
    if lifter.cost(outside) < lifter.cost(forward):
        return outside, backward
    return (forward, inside) if lifter.cost(inside) < lifter.cost(backward) else (forward, backward)


def _entrywise(lifter: Lifter, chains: Iterable[tuple[Step, ...]]) -> Expr:
    parts = [lifter.multiply([forward for forward, _ in chain]) for chain in chains]
    left, right = sorted(parts, key=lifter.order)
    if left.order > 2 and right.order > 2:
        raise Stuck("two tensors, whose further axes a product does not keep apart")
    return masked(left, right) or hadamard(left, right)


def joined(lifter: Lifter, ends: list[End]) -> End:
    """The Hadamard product of the vectors at a label, as one vector."""
    if len(ends) == 1 and ends[0].power == 1:
        return ends[0]
    whole = product_of_entries(lifter, [(end.column(lifter), end.power) for end in ends])
    return End((), whole, ends[0].size)


def product_of_entries(lifter: Lifter, factors: Iterable[tuple[Expr, Number]]) -> Expr:
    """The Hadamard product of powers of arrays, the negative ones below."""
    powers: dict[Expr, Number] = {}
    for array, power in factors:
        powers[array] = powers.get(array, 0) + power
    parts = sorted(powers.items(), key=lambda p: (p[1] < 0, lifter.order(p[0])))
    total: Expr | None = None
    for array, power in parts:
        if total is None:
            if power < 0:
                ones = make(structure.ones, (), None, array.shape)
                total = build(algebra.divide, (ones, raised(array, -power)))
            else:
                total = raised(array, power)
        elif power < 0:
            total = build(algebra.divide, (total, raised(array, -power)))
        else:
            total = build(algebra.hadamard, (total, raised(array, power)))
    if total is None:
        raise Stuck("an empty product of arrays")
    return total


def total(lifter: Lifter, ends: list[End]) -> tuple[Expr, Number]:
    """The sum over a label that only vectors carry."""
    if len(ends) == 1 and ends[0].power == 2:
        base = End(ends[0].chain, ends[0].base, ends[0].size)
        return path(lifter, base, base), 1
    ends = sorted(
        ends,
        key=lambda end: (
            end.power != 1,
            lifter.order(end.column(lifter)),
        ),
    )
    if len(ends) == 1 or ends[0].power != 1 or all(end.power < 0 for end in ends[1:]):
        end = joined(lifter, ends)
        return path(lifter, End((), None, end.size), end), 1
    return path(lifter, ends[0], joined(lifter, ends[1:])), 1


def path(lifter: Lifter, left: End, right: End) -> Expr:
    """left' * right, read from the cheaper side."""
    chain = reverse(left.chain) + right.chain
    readings = [
        walk(lifter, left.base, chain, right.base),
        walk(lifter, right.base, reverse(chain), left.base),
    ]
    return lifter.easiest(readings)


def walk(lifter: Lifter, left: Expr | None, chain: tuple[Step, ...], right: Expr | None) -> Expr:
    parts = [forward for forward, _ in chain]
    if any(part.order > 2 for part in parts):
        if left is None or right is None:
            raise Stuck("a tensor summed over an axis")
        # left'*T*right with a tensor T: products act on the first two axes, so use a trace.
        outer = build(algebra.outer, (right, left))
        return build(structure.trace, (lifter.multiply([outer, *parts]),))
    if left is None and right is None:
        return total_of(lifter, lifter.multiply(parts))
    if left is None or right is None:
        if left is None:
            assert right is not None  # both are None above
            *parts, right = lifter.settled([*parts, right])
            product = build(algebra.matmul, (lifter.multiply(parts), right)) if parts else right
        else:
            product = applied(lifter, left, parts)
        return build(structure.total, (product,))
    if left.op is structure.unit and right.op is structure.unit and parts:
        return make(structure.entry, (lifter.multiply(parts),), (left.data, right.data), ())
    if not parts and structure.unit in (left.op, right.op):
        vector, position = (right, left) if left.op is structure.unit else (left, right)
        return make(structure.entry, (vector,), (position.data,), ())
    if parts:
        left, *parts, right = lifter.settled([left, *parts, right])
    return build(algebra.matmul, (applied(lifter, left, parts), right))


def total_of(lifter: Lifter, array: Expr) -> Expr:
    """The sum of an array's entries; of its squares as the input writes them."""
    is_square = array.op is algebra.power and array.data == 2
    if is_square and not lifter.counted and structure.total not in lifter.available:
        base = array.args[0]
        base = base.args[0] if base.op is structure.transpose else base
        if norm_by(base.order) in lifter.available:
            return raised(build(norm_by(base.order), (base,)), 2)
        if structure.trace in lifter.available and base.order == 2:
            return build(structure.trace, (lifter.multiply([turn(base), base]),))
    return build(structure.total, (array,))


def applied(lifter: Lifter, vector: Expr, parts: list[Expr]) -> Expr:
    """vector' * parts, as a product that reads from the left."""
    vector, *parts = lifter.settled([vector, *parts])
    if not parts:
        return vector
    return build(algebra.matmul, (vector, lifter.multiply(parts)))


def trace(lifter: Lifter, chain: tuple[Step, ...]) -> Expr:
    """A closed chain summed up; in code tr(A'*B) is sum(A .* B)."""
    whole = build(structure.trace, (cycle(lifter, chain, fixed=False),))
    sums: list[Expr] = []
    for start in range(len(chain) - 1):
        for half in _halves(lifter, chain[start:] + chain[:start]):
            sums += (build(structure.total, (entries,)) for entries in half)
    return _cheapest(lifter, whole, sums)


def diagonal(lifter: Lifter, chain: tuple[Step, ...]) -> Expr:
    """The diagonal of a closed chain; in code that of A'*B is sum(A .* B, 1)."""
    whole = build(structure.diagvec, (cycle(lifter, chain, fixed=True),))
    sums: list[Expr] = []
    for by_rows, by_columns in _halves(lifter, chain):
        sums.append(build(structure.row_sums, (by_rows,)))
        sums.append(build(structure.column_sums, (by_columns,)))
    return _cheapest(lifter, whole, sums)


# Closed chains with more matrices than this are not taken apart.
_SUMMED = 6


def _halves(lifter: Lifter, chain: tuple[Step, ...]) -> Iterator[Step]:
    """In code, and where the input sums up entrywise products or functions: the two parts of a
    chain, cut somewhere, as a Hadamard product and its transpose."""
    if (
        (lifter.counted or _sums_entries(lifter, chain))
        and len(chain) <= _SUMMED
        and all(part.order == 2 for part, _ in chain)
    ):
        for cut in range(1, len(chain)):
            yield entrywise(lifter, (chain[:cut], reverse(chain[cut:])))


def _cheapest(lifter: Lifter, whole: Expr, others: Sequence[Expr]) -> Expr:
    """What costs least; of equals the whole in code, and what stands last on the page."""
    if not others:
        return whole
    if lifter.counted:
        return min((whole, *others), key=lambda expr: (lifter.cost(expr), expr is not whole))
    return min((*others, whole), key=lifter.reading)


def _sums_entries(lifter: Lifter, chain: tuple[Step, ...]) -> bool:
    if structure.total not in lifter.available:
        return False
    if algebra.hadamard in lifter.available:
        return True
    return any(part.op.kind == "elementwise" for step in chain for part in step)


def cycle(lifter: Lifter, chain: tuple[Step, ...], *, fixed: bool) -> Expr:
    """A closed chain as a product: of all rotations (unless fixed) and both directions the
    preferred one.  A tensor stands last: tr(inv(f(X))*D(f, X))."""
    tensors = [k for k, (forward, _) in enumerate(chain) if forward.order > 2]
    if len(tensors) > 1:
        raise Stuck("two tensors, whose further axes a product does not keep apart")
    if not fixed and tensors:
        (last,) = tensors
        readings = [chain[last + 1 :] + chain[: last + 1]]
        readings += [reverse(chain[last:] + chain[:last])]
    elif not fixed and len(chain) > 1:
        orders = [lifter.order(forward)[0] for forward, _ in chain]
        least = min(orders)
        starts = [k for k, order in enumerate(orders) if order == least]
        readings = [chain[k:] + chain[:k] for k in starts]
        readings += [reverse(chain[k + 1 :] + chain[: k + 1]) for k in starts]
    else:
        readings = [chain, reverse(chain)]
    products = [lifter.multiply([forward for forward, _ in reading]) for reading in readings]
    return lifter.easiest(products)
