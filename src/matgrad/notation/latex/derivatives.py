"""Derivatives: operators in front of a side, and the derivative tensors of unknown functions.

Floor 2.
"""

from __future__ import annotations

from typing import NamedTuple

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.latex.atoms import Atom, Row, plain_text, single, solid
from matgrad.notation.latex.items import Emit, Item, Stretch, call, grouped, sign, whole, word
from matgrad.notation.latex.letters import reference
from matgrad.notation.latex.names import is_applicable, spelled
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import is_transpose, with_scripts
from matgrad.notation.tokens import Token

_WHOLE_SIDE = (
    "a derivative stands in front of a whole side, as in \\frac{\\partial}{\\partial X} "
    "\\log\\det X = X^{-\\top}"
)


class _Variable(NamedTuple):
    atom: Atom
    times: int


def quotient(page: Page, stretch: Stretch) -> Taken | None:
    """`\\frac{\\partial}{\\partial X}` with what follows, `\\frac{\\partial f}{\\partial X}`; None
    for a fraction that is no derivative."""
    atom = stretch.row[stretch.at]
    above, below = map(solid, atom.parts)
    if not above or not below or not _is_d(page, above[0]) or not _is_d(page, below[0]):
        return None
    if atom.sub is not None:
        raise page.problem("a derivative at a point is not read", atom)
    variables = _variables(page, below)
    order = _order(page, above[0])
    found = sum(variable.times for variable in variables)
    if order != found:
        raise page.problem(
            f"the derivative is of order {order} above and of order {found} below", atom
        )
    body = above[1:]
    if not body and not atom.is_scripted:
        return _operator(page, stretch, variables, order)
    tensor = body and _tensor(page, stretch, body, variables, order)
    if tensor:
        return tensor
    following = page.next(stretch)
    is_whole = following is None or following.text in ("=", "where", ",", ";")
    if not stretch.side or not is_whole or atom.is_scripted:
        raise page.problem("a derivative inside of an expression", atom, _WHOLE_SIDE)
    inside = grouped([whole(body)], body[0].start, body[-1].end)
    return Taken([*_prefix(page, atom, variables, order), *inside], stretch.at + 1)


def _is_d(page: Page, atom: Atom) -> bool:
    if atom.kind == "partial":
        return True
    return atom.kind == "letter" and atom.text == "d" and "d" not in page.known.values


def _order(page: Page, atom: Atom) -> int:
    """The order that stands above a ∂."""
    spelled_order = plain_text(atom.sup)
    if atom.sup is None:
        return 1
    if not spelled_order.isdigit() or not 1 <= int(spelled_order) <= 9:
        raise page.problem("the order of a derivative is a number from 1 to 9", atom)
    return int(spelled_order)


def _variables(page: Page, below: Row) -> list[_Variable]:
    """The variables in `\\partial x\\,\\partial x^\\top`."""
    found: list[_Variable] = []
    at = 0
    while at < len(below):
        mark = below[at]
        inner = single(mark.inside) if mark.kind == "fence" else None
        if not _is_d(page, mark) or mark.is_scripted or at + 1 == len(below):
            raise page.problem("below stand variables such as \\partial X", inner or mark)
        variable = below[at + 1]
        if variable.kind == "fence":
            only = single(variable.inside)
            variable = only if only is not None and not variable.is_scripted else variable
        if spelled(variable) is None and variable.kind not in ("letter", "accent"):
            raise page.problem(
                "one differentiates by a symbol, not by an expression",
                variable,
                "give the expression a name and differentiate by that",
            )
        times = 1
        above = plain_text(variable.sup)
        if variable.sup is not None:
            if above.isdigit():
                times = int(above)
            elif not is_transpose(variable.sup, frozenset(page.known.values)):
                raise page.problem(f"`{page.source(variable)}` is no variable", variable)
        found.append(_Variable(variable, times))
        at += 2
    return found


def _prefix(page: Page, atom: Atom, variables: list[_Variable], order: int) -> list[Item]:
    """`∂²/∂x∂y` as the statement has it."""
    place = atom.start, atom.nucleus
    items: list[Item] = [sign("∂", *place)]
    if order > 1:
        items.append(Emit(Token("power", str(order), *place)))
    items.append(sign("/", *place))
    for variable in variables:
        for _ in range(variable.times):
            items += [sign("∂", *place), *_bare(page, variable.atom)]
    return [
        item._replace(begins=False, ends=False) if isinstance(item, Emit) else item
        for item in items
    ]


def _bare(page: Page, atom: Atom) -> list[Item]:
    """A variable: a name, whose subscript is left to the statement, or an entry."""
    named = spelled(atom)
    end = atom.end if atom.is_bare else atom.nucleus
    inner = single(atom.inside) if atom.kind == "accent" and atom.text == "overline" else None
    if inner is not None and inner.text in page.known.complex:
        return call("conj", (atom.start, atom.start), [[word(inner.text, (atom.start, end))]], end)
    if named is not None:
        base = f"{named.base}{named.labels[0]}" if len(named.labels) == 1 else ""
        full = base if base in page.known.values else named.name
        return [word(full, (atom.start, end))]
    return reference(page, atom, indexed=False)


def _operator(page: Page, stretch: Stretch, variables: list[_Variable], order: int) -> Taken:
    """A derivative of what follows, which must be one term or stand in brackets."""
    atom = stretch.row[stretch.at]
    if not stretch.side:
        raise page.problem("a derivative inside of an expression", atom, _WHOLE_SIDE)
    ends = page.breaks(stretch.row)
    end = page.term_end(stretch, stretch.at + 1)
    following = stretch.row[end] if end < stretch.stop and end in ends else None
    has_term = solid(stretch.row[stretch.at + 1 : end])
    if has_term and following is not None and following.text in ("+", "-") and page.known.asks:
        shown, sign_ = page.source(atom), following.text
        raise AmbiguityProblem(
            f"`{shown} … {sign_} …`: of the first term or of the whole",
            text=page.text,
            span=(atom.start, following.end),
            hint=f"write `{shown} \\left(… {sign_} …\\right)` for the whole; of the first term, "
            f"`\\left({shown} …\\right) {sign_} …`, is not read",
        )
    return Taken(_prefix(page, atom, variables, order), stretch.at + 1, True)


def partial(page: Page, stretch: Stretch) -> Taken:
    """`\\partial_X` in front of a side."""
    return _named_operator(page, stretch, "\\partial_X")


def nabla(page: Page, stretch: Stretch) -> Taken:
    """`\\nabla_X`, and `\\nabla^2_x` for the Hessian."""
    return _named_operator(page, stretch, "\\nabla_X")


def _named_operator(page: Page, stretch: Stretch, shown: str) -> Taken:
    atom = stretch.row[stretch.at]
    variable = single(atom.sub)
    if variable is None or atom.primes:
        raise page.problem(
            f"`{page.source(atom)}` does not say by which variable", atom, f"write {shown}"
        )
    if spelled(variable) is None:
        raise page.problem("one differentiates by a symbol, not by an expression", variable)
    order = _order(page, atom)
    return _operator(page, stretch, [_Variable(variable, order)], order)


def _tensor(
    page: Page, stretch: Stretch, body: Row, variables: list[_Variable], order: int
) -> Taken | None:
    """The derivative tensor of an unknown function of bare symbols; None for anything else."""
    atom = stretch.row[stretch.at]
    function = spelled(body[0])
    if function is None:
        return None
    if (len(body) > 1 or body[0].kind == "word") and (
        not body[0].is_bare or page.is_value(function.name)
    ):
        return None
    if page.declared(function) is not None and function.name not in page.known.functions:
        return None
    place = body[0].start, body[0].nucleus
    name: list[Item] = [word(function.name, place)]
    by = [v.atom for v in variables for _ in range(v.times)]
    points: list[list[Item]]
    if len(body) == 1:
        if len(variables) > 1:
            raise page.problem(
                f"what {function.name} depends on is not said",
                body[0],
                f"write {function.name}({', '.join(v.atom.text for v in variables)})",
            )
        points, slots = [_point(page, by[0])], [0] * order
    elif len(body) == 2 and is_applicable(body, 0) and not body[1].is_scripted:
        arguments = [solid(part) for part in _split(body[1].inside)]
        spellings = [spelled(part[0]) if len(part) == 1 else None for part in arguments]
        if any(found is None for found in spellings):
            return None
        wanted = [_symbol(page, variable) for variable in by]
        bare = [found.name for found in spellings if found is not None]
        if not set(wanted) <= set(bare):
            return None
        slots = [bare.index(symbol) for symbol in wanted]
        points = [[word(symbol, place)] for symbol in bare]
        for slot, variable in zip(slots, by, strict=True):
            points[slot] = _point(page, variable)
    else:
        return None
    items = call(
        f"D{order if order > 1 else ''}", (atom.start, atom.start), [name, *points], atom.nucleus
    )
    if len(points) > 1:
        tail: list[Item] = [sign(";", *place)]
        for position, slot in enumerate(slots):
            tail += [sign(",", *place)] * (position > 0)
            tail.append(word(str(slot + 1), place, "number"))
        items[-1:-1] = tail
    return Taken(with_scripts(items, atom, page.context(stretch.indexed)), stretch.at + 1)


def _symbol(page: Page, atom: Atom) -> str:
    """The symbol that a variable is an entry of, or is."""
    named = spelled(atom)
    if named is not None and named.name in page.survey.values | page.known.values.keys():
        if named.labels and named.base in page.survey.plain:
            return named.base
        return named.name
    return atom.text


def _point(page: Page, atom: Atom) -> list[Item]:
    """A variable as the point of a derivative tensor, an entry with its positions."""
    named = spelled(atom)
    end = atom.end if atom.is_bare else atom.nucleus
    if named is not None and (not named.labels or named.name in page.known.values):
        return [word(named.name, (atom.start, end))]
    base = _symbol(page, atom)
    if named is not None and base == named.name:
        return [word(named.name, (atom.start, end))]
    return [word(base, (atom.start, atom.nucleus)), *page.positions(atom, True)]


def _split(row: Row) -> list[Row]:
    """The parts of a row between its commas."""
    parts: list[Row] = [[]]
    for atom in row:
        if atom.kind == "sign" and atom.text == ",":
            parts.append([])
        else:
            parts[-1].append(atom)
    return parts


def operator_of(page: Page, stretch: Stretch) -> Taken | None:
    """`\\mathrm{D}_{1,2}^{2} f(A, X)`: the derivative tensor at any point."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    following = row[at + 1] if at + 1 < stretch.stop else None
    if atom.text != "D" or atom.style != "upright" or following is None:
        return None
    if not is_applicable(row, at + 1) or (function := spelled(following)) is None:
        return None
    fence = row[at + 2]
    order = plain_text(atom.sup) or "1"
    place = atom.start, atom.nucleus
    own: list[Item] = [word(function.name, (following.start, following.end))]
    points: list[list[Item]] = [[whole(part, stretch.indexed)] for part in _split(fence.inside)]
    items = call(f"D{order if order != '1' else ''}", place, [own, *points], fence.nucleus)
    if atom.sub is not None:
        items[-1:-1] = [sign(";", *place), whole(atom.sub)]
    items += page.positions(fence, stretch.indexed) if fence.sub is not None else []
    return Taken(with_scripts(items, fence, page.context(stretch.indexed)), at + 3)
