"""Places: where a node stands in an expression, and the expression with another one there.

Floor 4.
"""

from __future__ import annotations

from typing import final

from matgrad.core.errors import MatgradError
from matgrad.core.expr import APPLY, Expr, Op, make, walk
from matgrad.core.signature import build, choose

# An expression with more places than this is not searched further.
_PLACES = 400


@final
class Place:
    """One node of an expression where it stands: the path from the root down to it.  With
    `everywhere` all places of an expression, `root`, at which the same node stands."""

    __slots__ = ("everywhere", "node", "path", "root")

    def __init__(
        self, root: Expr, node: Expr, path: tuple[tuple[Expr, int], ...], everywhere: bool = False
    ) -> None:
        self.root = root
        self.node = node
        self.path = path
        self.everywhere = everywhere

    @property
    def parent(self) -> Expr | None:
        return self.path[-1][0] if self.path else None

    def filled(self, node: Expr) -> Expr | None:
        """The whole expression with another node here; None where that does not fit."""
        if self.everywhere:
            return _replaced(self.root, self.node, node)
        for parent, at in reversed(self.path):
            if node.shape == parent.args[at].shape:
                args = (*parent.args[:at], node, *parent.args[at + 1 :])
                node = make(parent.op, args, parent.data, parent.shape)
                continue
            rebuilt = built(parent.op, (*parent.args[:at], node, *parent.args[at + 1 :]), parent)
            if rebuilt is None:
                return None
            node = rebuilt
        return node


def _replaced(root: Expr, old: Expr, new: Expr) -> Expr | None:
    """An expression with another node in place of one, wherever that stands."""
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        args = tuple(done[arg] for arg in node.args)
        found: Expr | None = new if node is old else node
        if node is not old and args != node.args:
            alike = all(a.shape == b.shape for a, b in zip(args, node.args, strict=True))
            found = make(node.op, args, node.data, node.shape) if alike else None
            found = found or built(node.op, args, node)
        if found is None:
            return None
        done[node] = found
    return done[root]


def places(root: Expr) -> list[Place]:
    """Every place in an expression, the root first; last those of nodes that stand at several."""
    found = [Place(root, root, ())]
    for place in found:
        if len(found) >= _PLACES:
            break
        for at, arg in enumerate(place.node.args):
            found.append(Place(root, arg, (*place.path, (place.node, at))))
    several: dict[Expr, list[Place]] = {}
    for place in found:
        several.setdefault(place.node, []).append(place)
    return found + [
        Place(root, same[0].node, same[0].path, True) for same in several.values() if same[1:]
    ]


def built(op: Op, args: tuple[Expr, ...], like: Expr | None = None) -> Expr | None:
    """An operator at these operands, with the data of a node; None where they do not fit."""
    if op is APPLY or (like is not None and like.data is not None and op.weights == "einsum"):
        return None
    try:
        rule = choose(op, tuple(arg.order for arg in args))
        open_ = [arg.shape for arg, spec in zip(args, rule.inputs, strict=True) if spec.rest]
        if not any(spec.axes for spec in rule.inputs) and len(set(open_)) > 1:
            return None
        return build(op, args, None if like is None else like.data)
    except (MatgradError, ValueError, TypeError):
        return None
