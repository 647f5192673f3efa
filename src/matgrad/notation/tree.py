"""The syntax tree: a list of nodes in which operands stand before their operator.

Floor 2.  Every pass over it is one loop, and a subtree is a slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, final

from matgrad.core.dims import Size
from matgrad.notation.tokens import Token

Position = str | Size


@final
@dataclass(slots=True)
class Node:
    """One construct: `head` says which, `args` are indices of earlier nodes.

    `data` is a name, a number's digits, a quoted text, or the positions of an index.  A call
    keeps its name in `data` and in `split` how many arguments stand before a `;`.
    `nodes[first:own index]` is the subtree below; `text[start:end]` is what was typed.
    """

    head: str
    args: tuple[int, ...]
    data: str | tuple[Position, ...]
    text: str
    start: int
    end: int
    first: int
    split: int | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def source(self) -> str:
        """The text as it was typed."""
        return self.text[self.start : self.end]

    @property
    def name(self) -> str:
        assert isinstance(self.data, str)
        return self.data


@final
@dataclass(slots=True)
class Pending:
    """An operator or bracket that waits for its operands."""

    kind: Literal["infix", "prefix", "open"]
    head: str
    strength: int
    token: Token
    base: int = 0
    first: int = 0
    split: int | None = None
    data: str | tuple[Position, ...] = ""
    ends: tuple[int, ...] = ()


@final
class Tree:
    """Nodes being made from the operands read last.  Several texts may share `nodes`."""

    def __init__(self, text: str, nodes: list[Node]) -> None:
        self.text = text
        self.nodes = nodes
        self.operands: list[int] = []

    @property
    def last(self) -> Node:
        """The operand read last."""
        return self.nodes[self.operands[-1]]

    def leaf(self, head: str, data: str, start: int, end: int) -> None:
        """Add an operand that stands by itself."""
        self._add(Node(head, (), data, self.text, start, end, len(self.nodes)))

    def join(
        self, head: str, count: int, data: str | tuple[Position, ...], start: int | None, end: int
    ) -> None:
        """Make one node of the last `count` operands, the text beginning with the first's."""
        args = tuple(self.operands[len(self.operands) - count :])
        del self.operands[len(self.operands) - count :]
        first = self.nodes[args[0]]
        begin = first.start if start is None else start
        self._add(Node(head, args, data, self.text, begin, end, first.first))

    def call(
        self, head: str, count: int, name: str, place: tuple[int, int], split: int | None
    ) -> None:
        """Apply `name` to the last `count` operands, `split` of them before a `;`."""
        if count:
            self.join(head, count, name, *place)
        else:
            self.leaf(head, name, *place)
        self.last.split = split

    def index(self, base: int, first: int, end: int) -> None:
        """Read the operands from `base` on, nodes from `first` on, as positions in `X[1, j]`; with
        ranges or sizes among them, as in `X[1:p, j]`, they stay operands."""
        nodes = [self.nodes[operand] for operand in self.operands[base:]]
        if not all(map(_is_plain, nodes)):
            self.join("part", len(nodes) + 1, "", None, end)
            return
        positions = tuple(int(node.name) if _is_whole(node) else node.name for node in nodes)
        del self.nodes[first:], self.operands[base:]
        self.join("index", 1, positions, None, end)

    def close(self, opened: Pending, end: int) -> None:
        """Make what stands within a pair of brackets."""
        count, start = len(self.operands) - opened.base, opened.token.start
        if opened.head == "group":
            self.widen(start, end)
        elif opened.head == "index":
            self.index(opened.base, opened.first, end)
        elif opened.head == "block":
            marks = [0, *opened.ends, count]
            rows = tuple(b - a for a, b in pairwise(marks))
            self.join("block", count, rows, start, end)
        else:
            self.call(opened.head, count, opened.token.text, (start, end), opened.split)

    def widen(self, start: int, end: int) -> None:
        """Let the last operand's place include the brackets round it."""
        self.last.start, self.last.end = start, end

    def _add(self, node: Node) -> None:
        self.operands.append(len(self.nodes))
        self.nodes.append(node)


def _is_plain(node: Node) -> bool:
    """Whether a position is a number or the name of an index; `end` is the last one of an axis, and
    NumPy's `None` a new axis."""
    if node.head == "name":
        return node.name not in ("end", "None", "newaxis")
    return node.head == "ellipsis" or _is_whole(node)


def _is_whole(node: Node) -> bool:
    return node.head == "number" and node.name.isdigit()
