"""What is open while atoms are built: brackets, arguments, scripts, arrays, and what closes them.

Floor 2.  A stack; nothing recurses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NoReturn, final

from matgrad.core.errors import SyntaxProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row, single, solid
from matgrad.notation.latex.pieces import Piece

Kind = Literal["row", "braces", "fence", "grid", "arguments", "script"]


@final
@dataclass(slots=True)
class Open:
    """What waits to be closed: a bracket, or a command for its arguments.

    `text` is the bracket or the command, `needed` how many arguments are to come; `above` is the
    numerator in front of `\\over`, `sized` says that `\\right` closes it.
    """

    kind: Kind
    text: str
    piece: Piece
    style: str
    row: Row = field(default_factory=list)
    needed: int = 0
    sized: bool = False
    above: Row | None = None
    cells: list[Row] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether one more atom must come."""
        return self.kind in ("arguments", "script")


@final
class Stack:
    """What is open in one text; `end` is where the last piece ended."""

    def __init__(self, text: str, first: Piece) -> None:
        self.text = text
        self.stack = [Open("row", "", first, "")]
        self.end = 0

    @property
    def top(self) -> Open:
        return self.stack[-1]

    def push(self, kind: Kind, text: str, piece: Piece, needed: int = 0) -> Open:
        self.stack.append(Open(kind, text, piece, self.top.style, needed=needed))
        return self.top

    def add(self, atom: Atom) -> None:
        """Give an atom to whatever waits for it."""
        item: Atom | None = atom
        while item is not None:
            top = self.top
            if top.kind == "script":
                self.stack.pop()
                self._attach(top, item)
                return
            top.row.append(item)
            if top.kind != "arguments" or len(top.row) < top.needed:
                return
            self.stack.pop()
            item = self._applied(top)

    def finish(self) -> Row:
        """The atoms, when nothing is left open."""
        self.expect_complete()
        if self.top.kind != "row":
            self.fail(f"`{self.typed(self.top.piece)}` is never closed", self.top.piece)
        return self._closed(self.top)

    def expect_complete(self) -> None:
        """Raise SyntaxProblem where an argument or a script is still to come."""
        if self.top.waits:
            piece = self.top.piece
            self.fail(f"something is missing after `{self.typed(piece)}`", piece)

    # Scripts

    def script(self, piece: Piece) -> None:
        """`^` or `_`."""
        self.expect_complete()
        row = self.top.row
        while row and row[-1].kind == "space":
            row.pop()
        if not row or row[-1].kind == "sign":
            self.fail(f"`{piece.text}` stands behind nothing", piece)
        self.push("script", piece.text, piece)

    def prime(self, piece: Piece) -> None:
        row = self.top.row
        if self.top.waits or (self.top.kind == "braces" and all(a.text == "\\prime" for a in row)):
            self.add(Atom("sign", "\\prime", piece.start, piece.end))  # `x^{'}`
            return
        if not row or row[-1].kind == "sign":
            self.fail(f"`{piece.text}` stands behind nothing", piece)
        row[-1].primes += 1
        row[-1].end = piece.end

    def _attach(self, opened: Open, item: Atom) -> None:
        atom = self.top.row[-1]
        if atom.kind == "group" and atom.text:  # what stands below a brace is a remark
            return
        row = item.inside if item.kind == "group" and not item.is_scripted else [item]
        if opened.text == "_":
            if atom.sub is not None:
                self.fail("a second subscript stands here", opened.piece, "use braces: x_{i,j}")
            atom.sub = row
        else:
            if item.kind == "sign" and item.text == "-":
                self.fail("only the sign would stand above", opened.piece, "write X^{-1}, X^{-T}")
            if row and all(part.text == "\\prime" for part in row):
                atom.primes += len(row)
                atom.end = self.end
                return
            if atom.sup is not None:
                hint = r"write X^{-\top}, or braces: {X^{-1}}^\top"
                self.fail("a second superscript stands here", opened.piece, hint)
            atom.sup = row
        atom.end = self.end

    # Brackets

    def close_braces(self, piece: Piece) -> None:
        self.expect_complete()
        top = self.top
        if top.kind == "row":
            self.fail("`}` closes nothing", piece)
        if top.kind != "braces":
            self.fail(f"`{self.typed(top.piece)}` is closed by `}}`", piece)
        self.stack.pop()
        row = _word(self._closed(top))
        only = single(row)
        group = Atom("group", "", top.piece.start, piece.end, parts=[row])
        self.add(group if only is None or only.is_scripted else only)

    def close_fence(self, sign: str, piece: Piece, *, sized: bool = False) -> None:
        self.expect_complete()
        top = self.top
        if top.kind != "fence":
            self.fail(f"`{self.typed(piece)}` closes nothing", piece)
        if top.text != sign or top.sized != sized:
            self.fail(f"`{self.typed(top.piece)}` is closed by `{self.typed(piece)}`", piece)
        self.stack.pop()
        row = self._closed(top)
        self.add(Atom("fence", sign, top.piece.start, piece.end, parts=[row]))

    def bar(self, sign: str, piece: Piece) -> None:
        """A bar that has no side: it closes where one is open and an operand stands before it."""
        top = self.top
        if top.kind == "fence" and top.text == sign and not top.sized and self.after_operand():
            self.close_fence(sign, piece)
        else:
            self.push("fence", sign, piece)

    def after_operand(self) -> bool:
        row = solid(self.top.row[-2:])
        if self.top.waits or not row:
            return False
        last = row[-1]
        is_function = last.kind == "word" and words.is_function(last.text)
        return last.kind not in ("sign", "big", "partial", "nabla") and not is_function

    def over(self, piece: Piece) -> None:
        """`\\over`: what stands before it in these brackets is a numerator."""
        self.expect_complete()
        if self.top.above is not None:
            self.fail("a second `\\over` stands here", piece, "use braces, or \\frac{…}{…}")
        self.top.above, self.top.row = self.top.row, []

    def _closed(self, opened: Open) -> Row:
        if opened.above is None:
            return opened.row
        parts = [opened.above, opened.row]
        return [Atom("fraction", "", opened.piece.end, self.end, parts=parts)]

    # Arrays

    def cell(self, *, ends_row: bool = False) -> None:
        """`&` and `\\\\`; outside of all arrays they set lines apart, and say nothing."""
        self.expect_complete()
        top = self.top
        if top.kind != "grid":
            if any(opened.kind == "grid" for opened in self.stack):
                self.fail(f"`{self.typed(top.piece)}` is never closed", top.piece)
            return
        if ends_row and not solid(top.row) and len(top.cells) == sum(top.widths):
            return  # an empty last row
        top.cells.append(top.row)
        top.row = []
        if ends_row:
            top.widths.append(len(top.cells) - sum(top.widths))

    def close_grid(self, name: str, piece: Piece) -> None:
        self.expect_complete()
        top = self.top
        if top.kind != "grid" or top.text != name:
            self.fail(f"`\\end{{{name}}}` closes nothing", piece)
        self.cell(ends_row=True)
        self.stack.pop()
        start, fence = top.piece.start, words.GRIDS[name]
        grid = Atom("grid", "", start, self.end, parts=top.cells, widths=top.widths)
        if fence != "(":
            grid = Atom("fence", fence, start, self.end, parts=[[grid]])
        self.add(grid)

    # Arguments complete

    def _applied(self, opened: Open) -> Atom | None:
        """What a command makes of its arguments; None where that is nothing."""
        word, start, end = opened.text, opened.piece.start, self.end
        parts = [_inside(atom) for atom in opened.row]
        if word in words.DROPPED:
            return None
        if word in words.FRACTIONS:
            return Atom("fraction", "", start, end, parts=parts)
        if word == "sqrt":
            return Atom("root", "", start, end, parts=parts[::-1])
        if word in words.ACCENTS:
            return Atom("accent", words.ACCENTS[word], start, end, parts=parts)
        if word in words.BRACES:
            return Atom("group", word, start, end, parts=parts)
        return _unwrapped(Atom("group", "", start, end, parts=parts))

    # Errors

    def typed(self, piece: Piece) -> str:
        return self.text[piece.start : piece.end]

    def fail(self, message: str, piece: Piece, hint: str | None = None) -> NoReturn:
        raise SyntaxProblem(message, text=self.text, span=(piece.start, piece.end), hint=hint)


def _inside(atom: Atom) -> Row:
    return atom.inside if atom.kind == "group" and not atom.is_scripted else [atom]


def _word(row: Row) -> Row:
    """Upright letters side by side, as in `{\\rm tr}`, as one word."""
    upright = all(atom.kind == "letter" and atom.style == "upright" for atom in row)
    if len(row) < 2 or not upright or any(atom.is_scripted for atom in row):
        return row
    spelled = "".join(atom.text for atom in row)
    return [Atom("word", spelled, row[0].start, row[-1].end, "upright")]


def _unwrapped(group: Atom) -> Atom:
    """A group of one atom as that atom, at the place of the group."""
    only = single(group.inside)
    if only is None:
        return group
    only.start, only.end = group.start, group.end
    if not only.is_scripted:
        only.nucleus = group.end
    return only
