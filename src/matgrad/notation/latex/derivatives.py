"""Derivatives: operators in front of a side.

Floor 2.
"""

from __future__ import annotations

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row, plain_text, single, solid
from matgrad.notation.latex.items import Emit, Item, Stretch, call, grouped, sign, whole, word
from matgrad.notation.latex.letters import reference
from matgrad.notation.latex.names import spelled
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import is_transpose
from matgrad.notation.latex.tensors import Variable, tensor, unknown_function
from matgrad.notation.tokens import Token

_WHOLE_SIDE = (
    "a derivative stands in front of a whole side, as in \\frac{\\partial}{\\partial X} "
    "\\log\\det X = X^{-\\top}"
)


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
    following = page.next(stretch)
    is_whole = following is None or following.text in ("=", "where", ",", ";")
    is_question = stretch.side and is_whole and not atom.is_scripted
    unknown = unknown_function(page, body, variables, order) if body else None
    if unknown is not None:
        if not (is_question and page.known.derives):
            return tensor(page, stretch, unknown)
        inside = unknown.applied()
    elif not is_question:
        raise page.problem("a derivative inside of an expression", atom, _WHOLE_SIDE)
    else:
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


def _variables(page: Page, below: Row) -> list[Variable]:
    """The variables in `\\partial x\\,\\partial x^\\top`."""
    found: list[Variable] = []
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
        found.append(Variable(variable, times))
        at += 2
    return found


def _prefix(page: Page, atom: Atom, variables: list[Variable], order: int) -> list[Item]:
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


def _operator(page: Page, stretch: Stretch, variables: list[Variable], order: int) -> Taken:
    """A derivative of what follows, which must be one term or stand in brackets."""
    atom = stretch.row[stretch.at]
    if not stretch.side:
        raise page.problem("a derivative inside of an expression", atom, _WHOLE_SIDE)
    ends = page.breaks(stretch.row)
    begun = stretch.at + 1
    while begun < stretch.stop and (
        stretch.row[begun].kind == "space" or stretch.row[begun].text in words.TERMS
    ):
        begun += 1
    end = page.term_end(stretch, begun)
    following = stretch.row[end] if end < stretch.stop and end in ends else None
    has_term = solid(stretch.row[begun:end])
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
    return _operator(page, stretch, [Variable(variable, order)], order)
