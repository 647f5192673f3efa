"""Scripts: what stands above an operand, transposes, powers, inverses.

Floor 2.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.core.errors import AmbiguityProblem, SyntaxProblem
from matgrad.notation.latex.atoms import Atom, Row, plain_text, solid
from matgrad.notation.latex.items import Item, Stretch, call, closing, opening, sign, word


class Context(NamedTuple):
    """The text, the names that are no marks as they are declared, how subscripts are read, and
    which names are the upper bounds of sums."""

    text: str
    values: frozenset[str]
    indexed: bool
    bounds: frozenset[str]


def with_scripts(items: list[Item], atom: Atom, context: Context) -> list[Item]:
    """Items of an operand with what the atom has above it."""
    place = atom.nucleus, atom.end
    items += [sign("'", *place)._replace(ends=True)] * atom.primes
    if atom.sup is None:
        return items
    row = solid(atom.sup)
    if not row:
        raise _refused("an empty superscript", atom, context)
    entrywise = row[0].kind == "sign" and row[0].text == ".*"
    if entrywise:
        if len(row) == 1:
            raise _refused(r"a superscript \circ alone", atom, context)
        return [*items, *_power(".^", row[1:], atom, context)]
    mark = _mark(row, context.values)
    if mark:
        return _marked(items, mark, atom, context)
    if row[0].kind == "sign" and row[0].text == "-":
        mark = _mark(row[1:], context.values)
        if mark == "'":
            inverse = [*items, *_exponent("-1", atom)]
            return [*inverse, sign("'", *place)._replace(ends=True)]
    if len(row) == 1 and row[0].kind == "fence" and row[0].text in ("(", "["):
        raise _label_or_power(atom, row[0], context)
    _check_transposed(atom, row, context)
    return [*items, *_power("^", row, atom, context)]


def _check_transposed(atom: Atom, row: Row, context: Context) -> None:
    """Ask about what may be a transpose and is not written as one: `A^{2T}`, `x^t`."""
    shown = context.text[atom.start : atom.nucleus]
    if atom.kind == "number":
        return
    if plain_text(row) == "t" and "t" not in context.values:
        raise AmbiguityProblem(
            f"`{context.text[atom.start : atom.end]}` is a transpose or a power",
            text=context.text,
            span=(atom.start, atom.end),
            hint=f"`{shown}^\\top` is the transpose; for a power declare t, as in "
            "given='t: scalar'",
        )
    known = context.values | context.bounds
    marks = [part for part in row if _mark([part], known) in ("'", "^H")]
    if len(row) < 2 or not marks:
        return
    rest = [context.text[part.start : part.end] for part in row if part not in marks]
    if len(rest) > 1 and rest[-1] in ("-", "+"):
        rest.pop()
    power = "".join(rest) if sum(part in ("-", "+") for part in rest) < 2 else "…"
    letter = next((part.text for part in marks if part.kind == "letter"), "")
    above = "H" if letter == "H" else "\\top"
    turned = f"({shown}^{{{power}}})^{above}"
    if power == "-1" and letter != "H":
        turned = f"{shown}^{{-\\top}}"
    other = f"; for a power declare {letter}, as in given='{letter}: integer'" if letter else ""
    raise AmbiguityProblem(
        f"`{context.text[atom.start : atom.end]}` mixes a transpose and a power",
        text=context.text,
        span=(atom.start, atom.end),
        hint=f"write `{turned}` for the transpose of a power{other}",
    )


def _label_or_power(atom: Atom, fence: Atom, context: Context) -> AmbiguityProblem:
    """The question about `x^{(k+1)}`: a power would need no brackets."""
    shown = context.text[atom.start : atom.nucleus]
    inside = context.text[fence.inside[0].start : fence.inside[-1].end] if fence.inside else ""
    return AmbiguityProblem(
        f"`{context.text[atom.start : atom.end]}` is a power or a label",
        text=context.text,
        span=(atom.start, atom.end),
        hint=f"`{shown}^{{{inside}}}` is the power; a label is one letter or number, as in "
        f"`{shown}^{{(k)}}`",
    )


def is_transpose(row: Row | None, values: frozenset[str]) -> bool:
    """Whether what stands above is a transpose."""
    return bool(row) and _mark(solid(row or []), values) == "'"


def _mark(row: Row, values: frozenset[str]) -> str:
    """The sign or the function that a superscript is, if it is no power."""
    if len(row) != 1 or row[0].is_scripted:
        return ""
    atom = row[0]
    if atom.kind == "sign":
        marks = {"\\top": "'", "\\intercal": "'", "\\prime": "'", "+": "pinv", "\\cdots": ""}
        marks |= dict.fromkeys(("\\dagger", "\\dag"), "pinv")
        marks |= dict.fromkeys(("*", "∗", "⋆"), "star")
        return marks.get(atom.text, "")
    if atom.kind == "letter" and atom.text in ("T", "H") and atom.text not in values:
        return "'" if atom.text == "T" else "^H"
    return ""


def _marked(items: list[Item], mark: str, atom: Atom, context: Context) -> list[Item]:
    place = atom.nucleus, atom.end
    if mark == "pinv":
        return call("pinv", (atom.start, atom.start), [items], atom.end)
    if mark == "star":
        shown = context.text[atom.start : atom.nucleus]
        raise AmbiguityProblem(
            f"`{context.text[atom.start : atom.end]}` has more than one reading",
            text=context.text,
            span=(atom.start, atom.end),
            hint=f"{shown}^\\mathsf{{H}} is the conjugate transpose, {shown}^\\top the transpose, "
            f"{shown}_\\star a name of its own",
        )
    if mark == "^H":
        return [*items, sign("^", *place), sign("H", *place)._replace(ends=True)]
    return [*items, sign(mark, *place)._replace(ends=True)]


def _power(mark: str, row: Row, atom: Atom, context: Context) -> list[Item]:
    spelled = plain_text(row).replace(" ", "")
    if spelled.isdigit() and len(row) == 1:
        return _exponent(spelled, atom, mark)
    inside = Stretch(row, 0, len(row), context.indexed)
    start = row[0].start
    return [
        sign(mark, start, start),
        opening("(", start)._replace(begins=False),
        inside,
        closing(")", atom.end),
    ]


def _exponent(digits: str, atom: Atom, mark: str = "^") -> list[Item]:
    place = atom.nucleus, atom.end
    minus = digits[0] == "-"
    items: list[Item] = [sign(mark, *place)]
    items += [sign("-", *place)] * minus
    return [*items, word(digits.lstrip("-"), place, "number")._replace(ends=True)]


def _refused(what: str, atom: Atom, context: Context) -> SyntaxProblem:
    return SyntaxProblem(
        f"{what} has no meaning here", text=context.text, span=(atom.nucleus, atom.end)
    )
