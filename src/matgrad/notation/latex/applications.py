"""Applications: a letter in front of brackets is a function, or a factor.

Floor 2.  What is declared, or used as a value elsewhere in the text, decides; then custom; what is
left is asked about.
"""

from __future__ import annotations

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.atoms import Atom, Row, plain_text, single, solid
from matgrad.notation.latex.items import Item, Stretch, arguments_of, call, word
from matgrad.notation.latex.names import (
    Spelled,
    is_applicable,
    is_mark,
    label_above,
    spelled,
    without_subscript,
)
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import with_scripts


def applied(page: Page, stretch: Stretch, named: Spelled) -> Taken | None:
    """A letter in front of brackets: applied to what they hold, or None for a product.

    Raises AmbiguityProblem where neither custom nor declarations decide.
    """
    row, at = stretch.row, stretch.at
    atom, fence = row[at], row[at + 1]
    if not solid(fence.inside):
        raise page.problem("nothing stands in these brackets", fence)
    full = page.declared(named) or named.name
    if atom.sup is not None and not label_above(atom):
        if plain_text(atom.sup) == "- 1" and not page.is_value(full) and page.known.asks:
            return _inverse(page, atom, fence)
        return None
    asked = asked_letter(atom) if not named.labels and full not in page.known.functions else ""
    certain = not asked or needs_brackets(page, fence) or not page.known.asks
    member = full not in page.known.functions and not page.survey.indices.isdisjoint(named.labels)
    if (page.is_value(full) or member) and not page.has_comma(fence.inside) and certain:
        return None
    operator = ""
    if full not in page.known.functions:
        if label_above(atom) and page.known.asks:
            raise page.question(
                f"`{page.source(atom)}(…)` is a derivative, or a function with a label",
                atom,
                f"declare `{full}` for the derivative, as in given='{full} elementwise'; "
                f"`{page.text[atom.start : atom.nucleus]}_{label_above(atom)}` is a label",
            )
        operator = words.LETTERS.get("_".join((named.base, *named.labels)), "")
        if asked and page.known.asks:
            raise _question(page, atom, fence, asked)
        if not operator and not _is_application(page, atom, fence, full):
            return None
    primes = int(label_above(atom) or atom.primes)
    if operator and primes:
        raise page.problem(
            f"the derivative of {operator} has no name here",
            atom,
            "write it out, or declare the function",
        )
    arguments = arguments_of(fence.inside, stretch.indexed)
    if primes:
        own: list[Item] = [word(full, (atom.start, atom.nucleus))]
        place = atom.start, atom.nucleus
        arguments = [call("·", place, [argument], fence.nucleus) for argument in arguments]
        items = call(f"d{primes}", place, [own, *arguments], fence.nucleus)
    else:
        items = call(operator or full, (atom.start, atom.nucleus), arguments, fence.nucleus)
    return Taken(finished(page, items, fence, stretch.indexed), at + 2)


def finished(page: Page, items: list[Item], fence: Atom, indexed: bool) -> list[Item]:
    """A call with the scripts of its brackets."""
    if fence.sub is not None:
        items = [*items, *page.positions(fence, indexed)]
    return with_scripts(items, fence, page.context(indexed))


def _is_application(page: Page, atom: Atom, fence: Atom, full: str) -> bool:
    """Whether brackets hold an argument.  They do where a product would need none, of which an
    upper-case letter in front of a product is asked; otherwise an upper-case letter is a matrix,
    and a lower-case one is asked about."""
    inside = fence.inside
    if page.has_comma(inside) or single(inside) is not None:
        return True
    if not needs_brackets(page, fence) and not atom.primes:
        unclear = full[0].isupper() and full not in page.survey.applied and atom.kind == "letter"
        if unclear and atom.style != "cal" and page.known.asks and _is_product(page, inside):
            raise _question(page, atom, fence, "")
        return True
    if not page.known.asks:
        return False
    if full[0].isupper() and not atom.primes:
        shown = page.source(atom)
        page.remarks[f"{shown}(…) is read as a product; declare {full} if it is a function"] = None
        return False
    raise _question(page, atom, fence, "")


def _is_product(page: Page, row: Row) -> bool:
    """Whether a row has several factors, none of which is a function's word in front."""
    first, *rest = solid(row)
    if first.kind == "word" and page.is_function(first.text):
        return False
    named = spelled(first)
    is_call = len(rest) == 1 and is_applicable([first, *rest], 0)
    return bool(rest) and not (is_call and named is not None and not page.is_value(named.name))


def needs_brackets(page: Page, fence: Atom) -> bool:
    """Whether a factor with these brackets round it would be another one without."""
    scripted = fence.sup is not None or fence.primes > 0
    inside = solid(fence.inside)
    is_call = len(inside) == 2 and inside[0].kind == "word" and inside[1].kind == "fence"
    return page.is_sum(fence.inside) or (scripted and len(inside) > 1 and not is_call)


def _question(page: Page, atom: Atom, fence: Atom, operator: str) -> AmbiguityProblem:
    shown, full = page.source(atom), spelled(without_subscript(atom))
    name = "f" if full is None else full.name
    product = "" if is_mark(atom.sub) else f"`{shown}\\,({page.inside(fence)})` is the product; "
    return page.question(
        f"`{shown}(…)` has more than one reading",
        atom,
        f"{operator}{product}a function is declared, as in given='{name}(x): scalar' or "
        f"'{name} elementwise'",
    )


def _inverse(page: Page, atom: Atom, fence: Atom) -> Taken | None:
    if page.is_sum(fence.inside) or fence.sup is not None:
        return None
    shown = page.text[atom.start : atom.nucleus]
    argument = page.inside(fence)
    raise page.question(
        f"`{page.source(atom)}({argument})` has more than one reading",
        atom,
        f"`{shown}({argument})^{{-1}}` is the inverse of a value, `{shown}^{{-1}}\\,({argument})` "
        "a product",
    )


def asked_letter(atom: Atom) -> str:
    """What is said of a letter that the catalogue prints for an operator; empty for others."""
    names = words.ASKED.get(f"var{atom.text}" if atom.style == "variant" else atom.text, ())
    return "".join(f"`\\operatorname{{{name}}}(…)` is an operator; " for name in names)


def mapped(page: Page, stretch: Stretch) -> Taken | None:
    """`\\phi_{\\odot}(X)`: an unknown function entry by entry, or its derivative."""
    row, at = stretch.row, stretch.at
    atom = row[at]
    if not is_mark(atom.sub) or not is_applicable(row, at):
        return None
    fence = row[at + 1]
    if not solid(fence.inside):
        raise page.problem("nothing stands in these brackets", fence)
    base = spelled(without_subscript(atom))
    if base is None:
        return None
    arguments = arguments_of(fence.inside, stretch.indexed)
    operator = base.name
    if base.name not in page.known.functions:
        operator = words.LETTERS.get(base.name, base.name)
        if (asked := asked_letter(atom)) and page.known.asks:
            raise _question(page, atom, fence, asked)
    primes = int(label_above(atom) or atom.primes)
    place = atom.start, atom.nucleus
    if primes:
        own: list[Item] = [word(base.name, place)]
        items = call(f"d{primes}", place, [own, *arguments], fence.nucleus)
    else:
        items = call(f"{operator}.", place, arguments, fence.nucleus)
    return Taken(finished(page, items, fence, stretch.indexed), at + 2)
