"""Expressions: one interned class, whose nodes point to records of operators.

Floor 0.  Nothing here knows an operator by name.  Only the five structural kinds
are made here, because they are what an expression *is*: a symbol, a number, a
contraction, a weighted sum, and the application of an unknown function.
Constructors intern and simplify nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, final
from weakref import ref

from matgrad.core.dims import Shape, Size
from matgrad.core.function import Function as Function
from matgrad.core.keys import UNKNOWN, digest, mixed
from matgrad.core.op import Form as Form
from matgrad.core.op import Op as Op
from matgrad.core.op import Transposition as Transposition


def _structural(name: str) -> Op:
    return Op(name, "structural", "")


SYMBOL = _structural("symbol")
NUMBER = _structural("number")
CONTRACTION = _structural("contraction")
SUM = _structural("sum")
APPLY = _structural("apply")


@final
class Expr:
    """A node: an operator, its operands, what else the operator needs, and its shape.

    There is one object for each structure, so identity is equality.  `order` is the number of
    axes, `height` that of nodes on the longest path below.

    `data` by kind: SYMBOL (name, properties) · NUMBER an int, a Fraction or a Dim ·
    CONTRACTION (out, labels, exponents): labels of the output, of each factor's axes, and
    the elementwise exponent of each factor · SUM the coefficients · APPLY (Function, slots):
    the arguments it was differentiated by, in ascending order.
    """

    __slots__ = ("__weakref__", "_key", "args", "data", "height", "memo", "op", "order", "shape")

    op: Op
    args: tuple[Expr, ...]
    data: Any
    shape: Shape
    order: int
    height: int
    memo: dict[str, Any]
    _key: int

    def __new__(cls) -> Expr:
        raise TypeError("use make(), symbol(), number() …: expressions are interned")

    @property
    def key(self) -> int:
        """Orders nodes the same way in every process and on every platform."""
        if self._key == UNKNOWN:
            stack = [self]
            while stack:
                node = stack[-1]
                waiting = [arg for arg in node.args if arg._key == UNKNOWN]
                if waiting:
                    stack += waiting
                    continue
                stack.pop()
                if node._key == UNKNOWN:
                    digests = map(digest, (node.op.name, node.data, *node.shape))
                    node._key = mixed(*digests, *[arg._key for arg in node.args])
        return self._key

    def __repr__(self) -> str:
        data = "" if self.data is None else f" {self.data}"
        return f"<{self.op.name}{data}: {len(self.args)} operands, shape {shape_text(self.shape)}>"


@final
class _Entry(ref[Expr]):
    """A node that exists, as long as it does."""

    __slots__ = ("identity",)

    identity: tuple[object, ...]


_NODES: dict[tuple[object, ...], _Entry] = {}


def _forget(entry: _Entry) -> None:
    if _NODES.get(entry.identity) is entry:
        del _NODES[entry.identity]


def make(op: Op, args: tuple[Expr, ...], data: Any, shape: Shape) -> Expr:
    """The one node with this operator, operands, data and shape (`data` must be hashable)."""
    identity = (op, args, data, shape)
    entry = _NODES.get(identity)
    found = entry() if entry is not None else None
    if found is None:
        found = object.__new__(Expr)
        found.op = op
        found.args = args
        found.data = data
        found.shape = shape
        found.order = len(shape)
        found.memo = {}
        found._key = UNKNOWN
        height = 0
        for arg in args:
            if arg.height >= height:
                height = arg.height + 1
        found.height = height
        _NODES[identity] = entry = _Entry(found, _forget)
        entry.identity = identity
    return found


def symbol(name: str, shape: Shape = (), properties: Iterable[str] = ()) -> Expr:
    """A named scalar, vector, matrix or tensor with declared properties."""
    return make(SYMBOL, (), (name, frozenset(properties)), shape)


def number(value: Size) -> Expr:
    """A number, or a size used as one."""
    if type(value) is Fraction and value.denominator == 1:
        value = value.numerator
    return make(NUMBER, (), value, ())


def apply(function: Function, args: tuple[Expr, ...], slots: tuple[int, ...] = ()) -> Expr:
    """An unknown function at `args`, or its derivative tensor by the arguments in `slots`.

    The axes of the value come first, then those of each argument in `slots`.
    """
    slots = tuple(sorted(slots))
    if function.elementwise:
        return make(APPLY, args, (function, slots), args[0].shape)
    shape = function.value
    for slot in slots:
        shape += args[slot].shape
    return make(APPLY, args, (function, slots), shape)


def walk(*roots: Expr) -> list[Expr]:
    """Every node under `roots` once, operands before the nodes that use them."""
    if len(roots) > 1:
        return _walked(roots)
    (root,) = roots
    if not root.args:
        return [root]
    below: list[Expr] | None = root.memo.get("below")
    return [*(_below(root) if below is None else below), root]


# What is under a node is kept with the node where it is no more than this.
_KEPT = 64
# What is under nodes that are no higher is found by recursion, which is the quickest.
_LOW = 16


def _below(root: Expr) -> list[Expr]:
    if root.height > _LOW:
        below = _walked(root.args)
    else:
        found: dict[Expr, None] = {}
        _descend(root, found)
        below = list(found)
    if len(below) <= _KEPT:
        root.memo["below"] = below
    return below


def _descend(root: Expr, found: dict[Expr, None]) -> None:
    for arg in root.args:
        if arg not in found:
            if arg.args:
                _descend(arg, found)
            found[arg] = None


def _walked(roots: tuple[Expr, ...]) -> list[Expr]:
    done: dict[Expr, None] = {}
    stack = list(reversed(roots))
    while stack:
        node = stack[-1]
        if node not in done:
            height = len(stack)
            for arg in node.args[::-1]:
                if arg not in done:
                    stack.append(arg)
            if len(stack) > height:
                continue
            done[node] = None
        stack.pop()
    return list(done)


def operators(root: Expr) -> frozenset[Op]:
    """The operators that occur under `root`."""
    found: frozenset[Op] | None = root.memo.get("operators")
    if found is None:
        found = root.memo["operators"] = frozenset([node.op for node in walk(root)])
    return found


def inherited(root: Expr, name: str, own: Callable[[Expr], Any]) -> Any:
    """What a node has from its operands, kept with every node: `own(node)` says it where the memos
    of the operands have theirs under that name."""
    if root.height <= _LOW:
        return _inherit(root, name, own)
    stack = [root]
    while stack:
        node = stack[-1]
        waiting = [arg for arg in node.args if name not in arg.memo]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        if name not in node.memo:
            node.memo[name] = own(node)
    return root.memo[name]


def _inherit(node: Expr, name: str, own: Callable[[Expr], Any]) -> Any:
    memo = node.memo
    if name not in memo:
        for arg in node.args:
            if name not in arg.memo:
                _inherit(arg, name, own)
        memo[name] = own(node)
    return memo[name]


def transform(root: Expr, visit: Callable[[Expr, tuple[Expr, ...]], Expr]) -> Expr:
    """Rebuild a graph bottom-up: `visit(node, new operands)` gives the replacement."""
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        done[node] = visit(node, tuple(done[arg] for arg in node.args))
    return done[root]


def replaced(root: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """`root`, a surface expression, with other nodes in place of some of its nodes."""
    if all(old is new for old, new in values.items()):
        return root

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node in values:
            return values[node]
        return node if args == node.args else make(node.op, args, node.data, node.shape)

    return transform(root, visit)


def depends(root: Expr, targets: frozenset[Expr] | set[Expr]) -> set[Expr]:
    """The nodes under `root` in which a target occurs, found by looking for it."""
    found: set[Expr] = set()
    for node in walk(root):
        if node in targets or not found.isdisjoint(node.args):
            found.add(node)
    return found


def symbols_of(*roots: Expr) -> list[Expr]:
    """The symbols under `roots` in order of first appearance."""
    return [node for node in walk(*roots) if node.op is SYMBOL]


def shape_text(shape: Shape) -> str:
    """A shape for messages: `scalar`, `n`, `m x n`."""
    if not shape:
        return "scalar"
    return " x ".join(f"({s})" if " " in str(s) else str(s) for s in shape)


def clear_caches() -> None:
    """Drop what has been worked out about nodes that are still in use."""
    for entry in list(_NODES.values()):
        node = entry()
        if node is not None:
            node.memo.clear()
