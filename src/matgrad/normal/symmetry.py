"""Symmetries of the axes of a node, and nodes with their axes permuted.

Floor 3.  A symmetry is declared (W symmetric), inherited (inv(W), sin.(W)) or found:
X*X' is symmetric because it is its own transpose, label by label.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import permutations, product

from matgrad.catalogue.properties import closure
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr, Function, Op, make
from matgrad.core.signature import directions, own_axes
from matgrad.normal.canon import Factor, Group, Labels, canonical
from matgrad.normal.exchange import at_directions, blocks, ordered
from matgrad.normal.indices import MEMBER, PLACE, is_affine, lead, positions_of
from matgrad.normal.places import symmetries
from matgrad.normal.properties import properties_of
from matgrad.normal.sums import combine, split, zero

_SWAP: Group = (((1, 0), 1),)
_SKEW: Group = (((1, 0), -1),)


def intern(out: Labels, factors: list[Factor], shape: Shape) -> tuple[int, Expr]:
    """The node of a labelled product that needs no further law, and its sign (0: it is zero)."""
    if len(factors) > 1:
        factors = sorted(factors, key=lambda factor: (factor[0].key, factor[2]))
    groups = [group_of(node) if len(row) > 1 else () for node, row, _ in factors]
    sign, out, ordered = canonical(out, factors, groups)
    if sign == 0:
        return 0, zero(shape)
    if len(ordered) == 1:
        node, row, power = ordered[0]
        if power == 1 and len(set(row)) == len(row):
            if row == out:
                return sign, node
            if node.op is SUM and set(row) == set(out) and len(row) == len(out):
                return sign, permute(node, tuple(row.index(label) for label in out))
    nodes, rows, powers = zip(*ordered, strict=True) if ordered else ((), (), ())
    return sign, make(CONTRACTION, nodes, (out, rows, powers), shape)


def permute(node: Expr, permutation: Labels) -> Expr:
    """The node with its axes permuted: axis k of the result is axis permutation[k]."""
    axes = tuple(range(len(node.shape)))
    if permutation == axes:
        return node
    shape = tuple(node.shape[k] for k in permutation)
    if node.op is SUM:
        parts = [
            (c, permute(arg, permutation)) for c, arg in zip(node.data, node.args, strict=True)
        ]
        return combine(parts, shape)
    if node.op is CONTRACTION:
        out, rows, powers = node.data
        factors = list(zip(node.args, rows, powers, strict=True))
        sign, result = intern(tuple(out[k] for k in permutation), factors, shape)
    elif group_of(node):
        sign, result = intern(permutation, [(node, axes, 1)], shape)
    else:
        return make(
            CONTRACTION, (node,), (axes, (tuple(map(permutation.index, axes)),), (1,)), shape
        )
    return result if sign > 0 else combine([(sign, result)], shape)


def orient(node: Expr) -> tuple[Expr, bool, int]:
    """Of a matrix and its transpose the one with the lesser key: (it, swapped, sign), so that
    A + B' and B + A' become one factor."""
    coefficient, yields = _facing(node)
    if yields and coefficient in (1, -1):
        return split(permute(node, (1, 0)))[1], True, 1 if coefficient == 1 else -1
    return node, False, 1


def yields(node: Expr) -> bool:
    """Whether the transpose of a matrix has the lesser key.  Coefficients are left out, so that a
    matrix and its transpose never both yield."""
    return bool(_facing(split(node)[1])[1])


def _facing(node: Expr) -> tuple[Size, bool | None]:
    """A matrix beside its transpose, a coefficient times something: the coefficient, and whether
    the something has the lesser key (None: it is the matrix)."""
    found: tuple[Size, bool | None] | None = node.memo.get("facing")
    if found is None:
        coefficient, other = split(permute(node, (1, 0)))
        found = coefficient, None if other is node else other.key < node.key
        node.memo["facing"] = found
    return found


def group_of(node: Expr) -> Group:
    """The signed slot permutations that leave a node unchanged, without the identity."""
    found: Group | None = node.memo.get("group")
    if found is None:
        found = node.memo["group"] = _group(node)
    return found


def is_symmetric(node: Expr) -> bool:
    """Whether a matrix equals its transpose, or a tensor itself with its first two axes exchanged,
    as far as representation shows."""
    group = group_of(node)
    return bool(group) and (_flip(node.order), 1) in group


def _group(node: Expr) -> Group:
    order = len(node.shape)
    if order < 2:
        return ()
    if node.op is SYMBOL or node.op is MEMBER:
        return _symbol(node)
    if node.op is PLACE:
        return symmetries(node)
    if lead(node):
        return _along(node)
    if node.op is APPLY:
        return _application(node)
    if node.op is SUM or node.op is CONTRACTION:
        if order != 2 or node.shape[0] != node.shape[1]:
            return ()
        sign, yields = _facing(node)
        if yields is None and sign in (1, -1):
            return _SWAP if sign == 1 else _SKEW
        return ()
    if is_affine(node):
        return _affine(node)
    if order == 2 and _may_be_symmetric(node.op):
        held = properties_of(node)
        if held & {"symmetric", "skew"}:
            return _SWAP if "symmetric" in held else _SKEW
    if node.op.adjoint and len(node.args) > 1:
        return _image(node)
    if node.op.transpose and len(node.args) > 1:
        if order > 2:
            return ()
        return ((_flip(order), 1),) if transposed(node.op, node.args) == node.args else ()
    if node.op.kind in ("elementwise", "conjugate") or node.op.transpose == "equivariant":
        return tuple(element for element in group_of(node.args[0]) if element[1] == 1)
    return ()


@cache
def _may_be_symmetric(op: Op) -> bool:
    """Whether a record gives a symmetry, for some operands at least."""
    names = frozenset(cell.partition(" ")[0] for cell in op.gives)
    return bool(closure(names) & {"symmetric", "skew"})


def transposed(op: Op, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The operands at which an operator has the transpose of its value, or the same value, as
    its record says."""
    other = (turned(arg) if _turns(op, arg) else arg for arg in args)
    return rearranged(op, tuple(other))


def _turns(op: Op, arg: Expr) -> bool:
    """Whether transposing an operator's value turns this operand: a matrix, or a tensor whose
    further axes pass through."""
    return arg.order == 2 or (arg.order > 2 and bool(op.adjoint))


def turned(node: Expr) -> Expr:
    """The transpose; of a tensor the first two axes are exchanged."""
    return permute(node, _flip(node.order))


def _flip(order: int) -> Labels:
    return (1, 0, *range(2, order))


def operands_yield(op: Op, args: tuple[Expr, ...]) -> bool:
    """Whether an operator's operands yield to those that transposing it leaves."""
    if len(args) == 1:
        return args[0].order == 2 and yields(args[0])
    if all([arg.order != 2 for arg in args]):
        return False
    turned, kept = (
        [split(arg)[1].key for arg in ordered(op, each)[0]] for each in (transposed(op, args), args)
    )
    return turned < kept


def rearranged(op: Op, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The operands in the order in which the transpose takes theirs."""
    return (args[1], args[0], *args[2:]) if op.transpose == "reversed" else args


def _symbol(node: Expr) -> Group:
    """What is declared of a matrix, of a member of a family, or of every member."""
    family = node.args[0] if node.op is MEMBER else node
    properties = closure(family.data[1])
    open_indices = positions_of(node).count(None)
    sign = 1 if "symmetric" in properties else -1 if "skew" in properties else 0
    if not sign or node.order != open_indices + 2:
        return ()
    *head, row, column = range(node.order)
    return (((*head, column, row), sign),)


def _along(node: Expr) -> Group:
    """A family of inverses is as symmetric as what is inverted, index by index."""
    if node.op is APPLY or node.op.transpose != "equivariant" or len(node.args) != 1:
        return ()
    fixed = tuple(range(lead(node)))
    return tuple(
        (move, sign)
        for move, sign in group_of(node.args[0])
        if sign == 1 and move[: len(fixed)] == fixed
    )


def _image(node: Expr) -> Group:
    """The value of a linear operator at directions of which some are equal, but for the order of
    the axes that pass through, or are where all operands are transposed."""
    op, own = node.op, own_axes(node.op)
    passed = blocks(node)
    ways = [(tuple(range(own)), node.args)]
    if op.transpose:
        ways.append((_flip(own), transposed(op, node.args)))
    elements = [
        sum(tails, head)
        for head, args in ways
        for order in permutations(range(len(passed)))
        for tails in _alike(node, at_directions(op, args, order), [passed[k] for k in order])
    ]
    return tuple((element, 1) for element in elements if element != tuple(range(node.order)))


def _alike(node: Expr, args: tuple[Expr, ...], rows: list[Labels]) -> Iterable[tuple[Labels, ...]]:
    """The ways to reorder the axes that pass through from each direction, now called `rows`, that
    make of these operands those of an image."""
    places = directions(node.op)
    if any(
        a is not b for k, (a, b) in enumerate(zip(args, node.args, strict=True)) if k not in places
    ):
        return ()
    found = []
    for k, row in zip(places, rows, strict=True):
        arg = args[k]
        head = tuple(range(arg.order - len(row)))
        found.append(
            [
                tuple([row[j] for j in order])
                for order in permutations(range(len(row)))
                if arg.order == node.args[k].order
                and permute(arg, head + tuple([len(head) + j for j in order])) is node.args[k]
            ]
        )
    return product(*found)


def _affine(node: Expr) -> Group:
    """Indices with one step and one length stand for each other; a power of a symmetric matrix is
    symmetric."""
    steps, size = node.data[1], node.order
    own = len(steps)
    kinds = list(zip(steps, node.shape, strict=False))
    heads = [
        order
        for order in permutations(range(own))
        if all(kinds[k] == kinds[axis] for k, axis in enumerate(order))
    ]
    inner = group_of(node.args[0]) if node.args else ()
    tails = [tuple(range(size - own))] + [turn for turn, sign in inner if sign == 1]
    elements = [(*head, *(own + axis for axis in tail)) for head in heads for tail in tails]
    return tuple((element, 1) for element in elements if element != tuple(range(size)))


def _application(node: Expr) -> Group:
    """Second derivatives are symmetric in their argument blocks; values as declared."""
    function: Function
    function, slots = node.data
    if function.elementwise:
        return group_of(node.args[0])
    if len(slots) < 2 and not function.properties:
        return ()
    lead = len(function.value)
    heads: list[tuple[tuple[int, ...], int]] = [(tuple(range(lead)), 1)]
    if lead == 2 and "symmetric" in closure(function.properties):
        heads.append(((1, 0), 1))
    blocks: list[tuple[int, ...]] = []
    position = lead
    for slot in slots:
        width = len(node.args[slot].shape)
        blocks.append(tuple(range(position, position + width)))
        position += width
    tails = [
        tuple(axis for block in order for axis in blocks[block])
        for order in permutations(range(len(slots)))
        if all(slots[block] == slots[k] for k, block in enumerate(order))
    ]
    elements = [(head + tail, sign) for head, sign in heads for tail in tails]
    identity = tuple(range(position))
    return tuple(element for element in elements if element[0] != identity)
