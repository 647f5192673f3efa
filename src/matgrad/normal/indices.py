"""Functions of an integer: nodes whose leading axes are indices.

Floor 3.  Along its leading axes r, s, … such a node depends on the integer
e = start + step_r*r + step_s*s + …, each index counted from 0: it is e itself, one where e >= 0,
the matrix power X^e, the power x^e of every entry, or one at position e of its last axis.  So a
sum over an index is the sum over a label, and a shifted or reversed index is a matter of `start`
and `step`.  A symbol may be a family too, its leading axes its indices.
"""

from __future__ import annotations

from collections.abc import Iterator

from matgrad.catalogue.properties import indices_of
from matgrad.core.along import lead_in
from matgrad.core.dims import Dim, Shape, Size, is_nonnegative, leading, names_of
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr, Op, inherited, make, operators

# The integer itself, and whether it is not negative.
COUNT = Op("count", "structural", "")
WITHIN = Op("within", "structural", "")
# Powers of a square matrix, and of the entries of an array.
POWER = Op(
    "powers",
    "primitive",
    "(n,n)->(n,n)",
    operands=("A",),
    transpose="equivariant",
    gives=(
        "pd if A pd",
        "invertible if A invertible",
        "orthogonal if A orthogonal",
        "lower if A lower",
        "upper if A upper",
    ),
    complex="analytic",
)
RAISED = Op("raised", "structural", "", complex="analytic")
# The unit vector with its one at e, counted from 0.
PICK = Op("pick", "structural", "")
# One where an affine function of its own axes is zero: `normal.places`.
PLACE = Op("place", "structural", "")
# A family, a symbol, at positions of its indices; None for an index that is not fixed.
MEMBER = Op("member", "structural", "")

# start, steps
Affine = tuple[Size, tuple[Size, ...]]


AFFINE = frozenset((COUNT, WITHIN, POWER, RAISED, PICK))


def is_affine(node: Expr) -> bool:
    """Whether a node is a function of an integer."""
    return node.op in AFFINE


def is_affine_op(op: Op) -> bool:
    return op in AFFINE


def count_node(data: Affine, lengths: Shape) -> Expr:
    """The integer e along its indices."""
    return make(COUNT, (), data, lengths)


def within_node(data: Affine, lengths: Shape) -> Expr:
    """One where e >= 0, zero elsewhere."""
    return make(WITHIN, (), data, lengths)


def rebuilt(node: Expr, data: Affine, lengths: Shape, args: tuple[Expr, ...] | None = None) -> Expr:
    """The same function of another integer, or of other operands."""
    args = node.args if args is None else args
    return make(node.op, args, data, lengths + (args[0].shape if args else own_axes(node)))


def own_axes(node: Expr) -> Shape:
    """The axes of a function of an integer that are no indices."""
    return node.shape[len(node.data[1]) :]


def member_node(family: Expr, positions: tuple[Size | str | None, ...]) -> Expr:
    """A family at some positions of its indices: itself where none is fixed."""
    if all(position is None for position in positions):
        return family
    left = [k for k, position in enumerate(positions) if position is None]
    shape = (*(family.shape[k] for k in left), *family.shape[len(positions) :])
    return make(MEMBER, (family,), positions, shape)


def positions_of(node: Expr) -> tuple[Size | str | None, ...]:
    """The positions of a member's indices; of a family none is fixed."""
    if node.op is MEMBER:
        return tuple(node.data)
    return (None,) * len(indices_of(node.data[1]))


def lengths_of(node: Expr) -> Shape:
    """How many values each index of a function of an integer takes."""
    return node.shape[: len(node.data[1])]


def least(data: Affine, lengths: Shape) -> Size | None:
    """The least value of e, or None where the sign of a step is not known."""
    total, steps = data
    for step, length in zip(steps, lengths, strict=True):
        if isinstance(step, Dim) and not (is_nonnegative(step) or is_nonnegative(step * -1)):
            return None
        if leading(step) < 0:
            total = total + step * (length - 1)
    return total


def greatest(data: Affine, lengths: Shape) -> Size | None:
    """The greatest value of e, or None where the sign of a step is not known."""
    turned = least(negated(data), lengths)
    return None if turned is None else turned * -1


def counts_down(data: Affine, lengths: Shape) -> bool:
    """Whether the negative of an integer is written in its place: the integer is negative along
    its whole range or, if its sign changes, decreases with its first index."""
    low, high = least(data, lengths), greatest(data, lengths)
    if low is None or high is None or is_nonnegative(low):
        return False
    return is_nonnegative(high * -1) or leading((*data[1], data[0])[0]) < 0


def negated(data: Affine) -> Affine:
    """The negative of an integer."""
    start, steps = data
    return start * -1, tuple(step * -1 for step in steps)


def names_in(root: Expr) -> frozenset[str]:
    """The names of sizes and integers under a normal node."""
    found: frozenset[str] = inherited(root, "names", _names_in)
    return found


def _names_in(node: Expr) -> frozenset[str]:
    return frozenset().union(*own_names(node), *[arg.memo["names"] for arg in node.args])


def own_names(node: Expr) -> Iterator[frozenset[str]]:
    """The names in a node's shape, in its coefficients and in the integer it is a function of."""
    for size in node.shape:
        yield names_of(size)
    if node.op is SUM:
        yield from map(names_of, node.data)
    elif node.op in AFFINE:
        start, steps = node.data
        yield names_of(start)
        yield from map(names_of, steps)
    elif node.op is PLACE:
        yield names_of(node.data.start)
    elif node.op.weights == "index" and isinstance(node.data, Dim):
        yield node.data.names
    elif node.op is MEMBER:
        yield from (position.names for position in node.data if isinstance(position, Dim))


_NONE: frozenset[int] = frozenset()


def index_axes(root: Expr) -> frozenset[int]:
    """The axes of a normal node that are indices: what stands along them is a family."""
    found: frozenset[int] | None = root.memo.get("indices")
    return inherited(root, "indices", _index_axes) if found is None else found


def _index_axes(node: Expr) -> frozenset[int]:
    if node.op is SUM:
        return frozenset().union(*map(index_axes, node.args))
    if node.op is SYMBOL or node.op is MEMBER:
        return frozenset(range(positions_of(node).count(None)))
    if node.op is CONTRACTION:
        labels = index_labels(node)
        if not labels:
            return _NONE
        return frozenset([axis for axis, label in enumerate(node.data[0]) if label in labels])
    if node.op in AFFINE:
        own = len(node.data[1])
        inner = [own + axis for arg in node.args for axis in index_axes(arg)]
        return frozenset([*range(own), *inner])
    if is_entrywise(node):
        return index_axes(node.args[0])
    own = lead(node)
    return frozenset(range(own)) if own else _NONE


def family_axes(root: Expr) -> frozenset[int]:
    """Those of its index axes along which the members of a family stand: not those of a stack of
    matrices, which is an array like others."""
    found: frozenset[int] = inherited(root, "families", _family_axes)
    return found


def _family_axes(node: Expr) -> frozenset[int]:
    inside = [arg.memo["families"] for arg in node.args]
    if node.op is SUM:
        return frozenset().union(*inside)
    if node.op is CONTRACTION:
        out, rows, _ = node.data
        labels = {row[axis] for row, axes in zip(rows, inside, strict=True) for axis in axes}
        return frozenset([axis for axis, label in enumerate(out) if label in labels])
    if lead(node):
        return frozenset().union(*inside).intersection(range(lead(node)))
    return index_axes(node)


def has_powers(root: Expr) -> bool:
    """Whether a power of a matrix by an index stands under a node."""
    return POWER in operators(root)


def index_labels(product: Expr) -> frozenset[int]:
    """The labels of a contraction that stand at an index of some factor."""
    if not any(map(index_axes, product.args)):
        return _NONE
    rows = zip(product.args, product.data[1], strict=True)
    return frozenset([row[axis] for factor, row in rows for axis in index_axes(factor)])


def is_entrywise(node: Expr) -> bool:
    """Whether a node is made of its one operand entry by entry."""
    if node.op is APPLY:
        return bool(node.data[0].elementwise)
    return node.op.kind in ("elementwise", "conjugate")


def lead(node: Expr) -> int:
    """How many leading axes of an operator's node are indices: its operands have them, too."""
    if node.op is APPLY and not node.data[0].elementwise:
        return node.args[0].order - len(node.data[0].params[0])
    return lead_in(node.data)
