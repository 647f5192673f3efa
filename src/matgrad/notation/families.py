"""Families: names such as x_i for the members of an array x, and sums over them.

Floor 2.  Where i is the index of a sum, or declared as in `x_i: n, i=1..N`, x_i is the i-th member
of x, an N x n array; x_j and x_1 are members then, too.  A member of an array that is declared as
such is an entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from matgrad.catalogue.properties import family_of
from matgrad.core.dims import Dim, Size, coefficients, is_nonnegative, substitute
from matgrad.core.errors import DeclarationProblem, MatgradError, NameProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.integers import index_of, is_over_index
from matgrad.notation.members import Range, entries, running
from matgrad.notation.scope import Scope, Symbol
from matgrad.notation.sheet import Sheet
from matgrad.notation.tree import Node, Position


def find(sheet: Sheet) -> None:
    """Find the indices of a text's sums, its families, and the names of their members."""
    scope = sheet.scope
    for node in sheet.nodes:
        if is_over_index(sheet, node):
            sheet.indices.add(index_of(sheet, node))
    enter_declared(scope, sheet.indices)
    for node in sheet.nodes:
        if node.head == "name":
            try:
                _enter(sheet, node.name)
            except MatgradError as error:
                raise error.at(node.text, node.span) from None
    known = scope.families()
    for node in sheet.nodes:
        if node.head != "name" or node.name in scope.members or scope.is_value(node.name):
            continue
        found = member_named(node.name, known, sheet.base)
        if found is not None:
            scope.members[node.name] = found
            scope.indices.update(place for place in found[1] if isinstance(place, str))


def enter_declared(scope: Scope, indices: Collection[str]) -> None:
    """Make families of what was declared by the name of a member."""
    for name in list(scope.symbols):
        base, family = _split(name, {*indices, *scope.ranges})
        declared = scope.symbols[name]
        if not family or declared.expr is not None or declared.family:
            continue
        if base in scope.symbols or base in scope.functions:
            raise DeclarationProblem(
                f"{base} and its member {name} are both declared", hint=f"declare only {name}"
            )
        del scope.symbols[name]
        declared.name, declared.family = base, family
        scope.symbols[base] = declared


def _enter(sheet: Sheet, name: str) -> None:
    """Enter x_i, where i is the index of a sum, as a member of x."""
    scope = sheet.scope
    base, family = _split(name, sheet.indices)
    if not family or name in scope.members or scope.is_value(name):
        return
    known = scope.symbols.get(base)
    if known is not None and not known.family:
        order = k.order_of(next(k.members(known.kinds)))
        if order != len(family):
            raise NameProblem(
                f"{base} is declared and has {order or 'no'} axes, so there is no {name}",
                hint=f"declare the member instead: `{name}: n`",
            )
    elif known is None and base not in scope.lets:
        if scope.closed or base in scope.functions:
            raise NameProblem(f"{name} is not declared")
        scope.symbols[base] = Symbol(base, scope.assumed_member(base), family=family)
    scope.members[name] = base, sheet.positions(family)


def member_named(
    name: str, families: Mapping[str, tuple[str, ...]], base: int
) -> tuple[str, tuple[Position, ...]] | None:
    """The family whose member a name such as x_j or x_1 is, and the positions, from 0; `families`
    are names with their indices."""
    family, _, places = name.rpartition("_")
    indices = families.get(family, ())
    spelled = [places] if len(indices) == 1 else list(places)
    single = all(place.isdigit() or (len(place) == 1 and place.isalpha()) for place in spelled)
    if not indices or not single or len(spelled) != len(indices):
        return None
    return family, tuple(int(p) - base if p.isdigit() else p for p in spelled)


def _split(name: str, indices: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The array and the indices in a name: x_i, X_ij; no indices if it is a name like others."""
    base, _, suffix = name.rpartition("_")
    if not base or not suffix:
        return name, ()
    if suffix in indices:
        return base, (suffix,)
    return (base, tuple(suffix)) if all(c in indices for c in suffix) else (name, ())


def chosen(
    scope: Scope, base: str, positions: tuple[Position, ...], *, lines: bool = False
) -> Rule:
    """The rule for positions of the first axes of the array called `base`; `lines`: those of a
    matrix may be one."""
    known = scope.symbols.get(base)
    ranges = running(scope.ranges, positions)
    lead = len(known.family) if known else 0
    return entries(positions, lead=len(positions) if lines else lead, ranges=ranges)


def check(sheet: Sheet, own: int, base: str, positions: tuple[Position | None, ...]) -> None:
    """Check that a member's indices are bound where it stands, and note how far they go.

    Raises NameProblem for one that is not.
    """
    known = sheet.scope.symbols.get(base)
    if known is None and base and not sheet.scope.is_value(base):
        known = sheet.scope.value(base)
    for axis, position in enumerate(positions):
        if not isinstance(position, Dim):
            continue
        bounds: dict[str, tuple[Size, Size | Range]] = {}
        for index in sorted(position.names & sheet.indices):
            binder = sheet.binder(index, own)
            bounds[index] = binder.low, binder.high
        end = _greatest(position, bounds)
        if known is not None and end is not None:
            known.ends.setdefault(axis, set()).add(end + 1)


def _greatest(position: Size, bounds: Mapping[str, tuple[Size, Size | Range]]) -> Size | None:
    """The greatest value of a position within bounds of its indices, if those are known."""
    for index, (low, high) in bounds.items():
        step = coefficients(position, index).get(1, 0)
        end = high if is_nonnegative(step) else low
        if isinstance(end, Range):
            return None
        position = substitute(position, {index: end})
    return position


def symbol_row(draft: Draft, scope: Scope, symbol: Symbol) -> RowId:
    """The row of a symbol whose shape is known, with the axes of its indices in front."""
    shape = symbol.shape or ()
    if not symbol.family:
        if not symbol.declared:
            for axis in symbol.ends.keys() & set(range(len(shape))):
                draft.unifier.unify(shape[axis], _longest(symbol, axis))
        return draft.symbol(symbol.name, shape, symbol.properties)
    lead = tuple(end.end(draft) if isinstance(end, Range) else end for end in _axes(symbol, scope))
    # A family of scalars is a vector, and each of its members an entry.
    own = family_of(symbol.family) if shape else frozenset()
    return draft.symbol(symbol.name, lead + shape, symbol.properties | own)


def _axes(symbol: Symbol, scope: Scope) -> list[Size | Range]:
    """The sizes of a family's leading axes, or the ranges they run along.

    Raises DeclarationProblem where that is open.
    """
    found: list[Size | Range] = []
    for axis, index in enumerate(symbol.family):
        span = scope.ranges.get(index)
        if span is not None or axis not in symbol.ends:
            found.append(scope.range(index))
        else:
            found.append(_longest(symbol, axis))
    return found


def _longest(symbol: Symbol, axis: int) -> Size:
    """How far the sums with bounds go along an axis.

    Raises DeclarationProblem where that is open.
    """
    ends = symbol.ends[axis]
    for end in ends:
        if all(is_nonnegative(end - other) for other in ends):
            return end
    raise DeclarationProblem(
        f"it is open how long {symbol.name} is: sums go to {' and '.join(sorted(map(str, ends)))}",
        hint=f"declare {symbol.name}",
    )


def is_member(node: Node, scope: Scope) -> bool:
    """Whether a node is the name of a member."""
    return node.head == "name" and node.name in scope.members


def member_text(symbol: Symbol) -> str:
    """The name of a family's members with a space behind it; nothing for what is no family."""
    joint = "" if all(len(index) == 1 for index in symbol.family) else "_"
    return f"{symbol.name}_{joint.join(symbol.family)} " if symbol.family else ""


def check_ranges(sheet: Sheet, node: Node) -> None:
    """Refuse `sum_i` where nothing tells how many values i takes.

    Raises SyntaxProblem.
    """
    index = index_of(sheet, node)
    has = [p for _, places in sheet.scope.members.values() for p in places]
    has += [p for other in sheet.nodes if other.head == "index" for p in other.data]
    sliced = [arg for other in sheet.nodes if other.head == "part" for arg in other.args[1:]]
    has += [sheet.nodes[arg].name for arg in sliced if sheet.nodes[arg].head == "name"]
    plain = (index, Dim(index), Dim(index) - sheet.base)
    if sheet.scope.range(index).last is None and not any(p in plain for p in has):
        raise SyntaxProblem(
            f"nothing here tells how many values {index} takes",
            hint=f"write `sum({index}=1..N, …)`, or declare `{index}=1..N`",
        )
