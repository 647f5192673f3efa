"""Building atoms from pieces: letters, commands with their arguments, fonts, environments.

Floor 2.  One loop over the pieces; what is open is in `opened`.
"""

from __future__ import annotations

import re
from typing import Literal, NoReturn, final

from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row
from matgrad.notation.latex.opened import Stack
from matgrad.notation.latex.pieces import Piece, pieces_of

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\- ]*")


@final
class Builder:
    """Builds the atoms of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = pieces_of(text)
        self.at = 0
        self.open = Stack(text, self.pieces[0])

    def build(self) -> Row:
        """The atoms of the text.  Raises SyntaxProblem with a caret."""
        while self.pieces[self.at].kind != "end":
            piece = self.pieces[self.at]
            self.at += 1
            self.open.end = piece.end
            self._take(piece)
        return self.open.finish()

    def _take(self, piece: Piece) -> None:
        match piece.kind:
            case "letter":
                style = self.open.top.style
                self.open.add(Atom("letter", piece.text, piece.start, piece.end, style))
            case "number":
                self._number(piece)
            case "space":
                if not self.open.top.waits:
                    self.open.top.row.append(Atom("space", "", piece.start, piece.end))
            case "line":
                self.open.cell(ends_row=True)
            case "command":
                self._command(piece)
            case _:
                self._character(piece)

    def _number(self, piece: Piece) -> None:
        """TeX takes one digit as an argument: `\\frac12`, `x^10`."""
        top = self.open.top
        while top.waits and len(piece.text) > 1:
            if top.kind == "script":
                self.open.fail(
                    f"`{top.text}` takes one digit, and several stand here",
                    piece,
                    f"write {top.text}{{{piece.text}}}",
                )
            end = self.open.end = piece.start + 1
            self.open.add(Atom("number", piece.text[0], piece.start, end))
            piece = piece._replace(text=piece.text[1:], start=end)
            top = self.open.top
        self.open.end = piece.end
        self.open.add(Atom("number", piece.text, piece.start, piece.end, top.style))

    def _character(self, piece: Piece) -> None:
        match piece.text:
            case "{":
                self.open.push("braces", "{", piece)
            case "}":
                self.open.close_braces(piece)
            case "^" | "_":
                self.open.script(piece)
            case "ᵀ" | "⊤" if self.open.top.waits or not self.open.after_operand():
                self.open.add(Atom("sign", "\\top", piece.start, piece.end))
            case "'" | "ᵀ" | "⊤":
                self.open.prime(piece)
            case "&":
                self.open.cell()
            case "(" | "[" as sign:
                self.open.push("fence", sign, piece)
            case ")" | "]" as sign:
                self.open.close_fence(words.CLOSERS[sign], piece)
            case "|":
                self._bar(piece)
            case "!":
                self.open.fail("factorials are not read", piece, r"\Gamma(n + 1) is n!")
            case "." if self._is_last():
                pass
            case sign:
                self.open.add(Atom("sign", sign, piece.start, piece.end))

    def _is_last(self) -> bool:
        """Whether nothing but the end of a display follows, as behind a full stop."""
        following = self.pieces[self.at]
        return following.kind == "end" or following.text == "end"

    def _bar(self, piece: Piece) -> None:
        """A bar; two side by side are the bars of a norm, unless single ones are to be closed."""
        following = self.pieces[self.at]
        double = following.text == "|" and following.start == piece.end
        top = self.open.top
        if double and self.open.after_operand():
            double = top.kind == "fence" and top.text == "‖"
        if double:
            self.at += 1
            piece = piece._replace(end=following.end)
            self.open.end = piece.end
        self.open.bar("‖" if double else "|", piece)

    # Commands

    def _command(self, piece: Piece) -> None:
        word = piece.text
        if word in ("begin", "end"):
            self._environment(piece)
        elif word in words.FONTS:
            self._font(piece)
        elif word == "vec" and self.pieces[self.at].text in ("(", "left"):
            self.open.add(Atom("word", word, piece.start, piece.end))
        elif word in words.ARGUMENTS:
            self.open.push("arguments", word, piece, words.ARGUMENTS[word])
            if word == "sqrt" and self.pieces[self.at].text == "[":
                self._degree()
        elif word == "over":
            self.open.over(piece)
        elif word in ("left", "right"):
            self._sized(piece)
        elif word in words.OPENING:
            self.open.push("fence", words.OPENING[word], piece)
        elif word in words.CLOSING:
            self.open.close_fence(words.CLOSING[word], piece)
        elif word in words.BARS:
            self.open.bar(words.BARS[word], piece)
        else:
            self.open.add(self._named(piece))

    def _named(self, piece: Piece) -> Atom:
        """A command that stands for itself."""
        word, place, style = piece.text, (piece.start, piece.end), self.open.top.style
        if word in words.REFUSED:
            self._unknown(piece)
        if word in words.GREEK or word == "infty":
            return Atom("letter", word.removeprefix("var"), *place, style)
        if word in words.VARIANTS:
            return Atom("letter", words.VARIANTS[word], *place, style or "variant")
        match word:
            case "partial" | "nabla" as kind:
                return Atom(kind, "", *place)
            case "sum":
                return Atom("big", word, *place)
        if word in words.SIGNS:
            return Atom("sign", words.SIGNS[word], *place)
        if word in words.WORDS or words.is_function(word):
            return Atom("word", word, *place)
        self._unknown(piece)

    def _font(self, piece: Piece) -> None:
        word = piece.text
        style = words.FONTS[word]
        if word in words.SWITCHES and self.pieces[self.at].text != "{":
            for opened in reversed(self.open.stack):
                opened.style = style
                if not opened.waits:
                    break
        elif word in words.RAW and (found := self._raw(piece)) is not None:
            self.open.add(found)
        else:
            self.open.push("arguments", word, piece, 1).style = style

    def _raw(self, piece: Piece) -> Atom | None:
        """A word in braces, such as `\\operatorname{leaky\\_relu}`; None for anything else."""
        if self.pieces[self.at].text != "{":
            return None
        at = self.at + 1
        while self.pieces[at].text != "}":
            inner = self.pieces[at]
            if inner.kind not in ("letter", "number", "space") and inner.text not in ("_", "-"):
                return None
            at += 1
        start, end = self.pieces[self.at].end, self.pieces[at].start
        label = self.text[start:end].replace("\\_", "_").strip()
        if not _LABEL.fullmatch(label):
            return None
        self.at = at + 1
        self.open.end = self.pieces[at].end
        kind: Literal["letter", "word"] = "letter" if len(label) == 1 else "word"
        return Atom(kind, label, piece.start, self.open.end, "upright")

    def _degree(self) -> None:
        """The degree in `\\sqrt[3]{x}`, which stands as a first argument."""
        at = self.at + 1
        degree: Row = []
        while self.pieces[at].text != "]":
            piece = self.pieces[at]
            if piece.kind not in ("number", "letter"):
                self.open.fail("the degree of a root is a number or a letter", piece)
            kind: Literal["number", "letter"] = "number" if piece.kind == "number" else "letter"
            degree.append(Atom(kind, piece.text, piece.start, piece.end))
            at += 1
        self.open.top.needed = 2
        place = self.pieces[self.at].start, self.pieces[at].end
        self.open.top.row.append(Atom("group", "", *place, parts=[degree]))
        self.at = at + 1

    def _sized(self, piece: Piece) -> None:
        """`\\left(` and `\\right)`."""
        delimiter = self.pieces[self.at]
        opens = piece.text == "left"
        known = words.SIZED_OPENING if opens else words.SIZED_CLOSING
        if delimiter.text not in known:
            self.open.fail(f"`\\{piece.text}` needs a bracket behind it", piece)
        self.at += 1
        self.open.end = delimiter.end
        place = delimiter._replace(start=piece.start)
        if opens:
            self.open.push("fence", known[delimiter.text], place).sized = True
        else:
            self.open.close_fence(known[delimiter.text], place, sized=True)

    def _environment(self, piece: Piece) -> None:
        opening, at = self.pieces[self.at], self.at
        while self.pieces[at].kind != "end" and self.pieces[at].text != "}":
            at += 1
        if opening.text != "{" or self.pieces[at].kind == "end":
            self.open.fail(f"`\\{piece.text}` needs the name of an environment", piece)
        name = self.text[opening.end : self.pieces[at].start].strip().rstrip("*")
        self.at = at + 1
        self.open.end = self.pieces[at].end
        if name in words.DISPLAYS:
            return
        if name not in words.GRIDS:
            hint = words.ENVIRONMENTS.get(name, words.REFUSED["begin"])
            self.open.fail(f"the environment {name} is not read", piece, hint)
        if piece.text == "end":
            self.open.close_grid(name, piece)
            return
        self.open.push("grid", name, piece._replace(end=self.open.end))
        if name == "array" and self.pieces[self.at].text == "{":  # how its columns are set
            while self.pieces[self.at].kind != "end" and self.pieces[self.at].text != "}":
                self.at += 1
            self.at += self.pieces[self.at].kind != "end"

    def _unknown(self, piece: Piece) -> NoReturn:
        spelled = f"\\{piece.text}"
        if piece.text in words.REFUSED:
            self.open.fail(f"`{spelled}` is not read", piece, words.REFUSED[piece.text])
        self.open.fail(
            f"`{spelled}` is not known",
            piece,
            f"if it is a macro, write what it stands for; \\operatorname{{{piece.text}}} is a name",
        )
