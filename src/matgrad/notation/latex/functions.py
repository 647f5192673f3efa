"""Functions: words with their arguments, with brackets or without, roots, and what bars mean.

Floor 2.
"""

from __future__ import annotations

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.latex import words
from matgrad.notation.latex.applications import finished
from matgrad.notation.latex.atoms import Atom, Row, plain_text, single, solid
from matgrad.notation.latex.items import (
    Item,
    Place,
    Stretch,
    arguments_of,
    call,
    grouped,
    sign,
    whole,
    word,
)
from matgrad.notation.latex.names import is_applicable, is_mark, spelled, without_subscript
from matgrad.notation.latex.page import Page, Taken
from matgrad.notation.latex.scripts import is_transpose, with_scripts

_JOINED = {("log", "Gamma"): "lgamma", ("log", "B"): "lbeta"}


def function(page: Page, stretch: Stretch, atom: Atom) -> Taken:
    """A function's word with its argument; the word may stand in braces of its own."""
    row, at = stretch.row, stretch.at
    outer = row[at]
    if (extreme := _extreme(page, stretch, atom)) is not None:
        return extreme
    name, extra = _named(page, atom, outer)
    if outer.primes:
        raise page.problem(f"the derivative of {name} has no name here", outer, "write it out")
    if plain_text(outer.sup) == "- 1":
        shown = page.text[outer.start : outer.nucleus]
        raise page.question(
            f"`{page.source(outer)}` has more than one reading",
            outer,
            f"`\\frac{{1}}{{{shown}(x)}}` is one over it; its inverse function has a name, such as "
            "\\arcsin",
        )
    place = outer.start, outer.nucleus
    position = _after(stretch, at)
    following = row[position] if position < stretch.stop else None
    if following is None:
        raise page.problem(f"`{page.source(outer)}` has no argument", outer)
    if following.kind == "fence" and following.text in ("(", "[", "{"):
        return _bracketed(page, stretch, position, name, extra)
    joined = _joined(page, stretch, position, name)
    if joined is not None:
        return joined
    end = argument_end(page, stretch, position, name)
    arguments: list[list[Item]] = [[Stretch(row, position, end, stretch.indexed)], *extra]
    items = call(name, place, arguments, row[end - 1].end)
    return Taken(_raised(page, items, outer, stretch.indexed), end)


def _extreme(page: Page, stretch: Stretch, atom: Atom) -> Taken | None:
    """`\\max_i x_i` is `\\max(x)`; None for other words."""
    index = plain_text(atom.sub)
    if atom.text not in ("max", "min") or len(index) != 1 or not index.isalpha():
        return None
    position = _after(stretch, stretch.at)
    part = stretch.row[position] if position < stretch.stop else None
    if part is not None and part.is_bare and plain_text(part.sub) == index and atom.is_bare:
        array = without_subscript(part)
        named = spelled(array)
        end = _run_end(page, stretch, position)
        after = stretch.row[end] if end < stretch.stop else None
        alone = end == position + 1 and (after is None or after.text not in words.PRODUCTS)
        if alone and (part.kind == "fence" or (named is not None and named.base[0].islower())):
            place = atom.start, atom.nucleus
            return Taken(call(atom.text, place, [[whole([array])]], part.end), end)
    raise page.problem(
        f"`{page.source(atom)}` is read of the entries of a vector, as in `\\{atom.text}_i x_i`",
        atom,
        f"`\\{atom.text}(x)` is that entry of a vector x",
    )


def _named(page: Page, atom: Atom, outer: Atom) -> tuple[str, list[list[Item]]]:
    """The function's name, and arguments that its subscript is."""
    name = words.NAMES.get(atom.text, atom.text)
    if is_mark(outer.sub) if outer is not atom else is_mark(atom.sub):
        name += "."
    if atom.sub is None or is_mark(atom.sub):
        return name, []
    below = plain_text(atom.sub)
    if name.rstrip(".") in ("log", "ln") and below in ("2", "10"):
        return f"log{below}{'.' if name.endswith('.') else ''}", []
    sizes = _sizes(atom.sub)
    if name == "unvec" and len(sizes) == 2:
        return name, sizes
    if below in ("1", "2"):
        return name, [[word(below, (atom.nucleus, atom.end), "number")]]
    hint = "the logarithm to base b is \\frac{\\log(x)}{\\log(b)}" if name == "log" else None
    raise page.problem(f"`{page.source(atom)}` has a subscript that is not read", atom, hint)


def _sizes(sub: Row) -> list[list[Item]]:
    """The sizes in `m \\times n`."""
    cut = [place for place, atom in enumerate(sub) if atom.kind == "sign" and atom.text == "×"]
    if len(cut) != 1:
        return []
    return [[Stretch(sub, 0, cut[0])], [Stretch(sub, cut[0] + 1, len(sub))]]


def _after(stretch: Stretch, at: int) -> int:
    at += 1
    while at < stretch.stop and stretch.row[at].kind == "space":
        at += 1
    return at


def _bracketed(
    page: Page, stretch: Stretch, position: int, name: str, extra: list[list[Item]]
) -> Taken:
    outer, fence = stretch.row[stretch.at], stretch.row[position]
    if not solid(fence.inside):
        raise page.problem("nothing stands in these brackets", fence)
    if name in words.GREEDY and page.known.asks:
        _check_whole(page, stretch, position)
    comma = "×" if name == "fuse" else ","  # the sizes of its axes
    arguments = [*arguments_of(fence.inside, stretch.indexed, comma), *extra]
    items = call(name, (outer.start, outer.nucleus), arguments, fence.nucleus)
    items = finished(page, items, fence, stretch.indexed)
    return Taken(_raised(page, items, outer, stretch.indexed), position + 1)


def _check_whole(page: Page, stretch: Stretch, position: int) -> None:
    """Ask about `\\operatorname{tr}(A)^\\top(B)`: the brackets may be factors of the argument."""
    outer, fence = stretch.row[stretch.at], stretch.row[position]
    turned = is_transpose(fence.sup, frozenset(page.known.values)) or fence.primes > 0
    if not turned and not is_applicable(stretch.row[: stretch.stop], position):
        return
    shown = page.text[outer.start : outer.end]
    raise page.question(
        f"`{shown}{page.source(fence)}…`: how far the argument goes is not certain",
        outer,
        f"write `{shown}\\left(({page.inside(fence)}) …\\right)`, or `{shown}({page.inside(fence)})"
        "\\cdot …`",
    )


def _raised(page: Page, items: list[Item], outer: Atom, indexed: bool) -> list[Item]:
    """`\\sin^2 x` is the square of a value."""
    return items if outer.sup is None else with_scripts(items, outer, page.context(indexed))


def argument_end(page: Page, stretch: Stretch, at: int, name: str) -> int:
    """Where an argument without brackets ends: one factor with its scripts; of a trace, and with a
    number in front, the whole product.

    Raises AmbiguityProblem for a product of several factors.
    """
    row = stretch.row
    first = row[at]
    if first.kind == "sign":
        raise page.problem("an argument is missing here", first, "use brackets")
    if first.kind == "big":
        return page.term_end(stretch, at)
    if _is_function(page, first):
        return _nested_end(page, stretch, at)
    end = _run_end(page, stretch, at)
    factors = _factors(page, row, at, end)
    following = row[end] if end < stretch.stop else None
    joined = following is not None and following.text in words.PRODUCTS
    if (len(factors) < 2 and not joined) or not page.known.asks:
        return end
    if (name in words.GREEDY or first.kind == "number") and not joined:
        return end
    last = row[factors[1] - 1] if len(factors) > 1 else row[end - 1]
    one = page.text[first.start : last.end].strip()
    rest = page.text[last.end : row[end - 1].end].strip()
    rest = rest or page.text[last.end : last.end + 10].strip()
    shown = page.text[stretch.row[stretch.at].start : first.start].strip()
    raise AmbiguityProblem(
        f"`{shown} {one} {rest}`: how far the argument goes is not certain",
        text=page.text,
        span=(stretch.row[stretch.at].start, row[end - 1].end),
        hint=f"write `{shown}({one})\\,{rest}` or `{shown}({one} {rest})`",
    )


def _factors(page: Page, row: Row, at: int, end: int) -> list[int]:
    """Where the factors of a product begin; a function with its brackets is one."""
    found = []
    while at < end:
        if row[at].kind != "space":
            found.append(at)
            named = spelled(row[at]) if is_applicable(row, at) and row[at].sup is None else None
            at += named is not None and not page.is_value(page.declared(named) or named.name)
        at += 1
    return found


def _is_function(page: Page, atom: Atom) -> bool:
    only = single(atom.inside) if atom.kind == "group" else atom
    return only is not None and only.kind == "word" and page.is_function(only.text)


def _run_end(page: Page, stretch: Stretch, at: int) -> int:
    """Where the factors side by side end."""
    row, end = stretch.row, at
    while end < stretch.stop and row[end].kind not in ("sign", "big"):
        if end > at and _is_function(page, row[end]):
            break
        end += 1
    while row[end - 1].kind == "space":
        end -= 1
    return end


def _nested_end(page: Page, stretch: Stretch, at: int) -> int:
    """Where a function of a function ends: `\\log\\det X`; all of them end there."""
    row, key = stretch.row, (id(stretch.row), at)
    passed = []
    while key not in page.arguments:
        passed.append(key)
        position = _after(stretch, at)
        following = row[position] if position < stretch.stop else None
        if following is None:
            end = at + 1
        elif following.kind == "fence":
            end = position + 1
        elif _is_function(page, following):
            at, key = position, (id(row), position)
            continue
        else:
            own = Stretch(row, at, stretch.stop, stretch.indexed)
            end = argument_end(page, own, position, row[at].text)
        page.arguments[key] = row, end
    page.arguments.update(dict.fromkeys(passed, page.arguments[key]))
    return page.arguments[key][1]


def _joined(page: Page, stretch: Stretch, at: int, name: str) -> Taken | None:
    """`\\log\\Gamma(x)` and `\\log|\\det(X)|`, functions of their own."""
    row, outer = stretch.row, stretch.row[stretch.at]
    first = row[at]
    place: Place = outer.start, first.nucleus
    fence = row[at + 1] if at + 1 < stretch.stop else None
    base = name.rstrip(".")
    known = _JOINED.get((base, first.text))
    if known and fence is not None and fence.kind == "fence":
        dot = "." if is_mark(first.sub) else ""
        items = call(known + dot, place, arguments_of(fence.inside, stretch.indexed), fence.nucleus)
        return Taken(finished(page, items, fence, stretch.indexed), at + 2)
    if base != "log" or first.kind != "fence" or first.text != "|":
        return None
    inside = solid(first.inside)
    if first.is_scripted or len(inside) != 2 or inside[0].text != "det" or inside[1].is_scripted:
        return None
    if inside[1].kind != "fence" or inside[1].text != "(" or inside[0].is_scripted:
        return None
    argument: list[Item] = [whole(inside[1].inside, stretch.indexed)]
    items = call("logdet", place, [argument], first.nucleus)
    return Taken(_raised(page, items, outer, stretch.indexed), at + 1)


def root(page: Page, stretch: Stretch) -> Taken:
    """A square root, or one of another degree."""
    row, at, _, indexed, _ = stretch
    atom = row[at]
    if not solid(atom.inside):
        raise page.problem("nothing stands under this root", atom)
    start = atom.start
    inside: list[Item] = [whole(atom.inside, indexed)]
    if len(atom.parts) == 1:
        items = call("sqrt", (start, start), [inside], atom.nucleus)
    else:
        one = word("1", (start, start), "number")
        degree = [sign("(", start, start), one, sign("/", start, start), sign("(", start, start)]
        items = [*grouped(inside, start, atom.nucleus), sign("^", start, start), *degree]
        items += [whole(atom.parts[1]), sign(")", start, start), sign(")", start, start)]
        items = grouped(items, start, atom.nucleus)
    return Taken(with_scripts(items, atom, page.context(indexed)), at + 1)
