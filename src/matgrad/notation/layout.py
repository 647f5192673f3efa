"""Layouts: print under construction, and the one function that decides brackets.

Floor 2.  A layout is built from its parts, never by joining strings, so that a deep
expression costs no more than its length; `text` joins once at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable
from typing import Literal, NamedTuple, TypeVar, final

from matgrad.catalogue.record import CALL
from matgrad.core.errors import BudgetExceeded
from matgrad.notation.tokens import MAX_CHARACTERS

# What stands round a marked part in print, for the reader of the print to make visible.
MARK = ("\ue000", "\ue001")

ATOM, LOWEST = CALL + 10, 0

Joint = Literal["", "product", "number", "quotient", "fraction", "infix", "subscript", "sum"]


@final
class Layout(NamedTuple):
    """A piece of print and how tightly it binds.

    `joint` says what holds the parts together where brackets depend on it.
    `positive` is the layout without its leading minus sign, if it has one.
    """

    parts: tuple[str | Layout, ...]
    level: int = ATOM
    joint: Joint = ""
    positive: Layout | None = None

    @property
    def head(self) -> str:
        """The first character printed."""
        part: str | Layout = self
        while not isinstance(part, str):
            part = part.parts[part.parts[0] == MARK[0]]
        return part[:1]

    def marked(self) -> Layout:
        """The same between marks."""
        positive = self.positive and self.positive.marked()
        return self._replace(parts=(MARK[0], *self.parts, MARK[1]), positive=positive)


def needs_brackets(inner: Layout, level: int, *reads_on: Joint) -> bool:
    """Whether `inner` needs brackets as an operand of an operator that binds with `level`.

    It needs none where it binds more tightly, or as tightly and by a joint that reads on.
    """
    if inner.level != level:
        return inner.level < level
    return inner.joint not in reads_on


def text(layout: Layout) -> str:
    """The characters of a layout.

    Raises BudgetExceeded when shared parts, written out, make them more than can be read.
    """
    pieces: list[str] = []
    stack: list[str | Layout] = [layout]
    room = MAX_CHARACTERS
    while stack:
        part = stack.pop()
        if isinstance(part, Layout):
            stack += part.parts[::-1]
        else:
            pieces.append(part)
            room -= len(part)
            if room < 0:
                raise BudgetExceeded(
                    f"written out, the expression has more than {MAX_CHARACTERS:,} characters"
                )
    return "".join(pieces)


View = TypeVar("View", bound=Hashable)
Task = Generator[View, Layout, Layout]


def marked(begun: Layout | Task[View]) -> Task[View]:
    """A layout, or one that is being made, between marks."""
    layout = begun if isinstance(begun, Layout) else (yield from begun)
    return layout.marked()


def lay_out(root: View, begin: Callable[[View], Layout | Task[View]]) -> Layout:
    """The layout of `root`, each view laid out once and none by recursion.

    `begin(view)` is its layout at once, or a generator that yields the views it needs, is
    sent their layouts, and returns its own.
    """
    done: dict[View, Layout] = {}
    tasks: list[tuple[View, Task[View]]] = []
    asked = root
    while True:
        begun = done.get(asked) or begin(asked)
        reply: Layout | None = None
        if isinstance(begun, Layout):
            done[asked] = reply = begun
        else:
            tasks.append((asked, begun))
        while tasks:
            view, task = tasks[-1]
            try:
                asked = next(task) if reply is None else task.send(reply)
                break
            except StopIteration as finished:
                done[view] = reply = finished.value
                tasks.pop()
        else:
            return done[root]
