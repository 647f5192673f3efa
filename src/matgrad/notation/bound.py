"""The names of sizes and integers in an expression, and which of them a sum binds.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from matgrad.catalogue.indexed import index_sum
from matgrad.core.dims import Dim, Size, names_of
from matgrad.core.expr import NUMBER, Expr, inherited, make, operators, transform, walk
from matgrad.core.signature import resized

# The names that indices get, from the outermost inwards, where nothing else has them.
INDEX_NAMES = (*"rstuvwijlhpq", *(f"r{number}" for number in range(1, 20)))


def integers_of(node: Expr) -> Iterator[Size]:
    """The integers in a node's data: a number, an exponent, the bounds of a sum, a position."""
    if node.op is NUMBER or node.op.weights in ("matpow", "data"):
        yield node.data
    elif node.op is index_sum:
        yield from node.data[1:]
    elif node.op.weights == "sizes":
        yield from node.data
    elif node.op.weights in ("index", "entry", "component", "part"):
        data = node.data if isinstance(node.data, tuple) else (node.data,)
        yield from (at for at in data if at is not None and not isinstance(at, str))


def free_names(root: Expr) -> frozenset[str]:
    """The names of sizes and integers under `root` that no sum there binds."""
    found: frozenset[str] = inherited(root, "free names", _free_names)
    return found


def _free_names(node: Expr) -> frozenset[str]:
    inside = frozenset().union(*[arg.memo["free names"] for arg in node.args])
    if node.op is index_sum:
        inside -= {node.data[0]}
    return inside.union(*map(names_of, (*node.shape, *integers_of(node))))


def outside_sums(root: Expr) -> list[Expr]:
    """The nodes under `root`, operands first, without those inside its sums over an index."""
    if not has_sum(root):
        return walk(root)
    done: dict[Expr, None] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        args = () if node.op is index_sum else node.args
        waiting = [arg for arg in reversed(args) if arg not in done]
        if node in done or not waiting:
            done.setdefault(stack.pop())
        stack += () if node in done else waiting
    return list(done)


def sums_under(root: Expr) -> list[Expr]:
    """The sums over an index under `root`, inner ones first."""
    return [node for node in walk(root) if node.op is index_sum] if has_sum(root) else []


def has_sum(root: Expr) -> bool:
    """Whether a sum over an index stands under `root`."""
    return index_sum in operators(root)


def over_members(root: Expr) -> frozenset[Expr]:
    """The sums under `root` whose index runs along the whole of some axis: `sum_i x_i` says all.
    None where one index has different ranges."""
    lasts: dict[str, set[Size]] = {}
    found: list[Expr] = []
    for node in sums_under(root):
        index, first, last = node.data
        lasts.setdefault(index, set()).add(last)
        reached = {
            size
            for inner in walk(node.args[0])
            if inner.op.weights == "entry"
            for at, size in zip(inner.data, inner.args[0].shape, strict=False)
            if at == Dim(index) - 1
        }
        if first == 1 and reached == {last}:
            found.append(node)
    return frozenset(node for node in found if len(lasts[node.data[0]]) == 1)


def open_nodes(root: Expr) -> set[Expr]:
    """The nodes under `root` that mention the index of a sum they stand in."""
    bound = {node.data[0] for node in sums_under(root)}
    return {node for node in walk(root) if free_names(node) & bound} if bound else set()


def with_integer(root: Expr, name: str, value: Size) -> Expr:
    """`root` with another integer in place of one called `name` that no sum there binds."""
    values = {name: value}

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if name not in free_names(node):
            return node
        return make(node.op, args, resized(node.data, values), resized(node.shape, values))

    return transform(root, visit)


def named_indices(
    root: Expr, names: Sequence[str], wanted: Mapping[str, str] = MappingProxyType({})
) -> Expr:
    """`root` with the indices of its sums called by `names`, from the outermost inwards, or by
    the name that is `wanted` for an index where no sum around it has that."""
    if not sums_under(root):
        return root
    around: dict[Expr, frozenset[str]] = {}
    named: dict[Expr, str] = {}
    nothing: frozenset[str] = frozenset()
    for node in reversed(walk(root)):
        taken = around.get(node, nothing)
        if node.op is index_sum:
            choice = (wanted.get(node.data[0], ""), *names)
            named[node] = next(name for name in choice if name in names and name not in taken)
            taken |= {named[node]}
        for arg in node.args:
            around[arg] = around.get(arg, nothing) | taken

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node in named:
            index, first, last = node.data
            body = with_integer(args[0], index, Dim(named[node]))
            return make(node.op, (body,), (named[node], first, last), node.shape)
        return node if args == node.args else make(node.op, args, node.data, node.shape)

    return transform(root, visit)
