"""Arrays with their axes multiplied, permuted, added or repeated, as einsums and products.

Floor 2.  Shapes are aligned at the end and axes of size one repeated, as NumPy broadcasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size
from matgrad.core.errors import ShapeProblem
from matgrad.notation import kinds as k
from matgrad.notation.constructs import SIGNS, Rule
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.kinds import Kind, Kinds


def contracted(spec: str, inputs: tuple[str, ...], output: str) -> Rule:
    """`einsum`: axes with one letter have one size; letters not in the result are summed."""
    kinds = k.oriented(len(output))

    def emit(draft: Draft, rows: tuple[RowId, ...], _: tuple[Kind, ...]) -> RowId:
        sizes: dict[str, Size] = {}
        for letters, row in zip(inputs, rows, strict=True):
            shape = draft.shape(row)
            if len(shape) != len(letters):
                raise ShapeProblem(f"einsum: `{letters}` stands for {len(shape)} axes")
            for letter, size in zip(letters, shape, strict=True):
                if not draft.unifier.unify(sizes.setdefault(letter, size), size):
                    raise ShapeProblem(f"einsum: the axes called {letter} differ in size")
        shape = draft.unifier.resolve_shape(tuple(sizes[letter] for letter in output))
        return draft.place(OPERATORS["einsum"], rows, spec, shape)

    return Rule(lambda _, lenient: kinds, emit)


def with_ellipses(inputs: tuple[str, ...], output: str) -> Rule:
    """`einsum` where `...` stands for further axes, aligned at the end."""

    def further(kinds: tuple[Kind, ...]) -> list[int] | None:
        counts = [
            k.order_of(kind) - len(letters.replace("...", ""))
            for letters, kind in zip(inputs, kinds, strict=True)
        ]
        fits = all(
            count >= 0 and (count == 0 or "..." in letters)
            for letters, count in zip(inputs, counts, strict=True)
        )
        return counts if fits else None

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        counts = further(kinds)
        if counts is None:
            return 0
        own = len(output.replace("...", ""))
        return k.oriented(own + max(counts) * ("..." in output))

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        counts = further(kinds) or [0]
        most, used = max(counts), {*"".join(inputs), *output}
        names = "".join([letter for letter in ascii_letters if letter not in used][:most])
        full = tuple(
            letters.replace("...", names[most - count :])
            for letters, count in zip(inputs, counts, strict=True)
        )
        return contract(draft, full, output.replace("...", names), *rows)

    return Rule(outcome, emit)


def contract(draft: Draft, inputs: Sequence[str], output: str, *rows: RowId) -> RowId:
    """The einsum of some rows."""
    if list(inputs) == [output]:
        return rows[0]
    rule = contracted(f"{','.join(inputs)}->{output}", tuple(inputs), output)
    return rule.emit(draft, rows, ())


def ones(draft: Draft, *shape: Size) -> RowId:
    return draft.place(OPERATORS["ones"], (), None, shape)


def permuted(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    """The array whose axis `i` is axis `axes[i]` of a row."""
    if list(axes) == [*range(len(axes))]:
        return row
    if list(axes) == [1, 0]:
        return draft.emit("transpose", row)
    letters = ascii_letters[: len(axes)]
    return contract(draft, [letters], "".join(letters[axis] for axis in axes), row)


def widened(draft: Draft, row: RowId, places: Sequence[int]) -> RowId:
    """An array with new axes of size one, which stand at `places` of the result."""
    if not places:
        return row
    order = len(draft.shape(row)) + len(places)
    letters = ascii_letters[:order]
    old = "".join(letter for at, letter in enumerate(letters) if at not in places)
    new = "".join(letters[place] for place in places)
    if not old:
        return draft.emit("scale", row, ones(draft, *(1,) * order))
    if order == 2:
        pair = (row, ones(draft, 1)) if places == [1] else (ones(draft, 1), row)
        return draft.emit("outer", *pair)
    return contract(draft, [old, new], letters, row, ones(draft, *(1,) * len(places)))


def summed(draft: Draft, row: RowId, axes: Sequence[int]) -> RowId:
    """An array summed over some of its axes."""
    order = len(draft.shape(row))
    if len(axes) == order:
        return draft.emit("sum", row)
    if order == 2:
        return draft.emit(f"sum{axes[0]}", row)
    letters = ascii_letters[:order]
    return contract(
        draft, [letters], "".join(c for at, c in enumerate(letters) if at not in axes), row
    )


def repeated(draft: Draft, row: RowId, shape: Shape) -> RowId:
    """An array repeated along the axes of `shape` that it lacks, or has with size one."""
    own = draft.shape(row)
    if own == shape:
        return row
    if not own:
        spread = ones(draft, *shape)
        return spread if draft.value(row) == 1 else draft.emit("scale", row, spread)
    lacking = len(shape) - len(own)
    single = [at for at, size in enumerate(own) if size == 1 and shape[lacking + at] != 1]
    row = summed(draft, row, single) if single else row
    fresh = [*range(lacking), *(lacking + at for at in single)]
    if len(fresh) == len(shape):
        return repeated(draft, row, shape)
    added = ones(draft, *(shape[at] for at in fresh))
    if len(shape) == 2:
        return draft.emit("outer", *((row, added) if fresh == [1] else (added, row)))
    letters = ascii_letters[: len(shape)]
    old = "".join(letter for at, letter in enumerate(letters) if at not in fresh)
    new = "".join(letters[at] for at in fresh)
    return contract(draft, [old, new], letters, row, added)


def common_shape(draft: Draft, shapes: Sequence[Shape]) -> Shape:
    """The shape in which arrays of these shapes meet.  Raises ShapeProblem where they do not."""
    found: list[Size] = []
    for place in range(-max(map(len, shapes)), 0):
        sizes = [shape[place] for shape in shapes if len(shape) >= -place]
        target = next((size for size in sizes if size != 1), 1)
        if not all(size == 1 or draft.unifier.unify(size, target) for size in sizes):
            raise ShapeProblem("the sizes of axes differ, counted from the last")
        found.append(target)
    return draft.unifier.resolve_shape(tuple(found))


def together(draft: Draft, rows: Sequence[RowId]) -> tuple[RowId, ...]:
    """Arrays repeated to one shape."""
    shape = common_shape(draft, [draft.shape(row) for row in rows])
    return tuple(repeated(draft, row, shape) for row in rows)


def broadcasting(rule: Rule) -> Rule:
    """An elementwise rule for operands of different orders, or with axes of size one."""

    def outcome(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
        return rule.outcome(kinds, False) or (k.only(max(kinds)) if lenient else 0)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        shapes = {draft.shape(row) for row in rows} - {()}
        if len(shapes) > 1 and (not rule.outcome(kinds, False) or any(1 in s for s in shapes)):
            rows = together(draft, rows)
            kinds = tuple(k.of_order(len(draft.shape(row))) for row in rows)
        return rule.emit(draft, rows, kinds)

    return Rule(outcome, emit, lenient=True)


def _product_kind(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    left, right = (k.order_of(kind) for kind in kinds)
    if not left or not right:
        return 0
    return k.only(k.of_order(left + right - 2 if 1 in (left, right) else max(left, right)))


def _product(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    if max(kinds) <= k.MATRIX:
        return draft.emit("matmul", *rows)
    left, right = (draft.shape(row) for row in rows)
    heads = [shape[:-2] for shape in (left, right)]
    batch = common_shape(draft, heads)
    ends = ("yx" if len(left) > 1 else "x", "xz" if len(right) > 1 else "x")
    spare = iter(ascii_letters[26:])
    inputs: list[str] = []
    for head, end in zip(heads, ends, strict=True):
        letters = ""
        for place in range(-len(head), 0):
            # An axis of size one is summed over where the other array's stands for both.
            whole = draft.unifier.resolve(head[place]) == batch[place]
            letters += ascii_letters[len(batch) + place] if whole else next(spare)
        inputs.append(letters + end)
    output = ascii_letters[: len(batch)] + ends[0].removesuffix("x") + ends[1].removeprefix("x")
    return contract(draft, inputs, output, *rows)


ARRAY_PRODUCT = Rule(_product_kind, _product)
"""NumPy's `@`: of the last two axes, the others side by side."""


def _reversed(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    order = len(draft.shape(rows[0]))
    return rows[0] if order < 2 else permuted(draft, rows[0], range(order)[::-1])


REVERSED = Rule(k.same, _reversed)
"""NumPy's `.T`: all axes in reverse."""


def _flipped(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
    order = len(draft.shape(rows[0]))
    return permuted(draft, rows[0], [*range(order - 2), order - 1, order - 2])


FLIPPED = Rule(lambda kinds, lenient: k.only(kinds[0]) if kinds[0] >= k.MATRIX else 0, _flipped)
"""NumPy's `.mT`: the last two axes exchanged."""


def _as_rows(kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """A vector beside a matrix has its axis last, so it is a row."""
    return tuple(k.ROW if k.MATRIX in kinds and kind == k.COLUMN else kind for kind in kinds)


ARRAY_SIGNS: dict[str, Rule] = {
    **SIGNS,
    **{
        head: broadcasting(SIGNS[head])
        for head in ("dotplus", "dotminus", "dottimes", "dotover", "dotpower")
    },
    "kron": Rule(
        lambda kinds, lenient: SIGNS["kron"].outcome(_as_rows(kinds), lenient),
        lambda draft, rows, kinds: SIGNS["kron"].emit(draft, rows, _as_rows(kinds)),
    ),
    "matmul": ARRAY_PRODUCT,
    "mirror": FLIPPED,
    "reverse": REVERSED,
}
"""The signs of the NumPy dialect, by head."""
